"""Sprints in the room: the strip of a set, its correction by hand, and an athlete's wall."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from tests.movements.sprinters import Filmed, Sprinter
from tests.ui.room import Library, html_of, opened, said, see, sound
from vision.outputs import STRIP
from vision.outputs.report_back import read_report
from vision.outputs.track_file import NAME, track_bytes
from vision.store.rows import StoredSet
from vision.types import Report


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    return opened(monkeypatch, tmp_path)


@cache
def run() -> Report:
    return Filmed(fps=120.0, length_s=1.2).report(Sprinter())


def sprint(library: Library, title: str, **words: object) -> StoredSet:
    """A sprint that is through."""
    one = library.done(title, run(), movement="sprint", **words)  # type: ignore[arg-type]
    folder = library.shelf().files(one.id).results
    assert folder is not None
    (folder / STRIP).write_bytes(b"a picture")
    (folder / NAME).write_bytes(track_bytes(run()))
    return one


def test_a_picture_is_corrected_and_the_page_says_so(library: Library) -> None:
    one = sprint(library, "run.mov")
    app = see("one_set", set=one.id)
    assert STRIP in html_of(app)
    assert "Corrected by hand" not in said(app)
    row = run().kinogram[0]
    on = row.frames["touch_down"]
    assert on is not None
    frame = next(n for n in app.number_input if n.label == "Frame")
    assert frame.value == on, "the touch-down of the first step is what is offered first"
    sound(frame.set_value(on - 2).run())
    use = next(b for b in app.button if b.label == "Use this frame")
    sound(use.click().run())
    assert "Corrected by hand, and the numbers with it: step 1: touch-down." in said(app)
    folder = library.shelf().files(one.id).results
    assert folder is not None
    report, _ = read_report(folder / "report.json")
    assert report.kinogram[0].frames["touch_down"] == on - 2


def test_the_pictures_about_a_frame_are_shown_where_they_are_asked_for(library: Library) -> None:
    one = sprint(library, "run.mov")
    app = see("one_set", set=one.id)
    assert not app.get("image")
    frame = next(n for n in app.number_input if n.label == "Frame")
    sound(frame.set_value(10).run())
    toggle = next(t for t in app.toggle if t.label.startswith("Show the pictures before"))
    app = sound(toggle.set_value(True).run())
    told = [picture.caption for part in app.get("image") for picture in part.proto.imgs]
    assert told == ["frame 8", "frame 9", "frame 10, the chosen one", "frame 11", "frame 12"]


def test_a_frame_that_cannot_be_is_refused_in_words(library: Library) -> None:
    one = sprint(library, "run.mov")
    app = see("one_set", set=one.id)
    frame = next(n for n in app.number_input if n.label == "Frame")
    sound(frame.set_value(len(run().track) - 1).run())
    sound(next(b for b in app.button if b.label == "Use this frame").click().run())
    assert "It was left as it was" in app.warning[0].value
    assert "Corrected by hand" not in said(app)


def test_an_athletes_wall_has_the_latest_run_first(library: Library) -> None:
    who = library.shelf().add_athlete("Runner")
    for day in (3, 9, 6):
        sprint(library, f"run {day}.mov", athlete_id=who.id, filmed_on=date(2026, 5, day))
    library.done("squat.mov", athlete_id=who.id)
    app = see("one_athlete", athlete=who.id)
    page = html_of(app)
    assert page.count(STRIP) == 3
    places = [page.index(f"Kinogram of run {day}.mov") for day in (9, 6, 3)]
    assert places == sorted(places)


def test_without_sprints_there_is_no_wall(library: Library) -> None:
    who = library.shelf().add_athlete("Lifter")
    one = library.done("squat.mov", athlete_id=who.id)
    assert "Kinogram" not in said(see("one_athlete", athlete=who.id))
    assert "Kinogram" not in said(see("one_set", set=one.id))
