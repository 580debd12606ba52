"""Walking and running from the front or behind: how far apart thighs, knees and feet are."""

from __future__ import annotations

import numpy as np

from vision.movements import common as c
from vision.movements.base import Scene, seen
from vision.types import Measurement, other_side


def hip_adduction(scene: Scene, side: str | None) -> Measurement:
    """Thigh of the stance leg against the plumb line at mid-stance, + knee towards the midline."""
    thigh = scene.track.point(f"{side}_hip"), scene.track.point(f"{side}_knee")
    inward = -c.left_is(scene.view) if side == "left" else c.left_is(scene.view)
    v = thigh[1] - thigh[0]
    angle = np.degrees(np.arctan2(inward * v[:, 0], v[:, 1]))
    return c.at_turn(scene, angle, scene.noise_deg(scene.leg_px / 2), f"{side}_hip", f"{side}_knee")


def _hip_width(scene: Scene) -> float:
    return float(np.nanmedian(np.abs((scene.track.point("left_hip") - scene.track.point("right_hip"))[:, 0])))


def knee_window(scene: Scene, side: str | None) -> Measurement:
    """Gap between the knees at mid-stance over hip width; 0 or less when they touch or cross."""
    across = (scene.track.point("left_knee") - scene.track.point("right_knee"))[:, 0]
    width = _hip_width(scene)
    window = c.left_is(scene.view) * across / width
    return c.at_turn(scene, window, 2 * scene.noise_px() / width, "left_knee", "right_knee")


def step_width(scene: Scene, side: str | None) -> Measurement:
    """Sideways distance from the stance ankle to where the other one lands, over hip width."""
    t = scene.track
    stance = t.point(f"{side}_ankle")[scene.cycle.turn, 0]
    end = min(scene.cycle.end, len(t) - 1)
    lands = t.point(f"{other_side(side or 'left')}_ankle")[end, 0]
    outward = c.left_is(scene.view) if side == "left" else -c.left_is(scene.view)
    width = _hip_width(scene)
    drift = c.either(t, "hip")[end, 0] - c.either(t, "hip")[scene.cycle.turn, 0]
    value = outward * (stance + drift - lands) / width if width else float("nan")
    return seen(
        float(value),
        2 * scene.noise_px(1.0) / max(width, 1.0),
        end,
        scene.missing("left_ankle", "right_ankle"),
    )
