"""Lunge, forward, back or walking: from the side of the front leg, and from the front."""

from __future__ import annotations

from typing import Final

from vision.events import RepRule, find_reps
from vision.movements import common as c
from vision.movements import oneleg, squat
from vision.movements.base import Cut, Movement
from vision.movements.table import load_table
from vision.types import Curve, Plane, Track, View

MIN_DROP_LEGS: Final = 0.12
"""Least fall of the hips, in leg lengths, that is a repetition."""


def cut(track: Track, view: View) -> Cut:
    """Repetitions by the fall of the hips; the leg that works is the one in front."""
    found = find_reps(oneleg.fallen_legs(track), track.t_s, RepRule(min_rise=MIN_DROP_LEGS))
    return Cut(oneleg.sided(found, track, oneleg.front_side))


def curves(track: Track, view: View) -> tuple[Curve, ...]:
    """What is plotted over time."""
    depth = Curve("hips_lowered", "% of leg length", 100 * oneleg.fallen_legs(track))
    if view.plane is not Plane.SAGITTAL:
        return (depth,)
    return (
        depth,
        Curve("shin_angle", "deg", c.shin_angle(track, view), view.near_side),
        Curve("trunk_angle", "deg", c.trunk_angle(track, view), view.near_side),
    )


MEASURES: Final = (
    oneleg.worker("shin_inward", oneleg.shin_inward),
    oneleg.worker("trunk_lean", oneleg.trunk_lean),
    oneleg.worker("pelvis_level", oneleg.pelvis_level),
    oneleg.near("shin_angle", squat.shin_angle),
    oneleg.near("knee_flexion", squat.knee_flexion),
    oneleg.near("hip_flexion", squat.hip_flexion),
    oneleg.near("trunk_angle", squat.trunk_angle),
    oneleg.near("heel_rise", c.heel_rise),
)
"""Of a lunge and of a split squat alike."""

LUNGE = Movement(
    name="lunge",
    table=load_table("lunge"),
    cut=cut,
    measures=MEASURES,
    curves=curves,
    cutoff_hz=5.0,
    min_fps=15.0,
    views=(Plane.SAGITTAL, Plane.FRONTAL),
    travels=True,
    detected=True,
)
