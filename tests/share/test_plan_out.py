"""The plan on paper and in a calendar: complete, strict, and never without its notice."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plan.made import DAY, arched, dropping, plan, shifted
from vision.plan import NOTICE, Plan, Profile
from vision.plan.days import items_on
from vision.share.plan_calendar import escaped, folded, plan_calendar
from vision.share.plan_page import plan_page

MADE = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLANS = {
    "shift": plan(shifted(), profile=Profile(sprints=True, lifts=True)),
    "arch": plan(arched()),
    "drop": plan(dropping()),
}


def unfolded(text: str) -> list[str]:
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def events(text: str) -> list[dict[str, str]]:
    """The events as name and value, read as strictly as RFC 5545 asks of a reader."""
    found: list[dict[str, str]] = []
    lines = unfolded(text)
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert lines[-1] == "END:VCALENDAR"
    for line in lines[1:-1]:
        name, _, value = line.partition(":")
        assert re.fullmatch(r"[A-Z-]+(;[A-Z-]+=[A-Z-]+)*", name), line
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and line != "END:VEVENT":
            assert name not in found[-1]
            found[-1][name] = value
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == len(found)
    return found


def days_of(event: dict[str, str]) -> list[date]:
    """The days of a recurring event, counted out by hand."""
    rule = dict(part.split("=") for part in event["RRULE"].split(";"))
    names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    on = {names.index(name) for name in rule["BYDAY"].split(",")} if "BYDAY" in rule else set(range(7))
    day, days = datetime.strptime(event["DTSTART"], "%Y%m%dT%H%M%S").date(), list[date]()
    while len(days) < int(rule["COUNT"]):
        days += [day] if day.weekday() in on else []
        day += timedelta(days=1)
    return days


@pytest.mark.parametrize("name", PLANS)
def test_the_calendar_has_exactly_the_plans_days(name: str) -> None:
    made = PLANS[name]
    text = plan_calendar(made, "abc", MADE)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "VALARM" not in text
    recurring = [e for e in events(text) if "RRULE" in e]
    in_calendar = {day for e in recurring for day in days_of(e)}
    every = [made.starts + timedelta(days=i) for i in range(-7, 7 * made.weeks + 7)]
    assert in_calendar == {day for day in every if items_on(made, day)}
    ids = [e["UID"] for e in events(text)]
    assert len(ids) == len(set(ids))
    assert ids == [e["UID"] for e in events(plan_calendar(made, "abc", MADE + timedelta(days=3)))], "steady"
    for event in events(text):
        assert event["DTSTAMP"] == "20260301T120000Z"
        assert "Educational\\, not a diagnosis." in event["DESCRIPTION"]
    assert all(re.fullmatch(r"\d{8}T\d{6}", e["DTSTART"]) for e in recurring), "floating"
    (again,) = (e for e in events(text) if "RRULE" not in e)
    assert (again["DTSTART;VALUE=DATE"], again["DTEND;VALUE=DATE"]) == ("20260316", "20260331")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=300))
def test_folding_and_escaping_lose_nothing(words: str) -> None:
    line = folded(f"SUMMARY:{escaped(words)}")
    assert all(len(part.encode()) <= 75 for part in line.split("\r\n"))
    back = line.replace("\r\n ", "").removeprefix("SUMMARY:")
    assert re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], back) == words


def told(made: Plan) -> str:
    html = plan_page(made, "Somebody <b>", frozenset({DAY}))
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


@pytest.mark.parametrize("name", PLANS)
def test_the_page_says_dose_how_when_to_stop_why_and_its_notice(name: str) -> None:
    made = PLANS[name]
    html, text = plan_page(made, "Somebody <b>"), told(made)
    assert NOTICE in text
    assert "Somebody <b>" not in html
    assert not re.search(r"(src|href)=|<script", html)
    for item in made.items:
        assert item.exercise.title in text
        assert text.count("When to stop:") == text.count("Why:") == len(made.items)
        assert all(step.split("'")[0] in text for step in item.exercise.how)
    assert "±" in text or name == "arch", "every value has its error; an arch has none"
    assert ("Back to sprinting" in text) == (name == "shift")
    assert "What is normal" in text
    assert html.count("done") >= 1
