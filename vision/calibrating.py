"""A person's own arch and tuck from a clip in which both are held on purpose."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

from vision.anatomy import with_hip_centres
from vision.capture import Clip, ClipError, prefetch
from vision.movements.bridge import BRIDGE, own_levels
from vision.movements.calibration import CalibrationError
from vision.movements.common import trunk_px
from vision.movements.lockout import Calibration
from vision.pose import DEFAULT_POSE, open_pose
from vision.pose.athlete import Athlete
from vision.pose.base import PoseEstimator
from vision.pose.pelvis import open_networks
from vision.pose.weights import WeightError
from vision.prepare import PoseLog, levelled, prepare, smoothed
from vision.session import FEWEST_FRAMES
from vision.types import Skeleton
from vision.view import estimate_view

UNREADABLE = (CalibrationError, ClipError, WeightError, OSError)
"""What reading a calibration film may raise, each with one line for the user."""

Progress = Callable[[str, int, int | None], None]


def calibration_of(
    path: str | os.PathLike[str],
    *,
    capture_fps: float | None = None,
    person: tuple[float, float] | None = None,
    pose: str | None = None,
    estimator: PoseEstimator | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Read a calibration film, see :data:`vision.movements.calibration.HOW`.

    ``capture_fps`` and ``person`` are as in :func:`vision.pipeline.analyse_clip`, ``pose`` is a pose model's
    name, ``estimator`` an open one, which stays open. ``progress`` may raise to stop. Raises ClipError for a
    file that cannot be used, CalibrationError for a film that does not show an arch and a tuck,
    WeightError for a missing or damaged model.
    """
    with Clip(path, capture_fps=capture_fps) as clip:
        model = estimator or open_pose(pose or DEFAULT_POSE)
        try:
            log = PoseLog(model.skeleton)
            with closing(prefetch(clip)) as frames:
                athlete = Athlete(model, point=person, pelvis=open_networks())
                for done, seen in enumerate(athlete.poses(frames), start=1):
                    if seen is not None:
                        log.append(replace(seen, t_s=seen.t_s * clip.time_scale))
                    if progress:
                        progress("calibrating", done, clip.expected_frames)
        finally:
            if estimator is None:
                model.close()
        size_wh = (clip.width, clip.height)
    return calibration_from(log, size_wh, model.skeleton)


def calibration_from(log: PoseLog, size_wh: tuple[int, int], skeleton: Skeleton) -> Calibration:
    """The same from the poses of such a film, whose picture is ``size_wh`` px. Raises CalibrationError."""
    if len(log) < FEWEST_FRAMES:
        raise CalibrationError("expected somebody who holds an arch and a tuck, nobody is seen")
    ready = prepare(log, size_wh, skeleton, len(log))
    track = ready.track
    if ready.splices:
        at = ", ".join(f"{t:.1f}" for t in track.t_s[list(ready.splices)])
        raise CalibrationError(f"expected an arch and a tuck in one shot, the film is cut at {at} s")
    view = estimate_view(track)
    level = levelled(track, view.roll_deg)
    level = with_hip_centres(level, view, trunk_px(level))
    return own_levels(smoothed(level, BRIDGE.cutoff_hz), view)
