"""Walkers and runners of a motion laboratory, as points in space and as poses of a virtual camera.

Axes are OpenSim's: x forward, y up, z to the athlete's right, metres. Heel, toe, shoulder and pelvis are
the markers'; hip centres follow from the pelvis markers (Bell 1990); knee and ankle are only put where a
leg of these lengths must bend, so nothing is measured on them here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.signal import find_peaks

from validation.opensim import Markers, read_mot, read_trc
from validation.readers import FloatArray
from vision.pose.base import BLAZEPOSE
from vision.types import SIDES, Pose

SIZE: Final = (1280, 720)
AWAY_M: Final = 6.0
HIGH_M: Final = 1.0
FOCAL_PX: Final = 1330.0
FINE_HZ: Final = 1000.0
ANKLE_UP_M: Final = 0.07

CONTACT_M: Final = 0.004
"""A running heel has landed where it is this near to its lowest place; a walker's shows as a jolt, its
greatest upward acceleration (Hreljac & Marshall 2000), where the recording is not smoothed."""

OFF_M: Final = {"walking": 0.001, "running": 0.010}
"""The toe has left where it is this far above its lowest place; both agree with the force plates."""

_SEEN_TURN: Final = ((0.0, 15.0, 45.0, 63.0, 90.0), (0.0, 14.0, 36.0, 60.0, 90.0))
_HABIT_DEG: Final = {"shoulder": -8.0, "hip": 14.0}
"""How a pose model's own guess of depth strays (vision/view.py takes it back out)."""


@dataclass(frozen=True, slots=True)
class Source:
    """A recording: its file, how it names a side's markers, the joint angles beside it, and what is used."""

    file: str
    gait: str
    overground: bool
    marks: Mapping[str, str]
    back: tuple[str, ...]
    angles: str | None = None
    smoothed: bool = False
    window_s: tuple[float, float] = (0.0, float("inf"))


_NAMES: Final = {"heel": "{}.Heel", "toe": "{}.Toe.Tip", "asis": "{}.ASIS", "shoulder": "{}.Acromium"}
SOURCES: Final = (
    Source("gait2392_subject01_walk1", "walking", False, _NAMES, ("V.Sacral",), smoothed=True),
    Source(
        "rajagopal_walk",
        "walking",
        True,
        {"heel": "{}.Heel", "toe": "{}.Toe", "asis": "{}.ASIS", "shoulder": "{}.Shoulder"},
        ("L.PSIS", "R.PSIS"),
    ),
    Source(
        "hamner_subject02_running",
        "running",
        False,
        _NAMES,
        ("V.Sacral",),
        "hamner_subject02_running_ik",
        window_s=(4.2, 8.2),
    ),
    Source(
        "rajagopal_run",
        "running",
        False,
        {"heel": "{}CAL", "toe": "{}TOE", "asis": "{}ASI", "shoulder": "{}ACR"},
        ("LPSI", "RPSI"),
    ),
)

FORCE_S: Final[Mapping[str, Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]]]] = {
    "gait2392_subject01_walk1": {"left": ((1.2515,), (0.7805,)), "right": ((), (1.4012,))},
    "rajagopal_run": {"left": ((0.5162,), (0.7483, 4.204)), "right": ((0.872, 4.3012), (0.4125,))},
    "hamner_subject02_running": {
        "left": ((4.9048, 5.6015, 6.2921, 6.9741, 7.6503), (4.465, 5.16, 5.8419, 6.539, 7.2252, 7.9026)),
        "right": ((4.5675, 5.2526, 5.9402, 6.6342, 7.3186), (4.8153, 5.5117, 6.196, 6.8906, 7.5757)),
    },
}
"""Contacts and toe-offs, seconds, at which the vertical force passed 36 N (5 % of body weight), read from
parts of the force files that OpenSim publishes with these recordings; by straight lines between samples."""


@dataclass(frozen=True)
class Body:
    """A recording as splines over its seconds.

    ``contacts`` and ``offs`` by side are from the markers' heights, ``reaches`` every farthest reach of
    the heel, which counts the steps also where the recording ends too soon to time them.
    """

    source: Source
    points: Mapping[str, CubicSpline]
    start_s: float
    end_s: float
    contacts: Mapping[str, FloatArray]
    offs: Mapping[str, FloatArray]
    reaches: Mapping[str, FloatArray]
    list_deg: CubicSpline | None


