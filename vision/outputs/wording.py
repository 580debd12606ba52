"""How numbers, measures and verdicts are put into words, the same on film and on paper."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

from vision import feedback
from vision.movements import MOVEMENTS
from vision.types import CycleKind, Fault, Finding, JudgedCycle, Report, Verdict

UNIT_TEXT: Final = {
    "deg": "°",
    "°": "°",
    "ratio": "",
    "": "",
    "%": " %",
    "pct": " %",
    "s": " s",
    "hz": " Hz",
    "steps/min": " steps/min",
}

VERDICT_WORD: Final = {
    Verdict.GOOD: "good",
    Verdict.CAUTION: "watch",
    Verdict.FAULT: "fault",
    Verdict.UNKNOWN: "not measured",
}

SEVERITY: Final = (Verdict.FAULT, Verdict.CAUTION, Verdict.GOOD, Verdict.UNKNOWN)
"""Verdicts, gravest first; what was not measured comes last because it says nothing."""

DEFECTS: Final = (Verdict.FAULT, Verdict.CAUTION)
"""Verdicts that say something is off."""

_KIND_WORD: Final = {CycleKind.REP: "rep", CycleKind.STEP: "step", CycleKind.HOLD: "hold"}


def unit_text(unit: str) -> str:
    """The unit as it follows a number, with its leading space where one belongs."""
    return UNIT_TEXT.get(unit.lower(), f" {unit}")


def decimals(error95: float | None, unit: str) -> int:
    """Decimals worth printing: about one digit of the error, or the unit's habit without one."""
    if error95 is None or not math.isfinite(error95) or error95 <= 0:
        return 0 if unit_text(unit) in {"°", " %", " steps/min"} else 2
    return min(3, max(0, -math.floor(math.log10(error95 / 2))))


def number_text(value: float, unit: str, error95: float | None = None) -> str:
    """``value`` with its unit, rounded to what its error allows; never ``-0``."""
    digits = decimals(error95, unit)
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    return text.replace("-", "−") + unit_text(unit)


def bound_text(value: float, unit: str) -> str:
    """A band's edge as its table writes it, without superfluous digits."""
    return f"{value + 0.0:.6g}".replace("-", "−") + unit_text(unit)


def value_text(finding: Finding) -> str:
    """A finding's value with its error, as in ``14° ± 4°``; words for a value that is not a number."""
    if isinstance(finding.value, str):
        return finding.value
    if finding.value is None or not math.isfinite(finding.value):
        return VERDICT_WORD[Verdict.UNKNOWN]
    return with_error(finding.value, finding.unit, finding.error95)


def with_error(value: float, unit: str, error95: float | None) -> str:
    """A value with its error, the unit said once where it is a word: ``14° ± 4°``, ``1 ± 2 %``."""
    text = number_text(value, unit, error95)
    if error95 is None or not math.isfinite(error95):
        return text
    error = number_text(error95, unit, error95)
    return f"{text.removesuffix(unit_text(unit))} ± {error}" if " " in error else f"{text} ± {error}"


def sentence(text: str) -> str:
    """``text`` with a capital at its start."""
    return text[:1].upper() + text[1:]


def title(finding: Finding) -> str:
    """The measure's name in plain words, with its side."""
    plain = sentence(finding.criterion.title or finding.measure.replace("_", " "))
    return f"{plain} · {finding.side}" if finding.side else plain


def told_only(movement: str | None) -> bool:
    """Whether a movement's numbers are told and never judged, as a sprint's are."""
    known = MOVEMENTS.get(movement or "")
    return known is not None and all(row.good is None for row in known.table.criteria.values())


def fault_of(finding: Finding, report: Report) -> Fault | None:
    """What the movement's table says about a finding's fault."""
    movement = MOVEMENTS.get(report.movement or "")
    return movement.table.faults.get(finding.fault or "") if movement else None


def fault_words(finding: Finding, report: Report, cycles: Sequence[JudgedCycle]) -> str:
    """What went wrong in ``cycles``, in a few words with its side; the measure's name without a fault."""
    if finding.fault is None:
        return title(finding)
    fault = fault_of(finding, report)
    if fault is not None:
        return sentence(feedback.words(finding, fault, cycles))
    words = sentence(finding.fault.replace("_", " "))
    return f"{words} · {finding.side}" if finding.side else words


def cycle_name(cycle: JudgedCycle) -> str:
    """``Rep 3``, ``Step 4 · left``: counted from one, as people count."""
    name = f"{_KIND_WORD[cycle.cycle.kind].capitalize()} {cycle.index + 1}"
    return f"{name} · {cycle.cycle.side}" if cycle.cycle.side else name


def kind_word(cycles: Sequence[JudgedCycle], *, plural: bool = False) -> str:
    """``rep``, ``step`` or ``hold``, whichever the set is made of."""
    word = _KIND_WORD[cycles[0].cycle.kind] if cycles else "rep"
    return word + "s" if plural else word


def listing(items: Iterable[object]) -> str:
    """``1``, ``1 and 2``, ``1, 2 and 3``."""
    texts = [str(item) for item in items]
    return " and ".join(filter(None, (", ".join(texts[:-1]), texts[-1] if texts else "")))


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in order of severity, then of the points they cost; otherwise as they came."""
    return sorted(findings, key=lambda f: (SEVERITY.index(f.verdict), -f.penalty))


def cycle_verdict(cycle: JudgedCycle) -> Verdict:
    """The gravest verdict among a cycle's findings; unknown where nothing could be judged."""
    return min((f.verdict for f in cycle.findings), key=SEVERITY.index, default=Verdict.UNKNOWN)


def main_fault(cycle: JudgedCycle) -> Finding | None:
    """The finding to speak of first: the gravest fault or caution of a cycle, None when there is none."""
    first = next(iter(worst_first(cycle.findings)), None)
    return first if first is not None and first.verdict in DEFECTS else None
