"""Bird-dog, on hands and knees: from the side."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from vision import kinematics as kin
from vision.events import RepRule
from vision.movements import common as c
from vision.movements import oneleg
from vision.movements.base import Cut, Measure, Movement, Posture, Scene
from vision.movements.table import load_table
from vision.types import SIDES, Curve, FloatArray, Measurement, Plane, Track, View

MIN_LIFT_DEG: Final = 25.0
"""Least turn of the line from hip to ankle that is a repetition (assumed; to level it is 45)."""

DOWN: Final = np.array([0.0, 1.0])


def look(track: Track, view: View) -> View:
    """The view without a roll: what is level in other bodies slopes on hands and knees."""
    return replace(view, roll_deg=0.0, roll_sd_deg=2.5) if np.isfinite(view.roll_deg) else view


def _lifted(track: Track, side: str) -> FloatArray:
    """Slope ``(T,)`` deg of the line from hip to ankle from the level, + ankle higher."""
    v = track.point(f"{side}_ankle") - track.point(f"{side}_hip")
    return np.degrees(np.arctan2(-v[:, 1], np.abs(v[:, 0])))


def cut(track: Track, view: View) -> Cut:
    """Repetitions by the lift of either leg."""
    rule = RepRule(min_rise=MIN_LIFT_DEG)
    return Cut(oneleg.by_leg({s: _lifted(track, s) for s in SIDES}, track.t_s, rule))


def _line(track: Track, side: str) -> FloatArray:
    return kin.past_straight_deg(
        c.either(track, "shoulder"), c.either(track, "hip"), track.point(f"{side}_knee"), DOWN
    )


def _sd(scene: Scene, side: str | None, *lengths: float) -> float:
    far = 0.0 if side == scene.side else oneleg.FAR_SD_DEG
    return float(np.sqrt(far**2 + sum(scene.noise_deg(length) ** 2 for length in lengths)))


def leg_line(scene: Scene, side: str | None) -> Measurement:
    """Trunk and lifted thigh at the top: 0 in line, - leg low, + leg higher than the trunk's line."""
    assert side is not None
    sd = _sd(scene, side, scene.trunk_px, scene.leg_px / 2)
    return c.at_turn(scene, _line(scene.track, side), sd, f"{side}_knee", f"{side}_hip")


def arm_line(scene: Scene, side: str | None) -> Measurement:
    """How far the arm of the other side, shoulder to wrist, is from the line of the trunk at the top."""
    arm = oneleg.free_side(side)
    shoulder, wrist = scene.track.point(f"{arm}_shoulder"), scene.track.point(f"{arm}_wrist")
    off = 180.0 - kin.interior_deg(c.either(scene.track, "hip"), shoulder, wrist)
    return c.at_turn(scene, off, _sd(scene, side, scene.trunk_px, scene.trunk_px), f"{arm}_wrist")


def trunk_turn(scene: Scene, side: str | None) -> Measurement:
    """How far the trunk's slope changes from the start to the top, + shoulders rising."""
    v = c.either(scene.track, "shoulder") - c.either(scene.track, "hip")
    slope = np.degrees(np.arctan2(-v[:, 1], np.abs(v[:, 0])))
    sd = float(np.sqrt(2) * scene.noise_deg(scene.trunk_px))
    return c.at_turn(scene, slope - scene.at_start(slope), sd, "left_shoulder", "left_hip")


def hold_time(scene: Scene, side: str | None) -> Measurement:
    """Seconds that the leg stays at the top."""
    assert side is not None
    return oneleg.time_near_top(scene, _lifted(scene.track, side))


def curves(track: Track, view: View) -> tuple[Curve, ...]:
    """What is plotted over time."""
    if view.plane is not Plane.SAGITTAL:
        return ()
    return tuple(Curve("leg_line", "deg", _line(track, s), s) for s in SIDES)


BIRD_DOG = Movement(
    name="bird_dog",
    table=load_table("bird_dog"),
    cut=cut,
    measures=(
        oneleg.worker("leg_line", leg_line),
        oneleg.worker("arm_line", arm_line),
        oneleg.worker("trunk_turn", trunk_turn),
        Measure("hold_time", oneleg.of_worker(hold_time)),
    ),
    curves=curves,
    cutoff_hz=4.0,
    min_fps=15.0,
    views=(Plane.SAGITTAL,),
    posture=Posture.FOURS,
    moving="ankle",
    look=look,
)
