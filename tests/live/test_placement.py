"""Where the athlete stands: each problem found, and said in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests import figures as fig
from vision.live import placement
from vision.live.placement import Problem
from vision.live.values import Sight
from vision.movements import MOVEMENTS
from vision.pose.base import BLAZEPOSE

STANDS: fig.Motion = lambda t_s: fig.standing(fig.Stance())  # noqa: E731
LIES: fig.Motion = lambda t_s: fig.bridging(3.0)  # noqa: E731
SIDE = replace(fig.FROM_LEFT, noise_px=0.3)
FRONT = replace(fig.FRONT, noise_px=0.3)


def found(movement: str, motion: fig.Motion, camera: fig.Camera, **sight: float) -> placement.Placement:
    poses = fig.film(motion, camera, fig.clock(1.0, 15.0))
    wide, high = fig.SIZE
    inside = [
        replace(p, score=p.score * ((p.xy >= 0) & (p.xy < (wide, high))).all(axis=1)) for p in poses
    ]  # as the athlete's follower marks them
    sights = [Sight(p, p.t_s, sight.get("light"), int(sight.get("people", 1))) for p in inside]
    return placement.check(sights, MOVEMENTS[movement], BLAZEPOSE, fig.SIZE)


@pytest.mark.parametrize(
    ("movement", "motion", "camera", "sight", "problem"),
    [
        ("squat", STANDS, FRONT, {}, None),
        ("squat", STANDS, SIDE, {}, None),
        ("hinge", STANDS, SIDE, {}, None),
        ("bridge", LIES, SIDE, {}, None),
        ("hinge", STANDS, FRONT, {}, Problem.VIEW),
        ("squat", STANDS, fig.Camera(45.0), {}, Problem.VIEW),
        ("bridge", LIES, fig.Camera(-45.0), {}, Problem.VIEW),
        ("bridge", STANDS, SIDE, {}, Problem.POSTURE),
        ("squat", LIES, SIDE, {}, Problem.POSTURE),
        ("squat", STANDS, FRONT, {"light": 12.0}, Problem.DARK),
        ("squat", STANDS, FRONT, {"light": 250.0}, Problem.GLARE),
        ("squat", STANDS, FRONT, {"light": 120.0}, None),
        ("squat", STANDS, FRONT, {"people": 2}, Problem.CROWD),
        ("squat", STANDS, replace(FRONT, scale=1.6), {}, Problem.NEAR),
        ("squat", STANDS, replace(FRONT, scale=0.4), {}, Problem.FAR),
        ("squat", STANDS, replace(FRONT, shift_px=(0, 180)), {}, Problem.FEET),
        ("squat", STANDS, replace(FRONT, shift_px=(0, -180)), {}, Problem.HEAD),
        ("squat", STANDS, replace(FRONT, shift_px=(-280, 0)), {}, Problem.EDGE),
    ],
)
def test_each_problem_is_found(
    movement: str, motion: fig.Motion, camera: fig.Camera, sight: dict[str, float], problem: Problem | None
) -> None:
    got = found(movement, motion, camera, **sight)
    assert got.problem is problem
    assert got.good is (problem is None)
    assert got.sentence == placement.sentence(problem, MOVEMENTS[movement])


@pytest.mark.parametrize("seen", [0, 5])
def test_nobody_is_told_before_anything_about_a_body(seen: int) -> None:
    poses = fig.film(STANDS, FRONT, fig.clock(1.0, 15.0))
    sights = [Sight(p if i < seen else None, p.t_s, 120.0) for i, p in enumerate(poses)]
    assert placement.check(sights, MOVEMENTS["squat"], BLAZEPOSE, fig.SIZE).problem is Problem.NOBODY


def test_darkness_is_told_where_nobody_is_found_for_it() -> None:
    sights = [Sight(None, i / 15, 8.0) for i in range(15)]
    assert placement.check(sights, MOVEMENTS["squat"], BLAZEPOSE, fig.SIZE).problem is Problem.DARK


@pytest.mark.parametrize("movement", ["squat", "hinge", "bridge"])
def test_every_problem_has_a_sentence_that_says_what_to_do(movement: str) -> None:
    for problem in Problem:
        text = placement.sentence(problem, MOVEMENTS[movement])
        assert text.endswith(".")
        assert len(text) <= 90
        assert text.count(".") == 1


@pytest.mark.parametrize(
    ("motion", "camera"), [(STANDS, FRONT), (STANDS, SIDE), (STANDS, replace(FRONT, shift_px=(-280, 0)))]
)
def test_the_mirror_finds_the_same(motion: Callable[[float], fig.Body], camera: fig.Camera) -> None:
    poses = fig.film(motion, camera, fig.clock(1.0, 15.0))
    both = [
        placement.check([Sight(p, p.t_s) for p in some], MOVEMENTS["squat"], BLAZEPOSE, fig.SIZE).problem
        for some in (poses, fig.flipped(poses, fig.SIZE[0]))
    ]
    assert both[0] is both[1]
