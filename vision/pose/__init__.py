"""Pose models and the athlete they are read for."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from vision.pose.base import PoseEstimator

# onnxruntime 1.29 and later report to their makers from the moment they are imported, which is after
# this. The lock names an older one; this holds for whoever brings a newer.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# Each backend is imported when it is opened, so that nobody waits for the other's library.


def _blazepose(size: str) -> PoseEstimator:
    from vision.pose.blazepose import BlazePose

    return BlazePose(size)


def _mediapipe() -> PoseEstimator:
    from vision.pose.mediapipe import MediaPipePose

    return MediaPipePose()


POSE_MODELS: Final[Mapping[str, Callable[[], PoseEstimator]]] = MappingProxyType(
    {
        "blazepose-heavy": lambda: _blazepose("heavy"),
        "blazepose-full": lambda: _blazepose("full"),
        "mediapipe-full": _mediapipe,
    }
)
"""What each pose model is called and how it is opened."""

DEFAULT_POSE: Final = "blazepose-heavy"
"""The pose model that measures best on the truth clips (docs/pose-models.md)."""


def open_pose(name: str) -> PoseEstimator:
    """Open the pose model ``name``; close it when done.

    Raises ValueError for a name that is not in :data:`POSE_MODELS`, and
    :class:`vision.pose.weights.WeightError` when its files are missing or damaged.
    """
    try:
        model = POSE_MODELS[name]
    except KeyError:
        raise ValueError(f"no pose model is called {name!r}; known: {', '.join(POSE_MODELS)}") from None
    return model()
