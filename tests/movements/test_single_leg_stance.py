"""Standing on one leg, on a figure whose pelvis and trunk are known."""

from __future__ import annotations

import numpy as np
import pytest

from tests import figures as fig
from tests.movements.stickered_figures import PSIS, Stickered, values
from vision.types import SIDES, CycleKind, Report, Verdict

BOTH_S, HOLD_S, BETWEEN_S = 2.0, 6.0, 1.5
FEET = fig.Stance(feet_m=(0.08, 0.08), knees_m=(0.1, 0.1))
LENGTH_S = BOTH_S + 2 * (HOLD_S + BETWEEN_S)


def standing_leg(t_s: float) -> tuple[str | None, float]:
    """The leg that stands alone at ``t_s``, and how far the hold has come on, 0-1 within half a second."""
    for i, side in enumerate(SIDES):
        into = t_s - BOTH_S - i * (HOLD_S + BETWEEN_S)
        if 0 <= into <= HOLD_S:
            return side, min(into, HOLD_S - into, 0.5) / 0.5
    return None, 0.0


def stander(drops: tuple[float, float], leans: tuple[float, float] = (0.0, 0.0)) -> Stickered:
    """Both feet, then the left leg, then the right one; the free side sinks, the trunk leans over the leg."""

    def at(t_s: float) -> fig.Body:
        body = fig.standing(FEET)
        side, share = standing_leg(t_s)
        if side is not None:
            free = SIDES[1 - SIDES.index(side)]
            for part in ("ankle", "heel", "toe"):
                body[f"{free}_{part}"] = body[f"{free}_{part}"] + np.array([0.0, -0.1, 0.2 * share])
            lean = np.radians(leans[SIDES.index(side)] * share)
            for name in ("left_shoulder", "right_shoulder"):
                body[name] = body[name] + np.array([fig.side_sign(side) * fig.TRUNK_M * np.tan(lean), 0, 0])
        return body

    def slope(t_s: float) -> float:
        side, share = standing_leg(t_s)
        return 0.0 if side is None else fig.side_sign(side) * drops[SIDES.index(side)] * share

    return Stickered(at, PSIS, slope=slope)


def told(who: Stickered, camera: fig.Camera = fig.REAR, *, length_s: float = LENGTH_S) -> Report:
    return who.report(who.poses(camera, length_s), "single_leg_stance")


@pytest.mark.parametrize("camera", [fig.REAR, fig.FRONT])
def test_each_leg_has_its_hold_with_its_own_drop(camera: fig.Camera) -> None:
    report = told(stander((9.0, -3.0)), camera)
    assert [(k.cycle.kind, k.cycle.side) for k in report.cycles] == [(CycleKind.HOLD, s) for s in SIDES]
    assert values(report, "pelvic_drop", "left") == pytest.approx([9.0], abs=1.0)
    assert values(report, "pelvic_drop", "right") == pytest.approx([-3.0], abs=1.0)
    for side in SIDES:
        assert values(report, "hold_time", side) == pytest.approx([HOLD_S], abs=0.5)
        assert values(report, "sway", side) == pytest.approx([0.0], abs=0.2)
    verdicts = {f.side: f.verdict for f in report.set_findings if f.measure == "pelvic_drop"}
    assert verdicts == {"left": Verdict.CAUTION, "right": Verdict.GOOD}


def test_a_lean_takes_the_praise_from_a_level_pelvis() -> None:
    report = told(stander((0.0, 0.0), (9.0, 0.0)))
    found = {(f.measure, f.side): f for f in report.set_findings}
    assert found["trunk_lean", "left"].value == pytest.approx(9.0, abs=1.0)
    assert found["trunk_lean", "left"].verdict is Verdict.CAUTION
    assert found["pelvic_drop", "left"].verdict is Verdict.UNKNOWN
    assert "the trunk leaned 9 degrees" in found["pelvic_drop", "left"].reason
    assert found["pelvic_drop", "right"].verdict is Verdict.GOOD


def test_without_standing_on_both_feet_there_is_nothing_to_compare_with() -> None:
    who = stander((9.0, 0.0))
    poses = [p for p in who.poses(fig.REAR, BOTH_S + HOLD_S) if p.t_s > BOTH_S + 0.2]
    found = next(f for f in who.report(poses, "single_leg_stance").set_findings if f.measure == "pelvic_drop")
    assert found.value is None
    assert "quiet standing" in found.reason


def test_walking_is_no_standing_on_one_leg_and_neither_is_a_short_one() -> None:
    walk = Stickered(fig.walk(), PSIS)
    assert told(walk, length_s=6.0).cycles == ()
    assert told(stander((0.0, 0.0)), length_s=BOTH_S + 2.5).cycles == ()
