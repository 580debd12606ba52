"""From a report to what a plan is made of: faults that were told, and differences that are sure.

What is unknown, unsure or level makes no signal, and so no drill.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from vision import feedback
from vision.asymmetry import Asymmetry, Status, of_pair, read_row
from vision.movements import MOVEMENTS
from vision.plan.model import Signal
from vision.types import Finding, JudgedCycle, Report, Verdict

FAULT: Final = "fault"
SIDES_DIFFER: Final = "asymmetry"


def signals_of(report: Report, on: date, set_id: str) -> tuple[Signal, ...]:
    """What one set gives, the gravest first; ``on`` is the day it was filmed."""
    found = [_fault(f, report, on, set_id) for f in _told(report)]
    rows = [read_row(row) for row in report.asymmetries]
    return (
        *found,
        *(_sides(a, report.movement or "", on, set_id) for a in rows if a is not None and _sure(a)),
    )


def signals_of_pair(left: Report, right: Report, on: date, set_id: str) -> tuple[Signal, ...]:
    """What a set on the left leg against one on the right gives; both of the same movement and view."""
    return tuple(_sides(a, left.movement or "", on, set_id) for a in pair_of(left, right) if _sure(a))


def pair_of(left: Report, right: Report) -> tuple[Asymmetry, ...]:
    """The asymmetries of two sets; none where movement or view differ."""
    movement = MOVEMENTS.get(left.movement or "")
    if movement is None or left.movement != right.movement or left.view.plane is not right.view.plane:
        return ()
    criteria = movement.table.criteria
    return of_pair((left.cycles, left.set_findings), (right.cycles, right.set_findings), criteria)


def unseen_in(report: Report) -> tuple[str, ...]:
    """What would have counted in a set and was not seen, with the reason: ``Squat: heel lifts (…)``.

    Only what is judged at all is named; what fails for the same reason stands together.
    """
    movement = MOVEMENTS.get(report.movement or "")
    if movement is None:
        return ()
    titles: dict[str, list[str]] = {}
    for finding in report.set_findings:
        row = movement.table.criteria.get(finding.measure)
        counts = row is not None and (row.good is not None or row.unit == "pattern")
        if row is not None and counts and finding.verdict is Verdict.UNKNOWN:
            told = titles.setdefault(finding.reason or "not seen", [])
            told += [] if row.title in told else [row.title]
    return tuple(
        f"{movement.table.title}: {', '.join(_lower(t) for t in told)} ({why})"
        for why, told in titles.items()
    )


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _sure(found: Asymmetry) -> bool:
    return found.status in (Status.UNEVEN, Status.WATCH)


def _told(report: Report) -> list[Finding]:
    """Faults of the set that the report gave guidance on; a caution too slight for a word is none."""
    keys = [g.fault for g in report.guidance]
    flagged = (Verdict.FAULT, Verdict.CAUTION)
    told = [f for f in report.set_findings if f.fault in keys and f.verdict in flagged]
    return sorted(told, key=lambda f: keys.index(f.fault or ""))


def count(cycles: Sequence[JudgedCycle], measure: str, side: str | None, fault: str) -> tuple[int, int]:
    """In how many repetitions a fault was flagged, of how many in which the measure was judged."""
    judged = [
        f
        for c in cycles
        for f in c.findings
        if (f.measure, f.side) == (measure, side) and f.verdict is not Verdict.UNKNOWN
    ]
    return sum(f.fault == fault for f in judged), len(judged)


def _fault(finding: Finding, report: Report, on: date, set_id: str) -> Signal:
    name, key = report.movement or "", finding.fault or ""
    movement = MOVEMENTS.get(name)
    known = movement.table.faults.get(key) if movement else None
    words = feedback.words(finding, known, report.cycles) if known else key.replace("_", " ")
    value = float(finding.value) if isinstance(finding.value, int | float) else None
    return Signal(
        kind=FAULT,
        movement=name,
        measure=finding.measure,
        title=finding.criterion.title or finding.measure.replace("_", " "),
        fault=key,
        status=finding.verdict.value,
        side=finding.side,
        weaker=None,
        value=value,
        error95=finding.error95 if value is not None else None,
        unit=finding.unit,
        percent=None,
        percent_error95=None,
        index="",
        words=words,
        often=count(report.cycles, finding.measure, finding.side, key),
        on=on,
        set_id=set_id,
    )


def _sides(found: Asymmetry, movement: str, on: date, set_id: str) -> Signal:
    same = round((found.same_direction or 0.0) * found.compared)
    return Signal(
        kind=SIDES_DIFFER,
        movement=movement,
        measure=found.measure,
        title=found.title or found.measure.replace("_", " "),
        fault=None,
        status=found.status,
        side=None,
        weaker=found.weaker,
        value=found.difference,
        error95=found.error95,
        unit=found.unit,
        percent=found.percent,
        percent_error95=found.percent_error95,
        index=found.index,
        words="",
        often=(same, found.compared),
        on=on,
        set_id=set_id,
    )
