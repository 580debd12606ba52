"""Walking and running: from behind or the front for the pelvis and trunk, from the side for the stride.

A cycle is one step: it begins when the stance foot touches down and ends when the other one does;
its ``side`` is the stance side, its ``turn`` the middle of stance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from vision import kinematics as kin
from vision.gait_events import FootEvents, foot_events, is_running
from vision.gait_front import supports
from vision.movements import common as c
from vision.movements import pelvis, pelvis_eye
from vision.movements.base import Cut, Measure, Movement, Scene, SetMeasure, seen, unseen
from vision.movements.gait_excursion import excursion
from vision.movements.gait_stride import shin_at_contact, stance_time, step_time, swing_time
from vision.movements.gait_width import hip_adduction, knee_window, step_width
from vision.movements.standing import quiet_standing
from vision.movements.table import load_table
from vision.types import (
    SIDES,
    Curve,
    Cycle,
    CycleKind,
    FloatArray,
    Measurement,
    Plane,
    Track,
    View,
)

TABLE: Final = load_table("gait")

SHORTEST_STEP_S: Final = 0.2
LONGEST_STEP_S: Final = 4.0
"""Slower feet are not walking; steps this slow are slow motion, and a note says so."""

LONGEST_GAP: Final = 1.6
"""Times the usual step, beyond which a step between two was not seen."""

LEVEL_DEG: Final = 5.0
COMPENSATED_DEG: Final = 5.0
"""A pelvis that drops no more than this is not praised where the trunk leans over the standing leg by more
than that (Westhoff 2006, unconfirmed)."""


def cut(track: Track, view: View) -> Cut:
    """Steps, by the fore-and-aft travel of the feet from the side, else by what fits the ankles' heights."""
    leg = c.leg_px(track)
    standing = quiet_standing(track, leg)
    if view.plane in (Plane.SAGITTAL, Plane.OBLIQUE) and np.isfinite(view.facing):
        running = is_running(track, view, leg)
        feet = {side: foot_events(track, view, side, leg, running=running) for side in SIDES}
        return Cut(tuple(_side_steps(feet, track.t_s)), feet=feet, standing=standing)
    return Cut(tuple(_front_steps(track, view, leg)), standing=standing)


def _front_steps(track: Track, view: View, leg: float) -> list[Cycle]:
    """From contact to the other foot's contact."""
    t = track.t_s
    steps: list[Cycle] = []
    for now, after in pairwise(supports(track, view, leg)):
        if after.on_s - now.on_s < LONGEST_STEP_S:
            a, turn, b = (int(np.argmin(np.abs(t - s))) for s in (now.on_s, now.middle_s, after.on_s))
            steps.append(Cycle(a, min(turn, b - 1), b, CycleKind.STEP, now.side))
    return steps


