"""Hip mobility, six directions for either hip: one leg at a time as far as it goes.

From the side, standing: flexion and extension. From the front, standing: abduction and adduction. From
the front, sitting with the shanks hanging: inner and outer rotation, which the shank then shows. A view
that cannot show a direction says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vision import kinematics as kin
from vision.events import RepRule
from vision.movements import common as c
from vision.movements import oneleg
from vision.movements.base import Cut, Movement, Scene, unseen
from vision.movements.table import load_table
from vision.types import SIDES, Curve, Cycle, FloatArray, Measurement, Plane, Track, View

SEATED_LEGS: Final = 0.28
"""Height of the hips over the knees, in lengths of the trunk, below which somebody sits (assumed)."""

REST_S: Final = 0.8
"""Seconds at the start in which the athlete is at rest."""

SIT: Final = "sit with the shanks hanging: standing, nothing shows how the thigh turns"
STAND: Final = "stand for this direction"
OTHER_WAY: Final = "this repetition went another way"


@dataclass(frozen=True)
class Way:
    """A direction: its plane, whether it is done sitting, the sign of the signal, and its least excursion."""

    plane: Plane
    seated: bool
    sign: float
    least_deg: float


WAYS: Final = {
    "flexion": Way(Plane.SAGITTAL, False, 1.0, 25.0),
    "extension": Way(Plane.SAGITTAL, False, -1.0, 8.0),
    "abduction": Way(Plane.FRONTAL, False, 1.0, 12.0),
    "adduction": Way(Plane.FRONTAL, False, -1.0, 8.0),
    "inner_rotation": Way(Plane.FRONTAL, True, 1.0, 12.0),
    "outer_rotation": Way(Plane.FRONTAL, True, -1.0, 12.0),
}
"""Excursions from rest that count, assumed: above what the standing leg shows while the other moves."""


def seated(track: Track) -> bool:
    """Whether the knees are nearly as high as the hips in the median: somebody sits."""
    gap = (c.either(track, "knee") - c.either(track, "hip"))[:, 1]
    gap = gap[np.isfinite(gap)]
    return bool(len(gap)) and float(np.median(gap)) < SEATED_LEGS * c.trunk_px(track)


def _swing(track: Track, view: View, side: str) -> FloatArray:
    """Angle ``(T,)`` deg of one leg from rest: flexion +, or outwards + of leg or shank."""
    if view.plane is Plane.SAGITTAL:
        thigh = kin.thigh_deg(track.point(f"{side}_hip"), track.point(f"{side}_knee"), view.facing)
        angle = thigh + c.trunk_angle(track, view)
    else:
        out = c.left_is(view) * (1.0 if side == "left" else -1.0)
        top = "knee" if seated(track) else "hip"
        v = track.point(f"{side}_ankle") - track.point(f"{side}_{top}")
        angle = np.degrees(np.arctan2(out * v[:, 0], v[:, 1]))
        if top == "hip":  # against the trunk, which leans to the other side
            trunk = kin.sideways_lean_deg(track.mid("hip"), track.mid("shoulder"), c.left_is(view))
            angle = angle + (trunk if side == "left" else -trunk)
    first = angle[(track.t_s <= track.t_s[0] + REST_S) & np.isfinite(angle)]
    return angle - (float(np.median(first)) if len(first) else float("nan"))


def cut(track: Track, view: View) -> Cut:
    """Excursions of either leg in either direction of what this view shows."""
    if view.plane not in (Plane.SAGITTAL, Plane.FRONTAL):
        return Cut(())
    found: list[Cycle] = []
    sits = seated(track)
    for way in WAYS.values():
        if way.plane is view.plane and way.seated is (sits and view.plane is Plane.FRONTAL):
            # the other way is cut off, or coming back from it to rest would count
            signals = {s: np.maximum(way.sign * _swing(track, view, s), 0.0) for s in SIDES}
            found += oneleg.by_leg(signals, track.t_s, RepRule(min_rise=way.least_deg, share=0.3))
    return Cut(tuple(_apart(sorted(found, key=lambda k: k.turn), track, view)))


def _apart(cycles: list[Cycle], track: Track, view: View) -> list[Cycle]:
    """Of excursions within each other, the larger."""
    swings = {s: _swing(track, view, s) for s in SIDES}
    kept: list[Cycle] = []
    for k in sorted(cycles, key=lambda k: -abs(float(swings[k.side or "left"][k.turn]))):
        if all(k.turn < o.start or k.turn >= o.end for o in kept):
            kept.append(k)
    return sorted(kept, key=lambda k: k.turn)


def _measure(name: str) -> oneleg.Of:
    way = WAYS[name]

    def measure(scene: Scene, side: str | None) -> Measurement:
        if side is None:
            return unseen(oneleg.NOT_CLEAR)
        if way.plane is Plane.FRONTAL and seated(scene.track) is not way.seated:
            return unseen(SIT if way.seated else STAND)
        swing = way.sign * _swing(scene.track, scene.view, side)
        value = scene.at_turn(swing) - scene.at_start(swing)
        if not np.isfinite(value):
            return unseen(scene.missing(f"{side}_hip", f"{side}_knee", f"{side}_ankle"))
        if value < way.least_deg / 2:
            return unseen(OTHER_WAY)
        far = way.plane is Plane.SAGITTAL and side != scene.side
        bone = scene.leg_px * (0.5 if way.seated or way.plane is Plane.SAGITTAL else 1.0)
        parts = (
            np.sqrt(2) * scene.noise_deg(bone),
            np.sqrt(2) * scene.noise_deg(scene.trunk_px),
            scene.foreshortening(value),
            oneleg.FAR_SD_DEG if far else 0.0,
        )
        return Measurement(value, float(np.sqrt(np.sum(np.square(parts)))), scene.cycle.turn)

    measure.__doc__ = f"{name.replace('_', ' ').capitalize()} of the hip as far as it went, from rest."
    return measure


def curves(track: Track, view: View) -> tuple[Curve, ...]:
    """What is plotted over time."""
    if view.plane not in (Plane.SAGITTAL, Plane.FRONTAL):
        return ()
    return tuple(Curve("leg_swing", "deg", _swing(track, view, s), s) for s in SIDES)


HIP_MOBILITY = Movement(
    name="hip_mobility",
    table=load_table("hip_mobility"),
    cut=cut,
    measures=tuple(oneleg.worker(name, _measure(name)) for name in WAYS),
    curves=curves,
    cutoff_hz=4.0,
    min_fps=15.0,
    views=(Plane.SAGITTAL, Plane.FRONTAL),
    moving="ankle",
)
