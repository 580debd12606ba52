"""Walking and running: from behind or the front for the pelvis and trunk, from the side for the stride.

A cycle is one step: it begins when the stance foot touches down and ends when the other one does;
its ``side`` is the stance side, its ``turn`` the middle of stance.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from vision import kinematics as kin
from vision.events import alternations
from vision.movements import common as c
from vision.movements import pelvis
from vision.movements.base import Cut, Measure, Movement, Scene, SetMeasure, seen, unseen
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
    other_side,
)

MIN_FOOT_LIFT_LEGS: Final = 0.06
"""Least difference in ankle height between the legs, in leg lengths, that is a step (front or rear)."""

MIN_STRIDE_LEGS: Final = 0.25
"""Least fore-and-aft travel of a foot against the hips, in leg lengths, that is a step (side)."""

SHORTEST_STEP_S: Final = 0.2
LONGEST_STEP_S: Final = 4.0
"""Slower feet are not walking; steps this slow are slow motion, and a note says so."""

TIMING_FPS: Final = 50.0
RUNNING_TIMING_FPS: Final = 100.0
"""Frames a second under which contact times are not given (reference: walking 60, running 120)."""

RUNNING_STEPS_PER_MIN: Final = 140.0
"""Above it the shin's angle at contact is judged as a runner's; a walker lands with it well ahead."""


def cut(track: Track, view: View) -> Cut:
    """Steps, by the fore-and-aft travel of the feet from the side, else by the height of the ankles."""
    leg = c.leg_px(track)
    if view.plane is Plane.SAGITTAL and np.isfinite(view.facing):
        return Cut(tuple(_side_steps(track, view, leg)))
    return Cut(tuple(_front_steps(track, leg)))


def _front_steps(track: Track, leg: float) -> list[Cycle]:
    gap = (track.point("left_ankle") - track.point("right_ankle"))[:, 1] / leg
    gap = gap - _trend(gap, track.t_s)
    mids = alternations(gap, track.t_s, MIN_FOOT_LIFT_LEGS, SHORTEST_STEP_S)
    # the left ankle lower in the picture than the right one: the right foot swings, the left one stands
    stands = [(frame, "left" if sign > 0 else "right") for frame, sign in mids]
    lands = [_landing(gap, a, b) for (a, _), (b, _) in pairwise(stands)]
    steps: list[Cycle] = []
    for i in range(1, len(lands)):
        frame, side = stands[i]
        if track.t_s[lands[i]] - track.t_s[lands[i - 1]] < LONGEST_STEP_S:
            steps.append(Cycle(lands[i - 1], frame, lands[i], CycleKind.STEP, side))
    return steps


def _trend(x: FloatArray, t_s: FloatArray, window_s: float = 2.5) -> FloatArray:
    """Slow part of ``x``: perspective as the athlete comes nearer, or a tilted camera."""
    half = max(1, int(window_s / 2 / float(np.median(np.diff(t_s)))))
    ok = np.isfinite(x)
    if ok.sum() < 3:
        return np.zeros_like(x)
    y = np.interp(t_s, t_s[ok], x[ok])
    pad = np.pad(y, half, mode="reflect" if len(y) > half else "edge")
    return np.convolve(pad, np.ones(2 * half + 1) / (2 * half + 1), "valid")


def _landing(gap: FloatArray, mid: int, next_mid: int) -> int:
    """Frame at which the foot that swings at ``mid`` is down: its lift has gone by nine tenths."""
    part = np.abs(gap[mid : next_mid + 1])
    sign = np.sign(gap[mid])
    low = np.flatnonzero(sign * gap[mid : next_mid + 1] <= 0.1 * part[0])
    return mid + (int(low[0]) if len(low) else (next_mid - mid) // 2)


def _contacts(track: Track, view: View, side: str, leg: float) -> tuple[list[int], list[int]]:
    """Frames of foot contact and toe-off of one leg from the side (Zeni et al. 2008)."""
    hip = c.either(track, "hip")[:, 0]
    heel = view.facing * (track.point(f"{side}_heel")[:, 0] - hip) / leg
    toe = view.facing * (track.point(f"{side}_toe")[:, 0] - hip) / leg
    on = [f for f, s in alternations(heel, track.t_s, MIN_STRIDE_LEGS, 2 * SHORTEST_STEP_S) if s > 0]
    off = [f for f, s in alternations(toe, track.t_s, MIN_STRIDE_LEGS, 2 * SHORTEST_STEP_S) if s < 0]
    return on, off


def _side_steps(track: Track, view: View, leg: float) -> list[Cycle]:
    lands = sorted((f, s) for s in SIDES for f in _contacts(track, view, s, leg)[0])
    steps: list[Cycle] = []
    for (a, side), (b, after) in pairwise(lands):
        length_s = track.t_s[b] - track.t_s[a]
        if after != side and SHORTEST_STEP_S <= length_s < LONGEST_STEP_S:
            steps.append(Cycle(a, (a + b) // 2, b, CycleKind.STEP, side))
    return steps


# ------------------------------------------------------------------- front and rear


def pelvis_line_deg(track: Track, view: View) -> FloatArray:
    """Slope ``(T,)`` deg of the pelvis, + left side higher, by the best signal there is.

    That is two stickers; without them the pose model's hip line, which hardly follows the pelvis
    (docs/accuracy.md). Each has its error in the table.
    """
    if names := pelvis.across(track):
        return pelvis.slope_deg(track, names, view.yaw_deg)
    return kin.line_height_deg(track.point("left_hip"), track.point("right_hip"))


def _stance_rows(scene: Scene) -> slice:
    """Single support: the middle 60 % of the step."""
    a, b = scene.cycle.start, min(scene.cycle.end, len(scene.track))
    return slice(a + (b - a) // 5, b - (b - a) // 5)


def pelvic_drop(scene: Scene, side: str | None) -> Measurement:
    """Largest fall of the free side in single support, less the mean over the steps around; + lower."""
    sign = 1.0 if side == "left" else -1.0  # left stance: the left side higher is a drop of the right
    if names := pelvis.across(scene.track):
        return _sticker_drop(scene, sign, names)
    slope = sign * pelvis_line_deg(scene.track, scene.view)
    part = slope[_stance_rows(scene)]
    if not len(part) or np.isfinite(part).mean() < 0.6:
        return unseen(scene.missing("left_hip", "right_hip"))
    value = float(np.nanmax(part) - np.nanmean(slope))
    width = float(np.nanmedian(kin.length_px(scene.track.point("left_hip"), scene.track.point("right_hip"))))
    return Measurement(value, scene.noise_deg(width, 2.0), scene.cycle.turn)


def _sticker_drop(scene: Scene, sign: float, names: tuple[str, str]) -> Measurement:
    """The same from stickers, with their own noise and what the camera's turn may hide."""
    rows, whole = _stance_rows(scene), slice(0, len(scene.track))
    if why := pelvis.lost(scene.track, names, rows) or pelvis.lost(scene.track, names, whole):
        return unseen(why)

    def fall(yaw_deg: float) -> float:
        slope = sign * pelvis.slope_deg(scene.track, names, yaw_deg)
        return float(np.nanmax(slope[rows]) - np.nanmean(slope))

    jitter = pelvis.noise_deg(scene.track, names, rows, 2.0)
    value = fall(scene.view.yaw_deg)
    doubts = (jitter, pelvis.turned_sd(fall, scene.view), pelvis.SKIN_SHARE * value)
    sd = float(np.sqrt(np.sum(np.square(doubts))))
    # Less the mean, a drop on one side is shared out to both: 11 and 4 degrees read as 8 and 6.
    why = "told against the mean of the steps, which shares a one-sided drop out to both sides"
    return Measurement(value, sd, scene.cycle.turn, why, judged=False, by_markers=True)


