"""Stick figures whose every angle is known, filmed by a pinhole camera.

The body stands in metres: x to the athlete's left, y forward (of a body on its back: towards the
feet), z up. A motion gives the 33 BlazePose points of each moment; a camera makes poses of them, as a
perfect pose model would that has BlazePose's known habit of turning its own 3-D guess.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vision import prepare
from vision.movements.base import Movement, Scene
from vision.movements.common import leg_px, trunk_px
from vision.outline_grid import ALONG
from vision.pose.base import BLAZEPOSE
from vision.session import Session
from vision.types import SIDES, Cycle, FloatArray, Measurement, Plane, Pose, Report, Track, View

Body = dict[str, FloatArray]
Motion = Callable[[float], Body]

SHANK_M, THIGH_M, TRUNK_M = 0.40, 0.42, 0.50
HIP_M, SHOULDER_M, ANKLE_Z_M = 0.11, 0.18, 0.07
SIZE = (640, 720)

_SEEN_TURN = ((0.0, 15.0, 45.0, 63.0, 90.0), (0.0, 14.0, 36.0, 60.0, 90.0))
_HABIT_DEG = {"shoulder": -8.0, "hip": 14.0}
"""A model's own guess turns less than the camera did and twists shoulders and hips (docs/accuracy.md)."""


def side_sign(side: str) -> float:
    """+1 for the athlete's left, which lies on +x."""
    return 1.0 if side == "left" else -1.0


# --------------------------------------------------------------------------- bodies


@dataclass(frozen=True)
class Stance:
    """A body on two planted feet, by its sagittal angles from the vertical, degrees, + forward.

    ``thigh`` is from straight down, + knee forward. ``feet_m`` and ``knees_m`` are the distances of
    each side's ankle and knee from the middle, ``shift_m`` moves hips and all above to the left,
    ``lean_deg`` tips the trunk to the left, ``heel_m`` lifts the heels.
    """

    shin: float = 0.0
    thigh: float = 0.0
    trunk: float = 0.0
    feet_m: tuple[float, float] = (0.16, 0.16)
    knees_m: tuple[float, float] = (0.14, 0.14)
    shift_m: float = 0.0
    lean_deg: float = 0.0
    heel_m: float = 0.0
    hands: str = "chest"


def _turn(length: float, angle_deg: float) -> FloatArray:
    """Vector of ``length`` that leans forward from straight up by ``angle_deg``."""
    a = np.radians(angle_deg)
    return length * np.array([0.0, np.sin(a), np.cos(a)])


def standing(s: Stance) -> Body:
    """The joints of a stance."""
    body: Body = {}
    knee = _turn(SHANK_M, s.shin) + (0, 0, ANKLE_Z_M)
    hip = knee + _turn(THIGH_M, -s.thigh)
    lean = np.array([np.tan(np.radians(s.lean_deg)), 0, 0])
    shoulder = hip + _turn(TRUNK_M, s.trunk)
    shoulder = shoulder + lean * (shoulder[2] - hip[2])
    for i, side in enumerate(SIDES):
        sign = side_sign(side)
        out = np.array([sign, 0, 0])
        body[f"{side}_ankle"] = np.array([sign * s.feet_m[i], 0, ANKLE_Z_M])
        body[f"{side}_knee"] = knee + out * s.knees_m[i]
        body[f"{side}_hip"] = hip + out * HIP_M + (s.shift_m, 0, 0)
        body[f"{side}_shoulder"] = shoulder + out * SHOULDER_M + (s.shift_m, 0, 0)
        _foot(body, side, s.heel_m)
    _head_and_arms(body, _turn(1.0, s.trunk), s.hands)
    return body


def _foot(body: Body, side: str, heel_m: float = 0.0) -> None:
    ankle = body[f"{side}_ankle"]
    body[f"{side}_heel"] = ankle + (0, -0.05, -0.04 + heel_m)
    body[f"{side}_toe"] = ankle + (0, 0.14, -0.05)


