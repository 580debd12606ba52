"""The side plank with leg lifts, by a figure whose joints are known."""

from __future__ import annotations

import pytest

from tests import figures as fig
from tests.movements import moving as mv
from vision.movements.side_plank import SIDE_PLANK
from vision.types import SIDES

NAME = "side_plank"


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("sag", [0.0, 12.0])
def test_line_of_the_body_and_lifts(side: str, sag: float) -> None:
    of = mv.scenes(NAME, side, mv.side_lifts(top_deg=30.0, slope_deg=18.0, sag_deg=sag))
    assert [s.cycle.side for s in of] == [side] * 2
    assert mv.values(NAME, "abduction", of) == pytest.approx([28.0] * 2, abs=1.0)
    assert mv.values(NAME, "body_line", of) == pytest.approx([-sag] * 2, abs=1.0)


def test_the_hold_ends_when_the_hips_sink() -> None:
    def held(t_s: float) -> fig.Body:
        return mv.side_lying(2.0 + 28.0 * fig.depth_at(t_s, 2), 18.0, 0.0 if t_s < 6.0 else 30.0)

    take = mv.Take(held, mv.FRONT_LOW, 9.0)
    shot = fig.track(mv.film(take, "left"), take.camera.size_wh)
    got = fig.set_measured(SIDE_PLANK, "held_time", shot, fig.seen_from("front"))
    assert got.value == pytest.approx(6.0, abs=0.3)
