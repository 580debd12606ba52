"""What the product tells of a rendered clip's pelvis, put beside the truth."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from validation import markers
from validation.compare import find, verdict_due
from validation.pelvis_stats import NAN, Told
from validation.pelvis_truth import MEASURES, Known, true_change_deg, true_step_deg
from validation.recorded import Take, kept, without_extra_eyes
from validation.rig_truth import lockout_word
from vision.judging import MARGIN_S
from vision.kinematics import line_height_deg
from vision.movements import MOVEMENTS
from vision.movements.base import REST_S, TURN_S
from vision.movements.calibration import CalibrationError
from vision.prepare import smoothed
from vision.stickers import Stickers
from vision.types import SIDES, Cycle, Finding, FloatArray, JudgedCycle, Report, Verdict

PRODUCT, POINTS, STICKERS = "product", "body points", "stickers"
OWN: Final = "product, own arch and tuck filmed"
ONE_STEP: Final = "pelvic_drop, one step"


def of_clip(known: Known, take: Take, own: Take | None = None) -> list[Told]:
    """Everything told of one clip: by the product as it is, and by body points and outline alone.

    With ``own``, the film of the athlete's own arch and tuck, also what is told with it.
    """
    whole = take.report(movement=known.movement)
    plain = take.report(movement=known.movement, see=without_extra_eyes)
    values = told(whole, known, PRODUCT) + told(plain, known, POINTS)
    return values if own is None else values + told(_calibrated(known, take, own), known, OWN)


def _calibrated(known: Known, take: Take, own: Take) -> Report:
    """The report with the own arch and tuck; a film that shows none leaves the report as it is."""
    try:
        calibration = own.calibration()
    except CalibrationError as problem:
        print(f"{known.name}: own arch and tuck: {problem}", file=sys.stderr)
        calibration = None
    return take.report(movement=known.movement, own=calibration)


def told(report: Report, known: Known, way: str) -> list[Told]:
    """Values of one report beside the truth.

    A drop is that of a side, over its steps, and of each step; the rest is of each repetition. A
    repetition that was not found counts as told nothing.
    """
    clock = report.track.index / known.fps
    if known.movement == "gait":
        return _walk(report, known, way, clock)
    out: list[Told] = []
    for rep in range(int(known.rep.max()) + 1):
        inside = np.flatnonzero(known.rep == rep) / known.fps
        found = [c for c in report.cycles if len(clock) and inside[0] <= clock[c.cycle.turn] <= inside[-1]]
        for measure in MEASURES[known.movement]:
            out.append(_repetition(report, known, way, measure, found[0] if found else None, clock, inside))
    return out


def _repetition(
    report: Report,
    known: Known,
    way: str,
    measure: str,
    judged: JudgedCycle | None,
    clock: FloatArray,
    inside: FloatArray,
) -> Told:
    if judged is None:
        true = true_change_deg(known, float(inside[0]), float(inside.mean()))
        value = lockout_word(true) if measure == "lockout_pelvis" else true
        return _beside(known, way, measure, None, value)
    cycle = judged.cycle
    true = true_change_deg(known, float(clock[cycle.start]), float(clock[cycle.turn]))
    finding = find(judged.findings, measure, None)
    if measure == "lockout_pelvis":
        return _beside(known, way, measure, finding, lockout_word(true))
    spare = hip_line_change(report, cycle) if way == POINTS and measure == "pelvic_obliquity" else None
    return _beside(known, way, measure, finding, true, spare)


def _walk(report: Report, known: Known, way: str, clock: FloatArray) -> list[Told]:
    out: list[Told] = []
    for side in SIDES:
        cycles = [c for c in report.cycles if c.cycle.side == side]
        true = [true_step_deg(known, c.cycle, clock) for c in cycles]
        spare = [hip_line_step(report, c.cycle) if way == POINTS else None for c in cycles]
        for c, t, s in zip(cycles, true, spare, strict=True):
            if np.isfinite(t):
                out.append(_beside(known, way, ONE_STEP, find(c.findings, "pelvic_drop", side), t, s))
        seen = [s for s in spare if s is not None and np.isfinite(s)]
        mean = float(np.nanmean(true)) if np.isfinite(true).any() else _whole_drop(known, side)
        finding = find(report.set_findings, "pelvic_drop", side)
        out.append(_beside(known, way, "pelvic_drop", finding, mean, float(np.mean(seen)) if seen else None))
    return out


def _whole_drop(known: Known, side: str) -> float:
    """The drop where no step was found: the largest of the clip less its mean."""
    slope = (1.0 if side == "left" else -1.0) * known.slope
    return float(slope.max() - slope.mean())


def _beside(
    known: Known,
    way: str,
    measure: str,
    finding: Finding | None,
    true: float | str,
    spare: float | None = None,
) -> Told:
    value = None if finding is None else finding.value
    if value is None and spare is not None and np.isfinite(spare):
        value = spare
    due = verdict_due(true, finding.criterion) if finding is not None and isinstance(true, float) else None
    return Told(
        known.name,
        measure,
        way,
        value,
        NAN if finding is None or finding.error95 is None else finding.error95,
        Verdict.UNKNOWN if finding is None else finding.verdict,
        true,
        due,
        known.groups,
    )


# ------------------------------------------------------------------- the plain hip line


def _hip_line(report: Report) -> FloatArray:
    assert report.movement is not None
    track = smoothed(report.track, MOVEMENTS[report.movement].cutoff_hz)
    return line_height_deg(track.point("left_hip"), track.point("right_hip"))


def hip_line_step(report: Report, cycle: Cycle) -> float:
    """A step's drop by the line through the pose model's hip points, as :mod:`vision.movements.gait` says."""
    slope = (1.0 if cycle.side == "left" else -1.0) * _hip_line(report)
    t = report.track.t_s
    start, end = cycle.start, min(cycle.end, len(t))
    fifth = (end - start) // 5
    around = (t >= t[start] - MARGIN_S) & (t <= t[end - 1] + MARGIN_S)
    stance = slope[start + fifth : end - fifth]
    if not np.isfinite(stance).any():
        return NAN
    return float(np.nanmax(stance) - np.nanmean(slope[around]))


def hip_line_change(report: Report, cycle: Cycle) -> float:
    """Slope of the hip line at the turn minus rest."""
    slope, t = _hip_line(report), report.track.t_s
    turn = np.abs(t - t[cycle.turn]) <= TURN_S + 1e-6
    since = t - t[cycle.start]
    rest = (since >= -REST_S[0] - 1e-6) & (since <= -REST_S[1] + 1e-6)
    if not np.isfinite(slope[turn]).any() or not np.isfinite(slope[rest]).any():
        return NAN
    return float(np.nanmean(slope[turn]) - np.nanmean(slope[rest]))


# ------------------------------------------------------------------- stickers


def of_stickers(folders: Sequence[Path]) -> list[Told]:
    """What stickers told on the clips of ``folders`` that show some, by the product's own pipeline."""
    out: list[Told] = []
    for path in (p for folder in folders for p in sorted(folder.glob("*.json"))):
        truth = markers.read_truth(path)
        clip = path.with_suffix(".mp4")
        if truth is None or not clip.is_file():
            continue
        take = kept(clip, movement=truth.movement, stickers=Stickers(truth.clicks))
        report = take.report(movement=truth.movement)
        for v in markers.told(report, truth):
            name = ONE_STEP if v.measure == "pelvic_drop" else v.measure
            out.append(Told(truth.name, name, STICKERS, v.value, v.error95, Verdict.UNKNOWN, v.true))
    return out