def _head_and_arms(body: Body, up: FloatArray, hands: str) -> None:
    middle = (body["left_shoulder"] + body["right_shoulder"]) / 2
    forward = np.array([0.0, up[2], -up[1]])
    for side in SIDES:
        shoulder = body[f"{side}_shoulder"]
        if hands == "chest":
            elbow, wrist = shoulder - 0.2 * up + 0.15 * forward, middle - 0.12 * up + 0.25 * forward
        elif hands == "hanging":
            elbow, wrist = shoulder + (0, 0, -0.27), shoulder + (0, 0, -0.52)
        else:  # beside the head
            elbow, wrist = shoulder + 0.2 * up, shoulder + 0.3 * up
        body[f"{side}_elbow"], body[f"{side}_wrist"] = elbow, wrist
        for finger in ("pinky", "index", "thumb"):
            body[f"{side}_{finger}"] = wrist + 0.05 * (wrist - elbow)
        out = np.array([side_sign(side), 0, 0])
        body[f"{side}_ear"] = middle + 0.2 * up + 0.07 * out
        body[f"{side}_mouth"] = middle + 0.17 * up + 0.1 * forward + 0.03 * out
        for part, x in (("inner", 0.02), ("middle", 0.03), ("outer", 0.04)):
            body[f"{side}_eye_{part}"] = middle + 0.23 * up + 0.09 * forward + x * out
    body["nose"] = middle + 0.2 * up + 0.12 * forward


FOOT_FROM_SHOULDER_M = 0.80
MAT_M = 0.10


def bridging(rise_deg: float) -> Body:
    """A body on its back whose trunk rises by ``rise_deg`` from shoulders to hips, feet planted."""
    shoulder = np.array([0.0, 0.0, MAT_M])
    a = np.radians(rise_deg)
    hip = shoulder + TRUNK_M * np.array([0.0, np.cos(a), np.sin(a)])
    ankle = np.array([0.0, FOOT_FROM_SHOULDER_M, ANKLE_Z_M])
    knee = _joint(hip, ankle, THIGH_M, SHANK_M, np.array([0.0, 0.0, 1.0]))
    body: Body = {}
    for side in SIDES:
        out = np.array([side_sign(side), 0, 0])
        for part, at, half in (
            ("shoulder", shoulder, SHOULDER_M),
            ("hip", hip, HIP_M),
            ("knee", knee, HIP_M),
            ("ankle", ankle, HIP_M),
        ):
            body[f"{side}_{part}"] = at + out * half
        body[f"{side}_heel"] = ankle + out * HIP_M + (0, -0.05, -0.04)
        body[f"{side}_toe"] = ankle + out * HIP_M + (0, 0.14, -0.05)
    _head_and_arms(body, np.array([0.0, -1.0, 0.0]), "head")
    return body


def _joint(a: FloatArray, b: FloatArray, from_a: float, from_b: float, towards: FloatArray) -> FloatArray:
    """The joint between ``a`` and ``b`` at the given distances, bent ``towards`` a side."""
    line = b - a
    gap = float(np.linalg.norm(line))
    along = (gap**2 + from_a**2 - from_b**2) / (2 * gap)
    off = np.sqrt(max(from_a**2 - along**2, 0.0))
    unit = line / gap
    side = towards - unit * float(unit @ towards)
    return a + unit * along + side / np.linalg.norm(side) * off


STANCE_SHARE = 0.62
STRIDE_M = 0.52
FREE_LIFT_M = 0.12