def trunk_lean(scene: Scene, side: str | None) -> Measurement:
    """Largest lean of the trunk towards the stance side, less the mean over the steps around."""
    lean = kin.sideways_lean_deg(scene.track.mid("hip"), scene.track.mid("shoulder"), c.left_is(scene.view))
    towards = lean if side == "left" else -lean
    part = towards[_stance_rows(scene)]
    if not len(part) or np.isfinite(part).mean() < 0.6:
        return unseen(scene.missing("left_shoulder", "right_shoulder", "left_hip"))
    value = float(np.nanmax(part) - np.nanmean(towards))
    return Measurement(value, scene.noise_deg(scene.trunk_px, 2.0), scene.cycle.turn)


def hip_adduction(scene: Scene, side: str | None) -> Measurement:
    """Thigh of the stance leg against the plumb line at mid-stance, + knee towards the midline."""
    thigh = scene.track.point(f"{side}_hip"), scene.track.point(f"{side}_knee")
    inward = -c.left_is(scene.view) if side == "left" else c.left_is(scene.view)
    v = thigh[1] - thigh[0]
    angle = np.degrees(np.arctan2(inward * v[:, 0], v[:, 1]))
    return c.at_turn(scene, angle, scene.noise_deg(scene.leg_px / 2), f"{side}_hip", f"{side}_knee")


def _hip_width(scene: Scene) -> float:
    return float(np.nanmedian(np.abs((scene.track.point("left_hip") - scene.track.point("right_hip"))[:, 0])))


def knee_window(scene: Scene, side: str | None) -> Measurement:
    """Gap between the knees at mid-stance over hip width; 0 or less when they touch or cross."""
    across = (scene.track.point("left_knee") - scene.track.point("right_knee"))[:, 0]
    width = _hip_width(scene)
    window = c.left_is(scene.view) * across / width
    return c.at_turn(scene, window, 2 * scene.noise_px() / width, "left_knee", "right_knee")


def step_width(scene: Scene, side: str | None) -> Measurement:
    """Sideways distance from the stance ankle to where the other one lands, over hip width."""
    t = scene.track
    stance = t.point(f"{side}_ankle")[scene.cycle.turn, 0]
    end = min(scene.cycle.end, len(t) - 1)
    lands = t.point(f"{other_side(side or 'left')}_ankle")[end, 0]
    outward = c.left_is(scene.view) if side == "left" else -c.left_is(scene.view)
    width = _hip_width(scene)
    drift = c.either(t, "hip")[end, 0] - c.either(t, "hip")[scene.cycle.turn, 0]
    value = outward * (stance + drift - lands) / width if width else float("nan")
    return seen(
        float(value),
        2 * scene.noise_px(1.0) / max(width, 1.0),
        end,
        scene.missing("left_ankle", "right_ankle"),
    )


