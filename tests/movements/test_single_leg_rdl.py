"""The single-leg Romanian deadlift, by a figure whose joints are known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.movements import moving as mv
from vision.types import SIDES

NAME = "single_leg_rdl"


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("trunk", "free"), [(70.0, -70.0), (60.0, -25.0)])
def test_the_standing_leg_and_the_line_of_the_free_one(side: str, trunk: float, free: float) -> None:
    of = mv.scenes(NAME, side, mv.one_leg(replace(mv.DEADLIFT, trunk=trunk, free_thigh=free)))
    assert [s.cycle.side for s in of] == [side] * 2
    assert mv.values(NAME, "hip_flexion", of) == pytest.approx([trunk + 14.0] * 2, abs=1.5)
    assert mv.values(NAME, "shin_angle", of) == pytest.approx([2.0] * 2, abs=1.5)
    assert mv.values(NAME, "knee_flexion", of) == pytest.approx([16.0] * 2, abs=1.5)
    # against the trunk's line the free thigh hangs by what it is short of it
    assert mv.values(NAME, "free_leg_line", of) == pytest.approx([-(trunk + free)] * 2, abs=1.5)
