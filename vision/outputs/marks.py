"""Where on the body a measure is to be seen: one small drawing rule per measure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np

from vision.outline_grid import ALONG
from vision.outputs.draw import Mark
from vision.types import SIDES, FloatArray, Skeleton, View, other_side

_ARC_STEPS: Final = 16
_ARC_SHARE: Final = 0.34
_CONTOUR_MEDIAN: Final = 5
_LYING: Final = 1.3
_BAND: Final = 0.08
_BAND_LYING: Final = 0.16
_FLESH: Final = 0.05
_WIDER: Final = 1.6  # the crests lie further out than the hip points
_NONE: Final = np.empty((0, 2))


@dataclass(frozen=True)
class Body:
    """The athlete in one picture: ``xy (K, 2)`` px, ``outline (2, S)``, the view, and whose side is meant.

    ``side`` is the side of the finding, else the one nearer to the camera, else None. ``pelvis_deg`` is
    the slope of the pelvis in the picture, + its end at image right higher; NaN where only body points tell.
    """

    xy: FloatArray
    outline: FloatArray
    skeleton: Skeleton
    view: View
    side: str | None
    pelvis_deg: float = float("nan")

    def at(self, name: str) -> FloatArray:
        """A point ``(2,)`` px; ``mid_hip`` is the middle of the hips, ``hip`` that of the side meant."""
        if name in self.skeleton.index:
            return self.xy[self.skeleton.index[name]]
        part = name.removeprefix("mid_")
        if part == name and self.side is not None:
            return self.xy[self.skeleton.index[f"{self.side}_{part}"]]
        both = self.xy[self.skeleton.rows(*(f"{side}_{part}" for side in SIDES))]
        seen = both[np.isfinite(both).all(axis=1)]
        return seen.mean(axis=0) if len(seen) else np.full(2, np.nan)

    @property
    def up(self) -> FloatArray:
        """Unit vector against gravity as the picture shows it; the camera's roll is undone."""
        roll = np.deg2rad(self.view.roll_deg if np.isfinite(self.view.roll_deg) else 0.0)
        return np.array([np.sin(roll), -np.cos(roll)])

    @property
    def level(self) -> FloatArray:
        """Unit vector along the floor, towards image right."""
        return np.array([-self.up[1], self.up[0]])

    def mark(
        self,
        *paths: FloatArray,
        guides: tuple[FloatArray, ...] = (),
        joints: FloatArray = _NONE,
        anchor: FloatArray,
    ) -> Mark:
        """A mark whose number stands beside the body at the height of ``anchor``, above who lies."""
        body = self.xy[np.isfinite(self.xy).all(axis=1)]
        if not len(body) or not np.isfinite(anchor).all():
            return Mark(paths, guides, joints, anchor, anchor, np.array([1.0, 0.0]))
        low, high = body.min(axis=0), body.max(axis=0)
        lies = bool(high[0] - low[0] > _LYING * (high[1] - low[1]))
        out, along = (1, 0) if lies else (0, 1)
        sign = 1.0 if not lies and anchor[0] >= (low[0] + high[0]) / 2 else -1.0
        away = np.zeros(2)
        away[out] = sign
        points = np.concatenate([body, *paths, *guides])
        long = float(np.max(high - low))
        level = np.abs(points[:, along] - anchor[along]) < (_BAND_LYING if lies else _BAND) * long
        reach = np.nanmax(np.append(sign * points[level, out], sign * anchor[out]))
        label = anchor.copy()
        label[out] = sign * (reach + _FLESH * long)
        return Mark(paths, guides, joints, anchor, label, away)


def _path(*points: FloatArray) -> FloatArray:
    return np.array(points)


def arc(apex: FloatArray, start: FloatArray, end: FloatArray, radius: float) -> FloatArray:
    """Polyline ``(n, 2)`` px round ``apex`` from direction ``start`` the short way to direction ``end``."""
    a, b = np.arctan2(start[1], start[0]), np.arctan2(end[1], end[0])
    turn = (b - a + np.pi) % (2 * np.pi) - np.pi
    angle = a + turn * np.linspace(0, 1, _ARC_STEPS)
    return apex + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _bend(body: Body, near: str, apex: str, far: str) -> Mark:
    """A joint's flexion: the arc between the first segment carried on straight and the second."""
    a, b, c = body.at(near), body.at(apex), body.at(far)
    on, to = b - a, c - b
    reach = float(np.hypot(*to))
    carried = b + on / max(float(np.hypot(*on)), 1e-6) * reach
    turn = arc(b, on, to, reach * _ARC_SHARE)
    return body.mark(_path(a, b, c), turn, guides=(_path(b, carried),), joints=b[None], anchor=b)


