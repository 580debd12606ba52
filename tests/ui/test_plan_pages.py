"""Plan and check-up in the room: no drill before the pain question is answered with no."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.outputs import factory
from tests.plan.made import DAY, arched, passed, plan, report, shifted
from tests.ui.room import Library, button, opened, said, see, sound
from vision.plan import Answers, Pain, Plan, Profile, make, signals_of_pair
from vision.types import Report


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    return opened(monkeypatch, tmp_path)


def full(report: Report) -> Report:
    return replace(report, track=factory.track(len(report.cycles)))


DRILLS = ("Glute squeezes", "Small circuit", "Goblet squat")


def test_gate_plan_tick_hurt_and_gone(library: Library) -> None:
    library.done("squats.mov", full(shifted()))
    app = see("plan")
    assert not any(word in said(app) for word in DRILLS)
    app = sound(button(app, "Make the plan").click().run())
    assert "Answer the question about pain first." in said(app)
    app.radio[0].set_value(Pain.ELSEWHERE)
    app = sound(button(app, "Make the plan").click().run())
    assert "No drills while something hurts" in said(app)
    assert library.shelf().plans(None) == ()
    app.radio[0].set_value(Pain.NONE)
    app = sound(button(app, "Make the plan").click().run())
    text = said(app)
    for word in (*DRILLS, "Left side only", "Educational, not a diagnosis.", "31 ± ", "When to stop"):
        assert word in text, word
    app = sound(button(app, "Done").click().run())
    (kept,) = library.shelf().plans(None)
    assert kept.done == {date.today()}
    assert "1 of 1 planned days done" in said(app)
    app = sound(button(app, "Something hurts").click().run())
    assert not any(word in said(app) for word in DRILLS)
    assert "see a doctor or physical therapist" in said(app)
    assert not app.get("download_button"), "nothing is exported past the gate either"
    sound(button(app, "Delete for good").click().run())
    assert library.shelf().plans(None) == ()


def test_nothing_found_is_called_normal_and_makes_no_plan(library: Library) -> None:
    library.done("squats.mov", full(shifted(0.5)))
    library.done("bridges.mov", full(report("bridge", {("hip_extension", None): [0.0] * 5}, sd=20.0)))
    app = see("plan")
    app.radio[0].set_value(Pain.NONE)
    app = sound(button(app, "Make the plan").click().run())
    assert "Nothing to train for" in said(app)
    assert "In what could be seen nothing was found" in said(app)
    assert "Glute bridge: hips at the top" in said(app), "what was not seen"
    assert "Nobody is even" in said(app)
    assert library.shelf().plans(None) == ()


def test_an_athletes_plan_is_theirs(library: Library) -> None:
    person = library.shelf().add_athlete("Somebody")
    library.shelf().add_plan(plan(arched()), person.id)
    assert "Curl bridge" not in said(see("plan"))
    assert "Answer the question about pain first." in said(see("plan", athlete=person.id)), "it is years old"
    kept = library.shelf().plans(person.id)[0]
    library.shelf().answer(kept.id, Answers(Pain.NONE, frozenset(), date.today()))
    assert "Curl bridge" in said(see("plan", athlete=person.id))


def sided(side: str, bend: float) -> Report:
    """Single-leg squats on one leg, to that bend of the knee."""
    made = report("single_leg_squat", {("knee_flexion", side): [bend] * 5})
    own = (replace(k, cycle=replace(k.cycle, side=side)) for k in made.cycles)
    return full(replace(made, cycles=tuple(own)))


def test_a_re_test_holds_a_new_set_on_each_leg_against_the_other(library: Library) -> None:
    before = signals_of_pair(sided("left", 90.0), sided("right", 60.0), DAY, "old")
    began = date.today() - timedelta(weeks=2)
    made = make(before, Profile(), passed(date.today()), began)
    assert isinstance(made, Plan)
    library.shelf().add_plan(made, None)
    library.done("left.mov", sided("left", 90.0))
    assert "knee bend at the bottom: cannot be compared" in said(see("plan")).lower()
    library.done("right.mov", sided("right", 88.0))
    assert "better; 33 % then, 2 % now" in said(see("plan"))


def test_a_check_up_is_kept_step_by_step_and_ends_in_one_page(library: Library) -> None:
    one = library.done("squats.mov", full(shifted()))
    app = see("checkup")
    app = sound(button(app, "Start").click().run())
    assert "Answer the question about pain first." in said(app)
    app.radio[0].set_value(Pain.NONE)
    sound(button(app, "Start").click().run())
    (begun,) = library.shelf().checkups()
    app = see("checkup", checkup=begun.id)
    assert "Squat on both legs" in said(app)
    app = sound(button(app, "Take this set").click().run())
    assert library.shelf().checkup(begun.id).steps == {"squat": one.id}
    while any(part.label == "Skip this step" for part in app.button):
        app = sound(button(app, "Skip this step").click().run())
    text = said(see("checkup", checkup=begun.id))
    for word in ("What is uneven", "31 ± ", "Nobody is even", "Not tested: ", "Walk", "Make a plan"):
        assert word in text, word
    library.shelf().answer_checkup(begun.id, Answers(Pain.HIPS, frozenset(), date.today()))
    assert "What is uneven" not in said(see("checkup", checkup=begun.id))
    assert "No such check-up" not in text
