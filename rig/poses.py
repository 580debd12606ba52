"""Random poses of the movements that are looked at, with pelvis, ribs and thighs drawn free of each other.

The network must not be able to tell the pelvis from the trunk and the thighs; so each is drawn by itself
within what a movement allows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rig.body import Body
from rig.rotations import about_x, about_y, about_z, unit
from rig.skeleton import Pose, arm_turns, limb_turn, pose, spine_turns

Array = npt.NDArray[np.float64]
FRONTAL = {"stand": 0.12, "walk": 0.38, "run": 0.1, "single_leg": 0.17, "squat": 0.17, "hinge": 0.06}
SAGITTAL = {
    "stand": 0.14,
    "walk": 0.1,
    "run": 0.05,
    "single_leg": 0.04,
    "squat": 0.14,
    "hinge": 0.15,
    "bridge": 0.28,
    "thrust": 0.1,
}
MOVEMENTS = ("stand", "walk", "run", "single_leg", "squat", "hinge", "bridge", "thrust")
LYING = ("bridge", "thrust")


@dataclass(frozen=True)
class Posed:
    """A pose in the world: the middle of the hips at the origin, and where the floor is."""

    pose: Pose
    movement: str
    floor_z: float
    support_z: float | None = None  # height of the bench's top, where the back lies on one


def random_pose(rng: np.random.Generator, body: Body, kind: str) -> Posed:
    """A pose for a frontal or a sagittal crop."""
    plan = FRONTAL if kind == "frontal" else SAGITTAL
    movement = str(rng.choice(list(plan), p=np.array(list(plan.values())) / sum(plan.values())))
    if movement in LYING:
        return _lying(rng, body, movement)
    return _upright(rng, body, movement, kind)


RANGES = {  # trunk lean, pelvis against trunk, thigh flexion, knee flexion; degrees
    "stand": ((-6, 10), (-22, 24), (-8, 10), (0, 15)),
    "walk": ((-5, 12), (-16, 22), (-25, 38), (0, 65)),
    "run": ((-2, 22), (-16, 24), (-30, 75), (10, 110)),
    "single_leg": ((-8, 30), (-20, 22), (-12, 45), (0, 55)),
    "squat": ((5, 60), (-35, 20), (15, 115), (25, 125)),
    "hinge": ((10, 100), (-40, 22), (0, 40), (5, 55)),
}


def _upright(rng: np.random.Generator, body: Body, movement: str, kind: str) -> Posed:
    lean_range, relative_range, thigh_range, knee_range = RANGES[movement]
    lean, relative = rng.uniform(*lean_range), rng.uniform(*relative_range)
    if kind == "frontal":
        lean = min(lean, rng.uniform(25, 55))  # further down, nothing of the pelvis is seen from the front
    wide = rng.random() < 0.75
    tilt = rng.uniform(-16, 16) if wide else rng.normal(0, 4)
    if kind == "sagittal" or movement in ("squat", "hinge"):
        tilt *= 0.6
    yaw = rng.uniform(-12, 12)
    pelvis = about_z(yaw) @ about_y(-tilt) @ about_x(lean + relative)
    thorax = about_z(yaw * rng.uniform(-1, 1) + rng.normal(0, 5)) @ about_y(rng.normal(0, 6)) @ about_x(lean)
    head = about_z(rng.normal(0, 12)) @ about_x(0.5 * lean + rng.normal(0, 10))
    turns = spine_turns(pelvis, thorax, head, (rng.uniform(0.2, 0.5), rng.uniform(0.55, 0.9)))
    both = rng.uniform(*thigh_range), rng.uniform(*knee_range)
    apart = rng.uniform(-4, 30) if movement == "squat" else None
    free = str(rng.choice(["L", "R"]))
    for side, sign in (("L", 1.0), ("R", -1.0)):
        flex, knee = both
        if movement in ("walk", "run"):
            flex, knee = rng.uniform(*thigh_range), rng.uniform(*knee_range)
        elif movement == "single_leg" and side == free:
            flex, knee = rng.uniform(-25, 95), rng.uniform(0, 115)
        abduct = apart + rng.normal(0, 3) if apart is not None else rng.uniform(-14, 8)
        outwards = yaw * 0.5 + sign * (rng.uniform(0, 35) if apart is not None else rng.uniform(-6, 18))
        thigh = about_z(outwards) @ about_y(-sign * abduct) @ about_x(-flex - rng.normal(0, 2))
        turns |= _leg(
            body, side, thigh, thigh @ about_x(max(knee, 0.25 * flex if movement == "walk" else 0)), 0.0
        )
    turns |= _arms(rng, body, thorax, movement)
    at = pose(body, turns)
    return Posed(at, movement, _lowest(at))


def _leg(body: Body, side: str, thigh: Array, shank: Array, toes_down: float) -> dict[str, Array]:
    down = np.array([0.0, 0.0, -1.0])
    upper = limb_turn(body, f"upperleg01.{side}", f"lowerleg01.{side}", thigh @ down, thigh)
    lower = limb_turn(body, f"lowerleg01.{side}", f"foot.{side}", shank @ down, shank)
    return {
        f"upperleg01.{side}": upper,
        f"lowerleg01.{side}": lower,
        f"foot.{side}": lower @ about_x(toes_down),
    }


def _lowest(at: Pose) -> float:
    feet = [at.place(f"{bone}.{side}")[2] for bone in ("foot", "toe") for side in "LR"]
    return float(min(feet)) - 0.05


def _lying(rng: np.random.Generator, body: Body, movement: str) -> Posed:
    up = float(np.clip(rng.uniform(-0.15, 1.15), 0, 1))  # share of the way from the floor to lockout
    low, high = (-3, 32) if movement == "bridge" else (-38, 4)
    rise = low + (high + rng.normal(0, 4) - low) * up + rng.normal(0, 2)
    arch = rng.uniform(-26, 32)
    flex = (1 - up) * rng.uniform(35, 70) + up * rng.uniform(-18, 28)
    world = about_z(rng.normal(0, 4)) @ about_y(rng.normal(0, 2)) @ about_x(-90.0 - rise)
    pelvis = world @ about_y(rng.normal(0, 4)) @ about_x(arch)
    turns = spine_turns(
        pelvis, world, about_x(-84.0 + rng.normal(0, 8)), (rng.uniform(0.2, 0.5), rng.uniform(0.55, 0.9))
    )
    elevation = rise + flex
    bench = float(rng.uniform(0.30, 0.46)) if movement == "thrust" else 0.0
    trunk = pose(body, turns)
    floor = float(trunk.place("upperarm01.L")[2] + trunk.place("upperarm01.R")[2]) / 2 - 0.10 - bench
    floor = min(floor, -0.11)
    thigh_m = float(np.linalg.norm(body.head("lowerleg01.L") - body.head("upperleg01.L")))
    shank_m = float(np.linalg.norm(body.head("foot.L") - body.head("lowerleg01.L")))
    lift = thigh_m * np.sin(np.radians(elevation)) - floor - 0.07
    reach = np.degrees(np.arccos(np.clip(lift / shank_m, -0.2, 1.0))) * rng.choice((-1, 1), p=(0.7, 0.3))
    single = rng.random() < 0.12
    for side, sign in (("L", 1.0), ("R", -1.0)):
        spread = rng.uniform(-6, 18)
        angle = elevation + rng.normal(0, 2) + (rng.uniform(-30, 50) if single and side == "L" else 0)
        thigh = about_z(sign * spread) @ about_x(-(90.0 + angle))
        shank = about_z(sign * spread * 0.5) @ about_x(
            reach if not single or side == "R" else rng.uniform(-90, 20)
        )
        turns |= _leg(body, side, thigh, shank, 0.0)
    turns |= _arms(rng, body, world, movement)
    return Posed(pose(body, turns), movement, floor, floor + bench if bench else None)


def _arms(rng: np.random.Generator, body: Body, thorax: Array, movement: str) -> dict[str, Array]:
    turns: dict[str, Array] = {}
    manner = str(rng.choice(["down", "swing", "front", "hips", "up"], p=(0.34, 0.3, 0.2, 0.1, 0.06)))
    for side, sign in (("L", 1.0), ("R", -1.0)):
        upper, fore = _arm_ways(rng, manner, sign)
        frame = thorax
        if movement in LYING and manner in ("down", "swing"):  # on the floor beside the body, or on the belly
            upper = np.array([sign * rng.uniform(0.15, 0.7), rng.uniform(-0.1, 0.35), -1.0])
            fore = np.array([sign * rng.uniform(-0.4, 0.4), rng.uniform(-0.2, 0.35), -1.0])
        elif movement == "hinge" and manner in ("down", "swing"):  # hanging, with or without a bar
            frame = np.eye(3)
        turns |= arm_turns(body, side, thorax, frame @ unit(upper), frame @ unit(fore))
    return turns


def _arm_ways(rng: np.random.Generator, manner: str, sign: float) -> tuple[Array, Array]:
    """Directions of upper arm and forearm in the trunk's own axes."""
    u = rng.uniform
    ways = {
        "down": ((sign * u(0.05, 0.4), u(-0.2, 0.25), -1), (sign * u(-0.1, 0.25), u(-0.4, 0.1), -1)),
        "swing": ((sign * u(0.05, 0.4), u(-0.7, 0.6), -1), (sign * u(-0.2, 0.2), u(-1.2, 0.1), -1)),
        "front": ((sign * u(0.0, 0.4), -1, u(-1.2, 0.4)), (-sign * u(-0.2, 0.9), -1, u(-0.4, 0.8))),
        "hips": ((sign * u(0.6, 1.1), u(0.0, 0.6), -1), (-sign * u(0.5, 1.1), u(-0.7, 0.0), -1)),
        "up": ((sign * u(0.1, 0.8), u(-0.6, 0.3), 1), (-sign * u(-0.3, 0.6), u(-0.4, 0.4), 1)),
    }
    upper, fore = ways[manner]
    return np.array(upper, np.float64), np.array(fore, np.float64)
