"""When a sprinter's foot lands, carries and leaves, from the side; and the five pictures of a kinogram.

Full support is where the ankle passes under the mid-hip. From there the foot is followed back to where
its toe or heel came down to the height at which they rest, and forward to where the toe leaves it. The
heights are against the background, so that a camera that follows the runner does no harm; where the
background could not be followed there is no touch-down and no toe-off, only full support.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from vision import kinematics as kin
from vision.events import alternations
from vision.movements import common as c
from vision.types import SIDES, Cycle, CycleKind, FloatArray, Kinogram, Track, View, other_side

MIN_REACH_LEGS: Final = 0.25
"""Least travel of an ankle against the hips, in leg lengths, that is a step."""

SHORTEST_STEP_S: Final = 0.12
LONGEST_STEP_S: Final = 0.7
LONGEST_CONTACT_S: Final = 0.4

RISE_LEGS: Final = 0.012
"""Height of a foot's point over where it rests, in leg lengths, at which it counts as off the ground."""

CLEAR_LEGS: Final = 0.045
"""Height from which there is no doubt of it."""

LONGEST_RISE_S: Final = 0.055
"""Seconds from the first height to the second; a foot that leaves is quicker (0.6 leg lengths a second), so
what took longer lay on the ground while its point wandered, as the toe's does when the heel comes up."""

SETTLED_S: Final = 0.013
"""Seconds on either side of a point's lowest place over which its resting height is taken."""

TOE_RESTS_S: Final = (-0.05, 0.12)
HEEL_RESTS_S: Final = (-0.13, 0.02)
"""Seconds about full support within which the toe's and the heel's lowest place is where they rest. A foot
that lands on its heel has its toe still up at full support, or its heel up again."""

LEAST_PART: Final = 0.25
"""Least time from full support to toe-off as a share of that from touch-down to full support, and the other
way round (assumed). What is shorter by more than a picture took a foot that wavers for one that leaves."""

UNEVEN_GAP: Final = 0.6
"""Share of the usual time between two full supports below which one of both is none (assumed)."""

ABOUT: Final = 3
"""Steps before and after that tell what is usual."""

FEWEST_EVEN: Final = 3
"""As many full supports or fewer do not tell which of them is none."""

MISSED_GAP: Final = 1.5
"""The same, above which a step between both was not seen: a foot comes down again after two (assumed)."""

MIXED_UP: Final = "left and right leg were mixed up in this film: one foot seems to land twice in a row"

RUNS_DEG: Final = (-45.0, 80.0)
"""Trunk, forward of the plumb line, of somebody who runs, out of the blocks too; beyond it somebody crouches
or tumbles (assumed)."""

FLIGHT_S: Final = 0.2
"""Seconds before the first touch-down in which its strike is looked for."""


@dataclass(frozen=True, slots=True)
class Stance:
    """One foot on the ground, in rows of the track; ``on`` and ``off`` None where they were not seen."""

    side: str
    on: int | None
    support: int
    off: int | None


def steps(track: Track, view: View) -> tuple[Cycle, ...]:
    """Steps of a levelled, smoothed ``track``: touch-down, full support, toe-off, the next touch-down.

    Where a touch-down was not seen, full support stands in for it and ``off`` is None. The last stance
    of a run of steps ends with its own toe-off.
    """
    cycles: list[Cycle] = []
    for run in _runs(stances(track, view), track.t_s):
        for now, after in pairwise([*run, None]):
            if now is None:
                continue
            start = now.support if now.on is None else now.on
            last = now.support if now.off is None else now.off
            end = last + 1
            if after is not None:
                end = after.support if after.on is None else after.on
            off = None if now.on is None else now.off
            cycles.append(Cycle(start, now.support, max(end, last + 1), CycleKind.STEP, now.side, off))
    return tuple(cycles)


def _runs(found: Sequence[Stance], t_s: FloatArray) -> Iterator[list[Stance]]:
    """Stances that follow each other, left and right by turns."""
    run: list[Stance] = []
    for stance in found:
        if run:
            gap_s = t_s[stance.support] - t_s[run[-1].support]
            if stance.side == run[-1].side or not SHORTEST_STEP_S <= gap_s <= LONGEST_STEP_S:
                yield run
                run = []
        run.append(stance)
    if run:
        yield run


