"""How the camera itself moved from picture to picture, read from what stands still behind people.

A camera that is turned moves everything behind the athlete by one homography, whatever the depth; one
that is carried along does so only for what is about as far away as the athlete (docs/limits.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.pose.base import Region
from vision.pose.splices import Splices
from vision.types import FloatArray, ImageArray

_LONG_SIDE_PX: Final = 384
_MOST_POINTS: Final = 100
_CONTRAST: Final = 14  # grey levels: sensor noise and compression on a bare wall lie below
_CELL_PX: Final = 20
_WINDOW_PX: Final = 15
_LEVELS: Final = 3
_AGREE_PX: Final = 0.7
_FEWEST: Final = 12
_MANY: Final = 30  # from here on a homography is fitted, with fewer points a shift, a turn and a scale
_LEAST_SHARE: Final = 0.5
_LEAST_SPREAD: Final = (0.12, 0.06)
"""Standard deviation of the points in picture widths and heights, below which they tell nothing of the
rest of the picture: a line of lettering laid over a film stands still however the camera moves."""

_BODY: Final = (0.60, 0.96)  # width and height of an upright body with its stride, in region sizes

_Points = np.ndarray[tuple[int, int], np.dtype[np.float32]]
_Grey = np.ndarray[tuple[int, int], np.dtype[np.uint8]]


class Background:
    """Follows the background of one clip or camera; give it every picture in order.

    The picture is read at a reduced size: about 2 ms a frame. ``spliced`` tells whether the film was cut
    right before the newest picture.
    """

    def __init__(self) -> None:
        self.spliced = False
        self._splices = Splices()
        self._last: _Grey | None = None
        self._shift = np.zeros(2, np.float32)

    def look(self, rgb: ImageArray, people: Sequence[Region]) -> FloatArray | None:
        """Homography ``(3, 3)`` px from the picture before to this one; None where it cannot be told.

        ``people`` is where they were in the picture before: what moves by itself is left out. The first
        picture, and one of another size, give the identity.
        """
        scale = _LONG_SIDE_PX / max(rgb.shape[:2])
        grey = _reduced(rgb, min(scale, 1.0))
        last, self._last = self._last, grey
        if last is None or last.shape != grey.shape:
            self.spliced = self._splices.look(grey, followed=True)
            return np.eye(3)
        shrink = np.diag([grey.shape[1] / rgb.shape[1], grey.shape[0] / rgb.shape[0], 1.0])
        step = self._step(last, grey, _free(last.shape, people, shrink))
        self.spliced = self._splices.look(grey, followed=step is not None)
        return None if step is None else np.linalg.inv(shrink) @ step @ shrink

    def _step(self, last: _Grey, grey: _Grey, free: _Grey) -> FloatArray | None:
        """The homography at the reduced size."""
        points = _corners(last, free)
        if len(points) < _FEWEST:
            return None
        there, seen = self._followed(last, grey, points)
        here, there = points[seen], there[seen]
        if len(here) < max(_FEWEST, _LEAST_SHARE * len(points)) or not _spread(here, grey.shape):
            return None
        found, agree = _fitted(here, there)
        if found is None or agree.mean() < _LEAST_SHARE or not _spread(here[agree], grey.shape):
            return None
        self._shift = np.median((there - here)[agree], axis=0)
        return found

    def _followed(self, last: _Grey, grey: _Grey, points: _Points) -> tuple[_Points, NDArray[np.bool_]]:
        """Where the points went, and which of them were found again; a steady pan is expected to go on."""
        there, seen, _ = cv2.calcOpticalFlowPyrLK(
            last,
            grey,
            points,
            (points + self._shift).astype(np.float32),
            winSize=(_WINDOW_PX, _WINDOW_PX),
            maxLevel=_LEVELS,
            flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
        )
        return np.asarray(there, np.float32), np.asarray(seen, np.uint8)[:, 0] > 0


def _fitted(here: _Points, there: _Points) -> tuple[FloatArray | None, NDArray[np.bool_]]:
    """The homography that most points agree on, and which ones do."""
    found: Any  # None where nothing fits, which the type stubs leave out
    if len(here) >= _MANY:
        found, agree = cv2.findHomography(here, there, cv2.RANSAC, _AGREE_PX, maxIters=300)
    else:
        found, agree = cv2.estimateAffinePartial2D(here, there, ransacReprojThreshold=_AGREE_PX)
        found = None if found is None else np.vstack([found, (0.0, 0.0, 1.0)])
    if found is None:
        return None, np.zeros(len(here), np.bool_)
    return np.asarray(found, np.float64), np.asarray(agree, np.uint8)[:, 0] > 0


def moved(step: FloatArray, at: FloatArray) -> FloatArray:
    """How far ``(2,)`` px the background at ``at`` ``(2,)`` moved by the homography ``step``."""
    x, y, w = step @ np.array([at[0], at[1], 1.0])
    return np.array([x / w, y / w]) - at


def _reduced(rgb: ImageArray, scale: float) -> _Grey:
    """The picture small and without colour, which is its green."""
    every = max(1, int(0.5 / scale))  # a large picture is thinned first: averaging all of it takes longest
    green = np.ascontiguousarray(rgb[::every, ::every, 1])
    size = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
    return np.asarray(cv2.resize(green, size, interpolation=cv2.INTER_AREA), np.uint8)


def _free(shape: tuple[int, int], people: Sequence[Region], shrink: FloatArray) -> _Grey:
    """255 where nobody is."""
    mask = np.full(shape, 255, np.uint8)
    for region in people:
        lies = abs(float(np.sin(region.turn_rad)))
        half = region.size_px / 2 * (np.array(_BODY) + lies * (np.array(_BODY[::-1]) - _BODY))
        centre = np.array([region.cx, region.cy])
        (x0, y0), (x1, y1) = (np.array([centre - half, centre + half]) * shrink.diagonal()[:2]).astype(int)
        mask[max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)] = 0
    return mask


def _corners(grey: _Grey, free: _Grey) -> _Points:
    """Points ``(N, 2)`` that can be followed: the strongest of each cell of the picture."""
    found = cv2.FastFeatureDetector.create(_CONTRAST).detect(grey, free)
    if not found:
        return np.zeros((0, 2), np.float32)
    points = np.asarray(cv2.KeyPoint.convert(found), np.float32)
    strongest = np.argsort([-point.response for point in found], kind="stable")
    cells = (points[strongest] // _CELL_PX).astype(np.intp) @ (1000, 1)
    _, first = np.unique(cells, return_index=True)
    return points[strongest[np.sort(first)[:_MOST_POINTS]]]


def _spread(points: _Points, shape: tuple[int, int]) -> bool:
    """Whether there are enough points, and not all in one place or line."""
    if len(points) < _FEWEST:
        return False
    wide, high = np.std(points, axis=0) / (shape[1], shape[0])
    return bool(wide > _LEAST_SPREAD[0] and high > _LEAST_SPREAD[1])
