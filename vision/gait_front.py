"""Steps of walking and running filmed from the front or from behind.

The heights of the ankles alone mislead there: from the front the foot that is ahead is nearer and lies
lower in the picture, from behind it lies higher, and at a few metres this is as much as the lift of a
walker's foot. So both are allowed for. Over a stride the ankle rises and travels as walkers' and runners'
ankles do (:data:`WALKS`); what the camera adds is the travel in an unknown share, with the sign that the
view says. The instant of contact is the one from which lift and travel together follow the picture best.
Where the pose model guesses depth, the travel in its depth is fitted along.

Contact so found is the rhythm's and not read from the floor: it is for counting steps and for the middle
of stance, not for contact times.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vision.events import alternations
from vision.filters import smooth
from vision.gait_events import SLOWEST_RUNNING_STRIDE_S
from vision.types import SIDES, FloatArray, Track, View

MIN_LIFT_LEGS: Final = 0.06
"""Least difference in ankle height between the legs, in leg lengths, that is a step."""

MIN_LIFT_SHARE: Final = 0.3
"""The same as a share of the clip's own range: less is a bump within a step."""

SHORTEST_STEP_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Walk:
    """One ankle over a stride from its contact, in twentieths, in hundredths of a leg length.

    ``lift`` over the floor, ``ahead`` of the hips; ``middle`` is the share of the stride from contact to
    the middle of stance.
    """

    lift: tuple[int, ...]
    ahead: tuple[int, ...]
    middle: float


WALKS: Final = {
    "walking": Walk(
        (2, 1, 0, 0, 0, 0, 0, 0, 1, 1, 3, 7, 14, 22, 25, 22, 14, 6, 2, 2),
        (44, 36, 28, 19, 11, 4, -4, -11, -18, -26, -34, -41, -45, -40, -32, -20, -6, 13, 32, 45),
        middle=0.30,
    ),
    "running": Walk(
        (2, 0, 0, 0, 1, 3, 7, 13, 21, 30, 39, 45, 47, 46, 40, 32, 23, 14, 7, 4),
        (49, 42, 30, 16, 2, -13, -26, -36, -43, -49, -49, -44, -36, -25, -14, -3, 9, 24, 38, 48),
        middle=0.15,
    ),
}
"""Mean of two walkers and of two runners of a motion laboratory (docs/accuracy.md): the walkers part by 2
hundredths, the runners by 8. ``middle`` is from memory."""

DEPTH_LEADS: Final = 0.06
"""Strides by which the pose model's depth of a foot turns before the foot does (two rendered walks)."""

LIFTS: Final = (0.3, 2.0)
"""Least and most of the usual lift of a foot that a walk may have (assumed)."""

NEARNESS: Final = (0.0, 0.45)
"""Legs by which a foot looks lower for each leg that it is nearer: camera's height over its distance; 0.45
is a camera at hip height 2 m away."""

DOUBT: Final = 1.6
DOUBT_LEAST: Final = 0.004
DOUBT_STRIDES: Final = 0.1
"""A phase further off than this that leaves no more than so many times as much unexplained makes the best
one a guess: in a crouching gait lift and travel can stand for each other."""

_ROUNDS: Final = 12
_PHASES: Final = np.arange(0.0, 1.0, 0.01)
_BEAT_HZ: Final = 2.5
_RHYTHM: Final = 1.5
_DEPTH_HZ: Final = 6.0
_GROWTH_HZ: Final = 0.5
_TREND_S: Final = 2.5


@dataclass(frozen=True, slots=True)
class Support:
    """One leg standing while the other swings, seconds: its contact, the middle of stance, its side."""

    on_s: float
    middle_s: float
    side: str


def supports(track: Track, view: View, leg_px: float) -> list[Support]:
    """Stances in order of time, sides by turns; the last may be of a foot that has only landed.

    ``track`` is levelled and lightly smoothed (10 Hz). Contacts outside the recording are left out. Empty
    where the feet can be read as two different walks.
    """
    t = track.t_s
    lower = (track.point("left_ankle") - track.point("right_ankle"))[:, 1] / (leg_px * _growth(track))
    lower = _without_trend(lower, t)
    beats = _beats(lower, t)
    if len(beats) < 2:
        return []
    turns, first = np.array([t[row] for row, _ in beats]), beats[0][1]
    step_s = float(np.median(np.diff(turns)))
    rows = (t >= turns[0] - step_s) & (t <= turns[-1] + step_s)
    # half a stride from each turn to the next, on at the same pace before the first and after the last
    marks = [turns[0] - 4 * step_s, *turns, turns[-1] + 4 * step_s]
    halves = np.array([-4.0, *range(len(turns)), len(turns) + 3.0]) + (0.0 if first > 0 else 1.0)
    phase = np.interp(t[rows], marks, halves / 2)
    depth = _depth(track, view)
    gaits = WALKS if 2 * step_s <= SLOWEST_RUNNING_STRIDE_S else {"walking": WALKS["walking"]}
    towards = -1.0 if view.seen_from == "rear" else 1.0
    fits = [(*_fit(walk, phase, lower[rows], towards, depth[rows]), walk) for walk in gaits.values()]
    _, late, walk = min(fits, key=lambda fit: fit[0])
    if np.isnan(late):
        return []
    first_s, last_s = max(t[0], turns[0] - step_s), min(t[-1], turns[-1] + step_s)
    return _contacts(halves, marks, late, walk.middle * 2 * step_s, (float(first_s), float(last_s)))


