"""Side plank with lifts of the upper leg: the camera faces the front of the body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from vision.events import RepRule, find_reps
from vision.filters import runs
from vision.movements import common as c
from vision.movements import oneleg, sidelying
from vision.movements.base import Cut, Movement, Posture, Scene, SetMeasure, unseen
from vision.movements.table import load_table
from vision.types import Curve, Cycle, Measurement, Plane, Track, View

MIN_LIFT_DEG: Final = 12.0
"""Least lift that is a repetition: in a plank the leg goes less high (assumed)."""

SUNK_DEG: Final = -15.0
"""Line of the body, below which the plank is over (assumed; hips on the floor make about -25)."""


def cut(track: Track, view: View) -> Cut:
    """Repetitions by the lift of the upper leg; named after the leg that is lifted."""
    found = find_reps(sidelying.lifted_deg(track), track.t_s, RepRule(min_rise=MIN_LIFT_DEG))
    side = sidelying.upper_side(track)
    return Cut(tuple(replace(k, side=side) for k in found))


def body_line(scene: Scene, side: str | None) -> Measurement:
    """Trunk and lower leg at the turn: 0 in line, - hips sagging, + hips high."""
    sd = float(np.hypot(scene.noise_deg(scene.trunk_px), scene.noise_deg(scene.leg_px)))
    return c.at_turn(scene, sidelying.body_line_deg(scene.track), sd, "left_hip", "right_hip")


def held_time(scene: Scene, cycles: Sequence[Cycle], side: str | None) -> Measurement:
    """Seconds of the longest stretch with the hips up."""
    line, t = sidelying.body_line_deg(scene.track), scene.track.t_s
    ok = np.isfinite(line)
    if ok.mean() < 0.6:
        return unseen(scene.missing("left_hip", "right_hip", rows=slice(0, len(t))))
    held = runs(np.interp(t, t[ok], line[ok]) > SUNK_DEG)
    if not held:
        return unseen("the hips were not off the floor")
    first, last = max(held, key=lambda r: t[r[1] - 1] - t[r[0]])
    step = float(np.median(np.diff(t)))
    return Measurement(float(t[last - 1] - t[first]) + step, step, first)


def curves(track: Track, view: View) -> tuple[Curve, ...]:
    """What is plotted over time."""
    side = sidelying.upper_side(track)
    return (
        Curve("body_line", "deg", sidelying.body_line_deg(track), side),
        Curve("abduction", "deg", sidelying.lifted_deg(track), side),
    )


SIDE_PLANK = Movement(
    name="side_plank",
    table=load_table("side_plank"),
    cut=cut,
    measures=(
        oneleg.worker("body_line", body_line),
        oneleg.worker("abduction", sidelying.abduction),
        oneleg.worker("pelvic_hike", sidelying.pelvic_hike),
    ),
    set_measures=(SetMeasure("held_time", held_time),),
    curves=curves,
    cutoff_hz=5.0,
    min_fps=15.0,
    views=(Plane.FRONTAL,),
    posture=Posture.SIDE,
    moving="ankle",
    look=sidelying.look,
)
