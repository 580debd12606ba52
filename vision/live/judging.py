"""The set so far, judged with the very code that judges clips, at a cost that does not grow with the set.

While the set runs only its last repetitions are judged; at its end everything is, once.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from vision import feedback
from vision.judging import MARGIN_S
from vision.live.cueing import worth_cueing
from vision.live.values import LiveRep
from vision.movements import MOVEMENTS
from vision.prepare import PoseLog
from vision.session import Session
from vision.stickers import SeenStickers
from vision.types import JudgedCycle, Pose, Report, Skeleton, Verdict

SETTLE_S: Final = 0.2
"""Seconds that must be seen after a repetition's end before it counts as closed.

The smoothing leans on what follows; what is judged lies at the turn and on the way back, and is settled
by then (truth clips: the verdicts are those of the whole set).
"""

WINDOW_REPS: Final = 2
"""Repetitions before the newest that are judged along with it, for the set's own range and lengths."""

WINDOW_S: Final = 40.0
"""Most seconds that are judged while the set runs."""

SAME_S: Final = 0.4
"""Two turns nearer than this are the same repetition."""

_SOON_S: Final = 1e-6
"""Sums of frames' times fall short of round ones by less than this."""


class SetSoFar:
    """Poses of a set and its repetitions so far. Times are seconds since the set's first picture.

    ``stickers`` is what was seen of them, by the camera's picture numbers, if any are followed.
    """

    def __init__(self, movement: str, skeleton: Skeleton, size_wh: tuple[int, int]) -> None:
        self._movement = movement
        self._skeleton = skeleton
        self._size_wh = size_wh
        self.clear()

    def clear(self) -> None:
        """Forget everything: the set begins anew."""
        self._log = PoseLog(self._skeleton)
        self._number = array("q")
        self._seen_s = array("d")
        self._times_s = array("d")
        self.origin_s = 0.0
        self._counted_s = 0.0
        self.settles_s: float | None = None
        self.reps: list[LiveRep] = []
        self.stickers: SeenStickers | None = None

    @property
    def now_s(self) -> float:
        """Seconds from the first picture to the newest."""
        return self._times_s[-1] if self._times_s else 0.0

    @property
    def seen_s(self) -> float:
        """Seconds from the first picture to the last in which the athlete was seen."""
        return self._seen_s[-1] if self._seen_s else 0.0

    @property
    def frames(self) -> int:
        """Pictures so far."""
        return len(self._times_s)

    def add(self, pose: Pose | None, t_s: float) -> float:
        """Keep one more moment of the camera's clock; its time in the set's own."""
        if not self._times_s:
            self.origin_s = t_s
        own_s = t_s - self.origin_s
        if pose is not None:
            self._log.append(replace(pose, t_s=own_s, index=len(self._times_s)))
            self._seen_s.append(own_s)
            self._number.append(pose.index)
        self._times_s.append(own_s)
        return own_s

    def judge(self) -> list[LiveRep]:
        """Judge the last stretch; the repetitions that have closed since they were last asked for."""
        from_s = self._window_start()
        last_s = self.reps[-1].judged.turn_s if self.reps else -1.0
        first = self.reps[-1].number if self.reps else 0
        further = self._session(from_s, self.now_s).cycles(last_s + SAME_S)
        closed = [c for c in further if c.end_s + SETTLE_S <= self.now_s + _SOON_S]
        self.settles_s = further[len(closed)].end_s + SETTLE_S if len(further) > len(closed) else None
        new = [self._live(first + 1 + i, cycle) for i, cycle in enumerate(closed)]
        self.reps += new
        if new:
            self._counted_s = self.now_s
        return new

    def report(self, until_s: float | None = None) -> Report:
        """The report on the whole set, or on what lies before ``until_s``."""
        return self._session(0.0, self.now_s if until_s is None else until_s).finish()

    def whole_report(self, until_s: float | None = None) -> tuple[Report, float | None]:
        """The report that lacks no repetition which was counted, and where it was cut.

        A set that ends in mid-repetition can hide the one before: then it is cut where that was counted.
        A last repetition that had turned is counted by the report alone, and from here on in ``reps`` too.
        """
        cuts = [until_s, self._counted_s] if self.reps else [until_s]
        made = [(self.report(cuts[0]), cuts[0])]
        if len(made[0][0].cycles) < len(self.reps):
            made += [(self.report(cut), cut) for cut in cuts[1:]]
        report, cut_s = max(made, key=lambda one: len(one[0].cycles))  # of equals the first
        if len(report.cycles) != len(self.reps):
            self.reps = [self._live(i + 1, cycle) for i, cycle in enumerate(report.cycles)]
        return report, cut_s

    def poses(self) -> Iterator[Pose]:
        """Every pose with the camera's own time and number."""
        for pose, number in zip(self._log, self._number, strict=True):
            yield replace(pose, t_s=pose.t_s + self.origin_s, index=number)

    def _window_start(self) -> float:
        earliest = 0.0
        if len(self.reps) > WINDOW_REPS:
            earliest = self.reps[-WINDOW_REPS].judged.start_s - MARGIN_S
        return max(earliest, self.now_s - WINDOW_S, 0.0)

    def _session(self, from_s: float, until_s: float) -> Session:
        """The session of a clip, given the poses of that stretch."""
        names = self.stickers.names if self.stickers else ()
        session = Session(self._skeleton, self._size_wh, movement=self._movement, markers=names)
        for pose in self._stretch(from_s, until_s):
            session.push(pose)
        return session

    def _stretch(self, from_s: float, until_s: float) -> Iterator[Pose | None]:
        a, b = bisect_left(self._seen_s, from_s), bisect_right(self._seen_s, until_s)
        for row in range(a, b):
            pose = self._log[row]
            yield self.stickers.at(pose, self._number[row]) if self.stickers else pose
        shown = bisect_right(self._times_s, until_s) - bisect_left(self._times_s, from_s)
        yield from (None for _ in range(shown - (b - a)))

    def _live(self, number: int, cycle: JudgedCycle) -> LiveRep:
        faults = MOVEMENTS[self._movement].table.faults
        verdict = rep_verdict(cycle)
        return LiveRep(number, verdict, replace(cycle, index=number - 1), worth_cueing(cycle, faults))


def rep_verdict(cycle: JudgedCycle) -> Verdict:
    """The gravest verdict of one repetition; a caution that costs hardly anything stays good."""
    verdicts = {
        Verdict.GOOD if f.verdict is Verdict.CAUTION and f.penalty < feedback.WORTH_SAYING else f.verdict
        for f in cycle.findings
    }
    for verdict in (Verdict.FAULT, Verdict.CAUTION, Verdict.GOOD):
        if verdict in verdicts:
            return verdict
    return Verdict.UNKNOWN
