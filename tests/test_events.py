"""Repetitions and steps of signals whose counts and turns are known."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.figures import clock, depth_at, set_length, turn_times
from vision.events import RepRule, alternations, find_reps
from vision.filters import smooth
from vision.types import CycleKind, FloatArray

RULE = RepRule(min_rise=0.2)


def depth(reps: int, t_s: FloatArray) -> FloatArray:
    return np.array([depth_at(float(t), reps) for t in t_s])


# --------------------------------------------------------------------------- repetitions


@pytest.mark.parametrize("reps", [1, 2, 5, 12])
@pytest.mark.parametrize("fps", [15.0, 30.0, 59.94])
def test_repetitions_are_counted_and_timed(reps: int, fps: float) -> None:
    t = clock(set_length(reps), fps)
    cycles = find_reps(depth(reps, t), t, RULE)
    assert [t[c.turn] for c in cycles] == pytest.approx(turn_times(reps), abs=1 / fps + 0.02)
    for cycle, middle in zip(cycles, turn_times(reps), strict=True):
        assert cycle.kind is CycleKind.REP
        # the foot of the cosine below 6 % of the rise is at rest
        assert t[cycle.start] == pytest.approx(middle - 1.2, abs=0.2)
        assert t[cycle.end - 1] == pytest.approx(middle + 1.2, abs=0.2)
    assert all(a.end <= b.start + 1 for a, b in pairwise(cycles))


def test_a_held_top_that_is_level_to_the_last_digit_counts_once() -> None:
    t = clock(9.0, 30.0)
    x = np.interp(t, [1.0, 2.0, 6.0, 7.0], [0.0, 1.0, 1.0, 0.0])
    x[100] -= 1e-9  # two equal tops beside a dip that nobody sees
    (cycle,) = find_reps(x, t, RULE)
    assert t[cycle.turn] == pytest.approx(4.0, abs=0.1)
    assert t[cycle.start] == pytest.approx(1.0, abs=0.1)
    assert t[cycle.end - 1] == pytest.approx(7.0, abs=0.1)


def test_noise_adds_no_repetition() -> None:
    t = clock(set_length(4))
    noisy = depth(4, t) + np.random.default_rng(2).normal(0, 0.05, len(t))
    found = find_reps(smooth(noisy, t, 5.0), t, RULE)
    assert [t[c.turn] for c in found] == pytest.approx(turn_times(4), abs=0.3)


def test_uneven_clocks_change_nothing() -> None:
    rng = np.random.default_rng(4)
    t = np.cumsum(rng.uniform(0.02, 0.05, int(set_length(3) / 0.035)))
    assert [t[c.turn] for c in find_reps(depth(3, t), t, RULE)] == pytest.approx(turn_times(3), abs=0.1)


def test_scale_and_offset_change_nothing_beyond_the_least_rise() -> None:
    t = clock(set_length(3))
    x = depth(3, t)
    base = find_reps(x, t, RULE)
    assert find_reps(7 * x - 40, t, RepRule(min_rise=1.4)) == base
    assert find_reps(0.15 * x, t, RULE) == []  # fidgeting


def test_a_small_dip_among_deep_ones_is_no_repetition() -> None:
    t = clock(set_length(3))
    x = depth(3, t)
    x[t > 6.8] *= 0.3  # the third goes less than 40 % of the set's range
    assert len(find_reps(x, t, RULE)) == 2


def test_what_is_over_too_quickly_or_too_slowly_is_no_repetition() -> None:
    t = clock(30.0)
    quick = np.where(np.abs(t - 5) < 0.1, 1.0, 0.0)
    assert find_reps(quick, t, RULE) == []
    slow = (1 - np.cos(2 * np.pi * t / 30)) / 2
    assert find_reps(slow, t, RULE) == []


@pytest.mark.parametrize("fps", [20.0, 60.0])
@pytest.mark.parametrize(("apart_s", "count"), [(0.6, 1), (1.0, 2)])
def test_two_turns_in_quick_succession_are_one_repetition(fps: float, apart_s: float, count: int) -> None:
    t = clock(6.0, fps)
    x = np.interp(t, [0, 1, 2, 2 + apart_s / 2, 2 + apart_s, 4, 6], [0, 0, 1, 0.3, 0.9, 0, 0])
    assert len(find_reps(x, t, RULE)) == count


def test_an_unseen_repetition_is_dropped_and_a_gap_is_bridged() -> None:
    t = clock(set_length(3))
    x = depth(3, t)
    hidden = x.copy()
    hidden[(t > 4.0) & (t < 4.9)] = np.nan
    hidden[(t > 5.4) & (t < 6.2)] = np.nan  # most of the second one
    assert [t[c.turn] for c in find_reps(hidden, t, RULE)] == pytest.approx([2.0, 8.4], abs=0.1)
    blinking = x.copy()
    blinking[::4] = np.nan
    assert len(find_reps(blinking, t, RULE)) == 3


@pytest.mark.parametrize("signal", [np.full(60, np.nan), np.zeros(60), np.ones(4), np.empty(0)])
def test_nothing_gives_nothing(signal: FloatArray) -> None:
    assert find_reps(signal, np.arange(len(signal)) / 30, RULE) == []


def test_an_open_end_counts_only_when_asked_for() -> None:
    t = clock(set_length(2))
    upto = t < turn_times(2)[1]  # stops at the second turn
    x, t = depth(2, t)[upto], t[upto]
    assert len(find_reps(x, t, RULE)) == 1
    assert len(find_reps(x, t, RepRule(min_rise=0.2, open_end=True))) == 2


def test_a_recording_that_stops_on_the_way_back_counts_its_last_repetition() -> None:
    t = clock(set_length(2))
    upto = t < turn_times(2)[1] + 0.9
    assert len(find_reps(depth(2, t)[upto], t[upto], RULE)) == 2


# --------------------------------------------------------------------------- steps


def test_extremes_alternate() -> None:
    t = clock(10)
    x = np.sin(2 * np.pi * 0.9 * t)
    found = alternations(x, t, 0.5, 0.2)
    assert len(found) == 18
    assert all(a[1] == -b[1] for a, b in pairwise(found))
    for frame, sign in found:
        assert sign * x[frame] == pytest.approx(1, abs=0.03)
    assert alternations(-x, t, 0.5, 0.2) == [(f, -s) for f, s in found]


def test_of_two_peaks_in_a_row_the_larger_stays() -> None:
    t = clock(4)
    x = np.interp(t, [0, 1, 1.2, 1.4, 1.6, 2, 3, 4], [0, 1, 0.2, 0.2, 1.4, 0, -1, 0])
    x[(t > 1.22) & (t < 1.38)] = np.nan  # what came between was not seen
    assert [(round(t[f], 1), s) for f, s in alternations(x, t, 0.3, 0.2)] == [(1.6, 1), (3.0, -1)]


def test_small_swings_and_unseen_ones_are_no_steps() -> None:
    t = clock(5)
    x = np.sin(2 * np.pi * t)
    assert alternations(0.1 * x, t, 0.5, 0.2) == []
    assert alternations(np.full(len(t), np.nan), t, 0.5, 0.2) == []
    x[(t > 1.1) & (t < 1.4)] = np.nan  # the peak at 1.25 s
    assert all(abs(t[f] - 1.25) > 0.1 for f, _ in alternations(x, t, 0.5, 0.2))
