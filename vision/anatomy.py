"""Where a keypoint sits against the joint it is named after.

Seen from the side, BlazePose puts the hip point too near the fold between trunk and thigh, and the
further the hip bends the more so; so thighs look steeper and knees and hips less bent than they are
(others report the knee: JMIR preprint 102399 finds a bias of -5.1 degrees). On rendered bodies of
both sexes the offset is 0.04 trunk lengths when straight and 0.07 at a right angle, with a standard
deviation of 0.035 between bodies, most of it between the sexes (docs/accuracy.md). The mean is taken
off; the rest is in each measure's ``definition_sd``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from vision.kinematics import length_px
from vision.types import SIDES, FloatArray, Plane, Track, View

STRAIGHT_OFFSET: Final = 0.038
"""Offset of the hip point towards the fold, in trunk lengths, with the hip straight."""

FOLD_OFFSET: Final = 0.024
"""What is added per unit of 2 sin(flexion / 2)."""


def with_hip_centres(track: Track, view: View, trunk_px: float) -> Track:
    """The track with both hip points moved back to where the joints are, in side views only."""
    if view.plane is not Plane.SAGITTAL or not np.isfinite(view.facing) or not np.isfinite(trunk_px):
        return track
    xy = track.xy.copy()
    shoulder = track.mid("shoulder")
    near = view.near_side
    for side in SIDES:
        hip = track.point(f"{side}_hip")
        knee = track.point(f"{near}_knee")
        xy[:, track.skeleton.index[f"{side}_hip"]] = hip - trunk_px * _fold_offset(
            shoulder, hip, knee, view.facing
        )
    return replace(track, xy=xy)


def _fold_offset(shoulder: FloatArray, hip: FloatArray, knee: FloatArray, facing: float) -> FloatArray:
    """Vectors ``(T, 2)`` in trunk lengths from the joint to the point; 0 where the knee is not seen."""
    up = (shoulder - hip) / np.maximum(length_px(shoulder, hip), 1.0)[:, None]
    down = (knee - hip) / np.maximum(length_px(knee, hip), 1.0)[:, None]
    # front of an upright trunk and of a hanging thigh, both turned with their segment
    front = facing * np.stack([-up[:, 1] + down[:, 1], up[:, 0] - down[:, 0]], axis=1)
    size = np.linalg.norm(front, axis=1, keepdims=True)
    front = front / np.maximum(size, 1e-6)
    cosine = np.clip(np.sum(up * down, axis=1), -1.0, 1.0)
    flexion = np.pi - np.arccos(cosine)
    amount = STRAIGHT_OFFSET + FOLD_OFFSET * 2 * np.sin(flexion / 2)
    return np.where(np.isfinite(front), front * amount[:, None], 0.0)
