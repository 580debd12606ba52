"""Left against right: the one place where a difference between the sides is computed and judged.

Canonical index: the difference in per cent of the stronger (larger) side, ``100 (1 - less/more)``, and
only for durations, lengths, ranges of motion and volumes. Angles near zero are compared in degrees
against the smallest difference that can be detected; a ratio of them says nothing. A shift of the hips
is turned into the share of load that levers give, ``50 ± shift`` %, and then compared like a volume.

Uneven is only what lies above 15 %, above the detectable difference, and on the same side in at
least 80 % of five repetitions or seven steps a side; 10 to 15 % is to be watched. Both limits are
conventions: healthy people differ by up to 20 % (reference, part B8).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Final

from vision.types import SIDES, Criterion, CycleKind, Finding, JudgedCycle, Verdict, other_side

WATCH_PCT: Final = 10.0
UNEVEN_PCT: Final = 15.0
SAME_DIRECTION: Final = 0.8
FEWEST: Final = {CycleKind.REP: 5, CycleKind.STEP: 7, CycleKind.HOLD: 5}
_UNIT_WORD: Final = {CycleKind.REP: "repetitions", CycleKind.STEP: "steps", CycleKind.HOLD: "holds"}


class Index(StrEnum):
    """What is compared."""

    PERCENT = "percent_of_stronger"
    SHARE = "share_by_levers"
    DIFFERENCE = "difference"


class Status(StrEnum):
    """What may be said of the difference; ``unsure`` is a clear one that too few repetitions back."""

    UNEVEN = "uneven"
    WATCH = "watch"
    LEVEL = "level"
    UNSURE = "unsure"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """The two sides of one measure.

    ``difference`` is left minus right in ``unit``, ``error95`` half the 95 % interval of it,
    ``detectable`` the larger of that and the published smallest difference. ``percent`` is the
    canonical index, None where only the difference counts. ``same_direction`` is the share of
    ``compared`` repetitions on the side of the mean. ``weaker`` is the side that works less well,
    as far as the measure says so.
    """

    measure: str
    left: float
    right: float
    left_error95: float
    right_error95: float
    difference: float
    unit: str
    error95: float
    beyond_error: bool
    index: str
    detectable: float
    percent: float | None
    percent_error95: float | None
    compared: int
    same_direction: float | None
    status: str
    weaker: str | None
    reason: str
    title: str
    source: str

    def row(self) -> Mapping[str, object]:
        """As ``report.json`` holds it."""
        return asdict(self)


def read_row(row: Mapping[str, object]) -> Asymmetry | None:
    """An asymmetry out of a report; None for one that an older Plumbline wrote or that is incomplete."""
    try:
        made = Asymmetry(**{name: row[name] for name in Asymmetry.__slots__})  # type: ignore[arg-type]
    except (KeyError, TypeError):
        return None
    sides = (made.left, made.right, made.left_error95, made.right_error95)
    numbers = (*sides, made.difference, made.error95, made.detectable)
    sound = all(_is_number(n) for n in numbers)
    known = made.status in set(Status) and made.index in set(Index) and made.weaker in (*SIDES, None)
    return made if sound and known else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def of_set(cycles: Sequence[JudgedCycle], found: Sequence[Finding]) -> tuple[Asymmetry, ...]:
    """Every measure of one set that has two sides; ``found`` are the findings of the set."""
    made: list[Asymmetry] = []
    for finding in found:
        if finding.criterion.symmetry == "share" and finding.side is None:
            made += [] if (one := _shared(finding, cycles)) is None else [one]
    for left, right in _pairs(found, found):
        values = {side: _values(cycles, left.measure, side) for side in SIDES}
        made += _compared(left, right, values["left"], values["right"], _kind(cycles))
    return tuple(made)


def of_pair(
    left: tuple[Sequence[JudgedCycle], Sequence[Finding]],
    right: tuple[Sequence[JudgedCycle], Sequence[Finding]],
    criteria: Mapping[str, Criterion],
) -> tuple[Asymmetry, ...]:
    """A set on the left leg against a set on the right: cycles and set findings of each.

    ``criteria`` are those of the movement's table; findings read back from a file know less. The
    k-th repetition of one set is held against the k-th of the other, so that both are equally tired.
    """
    made: list[Asymmetry] = []
    for one, other in _pairs(left[1], right[1]):
        row = criteria.get(one.measure)
        if row is None:
            continue
        pair = replace(one, criterion=row), replace(other, criterion=row)
        values = _own(left[0], one), _own(right[0], other)
        made += _compared(*pair, *values, _kind(left[0]))
    return tuple(made)


# --------------------------------------------------------------------------- what belongs together


def _pairs(lefts: Sequence[Finding], rights: Sequence[Finding]) -> list[tuple[Finding, Finding]]:
    """Findings of both sides by measure; of two sets also those that name no side."""
    one_set = lefts is rights
    found: list[tuple[Finding, Finding]] = []
    for left in lefts:
        if left.side != "left" and (one_set or left.side is not None):
            continue
        for right in rights:
            same_kind = (left.side is None) == (right.side is None)
            if right.measure == left.measure and right.side in ("right", None) and same_kind:
                found.append((left, right))
    return found


def _values(cycles: Sequence[JudgedCycle], measure: str, side: str | None) -> list[float]:
    """The measure of ``side``, NaN where it was not seen, in the order of the repetitions."""
    return [
        float(f.value) if isinstance(f.value, int | float) else math.nan
        for cycle in cycles
        for f in cycle.findings
        if f.measure == measure and f.side == side
    ]


def _own(cycles: Sequence[JudgedCycle], finding: Finding) -> list[float]:
    return _values(cycles, finding.measure, finding.side)


def _kind(cycles: Sequence[JudgedCycle]) -> CycleKind:
    return cycles[0].cycle.kind if cycles else CycleKind.REP


# --------------------------------------------------------------------------- the sums


def _compared(
    left: Finding, right: Finding, lefts: Sequence[float], rights: Sequence[float], kind: CycleKind
) -> list[Asymmetry]:
    row = left.criterion
    how = row.symmetry or ("ratio" if row.unit == "s" else "difference")
    values = left.value, right.value
    if how in ("none", "share") or not all(isinstance(v, int | float) for v in values):
        return []
    a, b = (float(v) for v in values if isinstance(v, int | float))
    if left.error95 is None or right.error95 is None:
        return []
    signs = [math.copysign(1.0, x - y) for x, y in zip(lefts, rights, strict=False) if x - y == x - y != 0]
    index = Index.PERCENT if how == "ratio" else Index.DIFFERENCE
    made = _blank(left, index, (a, b), (left.error95, right.error95), signs)
    if index is Index.PERCENT:
        if min(a, b) <= 0:
            return [replace(made, status=Status.UNKNOWN, reason="a ratio needs two values above zero")]
        less, more = sorted(((a, left.error95), (b, right.error95)))
        ratio = less[0] / more[0]
        error = 100 * ratio * math.hypot(less[1] / less[0], more[1] / more[0])
        made = replace(made, percent=100 * (1 - ratio), percent_error95=error)
    why = next((f.reason for f in (left, right) if _withheld(f)), None)
    if why is not None:
        return [replace(made, status=Status.UNKNOWN, weaker=None, reason=why)]
    return [_judged(made, kind)]


def _shared(finding: Finding, cycles: Sequence[JudgedCycle]) -> Asymmetry | None:
    """The share of load by levers out of a shift in per cent of the stance, + to the left."""
    if not isinstance(finding.value, int | float) or finding.error95 is None:
        return None
    shift = max(-50.0, min(50.0, float(finding.value)))
    signs = [math.copysign(1.0, v) for v in _values(cycles, finding.measure, None) if v == v != 0]
    made = _blank(finding, Index.SHARE, (50 + shift, 50 - shift), (finding.error95, finding.error95), signs)
    more, error = 50 + abs(shift), 2 * finding.error95  # both shares rest on one shift: no root of squares
    made = replace(
        made,
        unit="%",
        error95=error,
        detectable=max(error, 2 * (finding.criterion.mdc or 0.0)),
        beyond_error=abs(made.difference) > error,
        percent=200 * abs(shift) / more,
        percent_error95=1e4 * finding.error95 / more**2,
    )
    if _withheld(finding):
        return replace(made, status=Status.UNKNOWN, weaker=None, reason=finding.reason)
    return _judged(made, _kind(cycles))


def _withheld(finding: Finding) -> bool:
    """Whether the value was not judged although there is a band for it: too unsure, too few, or not fair."""
    return finding.verdict is Verdict.UNKNOWN and finding.criterion.good is not None


def _blank(
    finding: Finding,
    index: Index,
    values: tuple[float, float],
    errors: tuple[float, float],
    signs: Sequence[float],
) -> Asymmetry:
    """Both sides and their difference, before it is judged."""
    row, gap, error95 = finding.criterion, values[0] - values[1], math.hypot(*errors)
    side = "left" if gap > 0 else "right"
    weaker = {"more": side, "less": other_side(side)}.get(row.weaker) if gap else None
    return Asymmetry(
        measure=finding.measure,
        left=values[0],
        right=values[1],
        left_error95=errors[0],
        right_error95=errors[1],
        difference=gap,
        unit=row.unit,
        error95=error95,
        beyond_error=abs(gap) > error95,
        index=index.value,
        detectable=max(error95, row.mdc or 0.0),
        percent=None,
        percent_error95=None,
        compared=len(signs),
        same_direction=sum(s * gap > 0 for s in signs) / len(signs) if signs else None,
        status=Status.UNKNOWN,
        weaker=weaker,
        reason="",
        title=row.title,
        source=row.mdc_source,
    )


def _judged(made: Asymmetry, kind: CycleKind) -> Asymmetry:
    """The status with its reason."""
    if not abs(made.difference) > made.detectable:
        return replace(
            made, status=Status.LEVEL, weaker=None, reason="within the smallest difference that can be told"
        )
    if made.percent is not None and made.percent < WATCH_PCT:
        return replace(made, status=Status.LEVEL, weaker=None, reason=f"below {WATCH_PCT:.0f} %: normal")
    need = FEWEST[kind]
    if made.compared < need:
        why = f"needs {need} {_UNIT_WORD[kind]} a side, has {made.compared}"
        return replace(made, status=Status.UNSURE, reason=why)
    share = made.same_direction or 0.0
    if share < SAME_DIRECTION:
        why = f"the same way in only {100 * share:.0f} % of {made.compared} {_UNIT_WORD[kind]}"
        return replace(made, status=Status.UNSURE, reason=why)
    why = f"the same way in {100 * share:.0f} % of {made.compared} {_UNIT_WORD[kind]}"
    uneven = made.percent is None or made.percent > UNEVEN_PCT
    return replace(made, status=Status.UNEVEN if uneven else Status.WATCH, reason=why)
