"""Whole movements with planted feet, as poses over time, for clips.

Each movement is a function of time in seconds. It gives a pose with the middle of the feet (lying: of the
shoulders) near the origin and the floor at z = 0, and what is known of it: repetition, depth, stance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from rig.body import Body
from rig.legs import SIDES, Legs
from rig.rotations import about_x, about_y, about_z, unit
from rig.skeleton import Pose, arm_turns, pose, spine_turns

Array = npt.NDArray[np.float64]
Instant = tuple[Pose, dict[str, Any]]


def smooth(x: float) -> float:
    """From 0 to 1 without a jerk at either end."""
    x = min(max(x, 0.0), 1.0)
    return x * x * (3 - 2 * x)


@dataclass(frozen=True)
class Movement:
    """What is done, how often, and how."""

    name: str  # walk, stand, squat, hinge, bridge, own_arch_and_tuck, single_leg
    reps: int = 3
    period_s: float = 2.8
    drop: dict[str, float] = field(
        default_factory=lambda: {"L": 4.0, "R": 4.0}
    )  # pelvic drop in each stance, degrees
    tilt: tuple[float, float] = (0.0, 0.0)  # pelvis against trunk at the start and at the turn, + arched
    oblique: float = 0.0  # obliquity at the turn, + left side higher
    lean: float = 0.0  # trunk lean at the turn
    depth: float = 1.0
    arms: str = "down"  # bridge: down beside the body, or overhead
    tuck: float = 0.0  # own_arch_and_tuck: pelvis against trunk in the held tuck; `tilt` ends in the arch

    @property
    def seconds(self) -> float:
        """How long it lasts, with a moment before and after."""
        if self.name == "own_arch_and_tuck":
            return HELD_S[-1] + 1.0
        return self.reps * self.period_s + 0.6

    @property
    def middle_s(self) -> float:
        """A moment at the turn."""
        return (HELD_S[1] + HELD_S[4]) / 2 if self.name == "own_arch_and_tuck" else 0.5 * self.period_s + 0.3

    @property
    def lying(self) -> bool:
        """Whether it is done on the back."""
        return self.name in ("bridge", "own_arch_and_tuck")


def player(body: Body, move: Movement) -> Callable[[float], Instant]:
    """The movement as a function of time."""
    makers = {
        "walk": _walk,
        "bridge": _bridge,
        "own_arch_and_tuck": _bridge,
        "squat": _bend,
        "hinge": _bend,
        "stand": _bend,
        "single_leg": _bend,
    }
    return makers[move.name](body, Legs(body), move)


def _course(t: float, move: Movement) -> tuple[int, float]:
    """Repetition (−1 outside) and share of the way to the turn."""
    u = (t - 0.3) / move.period_s
    if not 0 <= u < move.reps:
        return -1, 0.0
    return int(u), smooth(0.5 - 0.5 * float(np.cos(2 * np.pi * (u % 1))))


BENDS = {  # trunk lean, hips back (share of thigh), hips down (share of the leg), feet apart (hip widths)
    "squat": (38.0, 0.45, 0.46, 1.9),
    "hinge": (70.0, 0.42, 0.08, 1.2),
    "stand": (0.0, 0.0, 0.0, 1.1),
    "single_leg": (6.0, 0.05, 0.08, 0.3),
}


def _bend(body: Body, legs: Legs, move: Movement) -> Callable[[float], Instant]:
    """Squat, hinge, standing and standing on the left leg: feet stay, the hips go back and down."""
    trunk, back, down, apart = BENDS[move.name]
    thigh, shank = legs.lengths
    half = apart * legs.hip_width / 2
    ankles = {s: np.array([sign * half, 0.0, legs.ankle_z]) for s, sign in SIDES}
    forward = {s: unit([sign * (0.35 if move.name == "squat" else 0.1), -1.0, 0.0]) for s, sign in SIDES}

    def at(t: float) -> Instant:
        rep, share = _course(t, move)
        s = share * move.depth
        lean = (trunk if move.name != "single_leg" else 4.0) * s
        arch = move.tilt[0] + (move.tilt[1] - move.tilt[0]) * s
        pelvis = about_y(-move.oblique * s) @ about_x(lean + arch)
        thorax = about_y(-move.lean * s) @ about_x(lean)
        feet = {k: v.copy() for k, v in ankles.items()}
        pitch = {}
        if move.name == "single_leg":  # the right foot is lifted behind
            feet["R"] += smooth(share * 3) * np.array([0.0, 0.22, 0.16])
            pitch["R"] = 40.0 * smooth(share * 3)
        hips = np.array([move.depth * 0.0, back * thigh * s, 0.0])
        if move.name == "single_leg":
            hips[0] = 0.6 * half * smooth(share * 3)
        top = legs.highest(
            pelvis,
            hips,
            {k: ankles[k] for k in ankles}
            if move.name != "single_leg"
            else {"L": feet["L"], "R": feet["L"] * [-1, 1, 1]},
            5.0,
        )
        hips[2] = top - down * (thigh + shank) * s
        turns = spine_turns(pelvis, thorax, about_x(0.4 * lean)) | legs.turns(
            pelvis, hips, feet, forward, pitch
        )
        for k, sign in SIDES:
            hang = move.name in ("hinge", "stand", "single_leg")
            upper, fore = (
                ((sign * 0.25, -0.1, -1), (sign * 0.05, -0.25, -1))
                if hang
                else ((sign * 0.2, -1.0, -0.35), (-sign * 0.45, -0.7, 0.4))
            )
            turns |= arm_turns(body, k, thorax, upper, fore)
        return pose(body, turns).moved(np.eye(3), hips), {"rep": rep, "depth_frac": share}

    return at


def _walk(body: Body, legs: Legs, move: Movement) -> Callable[[float], Instant]:
    """Walking on the spot, as on a treadmill; `reps` counts strides of `period_s` seconds."""
    stance, speed = 0.6, 0.95
    period, step = move.period_s, speed * move.period_s * stance

    def foot(side: str, p: float) -> tuple[Array, float]:
        sign = 1.0 if side == "L" else -1.0
        x = sign * 0.05
        if p < stance:
            rise = smooth((p / stance - 0.7) / 0.3)
            return np.array([x, step * (p / stance - 0.5), legs.ankle_z + 0.07 * rise]), 45.0 * rise
        q = (p - stance) / (1 - stance)
        away = step * (0.5 - smooth(q))
        lift = 0.07 * (1 - smooth(q)) + 0.07 * np.sin(np.pi * q)
        return np.array([x, away, legs.ankle_z + lift]), 45.0 * (1 - smooth(1.4 * q)) - 12 * smooth(q)

    def bump(p: float) -> float:
        return float(np.sin(np.pi * p / stance) ** 1.2) if p < stance else 0.0

    def plan(t: float) -> tuple[Array, Array, Array, dict[str, tuple[Array, float]], float, float]:
        left = (t / period) % 1
        right = (left + 0.5) % 1
        feet = {"L": foot("L", left), "R": foot("R", right)}
        tilt = move.drop["L"] * bump(left) - move.drop["R"] * bump(right)
        yaw = 4.0 * np.cos(2 * np.pi * left)
        pelvis = about_z(-yaw) @ about_y(-tilt) @ about_x(4.0 + move.tilt[0])
        thorax = about_z(0.8 * yaw) @ about_y(-move.lean * (bump(right) - bump(left))) @ about_x(3.0)
        hips = np.array([0.02 * (bump(left) - bump(right)), 0.0, 0.0])
        return pelvis, thorax, hips, feet, tilt, left

    count = 64
    caps = []
    for i in range(count):
        pelvis, _, hips, feet, _, _ = plan(i / count * period)
        caps.append(legs.highest(pelvis, hips, {k: v[0] for k, v in feet.items()}, 8.0))
    low = np.array([min(caps[(i + k) % count] for k in range(-4, 5)) for i in range(count)])
    level = np.convolve(np.r_[low[-4:], low, low[:4]], np.ones(9) / 9, "valid")

    def at(t: float) -> Instant:
        pelvis, thorax, hips, feet, tilt, left = plan(t)
        hips[2] = float(np.interp((t / period) % 1 * count, np.arange(count + 1), np.r_[level, level[0]]))
        forward = {s: unit([sign * 0.1, -1.0, 0.0]) for s, sign in SIDES}
        turns = spine_turns(pelvis, thorax, about_x(2.0))
        turns |= legs.turns(
            pelvis, hips, {k: v[0] for k, v in feet.items()}, forward, {k: v[1] for k, v in feet.items()}
        )
        swing = float(np.cos(2 * np.pi * left))
        for k, sign in SIDES:
            reach = sign * 0.4 * swing
            turns |= arm_turns(body, k, thorax, (sign * 0.16, reach, -1), (sign * 0.06, reach - 0.3, -0.9))
        where = "L" if 0.1 <= left < 0.5 else ("R" if left >= 0.6 else "D")
        known = {"rep": int(t / period), "stance": where, "phase_left": left, "obliquity_set": tilt}
        return pose(body, turns).moved(np.eye(3), hips), known

    return at


HELD_S = (2.0, 3.5, 9.5, 10.5, 16.5, 17.5)
"""The film of one's own arch and tuck: the lift begins, arch held, let go, tuck held, lowered, lying."""


