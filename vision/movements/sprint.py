"""Sprinting from the side: times on and off the ground, and the legs at the moments that coaches look at.

A cycle is one step of the foot that lands: it begins with its touch-down and ends with the other one's;
``turn`` is full support, ``off`` its toe-off. Nothing here is scored: whether the thighs work in front
or behind is unrelated to top speed (Haugen 2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from vision import kinematics as kin
from vision.movements import common as c
from vision.movements import sprint_events
from vision.movements.base import Cut, Measure, Movement, Scene, SetMeasure, seen, unseen
from vision.movements.table import load_table
from vision.types import Curve, Cycle, FloatArray, Measurement, Plane, Track, View, other_side

TIMING_FPS: Final = 118.0
"""Frames a second under which contact and flight times are not given (reference: 120)."""

POSTURE_FPS: Final = 48.0
"""Frames a second under which what a leg does at one instant is not given: it is past in a picture."""

QUANTISED: Final = 0.41
"""Standard deviation of a duration between two events that fall on frames, in frames (reference, part C)."""

CUTOFF_HZ: Final = 15.0

SLOWEST_LEGS_S: Final = 0.6
"""Slowest that a foot is taken to come down or leave, in leg lengths a second, where noise is weighed."""

STRAYS_LEGS: Final = 0.015
"""Standard deviation of a foot's point over the sole, in leg lengths (assumed)."""

LONGEST_TIMED_S: Final = 0.2
"""Contacts longer than this are not timed (assumed). The foot of a jogger is so slow that what its points
stray is worth 40 to 50 ms at either end: one on a treadmill, looked at picture by picture, was on the ground
for 0.38 s where the heights say 0.30."""

FRAME_SD: Final = 1 / np.sqrt(12)

TOO_SLOW = "below the frame rate this needs"
NO_GROUND = "the background shows too little to tell how the camera moved"
NO_PEAK = "the swing was not seen whole"
NO_LANDING = "touch-down or toe-off not seen"
NO_SPRINT = (
    f"longer than {LONGEST_TIMED_S} s on the ground is no sprint; for a run ask for gait's stance time"
)


def cut(track: Track, view: View) -> Cut:
    """Steps, from the side only."""
    if view.plane is not Plane.SAGITTAL or not np.isfinite(view.facing) or not np.isfinite(c.leg_px(track)):
        return Cut(())
    return Cut(sprint_events.steps(track, view))


# --------------------------------------------------------------------------- times


def _landed(scene: Scene, *, fps: float) -> str:
    """Why touch-down and toe-off of the step cannot be used; empty where they can."""
    if scene.track.fps < fps:
        wanted = 10 * round(fps / 10)
        return f"{TOO_SLOW}: {scene.track.fps:.0f} pictures a second, {wanted} are wanted"
    if scene.cycle.off is not None:
        return ""
    camera = scene.track.camera_px
    lost = camera is None or not np.isfinite(camera[scene.rows]).all()
    return NO_GROUND if lost else NO_LANDING


def _time_sd(scene: Scene, side: str) -> float:
    """Error of a time between two events: the frame rate's, and noise over how fast the foot moves."""
    parts = [QUANTISED / scene.track.fps]
    for row in (scene.cycle.start, scene.cycle.off):
        if row is not None:
            speeds = (_rise_px_s(scene, f"{side}_{part}", row) for part in ("heel", "toe"))
            noise_px = scene.noise_px(scene.track.fps / (2 * CUTOFF_HZ))
            noise_px = float(np.hypot(noise_px, STRAYS_LEGS * scene.leg_px))
            parts.append(noise_px / max(*speeds, SLOWEST_LEGS_S * scene.leg_px))
    return float(np.sqrt(np.sum(np.square(parts))))


def _rise_px_s(scene: Scene, name: str, row: int) -> float:
    """Speed px/s, up or down, of a point at one row; 0 where it was not seen."""
    near = slice(max(row - 1, 0), row + 2)
    y, t = scene.track.on_ground(name)[near, 1], scene.track.t_s[near]
    speed = abs(float((y[-1] - y[0]) / (t[-1] - t[0]))) if len(t) > 1 else 0.0
    return speed if np.isfinite(speed) else 0.0


