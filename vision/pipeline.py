"""From a clip on disk to a report: decode, follow the athlete, judge. The camera shares all but the first."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from math import hypot, isfinite

from vision import __version__
from vision.capture import Clip, prefetch
from vision.movements.lockout import Calibration
from vision.pose import DEFAULT_POSE, open_pose
from vision.pose.athlete import Athlete
from vision.pose.base import PoseEstimator
from vision.pose.pelvis import network_sums, open_networks
from vision.pose.weights import sha256
from vision.prepare import PoseLog
from vision.session import Session
from vision.stickers import SeenStickers, Stickers, seen_stickers
from vision.types import ClipInfo, Frame, Pose, Report, Skeleton

Progress = Callable[[str, int, int | None], None]
"""Called with what is being done, how many frames are through, and how many there will be (a guess)."""


@dataclass(frozen=True, slots=True)
class Distance:
    """Two points of the first frame, as fractions of width and height, and the metres between them.

    They must lie in the athlete's lane: what is nearer to the camera has more px a metre. Raises
    ValueError for what cannot be.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    metres: float

    def __post_init__(self) -> None:
        """Refuse points outside the picture, a distance without length and one of no metres."""
        if not all(0 <= v <= 1 for v in (*self.start, *self.end)):
            raise ValueError("expected the ends of the distance between 0 and 1 of the picture")
        if self.start == self.end or not (isfinite(self.metres) and self.metres > 0):
            raise ValueError(f"expected two different points and metres above 0, got {self.metres:g} m")

    def px_per_m(self, size_wh: tuple[int, int]) -> float:
        """Pixels of a metre in a picture of that size."""
        wide, high = (size_wh[i] * (self.end[i] - self.start[i]) for i in (0, 1))
        return hypot(wide, high) / self.metres


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
    markers: Stickers | None = None,
    distance: Distance | None = None,
    calibration: Calibration | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Analyse one clip.

    ``movement`` is a name or ``auto``; ``capture_fps`` the camera's rate for slow motion; ``person``
    a point on the athlete in the first frame, as fractions of width and height; ``pose`` a pose
    model's name, or ``estimator`` an open one, which stays open; ``markers`` the stickers to follow;
    ``distance`` a length that is known in the first frame; ``calibration`` the athlete's own arch and
    tuck (:mod:`vision.calibrating`).
    ``progress`` may raise to stop: what it raises comes out here, when the clip's reader has ended.

    Raises ClipError for a file that cannot be used, ValueError for an unknown movement or pose model,
    WeightError for a missing or damaged model, MarkerError for stickers that cannot be used.
    """
    with Clip(path, capture_fps=capture_fps) as clip:
        model = estimator or open_pose(pose or DEFAULT_POSE)
        try:
            px_per_m = None if distance is None else distance.px_per_m((clip.width, clip.height))
            options = _Options(
                None if movement == "auto" else movement, clip.time_scale, px_per_m, calibration
            )
            session = options.session(model.skeleton, (clip.width, clip.height))
            kept = _Kept(model.skeleton) if markers else session
            pelvis = open_networks()
            athlete = Athlete(model, point=person, pelvis=pelvis)
            with closing(prefetch(clip)) as frames:
                for seen in athlete.poses(_told(frames, "reading", progress, clip.expected_frames)):
                    kept.push(seen)
            found = None
            if isinstance(kept, _Kept) and markers and kept.poses:
                told = partial(_told, stage="following markers", progress=progress, expected=kept.frames)
                found = seen_stickers(clip, kept.poses, model.skeleton, markers, told)
                session = options.session(model.skeleton, (clip.width, clip.height), found.names)
                kept.give(session, found)
        finally:
            if estimator is None:
                model.close()
        info = clip.info()
    report = session.finish()
    provenance: dict[str, object] = {
        "version": __version__,
        "pose": model.name,
        "models": {name: sha256(name) for name in model.model_files} | network_sums(pelvis),
        "thresholds": report.thresholds,
    }
    if found is not None:
        provenance["markers"] = list(found.names)
    return Analysis(replace(report, provenance=provenance), info)


@dataclass(frozen=True)
class _Options:
    """What a session is made with, once the stickers' names are known."""

    movement: str | None
    time_scale: float
    px_per_m: float | None
    calibration: Calibration | None

    def session(self, skeleton: Skeleton, size_wh: tuple[int, int], markers: tuple[str, ...] = ()) -> Session:
        return Session(
            skeleton,
            size_wh,
            movement=self.movement,
            time_scale=self.time_scale,
            markers=markers,
            px_per_m=self.px_per_m,
            calibration=self.calibration,
        )


class _Kept:
    """Poses put by until the stickers on them are known."""

    def __init__(self, skeleton: Skeleton) -> None:
        self.poses = PoseLog(skeleton)
        self.frames = 0

    def push(self, pose: Pose | None) -> None:
        self.frames += 1
        if pose is not None:
            self.poses.append(pose)

    def give(self, session: Session, found: SeenStickers) -> None:
        """Push everything into a session, the poses with their stickers."""
        for pose in self.poses:
            session.push(found.on(pose))
        for _ in range(self.frames - len(self.poses)):
            session.push(None)


def _told(
    frames: Iterable[Frame], stage: str, progress: Progress | None, expected: int | None
) -> Iterator[Frame]:
    for done, frame in enumerate(frames, start=1):
        yield frame
        if progress:
            progress(stage, done, expected)