def _lying_course(t: float, move: Movement) -> tuple[int, float, float]:
    """Repetition (−1 outside), share of the lift, and pelvis against ribs in degrees."""
    rest, turn = move.tilt
    if move.name == "bridge":
        rep, share = _course(t, move)
        return rep, share, rest + (turn - rest) * share
    up, arched, go, tucked, low, down = HELD_S
    share = smooth((t - up) / (arched - up)) - smooth((t - low) / (down - low))
    over = smooth((t - go) / (tucked - go))
    return -1, share, rest + (turn + (move.tuck - turn) * over - rest) * share


BRIDGE_ARMS = {  # upper arm and forearm of the left side, in the world
    "down": (np.array([0.35, -1.0, -0.13]), np.array([0.1, -1.0, -0.04])),
    "overhead": (np.array([0.3, 1.0, -0.13]), np.array([-0.15, 1.0, -0.04])),
}


def _bridge(body: Body, legs: Legs, move: Movement) -> Callable[[float], Instant]:
    """Lying on the back, head towards +y; `tilt` is pelvis against ribs on the floor and at lockout."""
    thigh, shank = legs.lengths
    half = 0.6 * legs.hip_width
    thick = 0.10
    trunk = float(
        np.linalg.norm(body.head("upperarm01.L") * [0, 1, 1] - body.head("upperleg01.L") * [0, 1, 1])
    )
    lockout = float(
        np.degrees(np.arcsin(np.clip((shank * 0.97 + legs.ankle_z - thick) / (trunk + thigh), 0.1, 0.7)))
    )
    lying = -float(np.degrees(np.arcsin(min(0.02 / trunk, 1))))
    feet_y = -trunk * np.cos(np.radians(lockout)) - thigh * np.cos(np.radians(lockout)) - 0.1 * shank
    ankles = {s: np.array([sign * half, feet_y, legs.ankle_z]) for s, sign in SIDES}

    def at(t: float) -> Instant:
        rep, share, arch = _lying_course(t, move)
        rise = lying + (lockout * move.depth - lying) * share
        thorax = about_x(-90.0 - rise)
        pelvis = thorax @ about_y(-move.oblique * share) @ about_x(arch)
        turns = spine_turns(pelvis, thorax, about_x(-84.0))
        still = pose(body, turns)
        shoulders = (still.place("upperarm01.L") + still.place("upperarm01.R")) / 2
        hips = np.array([0.0, 0.0, thick]) - shoulders
        forward = {s: np.array([sign * 0.08, -0.3, 1.0]) for s, sign in SIDES}
        turns |= legs.turns(pelvis, hips, ankles, forward)
        for side, sign in SIDES:
            turns[f"foot.{side}"] = about_z(sign * 5.0)
            upper, fore = BRIDGE_ARMS[move.arms]
            turns |= arm_turns(body, side, thorax, upper * [sign, 1, 1], fore * [sign, 1, 1])
        return pose(body, turns).moved(np.eye(3), hips), {"rep": rep, "depth_frac": share}

    return at
