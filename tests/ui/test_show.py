"""The fragments of HTML: what they say, and that nothing in a text becomes more than text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.movements.sprinters import Filmed, Sprinter
from tests.outputs import factory
from tests.ui.room import Words
from vision.history import courses
from vision.outputs.report_back import parse_report
from vision.outputs.report_json import report_text
from vision.outputs.wording import value_text
from vision.store.rows import Point, State, StoredSet, Value
from vision.types import CycleKind, Plane, Verdict
from vision.ui import history_view, show, show_course, show_details

TAGS = set(
    re.findall(r"\w+", "p i b h1 h3 div section span ol ul li em small br table thead tbody tr th td")
) | {"img", "details", "summary"}
EVIL = '<img src="//example.org/x.png"><script>alert(1)</script> ![x](//example.org/y.png)'


def stored(**changes: Any) -> StoredSet:
    one = StoredSet(
        id="a1",
        title="squat.mov",
        movement_asked="auto",
        athlete_id=None,
        athlete="",
        session="",
        filmed_on=date(2025, 3, 4),
        added=datetime(2025, 3, 4, tzinfo=UTC),
        capture_fps=None,
        person=None,
        tags=(),
        state=State.DONE,
        movement="squat",
        verdict="good",
        headline="Nothing to change was seen.",
        score=97,
        reps=4,
    )
    return replace(one, **changes)


def words(html: str) -> str:
    return " ".join(Words(html).text.split())


@pytest.mark.parametrize(
    ("good", "caution", "text"),
    [
        ((0.92, 9.0), (0.87, 9.0), "0.92 or more"),
        ((-90.0, 5.0), (-90.0, 8.0), "5 or less"),
        ((-4.0, 4.0), (-8.0, 8.0), "−4 to 4"),
        (None, None, "no limit set"),
    ],
)
def test_a_band_is_told_by_the_ends_that_count(good: Any, caution: Any, text: str) -> None:
    criterion = replace(factory.RATIO, good=good, caution=caution)
    assert show.good_text(factory.finding(criterion, 1.0, Verdict.GOOD)) == text


@pytest.mark.parametrize("kind", CycleKind)
@pytest.mark.parametrize("plane", Plane)
def test_every_kind_and_plane_can_be_shown(kind: CycleKind, plane: Plane) -> None:
    report = factory.report()
    cycles = tuple(replace(c, cycle=replace(c.cycle, kind=kind)) for c in report.cycles)
    report = replace(report, cycles=cycles, view=replace(report.view, plane=plane, seen_from=None))
    again, clip = parse_report(report_text(report, factory.clip_info()))
    assert f"{kind.value.capitalize()} 3" in show_details.every_cycle(again)
    assert again.view.plane is plane
    assert "Knees caved in" in show.hero(again, clip)


def test_what_is_wrong_with_the_file_stands_beside_the_verdict() -> None:
    clip = replace(factory.clip_info(), warnings=("the file breaks after 6.3 s; <the rest> is lost",))
    said = show.hero(factory.report(), clip)
    assert '<p class="pl-callout">The file breaks after 6.3 s; &lt;the rest&gt; is lost.</p>' in said


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (stored(), "✓ Looks good 97 Nothing to change was seen. squat 4 reps 4 March 2025"),
        (stored(seen_all=False), "✓ Good, as far as seen 97 Nothing to change was seen. squat 4 reps"),
        (stored(verdict="fault", seen_all=False), "✕ Something to change 97"),
        (stored(verdict="splendid", score=None), "– Could not be judged – Nothing"),
        (stored(movement="gait", reps=1), "gait 1 step 4 March 2025"),
        (stored(state=State.FAILED, movement=None, reps=0), "✕ Not analysed 4 March 2025"),
        (stored(state=State.CANCELLED, movement=None, reps=0), "– Cancelled 4 March 2025"),
        (
            stored(athlete="Mara", session="Tuesday", tags=("heavy", "belt")),
            "Mara squat 4 reps 4 March 2025 Tuesday #heavy #belt",
        ),
    ],
)
def test_a_card_says_what_is_known_of_a_set(one: StoredSet, text: str) -> None:
    assert text in words(show.card(one))


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "Starting"),
        ({"stage": "reading", "done": 12}, "Reading · 12 frames"),
        ({"stage": "reading", "done": 12, "total": 384}, "Reading · 12 of 384 frames"),
        (
            {"stage": "making the film", "done": 500, "total": 384, "seconds_left": 3.0},
            "Making the film · 384 of 384 frames · about 10 s left",
        ),
        ({"stage": "reading", "seconds_left": 84.0}, "Reading · about 90 s left"),
        ({"stage": "reading", "seconds_left": 130.0}, "Reading · about 3 min left"),
    ],
)
def test_progress_is_told_as_finely_as_it_is_known(changes: dict[str, Any], text: str) -> None:
    assert show.remaining(stored(state=State.RUNNING, **changes)) == text


def test_a_sprint_is_told_and_not_judged() -> None:
    run, clip = Filmed(fps=120.0, length_s=1.2).report(Sprinter()), factory.clip_info()
    top = words(show.hero(run, clip))
    assert "Told, not judged" in top
    assert "told and not judged" in top
    assert "too little was seen" not in top
    assert "slow motion" not in top
    assert "3 steps" in words(show.card(stored(movement="sprint", reps=3, score=None, verdict="unknown")))
    none = replace(run, cycles=(), headline="No repetition was found.")
    assert "too little was seen" in words(show.hero(none, clip))
    slow = replace(run, notes=("this looks like slow motion: give the camera's own frame rate",))
    assert "Analyse again" in words(show.hero(slow, clip))
    assert "--" not in words(show.hero(slow, clip))


def test_left_stands_beside_right_where_nothing_is_judged() -> None:
    run = Filmed(fps=120.0, length_s=1.2).report(Sprinter())
    table = show.both_sides(run)
    values = {(f.measure, f.side): value_text(f) for f in run.set_findings if f.value is not None}
    row = next(r for r in table.split("<tr>") if "Highest thigh" in r)
    left, right = (values["thigh_flexion_max", side] for side in ("left", "right"))
    assert row.index(f'data-label="Left">{left}') < row.index(f'data-label="Right">{right}')
    assert f'colspan="2" data-label="Both">{values["step_rate", None]}' in table
    assert "not judged" not in table


def test_every_month_has_its_name() -> None:
    assert [show.day(date(2025, month, 3)).split()[1] for month in (1, 5, 12)] == [
        "January",
        "May",
        "December",
    ]


def points(values: list[tuple[float, float | None]], days: list[int], **changes: Any) -> list[Point]:
    found = [
        Value("trunk_angle", changes.get("title", "trunk leans"), "left", value, error, "deg", "good")
        for value, error in values
    ]
    start = datetime(2025, 3, 4, tzinfo=UTC)
    return [
        Point(
            f"s{i}",
            changes.get("name", "a set"),
            date(2025, 3, 4) + timedelta(day),
            start,
            "squat",
            "left",
            f,
        )
        for i, (f, day) in enumerate(zip(found, days, strict=True))
    ]


def test_a_course_stays_inside_its_drawing_with_all_of_its_errors() -> None:
    (course,) = courses(points([(20.0, 4.0), (26.0, 30.0), (23.0, 2.0)], [0, 7, 30]))
    drawn = show_course.drawing(course)
    numbers = [float(n) for n in re.findall(r' c?[xy][12]?="([-\d.]+)"', drawn)]
    assert numbers
    assert all(0 <= n <= show_course.WIDE for n in numbers)
    assert all(0 <= float(n) <= show_course.HIGH for n in re.findall(r' c?y[12]?="([-\d.]+)"', drawn))
    assert drawn.count("<circle") == 3
    assert "<polygon" in drawn
    assert "20° ± 4°" in " ".join(show_course.texts(course))


@pytest.mark.parametrize(
    ("values", "days"),
    [
        ([(20.0, 4.0)], [0]),
        ([(0.0, 0.1)], [0]),
    ],
    ids=["one set", "nothing but a zero"],
)
def test_a_course_of_little_is_drawn_without_a_band(
    values: list[tuple[float, float | None]], days: list[int]
) -> None:
    (course,) = courses(points(values, days))
    drawn = show_course.drawing(course)
    assert drawn.count("<circle") == len(values)
    assert "<polygon" not in drawn
    assert "nan" not in drawn


def test_a_value_without_its_error_is_neither_drawn_nor_told() -> None:
    (course,) = courses(points([(20.0, None), (22.0, 4.0), (24.0, 4.0)], [0, 7, 14]))
    (known,) = courses(points([(22.0, 4.0), (24.0, 4.0)], [7, 14]))
    at = 'src="'
    assert show_course.picture(course).split(at)[1] == show_course.picture(known).split(at)[1]
    assert "20" not in show_course.texts(course)[0].replace("2025", "")
    assert "its error is not known" in show_course.texts(course)[0]
    (nothing,) = courses(points([(20.0, None), (22.0, None)], [0, 0]))
    assert show_course.picture(nothing) == ""
    assert "22" not in words(history_view.fragment(nothing))


def test_a_difference_within_the_error_is_not_called_a_change() -> None:
    (course,) = courses(points([(20.0, 4.0), (23.0, 4.0)], [0, 7]))
    assert "within the error" in words(history_view.fragment(course))
    (course,) = courses(points([(20.0, 1.0), (29.0, 1.0)], [0, 7]))
    assert "within the error" not in words(history_view.fragment(course))


@pytest.mark.parametrize(
    ("low", "high"), [(0.0, 1.0), (-3.2, 2.9), (1e-6, 2e-6), (812.0, 977.0), (0.0, 9.99)]
)
def test_there_are_a_few_round_values_beside_a_course(low: float, high: float) -> None:
    made = show_course.ticks(low, high)
    assert 2 <= len(made) <= 6
    assert all(low - 1e-9 <= value <= high + 1e-9 for value in made)


def test_nothing_in_a_text_becomes_more_than_text() -> None:
    report = factory.report()
    evil = replace(factory.RATIO, title=EVIL, source=EVIL)
    finding = factory.finding(evil, 0.6, Verdict.FAULT, 45, reason=EVIL, fault=EVIL)
    gone = factory.finding(evil, None, Verdict.UNKNOWN, reason=EVIL)
    guide = replace(report.guidance[0], words=EVIL, cue=EVIL, explain=EVIL, drill=EVIL, source=EVIL)
    cycle = replace(report.cycles[0], findings=(finding, gone))
    report = replace(
        report,
        set_findings=(finding, gone),
        cycles=(cycle,),
        headline=EVIL,
        cue=EVIL,
        advice=EVIL,
        notes=(EVIL,),
        guidance=(guide,),
        thresholds=EVIL,
        provenance={"version": EVIL, "pose": EVIL},
    )
    (course,) = courses(points([(1.0, 0.1), (2.0, 0.1)], [0, 1], title=EVIL, name=EVIL))
    one = stored(title=EVIL, headline=EVIL, athlete=EVIL, session=EVIL, tags=(EVIL,), verdict=EVIL)
    page = Words(
        show.hero(report, factory.clip_info(EVIL), show.labels(one))
        + show.findings(report)
        + show.gaps(report)
        + show.guidance(report.guidance)
        + show.lines([EVIL, *show_details.provenance(report)])
        + show_details.every_cycle(report)
        + show_details.sources(report)
        + show.card(one)
        + show.problem(EVIL)
        + history_view.fragment(course)
    )
    assert page.text.count("<script>") >= 20
    assert page.tags <= TAGS
    assert all(value.startswith("data:") for value in page.sources)
    asking = {"href", "srcset", "style", "action", "poster", "onload", "onerror", "onclick"}
    assert not page.attributes & asking
