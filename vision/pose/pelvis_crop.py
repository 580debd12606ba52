"""Where the pelvis network looks: a square around the pelvis, placed by body points.

The network was trained on crops that were placed by this rule, and sees nothing else. Lengths are in px,
y down; ``trunk`` is the length from the middle of the hips to the middle of the shoulders, seen in full.

- The square's side is 1.7 trunks; its middle lies 0.14 trunks from the middle of the hips, upwards in the
  square.
- frontal: the square stands upright in the picture and is never mirrored.
- sagittal: it turns so that the line from hips to shoulders points straight up in it, and is mirrored
  where the person faces image left, so that the front of the body is always to the right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vision.types import FloatArray

SIDE_TRUNKS: Final = 1.7
LIFT_TRUNKS: Final = 0.14

SHOULDER_L, SHOULDER_R, HIP_L, HIP_R, KNEE_L, KNEE_R = range(6)
POINTS: Final = tuple(f"{side}_{part}" for part in ("shoulder", "hip", "knee") for side in ("left", "right"))
"""The body points that place the square, in the order in which the functions here take them."""


@dataclass(frozen=True, slots=True)
class Square:
    """A square of the picture: middle, side, how far its upright leans to the right, mirrored or not."""

    centre: FloatArray
    side_px: float
    lean_deg: float
    mirrored: bool

    def matrix(self) -> FloatArray:
        """``(2, 3)`` affine map from picture px to the square's own 0-1, x right and y down."""
        c, s = np.cos(np.radians(self.lean_deg)), np.sin(np.radians(self.lean_deg))
        turn = np.array([[c, s], [-s, c]]) / self.side_px
        if self.mirrored:
            turn[0] = -turn[0]
        return np.column_stack([turn, 0.5 - turn @ self.centre])

    def inside(self, xy: FloatArray) -> FloatArray:
        """Picture points ``(..., 2)`` in the square's own coordinates."""
        m = self.matrix()
        return xy @ m[:, :2].T + m[:, 2]


def lean_deg(start: FloatArray, end: FloatArray) -> float:
    """How far the way from ``start`` to ``end`` leans to the right of straight up."""
    d = end - start
    return float(np.degrees(np.arctan2(d[0], -d[1])))


def square(points: FloatArray, trunk_px: float, *, sagittal: bool, faces_left: bool = False) -> Square:
    """The square for ``points (6, 2)``, in the order of :data:`POINTS`."""
    hips, shoulders = points[2:4].mean(axis=0), points[0:2].mean(axis=0)
    angle = lean_deg(hips, shoulders) if sagittal else 0.0
    up = np.array([np.sin(np.radians(angle)), -np.cos(np.radians(angle))])
    return Square(hips + LIFT_TRUNKS * trunk_px * up, SIDE_TRUNKS * trunk_px, angle, faces_left and sagittal)


def context(points: FloatArray, at: Square, *, sagittal: bool, near_left: bool = True) -> FloatArray:
    """Six numbers ``(6,)`` that the network is told beside the picture.

    Sine and cosine of the trunk's lean; lean of both thighs over 90 degrees, first the near one
    (sagittal) or the one at the square's left (frontal); then widths of hips and shoulders as shares of
    the square (sagittal), or nothing and the slope of the shoulders over 10 degrees, + right end higher
    (frontal). The slope of the hips is not told: body points do not follow the pelvis.
    """
    own = at.inside(points)
    trunk = lean_deg(points[2:4].mean(axis=0), points[0:2].mean(axis=0))
    if at.mirrored:
        trunk = -trunk
    thighs = [_thigh_deg(own, side) / 90.0 for side in (0, 1)]
    lead = [np.sin(np.radians(trunk)), np.cos(np.radians(trunk))]
    if sagittal:
        order = thighs if near_left else thighs[::-1]
        widths = [abs(own[HIP_L, 0] - own[HIP_R, 0]), abs(own[SHOULDER_L, 0] - own[SHOULDER_R, 0])]
        return np.array([*lead, *order, *widths])
    if own[HIP_L, 0] > own[HIP_R, 0]:
        thighs = thighs[::-1]
    return np.array([*lead, *thighs, 0.0, _slope_deg(own[0:2]) / 10.0])


def mirrored_context(told: FloatArray) -> FloatArray:
    """The six numbers of a frontal square ``(6,)`` as they are in the mirror."""
    return told[[0, 1, 3, 2, 4, 5]] * np.array([-1.0, 1.0, -1.0, -1.0, -1.0, -1.0])


def _thigh_deg(own: FloatArray, side: int) -> float:
    d = own[KNEE_L + side] - own[HIP_L + side]
    return float(np.degrees(np.arctan2(d[0], d[1])))


def _slope_deg(pair: FloatArray) -> float:
    left, right = pair[np.argsort(pair[:, 0], kind="stable")]
    return float(np.degrees(np.arctan2(left[1] - right[1], max(right[0] - left[0], 1e-6))))