def contact_time(scene: Scene, side: str | None) -> Measurement:
    """Touch-down to toe-off of one foot."""
    if why := _landed(scene, fps=TIMING_FPS):
        return unseen(why)
    t, cycle = scene.track.t_s, scene.cycle
    assert cycle.off is not None
    if t[cycle.off] - t[cycle.start] > LONGEST_TIMED_S:
        return unseen(NO_SPRINT)
    return Measurement(float(t[cycle.off] - t[cycle.start]), _time_sd(scene, side or "left"), cycle.start)


def flight_time(scene: Scene, side: str | None) -> Measurement:
    """Toe-off of this foot to touch-down of the other one."""
    if why := _landed(scene, fps=TIMING_FPS):
        return unseen(why)
    t, cycle = scene.track.t_s, scene.cycle
    assert cycle.off is not None
    if cycle.end <= cycle.off + 1 or cycle.end >= len(t):
        return unseen("the next touch-down was not seen")
    if t[cycle.off] - t[cycle.start] > LONGEST_TIMED_S:
        return unseen(NO_SPRINT)
    return Measurement(float(t[cycle.end] - t[cycle.off]), _time_sd(scene, side or "left"), cycle.off)


# --------------------------------------------------------------------------- angles and places


def _thigh(track: Track, view: View, side: str) -> FloatArray:
    angle = kin.thigh_deg(track.point(f"{side}_hip"), track.point(f"{side}_knee"), view.facing)
    return np.where((angle > THIGH_DEG[0]) & (angle < THIGH_DEG[1]), angle, np.nan)


def _at(scene: Scene, values: FloatArray, row: int, sd: float, why: str) -> Measurement:
    """A value at one row, with what half a frame more or less would change."""
    if not 0 <= row < len(values):
        return unseen(why)
    slope = float(np.gradient(values, scene.track.t_s)[row]) if len(values) > 2 else 0.0
    between = abs(slope) / scene.track.fps * FRAME_SD
    return seen(float(values[row]), float(np.hypot(sd, between)), row, why)


def _angle_sd(scene: Scene, length_px: float, angle_deg: float) -> float:
    parts = (scene.noise_deg(length_px, 1.0), scene.view.roll_sd_deg, scene.foreshortening(angle_deg))
    return float(np.sqrt(np.sum(np.square(parts))))


def _peak(scene: Scene, values: FloatArray, rows: slice, why: str) -> Measurement:
    """The largest of ``values`` over ``rows``, and what a peak between two frames may hide.

    Where it lies at an end, the peak itself is before or after, as in slow motion of an unknown rate.
    """
    part = values[rows]
    if len(part) < 3 or np.isfinite(part).mean() < 0.7:
        return unseen(why)
    row = rows.start + int(np.nanargmax(part))
    ends = part[np.isfinite(part)][[0, -1]]
    if part[row - rows.start] < ends.max() + PEAK_DEG:
        return unseen(NO_PEAK)
    bend = np.gradient(np.gradient(values, scene.track.t_s), scene.track.t_s)[row]
    hidden = abs(float(bend)) / scene.track.fps**2 / 24 if np.isfinite(bend) else 0.0
    sd = _angle_sd(scene, scene.leg_px / 2, float(values[row]))
    return Measurement(float(values[row]), float(np.hypot(sd, hidden)), row)


def thigh_flexion_max(scene: Scene, side: str | None) -> Measurement:
    """Highest thigh of this side in the swing that leads to its touch-down; 90 is a level thigh."""
    own = side or "left"
    t, start = scene.track.t_s, scene.cycle.start
    first = int(np.searchsorted(t, float(t[start]) - sprint_events.LONGEST_STEP_S / 2))
    return _peak(
        scene,
        _thigh(scene.track, scene.view, own),
        slice(first, start + 1),
        scene.missing(f"{own}_hip", f"{own}_knee"),
    )


def thigh_extension_max(scene: Scene, side: str | None) -> Measurement:
    """Farthest back that this side's thigh goes after full support, + behind the plumb line."""
    own = side or "left"
    if scene.cycle.end <= scene.cycle.turn + 2:
        return unseen("the end of the step was not seen")
    t = scene.track.t_s
    # Into the swing: when the other foot lands a jogger's thigh has hardly turned yet.
    last_s = float(t[min(scene.cycle.end, len(t) - 1)]) + sprint_events.LONGEST_STEP_S / 4
    rows = slice(scene.cycle.turn, int(np.searchsorted(t, last_s, side="right")))
    back = -_thigh(scene.track, scene.view, own)
    return _peak(scene, back, rows, scene.missing(f"{own}_hip", f"{own}_knee"))


