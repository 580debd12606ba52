"""What movements that work one leg share: which leg it is, the fall of the hips over it, and its measures.

The leg that works is ``side`` of the repetition. A side view measures it where it is the nearer one;
the far leg is hidden behind the near one half the time, and what is measured there is not its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from vision import kinematics as kin
from vision.events import RepRule, find_reps
from vision.movements import common as c
from vision.movements import pelvis, pelvis_eye, squat
from vision.movements.base import Measure, Scene, seen, unseen
from vision.types import SIDES, Cycle, FloatArray, Measurement, Track, other_side

Of = Callable[[Scene, str | None], Measurement]
Which = Callable[[Track, Cycle], str | None]

NOT_CLEAR: Final = "which leg worked is not clear"
FAR_LEG: Final = "this leg was the far one: film from its own side"
NO_LEVEL: Final = "not visible without stickers: the pose model's hip line hardly follows the pelvis"

LIFTED_LEGS: Final = 0.05
"""Least height of one ankle over the other, in leg lengths, that says which foot is off the floor."""

FAR_SD_DEG: Final = 5.0
"""What an angle of the far leg is known less well by, where it is lifted clear of the body (assumed)."""

UPRIGHT_LEGS: Final = 0.1
"""Least difference of the shins' heights, in leg lengths, that says which leg is in front."""

STANDS_LEGS: Final = 0.3
"""Height in leg lengths from which a shin stands; a shin is some 0.45 long."""


# ------------------------------------------------------------------------------ which leg


def sided(cycles: Sequence[Cycle], track: Track, which: Which) -> tuple[Cycle, ...]:
    """The repetitions with the leg that worked; None where it is not clear."""
    return tuple(replace(k, side=which(track, k)) for k in cycles)


def _higher(left: FloatArray, right: FloatArray, least: float) -> str | None:
    """The side whose values are larger in the median, by ``least`` at least."""
    gap = (left - right)[np.isfinite(left - right)]
    if not len(gap) or abs(float(np.median(gap))) < least:
        return None
    return SIDES[0] if float(np.median(gap)) > 0 else SIDES[1]


def about_turn(track: Track, cycle: Cycle, share: float = 0.25) -> slice:
    """Rows about the turn: ``share`` of the way to either end."""
    first = cycle.turn - int(share * (cycle.turn - cycle.start))
    return slice(first, max(cycle.turn + int(share * (cycle.end - cycle.turn)), first + 1))


def standing_side(track: Track, cycle: Cycle) -> str | None:
    """The side whose foot stays on the floor: its ankle is the lower one about the turn."""
    rows = about_turn(track, cycle)
    left, right = (track.point(f"{s}_ankle")[rows, 1] for s in SIDES)
    return _higher(left, right, LIFTED_LEGS * c.leg_px(track))


def front_side(track: Track, cycle: Cycle) -> str | None:
    """The side in front at the bottom of a lunge: its shin stands, the other one lies or hangs back.

    Holds from any side and for a rear foot on a bench. A rear foot that is hidden leaves the thighs to tell
    it: the front one is the flatter.
    """
    rows, least = about_turn(track, cycle), UPRIGHT_LEGS * c.leg_px(track)
    left, right = (track.point(f"{s}_ankle")[rows, 1] - track.point(f"{s}_knee")[rows, 1] for s in SIDES)
    if np.isfinite(left - right).any():
        return _higher(left, right, least)
    shins = {"left": left, "right": right}
    one, other = (track.point(f"{s}_hip")[rows, 1] - track.point(f"{s}_knee")[rows, 1] for s in SIDES)
    front = _higher(one, other, least)
    stands = front is not None and bool(np.nanmax(shins[front], initial=0.0) > STANDS_LEGS * c.leg_px(track))
    return front if stands else None


# ------------------------------------------------------------------------------ signals


def floor_px(track: Track) -> FloatArray:
    """Row ``(T,)`` px of the lower ankle, or of the one that was seen."""
    return np.fmax(*(track.point(f"{s}_ankle")[:, 1] for s in SIDES))


def height_over_floor(track: Track, part: str) -> FloatArray:
    """Height ``(T,)`` px of ``part`` over the lower ankle."""
    return floor_px(track) - c.either(track, part)[:, 1]


def sunk_legs(track: Track) -> FloatArray:
    """Fall ``(T,)`` of the hips below standing, over the lower ankle, in leg lengths."""
    return c.drop(height_over_floor(track, "hip")) / c.leg_px(track)


def fallen_legs(track: Track) -> FloatArray:
    """Fall ``(T,)`` of the hips in the picture below their upright height, in leg lengths.

    Without the feet: one that steps towards the camera sinks in the picture. For a camera that stands.
    """
    return c.drop(-c.either(track, "hip")[:, 1]) / c.leg_px(track)


