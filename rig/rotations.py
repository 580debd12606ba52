"""Rotations as 3×3 matrices; angles in degrees."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def about_x(angle_deg: float) -> Array:
    """Turn about the subject's left: + bends forward."""
    c, s = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def about_y(angle_deg: float) -> Array:
    """Turn about the subject's back: + lowers the left side."""
    c, s = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    return np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])


def about_z(angle_deg: float) -> Array:
    """Turn about the vertical: + turns the front to the subject's left."""
    c, s = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def unit(vector: npt.ArrayLike) -> Array:
    """The same direction with length one, along the last axis."""
    v = np.asarray(vector, np.float64)
    if v.ndim == 1:
        return v / max(float(np.sqrt(v @ v)), 1e-12)
    return v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-12)


def cross(a: Array, b: Array) -> Array:
    """The cross product of two single vectors; numpy's own takes ten times as long for so little."""
    (a0, a1, a2), (b0, b1, b2) = a, b
    return np.array([a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0])


def three(values: npt.ArrayLike) -> tuple[float, float, float]:
    """Three numbers as plain floats."""
    a, b, c = (float(x) for x in np.asarray(values))
    return a, b, c


def turned(axis: npt.ArrayLike, angle_rad: float) -> Array:
    """The turn by an angle about any axis."""
    x, y, z = unit(axis)
    k = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.eye(3) + np.sin(angle_rad) * k + (1.0 - np.cos(angle_rad)) * (k @ k)


def carrying(start: npt.ArrayLike, end: npt.ArrayLike) -> Array:
    """The smallest turn that carries one direction onto another."""
    a, b = unit(start), unit(end)
    axis = cross(a, b)
    sine = float(np.sqrt(axis @ axis))
    if sine < 1e-9:
        return np.eye(3) if a @ b > 0 else turned(_any_normal(a), np.pi)
    return turned(axis, float(np.arctan2(sine, a @ b)))


def between(start: Array, end: Array, share: float) -> Array:
    """The turn that lies a share of the way from one to the other."""
    difference = end @ start.T
    cosine = np.clip((np.trace(difference) - 1.0) / 2.0, -1.0, 1.0)
    angle = float(np.arccos(cosine))
    if angle < 1e-7:
        return start.copy()
    axis = np.array(
        [
            difference[2, 1] - difference[1, 2],
            difference[0, 2] - difference[2, 0],
            difference[1, 0] - difference[0, 1],
        ]
    )
    return turned(axis, angle * share) @ start


def _any_normal(direction: Array) -> Array:
    other = np.eye(3)[int(np.argmin(np.abs(direction)))]
    return unit(cross(direction, other))
