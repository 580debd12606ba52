"""A pelvis that drops, held against quiet standing, and a trunk that hides it."""

from __future__ import annotations

import numpy as np
import pytest

from tests import figures as fig
from tests.movements.stickered_figures import PSIS, Stickered
from vision.movements.standing import quiet_standing
from vision.types import SIDES, Report, Verdict

STAND_S, WALK_S = 2.0, 10.0
FEET = fig.Stance(feet_m=(0.08, 0.08), knees_m=(0.1, 0.1))


def stands_then_walks(drops: tuple[float, float], lean_deg: float = 0.0) -> fig.Motion:
    """Two seconds of standing, then steps; the trunk leans over the standing leg."""
    walk = fig.walk(drop_deg=drops)

    def at(t_s: float) -> fig.Body:
        if t_s < STAND_S:
            return fig.standing(FEET)
        body = walk(t_s - STAND_S)
        for i, side in enumerate(SIDES):
            own = ((t_s - STAND_S) / 1.1 + i / 2) % 1.0
            if 0.1 < own < 0.5:
                lean = np.radians(lean_deg * np.sin(np.pi * (own - 0.1) / 0.4))
                across = np.array([fig.side_sign(side) * fig.TRUNK_M * np.tan(lean), 0.0, 0.0])
                for name in ("left_shoulder", "right_shoulder"):
                    body[name] = body[name] + across
        return body

    return at


def told(drops: tuple[float, float], lean_deg: float = 0.0, stickers: bool = True) -> Report:
    who = Stickered(stands_then_walks(drops, lean_deg), PSIS)
    poses = who.poses(fig.REAR, STAND_S + WALK_S)
    return who.report(poses, "gait") if stickers else fig.report(poses, "gait")


def drops_of(report: Report):
    return {f.side: f for f in report.set_findings if f.measure == "pelvic_drop"}


def test_against_standing_each_side_has_its_own_drop_and_a_verdict() -> None:
    found = drops_of(told((11.0, 3.0)))
    assert [found[side].value for side in SIDES] == pytest.approx([11.0, 3.0], abs=1.0)
    assert found["left"].verdict is Verdict.FAULT
    assert found["right"].verdict is Verdict.GOOD


def test_a_level_pelvis_under_a_leaning_trunk_is_not_praised() -> None:
    report = told((1.0, 1.0), lean_deg=10.0)
    for finding in drops_of(report).values():
        assert finding.verdict is Verdict.UNKNOWN
        assert "the trunk leaned" in finding.reason
    assert "runk leaned" in report.headline


def test_a_level_pelvis_under_an_upright_trunk_is_good() -> None:
    assert {f.verdict for f in drops_of(told((1.0, 1.0))).values()} == {Verdict.GOOD}


def test_standing_is_found_where_it_is_and_not_in_walking() -> None:
    shot = fig.track(fig.film(stands_then_walks((0.0, 0.0)), fig.REAR, fig.clock(6.0)))
    found = quiet_standing(shot, 270.0)
    assert found is not None
    assert shot.t_s[found][0] <= 0.2
    assert shot.t_s[found][-1] == pytest.approx(STAND_S, abs=0.25)
    walking = fig.track(fig.film(fig.walk(), fig.REAR, fig.clock(6.0)))
    assert quiet_standing(walking, 270.0) is None
    assert quiet_standing(shot[: int(0.8 * shot.fps)], 270.0) is None


def test_standing_on_one_leg_is_no_quiet_standing() -> None:
    one = fig.standing(FEET)
    one["left_ankle"] = one["left_ankle"] + (0.0, 0.0, 0.25)
    shot = fig.track(fig.film(lambda _: one, fig.REAR, fig.clock(3.0)))
    assert quiet_standing(shot, 270.0) is None
