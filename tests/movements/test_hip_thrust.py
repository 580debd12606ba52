"""The hip thrust, by a figure whose joints are known."""

from __future__ import annotations

import numpy as np
import pytest

from tests import figures as fig
from tests.movements import moving as mv
from vision.detect import detect
from vision.types import SIDES
from vision.view import estimate_view

NAME = "hip_thrust"


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("top", [-12.0, 2.0, 14.0])
def test_trunk_hip_and_shin_at_the_top(side: str, top: float) -> None:
    body = mv.thrusting(top)
    thigh, shin = body["left_knee"] - body["left_hip"], body["left_knee"] - body["left_ankle"]
    rise = float(np.degrees(np.arctan2(thigh[2], thigh[1])))
    of = mv.scenes(NAME, side, mv.thrusts(top_deg=top))
    assert len(of) == 2
    assert mv.values(NAME, "trunk_level", of) == pytest.approx([-top] * 2, abs=1.0)
    assert mv.values(NAME, "hip_extension", of) == pytest.approx([top - rise] * 2, abs=1.0)
    assert mv.values(NAME, "shin_angle", of) == pytest.approx(
        [float(np.degrees(np.arctan2(shin[1], shin[2])))] * 2, abs=1.0
    )


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", ["hip_thrust", "single_leg_bridge"])
def test_it_is_told_from_the_bridge_by_the_bench_and_by_the_lifted_leg(name: str, side: str) -> None:
    shot = fig.track(mv.film(mv.TAKES[name], side), mv.SIDE_LOW.size_wh)
    assert detect(shot, estimate_view(shot)).name == name
