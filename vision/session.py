"""The fold: poses in, a report out. Clip and camera both go through it, frame by frame.

``push`` keeps the pose; ``finish`` judges the whole set. Nothing here knows files, pictures or
screens, so the same poses give the same report wherever they came from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from vision import asymmetry, feedback, scoring
from vision.anatomy import with_hip_centres
from vision.detect import Guess, detect
from vision.filters import jitter_sd
from vision.movements import MOVEMENTS, pelvis, sprint_by_hand, sprint_events
from vision.movements import common as c
from vision.movements.base import Cut, Movement, Scene, SetMeasure
from vision.movements.calibration import told
from vision.movements.lockout import Calibration
from vision.prepare import PoseLog, Prepared, cleaned, levelled, prepare, smoothed
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
    Pose,
    Report,
    Skeleton,
    Track,
    Verdict,
    View,
)
from vision.view import estimate_view

OfCycle = Callable[[Scene, str | None], Measurement]

MARGIN_S: Final = 1.0
"""Seconds kept on either side of a repetition, so that smoothing has run in before it begins."""

DETECT_HZ: Final = 5.0

FEWEST_FRAMES: Final = 5
"""Pictures with somebody in them, below which there is nothing to smooth or to judge."""

SLOW_STEP_S: Final = 1.2
SLOW_REP_S: Final = 9.0
"""Median steps and repetitions longer than these are rather slow motion than movement."""

TIMED_UNITS: Final = ("s", "steps/min")


SPLICE_S: Final = 0.1
"""So near to a cut of the film smoothing mixes what was before it with what came after."""


class Session:
    """One set of one athlete.

    ``movement`` names the movement or is None to have it detected; ``size_wh`` is the picture's
    size in px; ``time_scale`` turns the poses' clock into seconds of real movement (slow motion);
    ``markers`` names the stickers that poses will carry; ``px_per_m`` is how many px a metre has where the
    athlete moves, if somebody said so; ``calibration`` is the athlete's own arch and tuck, for bridges.
    Raises ValueError for a movement that is not known.
    """

    def __init__(
        self,
        skeleton: Skeleton,
        size_wh: tuple[int, int],
        *,
        movement: str | None = None,
        time_scale: float = 1.0,
        markers: tuple[str, ...] = (),
        px_per_m: float | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        if movement is not None and movement not in MOVEMENTS:
            raise ValueError(f"expected a movement among {', '.join(MOVEMENTS)}, got {movement!r}")
        self._skeleton = skeleton
        self._size_wh = size_wh
        self._given = movement
        self._time_scale = time_scale
        self._markers = markers
        self._px_per_m = px_per_m
        self._calibration = calibration
        self._poses = PoseLog(skeleton, len(markers))
        self._frames = 0

    def push(self, pose: Pose | None) -> None:
        """Take the next frame's pose, None where the athlete was not found."""
        self._frames += 1
        if pose is not None:
            self._poses.append(replace(pose, t_s=pose.t_s * self._time_scale))

    def finish(self) -> Report:
        """Judge everything that was pushed."""
        ready = self._ready()
        if len(ready.track) < FEWEST_FRAMES:
            return _empty(ready, self._given)
        view, level = self._seen(ready)
        guess = Guess(self._given, 1.0) if self._given else detect(smoothed(level, DETECT_HZ), view)
        if guess.name is None:
            return replace(_empty(ready, None), view=view, advice=feedback.advice(view, None))
        return _judged(ready, level, view, MOVEMENTS[guess.name], guess, self._known())

    def cycles(self, after_s: float) -> tuple[JudgedCycle, ...]:
        """The repetitions alone that turn after ``after_s``, each as :meth:`finish` judges it.

        Raises ValueError where the movement was not given.
        """
        if self._given is None:
            raise ValueError("expected a movement that was given, got one to be detected; use finish()")
        ready = self._ready()
        if len(ready.track) < FEWEST_FRAMES:
            return ()
        view, level = self._seen(ready)
        movement = MOVEMENTS[self._given]
        whole, cut = _whole(level, view, movement, self._known())
        cut = _unspliced(cut, level.t_s, ready.splices)
        whole = replace(whole, unsure_sides=cut.unsure_sides)
        return tuple(
            _judge_cycle(i, k, level, whole, movement)
            for i, k in enumerate(cut.cycles)
            if level.t_s[k.turn] > after_s
        )

    def _ready(self) -> Prepared:
        return prepare(self._poses, self._size_wh, self._skeleton, self._frames, self._markers)

    def _seen(self, ready: Prepared) -> tuple[View, Track]:
        """From where the set was seen, and its track without the camera's roll."""
        view = estimate_view(ready.track)
        if self._given:
            view = MOVEMENTS[self._given].view_of(ready.track, view)
        return view, _level(ready.track, view)

    def _known(self) -> _Known:
        return _Known(self._given is not None, self._px_per_m, self._calibration)


