"""Which pose model to use: ``python -m benchmarks.pose_models [--rig DIR ...] [--write FILE]``.

Every model reads the rendered clips frame by frame (nothing smoothed or repaired) and is held
against the rig's joint centres. Models put a hip or ankle where an annotator saw one, which is not
quite the joint's centre, so part of each error is definition and shared by all.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from validation.follow import BareTrack, bare_track, read_all
from validation.readers import FloatArray, RigTruth, read_rig
from validation.rig_truth import true_view
from validation.tables import number, table
from vision.capture import Clip
from vision.kinematics import forward_lean_deg, frontal_projection_deg, interior_deg, line_height_deg
from vision.pose import POSE_MODELS, open_pose
from vision.types import SIDES

JOINTS: Final = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "toe")
LEG: Final = ("knee", "ankle", "toe")
_APART: Final = 0.03  # of body height: nearer than this, left and right cannot be told in the truth


@dataclass(frozen=True)
class Errors:
    """Errors of one model on one clip.

    ``joint`` holds, for each joint and side, the distances ``(T,)`` in percent of body height;
    ``angle`` the signed errors in degrees by the angle's name; ``swapped`` of ``told`` frames had
    left and right legs exchanged, ``lost`` frames had no pose.
    """

    joint: Mapping[tuple[str, str], FloatArray]
    angle: Mapping[str, FloatArray]
    swapped: int
    told: int
    lost: int


def errors_of(truth: RigTruth, track: BareTrack) -> Errors:
    """Hold one model's poses against the rig's joints, at the rig's own times."""
    rows = track.frames_at(truth.t_s)
    got = {(j, s): track.at(f"{s}_{j}")[rows] for j in JOINTS for s in SIDES}
    true = {(j, s): truth.px(f"{j}_{s[0]}") for j in JOINTS for s in SIDES}
    swapped, told = _swaps(got, true, truth.stature_px)
    return Errors(
        joint={
            key: 100 * np.linalg.norm(got[key] - true[key], axis=1) / truth.stature_px
            for key in got
            if _seen(truth, key[1])
        },
        angle=_angle_errors(truth, got, true),
        swapped=int(swapped.sum()),
        told=int(told.sum()),
        lost=int(np.isnan(track.xy[rows, 0, 0]).sum()),
    )


def _seen(truth: RigTruth, side: str) -> bool:
    """Both sides in a front or rear view, the near one in a side view."""
    return true_view(truth).seen_from in ("front", "rear", side)


Points = Mapping[tuple[str, str], FloatArray]


