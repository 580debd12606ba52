"""The silhouette along the trunk: how far the body reaches on either side of the shoulder-hip line.

A whole mask per frame would be heavy to keep; what the movements ask of it is the edge of the trunk
seen from the side (belly and back). So each mask is boiled down, in the frame it belongs to, to two
rows of distances.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from vision.outline_grid import ALONG
from vision.pose.base import Mask
from vision.types import FloatArray

_REACH: Final = 0.85
_STEPS: Final = 52
_EDGE: Final = 0.5


def empty_outline() -> FloatArray:
    """An outline ``(2, S)`` of which nothing was seen."""
    return np.full((2, len(ALONG)), np.nan)


def trunk_outline(mask: Mask, shoulder: FloatArray, hip: FloatArray) -> FloatArray:
    """Distances ``(2, S)`` from the shoulder-hip line to the mask's edge, in trunk lengths.

    Row 0 looks to the left of the direction shoulder to hip as the picture shows it (towards image
    right for an upright person), row 1 to the other side. NaN where the line itself is outside the
    mask or the edge lies beyond reach. ``shoulder`` and ``hip`` are ``(2,)`` px.
    """
    axis = hip - shoulder
    if not np.all(np.isfinite(axis)) or not np.any(axis):
        return empty_outline()
    normal = np.array([axis[1], -axis[0]])
    out = np.linspace(0.0, _REACH, _STEPS)
    base = shoulder + ALONG[:, None] * axis
    rows: list[FloatArray] = []
    for sign in (1.0, -1.0):
        points = base[:, None, :] + sign * out[:, None] * normal
        inside = mask.at(points)
        outside = inside < _EDGE
        first = np.argmax(outside, axis=1)
        seen = outside.any(axis=1) & (first > 0)
        i = np.clip(first, 1, None)
        row = np.arange(len(ALONG))
        hi, lo = inside[row, i - 1], inside[row, i]
        crossing = out[i - 1] + (hi - _EDGE) / np.maximum(hi - lo, 1e-6) * (out[1] - out[0])
        rows.append(np.where(seen, crossing, np.nan))
    return np.array(rows)
