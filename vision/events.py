"""Where repetitions and steps begin, turn and end. Pure functions over a signal and its clock.

Rules after the reference of the field: a repetition is a peak whose prominence is a good part of
the set's own range and of a minimum that noise and fidgeting do not reach; it begins and ends where
the signal leaves and regains its rest level.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from vision.types import Cycle, CycleKind, FloatArray

_FOOT: Final = 0.06  # of the rise: below it the signal counts as still at rest
_TOP: Final = 0.04  # of the rise: within it of the peak counts as still at the top


@dataclass(frozen=True, slots=True)
class RepRule:
    """When an excursion of the signal is a repetition.

    ``min_rise`` in the signal's unit; ``share`` of the set's own range (5th to 95th percentile);
    ``separation_s`` between two turns; a repetition lasts ``shortest_s`` to ``longest_s``.
    """

    min_rise: float
    share: float = 0.4
    separation_s: float = 0.8
    shortest_s: float = 0.5
    longest_s: float = 20.0
    open_end: bool = False


def find_reps(signal: FloatArray, t_s: FloatArray, rule: RepRule) -> list[Cycle]:
    """Repetitions of ``signal (T,)``, which is low at rest and high at the turn.

    NaN is bridged by straight lines for the search; a repetition of which more than 40 % was not
    seen is dropped. With ``rule.open_end`` a set that ends at its peak counts that peak.
    """
    seen = np.isfinite(signal)
    if seen.sum() < 5:
        return []
    x = np.interp(t_s, t_s[seen], signal[seen])
    step = float(np.median(np.diff(t_s)))
    spread = float(np.percentile(x, 95) - np.percentile(x, 5))
    rise = max(rule.min_rise, rule.share * spread)
    low = float(x.min())
    ended = low if rule.open_end or _on_the_way_back(x, rise) else x[-1]
    padded = np.concatenate([[x[0]], x, [ended]])
    peaks, found = find_peaks(
        padded, prominence=rise, distance=max(1, round(rule.separation_s / step)), plateau_size=1
    )
    kept = _apart(x, peaks - 1, rise)
    tops = [int(peaks[k]) - 1 for k in kept]
    cycles: list[Cycle] = []
    for i, (top, base_l, base_r) in enumerate(
        zip(tops, found["left_bases"][kept] - 1, found["right_bases"][kept] - 1, strict=True)
    ):
        before = _lowest(x, tops[i - 1], top) if i else 0
        after = _lowest(x, top, tops[i + 1]) if i + 1 < len(tops) else len(x) - 1
        cycle = _cut(x, int(top), int(max(before, base_l, 0)), int(min(after, base_r, len(x) - 1)))
        length_s = t_s[min(cycle.end, len(x)) - 1] - t_s[cycle.start]
        watched = seen[cycle.start : cycle.end].mean()
        if rule.shortest_s <= length_s <= rule.longest_s and watched >= 0.6:
            cycles.append(cycle)
    return cycles


def _apart(x: FloatArray, peaks: NDArray[np.intp], rise: float) -> list[int]:
    """Which peaks the signal falls between by ``rise``; of others the higher one, the earlier if equal.

    A peak's prominence reaches past one of the same height, so a held top that is level to the last
    digit would count twice.
    """
    kept: list[int] = []
    for k, peak in enumerate(peaks):
        if kept and min(x[peaks[kept[-1]]], x[peak]) - x[peaks[kept[-1]] : peak + 1].min() < rise:
            if x[peak] > x[peaks[kept[-1]]]:
                kept[-1] = k
            continue
        kept.append(k)
    return kept


def _on_the_way_back(x: FloatArray, rise: float) -> bool:
    """Whether the recording stops while the last repetition returns: it turned, so it counts."""
    tail = x[max(0, len(x) - 3 - len(x) // 4) :]
    top = int(np.argmax(tail))
    return bool(tail[top] - x[-1] >= 0.2 * rise and x[-1] <= tail[top:].min() + 1e-9)


def _lowest(x: FloatArray, a: int, b: int) -> int:
    """Frame of the lowest value between two frames."""
    return int(a + np.argmin(x[a : b + 1]))


def _cut(x: FloatArray, peak: int, before: int, after: int) -> Cycle:
    """Feet and middle of the top of one peak between two bounds."""
    left = _valley(x, peak, before)
    right = _valley(x, peak, after)
    top = np.flatnonzero(x[left : right + 1] >= x[peak] - _TOP * (x[peak] - max(x[left], x[right]))) + left
    near = top[_together(top, peak)]
    turn = int(near[np.argmin(np.abs(near - (near[0] + near[-1]) / 2))])
    return Cycle(left, turn, right + 1, CycleKind.REP)


def _together(indices: NDArray[np.intp], peak: int) -> NDArray[np.bool_]:
    """Which of the rising ``indices`` hang together with ``peak`` without a hole."""
    group = np.concatenate([[0], np.cumsum(np.diff(indices) > 1)])
    return group == group[np.argmin(np.abs(indices - peak))]


def _valley(x: FloatArray, peak: int, bound: int) -> int:
    """The frame nearest to the peak, towards ``bound``, at which the signal is back at its foot."""
    way = np.arange(peak, bound + (1 if bound >= peak else -1), 1 if bound >= peak else -1)
    level = x[way]
    floor = level.min()
    at_foot = np.flatnonzero(level <= floor + _FOOT * (x[peak] - floor))
    return int(way[at_foot[0]])


def alternations(
    signal: FloatArray, t_s: FloatArray, min_height: float, separation_s: float
) -> list[tuple[int, int]]:
    """Alternating extremes ``(frame, +1 | -1)`` of a signal that swings about zero.

    Two extremes of one sign in a row keep the larger; used for the feet of walking and running.
    """
    seen = np.isfinite(signal)
    if seen.sum() < 5:
        return []
    x = np.interp(t_s, t_s[seen], signal[seen])
    distance = max(1, round(separation_s / float(np.median(np.diff(t_s)))))
    found: list[tuple[int, int]] = []
    for sign in (1, -1):
        peaks, _ = find_peaks(sign * x, prominence=min_height, distance=distance)
        found += [(int(p), sign) for p in peaks if seen[p]]
    found.sort()
    kept: list[tuple[int, int]] = []
    for frame, sign in found:
        if kept and kept[-1][1] == sign:
            if sign * x[frame] > sign * x[kept[-1][0]]:
                kept[-1] = (frame, sign)
        else:
            kept.append((frame, sign))
    return kept
