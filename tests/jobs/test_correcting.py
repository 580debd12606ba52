"""A kinogram that is corrected by hand, from the library's side."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.jobs.conftest import Kept
from tests.movements.sprinters import SIZE, Filmed, Sprinter
from tests.outputs import factory
from vision.jobs.analysis import distance_of
from vision.jobs.correcting import correct
from vision.jobs.outcome import outcome_of
from vision.movements.sprint_by_hand import CorrectionError
from vision.outputs import write_outputs
from vision.outputs.checked import StoredError
from vision.outputs.files import write_text
from vision.outputs.player_data import player_data, player_text
from vision.outputs.report_back import read_report
from vision.outputs.track_file import read_with_track
from vision.store import StoredSet
from vision.store.rows import AskedDistance
from vision.types import ClipInfo, Report

FPS, FRAMES = 120.0, 132


@cache
def run() -> Report:
    return Filmed(fps=FPS, length_s=FRAMES / FPS).report(Sprinter())


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clips") / "run.mp4"
    return factory.write_clip(path, np.arange(FRAMES) / FPS, SIZE)


def info() -> ClipInfo:
    return replace(factory.clip_info("run.mp4", FRAMES, SIZE), fps=FPS, capture_fps=FPS)


@pytest.fixture
def sprint(kept: Kept, clip: Path) -> StoredSet:
    """A sprint that was analysed."""
    added = kept.add(clip, "run.mp4", "sprint")
    job = kept.library.queue.take("w")
    assert job is not None
    name = kept.folder.new_name()
    folder = kept.folder.results / name
    write_outputs(run(), job.original, info(), folder, video=False, kept={})
    (folder / "film.mp4").write_bytes(b"film")
    data = player_data(run(), info(), np.arange(FRAMES) / FPS, SIZE)
    write_text(folder / "player.json", player_text(data))
    assert kept.library.queue.finish(job, outcome_of(run(), name))
    return added


def test_the_points_are_read_back_as_they_were(kept: Kept, sprint: StoredSet) -> None:
    back, _ = read_with_track(kept.results(sprint))
    np.testing.assert_allclose(back.track.xy, run().track.xy, atol=1e-3)
    assert [c.cycle for c in back.cycles] == [c.cycle for c in run().cycles]


def test_a_correction_changes_report_strip_film_data_and_course(kept: Kept, sprint: StoredSet) -> None:
    before = kept.results(sprint)
    old, _ = read_report(before / "report.json")
    strip = (before / "kinogram.png").read_bytes()
    course = {(p.found.measure, p.found.side): p.found.value for p in kept.shelf.course()}
    row = old.kinogram[1]
    on = row.frames["touch_down"]
    assert on is not None
    correct(kept.folder, kept.shelf, sprint.id, {1: {"touch_down": on - 3}})
    after = kept.results(sprint)
    assert after != before
    assert kept.nothing_half_done()
    new, _ = read_report(after / "report.json")
    assert new.kinogram[1].frames["touch_down"] == on - 3
    assert new.kinogram[1].by_hand == ("touch_down",)
    time = ("contact_time", row.side)
    assert {(p.found.measure, p.found.side): p.found.value for p in kept.shelf.course()}[time] > course[time]
    assert (after / "kinogram.png").read_bytes() != strip
    assert {p.name for p in after.iterdir()} >= {"film.mp4", "player.json", "report.html", "track.trc"}
    correct(kept.folder, kept.shelf, sprint.id, {1: {"touch_down": on}})
    assert {(p.found.measure, p.found.side): p.found.value for p in kept.shelf.course()}[
        time
    ] == pytest.approx(course[time], abs=1e-4)


def test_one_that_cannot_be_leaves_everything_as_it_was(kept: Kept, sprint: StoredSet) -> None:
    before = kept.results(sprint)
    with pytest.raises(CorrectionError, match="expected a step from 0"):
        correct(kept.folder, kept.shelf, sprint.id, {99: {"touch_down": 5}})
    assert kept.results(sprint) == before
    (before / "track.npz").write_bytes(b"no archive")
    with pytest.raises(StoredError, match="cannot be read; analyse the clip again"):
        correct(kept.folder, kept.shelf, sprint.id, {1: {"touch_down": 5}})
    assert kept.nothing_half_done()


def test_a_correction_keeps_the_metres(kept: Kept, clip: Path) -> None:
    known = AskedDistance((0.1, 0.9), (0.6, 0.9), 0.5 * SIZE[0] / 330.0)
    added = kept.add(clip, "run.mp4", "sprint")
    kept.shelf.again(added.id, distance=known)
    job = kept.library.queue.take("w")
    assert job is not None
    distance = distance_of(job.distance)
    assert distance is not None
    px_per_m = distance.px_per_m(SIZE)
    assert px_per_m == pytest.approx(330.0)
    report = Filmed(fps=FPS, length_s=FRAMES / FPS, px_per_m=px_per_m).report(Sprinter())
    name = kept.folder.new_name()
    write_outputs(report, job.original, info(), kept.folder.results / name, video=False, kept={})
    data = player_data(report, info(), np.arange(FRAMES) / FPS, SIZE)
    write_text(kept.folder.results / name / "player.json", player_text(data))
    assert kept.library.queue.finish(job, outcome_of(report, name))
    strike = report.kinogram[1].frames["strike"]
    assert strike is not None
    correct(kept.folder, kept.shelf, added.id, {1: {"strike": strike - 1}})
    new, _ = read_report(kept.results(added) / "report.json")
    for old, now in zip(report.set_findings, new.set_findings, strict=True):
        if old.measure in ("speed", "step_length_m"):
            assert now.value == pytest.approx(old.value, abs=0.01)
            assert now.value is not None
