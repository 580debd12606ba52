"""Figures of the movements that work one leg, and of those on the floor; every angle is known.

Axes as in :mod:`tests.figures`. Each figure works the left leg; ``mirrored`` there gives the right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tests import figures as fig
from tests.figures import ANKLE_Z_M, HIP_M, SHANK_M, SHOULDER_M, THIGH_M, TRUNK_M, Body, Camera, Motion
from vision.movements import MOVEMENTS
from vision.movements.base import Scene
from vision.types import SIDES, FloatArray, Pose

UP = np.array([0.0, 0.0, 1.0])
AHEAD = np.array([0.0, 1.0, 0.0])
LEFT = np.array([1.0, 0.0, 0.0])
FRONT_LOW = replace(fig.FRONT, size_wh=(720, 640), shift_px=(0.0, -180.0))
SIDE_LOW = replace(fig.FROM_LEFT, size_wh=(900, 640), shift_px=(0.0, -180.0))


def _down(angle_deg: float, out_deg: float = 0.0) -> FloatArray:
    """Unit vector from straight down, + ahead by ``angle_deg`` and + to the left by ``out_deg``."""
    a, o = np.radians(angle_deg), np.radians(out_deg)
    return np.array([np.sin(o) * np.cos(a), np.sin(a), -np.cos(o) * np.cos(a)])


def _finish(body: Body, up: FloatArray, hands: str = "chest") -> Body:
    """Feet, head and arms for a body whose shoulders, hips, knees and ankles are there."""
    for side in SIDES:
        fig._foot(body, side)
    fig._head_and_arms(body, up, hands)
    return body


def _trunk(body: Body, mid_hip: FloatArray, trunk_deg: float, lean_deg: float = 0.0) -> FloatArray:
    """Hips and shoulders on a trunk that leans ahead and to the left; its direction."""
    a, b = np.radians(trunk_deg), np.radians(lean_deg)
    up = np.array([np.sin(b), np.sin(a) * np.cos(b), np.cos(a) * np.cos(b)])
    for side in SIDES:
        out = fig.side_sign(side) * LEFT
        body[f"{side}_hip"] = mid_hip + HIP_M * out
        body[f"{side}_shoulder"] = mid_hip + TRUNK_M * up + SHOULDER_M * out
    return up


def _hang(body: Body, side: str, thigh_deg: float, knee_deg: float, out_deg: float = 0.0) -> None:
    """A leg that hangs from its hip."""
    hip = body[f"{side}_hip"]
    body[f"{side}_knee"] = hip + THIGH_M * _down(thigh_deg, out_deg)
    body[f"{side}_ankle"] = body[f"{side}_knee"] + SHANK_M * _down(thigh_deg - knee_deg, out_deg)


@dataclass(frozen=True)
class OneLeg:
    """A body on its left leg: sagittal angles from the vertical, the knee's and the trunk's way sideways."""

    shin: float = 0.0
    thigh: float = 0.0
    trunk: float = 0.0
    free_thigh: float = 15.0
    free_knee: float = 60.0
    shin_in: float = 0.0
    lean: float = 0.0

    def body(self, share: float = 1.0) -> Body:
        """The body at ``share`` of the way from standing on that leg to here."""
        shin, thigh, inward = (np.radians(share * v) for v in (self.shin, self.thigh, self.shin_in))
        body: Body = {"left_ankle": np.array([0.06, 0.0, ANKLE_Z_M])}
        knee = body["left_ankle"] + SHANK_M * np.array(
            [-np.sin(inward) * np.cos(shin), np.sin(shin), np.cos(shin) * np.cos(inward)]
        )
        hip = knee + THIGH_M * np.array([np.sin(inward) * np.cos(thigh), -np.sin(thigh), np.cos(thigh)])
        up = _trunk(body, hip - HIP_M * LEFT, share * self.trunk, share * self.lean)
        body["left_knee"] = knee
        _hang(body, "right", 15.0 + share * (self.free_thigh - 15.0), 60 + share * (self.free_knee - 60.0))
        return _finish(body, up)


def one_leg(far: OneLeg, reps: int = 2) -> Motion:
    """Single-leg squats, or deadlifts, to ``far`` and back."""
    return lambda t_s: far.body(fig.depth_at(t_s, reps))


SQUAT = OneLeg(shin=28.0, thigh=52.0, trunk=30.0, free_thigh=35.0, free_knee=95.0)
DEADLIFT = OneLeg(shin=2.0, thigh=14.0, trunk=70.0, free_thigh=-70.0, free_knee=10.0)


def _knee(body: Body, side: str, towards: FloatArray) -> None:
    body[f"{side}_knee"] = fig._joint(body[f"{side}_hip"], body[f"{side}_ankle"], THIGH_M, SHANK_M, towards)


@dataclass(frozen=True)
class Lunge:
    """A lunge with the left leg in front; ``step_m`` 0 in a split squat, whose feet are apart already."""

    shin: float = 8.0
    thigh: float = 80.0
    trunk: float = 12.0
    shin_in: float = 0.0
    lean: float = 0.0
    steps: bool = True
    rear_z_m: float = 0.14

    def body(self, share: float) -> Body:
        """The body at ``share`` of the way down."""
        far = 0.62
        step = min(2 * share, 1.0) if self.steps else 1.0
        sink = max(2 * share - 1, 0.0) if self.steps else share
        inward = np.radians(self.shin_in)
        ankle = np.array([0.1, far * step, ANKLE_Z_M + (0.1 * np.sin(np.pi * step) if self.steps else 0.0)])
        shin, thigh = np.radians(self.shin), np.radians(self.thigh)
        knee = np.array([0.1, far, ANKLE_Z_M]) + SHANK_M * np.array(
            [-np.sin(inward) * np.cos(shin), np.sin(shin), np.cos(shin) * np.cos(inward)]
        )
        low = knee + THIGH_M * np.array([np.sin(inward) * np.cos(shin) * 0.5, -np.sin(thigh), np.cos(thigh)])
        tall = 0.885 if self.steps else 0.80
        high = np.array([HIP_M, 0.45 * far * step, tall - 0.06 * step])
        hip = high + (np.array([low[0], low[1], low[2]]) - high) * sink
        body: Body = {"left_ankle": ankle}
        up = _trunk(body, hip - HIP_M * LEFT, sink * self.trunk, sink * self.lean)
        body["right_ankle"] = np.array([-0.1, -0.12 * step, ANKLE_Z_M + (self.rear_z_m - ANKLE_Z_M) * step])
        _knee(body, "right", AHEAD)
        _knee(body, "left", AHEAD)
        if sink > 0.999:
            body["left_knee"] = knee
        return _finish(body, up)


def lunges(far: Lunge, reps: int = 2) -> Motion:
    """Lunges to ``far`` and back."""
    return lambda t_s: far.body(fig.depth_at(t_s, reps, rep_s=3.0))


BOX_M, BOX_Y_M = 0.30, 0.34


def stepping(share: float, lean: float = 0.0, trunk: float = 18.0) -> Body:
    """A step on a box with the left leg first; ``share`` 0 on the floor, 1 on top."""
    first, up_share = min(share / 0.35, 1.0), max((share - 0.35) / 0.65, 0.0)
    last = max((up_share - 0.6) / 0.4, 0.0)
    body: Body = {
        "left_ankle": np.array(
            [0.1, BOX_Y_M * first, ANKLE_Z_M + BOX_M * first + 0.05 * np.sin(np.pi * first)]
        )
    }
    hip = np.array([0.0, BOX_Y_M * (0.35 * first + 0.65 * up_share), 0.87 + BOX_M * up_share])
    bent = np.sin(np.pi * min(share, 1.0))
    up = _trunk(body, hip, trunk * bent, lean * bent)
    body["right_ankle"] = np.array(
        [-0.1, BOX_Y_M * last, ANKLE_Z_M + BOX_M * last + 0.06 * np.sin(np.pi * last)]
    )
    for side in SIDES:
        _knee(body, side, AHEAD)
    return _finish(body, up, "hanging")


def steps(reps: int = 2, lean: float = 0.0) -> Motion:
    """Step-ups and down again."""
    return lambda t_s: stepping(fig.depth_at(t_s, reps, rep_s=3.4), lean)


def one_leg_bridging(share: float, top_deg: float) -> Body:
    """A bridge on the left foot, the right leg straight and level with the left thigh."""
    body = fig.bridging(3.0 + (top_deg - 3.0) * share)
    thigh = body["right_knee"] - body["right_hip"]
    body["right_ankle"] = body["right_knee"] + SHANK_M * thigh / THIGH_M
    fig._foot(body, "right")
    return body


def one_leg_bridges(reps: int = 2, top_deg: float = 26.0) -> Motion:
    """Bridges on the left foot."""
    return lambda t_s: one_leg_bridging(fig.depth_at(t_s, reps), top_deg)


BENCH_M = 0.42


def thrusting(rise_deg: float) -> Body:
    """Shoulders on a bench, the trunk rising by ``rise_deg`` from the level, + hips higher."""
    shoulder = np.array([0.0, 0.0, BENCH_M])
    a = np.radians(rise_deg)
    hip = shoulder + TRUNK_M * np.array([0.0, np.cos(a), np.sin(a)])
    ankle = np.array([0.0, TRUNK_M + THIGH_M + 0.02, ANKLE_Z_M])
    knee = fig._joint(hip, ankle, THIGH_M, SHANK_M, AHEAD + UP)
    body: Body = {}
    for side in SIDES:
        out = fig.side_sign(side) * LEFT
        for part, at, half in (
            ("shoulder", shoulder, SHOULDER_M),
            ("hip", hip, HIP_M),
            ("knee", knee, HIP_M),
        ):
            body[f"{side}_{part}"] = at + half * out
        body[f"{side}_ankle"] = ankle + HIP_M * out
    return _finish(body, np.array([0.0, -np.cos(a), 0.3]), "chest")


def thrusts(reps: int = 2, top_deg: float = 2.0) -> Motion:
    """Hip thrusts from sitting low to ``top_deg``."""
    return lambda t_s: thrusting(-38.0 + (top_deg + 38.0) * fig.depth_at(t_s, reps))


def _on_the_side(upright: Body, slope_deg: float = 0.0) -> Body:
    """A body laid on its right side, facing ahead, the head to -x, its length sloped up to the head."""
    a = np.radians(slope_deg)
    out: Body = {}
    for name, p in upright.items():
        x, z = -p[2], p[0]
        out[name] = np.array([0.9 + x * np.cos(a) + z * np.sin(a), p[1], z * np.cos(a) - x * np.sin(a)])
    lowest = min(float(p[2]) for p in out.values())
    return {name: p + (0.05 - lowest) * UP for name, p in out.items()}


def side_lying(lift_deg: float, slope_deg: float = 0.0, sag_deg: float = 0.0) -> Body:
    """On the right side, the left leg lifted by ``lift_deg`` off the line of the trunk."""
    body: Body = {}
    up = _trunk(body, np.array([0.0, 0.0, 0.85]), 0.0)
    _hang(body, "left", 0.0, 0.0, lift_deg)
    _hang(body, "right", 0.0, 0.0, -sag_deg if sag_deg else 0.0)
    return _on_the_side(_finish(body, up, "head"), slope_deg)


def side_lifts(reps: int = 2, top_deg: float = 40.0, slope_deg: float = 0.0, sag_deg: float = 0.0) -> Motion:
    """Leg lifts on the side, or in a side plank with a slope."""
    return lambda t_s: side_lying(2.0 + (top_deg - 2.0) * fig.depth_at(t_s, reps), slope_deg, sag_deg)


def on_fours(share: float, thigh_deg: float) -> Body:
    """On hands and knees; the left thigh goes back by ``thigh_deg``, the right arm ahead."""
    body: Body = {}
    hip = np.array([0.0, 0.0, ANKLE_Z_M + THIGH_M])
    for side in SIDES:
        out = fig.side_sign(side) * LEFT
        body[f"{side}_hip"] = hip + HIP_M * out
        body[f"{side}_shoulder"] = hip + TRUNK_M * AHEAD + SHOULDER_M * out
    _hang(body, "right", 0.0, 90.0)
    _hang(body, "left", -thigh_deg * share, 90.0 * (1 - share))
    _finish(body, AHEAD, "head")
    for side in SIDES:
        reach = 90.0 * share if side == "right" else 0.0
        shoulder = body[f"{side}_shoulder"]
        body[f"{side}_elbow"], body[f"{side}_wrist"] = (shoulder + d * _down(reach) for d in (0.25, 0.5))
    return body


def bird_dogs(reps: int = 2, thigh_deg: float = 90.0) -> Motion:
    """The left leg back and the right arm ahead."""
    return lambda t_s: on_fours(fig.depth_at(t_s, reps), thigh_deg)


def swinging(thigh_deg: float = 0.0, knee_deg: float = 0.0, out_deg: float = 0.0) -> Body:
    """Standing on the right leg, the left one swung."""
    body: Body = {}
    up = _trunk(body, np.array([0.0, 0.0, ANKLE_Z_M + SHANK_M + THIGH_M]), 0.0)
    _hang(body, "right", 0.0, 0.0)
    _hang(body, "left", thigh_deg, knee_deg, out_deg)
    return _finish(body, up, "hanging")


def sitting(turn_deg: float) -> Body:
    """Sitting, the left foot swung out by ``turn_deg``: inner rotation."""
    body: Body = {}
    up = _trunk(body, np.array([0.0, 0.0, 0.55]), 0.0)
    for side in SIDES:
        body[f"{side}_knee"] = body[f"{side}_hip"] + THIGH_M * AHEAD
        out = turn_deg if side == "left" else 0.0
        body[f"{side}_ankle"] = body[f"{side}_knee"] + SHANK_M * _down(0.0, out)
    return _finish(body, up, "hanging")


def turns(goal: dict[str, float], reps: int = 2) -> Motion:
    """Swings of the left leg to a goal of :func:`swinging`, or of :func:`sitting` with ``turn_deg``."""

    def at(t_s: float) -> Body:
        share = fig.depth_at(t_s, reps)
        moved = {k: share * v for k, v in goal.items()}
        return sitting(moved["turn_deg"]) if "turn_deg" in goal else swinging(**moved)

    return at


@dataclass(frozen=True)
class Take:
    """A film of a movement: who moves, from where it is filmed, for how long."""

    motion: Motion
    camera: Camera
    seconds: float = fig.set_length(2)


TAKES: dict[str, Take] = {
    "single_leg_bridge": Take(one_leg_bridges(), SIDE_LOW),
    "hip_thrust": Take(thrusts(), SIDE_LOW),
    "single_leg_squat": Take(one_leg(replace(SQUAT, shin_in=12.0, lean=6.0)), fig.FRONT),
    "lunge": Take(lunges(Lunge()), replace(fig.FROM_LEFT, size_wh=(800, 720)), 8.4),
    "split_squat": Take(lunges(Lunge(steps=False)), replace(fig.FROM_LEFT, size_wh=(800, 720)), 8.4),
    "step_up": Take(steps(), replace(fig.FROM_LEFT, size_wh=(800, 900), shift_px=(0.0, 60.0)), 9.2),
    "side_lying_abduction": Take(side_lifts(), FRONT_LOW),
    "single_leg_rdl": Take(one_leg(DEADLIFT), replace(fig.FROM_LEFT, size_wh=(900, 720))),
    "side_plank": Take(side_lifts(top_deg=30.0, slope_deg=18.0), FRONT_LOW),
    "bird_dog": Take(bird_dogs(), SIDE_LOW),
    "wall_hinge": Take(fig.hinges(2), fig.FROM_LEFT),
    "hip_mobility": Take(turns({"thigh_deg": 95.0, "knee_deg": 95.0}), fig.FROM_LEFT),
}
"""One film of each movement, the left leg working."""


def film(take: Take, side: str, fps: float = 20.0) -> list[Pose]:
    """The take with ``side`` working."""
    own = side == "left"
    motion = take.motion if own else fig.mirrored(take.motion)
    return fig.film(motion, take.camera if own else mirror_camera(take.camera), fig.clock(take.seconds, fps))


def scenes(name: str, side: str, motion: Motion | None = None, camera: Camera | None = None) -> list[Scene]:
    """One scene per repetition of the movement's take, or of another motion from another camera."""
    take = TAKES[name]
    take = replace(take, motion=motion or take.motion, camera=camera or take.camera)
    shot = fig.track(film(take, side), take.camera.size_wh)
    seen = "front" if abs(take.camera.bearing_deg) < 45 else side
    return fig.scenes(MOVEMENTS[name], shot, fig.seen_from(seen))


def values(name: str, measure: str, of: list[Scene]) -> list[float]:
    """What a measure says of each repetition's own side."""
    found = [fig.measured(MOVEMENTS[name], measure, scene, scene.cycle.side) for scene in of]
    assert all(isinstance(m.value, float) for m in found), [m.reason for m in found]
    return [float(m.value) for m in found if m.value is not None]


def mirror_camera(camera: Camera) -> Camera:
    """The camera on the other side of the athlete."""
    return replace(camera, bearing_deg=-camera.bearing_deg if abs(camera.bearing_deg) < 180 else 180.0)
