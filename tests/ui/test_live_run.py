"""One live set's thread, its recording and its page, with a camera and a pose model made by hand."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.outputs import factory
from tests.ui.room import Library, button, opened, said, see, sound
from vision.live import End, Kind, Phase, Said, Update
from vision.pose.base import BLAZEPOSE, Region
from vision.store.rows import LOCAL, State
from vision.types import Frame
from vision.ui.live import words
from vision.ui.live.film import Film, forget_left_behind
from vision.ui.live.run import GONE_S, LOST_S, Ended, Run
from vision.web.live import Channels

BOUND_S = 60.0


@dataclass(frozen=True)
class Picture:
    """A grey picture, as the camera would send it."""

    time: float | None
    broken: bool = False

    def to_ndarray(self, *, format: str) -> Any:
        assert format == "rgb24"
        if self.broken:
            raise ValueError("no picture at all")
        return np.full((48, 64, 3), 120, np.uint8)


class Nobody:
    """A pose model that sees nobody."""

    name = "nobody"
    skeleton = BLAZEPOSE
    model_files: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.closed = False

    def find(self, rgb: Any) -> list[Region]:
        return []

    def read(self, rgb: Any, region: Region, *, with_mask: bool = False) -> None:
        raise AssertionError("read where nobody was found")

    def close(self) -> None:
        self.closed = True


@dataclass
class Clock:
    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s


def until(true: Callable[[], object]) -> None:
    """Wait, within a generous bound, until ``true`` holds."""
    end = time.monotonic() + BOUND_S
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.005)


def sentence(run: Run) -> str:
    return run.channel._now()[0]


def run_of(model: Any = None, **more: Any) -> Run:
    return Run("squat", LOCAL, channels=Channels(), open_model=lambda: model or Nobody(), **more)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    return opened(monkeypatch, tmp_path)


@pytest.fixture
def film(library: Library) -> Iterator[Film]:
    made = Film(library.room.folder)
    yield made
    made.drop()


def filmed(film: Film) -> Film:
    for i in range(90):  # more than an encoder holds back
        film.add(Frame(np.full((48, 64, 3), 2 * i, np.uint8), i / 30, i))
    return film


# --------------------------------------------------------------------------- the thread


def test_pictures_are_looked_at_and_the_end_leaves_a_report() -> None:
    model = Nobody()
    run = run_of(model)
    assert not run.started
    run.picture(Picture(0.0))
    until(lambda: "Nobody is to be seen" in sentence(run))
    assert run.started
    run.end()
    assert run.join(BOUND_S)
    assert run.ended is not None
    assert run.ended.report is not None
    assert run.ended.report.cycles == ()
    assert model.closed
    assert run.channel.closed
    assert '"over":true' in sentence(run)
    run.picture(Picture(1.0))  # comes too late and harms nobody
    assert run.join(BOUND_S)


def test_pain_ends_it_at_once_and_says_what_to_do() -> None:
    run = run_of()
    run.picture(Picture(0.0))
    until(lambda: "Nobody" in sentence(run))
    run.pain()
    assert run.join(BOUND_S)
    assert run.ended is not None
    assert run.ended.ended_by is End.PAIN
    assert "Put the weight down" in run.ended.sentence


@pytest.mark.parametrize("press", [Run.pain, Run.end])
def test_a_set_can_end_before_the_first_picture(press: Callable[[Run], None]) -> None:
    run = run_of()
    press(run)
    assert run.over
    run.picture(Picture(0.0))
    assert not run.started


def test_a_camera_that_falls_silent_is_said_and_then_ends_the_set() -> None:
    clock = Clock()
    run = run_of(clock=clock)
    run.picture(Picture(0.0))
    until(lambda: "Nobody" in sentence(run))
    clock.now_s = LOST_S + 1
    until(lambda: "stopped sending pictures" in sentence(run))
    assert not run.over
    clock.now_s = GONE_S + 1
    assert run.join(BOUND_S)
    assert run.ended is not None
    assert run.ended.sentence == words.NO_PICTURES
    assert run.ended.camera_off


def test_a_camera_that_was_switched_off_ends_the_set() -> None:
    run = run_of()
    run.camera_ended()
    assert not run.over, "a camera that never began ended a set"
    run.picture(Picture(None))
    until(lambda: "Nobody" in sentence(run))
    run.camera_ended()
    assert run.join(BOUND_S)
    assert run.ended is not None
    assert run.ended.sentence == words.SWITCHED_OFF


def test_what_breaks_is_told_and_leaves_no_recording(film: Film, library: Library) -> None:
    run = run_of(film=filmed(film))
    run.picture(Picture(0.0, broken=True))
    assert run.join(BOUND_S)
    assert run.ended is not None
    assert run.ended.report is None
    assert run.ended.sentence == words.BROKEN
    assert list(library.room.folder.scratch.iterdir()) == []


def test_a_set_without_repetitions_leaves_no_recording(film: Film, library: Library) -> None:
    run = run_of(film=filmed(film))
    run.picture(Picture(0.0))
    until(lambda: "Nobody" in sentence(run))
    run.end()
    assert run.join(BOUND_S)
    assert list(library.room.folder.scratch.iterdir()) == []


def test_one_computer_watches_only_so_many() -> None:
    runs = [run_of() for _ in range(5)]
    for run in runs:
        run.picture(Picture(0.0))
        until(lambda run=run: run.over or "Nobody" in sentence(run))
    try:
        assert [run.ended.sentence for run in runs if run.ended] == [words.CROWDED]
    finally:
        for run in runs:
            run.end()
    assert all(run.join(BOUND_S) for run in runs)


# --------------------------------------------------------------------------- the recording


def test_a_recording_is_kept_as_a_set_when_asked(library: Library, film: Film) -> None:
    filmed(film).save()
    assert film.ready
    made = film.keep(library.shelf(), title="Squat, live.mp4", movement="squat", athlete_id=None)
    assert made.state is State.QUEUED
    assert library.shelf().files(made.id).original.stat().st_size > 500
    assert list(library.room.folder.scratch.iterdir()) == []
    film.drop()
    assert library.shelf().files(made.id).original.is_file()


def test_a_recording_that_cannot_be_kept_stays_where_it_was(library: Library, film: Film) -> None:
    filmed(film).save()
    with pytest.raises((ValueError, LookupError), match=r"."):
        film.keep(library.shelf(), title="Squat.mp4", movement="squat", athlete_id="nobody")
    assert film.ready
    assert list(library.room.folder.clips.iterdir()) == []
    assert len(list(library.room.folder.scratch.iterdir())) == 1


@pytest.mark.parametrize("saved", [True, False])
def test_a_recording_that_nobody_asked_for_is_gone_with_its_set(library: Library, saved: bool) -> None:
    film = filmed(Film(library.room.folder))
    if saved:
        film.save()
    assert len(list(library.room.folder.scratch.iterdir())) == 1
    del film
    gc.collect()
    assert list(library.room.folder.scratch.iterdir()) == []


def test_a_recording_waits_no_longer_than_somebody_looks_at_it(
    library: Library, film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = filmed(Film(library.room.folder))
    filmed(film).save()
    assert not film.unseen()
    film.drop()
    monkeypatch.setattr("vision.ui.live.film.UNSEEN_S", 0.001)
    other.save()
    until(lambda: not other.ready)
    until(lambda: list(library.room.folder.scratch.iterdir()) == [])


def test_recordings_of_a_killed_program_are_deleted(library: Library, film: Film) -> None:
    scratch = library.room.folder.scratch
    other = scratch / f".live-{os.getpid() + 1}-0123.mp4.part"
    other.write_bytes(b"somebody")
    filmed(film)
    forget_left_behind(library.room.folder)
    assert not other.exists()
    assert len(list(scratch.iterdir())) == 1


# --------------------------------------------------------------------------- words and page


def test_a_message_is_the_whole_state() -> None:
    cue = Said(Kind.CUE, "Knees out", 2, 7.5, "knees_cave", "left knee caved in")
    update = Update(8.0, Phase.REST, (), cue, cue, "", None, None)
    told = words.message(update, cue, (640, 480))
    assert (told["large"], told["kind"], told["phase"]) == ("Knees out", "cue", "rest")
    assert told["cue"] == {"id": "2-cue-7.500", "kind": "cue", "text": "Knees out", "rep": 2}
    counting = replace(update, phase=Phase.COUNTDOWN, said=None, showing=None, seconds_left=2.2)
    assert words.message(counting, None, (640, 480))["large"] == "3"
    assert "&lt;b&gt;" in words.log_html([replace(cue, text="<b>")])


def over(ended: Ended, film: Film | None = None) -> Run:
    run = run_of(film=film)
    run.ended = ended
    return run


def page_after(run: Run) -> AppTest:
    app = see("live")
    app.session_state["live-run"] = run
    return sound(app.run())


CUE = Said(Kind.CUE, "Knees out", 2, 7.5, "knees_cave", "left knee caved in")


def test_the_page_says_where_to_stand_before_the_set(library: Library) -> None:
    app = see("live", movement="bridge")
    assert "Lie so that your whole body is in the picture" in said(app)
    assert app.selectbox[0].value == "bridge"
    assert app.toggle[0].value is False
    app.toggle[0].set_value(True)
    sound(app.run())
    assert app.session_state["live-run"].film is not None
    assert list(library.room.folder.scratch.iterdir()) == []


def test_the_verdict_stands_on_the_page_right_after_the_set(library: Library) -> None:
    report = factory.report()
    app = page_after(over(Ended(report, (CUE,), End.RESTED, "You rested: the set is over.")))
    text = said(app)
    for part in ("You rested", report.headline, "Rep 1", "Rep 2", "“Knees out”", "Left knee caved in"):
        assert part in text
    assert words.UNRECORDED in [c.value for c in app.caption]
    sound(button(app, "Train another set").click().run())
    assert not app.session_state["live-run"].over


def test_what_was_recorded_is_kept_from_the_page(library: Library, film: Film) -> None:
    filmed(film).save()
    app = page_after(over(Ended(factory.report(), (), End.LEFT, "You walked off."), film))
    assert library.shelf().sets() == ()
    sound(button(app, "Keep this set").click().run())
    assert [one.movement_asked for one in library.shelf().sets()] == ["squat"]
    assert "is kept in your library" in said(app)


def test_what_was_recorded_is_deleted_from_the_page(library: Library, film: Film) -> None:
    filmed(film).save()
    app = page_after(over(Ended(factory.report(), (), End.LEFT, "You walked off."), film))
    sound(button(app, "Delete the recording").click().run())
    assert list(library.room.folder.scratch.iterdir()) == []
    assert "Keep this set" not in said(app)


@pytest.mark.parametrize(
    ("ended", "told"),
    [
        (Ended(None, (), None, words.BROKEN), "went wrong"),
        (Ended(replace(factory.report(), cycles=()), (), End.ASKED, "The set is over."), "No repetition"),
        (Ended(factory.report(), (), End.PAIN, "Stopped. Put the weight down."), "Put the weight down"),
        (Ended(None, (), None, words.SWITCHED_OFF, camera_off=True), "before a repetition was counted"),
    ],
    ids=["broken", "nothing", "pain", "off"],
)
def test_every_end_has_its_sentence(library: Library, ended: Ended, told: str) -> None:
    app = page_after(over(ended))
    assert told in said(app) + " ".join(c.value for c in app.caption)
