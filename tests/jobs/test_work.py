"""One job after the other, in the foreground: what comes out, what is said, and what is left."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import av
import pytest

from tests.clips import write_sound
from tests.jobs.conftest import Kept
from tests.jobs.fakes import FRAMES, FakePose
from vision.jobs import analysis, run_waiting, work
from vision.jobs.progress import Stopped
from vision.jobs.work import Worker
from vision.outputs.report_back import read_report
from vision.pose.weights import WeightError
from vision.store import Queue, State, StoreError
from vision.store.rows import AskedStickers

pytestmark = pytest.mark.usefixtures("no_pelvis_networks")

FILES = ["film.mp4", "measures.csv", "player.json", "report.html", "report.json", "track.trc"]


def test_a_clip_becomes_a_set_with_all_its_files(kept: Kept, squats: Path) -> None:
    added = kept.add(squats, "Anna's 3rd set.mov")
    assert run_waiting(kept.library, FakePose) == 1
    one = kept.shelf.set(added.id)
    assert (one.state, one.problem, one.movement) == (State.DONE, "", "squat")
    folder = kept.results(one)
    assert sorted(path.name for path in folder.iterdir()) == FILES
    report, clip = read_report(folder / "report.json")
    assert clip.name == "Anna's 3rd set.mov"
    assert (one.reps, one.score, one.headline) == (len(report.cycles), report.set_score, report.headline)
    assert one.reps > 0
    player = json.loads((folder / "player.json").read_text("utf-8"))
    with av.open(str(folder / "film.mp4")) as film:
        times_s = [float(frame.pts * frame.time_base) for frame in film.decode(video=0)]
    assert player["times_s"] == pytest.approx(times_s, abs=1e-5)
    assert len(player["cycles"]) == one.reps
    # The stills are taken from the reading that made the film; all repetitions alike give one.
    assert (folder / "report.html").read_text("utf-8").count("data:image/jpeg") == 1
    assert kept.nothing_half_done()


def test_the_course_of_a_measure_has_what_the_report_found(kept: Kept, squats: Path) -> None:
    added = kept.add(squats)
    run_waiting(kept.library, FakePose)
    report, _ = read_report(kept.results(kept.shelf.set(added.id)) / "report.json")
    found = {(f.measure, f.side): f for f in report.set_findings if isinstance(f.value, float)}
    points = kept.shelf.course(movement="squat")
    assert {(p.found.measure, p.found.side) for p in points} == set(found)
    assert len(points) >= 2
    for point in points:
        finding = found[point.found.measure, point.found.side]
        assert point.found.value == pytest.approx(finding.value, abs=0.01)
        assert point.found.error95 == pytest.approx(finding.error95, abs=0.01)
        assert (point.found.unit, point.found.verdict) == (finding.unit, finding.verdict.value)
        assert point.view == report.view.seen_from


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (AskedStickers(), "two to four bright stickers near the pelvis, found no such group"),
        (
            AskedStickers((("left_psis", 0.4, 0.5), ("right_psis", 0.6, 0.5)), 3),
            "a bright sticker at left_psis",
        ),
        (AskedStickers((("rib", 0.4, 0.5),)), "2 to 4 markers, got 1"),
    ],
)
def test_stickers_that_are_not_there_are_told_in_one_line(
    kept: Kept, squats: Path, asked: AskedStickers, words: str
) -> None:
    added = kept.add(squats)
    kept.shelf.again(added.id, stickers=asked)
    run_waiting(kept.library, FakePose)
    one = kept.shelf.set(added.id)
    assert one.state is State.FAILED
    assert words in one.problem
    assert kept.nothing_half_done()


def test_jobs_share_one_model_and_nothing_else(kept: Kept, squats: Path) -> None:
    opened: list[FakePose] = []

    def open_model() -> FakePose:
        opened.append(FakePose())
        return opened[-1]

    sets = [kept.add(squats, f"{i}.mp4") for i in range(2)]
    assert run_waiting(kept.library, open_model) == 2
    assert len(opened) == 1
    assert opened[0].closed
    one, two = (kept.shelf.set(s.id) for s in sets)
    # The second begins where a squat begins too, so whatever the first left behind would show.
    assert one.reps == two.reps > 0
    assert one.headline == two.headline


def test_the_oldest_is_worked_first_and_an_empty_queue_is_no_work(kept: Kept, squats: Path) -> None:
    kept.add(squats, "first.mp4")
    second = kept.add(squats, "second.mp4")
    worker = Worker(kept.library, FakePose)
    assert worker.work_one()
    assert kept.shelf.set(second.id).state is State.QUEUED
    assert worker.work_one()
    assert not worker.work_one()


# --------------------------------------------------------------------------- clips that cannot be used


def test_a_file_that_is_no_clip_fails_in_the_users_words(kept: Kept, tmp_path: Path) -> None:
    sound = kept.add(write_sound(tmp_path / "voice.mp4"), "my voice.mp4")
    noise = tmp_path / "noise.mp4"
    noise.write_bytes(bytes(range(256)) * 40)
    text = kept.add(noise, "notes.mp4")
    assert run_waiting(kept.library, FakePose) == 2
    failed = [kept.shelf.set(s.id) for s in (sound, text)]
    assert [s.state for s in failed] == [State.FAILED, State.FAILED]
    assert failed[0].problem == (
        "expected a video; 'my voice.mp4' holds sound but no picture; choose the file with the video"
    )
    assert "'notes.mp4' is none or is damaged" in failed[1].problem
    for one in failed:
        assert kept.shelf.files(one.id).original.name not in one.problem
    assert kept.nothing_half_done()


def raising(problem: Exception) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise problem

    return fail


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), r"No space left on device\): make room"),
        (OSError(errno.EIO, "Input/output error"), r"read or written \(Input/output error\): try again"),
        (WeightError("expected models/x.onnx; it is missing; copy it again"), "^expected models/x.onnx"),
        (ZeroDivisionError("oops"), "was not made for.*worker.log"),
    ],
)
def test_whatever_goes_wrong_is_told_in_a_line_and_leaves_nothing(
    kept: Kept, squats: Path, monkeypatch: pytest.MonkeyPatch, problem: Exception, line: str
) -> None:
    monkeypatch.setattr(analysis, "write_outputs", raising(problem))
    added = kept.add(squats)
    run_waiting(kept.library, FakePose)
    one = kept.shelf.set(added.id)
    assert one.state is State.FAILED
    assert re.search(line, one.problem)
    assert "\n" not in one.problem
    assert kept.nothing_half_done()


def test_a_missing_model_fails_the_job_and_is_tried_again_at_the_next(kept: Kept, squats: Path) -> None:
    tries: list[int] = []

    def open_model() -> FakePose:
        tries.append(1)
        if len(tries) == 1:
            raise WeightError("expected a model; it is missing; copy it again")
        return FakePose()

    one, two = kept.add(squats), kept.add(squats)
    run_waiting(kept.library, open_model)
    assert kept.shelf.set(one.id).problem == "expected a model; it is missing; copy it again"
    assert kept.shelf.set(two.id).state is State.DONE


# --------------------------------------------------------------------------- ending early


class Interrupting(FakePose):
    """Does something at its 20th picture."""

    def __init__(self, then: Callable[[], object]) -> None:
        super().__init__(0.02)
        self.then = then

    def read(self, *args: Any, **more: Any) -> Any:
        if self.reads == 20:
            self.then()
        return super().read(*args, **more)


@pytest.mark.parametrize("how", ["cancel", "delete_set"])
def test_what_nobody_wants_any_more_is_left_at_once(kept: Kept, squats: Path, how: str) -> None:
    added = kept.add(squats)
    model = Interrupting(lambda: getattr(kept.shelf, how)(added.id))
    worker = Worker(kept.library, lambda: model)
    assert worker.work_one()
    assert 20 < model.reads < FRAMES, "it went on to the end of the clip"
    assert [s.state for s in kept.shelf.sets()] == ([State.CANCELLED] if how == "cancel" else [])
    assert kept.nothing_half_done()


def test_a_cancel_after_the_last_frame_leaves_no_results(
    kept: Kept, squats: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = kept.add(squats)
    told = analysis.outcome_of

    def late(*args: Any) -> Any:
        kept.shelf.cancel(added.id)
        return told(*args)

    monkeypatch.setattr(analysis, "outcome_of", late)
    run_waiting(kept.library, FakePose)
    assert kept.shelf.set(added.id).state is State.CANCELLED
    assert kept.nothing_half_done()


def test_a_worker_that_is_told_to_end_gives_its_job_back(kept: Kept, squats: Path) -> None:
    added = kept.add(squats)
    worker = Worker(kept.library, lambda: Interrupting(worker.stop))
    worker.run()
    assert kept.shelf.set(added.id).state is State.QUEUED
    assert kept.nothing_half_done()
    job = kept.library.queue.take("next")
    assert job is not None
    assert job.tries == 1


def test_a_kill_between_moving_and_telling_costs_nothing_but_time(
    kept: Kept, squats: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = kept.add(squats)
    with monkeypatch.context() as patch:
        patch.setattr(Queue, "finish", raising(Stopped("killed here")))
        with pytest.raises(Stopped, match="killed here"):
            Worker(kept.library, FakePose, name="killed").work_one()
    assert kept.shelf.set(added.id).state is State.RUNNING
    assert kept.library.queue.lost("killed") == 1
    run_waiting(kept.library, FakePose)
    one = kept.shelf.set(added.id)
    assert one.state is State.DONE
    assert sorted(path.name for path in kept.results(one).iterdir()) == FILES


def test_a_library_that_is_away_for_a_moment_loses_no_finished_analysis(
    kept: Kept, squats: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish, calls = Queue.finish, list[int]()

    def away_at_first(self: Queue, *args: Any) -> bool:
        calls.append(1)
        if len(calls) < 3:
            raise StoreError("the server went away")
        return finish(self, *args)

    monkeypatch.setattr(work, "_LIBRARY_AWAY_S", 0.01)
    monkeypatch.setattr(Queue, "finish", away_at_first)
    added = kept.add(squats)
    assert run_waiting(kept.library, partial(FakePose)) == 1
    assert kept.shelf.set(added.id).state is State.DONE
