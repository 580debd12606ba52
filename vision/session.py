"""The fold: poses in, a report out. Clip and camera both go through it, frame by frame.

``push`` keeps the pose; ``finish`` judges the whole set. Nothing here knows files, pictures or
screens, so the same poses give the same report wherever they came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from vision import feedback
from vision.anatomy import with_hip_centres
from vision.detect import Guess, detect
from vision.judging import Known, judge_cycle, judged, whole_set
from vision.movements import MOVEMENTS, sprint_by_hand
from vision.movements import common as c
from vision.movements.base import Cut
from vision.movements.lockout import Calibration
from vision.prepare import PoseLog, Prepared, cleaned, levelled, prepare, smoothed
from vision.types import JudgedCycle, Plane, Pose, Report, Skeleton, Track, View
from vision.view import estimate_view

DETECT_HZ: Final = 5.0

FEWEST_FRAMES: Final = 5
"""Pictures with somebody in them, below which there is nothing to smooth or to judge."""


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
        return judged(ready, level, view, MOVEMENTS[guess.name], guess, self._known())

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
        whole, cut = whole_set(level, view, movement, self._known(), ready.splices)
        return tuple(
            judge_cycle(i, k, level, whole, movement)
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

    def _known(self) -> Known:
        return Known(self._given is not None, self._px_per_m, self._calibration)


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
    cut = Cut(cycles)
    guess = Guess(movement.name, report.movement_confidence)
    known = Known(report.movement_source == "given", px_per_m, None)
    made = judged(ready, _level(track, report.view), report.view, movement, guess, known, cut)
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