def _side_steps(feet: Mapping[str, FootEvents], t_s: FloatArray) -> list[Cycle]:
    """From contact to the other foot's contact; a foot that lands twice in a row belongs to no step."""
    lands = sorted((e.t_s, side) for side in SIDES for e in feet[side].contacts)
    steps: list[Cycle] = []
    for (a_s, side), (b_s, after) in pairwise(lands):
        if after != side and SHORTEST_STEP_S <= b_s - a_s < LONGEST_STEP_S:
            a, b = (int(np.argmin(np.abs(t_s - at))) for at in (a_s, b_s))
            steps.append(Cycle(a, (a + b) // 2, b, CycleKind.STEP, side))
    return steps


# ------------------------------------------------------------------- front and rear


def pelvis_line_deg(track: Track, view: View) -> FloatArray:
    """Slope ``(T,)`` deg of the pelvis, + left side higher, by the best signal there is.

    That is two stickers; without them the pelvis network; without both the pose model's hip line, which
    hardly follows the pelvis (docs/accuracy.md). Each has its error in the table.
    """
    if names := pelvis.across(track):
        return pelvis.slope_deg(track, names, view.yaw_deg)
    if look := pelvis_eye.slope(track, view, pelvis_eye.STEP_TRUST):
        return look.angle_deg
    return kin.line_height_deg(track.point("left_hip"), track.point("right_hip"))


def _stance_rows(scene: Scene) -> slice:
    """Single support: the middle 60 % of the step."""
    a, b = scene.cycle.start, min(scene.cycle.end, len(scene.track))
    return slice(a + (b - a) // 5, b - (b - a) // 5)


def pelvic_drop(scene: Scene, side: str | None) -> Measurement:
    """Largest fall of the free side in single support, less standing or else the mean of the steps; + lower.

    A trunk that leans over the standing leg holds the free hip up with its weight: a pelvis that is
    level then is told and not praised (compensated Trendelenburg, movements.md B6).
    """
    names = pelvis.across(scene.track)
    look = None if names else pelvis_eye.slope(scene.track, scene.view, pelvis_eye.STEP_TRUST)
    if look:
        drop = pelvis_eye.drop(scene, look, side, _stance_rows(scene))
    else:
        drop = _sticker_drop(scene, side, names) if names else _line_drop(scene, side)
    return unless_held_up(drop, trunk_lean(scene, side), LEVEL_DEG)


def pelvic_excursion(scene: Scene, cycles: Sequence[Cycle], side: str | None) -> Measurement:
    """Fall of the left hip in right steps plus that of the right hip in left steps."""
    return excursion(scene, cycles, pelvic_drop, TABLE.criteria["pelvic_drop"].min_cycles)


def unless_held_up(drop: Measurement, lean: Measurement, level_deg: float) -> Measurement:
    """The drop, out of judgement where it is level and a leaning trunk may hold the free hip up."""
    if not isinstance(drop.value, float) or not isinstance(lean.value, float):
        return drop
    if drop.value > level_deg or lean.value <= COMPENSATED_DEG:
        return drop
    why = f"the trunk leaned {lean.value:.0f} degrees over the standing leg, which can hold the free hip up"
    return replace(drop, reason=why, judged=False)


def _line_drop(scene: Scene, side: str | None) -> Measurement:
    """From the best line that is not made of stickers."""
    slope = pelvis.free_side_down(pelvis_line_deg(scene.track, scene.view), side)
    part = slope[_stance_rows(scene)]
    if not len(part) or np.isfinite(part).mean() < 0.6:
        return unseen(scene.missing("left_hip", "right_hip"))
    base = float(np.nanmean(slope))
    if scene.standing is not None:
        base = float(np.nanmean(pelvis.free_side_down(pelvis_line_deg(scene.standing, scene.view), side)))
    value = float(np.nanmax(part) - base)
    width = float(np.nanmedian(kin.length_px(scene.track.point("left_hip"), scene.track.point("right_hip"))))
    return seen(value, scene.noise_deg(width, 2.0), scene.cycle.turn, "not seen clearly enough")


def _sticker_drop(scene: Scene, side: str | None, names: tuple[str, str]) -> Measurement:
    """The same from stickers, with their own noise and what the camera's turn may hide."""
    rows, whole = _stance_rows(scene), slice(0, len(scene.track))
    if why := pelvis.lost(scene.track, names, rows) or pelvis.lost(scene.track, names, whole):
        return unseen(why)
    standing = scene.standing
    if standing is not None and pelvis.lost(standing, names, slice(0, len(standing))):
        standing = None
    against = scene.track if standing is None else standing

    def fall(yaw_deg: float) -> float:
        slope = pelvis.free_side_down(pelvis.slope_deg(scene.track, names, yaw_deg), side)
        base = pelvis.free_side_down(pelvis.slope_deg(against, names, yaw_deg), side)
        return float(np.nanmax(slope[rows]) - np.nanmean(base))

    jitter = pelvis.noise_deg(scene.track, names, rows, 2.0)
    value = fall(scene.view.yaw_deg)
    doubts = (jitter, pelvis.turned_sd(fall, scene.view), pelvis.SKIN_SHARE * value)
    sd = float(np.sqrt(np.sum(np.square(doubts))))
    if standing is not None:
        return Measurement(value, sd, scene.cycle.turn, pelvis.AGAINST_STANDING, by_markers=True)
    return Measurement(value, sd, scene.cycle.turn, pelvis.AGAINST_MEAN, judged=False, by_markers=True)


def trunk_lean(scene: Scene, side: str | None) -> Measurement:
    """Largest lean of the trunk towards the stance side, less standing or else the mean of the steps."""
    towards = towards_stance_deg(scene.track, scene.view, side)
    part = towards[_stance_rows(scene)]
    if not len(part) or np.isfinite(part).mean() < 0.6:
        return unseen(scene.missing("left_shoulder", "right_shoulder", "left_hip"))
    against = towards if scene.standing is None else towards_stance_deg(scene.standing, scene.view, side)
    value = float(np.nanmax(part) - np.nanmean(against))
    return seen(value, scene.noise_deg(scene.trunk_px, 2.0), scene.cycle.turn, "not seen clearly enough")


def towards_stance_deg(track: Track, view: View, side: str | None) -> FloatArray:
    """Lean ``(T,)`` of the trunk, + towards ``side``."""
    lean = kin.sideways_lean_deg(track.mid("hip"), track.mid("shoulder"), c.left_is(view))
    return lean if side == "left" else -lean


# ------------------------------------------------------------------- the whole set


def cadence(scene: Scene, cycles: Sequence[Cycle], side: str | None) -> Measurement:
    """Steps per minute over the unbroken stretch of steps that is longest."""
    t = scene.track.t_s
    turns = [k.turn for k in cycles]
    usual_s = float(np.median(np.diff(t[turns]))) if len(turns) > 1 else 0.0
    best = c.longest_run(t, turns, LONGEST_GAP * usual_s, scene.cuts_s)
    if len(best) < 3:
        return unseen("needs at least 3 steps in a row")
    span = float(t[best[-1]] - t[best[0]])
    value = 60 * (len(best) - 1) / span
    return Measurement(value, value * float(np.sqrt(2) / scene.track.fps) / span, best[0])


def vertical_oscillation(scene: Scene, cycles: Sequence[Cycle], side: str | None) -> Measurement:
    """Rise and fall of the hips within a step, in leg lengths; the median step."""
    hip = c.either(scene.track, "hip")[:, 1]
    travel: list[float] = []
    for cycle in cycles:
        part = hip[cycle.start : cycle.end]
        if len(part) > 3 and np.isfinite(part).all():
            line = np.linspace(float(part[0]), float(part[-1]), len(part))
            travel.append(float(np.ptp(part - line)))
    if len(travel) < 3:
        return unseen("needs at least 3 steps in which the hips were seen")
    value = float(np.median(travel)) / scene.leg_px
    return Measurement(value, 2 * scene.noise_px(len(travel)) / scene.leg_px, None)


def curves(track: Track, view: View) -> tuple[Curve, ...]:
    """What is plotted over time."""
    leg = c.leg_px(track)
    if view.plane is Plane.SAGITTAL:
        hip = c.either(track, "hip")[:, 0]
        return tuple(
            Curve(
                "foot_ahead_of_hip",
                "% of leg length",
                100 * view.facing * (track.point(f"{s}_heel")[:, 0] - hip) / leg,
                s,
            )
            for s in SIDES
        )
    lift = 100 * (track.point("right_ankle") - track.point("left_ankle"))[:, 1] / leg
    lean = kin.sideways_lean_deg(track.mid("hip"), track.mid("shoulder"), c.left_is(view))
    return (
        Curve("hip_line", "deg", pelvis_line_deg(track, view)),
        Curve("trunk_lean", "deg", lean),
        Curve("left_foot_above_right", "% of leg length", lift),
    )


GAIT = Movement(
    name="gait",
    table=TABLE,
    cut=cut,
    measures=(
        Measure("pelvic_drop", pelvic_drop),
        Measure("trunk_lean", trunk_lean),
        Measure("hip_adduction", hip_adduction),
        Measure("knee_window", knee_window),
        Measure("step_width", step_width),
        Measure("shin_at_contact", shin_at_contact),
        Measure("stance_time", stance_time),
        Measure("swing_time", swing_time),
        Measure("step_time", step_time),
    ),
    set_measures=(
        SetMeasure("pelvic_excursion", pelvic_excursion),
        SetMeasure("cadence", cadence),
        SetMeasure("vertical_oscillation", vertical_oscillation),
    ),
    curves=curves,
    cutoff_hz=6.0,
    cut_hz=10.0,
    min_fps=25.0,
    views=(Plane.FRONTAL, Plane.SAGITTAL),
    travels=True,
    detected=True,
)
