"""The check-up: its steps follow the movements that are known, and its end says what was not tested."""

from __future__ import annotations

from tests.plan.made import DAY, arched, dropping, report, shifted
from vision.asymmetry import Status
from vision.movements import MOVEMENTS
from vision.plan.checkup import TESTS, Filmed, outcome, steps
from vision.plan.signals import pair_of
from vision.types import SIDES, Report

ALL = tuple(test.movement for test in TESTS)


def filmed(made: Report) -> Filmed:
    return Filmed(made, DAY, made.movement or "")


def test_steps_are_those_of_known_movements_one_per_leg() -> None:
    assert [step.key for step in steps(["squat", "gait"])] == ["squat", "gait"]
    assert [step.key for step in steps(["single_leg_squat"])] == [f"single_leg_squat_{s}" for s in SIDES]
    assert len(steps(ALL)) == 10
    for step in steps():
        assert step.film == MOVEMENTS[step.test.movement].table.film["frontal"] or step.film
        assert step.side is None or step.title.endswith(step.side)


def test_the_end_tells_what_is_uneven_and_what_was_not_tested() -> None:
    got = outcome({"squat": filmed(shifted())}, ["squat", "gait", "single_leg_squat"])
    assert [(title, row.weaker) for title, row in got.with_status(Status.UNEVEN)] == [
        ("Squat on both legs", "left")
    ]
    assert got.missing == ("Single-leg squat", "Walk")
    assert {s.kind for s in got.signals} == {"fault", "asymmetry"}
    assert outcome({}, ["squat"]).signals == ()


def test_one_legged_sets_are_held_against_each_other_and_never_alone() -> None:
    left = report("squat", {("knee_valgus", "left"): [13.0] * 5})
    right = report("squat", {("knee_valgus", "right"): [1.0] * 5})
    (row,) = pair_of(left, right)
    assert (row.status, row.weaker, row.compared) == (Status.UNEVEN, "left", 5)
    assert pair_of(left, dropping()) == pair_of(left, arched()) == ()
    both = {"single_leg_squat_left": filmed(left), "single_leg_squat_right": filmed(right)}
    known = ["single_leg_squat"]
    got = outcome(both, known)
    assert [row.measure for _, row in got.with_status(Status.UNEVEN)] == ["knee_valgus"]
    assert [s.weaker for s in got.signals if s.fault is None] == ["left"]
    alone = outcome({"single_leg_squat_left": filmed(left)}, known)
    assert alone.asymmetries == ()
    assert alone.missing == ("Single-leg squat",)
