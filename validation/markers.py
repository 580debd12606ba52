"""Stickers on rendered people through the whole pipeline: ``python -m validation markers [FOLDER ...]``.

A clip counts when a ``.json`` beside it says where each sticker was in every frame. Folders default to
``videos/``; whatever is absent or holds nothing of the kind is named and left out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from validation.tables import number, percent, share, table
from vision.judging import MARGIN_S
from vision.movements.base import REST_S, TURN_S
from vision.pipeline import analyse_clip
from vision.pose.markers import Click, MarkerError
from vision.stickers import Stickers
from vision.types import Finding, FloatArray, JudgedCycle, Report

VIDEOS: Final = Path(__file__).resolve().parents[1] / "videos"
MOVEMENTS: Final = {"walk": "gait", "squat": "squat", "bridge": "bridge"}
MEASURES: Final = {"gait": "pelvic_drop", "squat": "pelvic_obliquity", "bridge": "pelvic_tilt"}
GOALS_DEG: Final = {"pelvic_drop": 1.0, "pelvic_obliquity": 1.0, "pelvic_tilt": 2.0}
_SIDED: Final = {"l": "left", "r": "right"}


@dataclass(frozen=True)
class Truth:
    """What the renderer knows: stickers' centres ``(T, M, 2)`` px and angles in degrees by frame."""

    name: str
    movement: str
    clicks: tuple[Click, ...]
    centres: FloatArray
    in_sight: NDArray[np.bool_]
    slope: FloatArray
    tilt: FloatArray


@dataclass(frozen=True)
class Told:
    """One value that the product gave, or None, beside the true one; degrees."""

    measure: str
    value: float | None
    error95: float
    true: float


def read_truth(path: Path) -> Truth | None:
    """The truth of a clip with stickers; None where the file is of another kind."""
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    frames: list[dict[str, Any]] = data.get("frames") or []
    if data.get("movement") not in MOVEMENTS or not frames or not frames[0].get("markers2d"):
        return None
    names = list(frames[0]["markers2d"])
    rows = np.array([[f["markers2d"][n] for n in names] for f in frames], np.float64)
    size = np.array([data["width"], data["height"]])
    side_view = data["view"] not in ("front", "rear")
    clicks = tuple(
        Click(_called(name, side_view), *(float(v) for v in (rows[0, i, :2] + 0.5) / size))
        for i, name in enumerate(names)
    )
    return Truth(
        path.stem,
        MOVEMENTS[data["movement"]],
        clicks,
        rows[..., :2],
        rows[..., 2] > 0,
        np.array([f["angles"]["pelvic_obliquity"] for f in frames]),
        np.array([f["angles"]["lumbar_extension"] for f in frames]),
    )


def _called(name: str, side_view: bool) -> str:
    """The product's name of a renderer's sticker."""
    bone, _, side = name.rpartition("_")
    if side not in _SIDED:
        return name
    return bone if side_view else f"{_SIDED[side]}_{bone}"


def told(report: Report, truth: Truth) -> list[Told]:
    """Every cycle's value with the true one by the measure's own definition."""
    measure = MEASURES[truth.movement]
    out: list[Told] = []
    for cycle in report.cycles:
        for f in cycle.findings:
            if f.measure == measure:
                out.append(_one(f, _true(report, cycle, truth)))
    return out


def _one(finding: Finding, true: float) -> Told:
    value = finding.value if isinstance(finding.value, float) else None
    return Told(finding.measure, value, finding.error95 or float("nan"), true)


def _true(report: Report, judged: JudgedCycle, truth: Truth) -> float:
    cycle, t = judged.cycle, report.track.t_s
    slope, tilt = truth.slope[report.track.index], truth.tilt[report.track.index]
    if truth.movement == "gait":
        sign = 1.0 if cycle.side == "left" else -1.0
        around = (t >= t[cycle.start] - MARGIN_S) & (t <= t[cycle.end - 1] + MARGIN_S)
        fifth = (cycle.end - cycle.start) // 5
        stance = sign * slope[cycle.start + fifth : cycle.end - fifth]
        return float(stance.max() - (sign * slope[around]).mean())
    path = slope if truth.movement == "squat" else tilt
    since = t - t[cycle.start]
    rest = (since >= -REST_S[0] - 1e-6) & (since <= -REST_S[1] + 1e-6)
    turn = np.abs(t - t[cycle.turn]) <= TURN_S + 1e-6
    return float(path[turn].mean() - path[rest if rest.any() else slice(0, 1)].mean())