def _contacts(
    halves: FloatArray, marks: list[float], late: float, middle_s: float, within_s: tuple[float, float]
) -> list[Support]:
    """Contacts at every half stride: the left foot's where the phase, less ``late``, is whole."""
    out: list[Support] = []
    for half in range(int(halves[0]), int(halves[-1]) + 1):
        on = float(np.interp(half + 2 * late, halves, marks))
        if within_s[0] <= on <= within_s[1]:
            out.append(Support(on, on + middle_s, SIDES[half % 2]))
    return out


def _beats(lower: FloatArray, t_s: FloatArray) -> list[tuple[int, int]]:
    """Turns of the difference between the ankles, one a step: ``(row, +1 | -1)``, + left lower."""
    found: list[tuple[int, int]] = []
    cutoff_hz = _BEAT_HZ
    for _ in range(2):
        slow = smooth(lower[:, None], t_s, cutoff_hz)[:, 0]
        seen = slow[np.isfinite(slow)]
        if len(seen) < 5:
            return []
        spread = float(np.percentile(seen, 95) - np.percentile(seen, 5))
        found = alternations(slow, t_s, max(MIN_LIFT_LEGS, MIN_LIFT_SHARE * spread), SHORTEST_STEP_S)
        if len(found) < 3:
            return found
        # again with little more than the stride's own rhythm: near the camera each turn has two tops
        cutoff_hz = _RHYTHM / (2 * float(np.median(np.diff(t_s[[row for row, _ in found]]))))
    return found


def _fit(
    walk: Walk, phase: FloatArray, lower: FloatArray, towards: float, depth: FloatArray
) -> tuple[float, float]:
    """What the best phase leaves unexplained (0-1 for the picture and 0-1 for depth), and that phase.

    The phase is NaN where another one, far from it, does nearly as well.
    """
    left = np.array([_fit_at(walk, phase - late, lower, towards, depth) for late in _PHASES])
    best = int(np.argmin(left))
    before, after = left[best - 1], left[(best + 1) % len(left)]
    bend = before - 2 * left[best] + after
    between = float((before - after) / (2 * bend)) if bend > 0 else 0.0
    apart = np.abs((_PHASES - _PHASES[best] + 0.5) % 1.0 - 0.5) > DOUBT_STRIDES
    turns = (left < np.roll(left, 1)) & (left <= np.roll(left, -1))
    doubt = bool((left[apart & turns] < DOUBT * left[best] + DOUBT_LEAST).any())
    return float(left[best]), float("nan") if doubt else float(_PHASES[best]) + between * 0.01


def _fit_at(walk: Walk, phase: FloatArray, lower: FloatArray, towards: float, depth: FloatArray) -> float:
    lift, ahead = (_between(np.array(curve), phase) for curve in (walk.lift, walk.ahead))
    guessed = _between(np.array(walk.ahead), phase + DEPTH_LEADS)
    picture = _unexplained(lower, [-lift, towards * ahead], np.array([LIFTS, NEARNESS]) / 100)
    return picture + _unexplained(depth, [guessed], np.array([[0.0, np.inf]]))


def _between(curve: FloatArray, phase: FloatArray) -> FloatArray:
    """The left foot's ``curve`` less the right one's, at phases of the left one."""
    at = np.arange(len(curve)) / len(curve)
    left, right = (np.interp(phase + more, at, curve, period=1.0) for more in (0.0, 0.5))
    return left - right


def _unexplained(seen: FloatArray, parts: list[FloatArray], within: FloatArray) -> float:
    """Share of the variance of ``seen`` that the ``parts`` leave; 0 where nothing is seen.

    ``within`` ``(P, 2)`` are the least and most of each part.
    """
    ok = np.isfinite(seen)
    if ok.sum() < 5 or float(np.var(seen[ok])) == 0.0:
        return 0.0
    y = seen[ok] - seen[ok].mean()
    x = np.stack([part[ok] - part[ok].mean() for part in parts], axis=1)
    square, along = x.T @ x, x.T @ y
    amount = within[:, 0].copy()
    for _ in range(_ROUNDS):  # one part after the other: least squares within bounds
        for i in range(len(amount)):
            rest = along[i] - square[i] @ amount + square[i, i] * amount[i]
            amount[i] = np.clip(rest / square[i, i], *within[i])
    left = y - x @ amount
    return float(left @ left / (y @ y))


def _depth(track: Track, view: View) -> FloatArray:
    """How far ``(T,)`` m the left ankle is ahead in the pose model's own depth; NaN where it tells none."""
    z = {s: track.world_m[:, track.skeleton.index[f"{s}_ankle"], 2] for s in SIDES}
    away = smooth((z["left"] - z["right"])[:, None], track.t_s, _DEPTH_HZ)[:, 0]
    return away if view.seen_from == "rear" else -away


def _growth(track: Track) -> FloatArray:
    """Size ``(T,)`` of the athlete in the picture over its median, by the trunk: who comes nearer grows."""
    trunk = np.linalg.norm(track.mid("shoulder") - track.mid("hip"), axis=1)
    size = smooth(trunk[:, None], track.t_s, _GROWTH_HZ)[:, 0]
    if not np.isfinite(size).any():
        return np.ones(len(track))
    return np.where(np.isfinite(size), size / float(np.nanmedian(size)), 1.0)


def _without_trend(x: FloatArray, t_s: FloatArray) -> FloatArray:
    """``x (T,)`` without its slow part: a tilted camera, or a walker who turns."""
    half = max(1, int(_TREND_S / 2 / float(np.median(np.diff(t_s))))) if len(t_s) > 1 else 1
    ok = np.isfinite(x)
    if ok.sum() < 3:
        return x
    y = np.interp(t_s, t_s[ok], x[ok])
    pad = np.pad(y, half, mode="reflect" if len(y) > half else "edge")
    return x - np.convolve(pad, np.ones(2 * half + 1) / (2 * half + 1), "valid")
