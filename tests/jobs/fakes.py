"""Pose models that need no network: one person who squats, quickly, slowly or until it all crashes."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np

from tests import figures
from tests.outputs import factory
from vision.pose.base import BLAZEPOSE, Reading, Region
from vision.types import ImageArray

CRASHING_WH = (102, 180)
PERIOD_S, PERIOD_FRAMES = 3.2, 48
"""Time from one squat to the next on the figure's clock, and the pictures shown of it."""

FRAMES = 3 * PERIOD_FRAMES
SQUATS = figures.squats(1000)


class FakePose:
    """Sees one person in every picture, who squats once in 48 of them."""

    name = "blazepose-full"
    skeleton = BLAZEPOSE
    model_files = ()

    def __init__(self, pause_s: float = 0.0) -> None:
        self.pause_s = pause_s
        self.reads = 0
        self.closed = False

    def find(self, rgb: ImageArray) -> list[Region]:
        height, width = rgb.shape[:2]
        return [Region(width / 2, height / 2, float(height), 0.0)]

    def read(self, rgb: ImageArray, region: Region, *, with_mask: bool = False) -> Reading | None:
        time.sleep(self.pause_s)
        height, width = rgb.shape[:2]
        camera = figures.Camera(scale=height / figures.SIZE[1], size_wh=(width, height))
        body = SQUATS(self.reads * PERIOD_S / PERIOD_FRAMES)
        self.reads += 1
        xy = camera.xy(body)
        return Reading(xy, np.full(len(xy), 0.95), camera.world_m(body), 1.0, region)

    def close(self) -> None:
        self.closed = True


class CrashingPose(FakePose):
    """Takes the whole process along on pictures of one size, as a decoder does that crashes."""

    def read(self, rgb: ImageArray, region: Region, *, with_mask: bool = False) -> Reading | None:
        if rgb.shape[1::-1] == CRASHING_WH and self.reads % FRAMES == 5:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(rgb, region, with_mask=with_mask)


def clip(path: Path, frames: int = FRAMES, size_wh: tuple[int, int] = factory.SIZE) -> Path:
    """A clip of ``frames`` grey pictures at 30 a second."""
    return factory.write_clip(path, np.arange(frames) / factory.FPS, size_wh)
