"""Plan and check-up in the room: no drill before the pain question is answered with no."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.outputs import factory
from tests.plan.made import arched, plan, shifted
from tests.ui.room import Library, button, opened, said, see, sound
from vision.plan import Answers, Pain
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
    app = see("plan")
    app.radio[0].set_value(Pain.NONE)
    app = sound(button(app, "Make the plan").click().run())
    assert "Nothing to train for" in said(app)
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
