"""From findings to words: order, sides, cue, advice, and when to have stopped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vision import feedback
from vision.movements import MOVEMENTS
from vision.types import (
    Criterion,
    Cycle,
    CycleKind,
    Fault,
    Finding,
    JudgedCycle,
    Plane,
    Verdict,
    View,
)

SQUAT, GAIT = MOVEMENTS["squat"], MOVEMENTS["gait"]
FRONT = View(Plane.FRONTAL, "front", 0.0, 4.0, 0.0, 1.0, 0.9)


def found(
    fault: str | None,
    verdict: Verdict = Verdict.FAULT,
    *,
    measure: str = "knee_ankle_ratio",
    side: str | None = None,
    value: float | None = 1.0,
    penalty: float = 12.0,
    reason: str = "3 of 4",
) -> Finding:
    row = Criterion(measure, "deg", Plane.FRONTAL, "Title", "source")
    return Finding(measure, side, value, "deg", 2.0, verdict, reason, 1.0, 30, row, fault, penalty)


def rep(
    index: int, *findings: Finding, score: int | None = 90, kind: CycleKind = CycleKind.REP
) -> JudgedCycle:
    return JudgedCycle(index, Cycle(0, 1, 2, kind), 0.0, 0.5, 1.0, score, findings)


def fault(priority: int, **more: object) -> Fault:
    base = Fault("k", "words", "Cue now", "why", "drill", "S0", priority)
    return replace(base, **more)  # type: ignore[arg-type]


# --------------------------------------------------------------------------- order


def test_faults_come_before_cautions_then_priority_then_points() -> None:
    table = {"spine": fault(10), "knee": fault(30), "shift": fault(40), "shift2": fault(40)}
    found_here = [
        found("shift", penalty=12),
        found("spine", Verdict.CAUTION, penalty=9),
        found("shift2", penalty=15),
        found("knee"),
        found(None, Verdict.GOOD),
        found("knee", Verdict.CAUTION, penalty=0.4),  # costs hardly anything
    ]
    assert [f.fault for f in feedback.rank(found_here, table)] == ["knee", "shift2", "shift", "spine"]


def test_guidance_gives_each_cue_once_and_three_at_most() -> None:
    faults = list(SQUAT.table.faults)
    ranked = feedback.rank([found(key) for key in faults], SQUAT.table.faults)
    got = feedback.guidance(ranked, SQUAT, [])
    cues = [g.cue for g in got]
    assert len(cues) == len(set(cues)) == feedback.MOST_GUIDANCE
    assert cues[0] == SQUAT.table.faults[ranked[0].fault or ""].cue
    assert feedback.guidance([], SQUAT, []) == ()


# --------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("left", "right", "named"), [(18.0, 1.0, "left knee"), (1.0, 18.0, "right knee"), (12.0, 11.0, "knees")]
)
def test_the_side_that_caves_further_is_named(left: float, right: float, named: str) -> None:
    cycles = [
        rep(
            i,
            found("knees_cave"),
            found(None, measure="knee_valgus", side="left", value=left),
            found(None, measure="knee_valgus", side="right", value=right),
        )
        for i in range(3)
    ]
    # a repetition without the fault must not count
    cycles.append(
        rep(
            3,
            found(None, measure="knee_valgus", side="left", value=right * 9),
            found(None, measure="knee_valgus", side="right", value=left * 9),
        )
    )
    text = feedback.words(cycles[0].findings[0], SQUAT.table.faults["knees_cave"], cycles)
    assert text == f"{named} caved in"


def test_unseen_sides_name_no_side() -> None:
    cycles = [rep(0, found("knees_cave"), found(None, measure="knee_valgus", side="left", value=20.0))]
    assert feedback.words(cycles[0].findings[0], SQUAT.table.faults["knees_cave"], cycles) == "knees caved in"


def test_a_step_names_the_leg_that_stood() -> None:
    drop = found("hip_drops", measure="pelvic_drop", side="left")
    assert "left leg" in feedback.words(drop, GAIT.table.faults["hip_drops"], [])


def test_headlines() -> None:
    good = rep(0, found(None, Verdict.GOOD))
    shift = found("shift_right")
    assert feedback.headline([shift], SQUAT, [rep(0, shift)]) == "Hips shifted to the right on 3 of 4 reps."
    watch = replace(shift, verdict=Verdict.CAUTION)
    assert (
        feedback.headline([watch], SQUAT, [rep(0, watch)])
        == "Watch: hips shifted to the right on 3 of 4 reps."
    )
    assert feedback.headline([], SQUAT, [good, good]) == "2 reps, nothing to change that this view can show."
    assert feedback.headline([], SQUAT, [good]).startswith("1 rep, ")
    unseen = rep(0, found(None, Verdict.UNKNOWN, value=None))
    assert "nothing could be judged" in feedback.headline([], SQUAT, [unseen])
    assert feedback.headline([], SQUAT, []) == "No repetition was found."
    step = rep(0, found(None, Verdict.GOOD), kind=CycleKind.STEP)
    assert feedback.headline([], GAIT, [step] * 8).startswith("8 steps")


def test_steps_are_counted_over_both_legs_where_the_words_suit_both() -> None:
    """Five steps of the left foot and four of the right: nobody reads "4 of 4" as nine."""
    left, right = (
        replace(found("overstrides", measure="shin_at_contact", side=side), reason=reason)
        for side, reason in (("left", "4 of 5"), ("right", "3 of 4"))
    )
    step = rep(0, left, kind=CycleKind.STEP)
    said = "Foot landed far ahead of the knee on"
    assert feedback.headline([right, left], GAIT, [step]) == f"{said} 7 of 9 steps."
    assert feedback.headline([right], GAIT, [step]) == f"{said} 3 of 4 right steps."
    drops = [
        replace(found("hip_drops", measure="pelvic_drop", side=side), reason=reason)
        for side, reason in (("left", "4 of 5"), ("right", "3 of 4"))
    ]
    assert feedback.headline(drops, GAIT, [step]).endswith("on the left leg on 4 of 5 left steps.")


# --------------------------------------------------------------------------- when to stop


CAVES, HEELS = found("knees_cave"), found("heels_lift")
MINOR = found("knees_cave", Verdict.CAUTION)


@pytest.mark.parametrize(
    ("faults", "stop"),
    [
        ([(), (), (CAVES,), (CAVES,), (CAVES,)], 2),
        ([(), (CAVES,), (CAVES,)], 1),
        ([(), (), (CAVES,), (), (CAVES,)], None),  # not two in a row
        ([(CAVES,), (CAVES,), (CAVES,)], None),  # there from the start: nothing fell apart
        ([(), (), (MINOR,), (MINOR,)], None),  # a caution is no fault
        ([(CAVES,), (CAVES,), (CAVES, HEELS), (CAVES, HEELS)], 2),
        ([(), (), (CAVES,), (HEELS,)], None),
        ([(), (CAVES,)], None),
        ([], None),
    ],
)
def test_two_repetitions_in_a_row_that_add_a_fault_end_the_set(
    faults: list[tuple[Finding, ...]], stop: int | None
) -> None:
    assert feedback.stop_after([rep(i, *f) for i, f in enumerate(faults)]) == stop


@pytest.mark.parametrize(
    ("scores", "stop"),
    [
        ([100, 100, 100, 100, 100, 100], None),
        ([100, 100, 100, 85, 85, 85], 3),
        ([100, 100, 100, 86, 86, 86], None),
        ([100, 100, 100, 100, 85, 85, 85], 4),
        ([100, 100, 100, None, 50, 50], None),
        ([100, 100, 60], None),
    ],
)
def test_a_fall_of_the_score_by_fifteen_percent_ends_the_set(
    scores: list[int | None], stop: int | None
) -> None:
    assert feedback.stop_after([rep(i, score=s) for i, s in enumerate(scores)]) == stop


# --------------------------------------------------------------------------- advice


def test_advice_goes_by_what_the_view_cannot_show() -> None:
    film = SQUAT.table.film
    assert film["sagittal"] in feedback.advice(FRONT, SQUAT)
    oblique = feedback.advice(replace(FRONT, plane=Plane.OBLIQUE, yaw_deg=-38.4), SQUAT)
    assert "38 degrees" in oblique
    assert film["frontal"] in oblique
    assert feedback.advice(FRONT, MOVEMENTS["hinge"]) == MOVEMENTS["hinge"].table.film["sagittal"]
    unknown = View(Plane.UNKNOWN, None, float("nan"), float("nan"), 0.0, float("nan"), 0.0)
    for movement in (*MOVEMENTS.values(), None):
        text = feedback.advice(unknown, movement)
        assert "nan" not in text
        assert len(text) > 20
