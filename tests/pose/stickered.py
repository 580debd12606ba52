"""Films of discs on a moving body whose every centre is known to a fraction of a pixel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from vision.pose.base import BLAZEPOSE
from vision.pose.markers import Click, MarkerTracker, bodies
from vision.types import FloatArray, Frame, ImageArray, Pose

WIDE, HIGH, FINER = 240, 176, 3
TRUNK_PX = 90.0
PINK, GREEN = (235, 40, 130), (40, 200, 60)
Path = Callable[[float], tuple[float, float]]
"""Where the middle of the hips is at a time in seconds."""


@dataclass(frozen=True)
class Film:
    """Discs at ``spots`` px from the hips, each of its colour, on a body that goes along ``path``.

    ``arm`` gives the left edge of a bar in front of everything, None where there is none.
    ``others`` are discs that stay where they are in the picture. ``shutter`` is the share of a frame
    over which the picture is taken.
    """

    spots: Mapping[str, tuple[float, float]]
    path: Path
    colours: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    radius: float = 4.0
    fps: float = 30.0
    frames: int = 40
    shutter: float = 0.5
    arm: Callable[[int], float | None] = lambda frame: None
    others: Sequence[tuple[float, float]] = ()
    hip_noise_px: float = 1.5

    def truth(self, frame: int) -> FloatArray:
        """Mean centres ``(M, 2)`` px over the time that the picture was taken in."""
        return np.mean([self._at(t) for t in self._times(frame)], axis=0)

    def _times(self, frame: int) -> FloatArray:
        return (frame + self.shutter * np.linspace(-0.5, 0.5, 5)) / self.fps

    def _at(self, t_s: float) -> FloatArray:
        return np.array(list(self.spots.values())) + self.path(t_s)

    def picture(self, frame: int) -> ImageArray:
        """The picture with noise, the mean of five moments."""
        total = np.zeros((HIGH, WIDE, 3))
        for t in self._times(frame):
            total += self._moment(float(t), self.arm(frame))
        noise = np.random.default_rng(frame).normal(0, 2.0, total.shape)
        return np.clip(total / 5 + noise, 0, 255).astype(np.uint8)

    def _moment(self, t_s: float, arm: float | None) -> FloatArray:
        big = np.full((HIGH * FINER, WIDE * FINER, 3), (60, 90, 110), np.uint8)
        waist = int((self.path(t_s)[1] - 8) * FINER)
        big[waist:] = (35, 35, 40)  # an edge of cloth between the stickers
        for (x, y), name in zip(self._at(t_s), self.spots, strict=True):
            _disc(big, x, y, self.radius, self.colours.get(name, PINK))
        for x, y in self.others:
            _disc(big, x, y, self.radius, PINK)
        if arm is not None:
            left = int(arm * FINER)
            big[:, max(left, 0) : max(left + 26 * FINER, 0)] = (205, 150, 120)
        small = cv2.resize(big, (WIDE, HIGH), interpolation=cv2.INTER_AREA)
        return np.asarray(small, np.float64)

    def pose(self, frame: int) -> Pose:
        """The body's points as a pose model gives them, with its own jitter."""
        rng = np.random.default_rng(1000 + frame)
        xy = np.full((len(BLAZEPOSE.names), 2), np.nan)
        middle = np.array(self.path(frame / self.fps)) + rng.normal(0, self.hip_noise_px, 2)
        for side, sign in (("left", -1), ("right", 1)):
            xy[BLAZEPOSE.index[f"{side}_hip"]] = middle + (sign * 18, 0)
            xy[BLAZEPOSE.index[f"{side}_shoulder"]] = middle + (sign * 30, -TRUNK_PX)
        return Pose(frame / self.fps, frame, xy, np.ones(len(xy)))

    def followed(self, start: int = 0) -> FloatArray:
        """Centres and standard deviations ``(T, M, 3)`` px, clicked in picture ``start`` a little off."""
        at = self.truth(start)
        clicks = [
            Click(name, (x + 1.2) / WIDE, (y - 0.8) / HIGH)
            for name, (x, y) in zip(self.spots, at, strict=True)
        ]
        known = bodies([self.pose(i) for i in range(self.frames)], BLAZEPOSE)
        tracker = MarkerTracker(clicks, self.frame(start), known)
        for i in range(self.frames):
            tracker.look(self.frame(i))
        found = tracker.finish()
        return np.array([found[i] for i in range(self.frames)])

    def frame(self, number: int) -> Frame:
        """One picture with its time."""
        return Frame(self.picture(number), number / self.fps, number)

    def off_px(self, found: FloatArray) -> FloatArray:
        """Distances ``(T, M)`` px from the truth, NaN where lost."""
        true = np.array([self.truth(i) for i in range(self.frames)])
        return np.linalg.norm(found[..., :2] - true, axis=2)


def _disc(big: ImageArray, x: float, y: float, radius: float, colour: tuple[int, int, int]) -> None:
    centre = (round((x + 0.5) * FINER * 16 - 8), round((y + 0.5) * FINER * 16 - 8))
    cv2.circle(big, centre, round(radius * FINER * 16), colour, -1, cv2.LINE_AA, 4)
