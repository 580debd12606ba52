"""Step-up on a box: from the side of the leg that steps first, and from the front."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from vision import kinematics as kin
from vision.events import RepRule, find_reps
from vision.movements import common as c
from vision.movements import oneleg, squat
from vision.movements.base import Cut, Movement, Scene, seen
from vision.movements.table import load_table
from vision.types import SIDES, Curve, Cycle, FloatArray, Measurement, Plane, Track, View

MIN_RISE_LEGS: Final = 0.15
"""Least rise of the hips, in leg lengths, that is a repetition: about 12 cm."""

LOADED: Final = 0.2
"""Share of the hips' rise at which the leg on the box carries the body and is still bent (assumed)."""

ON_BOX_LEGS: Final = 0.1
"""Least height of one ankle over the other, in leg lengths, that says which foot is on the box."""


def _risen(track: Track) -> FloatArray:
    """Rise ``(T,)`` of the hips over their lowest, in leg lengths; for a camera that stands."""
    height = -c.either(track, "hip")[:, 1]
    seen_rows = height[np.isfinite(height)]
    return (height - np.percentile(seen_rows, 5)) / c.leg_px(track) if len(seen_rows) else height


def _first_side(track: Track, cycle: Cycle) -> str | None:
    """The side whose foot is on the box while the hips rise."""
    up = _risen(track)[cycle.start : cycle.turn + 1]
    share = (up - up[0]) / max(float(up[-1] - up[0]), 1e-6)
    rows = cycle.start + np.flatnonzero((share >= 0.1) & (share <= 0.6))
    left, right = (-track.point(f"{s}_ankle")[rows, 1] for s in SIDES)
    gap = (left - right)[np.isfinite(left - right)]
    if not len(gap) or abs(float(np.median(gap))) < ON_BOX_LEGS * c.leg_px(track):
        return None
    return SIDES[0] if float(np.median(gap)) > 0 else SIDES[1]


def cut(track: Track, view: View) -> Cut:
    """Repetitions by the rise of the hips; the leg that works is the one that steps first."""
    found = find_reps(_risen(track), track.t_s, RepRule(min_rise=MIN_RISE_LEGS))
    return Cut(oneleg.sided(found, track, _first_side))


def _loaded(of: oneleg.Of) -> oneleg.Of:
    """The measure taken where the leg on the box has begun to carry the body, not at the top."""

    def measure(scene: Scene, side: str | None) -> Measurement:
        k = scene.cycle
        up = _risen(scene.track)[k.start : k.turn + 1]
        share = (up - up[0]) / max(float(up[-1] - up[0]), 1e-6)
        row = k.start + int(np.argmax(np.nan_to_num(share, nan=0.0) >= LOADED))
        return of(replace(scene, cycle=replace(k, turn=row)), side)

    measure.__doc__ = of.__doc__
    return measure


def _against_top(of: oneleg.Of) -> oneleg.Of:
    """The measure where the leg is loaded, less the same on top.

    Not less the start, when the trunk already leans for the foot to go on the box.
    """
    loaded = _loaded(of)

    def measure(scene: Scene, side: str | None) -> Measurement:
        bent, top = loaded(scene, side), of(scene, side)
        if not isinstance(bent.value, float) or not isinstance(top.value, float):
            return bent if bent.value is None else top
        return replace(bent, value=bent.value - top.value)

    measure.__doc__ = of.__doc__
    return measure


def push_off(scene: Scene, side: str | None) -> Measurement:
    """How far the rear ankle extends from the start to half of the rise."""
    free = oneleg.free_side(side)
    knee, ankle, toe = (scene.track.point(f"{free}_{p}") for p in ("knee", "ankle", "toe"))
    angle = kin.interior_deg(knee, ankle, toe)
    k = scene.cycle
    rows = np.arange(k.start, (k.start + k.turn) // 2 + 1)
    if np.isfinite(angle[rows]).mean() < 0.6:
        return oneleg.unseen(scene.missing(f"{free}_ankle", f"{free}_toe"))
    top = int(rows[np.nanargmax(angle[rows])])
    sd = float(np.sqrt(2) * scene.noise_deg(0.2 * scene.leg_px))
    return seen(float(angle[top]) - scene.at_start(angle), sd, top, "not seen before the step")


def curves(track: Track, view: View) -> tuple[Curve, ...]:
    """What is plotted over time."""
    rise = Curve("hips_raised", "% of leg length", 100 * _risen(track))
    if view.plane is not Plane.SAGITTAL:
        return (rise,)
    return (rise, Curve("trunk_angle", "deg", c.trunk_angle(track, view), view.near_side))


STEP_UP = Movement(
    name="step_up",
    table=load_table("step_up"),
    cut=cut,
    measures=(
        oneleg.worker("shin_inward", _loaded(oneleg.shin_inward)),
        oneleg.worker("trunk_lean", _against_top(oneleg.trunk_lean)),
        oneleg.worker("pelvis_level", _against_top(oneleg.pelvis_level)),
        oneleg.near("trunk_angle", _loaded(squat.trunk_angle)),
        oneleg.near("knee_flexion", _loaded(squat.knee_flexion)),
        oneleg.near("push_off", push_off),
    ),
    curves=curves,
    cutoff_hz=5.0,
    min_fps=15.0,
    views=(Plane.SAGITTAL, Plane.FRONTAL),
    moving="hip",
    travels=True,
)