def stances(track: Track, view: View) -> list[Stance]:
    """Stances of both feet in order of time."""
    leg = c.leg_px(track)
    found = [
        Stance(side, *_contact(track, side, at, leg))
        for side in SIDES
        for at in _supports(track, view, side, leg)
    ]
    return _spaced(sorted(found, key=lambda stance: stance.support), track.t_s)


def _spaced(found: list[Stance], t_s: FloatArray) -> list[Stance]:
    """``found`` without those that come too soon after another: body points changed legs in mid-air.

    Of two that are too near, the one goes without which the steps about it are the more even.
    """
    kept = list(found)
    while len(kept) > FEWEST_EVEN:
        at = t_s[[stance.support for stance in kept]]
        gaps = np.diff(at)
        shares = [gap / np.median(gaps[max(i - ABOUT, 0) : i + ABOUT + 1]) for i, gap in enumerate(gaps)]
        near = int(np.argmin(shares))
        if shares[near] >= UNEVEN_GAP:
            break
        uneven = [
            float(np.std(np.diff(np.delete(at, i)[max(near - 2, 0) : near + 3]))) for i in (near, near + 1)
        ]
        del kept[near + int(uneven[1] < uneven[0])]
    return kept


def unsure_sides(t_s: FloatArray, cycles: Sequence[Cycle], cuts_s: Sequence[float] | FloatArray = ()) -> str:
    """Why no number of these steps can be given to a side; empty where left and right are sure.

    ``cuts_s`` are moments at which the film was cut: what comes before one says nothing of what comes after.
    """
    turns_s = [float(t_s[cycle.turn]) for cycle in cycles]
    return MIXED_UP if same_foot_twice(turns_s, [cycle.side for cycle in cycles], cuts_s) else ""


def same_foot_twice(
    turns_s: Sequence[float], sides: Sequence[str | None], cuts_s: Sequence[float] | FloatArray = ()
) -> int:
    """How often one foot seems to land twice within the time of a single step: body points changed legs."""
    pairs = list(zip(pairwise(turns_s), pairwise(sides), strict=True))
    shot = [(b - a, feet) for (a, b), feet in pairs if not any(a < cut <= b for cut in cuts_s)]
    usual_s = float(np.median([s for s, (now, after) in shot if now != after] or [0.0]))
    return sum(now == after and s < MISSED_GAP * usual_s for s, (now, after) in shot)


def _supports(track: Track, view: View, side: str, leg: float) -> list[int]:
    """Rows at which the ankle passes under the mid-hip on its way back."""
    ahead = view.facing * (track.point(f"{side}_ankle") - c.either(track, "hip"))[:, 0] / leg
    turns = alternations(ahead, track.t_s, MIN_REACH_LEGS, SHORTEST_STEP_S)
    low = track.point(f"{side}_ankle")[:, 1] > track.point(f"{other_side(side)}_ankle")[:, 1]
    trunk = c.trunk_angle(track, view)
    runs = ~((trunk < RUNS_DEG[0]) | (trunk > RUNS_DEG[1]))
    rows: list[int] = []
    for (front, sign), (rear, _) in pairwise(turns):
        part = ahead[front : rear + 1]
        if sign < 0 or not np.isfinite(part).all() or part[-1] > 0:
            continue
        behind = int(np.argmax(part <= 0))
        at = front + behind - int(behind > 0 and part[behind - 1] < -part[behind])
        if low[at] and runs[at]:
            rows.append(at)
    return rows


def _contact(track: Track, side: str, support: int, leg: float) -> tuple[int | None, int, int | None]:
    """Touch-down, full support and toe-off of the stance around ``support``."""
    t = track.t_s
    toe, heel = (track.on_ground(f"{side}_{part}")[:, 1] for part in ("toe", "heel"))
    toe_rests, heel_rests = _lowest(toe, t, support, TOE_RESTS_S), _lowest(heel, t, support, HEEL_RESTS_S)
    if toe_rests is None or heel_rests is None:
        return None, support, None
    toe_up, heel_up = (
        (float(np.nanmean(y[np.abs(t - t[at]) <= SETTLED_S])) - y) / leg
        for y, at in ((toe, toe_rests), (heel, heel_rests))
    )
    on = _leaves(np.fmin(toe_up, heel_up) + 0 * (toe + heel), t, min(toe_rests, heel_rests, support), -1)
    off = _leaves(toe_up, t, toe_rests, 1)
    if on is None or off is None:
        return on, support, off
    # Down in the picture of full support only, or for ever, is not how a foot carries a runner.
    fits = on < support < off and t[off] - t[on] <= LONGEST_CONTACT_S
    first, second = support - on, off - support
    fits = fits and LEAST_PART * first <= second + 1 and LEAST_PART * second <= first + 1
    return (on, support, off) if fits else (None, support, None)


