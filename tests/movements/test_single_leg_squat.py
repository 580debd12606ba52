"""The single-leg squat, by a figure whose joints are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests import figures as fig
from tests.movements import moving as mv
from vision import kinematics as kin
from vision.movements import oneleg
from vision.movements.single_leg_squat import SINGLE_LEG_SQUAT
from vision.types import SIDES, Finding, Verdict

NAME = "single_leg_squat"


def frontal_deg(goal: mv.OneLeg) -> float:
    """The projection angle of the figure's left knee at the bottom less what standing shows."""
    both = []
    for share in (0.0, 1.0):
        body = goal.body(share)
        hip, knee, ankle, other = (
            body[n][[0, 2]] * (1, -1) for n in ("left_hip", "left_knee", "left_ankle", "right_hip")
        )
        both.append(float(kin.frontal_projection_deg(hip, knee, ankle, other)))
    return both[1] - float(np.clip(both[0], -3, 3))


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("inward", "lean"), [(0.0, 0.0), (12.0, 6.0), (-6.0, -4.0)])
def test_knee_and_trunk_from_the_front(side: str, inward: float, lean: float) -> None:
    goal = replace(mv.SQUAT, shin_in=inward, lean=lean)
    of = mv.scenes(NAME, side, mv.one_leg(goal))
    assert [s.cycle.side for s in of] == [side] * 2
    assert mv.values(NAME, "knee_valgus", of) == pytest.approx([frontal_deg(goal)] * 2, abs=1.5)
    body = goal.body()
    up = sum(body[f"{s}_shoulder"] - body[f"{s}_hip"] for s in SIDES)
    seen = float(np.degrees(np.arctan2(up[0], up[2])))
    assert mv.values(NAME, "trunk_lean", of) == pytest.approx([seen] * 2, abs=1.0)


@pytest.mark.parametrize("side", SIDES)
def test_depth_shin_and_trunk_from_its_own_side(side: str) -> None:
    of = mv.scenes(NAME, side, mv.one_leg(mv.SQUAT), fig.FROM_LEFT)
    assert mv.values(NAME, "knee_flexion", of) == pytest.approx([28.0 + 52.0] * 2, abs=1.0)
    assert mv.values(NAME, "shin_angle", of) == pytest.approx([28.0] * 2, abs=1.0)
    assert mv.values(NAME, "trunk_angle", of) == pytest.approx([30.0] * 2, abs=1.0)
    assert mv.values(NAME, "hip_flexion", of) == pytest.approx([82.0] * 2, abs=1.5)


def test_a_knee_inside_the_toes_is_positive() -> None:
    inside, outside = (
        mv.values(NAME, "knee_past_toe", mv.scenes(NAME, "left", mv.one_leg(replace(mv.SQUAT, shin_in=i))))
        for i in (14.0, -14.0)
    )
    assert min(inside) > 4
    assert max(outside) < -4


def test_lifting_a_foot_is_no_squat() -> None:
    lifts = mv.one_leg(mv.OneLeg(free_thigh=80.0, free_knee=90.0))
    assert mv.scenes(NAME, "left", lifts) == []


def test_which_leg_worked_is_not_guessed() -> None:
    shot = fig.track(fig.film(fig.squats(2), fig.FRONT, fig.clock(fig.set_length(2), 20)))
    both = fig.scenes(SINGLE_LEG_SQUAT, shot, fig.seen_from("front"))
    assert [s.cycle.side for s in both] == [None, None]
    got = fig.measured(SINGLE_LEG_SQUAT, "knee_valgus", both[0], "left")
    assert (got.value, got.reason) == (None, oneleg.NOT_CLEAR)


@pytest.mark.parametrize("yaw_deg", [-10.0, 10.0])
def test_off_the_middle_the_stated_error_holds_what_the_knee_seems_to_do(yaw_deg: float) -> None:
    def valgus(off_deg: float) -> Finding:
        camera = replace(fig.FRONT, bearing_deg=off_deg)
        poses = fig.film(mv.one_leg(mv.SQUAT), camera, fig.clock(fig.set_length(2), 20))
        found = fig.report(poses, NAME).set_findings
        return next(f for f in found if f.measure == "knee_valgus" and f.value is not None)

    middle, aside = valgus(0.0), valgus(yaw_deg)
    assert isinstance(middle.value, float)
    assert isinstance(aside.value, float)
    assert aside.error95 is not None
    assert abs(aside.value - middle.value) > 10.0
    assert abs(aside.value - middle.value) <= aside.error95
    assert aside.verdict is Verdict.UNKNOWN
