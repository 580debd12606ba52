"""What the library keeps of a report, so that lists and histories need not open any file."""

from __future__ import annotations

import math

from vision.outputs import content
from vision.outputs.wording import sentence
from vision.store import Outcome, Value
from vision.types import Finding, Plane, Report


def outcome_of(report: Report, results: str) -> Outcome:
    """The outcome of an analysis whose files lie in the folder ``results``."""
    return Outcome(
        results=results,
        movement=report.movement,
        view=_view(report),
        headline=report.headline,
        verdict=content.overall(report).value,
        score=report.set_score,
        reps=len(report.cycles),
        seen_all=_seen_all(report),
        values=tuple(value for f in report.set_findings if (value := _value(f)) is not None),
    )


def _view(report: Report) -> str:
    """Where it was filmed from, as histories tell views apart: front, rear, side, or that it is neither.

    Front and rear hide different things; left and right show the same measures.
    """
    view = report.view
    if view.plane is Plane.FRONTAL and view.seen_from:
        return view.seen_from
    return "side" if view.plane is Plane.SAGITTAL else view.plane.value


def _seen_all(report: Report) -> bool:
    """Whether everything that this view can be judged by was measured in every repetition."""
    findings = [*report.set_findings, *(f for c in report.cycles for f in c.findings)]
    return bool(report.cycles) and not any(f.value is None for f in findings if _asked(f, report.view.plane))


def _asked(finding: Finding, plane: Plane) -> bool:
    """Whether the measure is judged and a camera in ``plane`` should show it.

    From between the planes, or from who knows where, every judged measure is missing.
    """
    square_on = plane in (Plane.FRONTAL, Plane.SAGITTAL)
    shown = not square_on or finding.criterion.plane in (plane, Plane.UNKNOWN)
    return shown and finding.criterion.good is not None


def _value(finding: Finding) -> Value | None:
    value, error95 = finding.value, finding.error95
    if value is None or isinstance(value, str) or not math.isfinite(value):
        return None
    return Value(
        measure=finding.measure,
        title=sentence(finding.criterion.title or finding.measure.replace("_", " ")),
        side=finding.side,
        value=float(value),
        error95=float(error95) if error95 is not None and math.isfinite(error95) else None,
        unit=finding.unit,
        verdict=finding.verdict.value,
    )
