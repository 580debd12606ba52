"""From a camera's picture to what live training wants to know of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from vision.live.values import Sight
from vision.pose.athlete import Athlete
from vision.pose.base import PoseEstimator, Region
from vision.pose.pelvis import open_networks
from vision.types import FloatArray, Frame, ImageArray, Pose

PEOPLE_EVERY_S: Final = 1.0
"""Seconds between two counts of the people in the picture."""

ABOUT_AS_LARGE: Final = 0.7
APART: Final = 0.25
"""Who is at least this large beside the athlete, and whose hips are at least this share of the larger one's
region away, is another person. A region is some 1.25 body heights wide: 0.3 body heights, shoulder to
shoulder. One person found twice lay within 0.14 on our clips and within 0.2 on those of others."""

GONE_S: Final = 1.0
"""Seconds without the athlete after which somebody else may be the athlete, before a set."""

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
        self._t_s = 0.0
        self._seen_s = float("inf")

    @property
    def gone(self) -> bool:
        """Whether somebody was followed and has not been seen for a while."""
        return self._t_s - self._seen_s > GONE_S

    def forget(self) -> None:
        """Look for the athlete anew."""
        self._athlete = self._anybody()
        self._seen_s = float("inf")

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
        self._t_s = frame.t_s
        if pose is not None:
            self._seen_s = frame.t_s
        if not 0 <= frame.t_s - self._counted_s < PEOPLE_EVERY_S:
            self._counted_s = frame.t_s
            self._people = self._count(rgb, pose)
        changed = None if (width, height) == size_wh else (width, height)
        return Sight(pose, frame.t_s, light, self._people, changed)

    def _count(self, rgb: ImageArray, pose: Pose | None) -> int:
        """How many people about as large as the athlete there are, at most one of them at one place."""
        found = sorted(self.estimator.find(rgb), key=lambda r: -r.size_px)
        if len(found) < 2:
            return len(found)
        athlete = found[0] if pose is None else min(found, key=lambda r: _away_px(r, self._hips(pose)))
        people = [athlete]
        for region in found:
            large = region.size_px >= ABOUT_AS_LARGE * athlete.size_px
            if large and _apart(region, people) and self._read_apart(rgb, region, people):
                people.append(region)
        return len(people)

    def _read_apart(self, rgb: ImageArray, region: Region, people: Sequence[Region]) -> bool:
        """Whether the body read there is nobody of ``people`` either: a region may be of no one."""
        reading = self.estimator.read(rgb, region)
        return reading is not None and _apart(reading.next_region, people)

    def _hips(self, pose: Pose) -> FloatArray:
        return pose.xy[self.estimator.skeleton.rows("left_hip", "right_hip")].mean(axis=0)


def _away_px(region: Region, xy: FloatArray) -> float:
    return float(np.hypot(region.cx - xy[0], region.cy - xy[1]))


def _apart(region: Region, people: Sequence[Region]) -> bool:
    """Whether the middle of ``region``, the hips, is well away from everybody else's."""
    away = [_away_px(region, np.array([o.cx, o.cy])) / max(region.size_px, o.size_px) for o in people]
    return min(away) >= APART


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