def by_leg(signals: Mapping[str, FloatArray], t_s: FloatArray, rule: RepRule) -> tuple[Cycle, ...]:
    """Repetitions of signals of the left and the right leg, in order of time.

    Where both legs seem to move at once, the one whose signal rises more has it.
    """
    found = [
        (float(signal[k.turn] - min(signal[k.start], signal[k.end - 1])), replace(k, side=side))
        for side, signal in signals.items()
        for k in find_reps(signal, t_s, rule)
    ]
    kept: list[Cycle] = []
    for _, cycle in sorted(found, key=lambda f: -np.nan_to_num(f[0])):
        if all(cycle.end <= k.start or cycle.start >= k.end or not _same(cycle, k) for k in kept):
            kept.append(cycle)
    return tuple(sorted(kept, key=lambda k: k.turn))


def _same(one: Cycle, other: Cycle) -> bool:
    """Whether the turn of one lies inside the other."""
    return other.start <= one.turn < other.end or one.start <= other.turn < one.end


# ------------------------------------------------------------------------------ measures


def of_worker(of: Of) -> Of:
    """The measure, where it is clear which leg worked."""

    def measure(scene: Scene, side: str | None) -> Measurement:
        return unseen(NOT_CLEAR) if scene.cycle.side is None else of(scene, side)

    measure.__doc__ = of.__doc__
    return measure


def of_near(of: Of) -> Of:
    """The measure of a side view, where the leg that worked is the near one."""

    def measure(scene: Scene, side: str | None) -> Measurement:
        return unseen(FAR_LEG) if side != scene.side else of(scene, side)

    measure.__doc__ = of.__doc__
    return of_worker(measure)


def near(name: str, of: Of) -> Measure:
    """A named measure of the near, working leg."""
    return Measure(name, of_near(of))


def worker(name: str, of: Of) -> Measure:
    """A named measure of the working leg, from the front or rear."""
    return Measure(name, of_worker(of))


def to_own_side(value: float, side: str | None) -> float:
    """A value that is + to the athlete's left, as + towards ``side``."""
    return -value if side == "right" else value


def trunk_lean(scene: Scene, side: str | None) -> Measurement:
    """Lean of the trunk to the side at the turn minus the start, + over the leg that works."""
    m = squat.trunk_lean(scene, None)
    return replace(m, value=to_own_side(m.value, side)) if isinstance(m.value, float) else m


def pelvis_level(scene: Scene, side: str | None) -> Measurement:
    """How far the free side of the pelvis sinks at the turn against the start: from stickers or network."""
    look = pelvis_eye.slope(scene.track, scene.view, pelvis_eye.BEND_TRUST)
    if look is None or pelvis.across(scene.track):
        return pelvis_level_by_stickers(scene, side)
    m = pelvis_eye.obliquity(scene, look)
    return replace(m, value=to_own_side(m.value, side)) if isinstance(m.value, float) else m


def pelvis_level_by_stickers(scene: Scene, side: str | None) -> Measurement:
    """The same from stickers, or not: no network was shown people who lie."""
    names = pelvis.across(scene.track)
    if names is None:
        return unseen(NO_LEVEL)
    m = pelvis.obliquity(scene, names)
    return replace(m, value=to_own_side(m.value, side)) if isinstance(m.value, float) else m


def shin_inward(scene: Scene, side: str | None) -> Measurement:
    """Shin of the working leg from the front at the turn, + knee towards the other leg, from upright."""
    assert side is not None
    ankle, knee = scene.track.point(f"{side}_ankle"), scene.track.point(f"{side}_knee")
    lean = kin.sideways_lean_deg(ankle, knee, c.left_is(scene.view))
    inward = -lean if side == "left" else lean
    length = scene.at_turn(kin.length_px(ankle, knee))
    # a knee ahead of the foot swings sideways in the picture of a camera that stands off the middle
    ahead = np.sqrt(max(0.0, (scene.leg_px / 2) ** 2 - length**2)) if np.isfinite(length) else 0.0
    turned = np.sin(np.radians(np.hypot(scene.view.yaw_deg, scene.view.yaw_sd_deg)))
    swing = np.degrees(np.arctan2(max(float(ahead), 0.2 * scene.leg_px / 2) * turned, max(length, 1.0)))
    sd = float(np.sqrt(scene.noise_deg(length) ** 2 + swing**2 + scene.view.roll_sd_deg**2))
    return c.at_turn(scene, inward, sd, f"{side}_knee", f"{side}_ankle")


def time_near_top(scene: Scene, signal: FloatArray, share: float = 0.85) -> Measurement:
    """Seconds that ``signal (T,)`` stays within ``share`` of its rise at the turn."""
    t, k = scene.track.t_s, scene.cycle
    part = signal[k.start : k.end]
    if not np.isfinite(part).any() or not np.isfinite(signal[k.turn]):
        return unseen(scene.missing("left_hip", "right_hip"))
    low = float(np.nanmin(part))
    above = part >= low + share * (float(signal[k.turn]) - low)
    step = float(np.median(np.diff(t)))
    return seen(float(np.count_nonzero(above)) * step, step, k.turn, "not seen")


def free_side(side: str | None) -> str:
    """The leg that does not carry."""
    return other_side(side or "left")
