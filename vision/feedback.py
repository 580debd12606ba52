"""From findings to words: the headline, the one cue, the guidance, and when to have stopped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from vision.movements.base import Movement
from vision.types import CycleKind, Fault, Finding, Guidance, JudgedCycle, Plane, Verdict, View

MOST_GUIDANCE: Final = 3
CLEAR_SIDE: Final = 4.0
SCORE_FALL: Final = 0.15
WORTH_SAYING: Final = 3.0
"""Points of 100, on average over the repetitions, from which a caution is worth a word."""


def rank(findings: Iterable[Finding], faults: Mapping[str, Fault]) -> list[Finding]:
    """Flagged findings, what to change first at the head.

    Faults before cautions, then safety, spine, knee, shift (the table's priority), then the larger
    loss of points. A caution that costs hardly anything stays in the tables only.
    """
    flagged = [
        f
        for f in findings
        if f.fault is not None and (f.verdict is Verdict.FAULT or f.penalty >= WORTH_SAYING)
    ]
    return sorted(
        flagged, key=lambda f: (f.verdict is not Verdict.FAULT, faults[f.fault or ""].priority, -f.penalty)
    )


def words(finding: Finding, fault: Fault, cycles: Sequence[JudgedCycle]) -> str:
    """The fault in plain words, with the side filled in where it has one."""
    text = fault.words
    if "{own}" in text:
        text = text.replace("{own}", finding.side or "standing")
    if "{side}" in text:
        text = text.replace("{side}", _sides(fault, finding, cycles))
    return text


def _sides(fault: Fault, finding: Finding, cycles: Sequence[JudgedCycle]) -> str:
    if finding.side:
        return f"{finding.side} knee"
    sums = {"left": 0.0, "right": 0.0}
    count = 0
    for cycle in cycles:
        if not any(f.fault == fault.key for f in cycle.findings):
            continue
        values = {f.side: f.value for f in cycle.findings if f.measure == fault.side_from}
        left, right = values.get("left"), values.get("right")
        if isinstance(left, float) and isinstance(right, float):
            sums["left"] += left
            sums["right"] += right
            count += 1
    if not count:
        return "knees"
    gap = (sums["left"] - sums["right"]) / count
    return "knees" if abs(gap) < CLEAR_SIDE else ("left knee" if gap > 0 else "right knee")


def headline(ranked: Sequence[Finding], movement: Movement, cycles: Sequence[JudgedCycle]) -> str:
    """The verdict in one sentence."""
    if not cycles:
        return "No repetition was found."
    unit = "steps" if cycles[0].cycle.kind is CycleKind.STEP else "reps"
    counted = f"{len(cycles)} {unit[:-1] if len(cycles) == 1 else unit}"
    if not ranked:
        judged = sum(f.verdict is not Verdict.UNKNOWN for c in cycles for f in c.findings)
        if not judged and all(row.good is None for row in movement.table.criteria.values()):
            if all(f.value is None for c in cycles for f in c.findings):
                return f"{counted} counted; none of them could be measured."
            return f"{counted} counted and measured; nothing here is judged."
        if not judged:
            return f"{counted} counted; nothing could be judged from this view."
        return f"{counted}, nothing to change that this view can show."
    first = ranked[0]
    text = words(first, movement.table.faults[first.fault or ""], cycles)
    text = text[0].upper() + text[1:]
    watch = "Watch: " if first.verdict is Verdict.CAUTION else ""
    said = f"{text}{_how_often(first, ranked, movement, cycles)}."
    return watch + (said[0].lower() + said[1:] if watch else said)


def _how_often(
    first: Finding, ranked: Sequence[Finding], movement: Movement, cycles: Sequence[JudgedCycle]
) -> str:
    """How often, as the headline goes on; of steps, those of both legs where the words suit both."""
    if " of " not in first.reason:
        return ""
    if cycles[0].cycle.kind is not CycleKind.STEP:
        return f" on {first.reason} reps"
    if first.side is None:
        return f" on {first.reason} steps"
    fault = movement.table.faults[first.fault or ""]
    both = [f for f in ranked if (f.measure, f.fault) == (first.measure, first.fault) and " of " in f.reason]
    if len(both) < 2 or len({words(f, fault, cycles) for f in both}) > 1:
        return f" on {first.reason} {first.side} steps"
    had, of = (sum(int(f.reason.split(" of ")[i].split()[0]) for f in both) for i in (0, 1))
    return f" on {had} of {of} steps"


def guidance(
    ranked: Sequence[Finding], movement: Movement, cycles: Sequence[JudgedCycle]
) -> tuple[Guidance, ...]:
    """What to do about at most three faults, each once."""
    out: dict[str, Guidance] = {}
    for finding in ranked:
        fault = movement.table.faults[finding.fault or ""]
        out.setdefault(
            fault.cue,
            Guidance(
                fault.key, words(finding, fault, cycles), fault.cue, fault.explain, fault.drill, fault.source
            ),
        )
    return tuple(list(out.values())[:MOST_GUIDANCE])


def stop_after(cycles: Sequence[JudgedCycle]) -> int | None:
    """Number of the repetition after which the set should have ended, from 1; None if form held.

    Two repetitions in a row add a fault that none before had, or the mean score of three in a row
    lies 15 % under that of the first three (reference, part E).
    """
    faults = [{f.fault for f in c.findings if f.verdict is Verdict.FAULT} for c in cycles]
    ends: list[int] = []
    for i in range(1, len(cycles) - 1):
        before = {fault for earlier in faults[:i] for fault in earlier}
        if (faults[i] & faults[i + 1]) - before:
            ends.append(i)
            break
    scores = [c.score for c in cycles]
    for i in range(3, len(cycles) - 2):
        first, now = scores[:3], scores[i : i + 3]
        if None in first + now:
            continue
        limit = (1 - SCORE_FALL) * sum(s or 0 for s in first) / 3
        if sum(s or 0 for s in now) / 3 <= limit:
            ends.append(i + next(k for k, s in enumerate(now) if (s or 0) <= limit))
            break
    return min(ends) if ends else None


def advice(view: View, movement: Movement | None) -> str:
    """Where to put the camera so that more can be measured."""
    if movement is None:
        return "Film the whole body, feet included, from 3 m or more, the camera at hip height and still."
    film = movement.table.film
    if view.plane is Plane.OBLIQUE or view.plane is Plane.UNKNOWN:
        lead = (
            f"The camera stood {abs(view.yaw_deg):.0f} degrees off. " if view.plane is Plane.OBLIQUE else ""
        )
        return lead + film[movement.views[0].value]
    if view.plane not in movement.views:
        return film[movement.views[0].value]
    other = [p for p in movement.views if p is not view.plane]
    return f"For the rest: {film[other[0].value]}" if other else film[view.plane.value]
