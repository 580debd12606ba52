"""Standing on one leg (Trendelenburg's test, 30 s): from behind or the front.

A cycle is one hold, from the free foot leaving the floor to its return; its ``side`` is the standing leg.
Pelvis and trunk are held against quiet standing on both feet, which the clip has to show.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from vision import kinematics as kin
from vision.filters import runs
from vision.movements import common as c
from vision.movements import pelvis, pelvis_eye
from vision.movements.base import Cut, Measure, Movement, Scene, seen, unseen
from vision.movements.gait import pelvis_line_deg, towards_stance_deg, unless_held_up
from vision.movements.standing import quiet_standing
from vision.movements.table import load_table
from vision.types import Curve, Cycle, CycleKind, FloatArray, Measurement, Plane, Track, View

LIFTED_LEGS: Final = 0.1
"""Height of one ankle over the other, in leg lengths, from which that foot is off the floor (assumed)."""

SHORTEST_HOLD_S: Final = 3.0
"""Shorter than this is a step or a stumble (assumed)."""

SETTLED_S: Final = 0.7
"""What is left out at either end of a hold, while the weight goes over."""

LEVEL_DEG: Final = 4.0
"""Change of the pelvis that can be told from none (Youdas 2007)."""

NO_STANDING: Final = "no quiet standing on both feet for a second or more, to compare with"


def _lift(track: Track) -> FloatArray:
    """Height ``(T,)`` of the left ankle over the right one, leg lengths, less what standing shows."""
    leg = c.leg_px(track)
    gap = (track.point("right_ankle") - track.point("left_ankle"))[:, 1] / leg
    standing = quiet_standing(track, leg)
    return gap if standing is None else gap - float(np.nanmedian(gap[standing]))


def cut(track: Track, view: View) -> Cut:
    """Stretches of three seconds and more in which one foot is off the floor."""
    lift = _lift(track)
    holds: list[Cycle] = []
    for side, up in (("right", lift), ("left", -lift)):  # the left foot up: the right leg stands
        for a, b in runs(np.asarray(up > LIFTED_LEGS, np.bool_)):
            if track.t_s[b - 1] - track.t_s[a] >= SHORTEST_HOLD_S:
                holds.append(Cycle(a, (a + b) // 2, b, CycleKind.HOLD, side))
    return Cut(tuple(sorted(holds, key=lambda k: k.start)), standing=quiet_standing(track, c.leg_px(track)))


def _settled(scene: Scene) -> slice:
    """Rows of the hold without its ends."""
    t, k = scene.track.t_s, scene.cycle
    first, last = float(t[k.start]) + SETTLED_S, float(t[min(k.end, len(t)) - 1]) - SETTLED_S
    return slice(int(np.searchsorted(t, first)), int(np.searchsorted(t, last)))


def _middle(values: FloatArray) -> float:
    """Median of what was seen; NaN where less than 60 % was."""
    ok = np.isfinite(values)
    return float(np.median(values[ok])) if len(values) and ok.mean() >= 0.6 else float("nan")


def hold_time(scene: Scene, side: str | None) -> Measurement:
    """How long the free foot stayed off the floor."""
    t, k = scene.track.t_s, scene.cycle
    value = float(t[min(k.end, len(t)) - 1] - t[k.start])
    return Measurement(value, float(np.sqrt(2) / scene.track.fps), k.start)


def _line_deg(track: Track, view: View, yaw_deg: float) -> FloatArray:
    """Slope of the pelvis as a camera turned by ``yaw_deg`` would give it, where that can be said."""
    names = pelvis.across(track)
    return pelvis.slope_deg(track, names, yaw_deg) if names else pelvis_line_deg(track, view)


def pelvic_drop(scene: Scene, side: str | None) -> Measurement:
    """Median fall of the free side against standing on both feet; + lower, - hiked.

    A level pelvis under a trunk that leans over the standing leg is told and not praised.
    """
    if scene.standing is None:
        return unseen(NO_STANDING)
    names, rows = pelvis.across(scene.track), _settled(scene)
    if names is None and (look := pelvis_eye.slope(scene.track, scene.view, pelvis_eye.STANCE_TRUST)):
        drop = pelvis_eye.held_drop(scene, look, side, rows)
        return unless_held_up(drop, trunk_lean(scene, side), LEVEL_DEG)
    if names and (why := pelvis.lost(scene.track, names, rows)):
        return unseen(why)
    standing = scene.standing

    def fall(yaw_deg: float) -> float:
        held, rest = (
            pelvis.free_side_down(_line_deg(t, scene.view, yaw_deg), side) for t in (scene.track, standing)
        )
        return _middle(held[rows]) - _middle(rest)

    value = fall(scene.view.yaw_deg)
    if not np.isfinite(value):
        return unseen(scene.missing("left_hip", "right_hip"))
    width = float(np.nanmedian(kin.length_px(scene.track.point("left_hip"), scene.track.point("right_hip"))))
    jitter = pelvis.noise_deg(scene.track, names, rows, 10.0) if names else scene.noise_deg(width, 10.0)
    doubts = (jitter, pelvis.turned_sd(fall, scene.view), pelvis.SKIN_SHARE * value)
    sd = float(np.sqrt(np.sum(np.square(doubts))))
    drop = Measurement(value, sd, scene.cycle.turn, by_markers=names is not None)
    return unless_held_up(drop, trunk_lean(scene, side), LEVEL_DEG)


def trunk_lean(scene: Scene, side: str | None) -> Measurement:
    """Median lean of the trunk over the standing leg, against standing on both feet."""
    if scene.standing is None:
        return unseen(NO_STANDING)
    held = _middle(towards_stance_deg(scene.track, scene.view, side)[_settled(scene)])
    value = held - _middle(towards_stance_deg(scene.standing, scene.view, side))
    why = scene.missing("left_shoulder", "right_shoulder", "left_hip")
    return seen(value, scene.noise_deg(scene.trunk_px, 10.0), scene.cycle.turn, why)


def sway(scene: Scene, side: str | None) -> Measurement:
    """How far the hips wander sideways: standard deviation about their slow path, % of leg length."""
    rows = _settled(scene)
    x = c.either(scene.track, "hip")[rows, 0]
    if len(x) < 10 or np.isfinite(x).mean() < 0.9:
        return unseen(scene.missing("left_hip", "right_hip"))
    ok = np.isfinite(x)
    t = scene.track.t_s[rows]
    line = np.interp(t, t[ok], x[ok])
    slow = np.linspace(float(line[0]), float(line[-1]), len(line))
    value = 100 * float(np.std(line - slow)) / scene.leg_px
    return Measurement(value, 100 * scene.noise_px(3.0) / scene.leg_px, scene.cycle.turn)


def curves(track: Track, view: View) -> tuple[Curve, ...]:
    """What is plotted over time."""
    lean = kin.sideways_lean_deg(track.mid("hip"), track.mid("shoulder"), c.left_is(view))
    return (
        Curve("hip_line", "deg", pelvis_line_deg(track, view)),
        Curve("trunk_lean", "deg", lean),
        Curve("left_foot_above_right", "% of leg length", 100 * _lift(track)),
    )


SINGLE_LEG_STANCE = Movement(
    name="single_leg_stance",
    table=load_table("single_leg_stance"),
    cut=cut,
    measures=(
        Measure("pelvic_drop", pelvic_drop),
        Measure("trunk_lean", trunk_lean),
        Measure("hold_time", hold_time),
        Measure("sway", sway),
    ),
    curves=curves,
    cutoff_hz=4.0,
    min_fps=15.0,
    views=(Plane.FRONTAL,),
    moving="ankle",
)