def _lowest(y: FloatArray, t_s: FloatArray, about: int, within_s: tuple[float, float]) -> int | None:
    """Row of the lowest place in the picture within seconds about a row; None where nothing was seen."""
    first = int(np.searchsorted(t_s, float(t_s[about]) + within_s[0] - 1e-6))
    last = int(np.searchsorted(t_s, float(t_s[about]) + within_s[1] + 1e-6))
    part = np.where(np.isfinite(y[first:last]), y[first:last], -np.inf)
    return first + int(np.argmax(part)) if len(part) and np.isfinite(part).any() else None


def _leaves(up: FloatArray, t_s: FloatArray, row: int, way: int) -> int | None:
    """First row on the ground before ``row`` (``way`` -1) or first off it after (+1), by height ``up``.

    The point is followed until it is clearly up, and back to where it left the ground. Where that took
    longer than a foot takes, it left from the height at which it lay. None where it is lost or never leaves.
    """
    way_up = up[row::way]
    clear = np.flatnonzero((way_up > CLEAR_LEGS) | ~np.isfinite(way_up))
    if not len(clear) or not np.isfinite(way_up[clear[0]]):
        return None
    end = int(clear[0])
    down = np.flatnonzero(way_up[:end] <= RISE_LEGS)
    if not len(down):
        return None
    last = int(down[-1])
    before = np.flatnonzero(np.abs(t_s[row::way][:end] - t_s[row::way][end]) > LONGEST_RISE_S)
    if len(before) and before[-1] > last:
        lay = float(np.median(way_up[last : before[-1] + 1]))
        last = int(np.flatnonzero(way_up[:end] <= lay + RISE_LEGS)[-1])
    return row - last if way < 0 else row + last + 1


# --------------------------------------------------------------------------- the kinogram


def kinogram(track: Track, view: View, cycles: Sequence[Cycle]) -> tuple[Kinogram, ...]:
    """The five pictures of each step: those of the flight that leads to it, touch-down, full support."""
    made: list[Kinogram] = []
    for i, cycle in enumerate(cycles):
        before = cycles[i - 1] if i and cycles[i - 1].end == cycle.start else None
        on = cycle.start if cycle.off is not None else None
        off = None if before is None else before.off
        high = None if off is None or on is None else _highest(track, off, on)
        rows = {
            "toe_off": off,
            "max_flight": high,
            "strike": None if on is None else _strike(track, view, cycle.side or "left", high, on),
            "touch_down": on,
            "full_support": cycle.turn,
        }
        made.append(
            Kinogram(
                side=cycle.side or "left",
                step=i,
                frames={name: None if row is None else int(track.index[row]) for name, row in rows.items()},
                t_s={name: None if row is None else float(track.t_s[row]) for name, row in rows.items()},
            )
        )
    return tuple(made)


def _highest(track: Track, off: int, on: int) -> int | None:
    """Row of flight in which the mid-hip is highest against the background.

    Highest where the foot leaves or lands it cannot be: there the background was followed badly, and the
    middle is taken, where a body in free fall is highest between two equal heights.
    """
    if on - off < 2:
        return None
    hip = c.either(track, "hip")[off : on + 1, 1]
    if track.camera_px is not None:
        hip = hip - track.camera_px[off : on + 1, 1]
    if not np.isfinite(hip).any():
        return None
    at = int(np.nanargmin(hip))
    return off + (at if 0 < at < on - off else (on - off) // 2)


def _strike(track: Track, view: View, side: str, high: int | None, on: int) -> int | None:
    """Row between highest flight and touch-down at which the shank is farthest forward."""
    first = high if high is not None else int(np.searchsorted(track.t_s, float(track.t_s[on]) - FLIGHT_S))
    shin = kin.forward_lean_deg(track.point(f"{side}_ankle"), track.point(f"{side}_knee"), view.facing)
    part = shin[first : on + 1]
    return first + int(np.nanargmin(part)) if np.isfinite(part).any() else None
