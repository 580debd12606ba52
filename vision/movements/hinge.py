"""Hip hinge, deadlift, Romanian deadlift: from the side; repetitions are counted from any view."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from vision import kinematics as kin
from vision.events import RepRule, find_reps
from vision.filters import runs
from vision.movements import common as c
from vision.movements.base import TURN_S, Cut, Measure, Movement, Scene, seen, unseen
from vision.movements.spine import dorsal_bend
from vision.movements.table import load_table
from vision.types import Curve, FloatArray, Measurement, Plane, Track, View

MIN_DROP: Final = 0.13
"""Least fall of the shoulders, in standing shoulder heights: about 40 degrees of hip flexion."""

SETUP_S: Final = 1.2
"""A first bend held at least this long is the grip being taken: the weight starts on the floor."""


def _stoop(track: Track) -> FloatArray:
    """Fall ``(T,)`` of the shoulders, in standing shoulder heights: 0 upright."""
    height = c.height_above_feet(track, "shoulder")
    seen_rows = height[np.isfinite(height)]
    top = float(np.percentile(seen_rows, 95)) if len(seen_rows) else float("nan")
    return 1.0 - height / top


def cut(track: Track, view: View) -> Cut:
    """Repetitions from standing to standing, or, with the weight on the floor, floor to floor."""
    stoop = _stoop(track)
    if not np.isfinite(stoop).any():
        return Cut(())
    if _starts_on_floor(stoop, track.t_s):
        rule = RepRule(min_rise=MIN_DROP, open_end=True)
        lifts = find_reps(-stoop, track.t_s, rule)
        if lifts:
            return Cut(tuple(lifts), floor_start=True)
    return Cut(tuple(find_reps(stoop, track.t_s, RepRule(min_rise=MIN_DROP))))


def _starts_on_floor(stoop: FloatArray, t_s: FloatArray) -> bool:
    """Whether the set begins bent over, or with a bend that is held as one holds it to take a grip."""
    ok = np.isfinite(stoop)
    x = np.interp(t_s, t_s[ok], stoop[ok])
    high = float(np.percentile(x, 95))
    if high < MIN_DROP:
        return False
    bent = runs(x >= 0.7 * high)
    first, last = bent[0]
    if t_s[first] - t_s[0] < 0.3:
        return True
    return bool(t_s[last - 1] - t_s[first] >= SETUP_S)


def shin_angle(scene: Scene, side: str | None) -> Measurement:
    """Largest lean of the near shin in the repetition, + knee forward.

    In a pull from the floor it is taken above the knees only and not judged.
    """
    shin = c.shin_angle(scene.track, scene.view)
    rows = c.load_clear_rows(scene)
    part = shin[rows]
    if not len(part) or np.isfinite(part).mean() < 0.6:
        return unseen(scene.missing(f"{scene.side}_knee", f"{scene.side}_ankle"))
    worst = int(np.nanargmax(np.abs(part)))
    value = float(part[worst])
    jitter = np.hypot(scene.noise_deg(scene.leg_px / 2, 1.5), scene.foreshortening(value))
    sd = float(np.hypot(jitter, scene.view.roll_sd_deg))
    if scene.floor_start:
        return Measurement(value, sd, int(rows[worst]), "the bar has to pass the knees: not judged", False)
    return Measurement(value, sd, int(rows[worst]))


def _furthest(scene: Scene, values: FloatArray, length_px: float, *points: str) -> Measurement:
    """The value at the far point of the bend: the turn, or the floor in a lift from it."""
    rows = scene.rows
    part = values[rows]
    if not len(part) or np.isfinite(part).mean() < 0.6:
        return unseen(scene.missing(*(f"{scene.side}_{p}" for p in points)))
    worst = int(np.nanargmax(part))
    sd = np.hypot(scene.noise_deg(length_px), scene.foreshortening(float(part[worst])))
    return seen(float(part[worst]), float(sd), int(rows[worst]), "not seen")


def knee_flexion(scene: Scene, side: str | None) -> Measurement:
    """Most knee flexion in the repetition; a deadlift from the floor needs more and is not judged."""
    m = _furthest(scene, c.knee_flexion(scene.track, scene.view), scene.leg_px / 2, "hip", "knee", "ankle")
    if scene.floor_start and m.value is not None:
        return Measurement(
            m.value, m.sd, m.frame, "a pull from the floor bends the knees more: not judged", False
        )
    return m


def hip_flexion(scene: Scene, side: str | None) -> Measurement:
    """Most flexion between trunk and thigh in the repetition, 0 in line."""
    return _furthest(scene, c.hip_flexion(scene.track, scene.view), scene.trunk_px, "hip", "knee", "shoulder")


def hip_knee_ratio(scene: Scene, side: str | None) -> Measurement:
    """Change of hip flexion over change of knee flexion between standing and the far point."""
    hip, knee = c.hip_flexion(scene.track, scene.view), c.knee_flexion(scene.track, scene.view)
    rows = scene.rows
    if np.isfinite(hip[rows] + knee[rows]).mean() < 0.6:
        return unseen(scene.missing(*(f"{scene.side}_{p}" for p in ("hip", "knee", "ankle", "shoulder"))))
    d_hip = float(np.nanmax(hip[rows]) - np.nanmin(hip[rows]))
    d_knee = float(np.nanmax(knee[rows]) - np.nanmin(knee[rows]))
    sd_deg = 5.0  # of either change: keypoint definition, see docs/accuracy.md
    if d_knee < 2 * sd_deg:  # hardly any knee bend: the ratio is large, and how large means nothing
        return Measurement(min(d_hip / max(d_knee, 1.0), 20.0), 1.5, scene.cycle.turn)
    ratio = d_hip / d_knee
    sd = ratio * float(np.hypot(sd_deg / d_hip, sd_deg / d_knee))
    m = seen(ratio, sd, scene.cycle.turn, "not seen")
    if scene.floor_start:
        return Measurement(
            m.value, m.sd, m.frame, "a pull from the floor bends the knees more: not judged", False
        )
    return m


def hips_back(scene: Scene, side: str | None) -> Measurement:
    """How far the hip moves back over the ankle, in thigh lengths."""
    back = -scene.view.facing * (scene.near("hip") - scene.near("ankle"))[:, 0]
    rows = scene.rows
    if np.isfinite(back[rows]).mean() < 0.6:
        return unseen(scene.missing(f"{scene.side}_hip", f"{scene.side}_ankle"))
    upright = scene.at_turn(back) if scene.floor_start else scene.at_start(back)
    if not np.isfinite(upright):
        upright = float(np.nanpercentile(back[rows], 5))
    move = (float(np.nanmax(back[rows])) - upright) / (scene.leg_px / 2)
    return Measurement(move, 2 * scene.noise_px() / scene.leg_px * 2, int(rows[np.nanargmax(back[rows])]))


def spine_rounding(scene: Scene, side: str | None) -> Measurement:
    """How much further the back's edge bows out at the far point than standing, in chord lengths."""
    stoop = _stoop(scene.track)[scene.rows]
    if not np.isfinite(stoop).any():
        return unseen(scene.missing(f"{scene.side}_shoulder"))
    upright = int(scene.rows[np.nanargmin(stoop)])
    far = int(scene.rows[np.nanargmax(stoop)])
    return dorsal_bend(replace(scene, cycle=replace(scene.cycle, turn=far)), upright)


