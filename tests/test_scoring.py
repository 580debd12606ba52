"""From a value and its bands to verdicts, points and scores, by hand-worked numbers."""

from __future__ import annotations

from dataclasses import replace
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.scoring import judge, score, summarise
from vision.types import Criterion, Finding, Measurement, Plane, Verdict

ROW = Criterion(
    measure="lean_deg",
    unit="deg",
    plane=Plane.FRONTAL,
    title="Lean",
    source="made up",
    good=(-5.0, 5.0),
    caution=(-10.0, 10.0),
    above="leans_left",
    below="leans_right",
)


def at(value: float | str | None, sd: float = 0.0, row: Criterion = ROW, **more: object) -> Finding:
    measured = Measurement(value, sd, 3, **more)  # type: ignore[arg-type]
    return judge(row, measured, None, 1.5, 45)


# --------------------------------------------------------------------------- one value


@pytest.mark.parametrize(
    ("value", "verdict", "fault", "points"),
    [
        (0.0, Verdict.GOOD, None, 0.0),
        (5.0, Verdict.GOOD, None, 0.0),
        (5.1, Verdict.CAUTION, "leans_left", 0.2),
        (-7.5, Verdict.CAUTION, "leans_right", 5.0),
        (10.0, Verdict.CAUTION, "leans_left", 10.0),
        (10.1, Verdict.FAULT, "leans_left", 10.2),
        (-15.0, Verdict.FAULT, "leans_right", 20.0),
        (90.0, Verdict.FAULT, "leans_left", 40.0),
    ],
)
def test_bands_without_error(value: float, verdict: Verdict, fault: str | None, points: float) -> None:
    got = at(value)
    assert (got.verdict, got.fault, got.penalty) == (verdict, fault, pytest.approx(points))
    assert got.value == value
    assert (got.t_s, got.frame) == (1.5, 45)


# P(true value beyond 10) for a value of 10 + z * sd: 90 % at z = 1.2816
@pytest.mark.parametrize(
    ("value", "sd", "verdict"),
    [
        (12.6, 2.0, Verdict.FAULT),
        (12.5, 2.0, Verdict.CAUTION),
        (10.1, 2.0, Verdict.CAUTION),
        (12.5, 1.9, Verdict.FAULT),
        (-12.6, 2.0, Verdict.FAULT),
        (-12.5, 2.0, Verdict.CAUTION),
        (4.9, 2.0, Verdict.GOOD),
        (
            4.9,
            30.0,
            Verdict.CAUTION,
        ),  # more likely than not beyond: 10 - 4.9 is 0.17 sd, and so is the other side
    ],
)
def test_a_fault_needs_ninety_percent(value: float, sd: float, verdict: Verdict) -> None:
    assert at(value, sd).verdict is verdict


def test_errors_of_definition_and_noise_add_in_squares() -> None:
    row = replace(ROW, definition_sd=3.0)
    assert at(0.0, 4.0, row).error95 == pytest.approx(1.96 * 5.0)
    assert at(0.0, float("nan"), row).error95 == pytest.approx(1.96 * 3.0)


def test_an_error_too_wide_gives_the_value_but_no_verdict() -> None:
    row = replace(ROW, max_error95=6.0)
    assert at(30.0, 3.0, row).verdict is Verdict.FAULT
    wide = at(30.0, 3.1, row)
    assert wide.verdict is Verdict.UNKNOWN
    assert wide.value == 30.0
    assert wide.penalty == 0
    assert "error" in wide.reason


def test_what_was_not_seen_is_null_with_a_reason_never_zero() -> None:
    for got in (at(None, reason="feet out of frame"), at(float("nan"), reason="feet out of frame")):
        assert got.value is None
        assert got.error95 is None
        assert got.verdict is Verdict.UNKNOWN
        assert got.reason == "feet out of frame"
    assert at(float("nan")).reason


def test_without_a_band_or_out_of_judgement_the_value_is_only_reported() -> None:
    bare = replace(ROW, good=None, caution=None)
    for got in (at(80.0, 0.0, bare), at(80.0, reason="not here", judged=False)):
        assert got.value == 80.0
        assert got.verdict is Verdict.UNKNOWN
        assert got.reason
        assert got.fault is None
        assert got.penalty == 0


def test_what_cannot_fault_is_caution_at_most() -> None:
    assert at(90.0, 0.0, replace(ROW, can_fault=False)).verdict is Verdict.CAUTION


def test_a_value_is_judged_against_what_stands_in_for_it() -> None:
    got = at(30.0, compare=2.0, reason="against your own")
    assert got.verdict is Verdict.GOOD
    assert got.value == 30.0
    assert at(2.0, compare=30.0).verdict is Verdict.FAULT


def test_only_an_anterior_pattern_counts_against_a_lockout() -> None:
    row = replace(ROW, unit="pattern", good=None, caution=None, above="arched")
    assert (at("posterior", row=row).verdict, at("posterior", row=row).penalty) == (Verdict.GOOD, 0)
    bad = at("anterior", row=row)
    assert (bad.verdict, bad.fault) == (Verdict.CAUTION, "arched")
    assert bad.penalty > 0


