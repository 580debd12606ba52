"""The room as a phone meets it: over HTTPS, with a code, its camera watched by the computer.

The phone is a Chromium whose camera plays a clip into which a second person walks; later it sends a
smaller picture, as browsers do when the way is narrow. Each gets a sentence, and the set goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import OTHER, PAGE_MS, Console, Served, chromium, lan_server
from tests.ui import fake_camera
from tests.ui.test_live_in_browser import SET_MS, VIDEOS, counted, report_of, start
from vision.live.following import COMPANY_TEXT

pytestmark = pytest.mark.browser

COMES_S = 13.0
SMALLER = "v => v.srcObject.getTracks()[0].applyConstraints({width: 320, height: 240})"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with lan_server(tmp_path_factory.mktemp("phone") / "data") as served:
        yield served


def test_a_phone_comes_in_and_trains_whoever_walks_by(served: Served, tmp_path: Path) -> None:
    clip = fake_camera.written_with_company(
        VIDEOS / "squat_front_clean.mp4",
        VIDEOS / "squat_front_shifts_right.mp4",
        tmp_path / "camera.mjpeg",
        comes_s=COMES_S,
    )
    with chromium(*fake_camera.flags(clip)) as browser:
        context = browser.new_context(
            viewport={"width": 400, "height": 850}, has_touch=True, ignore_https_errors=True
        )
        context.set_default_timeout(PAGE_MS)
        with context, Console(context, allow=("status of 40",), host=OTHER):
            page = context.new_page()
            page.goto(f"https://{OTHER}:{served.rpartition(':')[2]}/live?movement=squat")
            page.get_by_label("Code").fill("AAAAA-AAAAA")
            page.get_by_role("button", name="Open the room").click()
            expect(page.get_by_text("That is not the code.")).to_be_visible()
            page.get_by_label("Code").fill(served.code().lower())
            page.get_by_role("button", name="Open the room").click()
            expect(page.get_by_text("Check a set").first).to_be_visible()
            page.goto(f"https://{OTHER}:{served.rpartition(':')[2]}/live?movement=squat")
            assert page.evaluate("isSecureContext")
            live = start(page)
            counted(live, 1)
            line = live.locator(".line")
            expect(line).to_have_text(COMPANY_TEXT, timeout=SET_MS)
            live.locator("video").evaluate(SMALLER)
            expect(line).to_have_text(re.compile(r"smaller picture \(320 × 240\)"), timeout=SET_MS)
            live.get_by_role("button", name="End the set").click()
            report_of(page)
