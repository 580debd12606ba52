"""Progress: beats that keep the analysis from waiting, a sane guess of the time left, a quick end."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from tests.jobs.conftest import until
from vision.jobs.progress import FILMING, READING, Cancelled, Pace, Pulse, Stopped
from vision.store import StoreError


def played(pace: Pace, stage: str, per_frame_s: float, total: int, start_s: float) -> list[float | None]:
    """What the pace guesses every half second while ``total`` frames take ``per_frame_s`` each."""
    moments = np.arange(0.5, total * per_frame_s, 0.5)
    return [pace.seconds_left(stage, int(t / per_frame_s), total, start_s + t) for t in moments]


def test_the_guess_ends_where_the_job_does() -> None:
    pace, total, read_s, film_s = Pace(), 600, 0.05, 0.015
    reading = played(pace, READING, read_s, total, 100.0)
    filming = played(pace, FILMING, film_s, total, 130.0)
    assert reading[0] is None, "after half a second nothing is known"
    left = [*reading[3:], *filming]
    true = [total * (read_s + film_s) - 0.5 * i for i in range(4, 4 + len(reading) - 3)]
    true += [total * film_s - 0.5 * i for i in range(1, 1 + len(filming))]
    assert all(guess is not None and guess >= 0 for guess in left)
    np.testing.assert_allclose(np.array(left, dtype=float), true, atol=1.5)


def test_a_change_of_speed_is_soon_believed() -> None:
    pace = Pace()
    played(pace, READING, 0.01, 1000, 0.0)
    slow = played(pace, READING, 0.1, 200, 10.0)
    assert slow[-1] == pytest.approx(200 * 0.3 * 0.1, rel=0.2)


@pytest.mark.parametrize(
    ("done", "total"), [(0, 100), (3, None), (3, 100)], ids=["not begun", "no total", "too few frames"]
)
def test_without_knowledge_there_is_no_guess(done: int, total: int | None) -> None:
    pace = Pace()
    assert pace.seconds_left(READING, 0, total, 0.0) is None
    assert pace.seconds_left(READING, done, total, 5.0) is None


def test_more_frames_than_the_file_announced_leave_no_negative_time() -> None:
    pace = Pace()
    pace.seconds_left(FILMING, 0, 10, 0.0)
    assert pace.seconds_left(FILMING, 30, 10, 3.0) == 0


# --------------------------------------------------------------------------- beats


class Beats:
    """What a library was told, with an answer to give."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int, int | None, float | None]] = []
        self.wanted = True
        self.away = False

    def __call__(self, stage: str, done: int, total: int | None, left_s: float | None) -> bool:
        self.told.append((stage, done, total, left_s))
        if self.away:
            raise StoreError("the server went away")
        return self.wanted


def test_a_thousand_frames_are_a_few_beats() -> None:
    beats = Beats()
    with Pulse(beats, every_s=0.2) as pulse:
        began_s = time.monotonic()
        for done in range(1000):
            pulse(READING, done, 900)
            time.sleep(0.0005)
        took_s = time.monotonic() - began_s
        until(lambda: beats.told and beats.told[-1][1] == 999, "the last frame was told")
    assert len(beats.told) <= took_s / 0.2 + 3
    assert [done for _, done, _, _ in beats.told] == sorted(done for _, done, _, _ in beats.told)
    assert beats.told[-1][:3] == (READING, 999, 999)


def test_beats_go_on_while_nothing_moves_so_that_the_lease_is_kept() -> None:
    beats = Beats()
    with Pulse(beats, every_s=0.01) as pulse:
        pulse(FILMING, 5, 5)
        before = len(beats.told)
        until(lambda: len(beats.told) > before + 5, "beats without progress")


def test_no_beat_comes_after_the_end() -> None:
    beats = Beats()
    with Pulse(beats, every_s=0.01) as pulse:
        pulse(READING, 1, 5)
    told = len(beats.told)
    assert not [t for t in threading.enumerate() if t.name == "plumbline-pulse"]
    assert len(beats.told) == told


def test_what_is_not_wanted_any_more_ends() -> None:
    beats = Beats()
    with Pulse(beats, every_s=0.01) as pulse:
        pulse(READING, 1, 5)
        beats.wanted = False
        told = len(beats.told)
        until(lambda: len(beats.told) > told, "it is asked once more")
        # The answer arrives a moment after the question was counted.
        with pytest.raises(Cancelled, match=r"^$"):
            until(lambda: pulse(READING, 2, 5), "cancelled")


def test_a_worker_that_is_to_end_ends_at_the_next_frame() -> None:
    stopping = [False]
    with Pulse(Beats(), stopping=lambda: stopping[0]) as pulse:
        pulse(READING, 1, 5)
        stopping[0] = True
        with pytest.raises(Stopped, match=r"^$"):
            pulse(READING, 2, 5)


def test_a_library_that_is_away_ends_no_analysis() -> None:
    beats = Beats()
    beats.away = True
    with Pulse(beats, every_s=0.01) as pulse:
        until(lambda: len(beats.told) > 3, "it is asked again")
        pulse(READING, 1, 5)
        beats.away = False
        told = len(beats.told)
        until(lambda: len(beats.told) > told + 1, "and told again")


@pytest.mark.parametrize("wanted", [True, False])
def test_a_decoder_that_never_returns_is_noticed(wanted: bool) -> None:
    stuck = threading.Event()
    beats = Beats()
    beats.wanted = wanted
    patience = {"patience_s": 0.05 if wanted else 1e9, "cancel_patience_s": 1e9 if wanted else 0.05}
    with Pulse(beats, every_s=0.01, stuck=stuck.set, **patience):
        assert stuck.wait(60)
