"""The re-test: better, worse, or no change that can be told, and nothing said before the errors allow it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from scipy.stats import fisher_exact

from vision.asymmetry import Asymmetry, Index, Status, read_row
from vision.movements import MOVEMENTS
from vision.plan.model import Signal
from vision.plan.signals import SIDES_DIFFER, count, pair_of
from vision.types import SIDES, Criterion, Finding, Report, Verdict

CHANCE: Final = 0.05
"""Above that probability of coming about by chance, two counts of a pattern are no change."""


class Outcome(StrEnum):
    """What the second film says against the first."""

    BETTER = "better"
    SAME = "no change that can be told"
    WORSE = "worse"
    UNKNOWN = "cannot be compared"


@dataclass(frozen=True, slots=True)
class Retest:
    """One signal, then and now; ``now`` and ``error95`` are in ``unit``, None for a pattern's count."""

    signal: Signal
    outcome: Outcome
    before: float | None
    now: float | None
    error95: float | None
    unit: str
    words: str


def retest(signal: Signal, report: Report) -> Retest:
    """``signal`` against the same measure in a later ``report``."""
    if report.movement != signal.movement:
        return _unknown(signal, "another movement was filmed")
    if signal.kind == SIDES_DIFFER:
        return against(signal, [a for row in report.asymmetries if (a := read_row(row)) is not None])
    found = next(
        (f for f in report.set_findings if (f.measure, f.side) == (signal.measure, signal.side)), None
    )
    if found is None:
        return _unknown(signal, "the measure is not in this film")
    if signal.value is None:
        return _pattern(signal, report)
    return _value(signal, found)


def retest_among(signal: Signal, reports: Sequence[Report]) -> Retest:
    """``signal`` against later films, the oldest first: the newest that shows the measure counts.

    Where the sides were filmed one after the other, the newest film of each leg is held against the other's.
    """
    same = [r for r in reversed(reports) if r.movement == signal.movement]
    tried = [retest(signal, report) for report in same]
    if signal.kind == SIDES_DIFFER:
        left, right = (next((r for r in same if _leg(r) == side), None) for side in SIDES)
        if left is not None and right is not None:
            tried.append(against(signal, list(pair_of(left, right))))
    told = (one for one in tried if one.outcome is not Outcome.UNKNOWN)
    return next(told, tried[-1] if tried else _unknown(signal, "the movement was not filmed again"))


def _leg(report: Report) -> str | None:
    """The leg that a whole film is of; None for one of both."""
    sides = {cycle.cycle.side for cycle in report.cycles}
    return sides.pop() if len(sides) == 1 else None


def against(signal: Signal, rows: list[Asymmetry]) -> Retest:
    """A difference between the sides against the same one later: the size counts, on either side."""
    now = next((a for a in rows if a.measure == signal.measure), None)
    if now is None or now.status == Status.UNKNOWN or signal.index != now.index:
        return _unknown(signal, now.reason if now and now.reason else "the measure is not in this film")
    if now.index == Index.DIFFERENCE or signal.percent is None or now.percent is None:
        before, after, unit = abs(signal.value or 0.0), abs(now.difference), now.unit
        errors = signal.error95, now.error95
    else:
        before, after, unit = signal.percent, now.percent, "%"
        errors = signal.percent_error95, now.percent_error95
    return _told(signal, before, after, errors, unit, before - after)


def _value(signal: Signal, found: Finding) -> Retest:
    """A value goes better where it comes nearer to its good band, by more than both errors."""
    withheld = found.verdict is Verdict.UNKNOWN and found.criterion.good is not None
    if not isinstance(found.value, int | float) or withheld:
        return _unknown(signal, found.reason)
    row = (
        MOVEMENTS[signal.movement].table.criteria.get(signal.measure)
        if signal.movement in MOVEMENTS
        else None
    )
    if row is None or row.good is None or signal.value is None:
        return _unknown(signal, "there is no band that it could come nearer to")
    gain = _beyond(row, signal.value) - _beyond(row, float(found.value))
    errors = signal.error95, found.error95
    return _told(signal, signal.value, float(found.value), errors, signal.unit, gain)


def _beyond(row: Criterion, value: float) -> float:
    """How far outside its good band a value lies, 0 within it."""
    assert row.good is not None
    return max(row.good[0] - value, value - row.good[1], 0.0)


def _told(
    signal: Signal,
    before: float,
    now: float,
    errors: tuple[float | None, float | None],
    unit: str,
    gain: float,
) -> Retest:
    if errors[0] is None or errors[1] is None:
        return _unknown(signal, "the error of a value is not known")
    error = math.hypot(errors[0], errors[1])
    clear = abs(now - before) > error
    way = Outcome.SAME if not clear or gain == 0 else Outcome.BETTER if gain > 0 else Outcome.WORSE
    return Retest(signal, way, before, now, error, unit, "")


def _pattern(signal: Signal, report: Report) -> Retest:
    """Counts of a pattern, by Fisher's exact test: it has no error of its own."""
    then = signal.often
    now = count(report.cycles, signal.measure, signal.side, signal.fault or "")
    if not then[1] or not now[1]:
        return _unknown(signal, "the pattern could not be judged")
    table = np.array([[k, n - k] for k, n in (then, now)])
    chance = float(fisher_exact(table).pvalue)
    fewer = now[0] / now[1] < then[0] / then[1]
    way = Outcome.SAME if chance > CHANCE else Outcome.BETTER if fewer else Outcome.WORSE
    words = f"{then[0]} of {then[1]} before, {now[0]} of {now[1]} now"
    return Retest(signal, way, None, None, None, "", words)


def _unknown(signal: Signal, why: str) -> Retest:
    return Retest(signal, Outcome.UNKNOWN, None, None, None, signal.unit, why)
