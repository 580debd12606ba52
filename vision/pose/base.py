"""The seam between pictures and poses.

A backend answers two questions about a picture, and keeps no memory between pictures:
:meth:`PoseEstimator.find` says where people are, :meth:`PoseEstimator.read` gives the landmarks of
the one person in a region. Following one athlete through time is
:mod:`vision.pose.athlete`'s work, the same for every backend.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from vision.types import FloatArray, ImageArray, Skeleton

BLAZEPOSE = Skeleton(
    name="blazepose33",
    names=(
        "nose",
        *(f"{s}_eye_{p}" for s in ("left", "right") for p in ("inner", "middle", "outer")),
        "left_ear",
        "right_ear",
        "left_mouth",
        "right_mouth",
        *(
            f"{side}_{part}"
            for part in ("shoulder", "elbow", "wrist", "pinky", "index", "thumb")
            for side in ("left", "right")
        ),
        *(f"{side}_{part}" for part in ("hip", "knee", "ankle", "heel", "toe") for side in ("left", "right")),
    ),
    edges=(
        ("left_shoulder", "right_shoulder"),
        ("left_hip", "right_hip"),
        *(
            (f"{side}_{a}", f"{side}_{b}")
            for side in ("left", "right")
            for a, b in (
                ("ear", "shoulder"),
                ("shoulder", "elbow"),
                ("elbow", "wrist"),
                ("shoulder", "hip"),
                ("hip", "knee"),
                ("knee", "ankle"),
                ("ankle", "heel"),
                ("heel", "toe"),
                ("ankle", "toe"),
            )
        ),
    ),
)
"""The 33 points of BlazePose; ``toe`` is what its authors call the foot index."""


@dataclass(frozen=True, slots=True)
class Region:
    """A square of the picture that holds one person, turned so that the person stands upright.

    Centre and side length in px, ``turn_rad`` the rotation of the person (0 = head up, clockwise
    positive in the picture).
    """

    cx: float
    cy: float
    size_px: float
    turn_rad: float
    score: float = 1.0

    def overlap(self, other: Region) -> float:
        """Share (0-1) of the smaller of the two upright squares that the other covers."""
        half = (self.size_px + other.size_px) / 2
        wide = max(0.0, half - abs(self.cx - other.cx))
        high = max(0.0, half - abs(self.cy - other.cy))
        small = min(self.size_px, other.size_px)
        return min(wide, small) * min(high, small) / small**2


@dataclass(frozen=True, slots=True)
class Reading:
    """Landmarks of one person in one picture.

    ``xy`` ``(K, 2)`` px, ``score`` ``(K,)`` 0-1 before the in-frame test, ``world_m`` ``(K, 3)``,
    ``presence`` 0-1 for the whole body, ``next_region`` where to look in the next picture, ``mask``
    the silhouette in region coordinates when it was asked for.
    """

    xy: FloatArray
    score: FloatArray
    world_m: FloatArray
    presence: float
    next_region: Region
    mask: Mask | None = None


@dataclass(frozen=True, slots=True)
class Mask:
    """A person's silhouette ``probability`` ``(N, N)`` 0-1 over a region, never a full picture."""

    probability: NDArrayF32
    to_mask: FloatArray
    """``(2, 3)`` affine map from picture px to mask px."""

    def at(self, xy: FloatArray) -> FloatArray:
        """Sample the mask at picture points ``xy (..., 2)``; 0 outside (bilinear)."""
        p = xy @ self.to_mask[:, :2].T + self.to_mask[:, 2]
        n = self.probability.shape[0]
        x, y = p[..., 0], p[..., 1]
        inside = (x >= 0) & (y >= 0) & (x < n - 1) & (y < n - 1)
        xi = np.clip(x, 0, n - 1.001)
        yi = np.clip(y, 0, n - 1.001)
        x0, y0 = xi.astype(np.intp), yi.astype(np.intp)
        fx, fy = xi - x0, yi - y0
        m = self.probability
        top = m[y0, x0] * (1 - fx) + m[y0, x0 + 1] * fx
        low = m[y0 + 1, x0] * (1 - fx) + m[y0 + 1, x0 + 1] * fx
        return np.where(inside, top * (1 - fy) + low * fy, 0.0)


class PoseEstimator(Protocol):
    """What a pose model must offer; implement it in one file and list it in ``vision.pose``."""

    name: str
    skeleton: Skeleton
    model_files: tuple[str, ...]

    def find(self, rgb: ImageArray) -> list[Region]:
        """People in the picture, surest first."""
        ...

    def read(self, rgb: ImageArray, region: Region, *, with_mask: bool = False) -> Reading | None:
        """Landmarks of the person in ``region``; None when nobody is there."""
        ...

    def close(self) -> None:
        """Free the model."""
        ...


NDArrayF32 = np.ndarray[tuple[int, int], np.dtype[np.float32]]
