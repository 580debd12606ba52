"""The step-up, by a figure whose joints are known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests import figures as fig
from tests.movements import moving as mv
from vision.types import SIDES

NAME = "step_up"
FRONT = replace(fig.FRONT, size_wh=(800, 900), shift_px=(0.0, 60.0))


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("camera", [mv.TAKES[NAME].camera, FRONT])
@pytest.mark.parametrize("reps", [1, 3])
def test_each_step_counts_for_the_leg_that_goes_first(side: str, camera: fig.Camera, reps: int) -> None:
    take = mv.Take(mv.steps(reps), camera, fig.set_length(reps, 3.4))
    report = fig.report(mv.film(take, side), NAME, size_wh=camera.size_wh)
    assert [k.cycle.side for k in report.cycles] == [side] * reps


@pytest.mark.parametrize("side", SIDES)
def test_the_trunk_is_read_where_the_leg_on_the_box_is_loaded(side: str) -> None:
    of = mv.scenes(NAME, side)
    (rise,) = {round(v, 3) for v in mv.values(NAME, "trunk_angle", of)[:1]}
    assert 12.0 < rise < 20.0  # the figure leans 18 degrees at most, half-way
    assert min(mv.values(NAME, "knee_flexion", of)) > 60.0
    lean = mv.values(NAME, "trunk_lean", mv.scenes(NAME, side, mv.steps(lean=8.0), FRONT))
    assert lean == pytest.approx([8.0] * 2, abs=2.0)


def test_walking_past_the_box_is_no_step() -> None:
    shot = fig.report(fig.film(fig.walk(), fig.FROM_LEFT, fig.clock(5.0, 20)), NAME)
    assert shot.cycles == ()


@pytest.mark.parametrize("side", SIDES)
def test_it_is_not_taken_for_a_bridge(side: str) -> None:
    take = mv.TAKES[NAME]
    assert fig.report(mv.film(take, side), size_wh=take.camera.size_wh).movement is None