def load(folder: Path, source: Source) -> Body:
    """A recording from ``folder``."""
    marks = read_trc(folder / f"{source.file}.trc")
    points = _points(marks, source)
    start = max(float(marks.t_s[0]), source.window_s[0])
    end = min(float(marks.t_s[-1]), source.window_s[1])
    events = {side: _events(points, side, source, start, end) for side in SIDES}
    listing = None
    if source.angles is not None:
        joints = read_mot(folder / f"{source.angles}.mot")
        listing = CubicSpline(joints.t_s, joints["pelvis_list"])
    contacts, offs, reaches = ({side: events[side][i] for side in SIDES} for i in range(3))
    return Body(source, points, start, end, contacts, offs, reaches, listing)


def _points(marks: Markers, source: Source) -> dict[str, CubicSpline]:
    raw = {
        f"{side}_{part}": marks.path(name.format(side[0].upper()))
        for side in SIDES
        for part, name in source.marks.items()
    }
    for side, hip in _hips(raw, np.mean([marks.path(name) for name in source.back], axis=0)).items():
        raw[f"{side}_hip"] = hip
        along = raw[f"{side}_toe"] - raw[f"{side}_heel"]
        raw[f"{side}_ankle"] = raw[f"{side}_heel"] + 0.2 * along + [0.0, ANKLE_UP_M, 0.0]
    reach = max(float(np.linalg.norm(raw[f"{s}_hip"] - raw[f"{s}_ankle"], axis=1).max()) for s in SIDES)
    for side in SIDES:
        raw[f"{side}_knee"] = _knee(raw[f"{side}_hip"], raw[f"{side}_ankle"], 1.01 * reach / 2)
    return {name: CubicSpline(marks.t_s, path) for name, path in raw.items()}


def _hips(raw: Mapping[str, FloatArray], back: FloatArray) -> dict[str, FloatArray]:
    """Hip centres: 30 % of the distance between the front spines down, 22 % back, 14 % inward (Bell 1990)."""
    middle = (raw["left_asis"] + raw["right_asis"]) / 2
    across = raw["right_asis"] - raw["left_asis"]
    width = float(np.median(np.linalg.norm(across, axis=1)))
    right = across / np.linalg.norm(across, axis=1, keepdims=True)
    ahead = middle - back
    ahead = ahead - np.sum(ahead * right, axis=1, keepdims=True) * right
    ahead = ahead / np.linalg.norm(ahead, axis=1, keepdims=True)
    up = np.cross(right, ahead)
    centre = middle - width * (0.30 * up + 0.22 * ahead)
    return {side: centre + sign * 0.36 * width * right for side, sign in (("left", -1), ("right", 1))}


def _knee(hip: FloatArray, ankle: FloatArray, bone_m: float) -> FloatArray:
    """The knee of two equal bones, bent forward."""
    chord = ankle - hip
    length = np.linalg.norm(chord, axis=1, keepdims=True)
    forward = np.cross([0.0, 0.0, 1.0], chord)
    forward = forward / np.linalg.norm(forward, axis=1, keepdims=True)
    out = np.sqrt(np.maximum(bone_m**2 - (length / 2) ** 2, 0.0))
    return (hip + ankle) / 2 + forward * out