@dataclass(frozen=True, slots=True)
class _Known:
    """What was said about the set: the movement was ``given``; see :class:`Session` for the rest."""

    given: bool
    px_per_m: float | None
    calibration: Calibration | None

    def own(self, movement: Movement) -> Calibration | None:
        """The own arch and tuck, where ``movement`` is to be read against it."""
        own = self.calibration
        return own if own is not None and movement.name in own.movements else None


def corrected(
    report: Report, frames: Mapping[int, Mapping[str, int]], *, px_per_m: float | None = None
) -> Report:
    """A sprint's report anew with pictures of its kinogram chosen by hand: by step, name and frame.

    ``report`` is one with its track, as :meth:`Session.finish` gives it. Touch-down, toe-off and full
    support move the numbers; strike and highest flight only the picture. Raises CorrectionError for what
    cannot be.
    """
    movement = MOVEMENTS.get(report.movement or "")
    if movement is None or movement.kinogram is None:
        raise sprint_by_hand.CorrectionError(f"expected a sprint to correct, got {report.movement}")
    track = cleaned(report.track)
    ready = Prepared(report.track, track, report.swaps_repaired, report.tracked_fraction)
    cycles = sprint_by_hand.corrected(track, [k.cycle for k in report.cycles], frames)
    cut = Cut(cycles, unsure_sides=sprint_events.unsure_sides(track.t_s, cycles))
    guess = Guess(movement.name, report.movement_confidence)
    known = _Known(report.movement_source == "given", px_per_m, None)
    made = _judged(ready, _level(track, report.view), report.view, movement, guess, known, cut)
    before = {row.step: row.by_hand for row in report.kinogram}
    return replace(
        made,
        kinogram=sprint_by_hand.by_hand(track, made.kinogram, frames, before),
        provenance=report.provenance,
    )


def _level(track: Track, view: View) -> Track:
    """The track with the camera's roll undone and the hip points at the joints."""
    level = levelled(track, view.roll_deg)
    return with_hip_centres(level, view, c.trunk_px(level))


def _empty(ready: Prepared, movement: str | None) -> Report:
    view = View(Plane.UNKNOWN, None, float("nan"), float("nan"), 0.0, float("nan"), 0.0)
    return Report(
        movement=movement,
        movement_source="given" if movement else "detected",
        movement_confidence=1.0 if movement else 0.0,
        view=view,
        advice=feedback.advice(view, MOVEMENTS[movement] if movement else None),
        tracked_fraction=ready.tracked_fraction,
        swaps_repaired=ready.swaps_repaired,
        cycles=(),
        set_score=None,
        set_findings=(),
        asymmetries=(),
        stop_after_rep=None,
        cue=None,
        headline=_nothing_found(ready),
        guidance=(),
        notes=(),
        track=ready.drawn,
        curves=(),
    )


def _nothing_found(ready: Prepared) -> str:
    if not len(ready.track):
        return "No person was found."
    if len(ready.track) < FEWEST_FRAMES:
        return "Too short: somebody was seen in a few pictures only."
    return "No movement that Plumbline knows was found."


def _whole(
    level: Track, view: View, movement: Movement, known: _Known, cut: Cut | None = None
) -> tuple[Scene, Cut]:
    """The set as one scene, and its repetitions; ``cut`` are those settled before."""
    smooth = smoothed(level, movement.cutoff_hz)
    if cut is None:
        cut = movement.cut(smooth if movement.cut_hz is None else smoothed(level, movement.cut_hz), view)
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
        unsure_sides=cut.unsure_sides,
    )
    return whole, cut


def _unspliced(cut: Cut, t_s: FloatArray, splices: Sequence[int]) -> Cut:
    """Without the repetitions that run into a place where the film was cut, or up to it."""
    at = t_s[list(splices)]

    def whole(cycle: Cycle) -> bool:
        first, last = t_s[cycle.start] - SPLICE_S, t_s[min(cycle.end, len(t_s) - 1)] + SPLICE_S
        return not np.any((at >= first) & (at <= last))

    if not len(at):
        return cut
    kept = tuple(k for k in cut.cycles if whole(k))
    unsure = sprint_events.unsure_sides(t_s, kept, at) if cut.unsure_sides else ""
    return replace(cut, cycles=kept, unsure_sides=unsure)


def _judged(
    ready: Prepared,
    level: Track,
    view: View,
    movement: Movement,
    guess: Guess,
    known: _Known,
    cut: Cut | None = None,
) -> Report:
    whole, cut = _whole(level, view, movement, known, cut)
    cut = _unspliced(cut, level.t_s, ready.splices)
    whole = replace(whole, unsure_sides=cut.unsure_sides)
    smooth = whole.track
    cycles = tuple(_judge_cycle(i, k, level, whole, movement) for i, k in enumerate(cut.cycles))
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


def _judge_cycle(index: int, cycle: Cycle, level: Track, whole: Scene, movement: Movement) -> JudgedCycle:
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
