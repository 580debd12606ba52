"""Which movement a set shows, from every side that shows it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tests import figures as fig
from tests.movements import moving as mv
from tests.movements.sprinters import Filmed, Sprinter
from vision import prepare
from vision.detect import detect, in_rhythm
from vision.filters import smooth
from vision.movements import MOVEMENTS
from vision.types import Cycle, CycleKind, FloatArray
from vision.view import estimate_view

REPS = 3
LENGTH = fig.set_length(REPS)


def guess(motion: fig.Motion, camera: fig.Camera, t_s: FloatArray | None = None):
    shot = fig.track(fig.film(motion, camera, fig.clock(LENGTH) if t_s is None else t_s))
    return detect(shot, estimate_view(shot))


CASES = [
    ("squat", fig.squats(REPS), fig.FRONT),
    ("squat", fig.squats(REPS), fig.REAR),
    ("squat", fig.squats(REPS), fig.FROM_LEFT),
    ("squat", fig.squats(REPS), fig.Camera(40.0)),
    ("hinge", fig.hinges(REPS), fig.FROM_LEFT),
    ("hinge", fig.hinges(REPS), fig.FROM_RIGHT),
    ("hinge", fig.hinges(REPS), fig.FRONT),
    ("bridge", fig.bridges(REPS), fig.FROM_LEFT),
    ("bridge", fig.bridges(REPS), fig.FROM_RIGHT),
    ("gait", fig.walk(), fig.REAR),
    ("gait", fig.walk(), fig.FRONT),
    ("gait", fig.walk(), fig.FROM_RIGHT),
]


@pytest.mark.parametrize(("name", "motion", "camera"), CASES)
def test_movements_are_told_apart(name: str, motion: fig.Motion, camera: fig.Camera) -> None:
    got = guess(motion, camera)
    assert got.name == name
    assert 0.5 < got.confidence <= 1.0
    assert got.name in MOVEMENTS


def taken(name: str, camera: fig.Camera | None = None, motion: fig.Motion | None = None) -> str | None:
    take = mv.TAKES[name]
    camera = replace(camera or take.camera, size_wh=take.camera.size_wh, shift_px=take.camera.shift_px)
    shot = fig.track(fig.film(motion or take.motion, camera, fig.clock(take.seconds, 20)), camera.size_wh)
    return detect(shot, estimate_view(shot)).name


@pytest.mark.parametrize("name", ["lunge", "split_squat"])
@pytest.mark.parametrize("bearing_deg", [-90.0, -70.0, 35.0, 90.0])
def test_lunges_are_no_squats(name: str, bearing_deg: float) -> None:
    assert taken(name, fig.Camera(bearing_deg)) == name


def test_legs_by_turns_are_lunges_even_where_no_step_is_seen() -> None:
    take = mv.TAKES["lunge"]

    def by_turns(t_s: float) -> fig.Body:
        return (take.motion if t_s < take.seconds / 2 else fig.mirrored(take.motion))(t_s)

    assert taken("lunge", fig.FRONT) == "split_squat", "a step towards the camera hardly shows"
    assert taken("lunge", fig.FRONT, by_turns) == "lunge"


def test_a_squat_on_one_leg_is_no_lunge() -> None:
    assert taken("single_leg_squat") == taken("single_leg_squat", fig.FROM_LEFT) == "squat"


@pytest.mark.parametrize(("name", "motion", "camera"), [CASES[2], CASES[4], CASES[7], CASES[11]])
def test_the_mirror_changes_nothing(name: str, motion: fig.Motion, camera: fig.Camera) -> None:
    other = fig.Camera(-camera.bearing_deg)
    one, two = guess(motion, camera), guess(fig.mirrored(motion), other)
    assert two.name == one.name == name
    assert two.confidence == pytest.approx(one.confidence, abs=0.02)


def test_a_deep_hinge_with_bent_knees_is_no_squat_and_an_upright_squat_is_no_hinge() -> None:
    knees = fig.Stance(shin=15.0, thigh=25.0, trunk=60.0, hands="hanging")
    upright = fig.Stance(shin=35.0, thigh=95.0, trunk=15.0)
    assert guess(fig.hinges(REPS, knees), fig.FROM_LEFT).name == "hinge"
    assert guess(fig.squats(REPS, upright), fig.FROM_LEFT).name == "squat"


@pytest.mark.parametrize("camera", [fig.FROM_LEFT, fig.FROM_RIGHT])
@pytest.mark.parametrize(("hands", "name"), [("hanging", "hinge"), ("chest", "squat")])
def test_between_squat_and_hinge_the_hands_decide(camera: fig.Camera, hands: str, name: str) -> None:
    """A conventional deadlift bends the knees as a squat does, but reaches for the floor."""
    both = fig.Stance(shin=20.0, thigh=70.0, trunk=52.0, hands=hands)
    assert guess(fig.squats(REPS, both), camera).name == name


@pytest.mark.parametrize("fps", [30.0, 60.0, 240.0])
@pytest.mark.parametrize("side", ["left", "right"])
def test_a_sprint_from_the_side_is_one_and_a_run_is_not(fps: float, side: str) -> None:
    def told(runner: Sprinter) -> str | None:
        shot = prepare.smoothed(Filmed(side=side, fps=fps, length_s=2.0).track(runner), 5.0)
        return detect(shot, estimate_view(shot)).name

    assert told(Sprinter()) == "sprint"
    assert told(Sprinter(contact_s=0.24, flight_s=0.12, speed_m_s=2.8)) == "gait"


@pytest.mark.parametrize("camera", [fig.FRONT, fig.FROM_RIGHT])
def test_standing_still_and_fidgeting_are_nothing(camera: fig.Camera) -> None:
    assert guess(lambda _: fig.standing(fig.Stance()), camera).name is None
    small = fig.Stance(shin=4.0, thigh=8.0, trunk=5.0)
    assert guess(fig.squats(REPS, small), camera).name is None


@pytest.mark.parametrize(
    ("camera", "way"), [(fig.FROM_RIGHT, (0.0, -0.6, 0.1)), (fig.FRONT, (0.0, -0.3, 0.4))]
)
def test_a_foot_that_leaves_its_place_makes_it_neither(camera: fig.Camera, way: tuple[float, ...]) -> None:
    """A lunge from the side, a single-leg squat from the front."""

    def lunge(t_s: float) -> fig.Body:
        share = fig.depth_at(t_s, REPS)
        body = fig.standing(fig.Stance(shin=20 * share, thigh=60 * share, trunk=5 * share))
        for part in ("ankle", "heel", "toe"):
            body[f"right_{part}"] = body[f"right_{part}"] + np.array(way) * share
        return body

    assert guess(lunge, camera).name not in ("squat", "hinge")


def test_nothing_to_go_by() -> None:
    few = fig.track(fig.film(fig.squats(), fig.FRONT, np.arange(4) / 30))
    assert detect(few, estimate_view(few)).name is None
    blind = fig.track(fig.film(fig.squats(), fig.FRONT, np.arange(60) / 30))
    blind.xy[:] = np.nan
    got = detect(blind, estimate_view(blind))
    assert got.name is None
    assert got.confidence == 0.0


def test_the_noise_of_keypoints_is_no_movement() -> None:
    shot = fig.track(
        fig.film(lambda _: fig.standing(fig.Stance()), fig.Camera(noise_px=3.0), fig.clock(LENGTH))
    )
    shot.xy[:] = smooth(shot.xy, shot.t_s, 5.0)
    assert detect(shot, estimate_view(shot)).name is None


def steps_of(lengths: list[int]) -> list[Cycle]:
    """Steps that follow each other, by their lengths in frames."""
    edges = np.concatenate([[0], np.cumsum(lengths)])
    sides = ("left", "right")
    return [
        Cycle(int(a), int(a + b) // 2, int(b), CycleKind.STEP, sides[i % 2])
        for i, (a, b) in enumerate(pairwise(edges))
    ]


@pytest.mark.parametrize(
    ("lengths", "walks"),
    [
        ([16, 17, 16, 16, 17, 16], True),
        ([22, 12, 22, 12, 21, 12, 22], True),  # a limp keeps its rhythm
        ([16, 30, 9, 22, 12, 40, 8, 28], False),
        ([16, 17], False),
    ],
)
def test_steps_are_walking_where_their_strides_keep_time(lengths: list[int], walks: bool) -> None:
    steps = steps_of(lengths)
    t_s = np.arange(sum(lengths) + 1) / 30.0
    assert in_rhythm(steps, t_s) is walks
    if walks:
        assert not in_rhythm(steps[::2], t_s), "steps with holes between them are no walk"


@pytest.mark.parametrize("camera", [fig.FROM_RIGHT, fig.REAR])
def test_shuffling_without_rhythm_is_nothing(camera: fig.Camera) -> None:
    strides_s = np.array([0.9, 2.4, 0.7, 1.9, 0.8, 2.6])
    edges = np.concatenate([[0.0], np.cumsum(strides_s)])

    def shuffles(t_s: float) -> fig.Body:
        return fig.walking(float(np.interp(t_s, edges, np.arange(len(edges)))) % 1.0)

    assert guess(shuffles, camera, fig.clock(float(edges[-1]))).name is None
