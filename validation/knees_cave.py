"""Do caving knees show? The product's knee/ankle ratio on labelled squats.

Each squat's 3D joints are seen by a virtual camera far away and straight in front of the athlete,
and the resulting picture points go through the product's own session. A threshold is chosen on the
first half of the recording days and tried on the other half; the product's own verdict is counted
as it comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from validation.compare import find
from validation.readers import FloatArray, LabelledSquat, read_squats3d
from validation.tables import number, percent, share, table
from vision.pose.base import BLAZEPOSE
from vision.session import Session
from vision.types import Pose, Report, Verdict

CAVING: Final = "knees caving"
MEASURE: Final = "knee_ankle_ratio"
FPS: Final = 30.0  # assumed: the set does not tell; 3 s of file between recordings 5 s apart fit it
SIZE_WH: Final = (720, 1280)
_PX_PER_CM: Final = 5.0
_MEDIAN: Final = 5  # frames over which spikes of the depth camera are taken out


@dataclass(frozen=True, slots=True)
class Judged:
    """One squat through the product: ``ratio`` NaN where it gave no value."""

    day: str
    label: str
    reps: int
    ratio: float
    verdict: Verdict


def frontal(squat: LabelledSquat) -> FloatArray:
    """Joints ``(T, J, 3)`` cm turned about the vertical so that the athlete faces the camera.

    Where the athlete faces is what shoulders, hips and ankles say together over the whole squat.
    """
    xyz = _despiked(squat.xyz_cm)
    points = squat.points.tolist()
    rows = BLAZEPOSE.index
    lines = [
        xyz[:, points.index(rows[f"left_{part}"])] - xyz[:, points.index(rows[f"right_{part}"])]
        for part in ("shoulder", "hip", "ankle")
    ]
    across = np.median(np.concatenate(lines), axis=0)
    angle = np.arctan2(across[2], across[0])
    c, s = np.cos(angle), np.sin(angle)
    centre = np.median(xyz.mean(axis=1), axis=0)
    return (xyz - centre) @ np.array([[c, 0.0, -s], [0.0, 1.0, 0.0], [s, 0.0, c]])


def _despiked(xyz: FloatArray) -> FloatArray:
    half = _MEDIAN // 2
    padded = np.pad(xyz, ((half, half), (0, 0), (0, 0)), mode="edge")
    return np.median(np.lib.stride_tricks.sliding_window_view(padded, _MEDIAN, axis=0), axis=-1)


def poses(squat: LabelledSquat) -> list[Pose]:
    """What a camera far in front would have seen: 33 points, those the set lacks unseen."""
    turned = frontal(squat)
    k = len(BLAZEPOSE.names)
    out: list[Pose] = []
    for i, frame in enumerate(turned):
        xy = np.full((k, 2), np.nan)
        world = np.zeros((k, 3))
        score = np.zeros(k)
        xy[squat.points] = frame[:, :2] * _PX_PER_CM + np.array(SIZE_WH) / 2
        world[squat.points] = frame / 100
        score[squat.points] = 1.0
        out.append(Pose(i / FPS, i, xy, score, world))
    return out


def report_of(squat: LabelledSquat) -> Report:
    """The product's report on one squat, the movement given."""
    session = Session(BLAZEPOSE, SIZE_WH, movement="squat")
    for pose in poses(squat):
        session.push(pose)
    return session.finish()


def judge(squat: LabelledSquat) -> Judged:
    """The ratio and verdict of the repetition that went deepest into the label."""
    report = report_of(squat)
    findings = [f for c in report.cycles for f in (find(c.findings, MEASURE, None),) if f is not None]
    values = [f.value if isinstance(f.value, float) else float("nan") for f in findings]
    if not values or np.isnan(values).all():
        return Judged(squat.day, squat.label, len(report.cycles), float("nan"), Verdict.UNKNOWN)
    least = int(np.nanargmin(values))
    return Judged(squat.day, squat.label, len(report.cycles), values[least], findings[least].verdict)


