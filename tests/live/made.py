"""Repetitions as the coach sees them, made by hand: a fault's key, or none, per repetition."""

from __future__ import annotations

from vision.live.judging import rep_verdict
from vision.live.values import LiveRep
from vision.movements import MOVEMENTS
from vision.scoring import score
from vision.types import Cycle, Finding, JudgedCycle, Verdict

TABLE = MOVEMENTS["squat"].table
REP_S = 3.0
POINTS = {Verdict.FAULT: 30.0, Verdict.CAUTION: 12.0, Verdict.GOOD: 0.0, Verdict.UNKNOWN: 0.0}

MEASURE = {
    "heels_lift": "heel_rise",
    "back_rounds": "lumbar_rounding",
    "knees_cave": "knee_ankle_ratio",
    "shift_right": "lateral_shift",
}


def finding(
    fault: str, verdict: Verdict = Verdict.FAULT, points: float | None = None, *, flagged: bool | None = None
) -> Finding:
    row = TABLE.criteria[MEASURE[fault]]
    bad = verdict in (Verdict.FAULT, Verdict.CAUTION) if flagged is None else flagged
    value = None if verdict is Verdict.UNKNOWN else 1.0
    cost = POINTS[verdict] if points is None else points
    return Finding(
        row.measure, None, value, row.unit, 0.1, verdict, "", 0.0, 0, row, fault if bad else None, cost
    )


def cycle(number: int, *findings: Finding, points: int | None = None) -> JudgedCycle:
    start = (number - 1) * REP_S
    total = score(findings) if points is None else points
    return JudgedCycle(number - 1, Cycle(0, 1, 2), start, start + 1, start + 2, total, findings)


def rep(number: int, *faults: str, points: int | None = None) -> LiveRep:
    """A repetition with these faults, everything else measured and good."""
    from vision.live.cueing import worth_cueing

    found = [finding(f, Verdict.FAULT if f in faults else Verdict.GOOD) for f in MEASURE]
    judged = cycle(number, *found, points=points)
    return LiveRep(number, rep_verdict(judged), judged, worth_cueing(judged, TABLE.faults))
