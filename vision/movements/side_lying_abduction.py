"""Leg lift on the side: the camera faces the front of the body."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from vision.events import RepRule, find_reps
from vision.movements import oneleg, sidelying
from vision.movements.base import Cut, Movement, Posture
from vision.movements.table import load_table
from vision.types import Curve, Plane, Track, View

MIN_LIFT_DEG: Final = 20.0
"""Least lift that is a repetition (reference, part C)."""


def cut(track: Track, view: View) -> Cut:
    """Repetitions by the lift of the upper leg, which is the one that works."""
    found = find_reps(sidelying.lifted_deg(track), track.t_s, RepRule(min_rise=MIN_LIFT_DEG))
    side = sidelying.upper_side(track)
    return Cut(tuple(replace(k, side=side) for k in found))


def curves(track: Track, view: View) -> tuple[Curve, ...]:
    """What is plotted over time."""
    side = sidelying.upper_side(track)
    return (Curve("abduction", "deg", sidelying.lifted_deg(track), side),)


SIDE_LYING_ABDUCTION = Movement(
    name="side_lying_abduction",
    table=load_table("side_lying_abduction"),
    cut=cut,
    measures=(
        oneleg.worker("abduction", sidelying.abduction),
        oneleg.worker("pelvic_hike", sidelying.pelvic_hike),
    ),
    curves=curves,
    cutoff_hz=5.0,
    min_fps=15.0,
    views=(Plane.FRONTAL,),
    posture=Posture.SIDE,
    moving="ankle",
    look=sidelying.look,
)
