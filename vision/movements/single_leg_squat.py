"""Squat on one leg: from the front for knee and trunk, from the side of the leg that works for depth."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from vision import kinematics as kin
from vision.events import RepRule, find_reps
from vision.movements import common as c
from vision.movements import oneleg, squat
from vision.movements.base import Cut, Movement, Scene
from vision.movements.table import load_table
from vision.types import SIDES, Curve, Measurement, Plane, Track, View

MIN_DROP_LEGS: Final = 0.07
"""Least fall of the hips over the standing foot, in leg lengths: about 40 degrees of knee flexion."""


def cut(track: Track, view: View) -> Cut:
    """Repetitions by the fall of the hips over the lower foot, which is that of the leg that works."""
    found = find_reps(oneleg.sunk_legs(track), track.t_s, RepRule(min_rise=MIN_DROP_LEGS))
    return Cut(oneleg.sided(found, track, oneleg.standing_side))


def knee_valgus(scene: Scene, side: str | None) -> Measurement:
    """As in a squat; but this knee goes straight ahead, so a turn of the camera shows all of its way.

    Figures 10 degrees off the middle read 18 degrees too much or too little.
    """
    found = squat.knee_valgus(scene, side)
    if not isinstance(found.value, float):
        return found
    hip, knee, ankle = (scene.track.point(f"{side}_{p}") for p in ("hip", "knee", "ankle"))
    half = scene.leg_px / 2
    thigh, shank = (min(scene.at_turn(kin.length_px(*ends)), half) for ends in ((hip, knee), (knee, ankle)))
    ahead = [float(np.sqrt(half**2 - seen_px**2)) for seen_px in (thigh, shank)]
    knee_ahead = (ahead[0] * shank + ahead[1] * thigh) / (thigh + shank)
    aside = knee_ahead * np.sin(np.radians(np.hypot(scene.view.yaw_deg, scene.view.yaw_sd_deg)))
    turned = np.degrees(np.arctan2(aside, thigh) + np.arctan2(aside, shank))
    return replace(found, sd=float(np.hypot(found.sd, turned)))


def knee_past_toe(scene: Scene, side: str | None) -> Measurement:
    """How far the knee lies inward of the toes at the bottom, in % of leg length."""
    assert side is not None
    inward = -c.left_is(scene.view) * (1.0 if side == "left" else -1.0)
    knee, toe = scene.track.point(f"{side}_knee"), scene.track.point(f"{side}_toe")
    past = 100 * inward * (knee - toe)[:, 0] / scene.leg_px
    jitter = 100 * np.sqrt(2) * scene.noise_px() / scene.leg_px
    # the knee is about as far ahead of the ankle as the toes are: what the camera's turn adds is small
    yaw = 100 * 0.1 * np.sin(np.radians(np.hypot(scene.view.yaw_deg, scene.view.yaw_sd_deg)))
    return c.at_turn(scene, past, float(np.hypot(jitter, yaw)), f"{side}_knee", f"{side}_toe")


def curves(track: Track, view: View) -> tuple[Curve, ...]:
    """What is plotted over time."""
    depth = Curve("hips_lowered", "% of leg length", 100 * oneleg.sunk_legs(track))
    if view.plane is Plane.SAGITTAL:
        return (
            Curve("knee_flexion", "deg", c.knee_flexion(track, view), view.near_side),
            Curve("trunk_angle", "deg", c.trunk_angle(track, view), view.near_side),
            depth,
        )
    if view.plane is Plane.FRONTAL:
        return (depth, *(Curve("knee_valgus", "deg", squat.projection(track, s), s) for s in SIDES))
    return (depth,)


SINGLE_LEG_SQUAT = Movement(
    name="single_leg_squat",
    table=load_table("single_leg_squat"),
    cut=cut,
    measures=(
        oneleg.worker("knee_valgus", knee_valgus),
        oneleg.worker("knee_past_toe", knee_past_toe),
        oneleg.worker("trunk_lean", oneleg.trunk_lean),
        oneleg.worker("pelvis_level", oneleg.pelvis_level),
        oneleg.near("knee_flexion", squat.knee_flexion),
        oneleg.near("hip_flexion", squat.hip_flexion),
        oneleg.near("shin_angle", squat.shin_angle),
        oneleg.near("trunk_angle", squat.trunk_angle),
        oneleg.near("heel_rise", c.heel_rise),
    ),
    curves=curves,
    cutoff_hz=5.0,
    min_fps=15.0,
    views=(Plane.FRONTAL, Plane.SAGITTAL),
)
