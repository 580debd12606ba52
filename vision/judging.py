"""Judging a set: its repetitions cut, each measured and judged, and what that makes of the whole.

What :mod:`vision.session` does at its end, and what it does for one repetition of a set that goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from vision import asymmetry, feedback, scoring
from vision.detect import Guess
from vision.filters import jitter_sd
from vision.movements import common as c
from vision.movements import pelvis
from vision.movements.base import Cut, Movement, Scene, SetMeasure
from vision.movements.calibration import told
from vision.movements.lockout import Calibration
from vision.prepare import Prepared, smoothed
from vision.types import (
    SIDES,
    Criterion,
    Cycle,
    CycleKind,
    Finding,
    FloatArray,
    JudgedCycle,
    Measurement,
    Plane,
    Report,
    Track,
    Verdict,
    View,
)

OfCycle = Callable[[Scene, str | None], Measurement]

MARGIN_S: Final = 1.0
"""Seconds kept on either side of a repetition, so that smoothing has run in before it begins."""

SLOW_STEP_S: Final = 1.2
SLOW_REP_S: Final = 9.0
"""Median steps and repetitions longer than these are rather slow motion than movement."""

TIMED_UNITS: Final = ("s", "steps/min")
"""Units that the film's clock is in. A sprint whose steps are as slow as that gives no rate and no speed."""

SPLICE_S: Final = 0.1
"""So near to a cut of the film smoothing mixes what was before it with what came after."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was said about the set: the movement was ``given``; the rest as for a session."""

    given: bool
    px_per_m: float | None
    calibration: Calibration | None

    def own(self, movement: Movement) -> Calibration | None:
        """The own arch and tuck, where ``movement`` is to be read against it."""
        own = self.calibration
        return own if own is not None and movement.name in own.movements else None


def whole_set(
    level: Track,
    view: View,
    movement: Movement,
    known: Known,
    splices: Sequence[int] = (),
    cut: Cut | None = None,
) -> tuple[Scene, Cut]:
    """The set as one scene, and its repetitions; ``cut`` are those settled before.

    ``level`` is the track without the camera's roll; before the rows ``splices`` the film was cut.
    """
    smooth = smoothed(level, movement.cutoff_hz)
    if cut is None:
        cut = movement.cut(smooth if movement.cut_hz is None else smoothed(level, movement.cut_hz), view)
    cuts_s = tuple(float(t) for t in level.t_s[list(splices)])
    cut = replace(cut, cycles=_unspliced(cut.cycles, level.t_s, cuts_s))
    whole = Scene(
        track=smooth,
        cycle=Cycle(0, 0, len(smooth)),
        view=view,
        jitter_px=jitter_sd(level.xy, smooth.xy),
        trunk_px=c.trunk_px(smooth),
        leg_px=c.leg_px(smooth),
        floor_start=cut.floor_start,
        px_per_m=known.px_per_m,
        calibration=known.own(movement),
        feet=cut.feet,
        standing=None if cut.standing is None else smooth[cut.standing],
        unsure_sides=movement.unsure_sides(level.t_s, cut.cycles, cuts_s) if movement.unsure_sides else "",
        cuts_s=cuts_s,
    )
    return whole, cut


def _unspliced(cycles: Sequence[Cycle], t_s: FloatArray, cuts_s: Sequence[float]) -> tuple[Cycle, ...]:
    """Without the repetitions that run into a place where the film was cut, or up to it."""

    def whole(cycle: Cycle) -> bool:
        first, last = t_s[cycle.start] - SPLICE_S, t_s[min(cycle.end, len(t_s) - 1)] + SPLICE_S
        return not any(first <= cut <= last for cut in cuts_s)

    return tuple(k for k in cycles if whole(k))


def judged(
    ready: Prepared,
    level: Track,
    view: View,
    movement: Movement,
    guess: Guess,
    known: Known,
    cut: Cut | None = None,
) -> Report:
    """The report on a set; ``cut`` are repetitions that were settled before."""
    whole, cut = whole_set(level, view, movement, known, ready.splices, cut)
    smooth = whole.track
    cycles = tuple(judge_cycle(i, k, level, whole, movement) for i, k in enumerate(cut.cycles))
    found = _set_findings(cycles, whole, movement, cut)
    if cut.cycles and cut.cycles[0].kind is CycleKind.STEP and _slow(level, cut.cycles, movement):
        cycles = tuple(
            replace(k, findings=kept, score=scoring.score(kept))
            for k in cycles
            for kept in (_untimed(k.findings),)
        )
        found = _untimed(found)
    ranked = feedback.rank(found, movement.table.faults)
    of_the_set = {m.name for m in movement.set_measures}
    guides = feedback.guidance(ranked, movement, cycles)
    return Report(
        movement=movement.name,
        movement_source="given" if known.given else "detected",
        movement_confidence=guess.confidence,
        view=view,
        advice=feedback.advice(view, movement),
        tracked_fraction=ready.tracked_fraction,
        swaps_repaired=ready.swaps_repaired,
        cycles=cycles,
        set_score=scoring.set_score((k.score for k in cycles), (f for f in found if f.measure in of_the_set)),
        set_findings=found,
        asymmetries=tuple(a.row() for a in asymmetry.of_set(cycles, found)),
        stop_after_rep=feedback.stop_after([k for k in cycles if k.cycle.kind is CycleKind.REP]),
        cue=guides[0].cue if guides else None,
        headline=feedback.headline(ranked, movement, cycles),
        guidance=guides,
        notes=_notes(smooth, ready, movement, view, cut.cycles, known.own(movement)),
        track=ready.drawn,
        curves=movement.curves(smooth, view),
        kinogram=movement.kinogram(smooth, view, cut.cycles) if movement.kinogram else (),
        thresholds=movement.table.version,
    )