def centre_error_px(report: Report, truth: Truth) -> tuple[float, float, float]:
    """RMS and largest distance of centres in sight, steady offsets aside, and the share of them found."""
    assert report.track.markers is not None
    off = report.track.markers.xy - truth.centres[report.track.index]
    off[~truth.in_sight[report.track.index]] = np.nan
    off -= np.nanmedian(off, axis=0)
    size = np.linalg.norm(off, axis=2)
    seen = np.isfinite(size).sum() / max(int(truth.in_sight[report.track.index].sum()), 1)
    return float(np.sqrt(np.nanmean(size**2))), float(np.nanmax(size)), float(seen)


def rows_of(values: Iterable[Told]) -> list[list[str]]:
    """The table's lines: one per measure."""
    by_measure: dict[str, list[Told]] = {}
    for value in values:
        by_measure.setdefault(value.measure, []).append(value)
    out: list[list[str]] = []
    for measure, of in by_measure.items():
        known = [v for v in of if v.value is not None]
        off = np.array([(v.value or 0.0) - v.true for v in known])
        wide = np.array([v.error95 for v in known])
        goal = GOALS_DEG[measure]
        stats = (off.mean(), np.sqrt((off**2).mean()), np.abs(off).max()) if len(off) else (np.nan,) * 3
        out.append(
            [
                measure,
                str(len(of)),
                share(len(of) - len(known), len(of)),
                *(number(float(v), 2) for v in stats),
                share(int((np.abs(off) <= goal).sum()), len(off)) + f" within {goal:.0f}°",
                number(float(np.median(wide)) if len(wide) else float("nan"), 2),
                percent(float((np.abs(off) <= wide).mean()) if len(off) else float("nan")),
            ]
        )
    return out


HEAD: Final = (
    "measure",
    "values",
    "unknown",
    "bias °",
    "RMS °",
    "largest °",
    "goal",
    "± stated °",
    "inside ±",
)


def main(argv: Sequence[str]) -> None:
    """Analyse every clip with stickers in the folders and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m validation markers", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=[VIDEOS])
    values: list[Told] = []
    for folder in parser.parse_args(argv).folders:
        values += _of_folder(folder)
    if not values:
        raise SystemExit("no clip with stickers was found: nothing is measured")
    print(table(HEAD, rows_of(values)))


def _of_folder(folder: Path) -> list[Told]:
    values: list[Told] = []
    found = 0
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        truth = read_truth(path)
        if truth is None:
            continue
        clip = path.with_suffix(".mp4")
        if not clip.is_file():
            print(f"LEFT OUT: {clip} is absent", file=sys.stderr)
            continue
        found += 1
        values += _of_clip(clip, truth)
    if not found:
        print(f"LEFT OUT: no clip with stickers in {folder}", file=sys.stderr)
    return values


def _of_clip(clip: Path, truth: Truth) -> list[Told]:
    try:
        report = analyse_clip(clip, movement=truth.movement, markers=Stickers(truth.clicks)).report
    except MarkerError as problem:
        print(f"LEFT OUT: {clip.name}: {problem}", file=sys.stderr)
        return []
    rms, most, seen = centre_error_px(report, truth)
    print(f"{truth.name}: centres off {rms:.2f} px (largest {most:.2f}), {seen:.0%} of those in sight found")
    values = told(report, truth)
    for v in values:
        got = "unknown" if v.value is None else f"{v.value:+.1f} ± {v.error95:.1f}"
        print(f"  {v.measure} {got}, true {v.true:+.1f}")
    return values


if __name__ == "__main__":
    main(sys.argv[1:])
