"""Two films on one clock and the drop zone, in a real Chromium under the room's own policy."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser import Served
from tests.ui import coded_film
from tests.ui.component_steps import eventually, on_screen, opened

pytestmark = pytest.mark.browser


def test_two_films_step_together_phase_by_phase(component_server: Served, component_page: Page) -> None:
    server, page = component_server, component_page
    root = opened(page, f"{server}?show=compare")
    left, right = page.locator(".side.left"), page.locator(".side.right")
    stages = [page.locator(".stage").nth(i) for i in (0, 1)]
    times, others = np.array(coded_film.steady(60, 30)), np.array(coded_film.uneven(90))

    def both(frame: int) -> None:
        """Show ``frame`` and, beside it, the frame on screen at the moment that belongs to it."""
        anchors = (times[[10, 30, 50]], others[[15, 45, 75]])
        moment = float(np.interp(times[frame], *anchors))
        moment += min(0.0, times[frame] - anchors[0][0]) + max(0.0, times[frame] - anchors[0][-1])
        partner = max(0, int(np.searchsorted(others, moment + 1e-4, side="right")) - 1)
        expect(left).to_have_attribute("data-frame", str(frame))
        eventually(lambda: [on_screen(stage) for stage in stages], [frame, partner])
        expect(right.locator(".count")).to_contain_text(f"frame {partner} of 89")

    both(10)
    root.focus()
    for key, frame in (("k", 30), ("ArrowRight", 31), ("Shift+ArrowRight", 41), ("k", 50), ("End", 59)):
        page.keyboard.press(key)
        both(frame)
    page.keyboard.press("Home")
    both(0)
    page.get_by_label("Speed").select_option("0.25")
    page.locator(".play").click()
    eventually(lambda: int(right.get_attribute("data-frame") or 0) > 18, True)
    page.locator(".play").click()
    expect(root).to_have_attribute("data-state", "still")
    both(int(left.get_attribute("data-frame") or -1))
    page.get_by_role("button", name="Ghost").click()
    expect(page.locator(".how")).to_contain_text("laid hip on hip")
    box, ghost = (stage.bounding_box() for stage in stages)
    assert box is not None
    assert ghost is not None
    assert ghost["width"] == pytest.approx(box["width"], rel=0.05)
    root.press("ArrowRight")
    expect(page.get_by_text(re.compile(r"^page frames \d+ \d+$"))).to_be_visible()


def test_three_files_one_refused_one_over_a_broken_line(
    component_server: Served, component_page: Page
) -> None:
    server, page = component_server, component_page
    page.goto(f"{server}?show=upload")
    files = [
        {"name": name, "mimeType": "video/mp4", "buffer": bytes(i % 251 for i in range(size))}
        for name, size in (("good.mp4", 2500), ("bad.mov", 900), ("broken.mp4", 4200), ("empty.mp4", 0))
    ]
    page.locator("input[type=file]").set_input_files(files)
    row = {f["name"]: page.locator(".files li").filter(has_text=str(f["name"])) for f in files}
    for name, state in (
        ("good.mp4", "done"),
        ("bad.mov", "failed"),
        ("broken.mp4", "done"),
        ("empty.mp4", "failed"),
    ):
        expect(row[name]).to_have_attribute("data-state", state)
    expect(row["bad.mov"]).to_contain_text("This is no film: it ends after 3 bytes. <b>Export it again.</b>")
    expect(row["empty.mp4"]).to_contain_text("This file is empty.")
    expect(page.get_by_text("page has ['broken.mp4', 'good.mp4']")).to_be_visible()
    told = page.evaluate("() => fetch('/-/told').then(a => a.json())")
    for file in files[:3]:
        assert told["files"][file["name"]]["bytes"] == bytes(file["buffer"]).hex(), file["name"]
        assert told["files"][file["name"]]["options"] == {"movement": "squat", "tags": ["a"]}
    assert "GET broken.mp4" in told["heard"], "after the line broke it did not ask where to go on"
    row["bad.mov"].get_by_role("button", name="Remove").click()
    expect(row["bad.mov"]).to_have_count(0)


def test_a_cut_connection_waits_and_a_leaving_is_asked_about(
    component_server: Served, component_page: Page
) -> None:
    server, page = component_server, component_page
    page.goto(f"{server}?show=upload")
    pick = page.locator("input[type=file]")
    expect(page.locator(".pick")).to_be_visible()
    page.route("**/-/upload/**", lambda route: route.abort())
    pick.set_input_files({"name": "later.mp4", "mimeType": "video/mp4", "buffer": b"x" * 1500})
    row = page.locator(".files li")
    expect(row).to_have_attribute("data-state", "broken")
    expect(row).to_contain_text("Connection lost. It goes on by itself")
    page.get_by_label("Movement").click()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with page.expect_event("dialog"):
        page.close(run_before_unload=True)
    eventually(lambda: asked, ["beforeunload"])
    page.unroute("**/-/upload/**")
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(row).to_have_attribute("data-state", "done")
