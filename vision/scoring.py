"""From a measurement and its criterion to a verdict, and from verdicts to a score one can see through.

The verdict goes by probability: with the value's own error, a fault is what lies beyond the caution
band with more than 90 % probability; between 50 and 90 %, or inside the caution band, it is caution.

The score starts at 100. A judged measure takes nothing inside its good band, 10 points times its
weight at the edge of the caution band, in proportion on the way there and beyond it, and at most 40
times its weight.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import erf, isfinite, sqrt
from typing import Final

import numpy as np

from vision.types import Criterion, Finding, Measurement, Verdict

FAULT_P: Final = 0.9
CAUTION_P: Final = 0.5
EDGE_POINTS: Final = 10.0
MOST_POINTS: Final = 40.0
MIN_FAULTY_REPS: Final = 2
Z95: Final = 1.96


def judge(
    criterion: Criterion, measured: Measurement, side: str | None, t_s: float | None, frame: int | None
) -> Finding:
    """The finding for one measurement; ``frame`` and ``t_s`` say where in the file it was made."""
    if measured.by_markers and criterion.marker_sd is not None:
        criterion = replace(
            criterion, definition_sd=criterion.marker_sd, error_source=criterion.marker_source
        )
    if measured.by_network and criterion.network_sd is not None:
        criterion = replace(
            criterion, definition_sd=criterion.network_sd, error_source=criterion.network_source
        )
    if measured.shared_sd:
        shared = float(np.hypot(criterion.definition_sd, measured.shared_sd))
        criterion = replace(criterion, definition_sd=shared)
    blank = Finding(
        criterion.measure,
        side,
        None,
        criterion.unit,
        None,
        Verdict.UNKNOWN,
        measured.reason,
        t_s,
        frame,
        criterion,
    )
    if measured.value is None:
        return blank
    if isinstance(measured.value, str):
        return _pattern(blank, measured)
    if not isfinite(measured.value):
        return replace(blank, reason=measured.reason or "not seen clearly enough")
    sd = float(np.hypot(measured.sd if isfinite(measured.sd) else 0.0, criterion.definition_sd))
    finding = replace(blank, value=measured.value, error95=Z95 * sd)
    if criterion.good is None or criterion.caution is None:
        return replace(finding, reason=measured.reason or "reported, not judged: no band is established")
    if not measured.judged:
        return finding
    if criterion.max_error95 is not None and Z95 * sd > criterion.max_error95:
        return replace(finding, reason=_too_uncertain(criterion, Z95 * sd))
    return _placed(finding, measured.value if measured.compare is None else measured.compare, sd)


def _too_uncertain(criterion: Criterion, error95: float) -> str:
    return (
        f"the error of ±{error95:.2g} {criterion.unit} is wider than what would matter "
        f"(±{criterion.max_error95:.2g} {criterion.unit})"
    )


def _pattern(blank: Finding, measured: Measurement) -> Finding:
    """A named pattern (bridge lockout): only the one the table names as a fault counts against it."""
    bad = measured.value == "anterior"
    verdict = Verdict.CAUTION if bad else Verdict.GOOD
    fault = blank.criterion.above if bad else None
    points = EDGE_POINTS * blank.criterion.weight if bad else 0.0
    return replace(blank, value=measured.value, verdict=verdict, fault=fault, penalty=points)


def _placed(finding: Finding, x: float, sd: float) -> Finding:
    """Verdict, fault and points for the value ``x`` that stands before the bands."""
    row = finding.criterion
    assert row.good is not None
    assert row.caution is not None
    beyond = _share_below(row.caution[0], x, sd) + _share_below(-row.caution[1], -x, sd)
    inside_good = row.good[0] <= x <= row.good[1]
    if beyond > FAULT_P and row.can_fault:
        verdict = Verdict.FAULT
    elif beyond >= CAUTION_P or not inside_good:
        verdict = Verdict.CAUTION
    else:
        return replace(finding, verdict=Verdict.GOOD)
    low = x < (row.good[0] + row.good[1]) / 2 if inside_good else x < row.good[0]
    return replace(
        finding, verdict=verdict, fault=row.below if low else row.above, penalty=_points(row, x, low)
    )


def _points(row: Criterion, x: float, low: bool) -> float:
    assert row.good is not None
    assert row.caution is not None
    edge = 0 if low else 1
    over = abs(x - row.good[edge])
    width = abs(row.caution[edge] - row.good[edge])
    share = over / width if width > 0 else 1.0
    return round(float(row.weight * min(EDGE_POINTS * share, MOST_POINTS)), 1)


def _share_below(limit: float, x: float, sd: float) -> float:
    """Probability that the true value lies below ``limit``."""
    if sd <= 0:
        return float(x < limit)
    return 0.5 * (1 + erf((limit - x) / (sd * sqrt(2))))


def score(findings: Iterable[Finding]) -> int | None:
    """Points left of 100 for one repetition; None when nothing in it could be judged."""
    judged = [f for f in findings if f.verdict is not Verdict.UNKNOWN]
    if not judged:
        return None
    return round(max(0.0, 100.0 - sum(f.penalty for f in judged)))


def set_score(cycles: Iterable[int | None], whole: Iterable[Finding]) -> int | None:
    """Mean score of the repetitions less what was found of the ``whole`` set and of no repetition."""
    scores = [score for score in cycles if score is not None]
    if not scores:
        return None
    return round(max(0.0, float(np.mean(scores)) - sum(f.penalty for f in whole)))


def summarise(findings: Sequence[Finding]) -> Finding:
    """One measure over the whole set: mean, error of the mean, and a verdict that needs two reps.

    ``findings`` are all of one measure and side, at least one. The error is the measure's own
    (definition) with the scatter between repetitions averaged out: sqrt(definition^2 + SD^2 / n).
    """
    first = findings[0]
    row = next((f.criterion for f in findings if f.value is not None), first.criterion)
    known = [f for f in findings if isinstance(f.value, float | int)]
    patterns = [f for f in findings if isinstance(f.value, str)]
    if patterns:
        return _commonest(patterns, len(findings))
    if not known:
        reasons = [f.reason for f in findings]
        return replace(first, reason=max(set(reasons), key=reasons.count), t_s=None, frame=None)
    values = np.array([float(f.value) for f in known if f.value is not None])
    own = np.array([f.error95 or 0.0 for f in known]) / Z95
    shared = np.sqrt(np.mean([f.criterion.definition_sd**2 for f in known]))
    noise = np.sqrt(np.maximum(np.mean(own**2) - shared**2, 0.0))
    scatter = max(float(np.std(values, ddof=1)) if len(values) > 1 else 0.0, float(noise))
    error95 = Z95 * float(np.hypot(shared, scatter / np.sqrt(len(values))))
    judged = [f for f in known if f.verdict is not Verdict.UNKNOWN]
    worst = max(known, key=lambda f: f.penalty)
    base = replace(worst, value=float(values.mean()), error95=error95, fault=None, penalty=0.0)
    if len(known) < row.min_cycles:
        need = f"needs {row.min_cycles} steps a side, has {len(known)}"
        return replace(base, verdict=Verdict.UNKNOWN, reason=need)
    if not judged:
        return replace(base, verdict=Verdict.UNKNOWN)
    if row.max_error95 is not None and error95 > row.max_error95:
        return replace(base, verdict=Verdict.UNKNOWN, reason=_too_uncertain(row, error95))
    return _set_verdict(base, judged)


def _set_verdict(base: Finding, judged: Sequence[Finding]) -> Finding:
    """A fault of the set is a fault of at least two repetitions (or of its only one)."""
    need = min(MIN_FAULTY_REPS, len(judged))
    faulty = [f for f in judged if f.verdict is Verdict.FAULT]
    flagged = [f for f in judged if f.verdict in (Verdict.FAULT, Verdict.CAUTION)]
    mean_points = sum(f.penalty for f in judged) / len(judged)
    if len(faulty) >= need:
        verdict, of = Verdict.FAULT, faulty
    elif len(flagged) >= need:
        verdict, of = Verdict.CAUTION, flagged
    else:
        # What a value was compared with instead of the band: without it "good" would contradict the band.
        notes = [f.reason for f in judged if f.verdict is Verdict.GOOD]
        return replace(base, verdict=Verdict.GOOD, reason=max(notes, key=notes.count, default=""))
    names = [f.fault for f in of]
    count = f"{len(of)} of {len(judged)}"
    return replace(
        base, verdict=verdict, fault=max(names, key=names.count), penalty=round(mean_points, 1), reason=count
    )


def _commonest(patterns: Sequence[Finding], of: int) -> Finding:
    values = [f.value for f in patterns]
    common = max(values, key=values.count)
    return replace(
        next(f for f in patterns if f.value == common),
        t_s=None,
        frame=None,
        reason=f"{values.count(common)} of {of}",
    )
