"""From which side the athlete was filmed, and how the camera was tilted: decided once per set.

The yaw comes from the pose model's own 3-D guess, whose depths are poor but whose left-right axes
of shoulders and hips turn with the person; in a side view the apparent shoulder width adds a
second, sharper opinion. The roll comes from what must be upright or level: an athlete standing
still, planted feet, shoulders and feet of someone lying down.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from vision.filters import runs
from vision.types import SIDES, FloatArray, Plane, Track, View

_SHOULDER_BIAS_DEG: Final = -8.0
_HIP_BIAS_DEG: Final = 14.0
"""How far the model's own axes of shoulders and hips stray from the truth, seen square on from the
front (measured on the truth clips; the sign flips for rear views, see docs/accuracy.md)."""

_SEEN_TURN_DEG: Final = (0.0, 14.0, 36.0, 60.0, 90.0)
_TRUE_TURN_DEG: Final = (0.0, 15.0, 45.0, 63.0, 90.0)
"""The model turns its person less than the camera did, read by straight lines between these pairs. That of
15 is the mean of six rendered people (`rig clips --what judge --seed 11`: 15, from 6 to 22) and of a
real one before two calibrated cameras (11 and 14); those from 45 on are of one rendered body."""

_SHOULDER_WIDTH: Final = 0.72  # shoulder width over trunk length, median of the truth clips
OBLIQUE_FROM_DEG: Final = 27.0
_YAW_SD_DEG: Final = 6.0

_ROLL_PRIOR_SD_DEG: Final = 2.5  # phones lean on things, but not by much
_UNLIKELY_ROLL_DEG: Final = 6.0
_BODY_SD_DEG: Final = 2.0  # lean of the ankle-shoulder line of people standing still
_FOOT_SD_DEG: Final = 3.0
_FOOT_SLOPE_DEG: Final = -3.5  # heel and toe points of a planted foot in a level picture: toe lower
_FRONT_SD_DEG: Final = 1.2
_LYING_SD_DEG: Final = 3.0
_LYING_SLOPE_DEG: Final = 1.5  # shoulder point a little above the ankle point, lying on the back


@dataclass(frozen=True, slots=True)
class Bearing:
    """Direction from which the athlete is seen: 0 front, +-180 rear, +90 right side, -90 left side."""

    angle_deg: float
    spread_deg: float


def estimate_view(track: Track, rest: slice | None = None) -> View:
    """View of the whole set; ``rest`` are the frames in which the athlete stands or lies still."""
    bearing = estimate_bearing(track)
    if not np.isfinite(bearing.angle_deg):
        return View(Plane.UNKNOWN, None, float("nan"), float("nan"), 0.0, float("nan"), 0.0)
    seen_from, yaw = _nearest_side(bearing.angle_deg)
    side_view = seen_from in ("left", "right")
    if side_view:
        yaw = (yaw + math.copysign(_side_yaw_from_width(track), yaw)) / 2
    sd = float(np.hypot(_YAW_SD_DEG * (0.7 if side_view else 1.0), bearing.spread_deg / 4))
    if abs(yaw) > OBLIQUE_FROM_DEG:
        plane = Plane.OBLIQUE
    else:
        plane = Plane.SAGITTAL if side_view else Plane.FRONTAL
    roll, roll_sd = estimate_roll(track, seen_from, rest)
    clear = min((abs(abs(yaw) - OBLIQUE_FROM_DEG) + 4) / 20, 1.0)
    sure = clear * min(max(1.3 - sd / 25, 0.0), 1.0)
    return View(plane, seen_from, yaw, sd, roll, roll_sd, round(sure, 2))


def estimate_bearing(track: Track) -> Bearing:
    """Circular mean of the directions that shoulders and hips give, with their spread over time."""
    seen = np.isfinite(track.world_m[:, :, 0]).all(axis=1) & np.isfinite(track.mid("hip")[:, 0])
    if seen.sum() < 3:
        return Bearing(float("nan"), float("nan"))
    world = track.world_m[seen]
    row = track.skeleton.index

    def axis(part: str) -> FloatArray:
        return world[:, row[f"left_{part}"]] - world[:, row[f"right_{part}"]]

    both = [
        np.radians(_turn_deg(axis("shoulder")) - _SHOULDER_BIAS_DEG * _facing_share(axis("shoulder"))),
        np.radians(_turn_deg(axis("hip")) - _HIP_BIAS_DEG * _facing_share(axis("hip"))),
    ]
    unit = np.exp(1j * np.stack(both))
    mean = unit.mean(axis=0)
    direction = np.median(mean.real) + 1j * np.median(mean.imag)
    spread = np.degrees(np.median(np.abs(np.angle(mean / direction))))
    return Bearing(_true_turn(float(np.degrees(np.angle(direction)))), float(1.4826 * spread))


def _true_turn(bearing_deg: float) -> float:
    """The camera's bearing from the one that the model's person shows."""
    rear = abs(bearing_deg) > 90
    off_axis = 180 - abs(bearing_deg) if rear else abs(bearing_deg)
    true = float(np.interp(off_axis, _SEEN_TURN_DEG, _TRUE_TURN_DEG))
    return float(np.copysign(180 - true if rear else true, bearing_deg))


def _turn_deg(axis_m: FloatArray) -> FloatArray:
    return np.degrees(np.arctan2(axis_m[:, 2], axis_m[:, 0]))


def _facing_share(axis_m: FloatArray) -> FloatArray:
    """+1 seen from the front, -1 from the rear, 0 from the side: how much of the bias applies."""
    return axis_m[:, 0] / np.maximum(np.hypot(axis_m[:, 0], axis_m[:, 2]), 1e-9)


def _nearest_side(bearing_deg: float) -> tuple[str, float]:
    """The side nearest to the bearing, and the angle left over, in -45..45."""
    sides = {"front": 0.0, "right": 90.0, "rear": 180.0, "left": -90.0}
    over = {s: (bearing_deg - a + 180) % 360 - 180 for s, a in sides.items()}
    side = min(over, key=lambda s: abs(over[s]))
    return side, over[side]


def _side_yaw_from_width(track: Track) -> float:
    """Yaw away from a true side view by the shoulders' apparent width, in degrees, unsigned."""
    width = np.linalg.norm(track.point("left_shoulder") - track.point("right_shoulder"), axis=1)
    trunk = np.linalg.norm(track.mid("shoulder") - track.mid("hip"), axis=1)
    ratio = np.nanmedian(width) / np.nanpercentile(trunk, 90) / _SHOULDER_WIDTH
    return float(np.degrees(np.arcsin(np.clip(ratio, 0, 1))))


