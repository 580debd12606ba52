"""What the library keeps of a report."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.outputs import factory
from vision.jobs.outcome import outcome_of
from vision.types import Finding, Plane, Report, Verdict


def seen_from(report: Report, plane: Plane) -> Report:
    return replace(report, view=replace(report.view, plane=plane))


def lost(finding: Finding) -> Finding:
    return replace(finding, value=None, error95=None, verdict=Verdict.UNKNOWN, reason="knee hidden")


def test_the_set_as_lists_show_it() -> None:
    kept = outcome_of(factory.report(), "r1")
    assert (kept.results, kept.movement, kept.view) == ("r1", "squat", "front")
    assert (kept.headline, kept.verdict, kept.score, kept.reps) == (
        "Knees caved in on 2 of 3 reps.",
        "fault",
        87,
        3,
    )
    assert [(v.measure, v.title, v.value, v.error95, v.unit, v.verdict) for v in kept.values] == [
        ("knee_ankle_ratio", "Knee gap over ankle gap", 0.62, 0.05, "ratio", "fault")
    ]


def test_words_are_no_values_and_an_endless_error_is_none() -> None:
    report = factory.report()
    word = factory.finding(factory.PELVIS, "posterior", Verdict.GOOD, 45)
    vague = factory.finding(factory.SHIFT, 1.0, Verdict.UNKNOWN, 45, error95=float("inf"))
    kept = outcome_of(replace(report, set_findings=(word, vague)), "r1")
    assert [(v.measure, v.error95) for v in kept.values] == [("lateral_shift", None)]


@pytest.mark.parametrize(
    ("plane", "seen"), [(Plane.FRONTAL, True), (Plane.SAGITTAL, False), (Plane.OBLIQUE, False)]
)
def test_what_another_view_would_show_is_only_missed_where_the_camera_should_see_it(
    plane: Plane, seen: bool
) -> None:
    # The heels, a measure of the side view, could not be measured.
    assert outcome_of(seen_from(factory.report(), plane), "r1").seen_all is seen


def test_one_repetition_that_was_not_seen_is_not_all() -> None:
    report = factory.report()
    first = report.cycles[0]
    cycle = replace(first, findings=(lost(first.findings[0]), *first.findings[1:]))
    assert outcome_of(replace(report, cycles=(cycle, *report.cycles[1:])), "r1").seen_all is False


def test_what_is_not_judged_is_not_missed() -> None:
    report = factory.report()
    unjudged = replace(lost(report.set_findings[0]), criterion=replace(factory.RATIO, good=None))
    assert outcome_of(replace(report, set_findings=(unjudged,)), "r1").seen_all is True


def test_nobody_seen_is_nothing_seen() -> None:
    kept = outcome_of(replace(factory.report(reps=0), movement=None), "r1")
    assert (kept.movement, kept.verdict, kept.score, kept.reps, kept.seen_all) == (
        None,
        "unknown",
        None,
        0,
        False,
    )


@pytest.mark.parametrize(
    ("plane", "seen_from", "view"),
    [
        (Plane.FRONTAL, "front", "front"),
        (Plane.FRONTAL, "rear", "rear"),
        (Plane.FRONTAL, None, "frontal"),
        (Plane.SAGITTAL, "left", "side"),
        (Plane.SAGITTAL, "right", "side"),
        (Plane.OBLIQUE, "front", "oblique"),
    ],
)
def test_front_and_rear_are_views_of_their_own(plane: Plane, seen_from: str | None, view: str) -> None:
    report = factory.report()
    report = replace(report, view=replace(report.view, plane=plane, seen_from=seen_from))
    assert outcome_of(report, "results").view == view
