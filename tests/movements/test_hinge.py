"""Hinges and lifts from the floor by a figure whose angles are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests import figures as fig
from vision.movements.base import Scene
from vision.movements.hinge import HINGE
from vision.types import SIDES, Pose

RDL = fig.Stance(shin=0.0, thigh=18.0, trunk=75.0, hands="hanging")
DEG = 1.5
FROM_START = 0.16
"""Share of a change that may have happened before a repetition is seen to have begun."""
CAMERAS = {"left": fig.FROM_LEFT, "right": fig.FROM_RIGHT}


def scene(bottom: fig.Stance = RDL, side: str = "left") -> Scene:
    track = fig.track(fig.film(fig.hinges(1, bottom), CAMERAS[side], fig.clock(fig.set_length(1))))
    (one,) = fig.scenes(HINGE, track, fig.seen_from(side))
    return one


def value(name: str, one: Scene) -> float:
    got = fig.measured(HINGE, name, one).value
    assert isinstance(got, float), name
    return got


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("reps", [1, 4])
def test_repetitions_turn_where_the_shoulders_are_lowest(side: str, reps: int) -> None:
    track = fig.track(fig.film(fig.hinges(reps, RDL), CAMERAS[side], fig.clock(fig.set_length(reps))))
    cut = HINGE.cut(track, fig.seen_from(side))
    assert not cut.floor_start
    assert [track.t_s[c.turn] for c in cut.cycles] == pytest.approx(fig.turn_times(reps), abs=0.05)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    "bottom", [RDL, replace(RDL, shin=-4.0), replace(RDL, shin=16.0, thigh=29.0, trunk=60.0)]
)
def test_angles_at_the_far_point(side: str, bottom: fig.Stance) -> None:
    one = scene(bottom, side)
    assert value("shin_angle", one) == pytest.approx(bottom.shin, abs=DEG)
    assert value("knee_flexion", one) == pytest.approx(bottom.thigh + bottom.shin, abs=DEG)
    assert value("hip_flexion", one) == pytest.approx(bottom.thigh + bottom.trunk, abs=DEG)


def test_hip_bend_over_knee_bend() -> None:
    bottom = replace(RDL, shin=5.0, thigh=35.0, trunk=65.0)
    assert value("hip_knee_ratio", scene(bottom)) == pytest.approx(100 / 40, abs=0.1)
    stiff = value("hip_knee_ratio", scene(replace(RDL, thigh=4.0)))
    assert 3 < stiff <= 20  # hardly any knee bend: large, and not larger than what can be said


@pytest.mark.parametrize("bottom", [RDL, replace(RDL, thigh=25.0), replace(RDL, shin=12.0, thigh=30.0)])
@pytest.mark.parametrize("side", SIDES)
def test_hips_go_back_by_what_the_legs_lean(bottom: fig.Stance, side: str) -> None:
    back_m = fig.THIGH_M * np.sin(np.radians(bottom.thigh)) - fig.SHANK_M * np.sin(np.radians(bottom.shin))
    thigh_m = (fig.THIGH_M + fig.SHANK_M) / 2
    # a repetition begins when the bend has begun, so a part of the way is not in it
    assert value("hips_back", scene(bottom, side)) == pytest.approx(back_m / thigh_m, rel=FROM_START * 2)


@pytest.mark.parametrize("lean", [0.0, -12.0])
def test_lockout_is_negative_for_leaning_back(lean: float) -> None:
    """Upright before, leaning back after the lift."""

    def at(t_s: float) -> fig.Body:
        share = fig.depth_at(t_s, 1)
        after = np.clip((t_s - 2.6) / 0.5, 0, 1) * (1 - share)
        return fig.standing(replace(RDL, thigh=RDL.thigh * share, trunk=RDL.trunk * share + lean * after))

    track = fig.track(fig.film(at, fig.FROM_RIGHT, fig.clock(4.5)))
    (one,) = fig.scenes(HINGE, track, fig.seen_from("right"))
    assert value("lockout_trunk", one) == pytest.approx(lean, abs=2.0)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("nod", [0.0, -20.0, 25.0])
def test_neck_is_negative_for_a_head_tipped_up(side: str, nod: float) -> None:
    """The head keeps its angle to the trunk and nods by so many degrees at the bottom."""

    def at(t_s: float) -> fig.Body:
        body = fig.hinges(1, RDL)(t_s)
        a = np.radians(RDL.trunk * fig.depth_at(t_s, 1) + nod * fig.depth_at(t_s, 1))
        for s in SIDES:
            ear = body[f"{s}_shoulder"] + 0.2 * np.array([0.0, np.sin(a), np.cos(a)])
            body[f"{s}_ear"] = ear
        return body

    track = fig.track(fig.film(at, CAMERAS[side], fig.clock(fig.set_length(1))))
    (one,) = fig.scenes(HINGE, track, fig.seen_from(side))
    assert value("neck_angle", one) == pytest.approx(nod, abs=0.5, rel=FROM_START)


def test_hands_over_the_middle_of_the_foot() -> None:
    """Hanging hands lie under the shoulders; the foot's middle is 0.045 m before the ankle."""
    one = scene()
    body = fig.standing(RDL)
    off_m = body["left_wrist"][1] - (body["left_heel"][1] + body["left_toe"][1]) / 2
    foot_m = np.linalg.norm(body["left_heel"] - body["left_toe"])
    assert value("wrist_path", one) == pytest.approx(off_m / foot_m, abs=0.1)


