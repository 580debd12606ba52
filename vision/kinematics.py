"""Angles and lengths of body segments in the picture.

Every function takes points ``(..., 2)`` in px, x right and y **down**, broadcasts over the leading
axes and returns degrees. NaN in gives NaN out. Where a sign matters, ``facing`` is +1 for an athlete
who faces image right and -1 for image left, so that "forward" has one sign on either side.
"""

from __future__ import annotations

import numpy as np

from vision.types import FloatArray


def middle_seen(a: FloatArray, b: FloatArray) -> FloatArray:
    """The middle of two points, or the one of them that was seen; NaN where neither was."""
    pair = np.stack([a, b])
    seen = np.isfinite(pair).all(axis=-1, keepdims=True)
    count = seen.sum(axis=0)
    total = np.where(seen, pair, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def interior_deg(a: FloatArray, vertex: FloatArray, b: FloatArray) -> FloatArray:
    """Unsigned angle at ``vertex`` between ``a`` and ``b``, 0-180."""
    u, v = a - vertex, b - vertex
    cross = u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]
    return np.degrees(np.arctan2(np.abs(cross), np.sum(u * v, axis=-1)))


def forward_lean_deg(lower: FloatArray, upper: FloatArray, facing: float | FloatArray) -> FloatArray:
    """Lean of ``lower`` to ``upper`` from the vertical, + towards where the athlete faces.

    Shin (ankle to knee): + when the knee is ahead of the ankle. Trunk (hip to shoulder): + bent forward.
    """
    v = upper - lower
    return np.degrees(np.arctan2(facing * v[..., 0], -v[..., 1]))


def thigh_deg(hip: FloatArray, knee: FloatArray, facing: float | FloatArray) -> FloatArray:
    """Thigh from straight down, + knee forward; 90 is a horizontal thigh."""
    v = knee - hip
    return np.degrees(np.arctan2(facing * v[..., 0], v[..., 1]))


def frontal_projection_deg(
    hip: FloatArray, knee: FloatArray, ankle: FloatArray, other_hip: FloatArray
) -> FloatArray:
    """Frontal plane projection angle: 0 on the hip-ankle line, + when the knee lies inward of it.

    "Inward" is the side of the line on which the other hip lies, so left and right, front and rear
    have the same sign (Munro et al. 2012 measure the same angle by hand).
    """
    bend = 180.0 - interior_deg(hip, knee, ankle)
    along = ankle - hip
    normal = np.stack([-along[..., 1], along[..., 0]], axis=-1)
    knee_side = np.sum((knee - hip) * normal, axis=-1)
    inner_side = np.sum((other_hip - hip) * normal, axis=-1)
    return bend * np.sign(knee_side * inner_side)


def line_height_deg(left: FloatArray, right: FloatArray) -> FloatArray:
    """Slope of the line between two points of a pair, + when the athlete's left one is higher."""
    v = left - right
    return np.degrees(np.arctan2(-v[..., 1], np.abs(v[..., 0])))


def sideways_lean_deg(lower: FloatArray, upper: FloatArray, left_is: float | FloatArray) -> FloatArray:
    """Lean from the vertical in a front or rear view, + towards the athlete's left.

    ``left_is`` is +1 where the athlete's left is image right (seen from the front), else -1.
    """
    v = upper - lower
    return np.degrees(np.arctan2(left_is * v[..., 0], -v[..., 1]))


def past_straight_deg(shoulder: FloatArray, hip: FloatArray, knee: FloatArray, up: FloatArray) -> FloatArray:
    """Hip extension: 0 when shoulder, hip and knee are in line, + when the hip is past it.

    ``up`` ``(..., 2)`` points to the side that counts as past: the belly's side, which is skywards
    for an athlete lying on the back.
    """
    bend = 180.0 - interior_deg(shoulder, hip, knee)
    chord = knee - shoulder
    share = np.sum((hip - shoulder) * chord, axis=-1) / np.sum(chord * chord, axis=-1)
    off_line = hip - (shoulder + share[..., None] * chord)
    return bend * np.sign(np.sum(off_line * up, axis=-1))


def length_px(a: FloatArray, b: FloatArray) -> FloatArray:
    """Distance between two points in px."""
    return np.linalg.norm(a - b, axis=-1)


def turned(xy: FloatArray, angle_deg: float, centre: FloatArray) -> FloatArray:
    """Points turned by ``angle_deg`` about ``centre``, clockwise positive in the picture."""
    c, s = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    return (xy - centre) @ np.array([[c, s], [-s, c]]) + centre


def segment_noise_deg(sigma_px: float, length_px: float) -> float:
    """Standard deviation of a segment's angle when both ends jitter by ``sigma_px``: sqrt(2) s / L."""
    return float(np.degrees(np.sqrt(2.0) * sigma_px / length_px))
