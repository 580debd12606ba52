"""Stick figures with stickers on pelvis and ribs, whose every angle is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tests import figures as fig
from vision.pose.base import BLAZEPOSE
from vision.session import Session
from vision.types import SIDES, FloatArray, Pose, Report

Turn = Callable[[float], float]
"""An angle in degrees at a time in seconds."""

PSIS = {"left_psis": (0.045, -0.11, 0.08), "right_psis": (-0.045, -0.11, 0.08)}
ASIS = {"left_asis": (0.12, 0.10, 0.07), "right_asis": (-0.12, 0.10, 0.07)}
BELT = {"belt_front": (-0.15, 0.07, 0.08), "belt_back": (-0.15, -0.03, 0.10)}
RIBS = {"rib_low": (-0.14, 0.02, 0.24), "rib_high": (-0.14, 0.02, 0.33)}
"""Metres from the middle of the hips: to the left, forward, and up the pelvis or the trunk; right side."""


def none(t_s: float) -> float:
    """No turn at all."""
    return 0.0


@dataclass(frozen=True)
class Stickered:
    """A motion whose pelvis tips to the side (``slope``, + left higher) and forward (``tilt``) by itself.

    ``slope`` turns with the hips of walking figures, which tip by themselves.
    """

    motion: fig.Motion
    spots: dict[str, tuple[float, float, float]]
    slope: Turn = none
    tilt: Turn = none

    def slope_at(self, t_s: float) -> float:
        """Slope of the pelvis, + left side higher, degrees."""
        body = self.motion(t_s)
        rise = float((body["left_hip"] - body["right_hip"])[2]) / 2 / fig.HIP_M
        return float(np.degrees(np.arcsin(np.clip(rise, -1, 1)))) + self.slope(t_s)

    def points(self, t_s: float) -> dict[str, FloatArray]:
        """Where the stickers are, metres."""
        body = self.motion(t_s)
        hip = (body["left_hip"] + body["right_hip"]) / 2
        trunk = (body["left_shoulder"] + body["right_shoulder"]) / 2 - hip
        up = np.array([0.0, trunk[1], trunk[2]]) / np.hypot(trunk[1], trunk[2])
        ahead = np.array([0.0, up[2], -up[1]])
        a, s = np.radians(self.tilt(t_s)), np.radians(self.slope_at(t_s))
        turned_up, turned_ahead = np.cos(a) * up + np.sin(a) * ahead, np.cos(a) * ahead - np.sin(a) * up
        level = np.array([1.0, 0.0, 0.0])
        across = np.cos(s) * level + np.sin(s) * np.array([0.0, 0.0, 1.0])
        out: dict[str, FloatArray] = {}
        for name, (x, y, z) in self.spots.items():
            ribs = name.startswith("rib")
            axes = (level, ahead, up) if ribs else (across, turned_ahead, turned_up)
            out[name] = hip + x * axes[0] + y * axes[1] + z * axes[2]
        return out

    def poses(
        self,
        camera: fig.Camera,
        length_s: float,
        *,
        noise_px: float = 0.0,
        thought_off_deg: float = 0.0,
        seed: int = 3,
    ) -> list[Pose]:
        """Film it: ``noise_px`` on the stickers; the model is ``thought_off_deg`` wrong about the turn."""
        rng = np.random.default_rng(seed)
        thought = replace(camera, bearing_deg=camera.bearing_deg + thought_off_deg)
        out: list[Pose] = []
        for pose in fig.film(self.motion, camera, fig.clock(length_s)):
            body = dict(self.motion(pose.t_s))
            stand_ins = BLAZEPOSE.names[: len(self.spots)]
            body |= dict(zip(stand_ins, self.points(pose.t_s).values(), strict=True))
            xy = camera.xy(body)[: len(self.spots)] + rng.normal(0, 1, (len(self.spots), 2)) * noise_px
            sd = np.full((len(xy), 1), max(noise_px, 0.05))
            world = thought.world_m(self.motion(pose.t_s))
            out.append(replace(pose, world_m=world, markers=np.hstack([xy, sd])))
        return out

    def report(self, poses: Sequence[Pose | None], movement: str) -> Report:
        """What the session says."""
        session = Session(BLAZEPOSE, fig.SIZE, movement=movement, markers=tuple(self.spots))
        for pose in poses:
            session.push(pose)
        return session.finish()


def walker(left: float, right: float) -> Stickered:
    """Walks; the free side sinks by so much over the left and the right leg."""
    return Stickered(fig.walk(drop_deg=(left, right)), PSIS)


def squatter(slope: float, spots: dict[str, tuple[float, float, float]] = PSIS) -> Stickered:
    """Squats twice; at the bottom the left side of the pelvis is higher by ``slope``."""
    return Stickered(fig.squats(2), spots, slope=lambda t: slope * fig.depth_at(t, 2))


def bridger(tilt: float, *, ribs: bool = True) -> Stickered:
    """Bridges twice; at the top the pelvis has tipped forward against the ribs by ``tilt``."""
    spots = BELT | RIBS if ribs else BELT
    return Stickered(fig.bridges(2), spots, tilt=lambda t: tilt * fig.depth_at(t, 2))


def mirrored(poses: Sequence[Pose], names: Sequence[str]) -> list[Pose]:
    """Poses of the mirrored picture: left and right stickers change names."""
    width = fig.SIZE[0]
    twins = [names.index(_twin(n)) if _twin(n) in names else i for i, n in enumerate(names)]
    out: list[Pose] = []
    for pose, flat in zip(poses, fig.flipped(poses, width), strict=True):
        assert pose.markers is not None
        out.append(replace(flat, markers=pose.markers[twins] * (-1, 1, 1) + (width, 0, 0)))
    return out


def _twin(name: str) -> str:
    side = next((s for s in SIDES if name.startswith(f"{s}_")), None)
    return name if side is None else SIDES[1 - SIDES.index(side)] + name[len(side) :]


def values(report: Report, measure: str, side: str | None = None) -> list[float | str | None]:
    """The measure of every cycle."""
    return [f.value for k in report.cycles for f in k.findings if f.measure == measure and f.side == side]