def walking(phase: float, *, stance_m: float = 0.08, drop_deg: tuple[float, float] = (0.0, 0.0)) -> Body:
    """A walker on a treadmill; ``phase`` is 0-1 since the left heel touched down.

    ``drop_deg`` is how far the free side sinks over the left and the right stance leg.
    """
    body: Body = {}
    tilt = 0.0  # + left higher
    for side, drop in zip(SIDES, drop_deg, strict=True):
        own = phase if side == "left" else (phase + 0.5) % 1.0
        if 0.12 < own < 0.5:
            tilt += side_sign(side) * drop * np.sin(np.pi * (own - 0.12) / 0.38)
    rise = np.sin(np.radians(tilt))
    for side in SIDES:
        sign = side_sign(side)
        own = phase if side == "left" else (phase + 0.5) % 1.0
        if own < STANCE_SHARE:
            y, z = STRIDE_M * (0.5 - own / STANCE_SHARE), 0.0
        else:
            s = (own - STANCE_SHARE) / (1 - STANCE_SHARE)
            y, z = -STRIDE_M / 2 * np.cos(np.pi * s), FREE_LIFT_M * np.sin(np.pi * s)
        hip = np.array([sign * HIP_M, 0.0, 0.82 + sign * rise * HIP_M])
        ankle = np.array([sign * stance_m, y, ANKLE_Z_M + z])
        body[f"{side}_hip"], body[f"{side}_ankle"] = hip, ankle
        body[f"{side}_knee"] = _joint(hip, ankle, THIGH_M, SHANK_M, np.array([0.0, 1.0, 0.0]))
        body[f"{side}_shoulder"] = np.array([sign * SHOULDER_M, 0.0, 0.82 + TRUNK_M])
        _foot(body, side)
    _head_and_arms(body, np.array([0.0, 0.0, 1.0]), "hanging")
    return body


# --------------------------------------------------------------------------- motions


def depth_at(t_s: float, reps: int, rep_s: float = 2.4, rest_s: float = 0.8) -> float:
    """0 at rest to 1 at the turn; a rest before the first repetition and after each.

    Down for 40 % of ``rep_s``, held for 20 %, up for 40 %.
    """
    i, part = divmod(t_s - rest_s, rep_s + rest_s)
    if not 0 <= i < reps or part > rep_s:
        return 0.0
    share = part / rep_s
    ramp = min(share, 1 - share) / 0.4
    return float((1 - np.cos(np.pi * min(ramp, 1.0))) / 2)


def turn_times(reps: int, rep_s: float = 2.4, rest_s: float = 0.8) -> list[float]:
    """When the turns of :func:`depth_at` are, in the middle of what is held."""
    return [rest_s + rep_s / 2 + i * (rep_s + rest_s) for i in range(reps)]


def set_length(reps: int, rep_s: float = 2.4, rest_s: float = 0.8) -> float:
    """Seconds of a whole set."""
    return rest_s + reps * (rep_s + rest_s)


