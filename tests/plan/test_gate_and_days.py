"""The pain question, the days of a plan, and the re-test."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plan.made import DAY, arched, dropping, passed, plan, report, shifted, signals
from vision.plan import Answers, Pain, Passed, RedFlag, Stopped, ask
from vision.plan.days import ON, items_on, month, week_of
from vision.plan.groove import groove
from vision.plan.retest import Outcome, retest
from vision.types import Verdict

# --------------------------------------------------------------------------- the gate


@given(st.sampled_from([None, *Pain]), st.frozensets(st.sampled_from(RedFlag)))
def test_only_no_pain_and_no_red_flag_pass(pain: Pain | None, flags: frozenset[RedFlag]) -> None:
    got = ask(Answers(pain, flags, DAY))
    assert isinstance(got, Passed) == (pain is Pain.NONE and not flags)
    if isinstance(got, Stopped):
        assert got.urgent == bool(flags)
        assert pain is None or "doctor" in got.words


def test_an_answer_is_good_for_a_week_and_not_for_the_past() -> None:
    gate = passed(DAY)
    held = [gate.holds_on(DAY + timedelta(days=n)) for n in (-1, 0, 6, 7)]
    assert held == [False, True, True, False]


# --------------------------------------------------------------------------- days


def test_every_rhythm_is_kept_in_each_week_and_strength_has_days_between() -> None:
    made = plan(shifted())
    for item in made.items:
        for first, last, days in item.rhythm:
            for week in range(first, last + 1):
                start = made.starts + timedelta(weeks=week - 1)
                on = [start + timedelta(days=i) for i in range(7)]
                assert sum(item in items_on(made, day) for day in on) == days
    for days in (1, 2, 3):
        places = [*ON[days], ON[days][0] + 7]
        assert all(b - a > 1 for a, b in pairwise(places))
    assert items_on(made, made.starts - timedelta(days=1)) == ()
    assert items_on(made, made.ends + timedelta(days=1)) == ()
    assert items_on(made, made.ends - timedelta(days=6)) != ()
    assert (week_of(made, made.starts), week_of(made, made.ends)) == (1, made.weeks)


def test_a_month_counts_planned_days_and_the_present_row() -> None:
    made = plan(arched())
    days = [made.starts + timedelta(days=i) for i in range(10)]
    today = days[9]
    full = month(made, set(days), date(2026, 3, 1), date(2026, 3, 31), today)
    assert (full.planned, full.done, full.in_a_row) == (10, 10, 10)
    gap = month(made, {*days} - {days[4], today}, date(2026, 3, 1), date(2026, 3, 31), today)
    assert (gap.planned, gap.done, gap.in_a_row) == (10, 8, 4), "today is not over yet"
    early = month(made, set(), date(2026, 1, 1), date(2026, 1, 31), today)
    assert (early.planned, early.done, early.in_a_row) == (0, 0, 0)


# --------------------------------------------------------------------------- the re-test


@pytest.mark.parametrize(
    ("now", "outcome"),
    [(-9.0, Outcome.SAME), (-7.5, Outcome.SAME), (-5.0, Outcome.BETTER), (0.0, Outcome.BETTER),
     (-14.0, Outcome.WORSE), (9.0, Outcome.SAME)],
)  # fmt: skip
def test_a_shift_is_better_only_beyond_both_errors_and_not_on_the_other_side(
    now: float, outcome: Outcome
) -> None:
    fault, sides = signals(shifted(-9.0))
    later = shifted(now)
    assert retest(sides, later).outcome is outcome
    got = retest(fault, later)
    assert got.outcome is outcome
    assert got.error95 == pytest.approx(2**0.5 * (fault.error95 or 0))


def test_a_pattern_goes_by_its_counts() -> None:
    (arch,) = signals(arched(5, 5))
    assert retest(arch, arched(0, 5)).outcome is Outcome.BETTER
    assert retest(arch, arched(3, 5)).outcome is Outcome.SAME
    (few,) = signals(arched(6, 10))
    assert retest(few, arched(10, 10)).outcome is Outcome.SAME, "six of ten may be ten of ten by chance"


def test_what_was_not_seen_again_is_not_compared() -> None:
    fault, sides = signals(shifted())
    for other in (dropping(), arched()):
        assert retest(fault, other).outcome is Outcome.UNKNOWN
        assert retest(sides, other).outcome is Outcome.UNKNOWN
    for drop in signals(dropping()):
        assert retest(drop, dropping(left=4.0)).outcome is Outcome.BETTER
        assert retest(drop, dropping(left=4.0, judged=False)).outcome is Outcome.UNKNOWN
    assert retest(replace(fault, error95=None), shifted()).outcome is Outcome.UNKNOWN


@settings(max_examples=10, deadline=None)
@given(st.floats(-20, 20), st.floats(-20, 20))
def test_better_one_way_is_worse_the_other_way(before: float, after: float) -> None:
    one, other = signals(shifted(before)), signals(shifted(after))
    there = {(s.kind, s.measure): retest(s, shifted(after)).outcome for s in one}
    back = {(s.kind, s.measure): retest(s, shifted(before)).outcome for s in other}
    opposite = {Outcome.BETTER: Outcome.WORSE, Outcome.WORSE: Outcome.BETTER}
    for key in there.keys() & back.keys():
        assert back[key] is opposite.get(there[key], there[key])


# --------------------------------------------------------------------------- one set


def test_quality_repetitions_are_clean_and_even() -> None:
    made = report("squat", {("lateral_shift", None): [1.0, 1.0, -9.0, 5.0, 0.0]})
    got = groove(made)
    assert (got.reps, got.judged, got.quality, got.uneven) == (5, 5, 3, (3, 4))
    assert got.share == pytest.approx(0.6)
    assert [c.findings[0].verdict for c in made.cycles][3] is Verdict.CAUTION, "uneven, though no fault yet"
    hidden = report(
        "gait", {("pelvic_drop", "left"): [1.0] * 3, ("pelvic_drop", "right"): [1.0] * 3}, judged=False
    )
    assert groove(hidden).share is None
