"""When a sprinter's foot lands, carries and leaves, from the side; and the five pictures of a kinogram.

Full support is where the ankle passes under the mid-hip. From there the foot is followed back to where
its toe or heel came down to the height at which they rest, and forward to where the toe leaves it. The
heights are against the background, so that a camera that follows the runner does no harm; where the
background could not be followed there is no touch-down and no toe-off, only full support.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from vision import kinematics as kin
from vision.events import alternations
from vision.movements import common as c
from vision.types import KINOGRAM, SIDES, Cycle, CycleKind, FloatArray, Kinogram, Track, View, other_side

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
    return sorted(found, key=lambda stance: stance.support)


def _supports(track: Track, view: View, side: str, leg: float) -> list[int]:
    """Rows at which the ankle passes under the mid-hip on its way back."""
    ahead = view.facing * (track.point(f"{side}_ankle") - c.either(track, "hip"))[:, 0] / leg
    turns = alternations(ahead, track.t_s, MIN_REACH_LEGS, SHORTEST_STEP_S)
    low = track.point(f"{side}_ankle")[:, 1] > track.point(f"{other_side(side)}_ankle")[:, 1]
    rows: list[int] = []
    for (front, sign), (rear, _) in pairwise(turns):
        part = ahead[front : rear + 1]
        if sign < 0 or not np.isfinite(part).all() or part[-1] > 0:
            continue
        behind = int(np.argmax(part <= 0))
        at = front + behind - int(behind > 0 and part[behind - 1] < -part[behind])
        if low[at]:
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
    """Row of flight in which the mid-hip is highest against the background."""
    hip = c.either(track, "hip")[off : on + 1, 1]
    if track.camera_px is not None:
        hip = hip - track.camera_px[off : on + 1, 1]
    return off + int(np.nanargmin(hip)) if np.isfinite(hip).any() else None


def _strike(track: Track, view: View, side: str, high: int | None, on: int) -> int | None:
    """Row between highest flight and touch-down at which the shank is farthest forward."""
    first = high if high is not None else int(np.searchsorted(track.t_s, float(track.t_s[on]) - FLIGHT_S))
    shin = kin.forward_lean_deg(track.point(f"{side}_ankle"), track.point(f"{side}_knee"), view.facing)
    part = shin[first : on + 1]
    return first + int(np.nanargmin(part)) if np.isfinite(part).any() else None


# --------------------------------------------------------------------------- corrected by hand


_PICTURES_ONLY: Final = ("max_flight", "strike")
"""Pictures from which no number is taken."""


class CorrectionError(ValueError):
    """A frame given by hand that cannot be; one line says what was expected and what came."""


def corrected(
    track: Track, cycles: Sequence[Cycle], frames: Mapping[int, Mapping[str, int]]
) -> tuple[Cycle, ...]:
    """The steps with ``frames`` given by hand: by step its ``toe_off``, ``touch_down``, ``full_support``.

    A step's ``toe_off`` is that of the flight that leads to it, as in the kinogram, and so moves the end
    of the contact before. Raises CorrectionError where a frame is not in the track, a step or picture is
    not known, or the order of a step would break.
    """
    moved = list(cycles)
    for step, given in frames.items():
        if not 0 <= step < len(moved):
            raise CorrectionError(f"expected a step from 0 to {len(moved) - 1}, got {step}")
        for name, frame in given.items():
            row = _row(track, frame)
            if name not in _PICTURES_ONLY:
                _move(track, moved, step, name, row)
    for step, cycle in enumerate(moved):
        rows = [cycle.start, cycle.turn, *([] if cycle.off is None else [cycle.off]), cycle.end]
        if rows != sorted(rows) or cycle.start == cycle.end:
            came = ", ".join(str(int(track.index[min(row, len(track) - 1)])) for row in rows)
            raise CorrectionError(
                "expected touch-down, full support, toe-off and the next touch-down one after the other, "
                f"got frames {came} for step {step}"
            )
    return tuple(moved)


def by_hand(
    track: Track,
    rows: Sequence[Kinogram],
    frames: Mapping[int, Mapping[str, int]],
    before: Mapping[int, tuple[str, ...]],
) -> tuple[Kinogram, ...]:
    """The kinogram with the pictures chosen by hand, which it names; ``before`` were chosen earlier."""
    made: list[Kinogram] = []
    for row in rows:
        given = frames.get(row.step, {})
        times = {name: float(track.t_s[_row(track, frame)]) for name, frame in given.items()}
        chosen = {*before.get(row.step, ()), *given}
        made.append(
            Kinogram(
                row.side,
                row.step,
                {**row.frames, **given},
                {**row.t_s, **times},
                tuple(name for name in KINOGRAM if name in chosen),
            )
        )
    return tuple(made)


def _row(track: Track, frame: int) -> int:
    row = int(np.searchsorted(track.index, frame))
    if row >= len(track) or int(track.index[row]) != frame:
        raise CorrectionError(f"expected a frame in which the athlete was followed, got {frame}")
    return row


def _move(track: Track, cycles: list[Cycle], step: int, name: str, row: int) -> None:
    own = cycles[step]
    follows = step > 0 and cycles[step - 1].end == own.start
    if name == "full_support":
        cycles[step] = replace(own, turn=row)
    elif name == "touch_down":
        cycles[step] = replace(own, start=row)
        if follows:
            cycles[step - 1] = replace(cycles[step - 1], end=row)
    elif name == "toe_off" and follows:
        cycles[step - 1] = replace(cycles[step - 1], off=row)
    else:
        raise CorrectionError(f"expected toe_off, touch_down or full_support, got {name} of step {step}")