def lifts(bottom: Sequence[Stance] | Stance, reps: int, top: Stance | None = None) -> Motion:
    """From ``top`` to ``bottom`` and back, ``reps`` times; a list gives each repetition its own bottom."""
    goals = [bottom] * reps if isinstance(bottom, Stance) else list(bottom)

    def at(t_s: float) -> Body:
        i = min(max(int((t_s - 0.4) // 3.2), 0), reps - 1)
        start = top or replace(Stance(), hands=goals[i].hands, feet_m=goals[i].feet_m)
        return standing(_between(start, goals[i], depth_at(t_s, reps)))

    return at


def _between(a: Stance, b: Stance, share: float) -> Stance:
    def mix(x: float, y: float) -> float:
        return x + share * (y - x)

    return Stance(
        **{
            n: mix(getattr(a, n), getattr(b, n))
            for n in ("shin", "thigh", "trunk", "shift_m", "lean_deg", "heel_m")
        },
        feet_m=b.feet_m,
        knees_m=(mix(a.knees_m[0], b.knees_m[0]), mix(a.knees_m[1], b.knees_m[1])),
        hands=b.hands,
    )


SQUAT = Stance(shin=32.0, thigh=80.0, trunk=38.0, knees_m=(0.18, 0.18))
HINGE = Stance(shin=0.0, thigh=15.0, trunk=75.0, hands="hanging")


def squats(reps: int = 3, bottom: Sequence[Stance] | Stance = SQUAT) -> Motion:
    """Squats with upright shins and thighs between them."""
    return lifts(bottom, reps)


def hinges(reps: int = 3, bottom: Sequence[Stance] | Stance = HINGE) -> Motion:
    """Hip hinges with hanging hands."""
    return lifts(bottom, reps)


def bridges(reps: int = 3, top_deg: float = 26.0, rest_deg: float = 3.0) -> Motion:
    """Bridges that lift the trunk from ``rest_deg`` to ``top_deg``."""
    return lambda t_s: bridging(rest_deg + (top_deg - rest_deg) * depth_at(t_s, reps))


def walk(stride_s: float = 1.1, **how: object) -> Motion:
    """Walking with two steps per ``stride_s``; the left heel is down at 0 s."""
    return lambda t_s: walking(t_s / stride_s % 1.0, **how)  # type: ignore[arg-type]


def mirrored(motion: Motion) -> Motion:
    """What a mirror shows: left for right."""

    def at(t_s: float) -> Body:
        body = motion(t_s)
        twins = dict(zip(BLAZEPOSE.names, np.array(BLAZEPOSE.names)[BLAZEPOSE.swap], strict=True))
        return {name: body[twins[name]] * (-1, 1, 1) for name in body}

    return at


# --------------------------------------------------------------------------- the camera


@dataclass(frozen=True)
class Camera:
    """A pinhole camera at hip height.

    ``bearing_deg`` is where it stands: 0 in front, 90 on the athlete's right, 180 behind, -90 on the
    left. ``roll_deg`` + when upright things lean to image right. ``distance_m`` far away by default,
    so that perspective is nothing beside the tolerances. ``scale`` and ``shift_px`` change the picture.
    """

    bearing_deg: float = 0.0
    roll_deg: float = 0.0
    distance_m: float = 60.0
    scale: float = 1.0
    shift_px: tuple[float, float] = (0.0, 0.0)
    noise_px: float = 0.0
    size_wh: tuple[int, int] = SIZE

    def xy(self, body: Body) -> FloatArray:
        """Picture points ``(33, 2)`` px."""
        p = _table(body)
        right, away = self._axes(p)
        up = p[:, 2] - 0.85
        px_per_m = 330.0 * self.scale * self.distance_m / (self.distance_m + away)
        r = np.radians(self.roll_deg)
        x, y = right * px_per_m, -up * px_per_m
        turned = np.stack([x * np.cos(r) - y * np.sin(r), x * np.sin(r) + y * np.cos(r)], axis=1)
        return turned + np.array(self.size_wh) / 2 + self.shift_px

    def world_m(self, body: Body) -> FloatArray:
        """The model's guess ``(33, 3)``: x image right, y down, z away, about the hips."""
        p = _table(body)
        middle = (body["left_hip"] + body["right_hip"]) / 2
        out = np.empty((len(p), 3))
        for rows, habit in ((slice(0, 23), _HABIT_DEG["shoulder"]), (slice(23, 33), _HABIT_DEG["hip"])):
            bearing = self._model_bearing()
            bearing += habit * np.cos(np.radians(bearing))
            right, away = replace(self, bearing_deg=float(bearing))._axes(p[rows] - middle)
            out[rows] = np.stack([right, -(p[rows] - middle)[:, 2], away], axis=1)
        return out

    def _model_bearing(self) -> float:
        rear = abs(self.bearing_deg) > 90
        off = 180 - abs(self.bearing_deg) if rear else abs(self.bearing_deg)
        seen = float(np.interp(off, *_SEEN_TURN))
        return float(np.copysign(180 - seen if rear else seen, self.bearing_deg))

    def _axes(self, p: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Metres to image right and away from the camera."""
        b = np.radians(self.bearing_deg)
        # at 0 the camera looks against the athlete's forward: the athlete's left is image right
        right = p[:, 0] * np.cos(b) + p[:, 1] * np.sin(b)
        away = p[:, 0] * np.sin(b) - p[:, 1] * np.cos(b)
        return right, away


FRONT, REAR = Camera(0.0), Camera(180.0)
FROM_RIGHT, FROM_LEFT = Camera(90.0), Camera(-90.0)


def _table(body: Body) -> FloatArray:
    return np.array([body[name] for name in BLAZEPOSE.names])


def clock(length_s: float, fps: float = 30.0) -> FloatArray:
    """Evenly spaced seconds from 0."""
    return np.arange(int(length_s * fps)) / fps


def film(motion: Motion, camera: Camera, t_s: FloatArray) -> list[Pose]:
    """One pose per moment, every point seen; the trunk's outline is a straight band."""
    rng = np.random.default_rng(7)
    outline = np.full((2, len(ALONG)), 0.16)
    poses: list[Pose] = []
    for i, t in enumerate(t_s):
        body = motion(float(t))
        xy = camera.xy(body) + rng.normal(0, 1, (len(BLAZEPOSE.names), 2)) * camera.noise_px
        score = np.full(len(xy), 0.95)
        poses.append(Pose(float(t), i, xy, score, camera.world_m(body), outline))
    return poses


def flipped(poses: Sequence[Pose], width: int) -> list[Pose]:
    """Poses of the mirrored picture, as a model sees it: points change sides and names."""
    swap = BLAZEPOSE.swap
    return [
        replace(
            p,
            xy=p.xy[swap] * (-1, 1) + (width, 0),
            score=p.score[swap],
            world_m=None if p.world_m is None else p.world_m[swap] * (-1, 1, 1),
            outline=None if p.outline is None else p.outline[::-1],
        )
        for p in poses
    ]


# --------------------------------------------------------------------------- through the product


def track(poses: Sequence[Pose], size_wh: tuple[int, int] = SIZE) -> Track:
    """The poses as a track, cleaned but neither levelled nor smoothed."""
    return prepare.prepare(poses, size_wh, BLAZEPOSE, len(poses)).track


def report(
    poses: Sequence[Pose | None],
    movement: str | None = None,
    *,
    time_scale: float = 1.0,
    size_wh: tuple[int, int] = SIZE,
) -> Report:
    """The session's report on the poses."""
    session = Session(BLAZEPOSE, size_wh, movement=movement, time_scale=time_scale)
    for pose in poses:
        session.push(pose)
    return session.finish()


def seen_from(side: str) -> View:
    """A view square on from ``side``, known well."""
    plane = Plane.SAGITTAL if side in SIDES else Plane.FRONTAL
    return View(plane, side, 0.0, 4.0, 0.0, 1.0, 1.0)


def scenes(movement: Movement, shot: Track, view: View) -> list[Scene]:
    """One scene per repetition, as the session makes them, over the whole track."""
    smooth = prepare.smoothed(shot, movement.cutoff_hz)
    cut = movement.cut(prepare.smoothed(shot, movement.cut_hz or movement.cutoff_hz), view)
    standing = None if cut.standing is None else smooth[cut.standing]
    sizes = trunk_px(smooth), leg_px(smooth)
    return [
        Scene(smooth, cycle, view, 0.5, *sizes, cut.floor_start, feet=cut.feet, standing=standing)
        for cycle in cut.cycles
    ]


def measured(movement: Movement, name: str, scene: Scene, side: str | None = None) -> Measurement:
    """One measure of one scene."""
    of = {m.name: m.of for m in movement.measures}
    return of[name](scene, side)


def set_measured(movement: Movement, name: str, shot: Track, view: View) -> Measurement:
    """One measure of the whole set."""
    found = scenes(movement, shot, view)
    cycles: list[Cycle] = [s.cycle for s in found]
    whole = replace(found[0], cycle=Cycle(0, 0, len(found[0].track)))
    of = {m.name: m.of for m in movement.set_measures}
    return of[name](whole, cycles, None)


def bow_outline(bow: float, span: tuple[float, float], row: int) -> NDArray[np.float64]:
    """An outline ``(2, S)`` whose ``row`` bows out by ``bow`` chords in the middle of ``span``."""
    outline = np.full((2, len(ALONG)), 0.16)
    s = (ALONG - span[0]) / (span[1] - span[0])
    inside = (s >= 0) & (s <= 1)
    outline[row, inside] += 4 * bow * (span[1] - span[0]) * (s * (1 - s))[inside]
    return outline
