"""One set of a drill: how many repetitions counted, which were uneven, when it should have ended."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from vision.asymmetry import UNEVEN_PCT
from vision.movements import MOVEMENTS
from vision.types import Criterion, Finding, JudgedCycle, Report, Verdict


@dataclass(frozen=True, slots=True)
class Groove:
    """Numbers of repetitions count from 1.

    ``quality`` of ``judged`` had no fault, nothing that the report gave guidance on, and were even.
    ``uneven`` are those that differed between the sides beyond the error; ``stop_after`` is the
    repetition after which the set should have ended, None where form held.
    """

    reps: int
    judged: int
    quality: int
    uneven: tuple[int, ...]
    stop_after: int | None

    @property
    def share(self) -> float | None:
        """Quality repetitions of those that could be judged, 0 to 1."""
        return self.quality / self.judged if self.judged else None


def groove(report: Report) -> Groove:
    """What a set adds to the groove."""
    movement = MOVEMENTS.get(report.movement or "")
    criteria: Mapping[str, Criterion] = movement.table.criteria if movement else {}
    judged = [c for c in report.cycles if any(f.verdict is not Verdict.UNKNOWN for f in c.findings)]
    uneven = tuple(c.index + 1 for c in report.cycles if is_uneven(c, criteria))
    told: set[str | None] = {g.fault for g in report.guidance}
    clean = [c for c in judged if not any(f.verdict is Verdict.FAULT or f.fault in told for f in c.findings)]
    good = [c for c in clean if c.index + 1 not in uneven]
    return Groove(len(report.cycles), len(judged), len(good), uneven, report.stop_after_rep)


def is_uneven(cycle: JudgedCycle, criteria: Mapping[str, Criterion]) -> bool:
    """Whether one repetition differs between the sides by more than its error and the limits."""
    by_side = {(f.measure, f.side): f for f in cycle.findings}
    for (measure, side), finding in by_side.items():
        row = criteria.get(measure)
        if row is None or finding.verdict is Verdict.UNKNOWN or finding.error95 is None:
            continue
        if row.symmetry == "share" and side is None and _shifted(finding):
            return True
        other = by_side.get((measure, "right"))
        if side == "left" and other is not None and _apart(finding, other, row):
            return True
    return False


def _shifted(finding: Finding) -> bool:
    if not isinstance(finding.value, int | float) or finding.error95 is None:
        return False
    shift = min(abs(float(finding.value)), 50.0)
    return 200 * shift / (50 + shift) > UNEVEN_PCT and shift > finding.error95


def _apart(left: Finding, right: Finding, row: Criterion) -> bool:
    values = left.value, right.value
    if right.verdict is Verdict.UNKNOWN or not all(isinstance(v, int | float) for v in values):
        return False
    a, b = (float(v) for v in values if isinstance(v, int | float))
    error = math.hypot(left.error95 or 0.0, right.error95 or 0.0)
    beyond = abs(a - b) > max(error, row.mdc or 0.0)
    if row.symmetry in ("none", "share"):
        return False
    by_ratio = row.symmetry == "ratio" or (not row.symmetry and row.unit == "s")
    enough = not by_ratio or (min(a, b) > 0 and 100 * (1 - min(a, b) / max(a, b)) > UNEVEN_PCT)
    return beyond and enough