def _tilt(body: Body, base: str, tip: str, sign: float = 1.0) -> Mark:
    """A segment against the true vertical through its base, up (``sign`` +1) or down (-1)."""
    a, b = body.at(base), body.at(tip)
    length = float(np.hypot(*(b - a)))
    true = a + sign * body.up * length
    turn = arc(a, sign * body.up, b - a, length * 0.6)
    return body.mark(_path(a, b), turn, guides=(_path(a, true),), joints=_path(a, b), anchor=(a + b) / 2)


def _level(body: Body, hinge: str, end: str) -> Mark:
    """A line across the body against a level line through its ``hinge`` end."""
    return _from_level(body, body.at(hinge), body.at(end))


def _from_level(body: Body, a: FloatArray, b: FloatArray) -> Mark:
    length = float(np.hypot(*(b - a)))
    along = body.level * (1.0 if np.dot(b - a, body.level) >= 0 else -1.0)
    tip = a + (b - a) * 1.5
    turn = arc(a, along, b - a, length * 1.35)
    guide = _path(a - along * length * 0.4, a + along * length * 1.5)
    return body.mark(_path(a, tip), turn, guides=(guide,), joints=_path(a, b), anchor=tip)


def _gap(body: Body, part: str) -> Mark:
    """The distance between the two ``part``, as a bar with end strokes."""
    a, b = body.at(f"left_{part}"), body.at(f"right_{part}")
    tick = body.up * float(np.hypot(*(b - a))) * 0.12
    return body.mark(
        _path(a, b), _path(a - tick, a + tick), _path(b - tick, b + tick), joints=_path(a, b), anchor=b
    )


def _knees_over_ankles(body: Body) -> Mark:
    """The knees' distance, with plumb lines up from the ankles to compare it to."""
    knees = _gap(body, "knee")
    guides: list[FloatArray] = []
    for side in SIDES:
        ankle, knee = body.at(f"{side}_ankle"), body.at(f"{side}_knee")
        guides.append(_path(ankle, ankle + body.up * np.dot(knee - ankle, body.up)))
    return replace(knees, guides=tuple(guides))


def _plumb(body: Body, base: FloatArray, tip: FloatArray) -> Mark:
    """How far ``tip`` stands beside the plumb line through ``base``."""
    foot = base + body.up * np.dot(tip - base, body.up)
    return body.mark(_path(foot, tip), guides=(_path(base, foot),), joints=_path(base, tip), anchor=tip)


def _straight(body: Body) -> Mark:
    """Shoulder, hip and knee against the straight line from shoulder to knee."""
    a, b, c = body.at("shoulder"), body.at("hip"), body.at("knee")
    return body.mark(_path(a, b, c), guides=(_path(a, c),), joints=_path(a, b, c), anchor=b)


def _median(values: FloatArray) -> FloatArray:
    """Running median of ``values (n,)``, its ends held."""
    half = _CONTOUR_MEDIAN // 2
    padded = np.pad(values, half, mode="edge") if len(values) else values
    shifted = [padded[i : i + len(values)] for i in range(_CONTOUR_MEDIAN)]
    return np.median(np.stack(shifted), axis=0)