@given(st.floats(-60, 60), st.floats(0, 10))
def test_the_mirror_changes_sides_and_nothing_else(value: float, sd: float) -> None:
    one, other = at(value, sd), at(-value, sd)
    twins = {"leans_left": "leans_right", "leans_right": "leans_left", None: None}
    assert other.verdict is one.verdict
    assert other.penalty == pytest.approx(one.penalty)
    if abs(value) > 1e-9:
        assert other.fault == twins[one.fault]


@given(st.floats(0, 60), st.floats(0, 60), st.floats(0, 5))
def test_worse_never_costs_less(a: float, b: float, sd: float) -> None:
    low, high = sorted((a, b))
    order = [Verdict.GOOD, Verdict.CAUTION, Verdict.FAULT]
    assert order.index(at(low, sd).verdict) <= order.index(at(high, sd).verdict)
    assert at(low, sd).penalty <= at(high, sd).penalty


# --------------------------------------------------------------------------- scores


def test_score_of_a_repetition() -> None:
    assert score([at(0.0), at(10.0), at(-7.5)]) == 85
    assert score([at(10.0, 0.0, replace(ROW, weight=1.5))]) == 85
    assert score([at(90.0)] * 4) == 0
    assert score([at(0.0), at(None)]) == 100
    assert score([at(None), at(80.0, judged=False)]) is None
    assert score([]) is None


# --------------------------------------------------------------------------- the set


@pytest.mark.parametrize(
    ("values", "verdict", "reason"),
    [
        ([0, 1, -2, 0], Verdict.GOOD, ""),
        ([0, 20, 0, 0], Verdict.GOOD, ""),  # one repetition is no pattern
        ([0, 20, 20, 0], Verdict.FAULT, "2 of 4"),
        ([20], Verdict.FAULT, "1 of 1"),
        ([0, 7, 7, 0], Verdict.CAUTION, "2 of 4"),
        ([0, 20, 7, 0], Verdict.CAUTION, "2 of 4"),
        ([20, None, 20, None], Verdict.FAULT, "2 of 2"),
    ],
)
def test_a_fault_of_the_set_is_a_fault_of_two_repetitions(
    values: list[float | None], verdict: Verdict, reason: str
) -> None:
    got = summarise([at(None if v is None else float(v)) for v in values])
    assert got.verdict is verdict
    assert got.reason == reason
    if verdict is Verdict.GOOD:
        assert got.fault is None
        assert got.penalty == 0
    else:
        assert got.fault == "leans_left"


def test_the_sets_value_is_the_mean_and_its_penalty_the_mean_cost() -> None:
    got = summarise([at(v) for v in (6.0, 8.0, 10.0)])
    assert got.value == pytest.approx(8.0)
    assert got.penalty == pytest.approx((2 + 6 + 10) / 3, abs=0.05)


def test_a_good_set_tells_what_its_value_was_compared_with() -> None:
    own = "judged against your own standing ratio of 0.72"
    assert summarise([replace(at(0.0), reason=own)] * 2).reason == own


def test_scatter_averages_out_and_the_definition_does_not() -> None:
    row = replace(ROW, definition_sd=2.0)
    values = [-3.0, 3.0, -3.0, 3.0]
    scatter = (4 * 9 / 3) ** 0.5
    got = summarise([at(v, 0.0, row) for v in values])
    assert got.error95 == pytest.approx(1.96 * hypot(2.0, scatter / 2))
    # four equal values are no surer than their own noise, and never surer than the definition
    same = summarise([at(1.0, 1.5, row)] * 4)
    assert same.error95 == pytest.approx(1.96 * hypot(2.0, 1.5 / 2))


def test_an_error_that_all_repetitions_share_does_not_average_out() -> None:
    row = replace(ROW, definition_sd=3.0)
    many = [at(2.0, 1.0, row, shared_sd=4.0) for _ in range(100)]
    assert many[0].error95 == pytest.approx(1.96 * hypot(3.0, 4.0, 1.0))
    assert summarise(many).error95 == pytest.approx(1.96 * hypot(5.0, 0.1))


def test_too_few_and_too_uncertain_give_no_verdict() -> None:
    few = summarise([at(20.0, 0.0, replace(ROW, min_cycles=4))] * 3)
    assert few.verdict is Verdict.UNKNOWN
    assert few.fault is None
    assert few.value == 20.0
    assert "4" in few.reason
    row = replace(ROW, max_error95=3.0)
    assert summarise([at(v, 0.0, row) for v in (-20.0, 20.0)]).verdict is Verdict.UNKNOWN


def test_a_measure_that_was_never_seen_keeps_its_commonest_reason() -> None:
    got = summarise([at(None, reason="a"), at(None, reason="b"), at(None, reason="b")])
    assert got.value is None
    assert got.verdict is Verdict.UNKNOWN
    assert got.reason == "b"


def test_patterns_go_by_the_commonest() -> None:
    row = replace(ROW, unit="pattern", good=None, caution=None, above="arched")
    got = summarise([at(v, row=row) for v in ("posterior", "anterior", "anterior")])
    assert got.value == "anterior"
    assert got.reason == "2 of 3"