def _events(
    points: Mapping[str, CubicSpline], side: str, source: Source, start_s: float, end_s: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Contacts and toe-offs from the height of heel and toe, and the heel's farthest reaches; seconds."""
    t = np.arange(start_s, end_s, 1 / FINE_HZ)
    heel, toe = points[f"{side}_heel"](t), points[f"{side}_toe"](t)
    hip = (points["left_hip"](t) + points["right_hip"](t))[:, 0] / 2
    apart = int(0.4 * FINE_HZ)
    reach = find_peaks(heel[:, 0] - hip, prominence=0.2, distance=apart)[0]
    trail = find_peaks(hip - toe[:, 0], prominence=0.2, distance=apart)[0]
    if source.gait == "running":
        on = [_landed(heel[:, 1], int(i)) for i in reach]
    else:
        jolt = points[f"{side}_heel"](t, 2)[:, 1]
        on = [] if source.smoothed else [_jolted(jolt, int(i)) for i in reach]
    off = [_left(toe[:, 1], int(i), OFF_M[source.gait]) for i in trail]
    return t[[i for i in on if i is not None]], t[[i for i in off if i is not None]], t[reach]


def _jolted(acceleration: FloatArray, near: int) -> int | None:
    """Row of the heel's greatest upward acceleration around ``near``."""
    first = near - 20
    part = acceleration[max(first, 0) : near + 100]
    return first + int(np.argmax(part)) if len(part) == 120 else None


def _landed(height: FloatArray, near: int) -> int | None:
    """First row after ``near`` (less 60 ms) at which the heel is down, within 150 ms."""
    part = height[max(near - 60, 0) : near + 150]
    down = np.flatnonzero(part <= part.min() + CONTACT_M)
    return max(near - 60, 0) + int(down[0]) if len(part) == near + 150 - max(near - 60, 0) else None


def _left(height: FloatArray, near: int, rise_m: float) -> int | None:
    """Last row before ``near`` (and 40 ms after) at which the toe is not yet up, within 250 ms."""
    first = near - 250
    if first < 0 or near + 40 > len(height):
        return None
    part = height[first : near + 40]
    low = int(np.argmin(part))
    up = np.flatnonzero(part[low:] >= part[low] + rise_m)
    return first + low + int(up[0]) if len(up) else None


# --------------------------------------------------------------------------- the camera


@dataclass(frozen=True, slots=True)
class Shot:
    """Where the camera stands (0 front, 90 at the right side, 180 behind), and how well it sees."""

    bearing_deg: float
    fps: float
    noise_px: float = 0.0
    roll_deg: float = 0.0
    swaps: int = 0
    away_m: float = AWAY_M


def film(body: Body, shot: Shot, seed: int = 0) -> list[Pose]:
    """Poses of a recording before a virtual camera; their clock is the recording's own."""
    rng = np.random.default_rng(seed)
    t = np.arange(body.start_s, body.end_s, 1 / shot.fps)
    hips = (body.points["left_hip"](t) + body.points["right_hip"](t)) / 2
    middle = np.median(hips, axis=0)
    xy = np.full((len(t), len(BLAZEPOSE.names), 2), np.nan)
    b = np.radians(shot.bearing_deg)
    right, towards = np.array([np.sin(b), -np.cos(b)]), np.array([np.cos(b), np.sin(b)])
    for name in (n for n in body.points if n in BLAZEPOSE.index):
        flat = (body.points[name](t) - middle)[:, [0, 2]]
        depth = shot.away_m - flat @ towards
        up = body.points[name](t)[:, 1] - HIGH_M
        seen = FOCAL_PX * np.stack([flat @ right, -up], axis=1) / depth[:, None]
        xy[:, BLAZEPOSE.index[name]] = _rolled(seen, shot.roll_deg) + np.array(SIZE) / 2
    xy = xy + rng.normal(0, 1, xy.shape) * shot.noise_px
    for start in rng.integers(0, max(len(t) - 6, 1), shot.swaps):
        _exchange(xy[start : start + 4])
    score = np.where(np.isfinite(xy[..., 0]), 0.95, 0.0)
    world = _worlds(body, t, right, towards)
    filled = np.nan_to_num(xy)
    return [Pose(float(s), i, filled[i], score[i], world[i]) for i, s in enumerate(t)]


def _rolled(seen: FloatArray, roll_deg: float) -> FloatArray:
    """Points about the picture's centre with upright things leaning to the right by ``roll_deg``."""
    c, s = np.cos(np.radians(roll_deg)), np.sin(np.radians(roll_deg))
    return seen @ np.array([[c, s], [-s, c]])


def _exchange(xy: FloatArray) -> None:
    for part in ("knee", "ankle", "heel", "toe"):
        pair = BLAZEPOSE.rows(f"left_{part}", f"right_{part}")
        xy[:, pair] = xy[:, pair[::-1]]


def _worlds(body: Body, t: FloatArray, right: FloatArray, towards: FloatArray) -> FloatArray:
    """The model's own guess of depth, with its habits, for shoulders and hips."""
    world = np.zeros((len(t), len(BLAZEPOSE.names), 3))
    for part, habit in _HABIT_DEG.items():
        axis = (body.points[f"left_{part}"](t) - body.points[f"right_{part}"](t))[:, [0, 2]]
        turn = np.degrees(np.arctan2(-(axis @ towards), axis @ right))
        rear = np.abs(turn) > 90
        off = np.interp(np.where(rear, 180 - np.abs(turn), np.abs(turn)), *_SEEN_TURN)
        seen = np.copysign(np.where(rear, 180 - off, off), turn)
        told = seen
        for _ in range(5):
            told = seen + habit * np.cos(np.radians(told))
        half = 0.15 * np.stack([np.cos(np.radians(told)), np.zeros(len(t)), np.sin(np.radians(told))], axis=1)
        world[:, BLAZEPOSE.index[f"left_{part}"]] = half
        world[:, BLAZEPOSE.index[f"right_{part}"]] = -half
    return world
