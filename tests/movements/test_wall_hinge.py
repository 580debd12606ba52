"""The wall hinge: which moves first, by a figure whose joints are known."""

from __future__ import annotations

import pytest

from tests import figures as fig
from tests.movements import moving as mv
from vision.types import SIDES

NAME = "wall_hinge"


@pytest.mark.parametrize("side", SIDES)
def test_buttocks_or_knees_lead(side: str) -> None:
    hips = mv.values(NAME, "butt_leads", mv.scenes(NAME, side, fig.hinges(2)))
    knees = fig.Stance(shin=30.0, thigh=40.0, trunk=40.0, hands="hanging")
    squatty = mv.values(NAME, "butt_leads", mv.scenes(NAME, side, fig.hinges(2, knees)))
    assert min(hips) > 0.04
    assert max(squatty) < -0.04
