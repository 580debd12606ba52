"""The bird-dog, by a figure whose joints are known."""

from __future__ import annotations

import pytest

from tests import figures as fig
from tests.movements import moving as mv
from vision.movements import MOVEMENTS
from vision.types import SIDES

NAME = "bird_dog"


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("thigh", [75.0, 90.0, 105.0])
def test_the_lifted_leg_against_the_trunk(side: str, thigh: float) -> None:
    of = mv.scenes(NAME, side, mv.bird_dogs(thigh_deg=thigh))
    assert [s.cycle.side for s in of] == [side] * 2
    assert mv.values(NAME, "leg_line", of) == pytest.approx([thigh - 90.0] * 2, abs=1.0)
    assert mv.values(NAME, "trunk_turn", of) == pytest.approx([0.0] * 2, abs=1.0)
    assert max(mv.values(NAME, "arm_line", of)) < 3.0


def test_either_leg_counts_and_the_far_one_has_the_wider_error() -> None:
    motion = mv.bird_dogs(2)
    both = lambda t_s: motion(t_s) if t_s < 4.0 else fig.mirrored(motion)(t_s)  # noqa: E731
    take = mv.Take(both, mv.SIDE_LOW)
    shot = fig.track(mv.film(take, "left"), take.camera.size_wh)
    near, far = fig.scenes(MOVEMENTS[NAME], shot, fig.seen_from("left"))
    assert (near.cycle.side, far.cycle.side) == ("left", "right")
    sds = [fig.measured(MOVEMENTS[NAME], "leg_line", s, s.cycle.side).sd for s in (near, far)]
    assert sds[1] > sds[0] + 2
