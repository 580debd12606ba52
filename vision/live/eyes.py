"""From a camera's picture to what live training wants to know of it."""

from __future__ import annotations

from typing import Final

import numpy as np

from vision.live.values import Sight
from vision.pose.athlete import Athlete
from vision.pose.base import PoseEstimator
from vision.pose.pelvis import open_networks
from vision.types import Frame, ImageArray

PEOPLE_EVERY_S: Final = 1.0
"""Seconds between two counts of the people in the picture."""

ABOUT_AS_LARGE: Final = 0.7
APART: Final = 0.3
"""Who is at least this large beside the largest, and overlaps no more than this, is another person."""

SAME_SHAPE: Final = 0.03
"""Most by which width over height may change while it is still the same picture, only smaller."""

_LUMA: Final = np.array([0.299, 0.587, 0.114])
_LIGHT_STEP: Final = 16


class Eyes:
    """Follows one athlete through a camera's pictures; one per session, since it remembers.

    The pose model stays the caller's to close.
    """

    def __init__(self, estimator: PoseEstimator, *, point: tuple[float, float] | None = None) -> None:
        self.estimator = estimator
        self._point = point
        self.pelvis = open_networks()
        self._athlete = self._anybody()
        self._people = 1
        self._counted_s = float("-inf")

    def forget(self) -> None:
        """Look for the athlete anew."""
        self._athlete = self._anybody()

    def _anybody(self) -> Athlete:
        return Athlete(self.estimator, point=self._point, pelvis=self.pelvis)

    def look(self, frame: Frame, size_wh: tuple[int, int]) -> Sight:
        """What ``frame`` shows, its points counted in a picture of ``size_wh``.

        Of a picture of another shape nothing is read.
        """
        height, width = frame.rgb.shape[:2]
        light = brightness(frame.rgb)
        if not same_shape((width, height), size_wh):
            return Sight(None, frame.t_s, light, self._people, (width, height))
        rgb = fitted(frame.rgb, size_wh)
        pose = self._athlete(Frame(rgb, frame.t_s, frame.index))
        if not 0 <= frame.t_s - self._counted_s < PEOPLE_EVERY_S:
            self._counted_s = frame.t_s
            self._people = self._count(rgb)
        changed = None if (width, height) == size_wh else (width, height)
        return Sight(pose, frame.t_s, light, self._people, changed)

    def _count(self, rgb: ImageArray) -> int:
        found = sorted(self.estimator.find(rgb), key=lambda r: -r.size_px)
        apart = [r for i, r in enumerate(found) if all(r.overlap(o) < APART for o in found[:i])]
        return sum(r.size_px >= ABOUT_AS_LARGE * apart[0].size_px for r in apart)


def same_shape(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two sizes have the same shape, so that one picture can be the other made smaller."""
    return abs((one[0] / one[1]) / (other[0] / other[1]) - 1) <= SAME_SHAPE


def brightness(rgb: ImageArray) -> float:
    """Mean brightness (0-255) of a picture, from one pixel in every few."""
    return float((rgb[::_LIGHT_STEP, ::_LIGHT_STEP] @ _LUMA).mean())


def fitted(rgb: ImageArray, size_wh: tuple[int, int]) -> ImageArray:
    """``rgb`` as large as ``size_wh``, each pixel the nearest of the original."""
    height, width = rgb.shape[:2]
    if (width, height) == size_wh:
        return rgb
    x = np.arange(size_wh[0]) * width // size_wh[0]
    y = np.arange(size_wh[1]) * height // size_wh[1]
    return np.ascontiguousarray(rgb[y[:, None], x[None, :]])
