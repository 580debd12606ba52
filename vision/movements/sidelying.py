"""What movements on the side share: the view of somebody who lies, and the lift of the upper leg.

The camera faces the front or the back of the body: the picture shows the frontal plane, turned by a
quarter. Which side lies on top, and so which leg is lifted, is told by the shoulders.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from vision.movements import common as c
from vision.movements.base import Scene, seen, unseen
from vision.types import SIDES, FloatArray, Measurement, Plane, Track, View, other_side

STACKED: Final = (0.35, 0.95)
"""Distance of the shoulders up and down the picture, in trunk lengths as seen, of somebody who lies on
the side square to the camera. Bodies have 0.72; turned away from the camera the trunk looks shorter, on
the back the shoulders hide each other."""

YAW_SD_DEG: Final = 12.0
"""How far from square somebody lies whose shoulders pass that test (assumed)."""

ROLL_SD_DEG: Final = 2.5
LEVEL_DEG: Final = 50.0
"""Trunk against the level, up to which somebody lies."""

NO_LEVEL: Final = "not visible without stickers: the pose model's hip line hardly follows the pelvis"


def look(track: Track, view: View) -> View:
    """The view of somebody on the side: frontal, from the front or rear; else as estimated.

    The general estimate turns about the body's length, which lies level here, and would be noise.
    """
    across = track.point("left_shoulder") - track.point("right_shoulder")
    trunk = c.either(track, "shoulder") - c.either(track, "hip")
    rows = np.isfinite(across + trunk).all(axis=1)
    if rows.sum() < 3:
        return view
    gap, along = np.median(across[rows], axis=0), np.median(trunk[rows], axis=0)
    length = float(np.hypot(*along))
    steep = float(np.degrees(np.arctan2(-along[1], abs(along[0]))))
    if length <= 0 or steep > LEVEL_DEG or not STACKED[0] <= abs(gap[1]) / length <= STACKED[1]:
        return view
    # a head to image left puts the left shoulder of somebody seen from the front on top
    front = (along[0] < 0) == (gap[1] < 0)
    return View(
        Plane.FRONTAL, "front" if front else "rear", 0.0, YAW_SD_DEG, 0.0, ROLL_SD_DEG, view.confidence
    )


def upper_side(track: Track) -> str:
    """The side that lies on top."""
    gap = (track.point("left_shoulder") - track.point("right_shoulder"))[:, 1]
    gap = gap[np.isfinite(gap)]
    return SIDES[0] if len(gap) and float(np.median(gap)) < 0 else SIDES[1]


def _off_trunk_deg(track: Track, side: str) -> FloatArray:
    """Angle ``(T,)`` deg of a leg, hip to ankle, off the line of the trunk, + upwards in the picture."""
    leg = track.point(f"{side}_ankle") - track.point(f"{side}_hip")
    trunk = c.either(track, "hip") - c.either(track, "shoulder")
    cross = trunk[:, 0] * leg[:, 1] - trunk[:, 1] * leg[:, 0]
    angle = np.degrees(np.arctan2(cross, np.sum(trunk * leg, axis=1)))
    along = trunk[np.isfinite(trunk[:, 0]), 0]
    # y is down: with the feet to image right, upwards is against the clock
    return -angle * (1.0 if not len(along) or np.median(along) >= 0 else -1.0)


def lifted_deg(track: Track) -> FloatArray:
    """Angle ``(T,)`` deg of the upper leg off the line of the trunk, + upwards."""
    return _off_trunk_deg(track, upper_side(track))


def abduction(scene: Scene, side: str | None) -> Measurement:
    """Lift of the upper leg at the turn against the trunk, less the start."""
    if side != upper_side(scene.track):
        return unseen("the lower leg lies")
    angle = lifted_deg(scene.track)
    value = scene.at_turn(angle) - scene.at_start(angle)
    jitter = np.hypot(scene.noise_deg(scene.leg_px), scene.noise_deg(scene.trunk_px))
    psi = np.radians(np.hypot(scene.view.yaw_deg, scene.view.yaw_sd_deg))
    # turned away, the length of the body looks shorter and the lift steeper
    yaw = abs(np.sin(2 * np.radians(value))) / 2 * (1 - np.cos(psi)) if np.isfinite(value) else 0.0
    sd = float(np.hypot(jitter, np.degrees(yaw)))
    why = scene.missing(f"{side}_hip", f"{side}_ankle", "left_shoulder", rows=scene.rest)
    return seen(value, sd, scene.cycle.turn, why)


def pelvic_hike(scene: Scene, side: str | None) -> Measurement:
    """Turn of the pelvis against the trunk: without stickers it is not to be seen."""
    return unseen(NO_LEVEL)


def body_line_deg(track: Track) -> FloatArray:
    """Angle ``(T,)`` deg between trunk and lower leg, hip to ankle: 0 in line, - hips sagging."""
    return _off_trunk_deg(track, other_side(upper_side(track)))