def _swaps(got: Points, true: Points, stature_px: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Frames whose legs fit better exchanged, and frames in which that can be told at all."""

    def distance(a: Points, b: Points, *, crossed: bool) -> FloatArray:
        pairs = [(s, o if crossed else s) for s, o in (SIDES, SIDES[::-1])]
        each = [np.linalg.norm(a[j, s] - b[j, o], axis=1) for j in LEG for s, o in pairs]
        return np.stack(each).mean(axis=0)

    told = distance(true, true, crossed=True) > _APART * stature_px
    return told & (distance(got, true, crossed=True) < distance(got, true, crossed=False)), told


def _angle_errors(truth: RigTruth, got: Points, true: Points) -> Mapping[str, FloatArray]:
    """Errors of picture angles that the movements rest on, for the views that show them."""
    view = true_view(truth).seen_from
    out: dict[str, FloatArray] = {}
    if view in SIDES:
        facing = 1.0 if view == "right" else -1.0
        was, is_ = (_side_angles(points, view, facing) for points in (true, got))
        out |= {name: _turned(is_[name] - was[name]) for name in was}
    elif truth.movement == "squat":
        valgus = [
            frontal_projection_deg(*_leg(p, s), p["hip", o])
            for p in (got, true)
            for s, o in (SIDES, SIDES[::-1])
        ]
        out["knee inward (front view)"] = np.concatenate([valgus[0] - valgus[2], valgus[1] - valgus[3]])
    if view not in SIDES:
        out["hip line (front and rear)"] = line_height_deg(got["hip", "left"], got["hip", "right"]) - (
            line_height_deg(true["hip", "left"], true["hip", "right"])
        )
    return out


def _side_angles(points: Points, side: str, facing: float) -> dict[str, FloatArray]:
    hip, knee, ankle = _leg(points, side)
    return {
        "knee bend (side view)": 180 - interior_deg(hip, knee, ankle),
        "shin (side view)": forward_lean_deg(ankle, knee, facing),
        "trunk (side view)": forward_lean_deg(hip, points["shoulder", side], facing),
    }


def _leg(points: Points, side: str) -> tuple[FloatArray, FloatArray, FloatArray]:
    return points["hip", side], points["knee", side], points["ankle", side]


def _turned(error_deg: FloatArray) -> FloatArray:
    return (error_deg + 180) % 360 - 180


def joint_table(errors: Mapping[str, Sequence[Errors]]) -> str:
    """Median and 95th percentile of every joint's error, in percent of body height."""
    rows: list[list[str]] = []
    for joint in (*JOINTS, "all"):
        row = [joint]
        for clips in errors.values():
            wanted = [d for e in clips for (j, _), d in e.joint.items() if joint in (j, "all")]
            all_of = np.concatenate(wanted)
            row += [number(float(np.nanpercentile(all_of, q)), 2) for q in (50, 95)]
        rows.append(row)
    heads = [f"{model}, {what}" for model in errors for what in ("median", "95 %")]
    return table(["joint", *heads], rows)


def angle_table(errors: Mapping[str, Sequence[Errors]]) -> str:
    """Bias and spread of every angle's error, degrees."""
    names = list(dict.fromkeys(name for clips in errors.values() for e in clips for name in e.angle))
    rows: list[list[str]] = []
    for name in names:
        row = [name]
        for clips in errors.values():
            all_of = np.concatenate([e.angle[name] for e in clips if name in e.angle])
            # The clips' own offsets are bias; what is left within a clip is the spread.
            spread = np.sqrt(np.mean([np.nanvar(e.angle[name]) for e in clips if name in e.angle]))
            row += [number(float(np.nanmean(all_of)), signed=True), number(float(spread))]
        rows.append(row)
    heads = [f"{model}, {what}" for model in errors for what in ("bias °", "spread °")]
    return table(["angle", *heads], rows)


def count_table(errors: Mapping[str, Sequence[Errors]], frame_ms: Mapping[str, float]) -> str:
    """Swaps, lost frames and time of every model."""
    first = next(iter(frame_ms.values()))
    rows = [
        [
            model,
            f"{sum(e.swapped for e in clips)} of {sum(e.told for e in clips)}",
            str(sum(e.lost for e in clips)),
            number(frame_ms[model] / first, 2),
        ]
        for model, clips in errors.items()
    ]
    return table(["model", "left and right legs exchanged", "frames without a pose", "time"], rows)


def timings_ms(
    clip_path: Path, models: Sequence[str], *, frames: int = 40, rounds: int = 3
) -> dict[str, float]:
    """Median milliseconds of one reading, models taking turns after one warm-up each."""
    with Clip(clip_path) as clip:
        pictures = list(islice(clip, frames))
    opened = {name: open_pose(name) for name in models}
    took: dict[str, list[float]] = {name: [] for name in models}
    try:
        for turn in range(rounds + 1):
            for name, model in opened.items():
                began = time.perf_counter()
                for _ in read_all(pictures, model):
                    pass
                if turn:
                    took[name].append(1000 * (time.perf_counter() - began) / len(pictures))
    finally:
        for model in opened.values():
            model.close()
    return {name: statistics.median(values) for name, values in took.items()}


def report(rigs: Sequence[Path], models: Sequence[str]) -> str:
    """The whole comparison as Markdown."""
    truths = [path for folder in rigs for path in sorted(folder.glob("*.json"))]
    truths = [path for path in truths if path.with_suffix(".mp4").is_file()]
    if not truths:
        raise SystemExit(
            f"expected clips with a .json beside them in {', '.join(map(str, rigs))}, found none"
        )
    errors = {
        name: [errors_of(read_rig(path), bare_track(path.with_suffix(".mp4"), name)) for path in truths]
        for name in models
    }
    frame_ms = timings_ms(truths[0].with_suffix(".mp4"), models)
    return "\n\n".join(
        (
            f"{len(truths)} rendered clips; both sides from the front and rear, the near side from the side.",
            "Distance from the rig's joint centres, percent of body height:",
            joint_table(errors),
            "Angles that the movements rest on, raw, frame by frame:",
            angle_table(errors),
            f"Time is that of one reading, relative to {models[0]}, without decoding:",
            count_table(errors, frame_ms),
        )
    )


def main(argv: Sequence[str] | None = None) -> None:
    """Print the comparison and, with ``--write``, keep it in a file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pose_models", description=__doc__)
    parser.add_argument(
        "--rig", type=Path, nargs="*", default=[Path("videos")], help="folders of clips with truth"
    )
    parser.add_argument(
        "--pose", nargs="*", default=list(POSE_MODELS), help="models, the first is the yardstick"
    )
    parser.add_argument("--write", type=Path, help="file for the tables")
    args = parser.parse_args(argv)
    text = report(args.rig, args.pose)
    print(text)
    if args.write:
        args.write.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
