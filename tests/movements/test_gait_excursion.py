"""The tipping of the pelvis from step to step: the same whatever a level pelvis is taken to be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import figures as fig
from tests.movements.stickered_figures import PSIS, Stickered
from tests.movements.test_gait_standing import stands_then_walks
from vision.movements.base import Scene
from vision.movements.gait_excursion import SIDES_ARE_JUDGED, excursion
from vision.types import SIDES, Cycle, CycleKind, Finding, Measurement, Verdict

WALK_S = 10.0


def told(drops: tuple[float, float], *, stickers: bool = True, stand: bool = False) -> Finding:
    motion = stands_then_walks(drops) if stand else fig.walk(drop_deg=drops)
    who = Stickered(motion, PSIS)
    poses = who.poses(fig.REAR, WALK_S + (2.0 if stand else 0.0))
    report = who.report(poses, "gait") if stickers else fig.report(poses, "gait")
    (found,) = (f for f in report.set_findings if f.measure == "pelvic_excursion")
    return found


@pytest.mark.parametrize("drops", [(11.0, 3.0), (3.0, 11.0), (7.0, 7.0)])
def test_the_sum_of_both_sides_is_told_whichever_side_it_comes_from(drops: tuple[float, float]) -> None:
    found = told(drops)
    assert found.value == pytest.approx(14.0, abs=1.2)
    assert found.verdict is Verdict.CAUTION
    assert found.fault == "tips"
    assert 1.0 < (found.error95 or 0.0) < 6.0


def test_what_is_found_of_the_set_is_taken_off_its_score() -> None:
    who = Stickered(fig.walk(drop_deg=(11.0, 3.0)), PSIS)
    report = who.report(who.poses(fig.REAR, WALK_S), "gait")
    (found,) = (f for f in report.set_findings if f.measure == "pelvic_excursion")
    mean = sum(c.score or 0 for c in report.cycles) / len(report.cycles)
    assert found.penalty > 4
    assert report.set_score == pytest.approx(mean - found.penalty, abs=0.51)


def test_a_level_pelvis_does_not_tip() -> None:
    found = told((1.0, 1.0))
    assert found.value == pytest.approx(2.0, abs=1.0)
    assert found.verdict is Verdict.GOOD


def test_against_quiet_standing_the_sides_are_judged_and_the_sum_is_told() -> None:
    found = told((11.0, 3.0), stand=True)
    assert found.value == pytest.approx(14.0, abs=1.2)
    assert found.verdict is Verdict.UNKNOWN
    assert found.reason == SIDES_ARE_JUDGED


def test_the_pose_model_s_hip_line_tells_nothing() -> None:
    found = told((11.0, 3.0), stickers=False)
    assert found.value is None
    assert "hardly follow the pelvis" in found.reason


STEPS = [Cycle(10 * i, 10 * i + 5, 10 * i + 10, CycleKind.STEP, SIDES[i % 2]) for i in range(14)]


def scene() -> Scene:
    track = fig.track(fig.film(fig.walk(), fig.REAR, fig.clock(5.0)))
    return Scene(track, STEPS[0], fig.seen_from("rear"), 0.5, 165.0, 270.0)


def by(left: float, right: float, off: float = 0.0) -> Callable[[Scene, str], Measurement]:
    """A network's drops, with a level that is ``off`` degrees wrong."""
    fall = {"left": left + off, "right": right - off}
    return lambda _, side: Measurement(fall[side], 0.7, None, by_network=True, shared_sd=0.5)


@pytest.mark.parametrize("off", [-4.0, 0.0, 4.0])
def test_a_wrong_level_falls_out(off: float) -> None:
    found = excursion(scene(), STEPS, by(6.0, 5.0, off), 7)
    assert found.value == pytest.approx(11.0)
    assert found.sd == pytest.approx(0.7 * (2 / 7) ** 0.5)
    assert found.shared_sd == pytest.approx(1.0)


def test_too_few_steps_of_a_side_are_not_told() -> None:
    found = excursion(scene(), STEPS[:-1], by(6.0, 5.0), 7)
    assert found.value is None
    assert found.reason == "needs 7 steps a side, has 7 left and 6 right"
    assert excursion(scene(), [], by(6.0, 5.0), 7).value is None


def test_a_reason_of_the_steps_is_handed_on() -> None:
    hidden = Measurement(None, float("nan"), None, "clothes hide the pelvis")
    assert excursion(scene(), STEPS, lambda _, side: hidden, 7).reason == "clothes hide the pelvis"
