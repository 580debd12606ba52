"""Romanian deadlift on one leg: from the side of the leg that stands."""

from __future__ import annotations

from typing import Final

import numpy as np

from vision import kinematics as kin
from vision.events import RepRule, find_reps
from vision.movements import common as c
from vision.movements import hinge, oneleg
from vision.movements.base import Cut, Movement, Scene
from vision.movements.table import load_table
from vision.types import Curve, FloatArray, Measurement, Plane, Track, View

MIN_DROP: Final = 0.13
"""Least fall of the shoulders, in standing shoulder heights: about 40 degrees of hip flexion."""

DOWN: Final = np.array([0.0, 1.0])


def _stoop(track: Track) -> FloatArray:
    """Fall ``(T,)`` of the shoulders over the lower foot, in standing shoulder heights."""
    height = oneleg.height_over_floor(track, "shoulder")
    seen_rows = height[np.isfinite(height)]
    return 1.0 - height / float(np.percentile(seen_rows, 95)) if len(seen_rows) else height


def cut(track: Track, view: View) -> Cut:
    """Repetitions by the fall of the shoulders; the leg that works is the one that stands."""
    found = find_reps(_stoop(track), track.t_s, RepRule(min_rise=MIN_DROP))
    return Cut(oneleg.sided(found, track, oneleg.standing_side))


def _free_line(track: Track, side: str) -> FloatArray:
    free = oneleg.free_side(side)
    return kin.past_straight_deg(
        c.either(track, "shoulder"), c.either(track, "hip"), track.point(f"{free}_knee"), DOWN
    )


def free_leg_line(scene: Scene, side: str | None) -> Measurement:
    """Trunk and free thigh at the turn: 0 in line, - the thigh hangs, + it is higher than the trunk."""
    assert side is not None
    noise = np.hypot(scene.noise_deg(scene.trunk_px), scene.noise_deg(scene.leg_px / 2))
    sd = float(np.hypot(noise, oneleg.FAR_SD_DEG))
    return c.at_turn(scene, _free_line(scene.track, side), sd, f"{oneleg.free_side(side)}_knee")


def curves(track: Track, view: View) -> tuple[Curve, ...]:
    """What is plotted over time."""
    if view.plane is not Plane.SAGITTAL:
        return (Curve("stoop", "% of standing height", 100 * _stoop(track)),)
    near = view.near_side or "left"
    return (
        Curve("hip_flexion", "deg", c.hip_flexion(track, view), near),
        Curve("knee_flexion", "deg", c.knee_flexion(track, view), near),
        Curve("free_leg_line", "deg", _free_line(track, near), near),
    )


SINGLE_LEG_RDL = Movement(
    name="single_leg_rdl",
    table=load_table("single_leg_rdl"),
    cut=cut,
    measures=(
        oneleg.near("shin_angle", hinge.shin_angle),
        oneleg.near("knee_flexion", hinge.knee_flexion),
        oneleg.near("hip_flexion", hinge.hip_flexion),
        oneleg.near("free_leg_line", free_leg_line),
        oneleg.near("spine_rounding", hinge.spine_rounding),
        oneleg.near("neck_angle", hinge.neck_angle),
    ),
    curves=curves,
    cutoff_hz=5.0,
    min_fps=15.0,
    views=(Plane.SAGITTAL,),
)
