"""The mobility screen, by a figure whose joints are known."""

from __future__ import annotations

import pytest

from tests import figures as fig
from tests.movements import moving as mv
from vision.movements.hip_mobility import HIP_MOBILITY, OTHER_WAY, SIT, STAND, WAYS
from vision.types import SIDES

NAME = "hip_mobility"
SEATED = {"turn_deg": 32.0}


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("way", "goal", "camera", "degrees"),
    [
        ("flexion", {"thigh_deg": 95.0, "knee_deg": 95.0}, fig.FROM_LEFT, 95.0),
        ("extension", {"thigh_deg": -18.0}, fig.FROM_LEFT, 18.0),
        ("abduction", {"out_deg": 35.0}, fig.FRONT, 35.0),
        ("adduction", {"out_deg": -20.0, "thigh_deg": 5.0}, fig.FRONT, 20.0),
        ("inner_rotation", SEATED, fig.FRONT, 32.0),
        ("outer_rotation", {"turn_deg": -40.0}, fig.FRONT, 40.0),
    ],
)
def test_each_direction_is_told_and_no_other(
    side: str, way: str, goal: dict[str, float], camera: fig.Camera, degrees: float
) -> None:
    of = mv.scenes(NAME, side, mv.turns(goal), camera)
    assert [s.cycle.side for s in of] == [side] * 2
    assert mv.values(NAME, way, of) == pytest.approx([degrees] * 2, abs=1.5)
    same = [w for w in WAYS if w != way and WAYS[w].plane is WAYS[way].plane]
    reasons = {fig.measured(HIP_MOBILITY, w, of[0], side).reason for w in same}
    assert reasons <= {OTHER_WAY, SIT, STAND}
    assert all(fig.measured(HIP_MOBILITY, w, of[0], side).value is None for w in same)


def test_standing_on_the_other_leg_counts_nothing() -> None:
    of = mv.scenes(NAME, "left", mv.turns({"thigh_deg": 4.0}), fig.FROM_LEFT)
    assert of == []
