"""Films of own arch and tuck in the room: added, told in plain words, chosen, and no set of a movement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.outputs import factory
from tests.ui.room import Library, button, film, html_of, opened, said, see, sound, write_results
from vision.jobs.own import outcome_of_film
from vision.movements.calibration import HOW, OWN_FILM
from vision.movements.lockout import Calibration, Level
from vision.outputs.own_file import NAME, OwnFile, own_text
from vision.share.athlete_page import athlete_page
from vision.store.rows import NO_OWN_FILM, Outcome, State, StoredSet, UsedOwn
from vision.types import Report

DAY = date(2025, 3, 9)
OWN = Calibration(
    {"pelvic_tilt": Level(20.0, -11.0, 0.7), "pelvic_tilt_by_landmarks": Level(19.0, -9.0, 0.7)},
    {"lumbar_hollow": "not seen in half of the held pictures"},
    (5.0, 9.7),
    (12.0, 16.5),
)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    return opened(monkeypatch, tmp_path)


def own_film(
    library: Library,
    athlete: str | None,
    title: str = "arch and tuck.mov",
    day: date = DAY,
    own: Calibration = OWN,
) -> StoredSet:
    """A film that was read."""
    one = library.queued(title, movement=OWN_FILM, athlete_id=athlete, filmed_on=day)
    job = library.take(one)
    folder = library.room.folder.results / library.room.folder.new_name()
    folder.mkdir()
    (folder / NAME).write_text(own_text(OwnFile(own, {})), "utf-8")
    (folder / "film.mp4").write_bytes(film())
    outcome = outcome_of_film(OwnFile(own, {}), folder.name)
    assert library.room.library.queue.finish(job, outcome)
    return library.shelf().set(one.id)


def bridge(library: Library, athlete: str | None, problem: str = "", **about: Any) -> StoredSet:
    """A bridge that was read with whatever film is there for it."""
    made: Report = factory.report(1)
    one = library.queued("bridge.mov", movement="bridge", athlete_id=athlete, filmed_on=DAY, **about)
    job = library.take(one)
    folder = library.room.folder.results / library.room.folder.new_name()
    write_results(folder, made)
    used = UsedOwn(job.own.id, job.own.results.name, problem) if job.own else None
    outcome = Outcome(folder.name, "bridge", "side", "x", "good", 90, 3, True, (), used)
    assert library.room.library.queue.finish(job, outcome)
    return library.shelf().set(one.id)


def test_a_clip_can_be_said_to_be_one_and_is_told_how_to_film(library: Library) -> None:
    app = see("add")
    assert HOW not in said(app)
    sound(app.selectbox("add-movement").select(OWN_FILM).run())
    assert HOW in said(app)
    assert HOW in said(see("add", movement=OWN_FILM))
    assert said(see("film")).count(HOW) == 1


def test_its_page_says_what_was_found_and_shows_no_score(library: Library) -> None:
    ada = library.shelf().add_athlete("Ada").id
    one = own_film(library, ada)
    app = see("one_set", set=one.id)
    text = said(app)
    for words in (
        "Ready for bridges",
        "The tilt of the pelvis in degrees.",
        "arched, level or tucked",
        "The pelvis network",
        "The back's edge: not seen in half of the held pictures",
        "The belly's edge: not seen",
        "Taken as the arch: 5 to 10 s. As the tuck: 12 to 16 s.",
        "None yet.",
    ):
        assert words in text, words
    assert f"/{one.id}/film.mp4" in html_of(app)
    for words in ("of 100", "Share", "stickers", "Make a plan"):
        assert words not in text, words


def test_it_stands_among_the_sets_and_in_no_course_comparison_or_page(library: Library) -> None:
    ada = library.shelf().add_athlete("Ada").id
    own_film(library, ada)
    assert "Ready for bridges" in said(see("sets"))
    assert "own arch and tuck" in said(see("one_athlete", athlete=ada))
    assert "The course of a measure begins" in said(see("one_athlete", athlete=ada))
    assert "nothing to compare yet" in said(see("compare"))
    assert "arch and tuck.mov" not in athlete_page(library.shelf(), ada)
    app = see("plan", athlete=ada)
    assert all("arch and tuck.mov" not in str(part.options) for part in app.multiselect)


def test_a_bridge_that_came_before_its_film_is_read_again_with_one_click(library: Library) -> None:
    ada = library.shelf().add_athlete("Ada").id
    before, other = bridge(library, ada), bridge(library, None)
    assert "A film of your own arch and tuck would tell more" in said(see("one_set", set=before.id))
    one = own_film(library, ada)
    assert "There is a film of own arch and tuck for this set" in said(see("one_set", set=before.id))
    app = see("one_set", set=one.id)
    sound(button(app, "Read the bridges of that day again with it").click().run())
    shelf = library.shelf()
    assert [shelf.set(s.id).state for s in (before, other)] == [State.QUEUED, State.DONE]
    text = said(app)
    assert "Waiting its turn" in text
    assert "None yet" not in text


def test_a_bridge_says_which_film_it_was_read_with_and_that_it_is_gone(library: Library) -> None:
    ada = library.shelf().add_athlete("Ada").id
    one = own_film(library, ada)
    kept = bridge(library, ada)
    text = said(see("one_set", set=kept.id))
    assert "Read with the film of own arch and tuck, 9 March 2025:" in text
    assert "arch and tuck.mov" in text
    assert "bridge.mov" in said(see("one_set", set=one.id))
    app = see("one_set", set=one.id)
    assert "bridges that were read with it stays" in said(app)
    sound(button(app, "Delete for good").click().run())
    text = said(see("one_set", set=kept.id))
    assert "with a film of own arch and tuck that is deleted" in text
    assert library.shelf().set(kept.id) == kept


def test_a_film_that_could_not_be_used_is_told_in_its_line(library: Library) -> None:
    ada = library.shelf().add_athlete("Ada").id
    own_film(library, ada)
    kept = bridge(library, ada, problem="expected the hips held up")
    text = said(see("one_set", set=kept.id))
    assert "could not be used: expected the hips held up" in text
    assert "Read this set again" not in text


def test_another_film_or_none_is_chosen_in_the_form(library: Library) -> None:
    ada = library.shelf().add_athlete("Ada").id
    week = own_film(library, ada, "last week.mov", date(2025, 3, 2))
    own_film(library, ada)
    kept = bridge(library, ada)
    app = see("one_set", set=kept.id)
    field = app.selectbox(f"change-{kept.id}-own")
    assert field.value == ""
    assert "camera's place must be the same" not in said(app)
    sound(field.select(week.id).run())
    assert "camera's place must be the same" in said(app)
    sound(app.button(f"change-{kept.id}-keep").click().run())
    assert library.shelf().set(kept.id).own_film == week.id
    assert "for this set: last week.mov" in said(app)
    sound(app.selectbox(f"change-{kept.id}-own").select(NO_OWN_FILM).run())
    sound(app.button(f"change-{kept.id}-keep").click().run())
    assert library.shelf().set(kept.id).own_film == NO_OWN_FILM
    sound(button(app, "Read this set again without it").click().run())
    job = library.take(kept)
    assert job.own is None


def test_a_film_with_a_single_cue_is_not_called_ready(library: Library) -> None:
    one = own_film(library, None, own=replace(OWN, levels={"ventral_bow": Level(0.1, 0.0, 0.01)}))
    text = said(see("one_set", set=one.id)) + said(see("sets"))
    assert "Ready" not in text
    assert text.count("Of little use") == 2
    assert "a single cue decides nothing" in text
    assert "No tilt of the pelvis in degrees" in text


def test_a_film_that_is_refused_says_why_and_how_to_film_it(library: Library) -> None:
    one = library.queued("own.mov", movement=OWN_FILM)
    library.room.library.queue.fail(library.take(one), "expected the hips held up for 5 s or longer")
    text = said(see("one_set", set=one.id))
    assert "Expected the hips held up for 5 s or longer" in text
    assert HOW in text


def test_what_was_kept_of_a_film_and_is_damaged_costs_a_line(library: Library) -> None:
    one = own_film(library, None)
    results = library.shelf().files(one.id).results
    assert results is not None
    (results / NAME).write_text("{")
    app = see("one_set", set=one.id)
    assert "is damaged; analyse that film again" in said(app)
    sound(app.button(f"again-broken-{one.id}").click().run())
    assert library.shelf().set(one.id).state is State.QUEUED
