"""A set on each leg, filmed one after the other: from figures whose depth is known to plan and re-test."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from tests import figures as fig
from tests.movements import moving as mv
from tests.plan.made import DAY, arched, passed, plan_or_none, report
from vision.asymmetry import Status
from vision.movements import MOVEMENTS
from vision.plan import NoPlan, Plan, Profile, Route, make, unseen_in
from vision.plan.checkup import Filmed, outcome
from vision.plan.retest import Outcome, retest_among
from vision.plan.rules import NOTHING, PARTLY
from vision.plan.signals import pair_of
from vision.types import SIDES, Report, other_side

REPS = 5
KNOWN = ["single_leg_squat"]


@cache
def filmed(side: str, depth: float = 1.0) -> Report:
    """Single-leg squats on ``side``, from its own side, to ``depth`` times the 80° of knee bend."""
    far = replace(mv.SQUAT, shin=28.0 * depth, thigh=52.0 * depth, trunk=30.0 * depth)
    motion, camera = mv.one_leg(far, REPS), fig.FROM_LEFT
    if side == "right":
        motion, camera = fig.mirrored(motion), mv.mirror_camera(camera)
    poses = fig.film(motion, camera, fig.clock(fig.set_length(REPS), 20))
    made = fig.report(poses, "single_leg_squat", size_wh=camera.size_wh)
    assert [k.cycle.side for k in made.cycles] == [side] * REPS
    return made


def checked(left: Report, right: Report) -> dict[str, Filmed]:
    sets = {"left": left, "right": right}
    return {f"single_leg_squat_{s}": Filmed(sets[s], DAY, s) for s in SIDES}


@pytest.mark.parametrize("shallow", SIDES)
def test_the_leg_that_bends_less_far_is_the_weaker_and_by_how_much_is_told(shallow: str) -> None:
    sets = {shallow: filmed(shallow, 0.6), other_side(shallow): filmed(other_side(shallow))}
    rows = {row.measure: row for row in pair_of(sets["left"], sets["right"])}
    bend = rows["knee_flexion"]
    assert (bend.status, bend.weaker, bend.index) == (Status.UNEVEN, shallow, "percent_of_stronger")
    assert bend.percent == pytest.approx(40.0, abs=3.0)
    assert rows["hip_flexion"].weaker is None, "a trunk that leans less makes nobody weaker"


def test_legs_that_bend_alike_are_level() -> None:
    rows = pair_of(filmed("left"), filmed("right"))
    assert {row.status for row in rows} == {Status.LEVEL}


def test_from_check_up_to_plan_to_re_test() -> None:
    got = outcome(checked(filmed("left"), filmed("right", 0.6)), KNOWN)
    made = make(got.signals, Profile(), passed(), DAY)
    assert isinstance(made, Plan)
    assert (made.route, made.weaker) == (Route.WEAKER_FIRST, "right")
    (bend,) = [s for s in made.signals if s.measure == "knee_flexion"]
    again = [filmed("left"), filmed("right", 0.95)]
    for reports in (again, again[::-1]):
        told = retest_among(bend, reports)
        assert told.outcome is Outcome.BETTER
        assert told.before == pytest.approx(40.0, abs=3.0)
        assert told.now == pytest.approx(5.0, abs=3.0)
    assert retest_among(bend, [filmed("left"), filmed("right", 0.6)]).outcome is Outcome.SAME
    late = retest_among(bend, [*again, filmed("right", 0.6)])
    assert late.outcome is Outcome.SAME, "the newest film of each leg counts"


def test_one_leg_alone_is_no_re_test() -> None:
    got = outcome(checked(filmed("left"), filmed("right", 0.6)), KNOWN)
    (bend,) = [s for s in got.signals if s.measure == "knee_flexion"]
    alone = retest_among(bend, [filmed("right")])
    assert (alone.outcome, alone.words) == (Outcome.UNKNOWN, "the measure is not in this film")
    nothing = retest_among(bend, [arched()])
    assert (nothing.outcome, nothing.words) == (Outcome.UNKNOWN, "the movement was not filmed again")


def test_a_fault_of_one_leg_is_looked_for_in_that_leg_s_film() -> None:
    left = report("single_leg_squat", {("trunk_lean", "left"): [16.0] * REPS})
    (leaning,) = [
        s for s in outcome({"single_leg_squat_left": Filmed(left, DAY, "x")}, KNOWN).signals if s.fault
    ]
    upright = report("single_leg_squat", {("trunk_lean", "left"): [1.0] * REPS})
    other = report("single_leg_squat", {("trunk_lean", "right"): [1.0] * REPS})
    assert retest_among(leaning, [upright, other]).outcome is Outcome.BETTER


# --------------------------------------------------------------------------- what was not seen


def unsure() -> Report:
    """Bridges whose hips were seen too badly to be judged."""
    return report("bridge", {("hip_extension", None): [0.0] * REPS}, sd=20.0)


def test_what_was_not_seen_is_said_in_place_of_a_plan() -> None:
    (line,) = unseen_in(unsure())
    assert line.startswith("Glute bridge: hips at the top (0 straight) (the error of ±")
    made = make([], Profile(), passed(), DAY, unseen=unseen_in(unsure()))
    assert isinstance(made, NoPlan)
    assert (made.words, made.unseen) == (PARTLY, (line,))
    everything = plan_or_none(arched(arches=0))
    assert isinstance(everything, NoPlan)
    assert (everything.words, everything.unseen) == (NOTHING, ())


def test_what_needs_another_view_stands_together_and_what_is_only_reported_is_left_out() -> None:
    made = filmed("left")
    lines = unseen_in(made)
    (view,) = [line for line in lines if "not visible from this view" in line]
    table = MOVEMENTS["single_leg_squat"].table
    assert view.startswith(f"{table.title}: ")
    assert "trunk over the leg that works" in view
    assert "knee bend at the bottom" not in "".join(lines).lower(), "no band"


def test_a_check_up_tells_what_its_films_could_not_show() -> None:
    got = outcome({"single_leg_squat_left": Filmed(filmed("left"), DAY - timedelta(days=1), "x")}, KNOWN)
    assert got.unseen == unseen_in(filmed("left"))