def _notes(
    track: Track,
    ready: Prepared,
    movement: Movement,
    view: View,
    cycles: Sequence[Cycle],
    own: Calibration | None,
) -> tuple[str, ...]:
    notes: list[str] = []
    if _slow(track, cycles, movement):
        notes.append("this looks like slow motion: give the camera's own frame rate with --capture-fps")
    if ready.splices:
        at = ", ".join(f"{t:.1f}" for t in track.t_s[list(ready.splices)])
        notes.append(f"the film is cut at {at} s: what runs across a cut is not counted")
    if track.fps < movement.min_fps:
        notes.append(
            f"{track.fps:.0f} frames a second is below the {movement.min_fps:.0f} this movement needs"
        )
    if ready.tracked_fraction < 0.9:
        notes.append(f"the athlete was seen in {ready.tracked_fraction:.0%} of the frames")
    if abs(view.roll_deg) > 3:
        notes.append(
            f"the camera was tilted by about {abs(view.roll_deg):.0f} degrees; angles are corrected for it"
        )
    notes += pelvis.notes(ready.drawn, view, movement.name)
    if own is not None and movement.name == "bridge":
        notes.append(told(own))
    return tuple(notes)


def _slow(track: Track, cycles: Sequence[Cycle], movement: Movement) -> bool:
    """Whether the repetitions take so long that the film is rather slow motion."""
    lengths_s = [float(track.t_s[min(k.end, len(track)) - 1] - track.t_s[k.start]) for k in cycles]
    if movement.kinogram and len(cycles) > 1:  # a sprint's step ends with its own foot where the next is far
        lengths_s = [float(s) for s in np.diff(track.t_s[[k.turn for k in cycles]])]
    slow_s = SLOW_STEP_S if cycles and cycles[0].kind is CycleKind.STEP else SLOW_REP_S
    return bool(lengths_s) and float(np.median(lengths_s)) > slow_s


def _untimed(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Without times and rates: in slow motion they are those of the film and not of the athlete."""
    why = "slow motion: give the camera's own frame rate"
    return tuple(
        replace(f, value=None, error95=None, verdict=Verdict.UNKNOWN, reason=why, fault=None, penalty=0.0)
        if f.unit in TIMED_UNITS and f.value is not None
        else f
        for f in found
    )


# ---------------------------------------------------------------------- one repetition


def judge_cycle(index: int, cycle: Cycle, level: Track, whole: Scene, movement: Movement) -> JudgedCycle:
    """Smooth the repetition with its margin, measure, judge."""
    t = level.t_s
    first = int(np.searchsorted(t, float(t[cycle.start]) - MARGIN_S))
    last = int(np.searchsorted(t, float(t[cycle.end - 1]) + MARGIN_S, side="right"))
    off = None if cycle.off is None else cycle.off - first
    own = Cycle(cycle.start - first, cycle.turn - first, cycle.end - first, cycle.kind, cycle.side, off)
    part = smoothed(level[first:last], movement.cutoff_hz)
    scene = replace(whole, track=part, cycle=own)
    findings = tuple(
        _finding(row, measure.of, scene, side)
        for measure in movement.measures
        for row in (movement.table.criteria[measure.name],)
        for side in _sides(row, cycle)
    )
    return JudgedCycle(
        index=index,
        cycle=cycle,
        start_s=float(t[cycle.start]),
        turn_s=float(t[cycle.turn]),
        end_s=float(t[min(cycle.end, len(t)) - 1]),
        score=scoring.score(findings),
        findings=findings,
    )


def _sides(row: Criterion, cycle: Cycle) -> Sequence[str | None]:
    if not row.per_side:
        return (None,)
    return (cycle.side,) if cycle.side else SIDES


def _finding(row: Criterion, of: OfCycle, scene: Scene, side: str | None) -> Finding:
    measured = _measure(row, of, scene, side)
    at = measured.frame
    t_s = float(scene.track.t_s[at]) if at is not None else None
    frame = int(scene.track.index[at]) if at is not None else None
    return scoring.judge(row, measured, side, t_s, frame)


def _measure(row: Criterion, of: OfCycle, scene: Scene, side: str | None) -> Measurement:
    if row.plane is not Plane.UNKNOWN and scene.view.plane is not row.plane:
        return Measurement(None, float("nan"), None, "not visible from this view")
    if row.per_side and scene.unsure_sides:
        return Measurement(None, float("nan"), None, scene.unsure_sides)
    return of(scene, side)


# ---------------------------------------------------------------------- the whole set


def _set_findings(
    cycles: Sequence[JudgedCycle], whole: Scene, movement: Movement, cut: Cut
) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for measure in movement.measures:
        row = movement.table.criteria[measure.name]
        for side in SIDES if row.per_side else (None,):
            same = [f for k in cycles for f in k.findings if f.measure == row.measure and f.side == side]
            if same:
                found.append(scoring.summarise(same))
    for measure in movement.set_measures:
        row = movement.table.criteria[measure.name]
        found.append(_finding(row, _bound(measure, cut.cycles), whole, None))
    return tuple(found)


def _bound(measure: SetMeasure, cycles: Sequence[Cycle]) -> OfCycle:
    """A measure of the set in the shape of one of a cycle."""
    return lambda scene, side: measure.of(scene, cycles, side)