def estimate_roll(track: Track, seen_from: str, rest: slice | None = None) -> tuple[float, float]:
    """Camera roll and its standard deviation, deg; + when upright things lean to image right.

    Standing: from the side the ankle-shoulder line is plumb and the foot level; from the front or
    rear the shoulder and ankle lines are level, read where the camera's own height is, because
    above and below it a turned athlete's lines slope by perspective. Lying: feet and shoulders are
    level. Each is weighed by how well people keep to it, against a camera that is nearly upright.
    """
    part = track[rest] if rest is not None else track
    if is_lying(part):
        slope = _slope_deg(_mid(part, "ankle"), _mid(part, "shoulder"))
        facing = 1.0 if seen_from == "right" else -1.0
        return _weigh([(slope - facing * _LYING_SLOPE_DEG, _LYING_SD_DEG)])
    upright = _upright_rows(part)
    if seen_from in ("left", "right"):
        facing = 1.0 if seen_from == "right" else -1.0
        if _strides(part, seen_from):
            return _weigh([])
        return _weigh(
            [
                (_plumb_deg(part[upright], seen_from), _BODY_SD_DEG),
                (facing * (_FOOT_SLOPE_DEG - _foot_deg(part, seen_from, facing)), _FOOT_SD_DEG),
            ]
        )
    return _weigh([(_level_deg(part[upright]), _FRONT_SD_DEG)])


def _weigh(opinions: list[tuple[float, float]]) -> tuple[float, float]:
    """Mean and SD of opinions ``(value, sd)`` with the prior of an upright camera; NaN ones are left out.

    The further an opinion lies from upright the less it weighs: lifted heels and leaning bodies are
    commoner than badly tilted cameras.
    """
    total, weight = 0.0, 1 / _ROLL_PRIOR_SD_DEG**2
    for value, sd in opinions:
        if np.isfinite(value):
            doubt = sd**2 * (1 + (float(value) / _UNLIKELY_ROLL_DEG) ** 2)
            total += float(value) / doubt
            weight += 1 / doubt
    return total / weight, float(1 / np.sqrt(weight))


