"""What is said, and when: one thing at a time, seldom, and never while the weight goes down.

The rules are the reference's (part E): a cue after two faulty repetitions in a row with the same
fault, by the table's priority; a good repetition after it is praised; when form goes, "Stop set".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from vision import feedback
from vision.live.values import Kind, LiveRep, Said
from vision.scoring import EDGE_POINTS
from vision.types import Fault, Finding, JudgedCycle, Verdict

IN_A_ROW: Final = 2
"""Repetitions in a row with the same fault before it is worth a word."""

AGAIN_AFTER: Final = 3
"""Repetitions in a row with the same fault, after its cue, before that cue is said again."""

CHANCE_REPS: Final = 1
"""Repetitions an athlete gets to answer the cue on a new fault before that fault ends the set.

With 0 the set would end where the cue is due, and a fault that is not there from the start would
never be cued. The report's "stop after" tells in hindsight, and without this chance.
"""

STOP_AGAIN_AFTER: Final = 3
"""Repetitions done all the same after "Stop set" before it is said again."""

UNDER_WAY_S: Final = 0.5
"""A repetition that had begun this long before a cue was heard cannot be its answer."""

STOP: Final = "Stop set"
PRAISE: Final = "Good, like that"


def worth_cueing(cycle: JudgedCycle, faults: Mapping[str, Fault]) -> tuple[str, ...]:
    """Keys of the faults of one repetition that count, what to change first at the head.

    Faults, and cautions whose best estimate lies beyond the caution band (a pattern such as an arched
    bridge has no other verdict). What was not measured never counts.
    """
    found = [f for f in feedback.rank(cycle.findings, faults) if _counts(f)]
    return tuple(dict.fromkeys(f.fault for f in found if f.fault))


def _counts(finding: Finding) -> bool:
    if finding.verdict is Verdict.FAULT:
        return True
    return finding.verdict is Verdict.CAUTION and finding.penalty >= EDGE_POINTS


class Coach:
    """Decides what is said over one set; pure of clocks and pictures, so that a table can test it."""

    def __init__(self, faults: Mapping[str, Fault]) -> None:
        self._faults = faults
        self._reps: list[LiveRep] = []
        self._due: Said | None = None
        self._last_cue: Said | None = None
        self._answered = True
        self._stopped_at = 0
        self.log: list[Said] = []

    def rep(self, rep: LiveRep) -> None:
        """Take a repetition that has closed; what it is worth saying waits for :meth:`speak`."""
        self._reps.append(rep)
        self._due = self._stop(rep) or self._praise(rep) or self._cue(rep)

    def speak(self, t_s: float, *, lowering: bool, at_rest: bool) -> Said | None:
        """What is said now, if anything: it waits while the body sinks, until the next rest or top."""
        if self._due is None or lowering or not at_rest:
            return None
        due = self._due
        said = Said(due.kind, due.text, due.rep, t_s, due.fault, due.words)
        self._due = None
        self.log.append(said)
        if said.kind is Kind.CUE:
            self._last_cue, self._answered = said, False
        elif said.kind is Kind.STOP:
            self._stopped_at = said.rep
        else:
            self._answered = True
        return said

    # ------------------------------------------------------------------ the three things it says

    def _stop(self, rep: LiveRep) -> Said | None:
        if self._stopped_at:
            again = rep.number - self._stopped_at >= STOP_AGAIN_AFTER
            return Said(Kind.STOP, STOP, rep.number, 0.0) if again else None
        cycles = [r.judged for r in self._reps]
        if (fault := new_fault(cycles, IN_A_ROW + CHANCE_REPS)) is not None:
            return self._made(Kind.STOP, STOP, rep, fault)
        return Said(Kind.STOP, STOP, rep.number, 0.0) if fallen(cycles) else None

    def _praise(self, rep: LiveRep) -> Said | None:
        cue = self._last_cue
        if cue is None or self._answered or self._stopped_at or not self._answers(rep, cue):
            return None
        known = any(
            f.verdict is not Verdict.UNKNOWN and cue.fault in (f.criterion.above, f.criterion.below)
            for f in rep.judged.findings
        )
        if not known or rep.faults or rep.verdict is not Verdict.GOOD:
            return None
        return self._made(Kind.PRAISE, PRAISE, rep, "")

    def _cue(self, rep: LiveRep) -> Said | None:
        if self._stopped_at:
            return None
        for fault in rep.faults:
            if self._run(fault) >= self._needed(fault):
                return self._made(Kind.CUE, self._faults[fault].cue, rep, fault)
        return None

    def _needed(self, fault: str) -> int:
        """Repetitions in a row that ``fault`` needs: more where its words were the last ones said."""
        last = self._last_cue
        repeated = last is not None and self._faults[fault].cue == last.text
        return AGAIN_AFTER if repeated else IN_A_ROW

    def _run(self, fault: str) -> int:
        """Repetitions in a row up to now with ``fault``, counted anew after each cue."""
        after = self._last_cue.rep if self._last_cue else 0
        run = 0
        for rep in reversed(self._reps):
            if rep.number <= after or fault not in rep.faults:
                break
            run += 1
        return run

    @staticmethod
    def _answers(rep: LiveRep, said: Said) -> bool:
        return rep.number > said.rep and rep.judged.start_s >= said.t_s - UNDER_WAY_S

    def _made(self, kind: Kind, text: str, rep: LiveRep, fault: str) -> Said:
        words = ""
        if fault:
            cycles = [r.judged for r in self._reps[-IN_A_ROW:]]
            finding = next((f for f in rep.judged.findings if f.fault == fault), None)
            words = feedback.words(finding, self._faults[fault], cycles) if finding else ""
        return Said(kind, text, rep.number, 0.0, fault, words)


# ---------------------------------------------------------------------- when form goes


def new_fault(cycles: Sequence[JudgedCycle], run: int) -> str | None:
    """A fault that each of the last ``run`` repetitions has and none before them had."""
    faults = [{f.fault for f in c.findings if f.verdict is Verdict.FAULT and f.fault} for c in cycles]
    if len(faults) <= run:
        return None
    lately = set[str].intersection(*faults[-run:])
    before = {fault for earlier in faults[:-run] for fault in earlier}
    return min(lately - before, default=None)


def fallen(cycles: Sequence[JudgedCycle]) -> bool:
    """Whether the mean score of the last three repetitions lies 15 % under that of the first three."""
    scores = [c.score for c in cycles]
    if len(scores) < 6 or None in scores[:3] + scores[-3:]:
        return False
    first, last = (sum(s or 0 for s in part) / 3 for part in (scores[:3], scores[-3:]))
    return last <= (1 - feedback.SCORE_FALL) * first
