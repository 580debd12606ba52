"""What all bridges share: the lift of the hips, and the angles of trunk, thigh and shin at the top."""

from __future__ import annotations

from typing import Final

import numpy as np

from vision import kinematics as kin
from vision.movements import common as c
from vision.movements.base import Scene
from vision.types import FloatArray, Measurement, Track, View

MIN_LIFT_TRUNKS: Final = 0.25
"""Least rise of the hip off the shoulder-foot line, in trunk lengths, that is a repetition."""

UP: Final = np.array([0.0, -1.0])


def feet(track: Track) -> FloatArray:
    """Path ``(T, 2)`` px of the feet, or of the knees where the feet are out of the picture."""
    foot = c.either(track, "ankle")
    if np.isfinite(foot).all(axis=1).mean() < 0.4:  # the knees' height serves, it hardly changes
        return c.either(track, "knee")
    return foot


def lift(track: Track, foot: FloatArray) -> FloatArray:
    """Height ``(T,)`` of the hips above the line from shoulders to planted ``foot``, in trunk lengths."""
    shoulder, hip = c.either(track, "shoulder"), c.either(track, "hip")
    if not np.isfinite(foot).all(axis=1).any():
        return np.full(len(track), np.nan)
    foot = np.nanmedian(foot, axis=0)
    line = foot - shoulder
    unit = line / np.maximum(kin.length_px(foot, shoulder), 1.0)[:, None]
    normal = np.stack([unit[:, 1], -unit[:, 0]], axis=1)
    normal *= np.sign(normal @ UP)[:, None]
    return np.sum((hip - shoulder) * normal, axis=1) / c.trunk_px(track)


def extension(track: Track, view: View) -> FloatArray:
    """Angle ``(T,)`` deg at the near hip: 0 where shoulder, hip and knee are in line, + past it."""
    side = view.near_side or "left"
    hip, knee, shoulder = (track.point(f"{side}_{p}") for p in ("hip", "knee", "shoulder"))
    return kin.past_straight_deg(shoulder, hip, knee, UP)


def _knee_flexion(track: Track, view: View) -> FloatArray:
    side = view.near_side or "left"
    return 180.0 - kin.interior_deg(*(track.point(f"{side}_{p}") for p in ("hip", "knee", "ankle")))


def shin(track: Track, view: View) -> FloatArray:
    """Lean ``(T,)`` deg of the near shin, + knee towards the feet's side."""
    side = view.near_side or "left"
    # lying on the back the feet point away from the head: the standing "forward" is towards the feet
    return kin.forward_lean_deg(
        track.point(f"{side}_ankle"), track.point(f"{side}_knee"), _towards_feet(track)
    )


def _towards_feet(track: Track) -> float:
    """+1 when the feet lie to image right of the shoulders, else -1."""
    gap = (c.either(track, "knee") - c.either(track, "shoulder"))[:, 0]
    return 1.0 if np.nansum(gap) > 0 else -1.0


def hip_extension(scene: Scene, side: str | None) -> Measurement:
    """Shoulder-hip-knee angle at lockout: 0 straight, + past it, - short of it."""
    sd = np.hypot(scene.noise_deg(scene.trunk_px), scene.noise_deg(scene.leg_px / 2))
    points = (f"{scene.side}_{p}" for p in ("shoulder", "hip", "knee"))
    return c.at_turn(scene, extension(scene.track, scene.view), float(sd), *points)


def knee_flexion(scene: Scene, side: str | None) -> Measurement:
    """Knee flexion at lockout; about 90, or about 135 in a variant that spares the hamstrings."""
    sd = scene.noise_deg(scene.leg_px / 2) * np.sqrt(2)
    points = (f"{scene.side}_{p}" for p in ("hip", "knee", "ankle"))
    return c.at_turn(scene, _knee_flexion(scene.track, scene.view), float(sd), *points)


def shin_angle(scene: Scene, side: str | None) -> Measurement:
    """Shin at lockout from the vertical, + knee towards the feet's side."""
    sd = float(np.hypot(scene.noise_deg(scene.leg_px / 2), scene.view.roll_sd_deg))
    points = (f"{scene.side}_{p}" for p in ("knee", "ankle"))
    return c.at_turn(scene, shin(scene.track, scene.view), sd, *points)
