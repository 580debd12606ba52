"""The product on real sets whose repetitions were timed by eye (within about 0.2 s).

The clips are not the project's to show: only movement, view and figures are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from validation.readers import LabelledClip, LabelledRep, read_labels
from validation.replay import Store, judge
from validation.tables import number, share, table
from vision.types import CycleKind, JudgedCycle, Report

NEAR_S: Final = 0.4
"""A repetition is found when its turn lies this near to the label's."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Repetitions of one clip: ``late_s`` are the turns' errors of those found."""

    labelled: int
    late_s: tuple[float, ...]
    false: int

    @property
    def found(self) -> int:
        """Labelled repetitions that were found."""
        return len(self.late_s)


def tally(clip: LabelledClip, cycles: Sequence[JudgedCycle]) -> Tally:
    """Pair each label with the first unused repetition near it.

    A deadlift may be cut at the floor or at the top, so there the label's lockout need only lie in
    the repetition.
    """
    reps = [c for c in cycles if c.cycle.kind is CycleKind.REP]
    used: list[int] = []
    late: list[float] = []
    for label in clip.reps:
        hit = next((i for i, c in enumerate(reps) if i not in used and _is(c, label, clip.from_floor)), None)
        if hit is not None:
            used.append(hit)
            late.append(reps[hit].turn_s - label.turn_s)
    return Tally(len(clip.reps), tuple(late), len(reps) - len(used))


def _is(cycle: JudgedCycle, label: LabelledRep, from_floor: bool) -> bool:
    if abs(cycle.turn_s - label.turn_s) <= NEAR_S:
        return True
    return from_floor and cycle.start_s - NEAR_S <= label.turn_s <= cycle.end_s + NEAR_S


@dataclass(frozen=True)
class Set:
    """One labelled clip with the report for the movement given and for none."""

    clip: LabelledClip
    given: Report
    detected: Report


def sets(labels: Path, root: Path, pose: str, store: Store) -> list[Set]:
    """Every labelled clip that is a video of a movement the product knows, judged."""
    out: list[Set] = []
    for clip in read_labels(labels):
        film = root / clip.file
        if clip.movement is not None and film.is_file():
            kept = store.recording(film, pose)
            given, free = (judge(kept.poses, kept.skeleton, kept.size_wh, m) for m in (clip.movement, None))
            out.append(Set(clip, given, free))
    return out


def report(judged: Sequence[Set]) -> str:
    """The section on real sets as Markdown."""
    rows: list[list[str]] = []
    tallies = [tally(s.clip, s.given.cycles) for s in judged]
    for number_of, (one, count) in enumerate(zip(judged, tallies, strict=True), start=1):
        view = one.given.view
        rows.append(
            [
                f"{number_of}: {one.clip.movement}, {one.clip.view}",
                share(count.found, count.labelled),
                str(count.false),
                _seconds(count.late_s, 50),
                _seconds(count.late_s, 100),
                one.detected.movement or "nothing",
                f"{view.plane.value}, {view.seen_from}" if view.seen_from else view.plane.value,
            ]
        )
    head = ["set", "reps found", "false", "turn off by, median s", "worst s", "taken for", "view judged"]
    every = tuple(late for t in tallies for late in t.late_s)
    found = share(len(every), sum(t.labelled for t in tallies))
    false = sum(t.false for t in tallies)
    right = share(sum(s.detected.movement == s.clip.movement for s in judged), len(judged))
    text = (
        f"{len(judged)} sets: {found} repetitions found within {NEAR_S} s (a deadlift's lockout: within the "
        f"repetition), {false} false; turns off by {_seconds(every, 50)} s (median); "
        f"movement recognised in {right}."
    )
    return text + "\n\n" + table(head, rows)


def _seconds(late_s: Sequence[float], percentile: float) -> str:
    return number(float(np.percentile(np.abs(late_s), percentile)), 2) if late_s else "–"