# --------------------------------------------------------------------------- figures


def balanced_accuracy(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> float:
    """Mean of the share of true ones found and the share of others left alone; NaN without either."""
    if not true.any() or true.all():
        return float("nan")
    return float((said[true].mean() + (~said[~true]).mean()) / 2)


def best_threshold(value: FloatArray, true: NDArray[np.bool_]) -> float:
    """The cut below which a value counts as true that serves balanced accuracy best.

    Where several cuts serve alike, the middle one. Raises ValueError unless both kinds are there.
    """
    if not true.any() or true.all():
        raise ValueError("expected both caving and other squats to choose a threshold from, got one kind")
    order = np.unique(value)
    cuts = np.concatenate([[order[0] - 1e-6], (order[1:] + order[:-1]) / 2, [order[-1] + 1e-6]])
    scores = np.array([balanced_accuracy(value < cut, true) for cut in cuts])
    return float(np.median(cuts[scores >= scores.max() - 1e-12]))


def first_days(days: Sequence[str]) -> NDArray[np.bool_]:
    """Which entries fall on the earlier half of the recording days."""
    ordered = sorted(set(days))
    early = set(ordered[: len(ordered) // 2])
    return np.array([day in early for day in days])


def report(path: Path) -> str:
    """The section on caving knees as Markdown."""
    judged = [judge(squat) for squat in read_squats3d(path)]
    seen = [j for j in judged if np.isfinite(j.ratio)]
    value = np.array([j.ratio for j in seen])
    true = np.array([j.label == CAVING for j in seen])
    early = first_days([j.day for j in seen])
    rows: list[list[str]] = []
    for name, pick in (("later days", early), ("earlier days", ~early)):
        cut = best_threshold(value[pick], true[pick])
        rest, caves = value[~pick] < cut, true[~pick]
        rows.append(_row(f"below {cut:.2f}, chosen on the other days, tried on the {name}", rest, caves))
    for cut in (0.9, 1.0):
        rows.append(_row(f"below {cut:.1f}, all days", value < cut, true))
    verdicts = np.array([j.verdict for j in seen])
    rows.append(_row("the product says fault, all days", verdicts == Verdict.FAULT, true))
    flagged = (verdicts == Verdict.FAULT) | (verdicts == Verdict.CAUTION)
    rows.append(_row("the product says fault or watch, all days", flagged, true))
    head = ["knees called caving when the ratio is", "found", "falsely called", "balanced accuracy"]
    one = sum(j.reps == 1 for j in judged)
    return "\n\n".join(
        (
            f"{len(judged)} squats of one repetition each on {len({j.day for j in judged})} days, "
            f"{sum(j.label == CAVING for j in judged)} of them labelled as caving; exactly one repetition "
            f"was found in {one}, a ratio was given for {len(seen)}. {FPS:.0f} frames a second are assumed.",
            table(head, rows),
            "The ratio by label:",
            _by_label(seen),
        )
    )


def _row(name: str, said: NDArray[np.bool_], true: NDArray[np.bool_]) -> list[str]:
    found, false = int(said[true].sum()), int(said[~true].sum())
    return [
        name,
        share(found, int(true.sum())),
        share(false, int((~true).sum())),
        percent(balanced_accuracy(said, true)),
    ]


def _by_label(seen: Sequence[Judged]) -> str:
    rows: list[list[str]] = []
    for label in sorted({j.label for j in seen}, key=lambda name: (name != CAVING, name)):
        group = [j for j in seen if j.label == label]
        low, middle, high = (number(v, 2) for v in np.percentile([j.ratio for j in group], [5, 50, 95]))
        fault = sum(j.verdict is Verdict.FAULT for j in group)
        rows.append([label, str(len(group)), middle, f"{low} to {high}", share(fault, len(group))])
    return table(["label", "squats", "median ratio", "9 in 10 lie in", "called a fault"], rows)