def _contour(body: Body, ventral: bool) -> Mark:
    """The belly's or the back's edge along the trunk, against its chord."""
    shoulder, hip = body.at("mid_shoulder"), body.at("mid_hip")
    axis = hip - shoulder
    row, sign = (0, 1.0) if ventral == (body.view.facing != -1.0) else (1, -1.0)
    part = (ALONG >= 0.05) & (ALONG <= 1.0) & np.isfinite(body.outline[row])
    normal = np.array([axis[1], -axis[0]])
    reach = _median(body.outline[row, part])
    edge = shoulder + ALONG[part, None] * axis + sign * reach[:, None] * normal
    if len(edge) < 2:
        return body.mark(_path(shoulder, hip), anchor=(shoulder + hip) / 2)
    return body.mark(edge, guides=(_path(edge[0], edge[-1]),), anchor=edge[len(edge) // 2])


def _both(one: Mark, other: Mark) -> Mark:
    joints = np.concatenate([one.joints, other.joints])
    paths, guides = one.paths + other.paths, one.guides + other.guides
    return replace(one, paths=paths, guides=guides, joints=joints)


def _pelvis(body: Body, hinge: str, end: str) -> Mark:
    """The pelvis against a level line: as the network sees it, else through the hips' body points."""
    a, b = body.at(hinge), body.at(end)
    if np.isfinite(body.pelvis_deg):
        turn = np.radians(body.pelvis_deg)
        to_right = float(np.hypot(*(b - a))) / 2 * np.array([np.cos(turn), -np.sin(turn)])
        middle, out = (a + b) / 2, to_right if b[0] >= a[0] else -to_right
        a, b = middle - out, middle + out
    return _from_level(body, a, b)


def pelvis_line(body: Body) -> FloatArray:
    """The pelvis as the network sees it: a line ``(2, 2)`` px, a little wider than the hip points."""
    ends = _pelvis(body, "left_hip", "right_hip").joints
    return ends.mean(axis=0) + (ends - ends.mean(axis=0)) * _WIDER


def _hip_line(body: Body) -> Mark:
    stance = body.side or "right"
    return _pelvis(body, f"{stance}_hip", f"{other_side(stance)}_hip")


def _adduction(body: Body) -> Mark:
    """The stance thigh against the line that leaves the pelvis square."""
    stance = body.side or "right"
    free, hip, knee = (body.at(n) for n in (f"{other_side(stance)}_hip", f"{stance}_hip", f"{stance}_knee"))
    across, thigh = hip - free, knee - hip
    square = np.array([-across[1], across[0]])
    square = square * np.sign(np.dot(square, thigh)) / max(float(np.hypot(*across)), 1e-6)
    reach = float(np.hypot(*thigh))
    turn = arc(hip, square, thigh, reach * 0.6)
    guide = _path(hip, hip + square * reach)
    return body.mark(_path(free, hip, knee), turn, guides=(guide,), joints=hip[None], anchor=(hip + knee) / 2)


def _midfoot(body: Body) -> FloatArray:
    return (body.at("heel") + body.at("toe")) / 2


def _thighs(body: Body) -> Mark:
    a, b, c = body.at("left_knee"), body.at("mid_hip"), body.at("right_knee")
    turn = arc(b, a - b, c - b, float(np.hypot(*(a - b))) * _ARC_SHARE)
    return body.mark(_path(a, b, c), turn, joints=_path(a, b, c), anchor=b)


Rule = Callable[[Body], Mark]

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "knee_ankle_ratio": _knees_over_ankles,
        "knee_valgus": lambda b: _bend(b, "hip", "knee", "ankle"),
        "lateral_shift": lambda b: _plumb(b, b.at("mid_ankle"), b.at("mid_hip")),
        "pelvic_obliquity": lambda b: _pelvis(b, "right_hip", "left_hip"),
        "pelvic_drop": _hip_line,
        "trunk_lean": lambda b: _tilt(b, "mid_hip", "mid_shoulder"),
        "thigh_angle": lambda b: _tilt(b, "hip", "knee", -1.0),
        "knee_flexion": lambda b: _bend(b, "hip", "knee", "ankle"),
        "hip_flexion": lambda b: _bend(b, "shoulder", "hip", "knee"),
        "shin_angle": lambda b: _tilt(b, "ankle", "knee"),
        "shin_at_contact": lambda b: _tilt(b, "ankle", "knee"),
        "trunk_angle": lambda b: _tilt(b, "hip", "shoulder"),
        "lockout_trunk": lambda b: _tilt(b, "hip", "shoulder"),
        "trunk_shin_difference": lambda b: _both(_tilt(b, "hip", "shoulder"), _tilt(b, "ankle", "knee")),
        "hip_knee_ratio": lambda b: _both(
            _bend(b, "shoulder", "hip", "knee"), _bend(b, "hip", "knee", "ankle")
        ),
        "heel_rise": lambda b: _level(b, "toe", "heel"),
        "lumbar_rounding": lambda b: _contour(b, ventral=False),
        "spine_rounding": lambda b: _contour(b, ventral=False),
        "lumbar_hollow": lambda b: _contour(b, ventral=False),
        "ventral_bow": lambda b: _contour(b, ventral=True),
        "pelvic_tilt": lambda b: _both(_straight(b), _contour(b, ventral=True)),
        "lockout_pelvis": lambda b: _both(_straight(b), _contour(b, ventral=True)),
        "hip_extension": _straight,
        "hips_back": lambda b: _plumb(b, b.at("ankle"), b.at("hip")),
        "wrist_path": lambda b: _plumb(b, _midfoot(b), b.at("wrist")),
        "neck_angle": lambda b: _bend(b, "hip", "shoulder", "ear"),
        "hip_adduction": _adduction,
        "knee_window": lambda b: _gap(b, "knee"),
        "knee_gap": lambda b: _gap(b, "knee"),
        "step_width": lambda b: _gap(b, "ankle"),
        "thigh_flexion_max": lambda b: _tilt(b, "hip", "knee", -1.0),
        "thigh_extension_max": lambda b: _tilt(b, "hip", "knee", -1.0),
        "thigh_separation": _thighs,
        "touchdown_distance": lambda b: _plumb(b, b.at("hip"), b.at("ankle")),
    }
)
"""How each measure is drawn; a measure without a place on the body (a time, a rate) has no rule."""


def mark_for(measure: str, body: Body) -> Mark | None:
    """The mark of ``measure`` on ``body``; None where it has no place there or was not seen."""
    rule = RULES.get(measure)
    if rule is None:
        return None
    made = rule(body)
    return made if bool(np.isfinite(made.anchor).all()) else None