def thigh_separation(scene: Scene, side: str | None) -> Measurement:
    """Angle between the thighs at this foot's toe-off."""
    if why := _landed(scene, fps=POSTURE_FPS):
        return unseen(why)
    own, off = side or "left", scene.cycle.off
    assert off is not None
    apart = _thigh(scene.track, scene.view, other_side(own)) - _thigh(scene.track, scene.view, own)
    sd = float(np.sqrt(2)) * scene.noise_deg(scene.leg_px / 2, 1.0)
    return _at(scene, apart, off, sd, scene.missing("left_knee", "right_knee"))


def knee_gap(scene: Scene, side: str | None) -> Measurement:
    """How far the free knee is behind the landing one at touch-down, in leg lengths; - when ahead of it."""
    if why := _landed(scene, fps=POSTURE_FPS):
        return unseen(why)
    own = side or "left"
    knees = scene.track.point(f"{own}_knee") - scene.track.point(f"{other_side(own)}_knee")
    gap = scene.view.facing * knees[:, 0] / scene.leg_px
    sd = float(np.sqrt(2)) * scene.noise_px(1.0) / scene.leg_px
    return _at(scene, gap, scene.cycle.start, sd, scene.missing("left_knee", "right_knee"))


def touchdown_distance(scene: Scene, side: str | None) -> Measurement:
    """How far the ankle lands ahead of the mid-hip, in leg lengths."""
    if why := _landed(scene, fps=POSTURE_FPS):
        return unseen(why)
    own = side or "left"
    ahead = scene.track.point(f"{own}_ankle") - c.either(scene.track, "hip")
    distance = scene.view.facing * ahead[:, 0] / scene.leg_px
    sd = float(np.sqrt(2)) * scene.noise_px(1.0) / scene.leg_px
    return _at(scene, distance, scene.cycle.start, sd, scene.missing(f"{own}_ankle", f"{own}_hip"))


def trunk_angle(scene: Scene, side: str | None) -> Measurement:
    """Trunk forward of the vertical, mean over the step."""
    lean = c.trunk_angle(scene.track, scene.view)[scene.rows]
    if not len(lean) or np.isfinite(lean).mean() < 0.5:
        return unseen(scene.missing("left_shoulder", "left_hip"))
    value = float(np.nanmean(lean))
    sd = float(np.hypot(scene.noise_deg(scene.trunk_px), scene.view.roll_sd_deg))
    return Measurement(value, sd, scene.cycle.turn)


NO_PELVIS: Final = (
    "body points do not show the pelvis, and no rule has been tried on a runner's stickers or outline"
)
PEAK_DEG: Final = 3.0
"""A thigh's peak is at least so much above where it comes from and goes to (assumed)."""

THIGH_DEG: Final = (-90.0, 140.0)
"""No runner's thigh goes beyond these: there the pose model has taken the body upside down (assumed)."""

LEVEL_DEG: Final = 90.0


def back_in_extension(scene: Scene, side: str | None) -> Measurement:
    """Whether the thigh went behind by the hip or by an arching low back: not seen so far."""
    return unseen(NO_PELVIS)


def pelvis_in_flexion(scene: Scene, side: str | None) -> Measurement:
    """Whether a thigh past level was lifted by the hip or by a tucked pelvis: not seen so far."""
    lifted = thigh_flexion_max(scene, side).value
    if isinstance(lifted, float) and lifted <= LEVEL_DEG:
        return unseen(f"the thigh did not pass {LEVEL_DEG:.0f} degrees, so there is nothing to ask")
    return unseen(NO_PELVIS)


# --------------------------------------------------------------------------- the way

PERSPECTIVE_SHARE: Final = 0.04
"""Share by which a length is wrong with the runner 12 degrees off the square (its cosine, squared)."""

AT_LEAST_LEGS_S: Final = 1.0
NO_WAY = "the runner does not get ahead of the background, as on a treadmill"
NO_DISTANCE = "no known distance was given"


