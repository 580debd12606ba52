"""Wall hinge: the hinge learnt with the back to a wall, which the buttocks go and touch. From the side."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from vision.movements.base import Measure, Scene, unseen
from vision.movements.hinge import HINGE
from vision.movements.table import load_table
from vision.types import Measurement

FIRST: Final = 0.25
"""Share of the way down in which the buttocks are to lead (reference, B2)."""


def butt_leads(scene: Scene, side: str | None) -> Measurement:
    """How much further the hip goes back than the knee forward in the first quarter, in thigh lengths."""
    k, facing = scene.cycle, scene.view.facing
    row = k.start + max(1, round(FIRST * (k.turn - k.start)))
    hip, knee = (facing * scene.near(part)[:, 0] for part in ("hip", "knee"))
    rows = slice(max(row - 1, 0), row + 2)
    back = scene.at_start(hip) - float(np.mean(hip[rows]))
    forward = float(np.mean(knee[rows])) - scene.at_start(knee)
    if not np.isfinite(back + forward):
        return unseen(scene.missing(f"{scene.side}_hip", f"{scene.side}_knee", rows=rows))
    thigh = scene.leg_px / 2
    return Measurement((back - abs(forward)) / thigh, 2 * scene.noise_px() / thigh, row)


_KEPT: Final = (
    "shin_angle",
    "knee_flexion",
    "hip_knee_ratio",
    "hips_back",
    "heel_rise",
    "neck_angle",
    "lockout_trunk",
)

WALL_HINGE = replace(
    HINGE,
    name="wall_hinge",
    table=load_table("wall_hinge"),
    measures=(
        Measure("butt_leads", butt_leads),
        *(m for m in HINGE.measures if m.name in _KEPT),
    ),
    detected=False,
)
