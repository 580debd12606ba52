"""The way of a user in a real browser: the pain question, the plan, a ticked day, the calendar file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import PAGE_MS, Console, chromium, new_context, room_server
from tests.outputs import factory
from tests.plan.made import shifted
from tests.ui.room import opened

pytestmark = pytest.mark.browser


def test_gate_plan_tick_and_calendar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = shifted()
    library = opened(monkeypatch, tmp_path / "data")
    library.done("squats.mov", replace(made, track=factory.track(len(made.cycles))), with_film=False)
    with (
        room_server(tmp_path / "data") as served,
        chromium() as browser,
        new_context(browser) as context,
        Console(context, allow=("status of 404",)),  # Streamlit asks below the page first, then at the root
    ):
        page = context.new_page()
        page.goto(f"{served}/plan")
        drill = page.get_by_text("Glute squeezes without moving").first
        make = page.get_by_role("button", name="Make the plan")
        expect(make).to_be_visible(timeout=PAGE_MS)
        expect(drill).to_have_count(0, timeout=PAGE_MS)
        page.get_by_text("Yes, somewhere else").click()
        make.click()
        expect(page.get_by_text("No drills while something hurts")).to_be_visible(timeout=PAGE_MS)
        expect(drill).to_have_count(0, timeout=PAGE_MS)
        page.get_by_text("No, nothing hurts").click()
        make.click()
        expect(drill).to_be_visible(timeout=PAGE_MS)
        page.get_by_role("button", name="Done", exact=True).click()
        expect(page.locator(".pl-days td.done")).to_have_count(1, timeout=PAGE_MS)
        page.reload()
        expect(page.locator(".pl-days td.done")).to_have_count(1, timeout=PAGE_MS)
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save the calendar").click()
        calendar = saved.value.path().read_bytes()
        assert calendar.startswith(b"BEGIN:VCALENDAR\r\n")
        assert b"RRULE:FREQ=DAILY;COUNT=28" in calendar
        page.get_by_role("button", name="Something hurts").click()
        expect(page.get_by_text("see a doctor or physical therapist").first).to_be_visible(timeout=PAGE_MS)
        expect(drill).to_have_count(0, timeout=PAGE_MS)
