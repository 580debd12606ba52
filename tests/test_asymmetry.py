"""Left against right: the index, the three conditions of a flag, and what is never compared."""

from __future__ import annotations

import json
from dataclasses import replace
from math import hypot

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision import asymmetry
from vision.asymmetry import Asymmetry, Index, Status, of_pair, of_set, read_row
from vision.movements import MOVEMENTS
from vision.outputs.report_json import plain
from vision.outputs.sides import words_of
from vision.types import SIDES, Criterion, Cycle, CycleKind, Finding, JudgedCycle, Plane, Verdict, other_side

TIME = Criterion("stance_time", "s", Plane.SAGITTAL, "Stance time", "reported", weaker="less")
DROP = Criterion(
    "drop", "deg", Plane.FRONTAL, "Drop", "assumed", (-9.0, 5.0), (-9.0, 8.0), mdc=3.0, mdc_source="made up",
    weaker="more",
)  # fmt: skip
SHIFT = MOVEMENTS["squat"].table.criteria["lateral_shift"]


def finding(row: Criterion, side: str | None, value: float | None, error95: float | None = 0.01) -> Finding:
    verdict = Verdict.UNKNOWN if row.good is None or value is None else Verdict.GOOD
    return Finding(row.measure, side, value, row.unit, error95, verdict, "why not", 0.0, 0, row)


def cycle(i: int, *findings: Finding, kind: CycleKind, side: str | None = None) -> JudgedCycle:
    return JudgedCycle(i, Cycle(0, 1, 2, kind, side), 0.0, 0.5, 1.0, 90, findings)


def steps(row: Criterion, lefts: list[float], rights: list[float]) -> list[JudgedCycle]:
    """Left and right steps in turn."""
    made: list[JudgedCycle] = []
    for pair in zip(lefts, rights, strict=True):
        for side, value in zip(SIDES, pair, strict=True):
            made.append(cycle(len(made), finding(row, side, value), kind=CycleKind.STEP, side=side))
    return made


def walked(row: Criterion, lefts: list[float], rights: list[float], error95: float = 0.01) -> Asymmetry:
    """The only asymmetry of a walk."""
    means = [finding(row, s, sum(v) / len(v), error95) for s, v in zip(SIDES, (lefts, rights), strict=True)]
    (found,) = of_set(steps(row, lefts, rights), means)
    return found


def squats(shifts: list[float], error95: float = 1.0) -> Asymmetry:
    cycles = [cycle(i, finding(SHIFT, None, s), kind=CycleKind.REP) for i, s in enumerate(shifts)]
    (found,) = of_set(cycles, [finding(SHIFT, None, sum(shifts) / len(shifts), error95)])
    return found


# --------------------------------------------------------------------------- the three conditions


@pytest.mark.parametrize(
    ("right", "status"),
    [(0.92, Status.LEVEL), (0.89, Status.WATCH), (0.86, Status.WATCH), (0.84, Status.UNEVEN)],
)
def test_a_duration_is_judged_by_its_difference_from_the_larger_side(right: float, status: Status) -> None:
    found = walked(TIME, [1.0] * 7, [right] * 7)
    assert found.index == Index.PERCENT
    assert found.percent == pytest.approx(100 * (1 - right))
    assert (found.status, found.compared, found.same_direction) == (status, 7, 1.0)
    assert (found.left, found.right) == pytest.approx((1.0, right))
    assert found.difference == pytest.approx(1 - right)


def test_what_is_smaller_than_the_error_is_never_flagged_however_many_per_cent_it_is() -> None:
    assert walked(TIME, [1.0] * 9, [0.7] * 9, error95=0.2).status == Status.UNEVEN
    unsure = walked(TIME, [1.0] * 9, [0.7] * 9, error95=0.22)
    assert unsure.percent == pytest.approx(30)
    assert (unsure.status, unsure.weaker, unsure.beyond_error) == (Status.LEVEL, None, False)
    assert unsure.error95 == unsure.detectable == pytest.approx(hypot(0.22, 0.22))


def test_six_steps_a_side_are_too_few_and_so_are_four_repetitions() -> None:
    found = walked(TIME, [1.0] * 6, [0.5] * 6)
    assert (found.status, found.reason) == (Status.UNSURE, "needs 7 steps a side, has 6")
    found = squats([9.0] * 4)
    assert (found.status, found.reason) == (Status.UNSURE, "needs 5 repetitions a side, has 4")


@pytest.mark.parametrize(("against", "status"), [(2, Status.UNEVEN), (3, Status.UNSURE)])
def test_it_goes_the_same_way_in_four_of_five(against: int, status: Status) -> None:
    rights = [0.5] * (10 - against) + [1.01] * against
    found = walked(TIME, [1.0] * 10, rights)
    assert found.same_direction == pytest.approx(1 - against / 10)
    assert found.status == status


# --------------------------------------------------------------------------- the index


@pytest.mark.parametrize(
    ("left", "right", "status", "weaker"),
    [
        (6.0, 2.9, Status.UNEVEN, "left"),
        (6.0, 3.1, Status.LEVEL, None),
        (0.1, -0.1, Status.LEVEL, None),
        (-1.0, 4.0, Status.UNEVEN, "right"),
    ],
)
def test_angles_near_zero_go_by_degrees_and_the_published_difference(
    left: float, right: float, status: Status, weaker: str | None
) -> None:
    found = walked(DROP, [left] * 7, [right] * 7, error95=1.0)
    assert (found.percent, found.index, found.detectable) == (None, Index.DIFFERENCE, 3.0)
    assert (found.status, found.weaker) == (status, weaker)


