"""Bridge on one leg: from the side for extension and hold, from the foot's end for the pelvis."""

from __future__ import annotations

from typing import Final

import numpy as np

from vision.events import RepRule, find_reps
from vision.movements import common as c
from vision.movements import oneleg, supine
from vision.movements.base import Cut, Measure, Movement, Posture, Scene
from vision.movements.table import load_table
from vision.types import SIDES, Curve, FloatArray, Measurement, Plane, Track, View

SHOULDERS_TRUNKS: Final = 0.72
"""Width of the shoulders in trunk lengths, median of the truth clips: the trunk's own length is not to
be seen from its end."""


def _planted(track: Track) -> FloatArray:
    """Path ``(T, 2)`` px of the lower ankle, the one that stands."""
    left, right = (track.point(f"{s}_ankle") for s in SIDES)
    lower = np.where((left[:, 1] >= right[:, 1])[:, None], left, right)
    return np.where(np.isfinite(left + right).all(axis=1, keepdims=True), lower, c.either(track, "ankle"))


def _lift(track: Track, view: View) -> FloatArray:
    """Lift ``(T,)`` of the hips in trunk lengths; seen from an end, as their rise in the picture."""
    if view.plane is not Plane.FRONTAL:
        return supine.lift(track, _planted(track))
    width = np.abs(track.point("left_shoulder") - track.point("right_shoulder"))[:, 0]
    width = width[np.isfinite(width)]
    trunk = float(np.percentile(width, 90)) / SHOULDERS_TRUNKS if len(width) else float("nan")
    height = -c.either(track, "hip")[:, 1]
    seen = height[np.isfinite(height)]
    return (height - np.percentile(seen, 5)) / trunk if len(seen) else height


def cut(track: Track, view: View) -> Cut:
    """Repetitions by the lift of the hips; the leg that works is the one whose foot stays down."""
    found = find_reps(_lift(track, view), track.t_s, RepRule(min_rise=supine.MIN_LIFT_TRUNKS))
    return Cut(oneleg.sided(found, track, oneleg.standing_side))


def hold_time(scene: Scene, side: str | None) -> Measurement:
    """Seconds that the hips stay at the top."""
    return oneleg.time_near_top(scene, _lift(scene.track, scene.view))


def curves(track: Track, view: View) -> tuple[Curve, ...]:
    """What is plotted over time."""
    lift = Curve("hip_lift", "% of trunk length", 100 * _lift(track, view))
    if view.plane is not Plane.SAGITTAL:
        return (lift,)
    return (Curve("hip_extension", "deg", supine.extension(track, view), view.near_side), lift)


SINGLE_LEG_BRIDGE = Movement(
    name="single_leg_bridge",
    table=load_table("single_leg_bridge"),
    cut=cut,
    measures=(
        oneleg.near("hip_extension", supine.hip_extension),
        oneleg.near("knee_flexion", supine.knee_flexion),
        oneleg.near("shin_angle", supine.shin_angle),
        Measure("hold_time", oneleg.of_worker(hold_time)),
        oneleg.worker("pelvis_level", oneleg.pelvis_level_by_stickers),
    ),
    curves=curves,
    cutoff_hz=4.0,
    min_fps=15.0,
    views=(Plane.SAGITTAL, Plane.FRONTAL),
    posture=Posture.SUPINE,
    moving="hip",
    detected=True,
)
