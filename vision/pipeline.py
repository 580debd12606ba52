"""From a clip on disk to a report: decode, follow the athlete, judge. The camera shares all but the first."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace

from vision import __version__
from vision.capture import Clip, prefetch
from vision.pose import DEFAULT_POSE, open_pose
from vision.pose.athlete import Athlete
from vision.pose.base import PoseEstimator
from vision.pose.weights import sha256
from vision.session import Session
from vision.types import ClipInfo, Frame, Report

Progress = Callable[[str, int, int | None], None]
"""Called with what is being done, how many frames are through, and how many there will be (a guess)."""


@dataclass(frozen=True)
class Analysis:
    """A report and the facts of the clip that it was made from."""

    report: Report
    clip: ClipInfo


def analyse_clip(
    path: str | os.PathLike[str],
    *,
    movement: str = "auto",
    capture_fps: float | None = None,
    person: tuple[float, float] | None = None,
    pose: str | None = None,
    estimator: PoseEstimator | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Analyse one clip.

    ``movement`` is a name or ``auto``; ``capture_fps`` the camera's rate for slow motion; ``person``
    a point on the athlete in the first frame, as fractions of width and height; ``pose`` a pose
    model's name, or ``estimator`` an open one, which stays open. ``progress`` may raise to stop: what
    it raises comes out here, when the clip's reader has ended.

    Raises ClipError for a file that cannot be used, ValueError for an unknown movement or pose model,
    WeightError for a missing or damaged model.
    """
    with Clip(path, capture_fps=capture_fps) as clip:
        model = estimator or open_pose(pose or DEFAULT_POSE)
        try:
            session = Session(
                model.skeleton,
                (clip.width, clip.height),
                movement=None if movement == "auto" else movement,
                time_scale=clip.time_scale,
            )
            athlete = Athlete(model, point=person)
            with closing(prefetch(clip)) as frames:
                for seen in athlete.poses(_told(frames, progress, clip.expected_frames)):
                    session.push(seen)
        finally:
            if estimator is None:
                model.close()
        info = clip.info()
    report = session.finish()
    provenance = {
        "version": __version__,
        "pose": model.name,
        "models": {name: sha256(name) for name in model.model_files},
        "thresholds": report.thresholds,
    }
    return Analysis(replace(report, provenance=provenance), info)


def _told(frames: Iterable[Frame], progress: Progress | None, expected: int | None) -> Iterator[Frame]:
    for done, frame in enumerate(frames, start=1):
        yield frame
        if progress:
            progress("reading", done, expected)
