"""A sprinter whose touch-downs and toe-offs are known, filmed by a camera that may pan."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tests import figures as fig
from vision import prepare
from vision.pose.base import BLAZEPOSE
from vision.session import Session
from vision.types import SIDES, FloatArray, Pose, Report, Track

FOOT_M = 0.14
TOE_Z_M = 0.02
HIP_Z_M = 0.90
BOUNCE_M = 0.03


@dataclass(frozen=True)
class Sprinter:
    """``contact_s`` on a foot, ``flight_s`` between two, at ``speed_m_s``; ``longer_s`` more on the left.

    The foot lands ``ahead_m`` ahead of the hips.
    """

    contact_s: float = 0.11
    flight_s: float = 0.12
    speed_m_s: float = 7.0
    ahead_m: float = 0.28
    longer_s: float = 0.0
    trunk_deg: float = 8.0

    @property
    def stride_s(self) -> float:
        return 2 * (self.contact_s + self.flight_s)

    def contact(self, side: str) -> float:
        return self.contact_s + (self.longer_s if side == "left" else 0.0)

    def landings(self, side: str, until_s: float) -> FloatArray:
        """Touch-downs of one side, seconds."""
        first = 0.0 if side == "left" else self.stride_s / 2
        return np.arange(first, until_s, self.stride_s)

    def body(self, t_s: float) -> fig.Body:
        """The joints at a moment; x of the world is forward and grows."""
        body: fig.Body = {}
        hip_y = self.speed_m_s * t_s
        middle = self.contact_s / 2 / (self.stride_s / 2)
        bounce = -np.cos(2 * np.pi * (t_s / (self.stride_s / 2) - middle))
        up = fig._turn(1.0, self.trunk_deg)
        for side in SIDES:
            out = np.array([fig.side_sign(side), 0, 0])
            hip = np.array([0, hip_y, HIP_Z_M + BOUNCE_M / 2 * bounce]) + out * 0.10
            toe, pitch = self._foot(t_s, side)
            heel = toe + (FOOT_M + 0.05) * np.array([0, -np.cos(pitch), np.sin(pitch)])
            ankle = toe + FOOT_M * np.array([0, -np.cos(pitch + 0.35), np.sin(pitch + 0.35)])
            reach = ankle + out * 0.10 - hip
            size = float(np.linalg.norm(reach))
            most = fig.THIGH_M + fig.SHANK_M - 1e-3
            knee_hip = hip
            body[f"{side}_hip"], body[f"{side}_ankle"] = hip, hip + reach * min(1.0, most / size)
            body[f"{side}_knee"] = fig._joint(
                knee_hip, body[f"{side}_ankle"], fig.THIGH_M, fig.SHANK_M, np.array([0.0, 1.0, 0.0])
            )
            body[f"{side}_toe"], body[f"{side}_heel"] = toe + out * 0.10, heel + out * 0.10
            body[f"{side}_shoulder"] = hip - out * 0.10 + up * fig.TRUNK_M + out * fig.SHOULDER_M
        fig._head_and_arms(body, up, "hanging")
        return body

    def _foot(self, t_s: float, side: str) -> tuple[FloatArray, float]:
        """The toe in the world and the foot's pitch, heel up, radians."""
        first = 0.0 if side == "left" else self.stride_s / 2
        number, into = divmod(t_s - first, self.stride_s)
        down_s = self.contact(side)
        lands = first + number * self.stride_s
        at = self.speed_m_s * lands + self.ahead_m + FOOT_M
        if into <= down_s:
            return np.array([0, at, TOE_Z_M]), 0.7 * max(0.0, into / down_s - 0.3)
        s = (into - down_s) / (self.stride_s - down_s)
        step = self.speed_m_s * self.stride_s
        ease = s - np.sin(2 * np.pi * s) / (2 * np.pi)
        return np.array([0, at + step * ease, TOE_Z_M + 0.33 * np.sin(np.pi * s)]), 0.49 + 0.9 * np.sin(
            np.pi * s
        ) - 0.49 * s


SIZE = (1280, 720)


@dataclass(frozen=True)
class Filmed:
    """How a sprinter was filmed: ``side`` of the athlete, rate, length; ``pan`` follows the runner."""

    side: str = "right"
    fps: float = 240.0
    length_s: float = 1.6
    pan: bool = True
    known: bool = True
    noise_px: float = 0.0
    px_per_m: float | None = None

    def poses(self, runner: Sprinter) -> list[Pose]:
        camera = replace(fig.FROM_RIGHT if self.side == "right" else fig.FROM_LEFT, size_wh=SIZE)
        t_s = fig.clock(self.length_s, self.fps)
        rng = np.random.default_rng(5)
        start = None
        poses: list[Pose] = []
        for i, t in enumerate(t_s):
            body = runner.body(float(t))
            xy = camera.xy(body)
            way = 1.0 if self.side == "right" else -1.0
            run_px = 330.0 * runner.speed_m_s * float(t) * way
            shake = 12.0 * np.sin(4 * float(t)) if self.pan else 0.0
            shift = np.array(
                [-run_px if self.pan else -way * 330.0 * runner.speed_m_s * self.length_s / 2, shake]
            )
            start = shift if start is None else start
            xy = xy + shift + rng.normal(0, 1, xy.shape) * self.noise_px
            camera_px = shift - start if self.known else np.full(2, np.nan)
            world = camera.world_m(body)
            poses.append(Pose(float(t), i, xy, np.full(len(xy), 0.95), world, camera_px=camera_px))
        return poses

    def report(self, runner: Sprinter) -> Report:
        session = Session(BLAZEPOSE, SIZE, movement="sprint", px_per_m=self.px_per_m)
        for pose in self.poses(runner):
            session.push(pose)
        return session.finish()

    def track(self, runner: Sprinter) -> Track:
        poses = self.poses(runner)
        return prepare.prepare(poses, SIZE, BLAZEPOSE, len(poses)).track
