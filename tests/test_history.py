"""Courses of measures: only like with like, and a change only beyond the combined error."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision.history import Mark, Way, compare, courses, sentence
from vision.store.rows import Point, Value
from vision.types import Verdict

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def point(
    day: int,
    value: float,
    error95: float | None = 2.0,
    *,
    verdict: str = "good",
    movement: str = "squat",
    view: str = "front",
    measure: str = "trunk_lean",
    side: str | None = None,
    unit: str = "deg",
    set_id: str | None = None,
) -> Point:
    found = Value(measure, "Trunk to one side", side, value, error95, unit, verdict)
    added = START + timedelta(days=day)
    return Point(set_id or f"s{day}", f"Set {day}", added.date(), added, movement, view, found)


def told(value: float, unit: str, error95: float | None) -> str:
    return f"{value:.1f}°" if error95 is None else f"{value:.1f}° ± {error95:.1f}°"


def mark(value: float, error95: float | None = 2.0, verdict: Verdict = Verdict.GOOD) -> Mark:
    return Mark("s", "Set", date(2026, 3, 1), value, error95, verdict)


numbers = st.floats(-1e4, 1e4)
errors = st.floats(1e-3, 1e3)


def test_oldest_first_whatever_the_order_they_come_in():
    (course,) = courses([point(9, 3.0), point(1, 1.0), point(5, 2.0)])
    assert [m.value for m in course.marks] == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    "other",
    [
        {"movement": "hinge"},
        {"view": "left"},
        {"measure": "depth"},
        {"side": "left"},
        {"unit": "ratio"},
    ],
)
def test_what_was_measured_otherwise_is_another_course(other):
    assert [len(c.marks) for c in courses([point(1, 1.0), point(2, 9.0, **other)])] == [1, 1]


def test_a_set_counts_once_and_no_number_counts_never():
    found = courses([point(1, 1.0), point(1, 5.0), point(2, float("nan")), point(3, float("inf"))])
    assert [[m.value for m in c.marks] for c in found] == [[1.0]]


def test_one_set_is_no_change():
    (course,) = courses([point(1, 1.0)])
    assert course.change() is None
    assert course.latest() is None
    assert "One set so far: 1.0° ± 2.0°" in sentence(course, told)


def test_nothing_to_compare_with_is_refused():
    with pytest.raises(ValueError, match="at least one earlier set"):
        compare([], mark(1.0))


@pytest.mark.parametrize(
    ("first", "last", "way"),
    [
        (mark(10.0), mark(12.8), Way.WITHIN),  # combined error 2.83
        (mark(10.0), mark(12.9), Way.MORE),
        (mark(10.0), mark(7.1), Way.LESS),
        (mark(10.0, verdict=Verdict.FAULT), mark(5.0), Way.BETTER),
        (mark(10.0), mark(15.0, verdict=Verdict.CAUTION), Way.WORSE),
        (mark(10.0, verdict=Verdict.FAULT), mark(9.0), Way.WITHIN),
        (mark(10.0, verdict=Verdict.UNKNOWN), mark(15.0), Way.MORE),
        (mark(10.0, None), mark(90.0), Way.UNKNOWN),
        (mark(10.0), mark(90.0, None), Way.UNKNOWN),
    ],
)
def test_ways(first, last, way):
    assert compare([first], last).way is way


def test_an_error_of_nothing_is_no_error():
    (course,) = courses([point(1, 1.0, 0.0), point(2, 9.0, 0.0)])
    change = course.change()
    assert change is not None
    assert change.way is Way.UNKNOWN
    assert "9" not in sentence(course, told)


def test_many_earlier_sets_do_not_make_the_mean_surer():
    many = compare([mark(10.0)] * 50, mark(12.0))
    assert many.error95 == pytest.approx(8**0.5)
    assert many.way is Way.WITHIN


def test_better_only_than_every_earlier_set():
    mixed = [mark(20.0, verdict=Verdict.FAULT), mark(20.0)]
    assert compare(mixed, mark(5.0)).way is Way.LESS
    assert compare(mixed[:1] * 2, mark(5.0)).way is Way.BETTER


@settings(deadline=None)  # another's work on the machine is no failure
@given(numbers, numbers, errors, errors, st.sampled_from(Verdict), st.sampled_from(Verdict))
def test_swapping_the_order_turns_the_change_round(a, b, ea, eb, va, vb):
    turned = {Way.MORE: Way.LESS, Way.LESS: Way.MORE, Way.BETTER: Way.WORSE, Way.WORSE: Way.BETTER}
    there = compare([mark(a, ea, va)], mark(b, eb, vb))
    back = compare([mark(b, eb, vb)], mark(a, ea, va))
    assert back.way is turned.get(there.way, there.way)
    assert back.difference == pytest.approx(-there.difference)


@settings(deadline=None)  # another's work on the machine is no failure
@given(numbers, numbers, errors, errors, st.floats(1.0, 100.0))
def test_larger_errors_never_make_a_change_appear(a, b, ea, eb, scale):
    small = compare([mark(a, ea)], mark(b, eb))
    large = compare([mark(a, ea * scale)], mark(b, eb * scale))
    assert small.told or not large.told


@settings(deadline=None)  # another's work on the machine is no failure
@given(st.lists(st.tuples(numbers, errors), min_size=2, max_size=6), st.floats(1.0, 100.0))
def test_nor_against_a_mean(values, scale):
    marks = [mark(v, e) for v, e in values]
    wide = [replace(m, error95=(m.error95 or 0) * scale) for m in marks]
    assert compare(marks[:-1], marks[-1]).told or not compare(wide[:-1], wide[-1]).told


@settings(deadline=None)  # another's work on the machine is no failure
@given(st.lists(st.tuples(st.integers(1, 30), numbers, st.sampled_from(["front", "left"])), max_size=12))
def test_every_value_is_in_one_course_of_its_own_view(rows):
    points = [point(day, value, view=view, set_id=f"{i}") for i, (day, value, view) in enumerate(rows)]
    found = courses(points)
    assert sorted(m.set_id for c in found for m in c.marks) == sorted(p.set_id for p in points)
    views = {p.set_id: p.view for p in points}
    assert all(views[m.set_id] == c.view for c in found for m in c.marks)


def test_sentences():
    (course,) = courses([point(1, 9.0, verdict="fault"), point(2, 1.0)])
    assert sentence(course, told) == (
        "9.0° ± 2.0° on 2 March 2026, 1.0° ± 2.0° on 3 March 2026: 8.0° ± 2.8° less, better: now good."
    )
    (course,) = courses([point(1, 1.0), point(2, 2.0), point(3, 2.5)])
    assert sentence(course, told) == (
        "1.0° ± 2.0° on 2 March 2026, 2.5° ± 2.0° on 4 March 2026: a difference of 1.5° ± 2.8° is within"
        " the error. Latest against the mean of the earlier ones: a difference of 1.0° ± 2.8°"
        " is within the error."
    )
    assert "better" not in sentence(courses([point(1, 9.0), point(2, 1.0)])[0], told)


def test_a_change_that_rounds_to_its_error_says_so():
    (course,) = courses([point(1, 1.0), point(2, 3.9)])
    assert "2.9° ± 2.8° more (just beyond the error)" in sentence(course, told)
