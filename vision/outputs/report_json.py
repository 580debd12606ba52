"""``report.json``: the report as data, schema version 1."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from enum import Enum
from importlib.resources import files
from typing import Any, Final, cast

import numpy as np

from vision.outputs.wording import unit_text
from vision.types import ClipInfo, Criterion, Finding, JudgedCycle, Kinogram, Report, View

SCHEMA_VERSION: Final = 1

_VALUE_DIGITS: Final = {"°": 2, " %": 2, " steps/min": 1, " s": 4, " Hz": 3}
_DEFAULT_DIGITS: Final = 4
_TIME_DIGITS: Final = 4

Json = dict[str, Any]


def report_schema() -> Json:
    """The JSON Schema that every ``report.json`` obeys, shipped with the package."""
    text = files("vision.outputs").joinpath("report.schema.json").read_text(encoding="utf-8")
    return cast(Json, json.loads(text))


def rounded(value: float | None, digits: int) -> float | None:
    """``value`` to ``digits`` decimals; None for what is not a finite number."""
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), digits) + 0.0


def plain(value: object) -> Any:
    """``value`` as JSON can hold it: numpy unpacked, NaN and infinities as None, the rest as text."""
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, np.generic):
        return plain(cast(object, value.item()))
    if isinstance(value, np.ndarray):
        return plain(cast(object, value.tolist()))
    if isinstance(value, Mapping):
        items = cast(Mapping[object, object], value)
        return {str(key): plain(item) for key, item in items.items()}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes):
        return [plain(item) for item in cast(Sequence[object], value)]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _band(limits: tuple[float, float] | None) -> list[float | None] | None:
    return None if limits is None else [rounded(limit, 6) for limit in limits]


def _criterion(criterion: Criterion) -> Json:
    return {
        "good": _band(criterion.good),
        "caution": _band(criterion.caution),
        "source": criterion.source,
        "title": criterion.title,
    }


def finding_to_json(finding: Finding) -> Json:
    """One FINDING of the contract; a value that could not be measured is None with its reason."""
    digits = _VALUE_DIGITS.get(unit_text(finding.unit), _DEFAULT_DIGITS)
    value = finding.value
    return {
        "measure": finding.measure,
        "side": finding.side,
        "value": value if isinstance(value, str) else rounded(value, digits),
        "unit": finding.unit,
        "error95": rounded(finding.error95, digits),
        "verdict": finding.verdict.value,
        "reason": finding.reason,
        "t_s": rounded(finding.t_s, _TIME_DIGITS),
        "frame": None if finding.frame is None else int(finding.frame),
        "fault": finding.fault,
        "criterion": _criterion(finding.criterion),
    }


def _cycle(cycle: JudgedCycle) -> Json:
    return {
        "index": int(cycle.index),
        "kind": cycle.cycle.kind.value,
        "side": cycle.cycle.side,
        "start_s": rounded(cycle.start_s, _TIME_DIGITS),
        "turn_s": rounded(cycle.turn_s, _TIME_DIGITS),
        "end_s": rounded(cycle.end_s, _TIME_DIGITS),
        "score": None if cycle.score is None else int(cycle.score),
        "deductions": [
            {"measure": f.measure, "side": f.side, "fault": f.fault, "points": rounded(f.penalty, 1)}
            for f in cycle.findings
            if f.penalty > 0
        ],
        "findings": [finding_to_json(f) for f in cycle.findings],
    }


def _kinogram(row: Kinogram) -> Json:
    return {
        "side": row.side,
        "step": int(row.step),
        "frames": {name: None if frame is None else int(frame) for name, frame in row.frames.items()},
        "t_s": {name: rounded(t_s, _TIME_DIGITS) for name, t_s in row.t_s.items()},
        "by_hand": list(row.by_hand),
    }


def _view(view: View, advice: str) -> Json:
    return {
        "plane": view.plane.value,
        "seen_from": view.seen_from,
        "yaw_deg": rounded(view.yaw_deg, 1),
        "yaw_sd_deg": rounded(view.yaw_sd_deg, 1),
        "roll_deg": rounded(view.roll_deg, 2),
        "roll_sd_deg": rounded(view.roll_sd_deg, 2),
        "confidence": rounded(view.confidence, 3),
        "advice": advice,
    }


def _clip(clip: ClipInfo) -> Json:
    return {
        "name": clip.name,
        "sha256": clip.sha256,
        "duration_s": rounded(clip.duration_s, _TIME_DIGITS),
        "frames": int(clip.frames),
        "fps": rounded(clip.fps, 3),
        "capture_fps": rounded(clip.capture_fps, 3),
        "width": int(clip.width),
        "height": int(clip.height),
        "warnings": list(clip.warnings),
    }


def _set(report: Report) -> Json:
    return {
        "reps": len(report.cycles),
        "score": None if report.set_score is None else int(report.set_score),
        "headline": report.headline,
        "findings": [finding_to_json(f) for f in report.set_findings],
        "asymmetries": plain(report.asymmetries),
        "stop_after_rep": report.stop_after_rep,
        "cue": report.cue,
        "guidance": [asdict(g) for g in report.guidance],
        "notes": list(report.notes),
    }


def report_to_json(report: Report, clip: ClipInfo) -> Json:
    """The whole report as plain JSON values, as ``report.schema.json`` describes them."""
    given = plain(report.provenance)
    strip = {"kinogram": [_kinogram(row) for row in report.kinogram]} if report.kinogram else {}
    return {
        "schema": SCHEMA_VERSION,
        "clip": _clip(clip),
        "movement": {
            "name": report.movement,
            "source": report.movement_source,
            "confidence": rounded(report.movement_confidence, 3),
        },
        "view": _view(report.view, report.advice),
        "person": {
            "tracked_fraction": rounded(report.tracked_fraction, 4),
            "swaps_repaired": int(report.swaps_repaired),
        },
        "cycles": [_cycle(c) for c in report.cycles],
        "set": _set(report),
        **strip,
        "provenance": {"version": "", "pose": "", "models": {}, **given, "thresholds": report.thresholds},
    }


def report_text(report: Report, clip: ClipInfo) -> str:
    """``report.json`` as text; strict JSON, so NaN or infinity would raise ValueError."""
    return json.dumps(report_to_json(report, clip), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
