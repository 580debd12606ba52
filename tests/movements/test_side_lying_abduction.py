"""The leg lift on the side, by a figure whose joints are known."""

from __future__ import annotations

import pytest

from tests import figures as fig
from tests.movements import moving as mv
from vision.movements import sidelying
from vision.types import SIDES, Plane, Verdict
from vision.view import estimate_view

NAME = "side_lying_abduction"


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("top", "verdict"), [(42.0, Verdict.GOOD), (30.0, Verdict.CAUTION), (70.0, Verdict.FAULT)]
)
def test_the_lift_is_the_turn_against_the_trunk_less_rest(side: str, top: float, verdict: Verdict) -> None:
    take = mv.Take(mv.side_lifts(top_deg=top), mv.FRONT_LOW)
    report = fig.report(mv.film(take, side), NAME, size_wh=mv.FRONT_LOW.size_wh)
    lifts = [f for k in report.cycles for f in k.findings if f.measure == "abduction"]
    assert [f.side for f in lifts] == [side] * 2
    assert [f.value for f in lifts] == pytest.approx([top - 2.0] * 2, abs=1.0)
    assert {f.verdict for f in lifts} == {verdict}


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("bearing", "seen_from"), [(0.0, "front"), (180.0, "rear")])
def test_who_lies_on_the_side_is_seen_from_the_front_or_rear(
    side: str, bearing: float, seen_from: str
) -> None:
    camera = fig.replace(mv.FRONT_LOW, bearing_deg=bearing)
    shot = fig.track(mv.film(mv.Take(mv.side_lifts(), camera), side), camera.size_wh)
    view = sidelying.look(shot, estimate_view(shot))
    assert (view.plane, view.seen_from) == (Plane.FRONTAL, seen_from)
    assert sidelying.upper_side(shot) == side


def test_who_lies_on_the_back_is_left_as_estimated() -> None:
    shot = fig.track(fig.film(fig.bridges(1), fig.FROM_LEFT, fig.clock(3.0, 20)))
    view = estimate_view(shot)
    assert sidelying.look(shot, view) is view


def test_small_lifts_do_not_count() -> None:
    take = mv.Take(mv.side_lifts(top_deg=15.0), mv.FRONT_LOW)
    assert fig.report(mv.film(take, "left"), NAME, size_wh=mv.FRONT_LOW.size_wh).cycles == ()
