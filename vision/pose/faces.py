"""Where heads are in a picture: everybody's, the small ones in the background too.

BlazePose's detector finds people by face and upper body. It is asked at a low threshold, because
here a head too many costs a smudge and a head too few gives somebody away. Small people are looked
for in parts of the picture, a column of parts at a time, so that three pictures see all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from vision.pose.base import PoseEstimator, Region
from vision.types import FloatArray, ImageArray, Skeleton

HEAD_WORDS: Final = ("nose", "eye", "ear", "mouth")

_DETECT_SCORE: Final = 0.3
_READ_SCORE: Final = 0.2
_REACH: Final = 0.4  # of a region's side: about half the body's height
_RADIUS: Final = 0.28  # of the reach; the half height of a head with hair is 0.13
_UP: Final = 0.62  # of the reach: how far above the hips the head is expected
_UNSURE_RADIUS: Final = 0.42  # of the reach, where only the region is known
_AROUND: Final = 1.3
_SMALL: Final = 0.42  # of the picture's short side: whoever is larger is found in the whole picture
_MIDDLING: Final = 0.6  # of the same: below it, still somebody where the detector is sure
_SURE: Final = 0.5
_SURE_OF_A_PART: Final = 0.7
_SAME_PLACE: Final = 0.12  # of a region's side
_SAME_SIZE: Final = 1.35
_MOST_REGIONS: Final = 12
_WITHIN: Final = 0.7


@dataclass(frozen=True, slots=True)
class Head:
    """A circle in px that holds a head with room around it; ``score`` (0-1) says how sure it is."""

    cx: float
    cy: float
    radius: float
    score: float = 1.0

    def off(self, other: Head) -> float:
        """Distance of the centres in px."""
        return float(np.hypot(self.cx - other.cx, self.cy - other.cy))


def head_names(skeleton: Skeleton) -> tuple[str, ...]:
    """The points of ``skeleton`` that lie on the head."""
    return tuple(name for name in skeleton.names if any(word in name.split("_") for word in HEAD_WORDS))


def around(points: FloatArray, ears: FloatArray, least_px: float, score: float = 1.0) -> Head:
    """The circle around the head's ``points (M, 2)``, about the ears' middle where both are seen.

    ``least_px`` is the smallest radius; NaN points are not seen, at least one must be.
    """
    centre = ears.mean(axis=0) if np.isfinite(ears).all() else np.nanmean(points, axis=0)
    reach = float(np.nanmax(np.hypot(*(points - centre).T)))
    return Head(float(centre[0]), float(centre[1]), max(least_px, _AROUND * reach), score)


class HeadFinder:
    """Finds heads picture by picture. ``estimator`` is for tests; by default BlazePose is opened.

    Raises :class:`vision.pose.weights.WeightError` when a model is missing or damaged.
    """

    def __init__(self, estimator: PoseEstimator | None = None) -> None:
        if estimator is None:
            from vision.pose.blazepose import BlazePose

            estimator = BlazePose("full", detect_score=_DETECT_SCORE, read_score=_READ_SCORE)
        self._estimator = estimator
        skeleton = estimator.skeleton
        self._head = skeleton.rows(*head_names(skeleton))
        self._ears = skeleton.rows("left_ear", "right_ear")

    def __call__(self, rgb: ImageArray, turn: int, known: Sequence[Head] = ()) -> list[Head]:
        """Heads in the picture ``rgb (H, W, 3)`` other than the ``known`` ones.

        ``turn`` counts the pictures and says which column of parts is looked at.
        """
        found = self._estimator.find(rgb)
        found += self._in_parts(rgb, turn % 3)
        heads = (self._head_of(rgb, region) for region in _apart(found) if not _is_known(region, known))
        return [head for head in heads if head is not None and not _within(head, known)]

    def _in_parts(self, rgb: ImageArray, column: int) -> list[Region]:
        """Small people in the three parts, half as wide and high as the picture, of a column.

        A large one would be cut by the part, and found a second time in the wrong place.
        """
        h, w = rgb.shape[:2]
        left = column * w // 4
        found: list[Region] = []
        for row in range(3):
            top = row * h // 4
            part = np.ascontiguousarray(rgb[top : top + h // 2, left : left + w // 2])
            for r in self._estimator.find(part):
                most = _SMALL if r.score < _SURE_OF_A_PART else _MIDDLING
                if r.size_px < most * min(h, w):
                    found.append(Region(r.cx + left, r.cy + top, r.size_px, r.turn_rad, r.score))
        return found

    def _head_of(self, rgb: ImageArray, region: Region) -> Head | None:
        """From the person's landmarks; where they cannot be read, all of the region's upper part.

        None where neither detector nor landmarks are sure of a person.
        """
        reach = _REACH * region.size_px
        reading = self._estimator.read(rgb, region)
        if reading is None and region.score < _SURE:
            return None
        if reading is None:
            x, y = _expected(region)
            return Head(x, y, _UNSURE_RADIUS * reach, region.score)
        least = _RADIUS * _REACH * max(reading.next_region.size_px, 0.6 * region.size_px)
        return around(reading.xy[self._head], reading.xy[self._ears], least, region.score)


def _expected(region: Region) -> tuple[float, float]:
    """Where a region's head should be: up from the hips, as the person stands."""
    up = _UP * _REACH * region.size_px
    return region.cx + up * np.sin(region.turn_rad), region.cy - up * np.cos(region.turn_rad)


def _is_known(region: Region, known: Iterable[Head]) -> bool:
    x, y = _expected(region)
    reach = _REACH * region.size_px
    return any(
        np.hypot(x - head.cx, y - head.cy) < _WITHIN * head.radius and _RADIUS * reach < 1.5 * head.radius
        for head in known
    )


def _within(head: Head, known: Iterable[Head]) -> bool:
    """Whether a known circle holds this head as well, room included or nearly so."""
    return any(head.off(k) < 0.4 * k.radius and head.radius < 1.2 * k.radius for k in known)


def _apart(found: list[Region]) -> list[Region]:
    """The surest of each group that is one person seen twice."""
    kept: list[Region] = []
    for region in sorted(found, key=lambda r: -r.score):
        if not any(_same(region, other) for other in kept) and len(kept) < _MOST_REGIONS:
            kept.append(region)
    return kept


def _same(one: Region, other: Region) -> bool:
    near = np.hypot(one.cx - other.cx, one.cy - other.cy) < _SAME_PLACE * other.size_px
    return bool(near and 1 / _SAME_SIZE < one.size_px / other.size_px < _SAME_SIZE)
