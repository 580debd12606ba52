"""The lunge, by a figure whose joints are known."""

from __future__ import annotations

import numpy as np
import pytest

from tests import figures as fig
from tests.movements import moving as mv
from vision.movements import MOVEMENTS
from vision.pose.base import BLAZEPOSE
from vision.types import SIDES, other_side

NAME = "lunge"


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("shin", "thigh"), [(8.0, 80.0), (28.0, 70.0)])
def test_the_front_leg_is_found_and_measured_from_its_side(side: str, shin: float, thigh: float) -> None:
    of = mv.scenes(NAME, side, mv.lunges(mv.Lunge(shin=shin, thigh=thigh, trunk=12.0)))
    assert [s.cycle.side for s in of] == [side] * 2
    assert mv.values(NAME, "shin_angle", of) == pytest.approx([shin] * 2, abs=1.5)
    assert mv.values(NAME, "knee_flexion", of) == pytest.approx([shin + thigh] * 2, abs=2.5)
    assert mv.values(NAME, "trunk_angle", of) == pytest.approx([12.0] * 2, abs=1.5)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("inward", [0.0, 12.0])
def test_knee_and_trunk_from_the_front(side: str, inward: float) -> None:
    goal = mv.Lunge(shin=5.0, shin_in=inward, lean=6.0, trunk=0.0)
    of = mv.scenes(NAME, side, mv.lunges(goal), fig.FRONT)
    assert [s.cycle.side for s in of] == [side] * 2
    assert mv.values(NAME, "shin_inward", of) == pytest.approx([inward] * 2, abs=1.5)
    assert mv.values(NAME, "trunk_lean", of) == pytest.approx([6.0] * 2, abs=1.5)


@pytest.mark.parametrize("side", SIDES)
def test_a_rear_foot_that_is_hidden_leaves_the_thighs_to_tell_the_front_leg(side: str) -> None:
    take = mv.TAKES[NAME]
    shot = fig.track(mv.film(take, side), take.camera.size_wh)
    shot.xy[:, BLAZEPOSE.index[f"{other_side(side)}_ankle"]] = np.nan
    cycles = MOVEMENTS[NAME].cut(shot, fig.seen_from(side)).cycles
    assert [k.side for k in cycles] == [side] * 2
    shot.xy[:, BLAZEPOSE.index[f"{side}_ankle"]] = np.nan
    assert {k.side for k in MOVEMENTS[NAME].cut(shot, fig.seen_from(side)).cycles} <= {None}