def test_four_per_cent_of_shift_are_54_to_46_and_about_15_per_cent() -> None:
    found = squats([4.0] * 5)
    assert (found.left, found.right, found.index, found.unit) == (54.0, 46.0, Index.SHARE, "%")
    assert found.percent == pytest.approx(14.8, abs=0.05)
    assert (found.status, found.weaker) == (Status.WATCH, "right"), "the leg that carries less"
    assert squats([4.2] * 5).status == Status.UNEVEN
    assert squats([4.2] * 5, error95=5.0).status == Status.LEVEL
    assert squats([-9.0] * 5).weaker == "left"


def test_a_ratio_of_what_can_be_nought_or_below_is_not_made() -> None:
    row = replace(TIME, symmetry="ratio")
    assert walked(row, [0.2] * 7, [-0.1] * 7).status == Status.UNKNOWN


def test_what_could_not_be_judged_is_unknown_and_names_no_side() -> None:
    unjudged = [
        replace(finding(DROP, side, value), verdict=Verdict.UNKNOWN)
        for side, value in zip(SIDES, (9.0, 1.0), strict=True)
    ]
    (found,) = of_set(steps(DROP, [9.0] * 9, [1.0] * 9), unjudged)
    assert (found.status, found.weaker, found.reason) == (Status.UNKNOWN, None, "why not")
    for value, error95 in ((None, 1.0), (2.0, None)):
        pair = [finding(DROP, "left", 3.0), finding(DROP, "right", value, error95)]
        assert of_set(steps(DROP, [9.0] * 9, [1.0] * 9), pair) == ()
    assert of_set([], [finding(DROP, "left", 3.0), finding(TIME, "right", 3.0)]) == ()
    none = replace(DROP, symmetry="none")
    assert of_set([], [finding(none, side, 3.0) for side in SIDES]) == ()


# --------------------------------------------------------------------------- two sets


@pytest.mark.parametrize("named", [True, False])
def test_a_set_on_each_leg_is_compared_rep_by_rep(named: bool) -> None:
    sets = []
    for side, values in (("left", [70.0, 72, 71, 70, 69]), ("right", [50.0, 52, 51, 50, 49])):
        own = side if named else None
        row = replace(TIME, measure="depth", unit="deg")
        cycles = [cycle(i, finding(row, own, v), kind=CycleKind.REP) for i, v in enumerate(values)]
        sets.append((cycles, [finding(row, own, sum(values) / 5, 3.0)]))
    table = {"depth": replace(TIME, measure="depth", unit="deg", symmetry="ratio")}
    (found,) = of_pair(sets[0], sets[1], table)
    assert (found.status, found.weaker, found.compared) == (Status.UNEVEN, "right", 5)
    assert found.percent == pytest.approx(100 * (1 - 50.4 / 70.4))
    assert of_pair(sets[0], sets[1], {}) == ()


# --------------------------------------------------------------------------- properties

VALUES = st.lists(st.floats(0.2, 2.0), min_size=7, max_size=12)


@settings(max_examples=40, deadline=None)
@given(VALUES, VALUES, st.floats(0.001, 0.3))
def test_a_mirrored_walk_only_swaps_the_sides(a: list[float], b: list[float], error95: float) -> None:
    n = min(len(a), len(b))
    one, other = walked(TIME, a[:n], b[:n], error95), walked(TIME, b[:n], a[:n], error95)
    assert (one.status, one.percent, one.same_direction) == (
        other.status,
        other.percent,
        other.same_direction,
    )
    assert one.difference == -other.difference
    assert one.weaker == (None if other.weaker is None else other_side(other.weaker))


@settings(max_examples=40, deadline=None)
@given(VALUES, VALUES, st.floats(0.5, 8.0))
def test_a_ratio_knows_no_unit(a: list[float], b: list[float], scale: float) -> None:
    n = min(len(a), len(b))
    one = walked(TIME, a[:n], b[:n], 0.05)
    other = walked(TIME, [v * scale for v in a[:n]], [v * scale for v in b[:n]], 0.05 * scale)
    assert other.percent == pytest.approx(one.percent, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(VALUES, VALUES, st.floats(0.001, 0.3))
def test_a_flag_always_meets_all_three_conditions(a: list[float], b: list[float], error95: float) -> None:
    n = min(len(a), len(b))
    found = walked(TIME, a[:n], b[:n], error95)
    if found.status in (Status.UNEVEN, Status.WATCH):
        assert found.percent is not None
        assert found.percent >= (
            asymmetry.UNEVEN_PCT if found.status == Status.UNEVEN else asymmetry.WATCH_PCT
        )
        assert abs(found.difference) > hypot(error95, error95)
        assert (found.same_direction or 0) >= asymmetry.SAME_DIRECTION


# --------------------------------------------------------------------------- out and back


def test_it_survives_the_report_and_older_rows_are_refused() -> None:
    found = squats([9.0] * 5)
    assert read_row(json.loads(json.dumps(plain(found.row())))) == found
    assert read_row({"measure": "knee_valgus", "left": 12.0, "right": 3.0}) is None
    assert read_row({**found.row(), "left": None}) is None
    assert read_row({**found.row(), "status": "dreadful"}) is None


def test_in_words_it_names_the_index_and_every_error() -> None:
    assert words_of(squats([9.0] * 5)) == (
        "hips to one side: left 59.0 ± 1.0 %, right 41.0 ± 1.0 %; 31 ± 3 % less load on the right side, "
        "reckoned by levers, not a force (the same way in 100 % of 5 repetitions)"
    )
    assert "20.0 ± 1.3 % less on the right (of the stronger side)" in words_of(
        walked(TIME, [1.0] * 7, [0.8] * 7)
    )
