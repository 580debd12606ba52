"""The product on squats filmed by two calibrated cameras, beside OpenSim's joint angles.

The set's cameras stand about 15 degrees to either side of straight ahead, where the bend of a knee
cannot be read from a picture: what is tested is that the product says so, that it finds the
repetitions, and that it knows where the camera stood.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from validation.compare import find
from validation.opensim import BOARD_FROM_OPENSIM, Markers, Motion, read_camera, read_mot, read_trc
from validation.readers import FloatArray, LabelledClip
from validation.real_sets import tally
from validation.replay import Store, judge
from validation.tables import number, share, table
from vision.kinematics import interior_deg
from vision.types import SIDES, Report, Track

LAG_FRAMES: Final = {"cam0": 3, "cam1": 0}
"""Video frames that run before the marker data's first one."""

MEASURE: Final = "knee_flexion"
OFF_SIDE_DEG: Final = (0, 10, 20, 30, 45, 60, 75)


@dataclass(frozen=True)
class Filmed:
    """One camera's report, its true bearing (deg, + round by the athlete's right) and time offset."""

    name: str
    report: Report
    bearing_deg: float
    lag_s: float


def athlete_axes(markers: Markers) -> tuple[FloatArray, FloatArray]:
    """Level unit vectors to the athlete's left and forward, by the hips over the whole recording."""
    left = _level(np.median(markers.path("LHip") - markers.path("RHip"), axis=0))
    forward = np.cross(left, np.array([0.0, 1.0, 0.0]))
    toes = np.median(markers.path("LBigToe") - markers.path("LHeel"), axis=0)
    return left, forward * np.sign(toes @ forward)


def true_bearing_deg(markers: Markers, camera_m: FloatArray) -> float:
    """Where the camera stands seen from the athlete: 0 in front, + round by the athlete's right."""
    left, forward = athlete_axes(markers)
    to = _level(camera_m - np.median(markers.path("midHip"), axis=0))
    return float(np.degrees(np.arctan2(-(to @ left), to @ forward)))


def _level(v: FloatArray) -> FloatArray:
    flat = np.array([v[0], 0.0, v[2]])
    return flat / np.linalg.norm(flat)


def filmed(folder: Path, pose: str, store: Store) -> list[Filmed]:
    """Both cameras, judged."""
    markers = read_trc(next(folder.glob("*.trc")))
    out: list[Filmed] = []
    for name, lag in LAG_FRAMES.items():
        camera = read_camera(folder / name / "cameraIntrinsicsExtrinsics.pickle").turned(BOARD_FROM_OPENSIM)
        kept = store.recording(next((folder / name).glob("*.mov")), pose)
        report = judge(kept.poses, kept.skeleton, kept.size_wh, "squat")
        bearing = true_bearing_deg(markers, camera.position_m)
        out.append(Filmed(name, report, bearing, lag / markers.rate_hz))
    return out


def picture_flexion_deg(track: Track, side: str) -> FloatArray:
    """Bend ``(T,)`` of a knee as the picture shows it, whatever the view."""
    return 180 - interior_deg(*(track.point(f"{side}_{p}") for p in ("hip", "knee", "ankle")))


def rmse_deg(track: Track, motion: Motion, side: str, lag_s: float, within: NDArray[np.bool_]) -> float:
    """Root mean square error of the picture's knee bend over rows ``within`` of the motion."""
    seen = picture_flexion_deg(track, side)
    ok = np.isfinite(seen)
    got = np.interp(motion.t_s + lag_s, track.t_s[ok], seen[ok])
    error = (got - motion[f"knee_angle_{side[0]}"])[within]
    return float(np.sqrt(np.mean(error**2)))


def within_reps(t_s: FloatArray, label: LabelledClip) -> NDArray[np.bool_]:
    """Which of the times ``t_s`` lie within a labelled repetition."""
    return np.any([(t_s >= rep.start_s) & (t_s <= rep.end_s) for rep in label.reps], axis=0)


def report(cameras: list[Filmed], motion: Motion, label: LabelledClip) -> str:
    """What each camera's report says, as Markdown."""
    within = within_reps(motion.t_s, label)
    rows: list[list[str]] = []
    for number_of, camera in enumerate(cameras, start=1):
        view = camera.report.view
        shifted = _on_marker_clock(label, camera.lag_s)
        count = tally(shifted, camera.report.cycles)
        said = [find(c.findings, MEASURE, None) for c in camera.report.cycles]
        given = sum(f is not None and f.value is not None for f in said)
        picture = [rmse_deg(camera.report.track, motion, side, camera.lag_s, within) for side in SIDES]
        rows.append(
            [
                str(number_of),
                number(camera.bearing_deg, 0, signed=True),
                f"{view.plane.value}, {number(view.yaw_deg, 0, signed=True)}",
                share(count.found, count.labelled),
                str(count.false),
                number(float(np.median(np.abs(count.late_s))), 3) if count.late_s else "–",
                f"{given} of {len(said)}",
                f"{number(picture[0], 0)} and {number(picture[1], 0)}",
            ]
        )
    head = [
        "camera",
        "true bearing °",
        "view judged, yaw °",
        "reps found",
        "false",
        "turn off by, median s",
        "knee bend given",
        "error if read off the picture °, left and right",
    ]
    return table(head, rows)


def by_view(markers: Markers, within: NDArray[np.bool_]) -> str:
    """How far a knee's bend in the picture is from its bend in space, by where the camera stands.

    Far virtual cameras on the athlete's left, then ever further towards the front, look at the joint
    centres themselves: what is left is the view's own error, before any pose model's.
    """
    up = np.array([0.0, 1.0, 0.0])
    left, forward = athlete_axes(markers)
    rows: list[list[str]] = []
    for off_deg in OFF_SIDE_DEG:
        c, s = np.cos(np.radians(off_deg)), np.sin(np.radians(off_deg))
        across = np.cross(up, c * left + s * forward)
        cells = [str(off_deg)]
        for side in ("L", "R"):
            joints = [markers.path(f"{side}{part}")[within] for part in ("Hip", "Knee", "Ankle")]
            seen = interior_deg(*(np.stack([j @ across, j @ up], axis=-1) for j in joints))
            cells.append(number(float(np.sqrt(np.mean((_bend_in_space(*joints) - (180 - seen)) ** 2)))))
        rows.append(cells)
    return table(
        ["camera off the side view, towards the front °", "near knee: error °", "far knee: error °"], rows
    )


def _bend_in_space(hip: FloatArray, knee: FloatArray, ankle: FloatArray) -> FloatArray:
    u, v = hip - knee, ankle - knee
    across = np.linalg.norm(np.cross(u, v), axis=-1)
    return 180 - np.degrees(np.arctan2(across, np.sum(u * v, axis=-1)))


def _on_marker_clock(label: LabelledClip, lag_s: float) -> LabelledClip:
    """The labels, which are on the markers' clock, moved to the video's."""
    moved = tuple(type(rep)(rep.start_s + lag_s, rep.turn_s + lag_s, rep.end_s + lag_s) for rep in label.reps)
    return LabelledClip(label.file, label.exercise, label.view, moved)


def section(folder: Path, label: LabelledClip, pose: str, store: Store) -> str:
    """Read, judge and report."""
    motion = read_mot(next(folder.glob("*.mot")))
    markers = read_trc(next(folder.glob("*.trc")))
    return "\n\n".join(
        (
            report(filmed(folder, pose, store), motion, label),
            "Why the bend of a knee is given from the side only: the same squats, seen by virtual cameras.",
            by_view(markers, within_reps(markers.t_s, label)),
        )
    )