@pytest.mark.parametrize("bow", [0.0, 0.1])
@pytest.mark.parametrize(("side", "row"), [("right", 1), ("left", 0)])
def test_a_back_that_rounds_with_the_bend(bow: float, side: str, row: int) -> None:
    rounded: list[Pose] = [
        replace(p, outline=fig.bow_outline(bow * fig.depth_at(p.t_s, 1), (0.15, 0.9), row))
        for p in fig.film(fig.hinges(1, RDL), CAMERAS[side], fig.clock(fig.set_length(1)))
    ]
    (one,) = fig.scenes(HINGE, fig.track(rounded), fig.seen_from(side))
    assert value("spine_rounding", one) == pytest.approx(bow, abs=0.005, rel=0.25)


def test_an_unclear_outline_gives_no_spine() -> None:
    blind = [replace(p, outline=None) for p in fig.film(fig.hinges(1), fig.FROM_LEFT, fig.clock(4.0))]
    (one,) = fig.scenes(HINGE, fig.track(blind), fig.seen_from("left"))
    got = fig.measured(HINGE, "spine_rounding", one)
    assert got.value is None
    assert "outline is not clear" in got.reason


# --------------------------------------------------------------------------- from the floor


def deadlift(t_s: float) -> fig.Body:
    """Bent for the grip, up, down, up, down; the weight starts on the floor."""
    floor = fig.Stance(shin=12.0, thigh=60.0, trunk=62.0, hands="hanging")
    up = fig.depth_at(t_s, 3, rep_s=3.0, rest_s=0.6)
    down = 1 - up
    return fig.standing(
        replace(floor, shin=floor.shin * down, thigh=floor.thigh * down, trunk=floor.trunk * down)
    )


def test_a_lift_from_the_floor_turns_at_its_lockout_and_spares_shin_and_knee() -> None:
    track = fig.track(fig.film(deadlift, fig.FROM_LEFT, fig.clock(11.4)))
    cut = HINGE.cut(track, fig.seen_from("left"))
    assert cut.floor_start
    turns = fig.turn_times(3, rep_s=3.0, rest_s=0.6)
    assert [track.t_s[c.turn] for c in cut.cycles] == pytest.approx(turns, abs=0.1)
    one = fig.scenes(HINGE, track, fig.seen_from("left"))[1]
    for name in ("shin_angle", "knee_flexion", "hip_knee_ratio"):
        got = fig.measured(HINGE, name, one)
        assert isinstance(got.value, float)
        assert not got.judged
        assert got.reason
    assert value("knee_flexion", one) == pytest.approx(72.0, abs=3.0)
    assert value("lockout_trunk", one) == pytest.approx(0.0, abs=1.5)