def neck_angle(scene: Scene, side: str | None) -> Measurement:
    """Largest change of the ear-shoulder line against the trunk from its standing angle."""
    neck = kin.forward_lean_deg(scene.near("shoulder"), scene.near("ear"), scene.view.facing)
    bend = neck - c.trunk_angle(scene.track, scene.view)
    at_floor = scene.at_start(bend) - scene.at_turn(bend)
    far = at_floor if scene.floor_start else -at_floor
    sd = scene.noise_deg(scene.trunk_px * 0.35)
    return seen(
        far, float(sd), scene.cycle.turn, scene.missing(f"{scene.side}_ear", f"{scene.side}_shoulder")
    )


def wrist_path(scene: Scene, side: str | None) -> Measurement:
    """Furthest that the wrist strays in front of or behind the middle of the foot, in foot lengths."""
    mid_foot = (scene.near("heel") + scene.near("toe"))[:, 0] / 2
    length = kin.length_px(scene.near("heel"), scene.near("toe"))
    foot = float(np.nanmedian(length)) if np.isfinite(length).any() else float("nan")
    off = scene.view.facing * (scene.near("wrist")[:, 0] - mid_foot) / foot
    rows = scene.rows
    if not np.isfinite(foot) or np.isfinite(off[rows]).mean() < 0.6:
        return unseen(scene.missing(*(f"{scene.side}_{p}" for p in ("wrist", "heel", "toe"))))
    worst = int(np.nanargmax(np.abs(off[rows])))
    sd = 2 * scene.noise_px(2.0) / foot
    return seen(float(off[rows][worst]), float(sd), int(rows[worst]), "not seen")


LOCKOUT_S: Final = 0.6
"""Seconds after a repetition in which its most upright moment may still come."""


def lockout_trunk(scene: Scene, side: str | None) -> Measurement:
    """Trunk at its most upright after the far point, + forward, - leaning back."""
    t = scene.track.t_s
    trunk = c.trunk_angle(scene.track, scene.view)
    if scene.floor_start:
        first, until = scene.cycle.turn, t[scene.cycle.turn] + TURN_S
    else:
        first, until = scene.cycle.turn, t[min(scene.cycle.end, len(t)) - 1] + LOCKOUT_S
    rows = np.arange(first, int(np.searchsorted(t, float(until), side="right")))
    if not np.isfinite(trunk[rows]).any():
        return unseen(scene.missing(f"{scene.side}_hip", f"{scene.side}_shoulder"))
    best = int(rows[np.nanargmin(trunk[rows])])
    sd = float(np.hypot(scene.noise_deg(scene.trunk_px), scene.view.roll_sd_deg))
    return Measurement(float(trunk[best]), sd, best)


def curves(track: Track, view: View) -> tuple[Curve, ...]:
    """What is plotted over time."""
    if view.plane is Plane.SAGITTAL:
        return (
            Curve("shin_angle", "deg", c.shin_angle(track, view)),
            Curve("hip_flexion", "deg", c.hip_flexion(track, view)),
            Curve("knee_flexion", "deg", c.knee_flexion(track, view)),
        )
    return (Curve("stoop", "% of standing height", 100 * _stoop(track)),)


HINGE = Movement(
    name="hinge",
    table=load_table("hinge"),
    cut=cut,
    measures=(
        Measure("shin_angle", shin_angle),
        Measure("knee_flexion", knee_flexion),
        Measure("hip_flexion", hip_flexion),
        Measure("hip_knee_ratio", hip_knee_ratio),
        Measure("hips_back", hips_back),
        Measure("heel_rise", c.heel_rise),
        Measure("spine_rounding", spine_rounding),
        Measure("neck_angle", neck_angle),
        Measure("wrist_path", wrist_path),
        Measure("lockout_trunk", lockout_trunk),
    ),
    curves=curves,
    cutoff_hz=5.0,
    min_fps=15.0,
    views=(Plane.SAGITTAL,),
    detected=True,
)
