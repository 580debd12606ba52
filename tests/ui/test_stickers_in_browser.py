"""Stickers as a user tells of them: a clip is dropped, each sticker clicked once, and degrees come out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import Console, chromium, new_context, room_server
from tests.clips import middle_of
from tests.filmed import VIDEOS

pytestmark = pytest.mark.browser

WALK = "markers_walk_rear_right_hip_drops"
FAST = {"PLUMBLINE_POSE": "blazepose-full"}
WAIT_MS = 240_000
LENGTH_S = 4.5
"""Steps enough of either leg for a drop."""

PICTURE = 12
MISSED_PX = 2.0
"""How far beside the middle the test clicks."""


def click(picture: Locator, x: float, y: float, wide: float) -> None:
    """Click at a point in px of the clip."""
    box = picture.bounding_box()
    assert box is not None
    scale = box["width"] / wide
    picture.click(position={"x": x * scale, "y": y * scale})


def test_two_clicks_give_a_pelvic_drop_in_degrees_with_its_error(tmp_path: Path) -> None:
    truth = json.loads((VIDEOS / f"{WALK}.json").read_text("utf-8"))
    spots = truth["frames"][PICTURE]["markers2d"]
    walk = middle_of(VIDEOS / f"{WALK}.mp4", tmp_path / "walk.mp4", 0.0, LENGTH_S)
    with (
        room_server(tmp_path / "data", FAST) as served,
        chromium() as browser,
        new_context(browser) as context,
        Console(context, allow=("status of 404",)),
    ):
        page = context.new_page()
        page.goto(f"{served}/add")
        page.locator(".upload input[type=file]").set_input_files(str(walk))
        page.get_by_role("link", name="Go to the clip that was just added").click()
        part = page.locator(".st-key-stickers")
        part.get_by_text("Analyse with stickers on the pelvis").click()
        part.get_by_text("Show a picture of the clip").click()
        number = part.get_by_role("spinbutton", name="Picture of the clip")
        number.fill(str(PICTURE))
        number.press("Enter")
        stage = part.locator(".stickers")
        expect(stage).to_have_attribute("data-set", re.compile(f"-{PICTURE}-rear$"), timeout=WAIT_MS)
        expect(stage.locator(".line")).to_contain_text("left psis")
        expect(part.get_by_role("button", name="Analyse with these stickers")).to_be_disabled()
        picture = stage.locator("img")
        for i, name in enumerate(("left_psis", "right_psis")):
            x, y, _ = spots[name]
            click(picture, x + MISSED_PX, y - MISSED_PX, truth["width"])
            told = stage.locator("figcaption").nth(i)
            expect(told).to_contain_text(name.replace("_", " "), timeout=WAIT_MS)
            found = [float(n) for n in re.findall(r"\d+\.\d+", told.inner_text())]
            assert found[:2] == pytest.approx([x, y], abs=1.0)
        part.get_by_role("button", name="Analyse with these stickers").click()
        expect(page.locator(".player")).to_have_attribute("data-state", "still", timeout=WAIT_MS)
        drops = page.locator(".pl-table tr").filter(has_text="Free hip drops")
        expect(drops).to_have_count(2, timeout=WAIT_MS)
        for side in range(2):
            expect(drops.nth(side)).to_contain_text(re.compile(r"\d° ± \d"))
        expect(page.locator(".st-key-details")).to_contain_text("Pelvis from stickers")
