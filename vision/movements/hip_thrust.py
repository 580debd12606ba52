"""Hip thrust, shoulders on a bench: from the side, camera at the height of the bench."""

from __future__ import annotations

import numpy as np

from vision.events import RepRule, find_reps
from vision.movements import bridge, supine
from vision.movements import common as c
from vision.movements.base import Cut, Measure, Movement, Posture, Scene
from vision.movements.table import load_table
from vision.types import Curve, FloatArray, Measurement, Plane, Track, View


def _lift(track: Track) -> FloatArray:
    return supine.lift(track, supine.feet(track))


def cut(track: Track, view: View) -> Cut:
    """Repetitions by the lift of the hips; the turn is the middle of the held top."""
    return Cut(tuple(find_reps(_lift(track), track.t_s, RepRule(min_rise=supine.MIN_LIFT_TRUNKS))))


def _trunk_slope(track: Track) -> FloatArray:
    """Slope ``(T,)`` deg of the trunk from the level, + shoulders higher than hips."""
    v = c.either(track, "shoulder") - c.either(track, "hip")
    return np.degrees(np.arctan2(-v[:, 1], np.abs(v[:, 0])))


def trunk_level(scene: Scene, side: str | None) -> Measurement:
    """Trunk at lockout from the level, + shoulders higher than hips."""
    sd = float(np.hypot(scene.noise_deg(scene.trunk_px), scene.view.roll_sd_deg))
    return c.at_turn(scene, _trunk_slope(scene.track), sd, f"{scene.side}_hip", f"{scene.side}_shoulder")


def curves(track: Track, view: View) -> tuple[Curve, ...]:
    """What is plotted over time."""
    lift = Curve("hip_lift", "% of trunk length", 100 * _lift(track))
    if view.plane is not Plane.SAGITTAL:
        return (lift,)
    return (
        Curve("hip_extension", "deg", supine.extension(track, view)),
        lift,
        Curve("trunk_level", "deg", _trunk_slope(track)),
    )


HIP_THRUST = Movement(
    name="hip_thrust",
    table=load_table("hip_thrust"),
    cut=cut,
    measures=(
        Measure("hip_extension", supine.hip_extension),
        Measure("trunk_level", trunk_level),
        Measure("knee_flexion", supine.knee_flexion),
        Measure("shin_angle", supine.shin_angle),
        Measure("pelvic_tilt", bridge.pelvic_tilt),
    ),
    curves=curves,
    cutoff_hz=4.0,
    min_fps=15.0,
    views=(Plane.SAGITTAL,),
    posture=Posture.SUPINE,
    moving="hip",
    detected=True,
)
