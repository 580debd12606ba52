"""What the product said beside what is true, and the figures that sum it up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from validation.readers import RigTruth
from validation.rig_truth import Expected, expected
from vision.types import Criterion, CycleKind, Finding, JudgedCycle, Report, Verdict


@dataclass(frozen=True, slots=True)
class Pair:
    """One true value and what came of it; ``finding`` None where the report left it out."""

    truth: Expected
    finding: Finding | None

    @property
    def got(self) -> float | str | None:
        """The product's value, None where it gave none."""
        return None if self.finding is None else self.finding.value

    @property
    def error(self) -> float:
        """Product minus truth; NaN where either is no number."""
        true, got = self.truth.value, self.got
        if isinstance(true, str) or isinstance(got, str) or got is None:
            return float("nan")
        return got - true

    @property
    def covered(self) -> bool | None:
        """Whether the truth lies within ``error95``; None without a number or an error."""
        error95 = None if self.finding is None else self.finding.error95
        if error95 is None or not np.isfinite(error95) or not np.isfinite(self.error):
            return None
        return abs(self.error) <= error95

    @property
    def due(self) -> Verdict | None:
        """The verdict that the true value deserves; None where nothing is judged."""
        if self.finding is None or isinstance(self.truth.value, str):
            return None
        standing = self.truth.standing
        value = self.truth.value / standing if standing is not None and standing < 1 else self.truth.value
        return verdict_due(value, self.finding.criterion)


def verdict_due(value: float, criterion: Criterion) -> Verdict | None:
    """The band in which ``value`` lies; None where the criterion has no bands."""
    if criterion.good is None or criterion.caution is None:
        return None
    if criterion.good[0] <= value <= criterion.good[1]:
        return Verdict.GOOD
    if criterion.caution[0] <= value <= criterion.caution[1] or not criterion.can_fault:
        return Verdict.CAUTION
    return Verdict.FAULT


@dataclass(frozen=True, slots=True)
class Counted:
    """Repetitions of a set: ``cycle_of[i]`` is the cycle that is the true repetition ``i``."""

    true: int
    cycle_of: dict[int, JudgedCycle]
    false: int

    @property
    def found(self) -> int:
        """True repetitions that were found."""
        return len(self.cycle_of)


def match_reps(truth: RigTruth, report: Report) -> Counted:
    """Pair each true repetition with the cycle that turns within it, nearest turn first."""
    cycles = [c for c in report.cycles if c.cycle.kind is not CycleKind.STEP]
    cycle_of: dict[int, JudgedCycle] = {}
    for rep in range(truth.reps):
        frames = truth.frames_of(rep)
        turn_s, first_s, last_s = (truth.t_s[f] for f in (truth.turn_of(rep), frames[0], frames[-1]))
        within = [c for c in cycles if first_s <= c.turn_s <= last_s and c not in cycle_of.values()]
        if within:
            cycle_of[rep] = min(within, key=lambda c: abs(c.turn_s - turn_s))
    return Counted(truth.reps, cycle_of, len(cycles) - len(cycle_of))


def find(findings: Iterable[Finding], measure: str, side: str | None) -> Finding | None:
    """The finding of ``measure`` on ``side``; any side when ``side`` is None."""
    return next((f for f in findings if f.measure == measure and side in (None, f.side)), None)


def compare(truth: RigTruth, report: Report) -> tuple[Pair, ...]:
    """Every true value beside the report's; repetitions that were not found are left to the count."""
    pairs: list[Pair] = []
    counted = match_reps(truth, report) if truth.movement != "walk" else Counted(0, {}, 0)
    for e in expected(truth):
        if e.rep is None:
            pairs.append(Pair(e, find(report.set_findings, e.measure, e.side)))
        elif e.rep in counted.cycle_of:
            pairs.append(Pair(e, find(counted.cycle_of[e.rep].findings, e.measure, e.side)))
    return tuple(pairs)


@dataclass(frozen=True, slots=True)
class Summary:
    """Errors of one measure: ``n`` values given, ``unknown`` not; NaN where there is nothing to sum.

    ``within95`` of ``n95`` truths lay within the stated error; of ``judged`` verdicts ``agreed`` were
    the ones due and ``opposed`` took good for a fault or a fault for good.
    """

    n: int
    unknown: int
    bias: float
    sd: float
    mean_abs: float
    worst: float
    within95: int
    n95: int
    agreed: int
    opposed: int
    judged: int


def summarise(pairs: Sequence[Pair]) -> Summary:
    """Figures over pairs of one measure; words (a lockout's pelvis) count as right or wrong verdicts."""
    if any(isinstance(p.truth.value, str) for p in pairs):
        return _summarise_words(pairs)
    errors = np.array([p.error for p in pairs])
    errors = errors[np.isfinite(errors)]
    covered = [p.covered for p in pairs if p.covered is not None]
    verdicts = [
        (p.due, p.finding.verdict)
        for p in pairs
        if p.finding is not None and p.due is not None and p.finding.verdict is not Verdict.UNKNOWN
    ]
    extremes = {Verdict.GOOD, Verdict.FAULT}
    some = len(errors) > 0
    return Summary(
        n=len(errors),
        unknown=len(pairs) - len(errors),
        bias=float(errors.mean()) if some else float("nan"),
        sd=float(errors.std()) if some else float("nan"),
        mean_abs=float(np.abs(errors).mean()) if some else float("nan"),
        worst=float(np.abs(errors).max()) if some else float("nan"),
        within95=sum(covered),
        n95=len(covered),
        agreed=sum(due == said for due, said in verdicts),
        opposed=sum({due, said} == extremes for due, said in verdicts),
        judged=len(verdicts),
    )


def _summarise_words(pairs: Sequence[Pair]) -> Summary:
    said = [p for p in pairs if isinstance(p.got, str)]
    right = sum(p.got == p.truth.value for p in said)
    wrong = sum({p.got, p.truth.value} == {"anterior", "posterior"} for p in said)
    nan = float("nan")
    return Summary(len(said), len(pairs) - len(said), nan, nan, nan, nan, 0, 0, right, wrong, len(said))