def _mid(track: Track, part: str) -> FloatArray:
    """Median place ``(2,)`` of a pair, or of the one of it that was seen."""
    pair = np.stack([track.point(f"{side}_{part}") for side in SIDES]).reshape(-1, 2)
    pair = pair[np.isfinite(pair).all(axis=1)]
    return np.median(pair, axis=0) if len(pair) else np.full(2, np.nan)


def is_lying(track: Track) -> bool:
    """Whether the trunk never comes nearer to upright than to level (its steepest tenth aside)."""
    v = track.mid("shoulder") - track.mid("hip")
    steep = np.degrees(np.arctan2(-v[:, 1], np.abs(v[:, 0])))
    steep = steep[np.isfinite(steep)]
    return bool(len(steep)) and float(np.percentile(steep, 90)) < 48.0


def _strides(track: Track, near: str) -> bool:
    """Whether the near foot travels against the hip as in walking: then nothing stands still."""
    gap = (track.point(f"{near}_ankle") - track.mid("hip"))[:, 0]
    size = np.abs(track.mid("hip") - track.mid("shoulder"))[:, 1]
    gap, size = gap[np.isfinite(gap)], size[np.isfinite(size)]
    if not len(gap) or not len(size):
        return False
    return float(np.percentile(gap, 95) - np.percentile(gap, 5)) > 0.8 * float(np.percentile(size, 90))


def _upright_rows(track: Track) -> slice:
    """The longest stretch in which the shoulders are within 4 % of their greatest height."""
    foot = _mid(track, "ankle")[1]
    height = (foot if np.isfinite(foot) else track.size_wh[1]) - track.mid("shoulder")[:, 1]
    known = height[np.isfinite(height)]
    if not len(known):
        return slice(0, len(track))
    tall = np.isfinite(height) & (height >= 0.96 * np.percentile(known, 95))
    stretches = runs(tall)
    a, b = max(stretches, key=lambda r: r[1] - r[0]) if stretches else (0, len(track))
    return slice(a, b)


def _slope_deg(a: FloatArray, b: FloatArray) -> float:
    """Slope of the line through two points in the picture, + when its right end is lower, -90..90."""
    v = b - a if b[0] >= a[0] else a - b
    return float(np.degrees(np.arctan2(v[1], v[0])))


def _plumb_deg(track: Track, near: str) -> float:
    ankle, shoulder = track.point(f"{near}_ankle"), track.mid("shoulder")
    v = shoulder - ankle
    return _median(np.degrees(np.arctan2(v[:, 0], -v[:, 1])))


def _foot_deg(track: Track, near: str, facing: float) -> float:
    """Slope of the near foot, + when the toe is higher than the heel."""
    v = track.point(f"{near}_toe") - track.point(f"{near}_heel")
    return _median(np.degrees(np.arctan2(-v[:, 1], facing * v[:, 0])))


def _level_deg(track: Track) -> float:
    """Slope of the athlete's level lines at the height of the picture's middle row."""
    rows: list[float] = []
    slopes: list[float] = []
    for part in ("shoulder", "ankle"):
        left, right = track.point(f"left_{part}"), track.point(f"right_{part}")
        v = np.where((right[:, :1] >= left[:, :1]), right - left, left - right)
        slopes.append(_median(np.degrees(np.arctan2(v[:, 1], v[:, 0]))))
        rows.append(_median((left + right)[:, 1] / 2))
    if not np.isfinite(slopes[1]) or abs(slopes[1] - slopes[0]) > 12:  # feet unseen or one of them ahead
        return slopes[0]
    share = np.clip((track.size_wh[1] / 2 - rows[0]) / max(rows[1] - rows[0], 1.0), 0, 1)
    return float(slopes[0] + share * (slopes[1] - slopes[0]))


def _median(x: FloatArray) -> float:
    x = x[np.isfinite(x)]
    return float(np.median(x)) if len(x) else float("nan")