def _way_px(scene: Scene, side: str) -> tuple[float, float, str]:
    """Px from foot to foot, px that the hips went meanwhile, and why there are none."""
    if why := _landed(scene, fps=POSTURE_FPS):
        return 0.0, 0.0, why
    t, a, b = scene.track, scene.cycle.start, scene.cycle.end
    if scene.cycle.off is None or b <= scene.cycle.off + 1 or b >= len(t):
        return 0.0, 0.0, "the next touch-down was not seen"
    assert t.camera_px is not None
    here, there = t.on_ground(f"{side}_toe")[a, 0], t.on_ground(f"{other_side(side)}_toe")[b, 0]
    hips = (c.either(t, "hip") - t.camera_px)[:, 0]
    feet_px, hips_px = scene.view.facing * (there - here), scene.view.facing * (hips[b] - hips[a])
    if not np.isfinite(feet_px + hips_px):
        return 0.0, 0.0, NO_GROUND
    if hips_px < AT_LEAST_LEGS_S * scene.leg_px * float(t.t_s[b] - t.t_s[a]):
        return 0.0, 0.0, NO_WAY
    return float(feet_px), float(hips_px), ""


def step_length(scene: Scene, side: str | None) -> Measurement:
    """From where this foot landed to where the other one lands, in leg lengths."""
    feet_px, _, why = _way_px(scene, side or "left")
    return unseen(why) if why else _length(scene, feet_px / scene.leg_px, scene.leg_px)


def step_length_m(scene: Scene, side: str | None) -> Measurement:
    """The same in metres, by a distance that is known in the picture."""
    if scene.px_per_m is None:
        return unseen(NO_DISTANCE)
    feet_px, _, why = _way_px(scene, side or "left")
    return unseen(why) if why else _length(scene, feet_px / scene.px_per_m, scene.px_per_m)


def speed(scene: Scene, side: str | None) -> Measurement:
    """How fast the hips went from this touch-down to the next, metres a second."""
    if scene.px_per_m is None:
        return unseen(NO_DISTANCE)
    _, hips_px, why = _way_px(scene, side or "left")
    if why:
        return unseen(why)
    t, cycle = scene.track.t_s, scene.cycle
    took = float(t[cycle.end] - t[cycle.start])
    return _length(scene, hips_px / scene.px_per_m / took, scene.px_per_m * took)


def _length(scene: Scene, value: float, px: float) -> Measurement:
    """A value that was measured in ``px`` per unit, with its noise and perspective."""
    sd = float(np.hypot(np.sqrt(2) * scene.noise_px(1.0) / px, PERSPECTIVE_SHARE * value))
    return Measurement(value, sd, scene.cycle.start)


# --------------------------------------------------------------------------- the whole run


def step_rate(scene: Scene, cycles: Sequence[Cycle], side: str | None) -> Measurement:
    """Steps a second, from full support to full support over the longest unbroken run of steps."""
    t = scene.track.t_s
    turns = [cycle.turn for cycle in cycles]
    usual_s = float(np.median(np.diff(t[turns]))) if len(turns) > 1 else 0.0
    most_s = min(sprint_events.LONGEST_STEP_S, sprint_events.MISSED_GAP * usual_s)
    best = c.longest_run(t, turns, most_s, scene.cuts_s)
    if len(best) < 3:
        return unseen("needs at least 3 steps in a row")
    span = float(t[best[-1]] - t[best[0]])
    rate = (len(best) - 1) / span
    return Measurement(rate, rate * QUANTISED / scene.track.fps / span, best[0])


def curves(track: Track, view: View) -> tuple[Curve, ...]:
    """What is plotted over time."""
    return (
        *(Curve("thigh_angle", "deg", _thigh(track, view, side), side) for side in ("left", "right")),
        Curve("trunk_angle", "deg", c.trunk_angle(track, view)),
    )


SPRINT = Movement(
    name="sprint",
    table=load_table("sprint"),
    cut=cut,
    measures=(
        Measure("contact_time", contact_time),
        Measure("flight_time", flight_time),
        Measure("thigh_flexion_max", thigh_flexion_max),
        Measure("thigh_extension_max", thigh_extension_max),
        Measure("thigh_separation", thigh_separation),
        Measure("knee_gap", knee_gap),
        Measure("touchdown_distance", touchdown_distance),
        Measure("trunk_angle", trunk_angle),
        Measure("back_in_extension", back_in_extension),
        Measure("pelvis_in_flexion", pelvis_in_flexion),
        Measure("step_length", step_length),
        Measure("step_length_m", step_length_m),
        Measure("speed", speed),
    ),
    set_measures=(SetMeasure("step_rate", step_rate),),
    curves=curves,
    cutoff_hz=CUTOFF_HZ,
    min_fps=60.0,
    views=(Plane.SAGITTAL,),
    travels=True,
    detected=True,
    kinogram=sprint_events.kinogram,
    unsure_sides=sprint_events.unsure_sides,
)