# ------------------------------------------------------------------- side


def shin_at_contact(scene: Scene, side: str | None) -> Measurement:
    """Shin at touch-down, + knee ahead of the ankle, - the foot landing ahead of the knee."""
    t = scene.track
    if _runs(scene) and t.fps < RUNNING_TIMING_FPS:
        return unseen("below the frame rate this needs")
    shin = kin.forward_lean_deg(t.point(f"{side}_ankle"), t.point(f"{side}_knee"), scene.view.facing)
    value = float(shin[scene.cycle.start])
    slope = np.gradient(shin, t.t_s)[scene.cycle.start] if len(shin) > 2 else 0.0
    quantised = float(abs(slope)) / scene.track.fps / np.sqrt(12)
    sd = float(np.hypot(np.hypot(scene.noise_deg(scene.leg_px / 2, 1.0), quantised), scene.view.roll_sd_deg))
    m = seen(value, sd, scene.cycle.start, scene.missing(f"{side}_knee", f"{side}_ankle"))
    if m.value is None or _runs(scene):
        return m
    return Measurement(m.value, m.sd, m.frame, "walking: no band is published for it, not judged", False)


def _runs(scene: Scene) -> bool:
    """Whether this step is as quick as a runner's."""
    t = scene.track.t_s
    return bool(60 / (t[min(scene.cycle.end, len(t) - 1)] - t[scene.cycle.start]) >= RUNNING_STEPS_PER_MIN)


def _too_slow_a_camera(scene: Scene) -> bool:
    return scene.track.fps < (RUNNING_TIMING_FPS if _runs(scene) else TIMING_FPS)


def _timing_sd(scene: Scene) -> float:
    """Standard deviation in s of an interval between two events, each rounded to a frame or two."""
    return float(np.sqrt(2) * 1.0 / scene.track.fps)


def _support(scene: Scene, side: str) -> tuple[float, float]:
    """Contact and toe-off times of the step's stance leg, and the next contact, as two intervals."""
    t = scene.track.t_s
    on, off = _contacts(scene.track, scene.view, side, scene.leg_px)
    start = scene.cycle.start
    leaves = [f for f in off if f > start]
    again = [f for f in on if f > start + 2]
    if not leaves:
        return float("nan"), float("nan")
    stance = float(t[leaves[0]] - t[start])
    swing = float(t[again[0]] - t[leaves[0]]) if again and again[0] > leaves[0] else float("nan")
    return stance, swing


def stance_time(scene: Scene, side: str | None) -> Measurement:
    """Touch-down to toe-off of the stance leg."""
    if _too_slow_a_camera(scene):
        return unseen("below the frame rate this needs")
    stance, _ = _support(scene, side or "left")
    return seen(stance, _timing_sd(scene), scene.cycle.start, "toe-off not seen")


def swing_time(scene: Scene, side: str | None) -> Measurement:
    """Toe-off of the stance leg to its next touch-down."""
    if _too_slow_a_camera(scene):
        return unseen("below the frame rate this needs")
    _, swing = _support(scene, side or "left")
    return seen(swing, _timing_sd(scene), scene.cycle.start, "the next touch-down was not seen")


def step_time(scene: Scene, side: str | None) -> Measurement:
    """Touch-down of the stance foot to touch-down of the other one."""
    t = scene.track.t_s
    value = float(t[min(scene.cycle.end, len(t) - 1)] - t[scene.cycle.start])
    return seen(value, _timing_sd(scene), scene.cycle.start, "not seen")


# ------------------------------------------------------------------- the whole set


def cadence(scene: Scene, cycles: Sequence[Cycle], side: str | None) -> Measurement:
    """Steps per minute over the unbroken stretch of steps that is longest."""
    t = scene.track.t_s
    best: list[int] = []
    here: list[int] = []
    for cycle in cycles:
        if here and t[cycle.turn] - t[here[-1]] > 1.6 * _median_step(cycles, t):
            here = []
        here.append(cycle.turn)
        best = max(best, here, key=len)
    if len(best) < 3:
        return unseen("needs at least 3 steps in a row")
    span = float(t[best[-1]] - t[best[0]])
    value = 60 * (len(best) - 1) / span
    return Measurement(value, value * float(np.sqrt(2) / scene.track.fps) / span, best[0])


def _median_step(cycles: Sequence[Cycle], t: FloatArray) -> float:
    return float(np.median(np.diff([t[k.turn] for k in cycles])))


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
    table=load_table("gait"),
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
    set_measures=(SetMeasure("cadence", cadence), SetMeasure("vertical_oscillation", vertical_oscillation)),
    curves=curves,
    cutoff_hz=6.0,
    min_fps=25.0,
    views=(Plane.FRONTAL, Plane.SAGITTAL),
    travels=True,
    detected=True,
)
