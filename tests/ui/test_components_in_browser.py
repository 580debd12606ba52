"""The player in a real Chromium, under the policy that the room's guard sends.

Which frame is on screen is read from the pixels: each frame of the films carries its number.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser import Served
from tests.ui import coded_film
from tests.ui.component_steps import drag, eventually, near, opened, painted, shows, tap

pytestmark = pytest.mark.browser


def test_keys_and_buttons_step_to_the_exact_frame(component_server: Served, component_page: Page) -> None:
    server, page = component_server, component_page
    root = opened(page, f"{server}?film=steady")
    shows(page, 0)
    page.locator(".on").click()
    shows(page, 1)
    # After a click by mouse the keys go to the player.
    for key, frame in (
        ("ArrowRight", 2),
        ("Shift+ArrowRight", 12),
        ("ArrowLeft", 11),
        ("End", 59),
        ("ArrowRight", 59),
        ("Home", 0),
        ("k", 30),
        ("k", 50),
        ("j", 30),
    ):
        page.keyboard.press(key)
        shows(page, frame)
    expect(page.locator(".count")).to_have_text("frame 30 of 59 · 1.000 s")
    expect(page.locator(".here")).to_have_text("rep 2 · ▲ Left knee goes in: 14° ± 4°")
    expect(page.get_by_text("page frame 30", exact=True)).to_be_visible()
    # Keys pressed faster than frames arrive lose none.
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    shows(page, 37)
    page.locator(".bones").click()
    expect(page.locator(".bones")).to_have_attribute("aria-pressed", "false")
    expect(root).to_have_attribute("data-frame", "37")


def test_uneven_times_and_a_seek_from_the_page(component_server: Served, component_page: Page) -> None:
    server, page = component_server, component_page
    opened(page, f"{server}?film=uneven")
    for frame in (1, 44, 87):
        page.get_by_role("button", name=f"Page to {frame}", exact=True).click()
        shows(page, frame)
    for key, frame in (("ArrowRight", 88), ("ArrowRight", 89), ("ArrowLeft", 88)):
        page.locator(".player").press(key)
        shows(page, frame)
    # A run of the page that brings nothing new, with new tickets in its addresses, moves nothing.
    page.get_by_role("button", name="Run again").click()
    expect(page.get_by_text("page frame 88", exact=True)).to_be_visible()
    shows(page, 88)


def test_click_on_a_rep_a_marker_and_a_curve(component_server: Served, component_page: Page) -> None:
    server, page = component_server, component_page
    opened(page, f"{server}?film=steady")
    page.get_by_role("button", name="rep 2, score 61, knee goes in").click()
    shows(page, 20)
    page.get_by_role("button", name="A little shallow: 84° ± 4°").click()
    shows(page, 50)
    tap(page, page.locator(".curve").first, (0.5085, 0.5))
    shows(page, 30)
    drag(page, page.locator(".curve").last, (0.1, 0.5), (0.2, 0.5), (0.2035, 0.5))
    shows(page, 12)
    knee, hip = (page.locator(".curve-head").nth(i) for i in (0, 1))
    expect(knee).to_contain_text(re.compile(r"left \d+° ± 4°right not seen"))
    expect(hip).to_have_text("Hip bendleft course only")
    assert page.locator(".plot").nth(0).locator(".band").count() == 3, "left whole, right in two stretches"
    assert page.locator(".plot").nth(1).locator(".band").count() == 0
    page.get_by_role("button", name="Hip bend").click()
    expect(page.locator(".curve")).to_have_count(1)


def test_playing_moves_the_playhead_and_stops_on_a_frame(
    component_server: Served, component_page: Page
) -> None:
    server, page = component_server, component_page
    root = opened(page, f"{server}?film=steady")
    page.get_by_label("Speed").select_option("0.1")
    expect(page.get_by_label("Speed").locator("option")).to_have_text(["1", "1/2", "1/4", "1/10"])
    root.focus()
    page.keyboard.press("Space")
    expect(root).to_have_attribute("data-state", "playing")
    places = set[str]()

    def moved() -> bool:
        places.add(page.locator(".head").evaluate("e => e.style.left"))
        return len(places) >= 4

    eventually(moved, True)
    assert page.locator("video").evaluate("v => v.playbackRate") == pytest.approx(0.1)
    expect(root).to_have_attribute("data-state", "playing")
    page.keyboard.press("Space")
    expect(root).to_have_attribute("data-state", "still")
    expect(page.get_by_text(re.compile(r"^page frame [1-9]\d*$"))).to_be_visible()
    frame = int(root.get_attribute("data-frame") or -1)
    shows(page, frame)
    place = page.locator(".head").evaluate("e => parseFloat(e.style.left)")
    assert place == pytest.approx(100 * frame / 59, abs=0.01)


def test_drawings_are_kept_on_their_frame(component_server: Served, component_page: Page) -> None:
    server, page = component_server, component_page
    address = f"{server}?film=steady&run=drawings"
    root = opened(page, address)
    over = page.locator(".over")
    root.press("k")
    shows(page, 30)
    page.locator(".tools .line").click()
    drag(page, over, (0.1, 0.3), (0.2, 0.7))
    page.locator(".tools .angle").click()
    # 45° in the picture's pixels, which are 16 by 9.
    tap(page, over, (0.5, 0.3), (0.5, 0.6), (0.5 + 0.3 * 9 / 16, 0.3))
    page.locator(".tools .free").click()
    drag(page, over, (0.7, 0.3), (0.75, 0.5), (0.8, 0.35), (0.85, 0.6))
    page.locator(".tools .text").click()
    tap(page, over, (0.1, 0.8))
    page.keyboard.type("<i>sit back</i>")
    page.keyboard.press("Enter")
    page.locator(".tools .line").click()
    drag(page, over, (0.3, 0.3), (0.3, 0.8))
    page.locator(".undo").click()
    expect(page.locator(".post span")).to_have_text("")
    expect(page.get_by_role("button", name="Drawing on frame 30")).to_be_visible()
    here = painted(page)
    page.locator(".tools .text").click()
    page.locator(".tools .text").click()
    root.press("ArrowRight")
    shows(page, 31)
    expect(page.locator(".undo")).to_be_disabled()
    assert painted(page) < 0.6 * here, "a drawing is shown on a frame that it was not made on"
    # Another browser's look at the same set: it comes from what the page stored.
    opened(page, address)
    page.get_by_role("button", name="Drawing on frame 30").click()
    shows(page, 30)
    eventually(lambda: abs(painted(page) - here) <= 0.02 * here, True)
    kinds = page.evaluate("() => fetch('/-/drawings/drawings').then(a => a.json())")
    assert [shape["kind"] for shape in kinds["30"]] == ["line", "angle", "free", "text"]
    (end, corner, other) = np.array(kinds["30"][1]["points"])
    cosine = (
        (end - corner)
        @ (other - corner)
        / np.prod([np.linalg.norm(end - corner), np.linalg.norm(other - corner)])
    )
    assert np.degrees(np.arccos(cosine)) == pytest.approx(45, abs=0.5)
    page.locator(".clear").click()
    expect(page.get_by_role("button", name="Drawing on frame 30")).to_have_count(0)
    eventually(lambda: page.evaluate("() => fetch('/-/drawings/drawings').then(a => a.json())")["30"], [])


def test_the_saved_picture_has_the_frames_pixels(component_server: Served, component_page: Page) -> None:
    server, page = component_server, component_page
    root = opened(page, f"{server}?film=steady&run=picture")
    root.press("Shift+ArrowRight")
    root.press("ArrowRight")
    shows(page, 11)
    page.locator(".tools .line").click()
    drag(page, page.locator(".over"), (0.05, 0.5), (0.05, 0.9))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save picture").click()
    assert waiting.value.suggested_filename == "Tuesday-b-squats-b-frame-11.png"
    png = Path(waiting.value.path()).read_bytes()
    assert coded_film.number_on(png) == 11
    rgb = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)
    assert rgb.shape == (360, 640, 3)
    assert near(rgb[252, 27:38], (255, 138, 216)), "the drawn line is missing"
    assert near(rgb.reshape(-1, 3), (86, 180, 233)), "the left side's blue is missing"
    page.locator(".bones").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save picture").click()
    bare = np.asarray(Image.open(waiting.value.path()).convert("RGB"), dtype=int)
    assert not near(bare.reshape(-1, 3), (86, 180, 233)), "the skeleton is off and still in the picture"


def test_a_note_stays_with_its_frame(component_server: Served, component_page: Page) -> None:
    server, page = component_server, component_page
    root = opened(page, f"{server}?film=tall&run=notes")
    root.press("ArrowRight")
    box = page.get_by_label("Note on frame 1")
    expect(page.get_by_role("button", name="Save note")).to_be_disabled()
    box.fill("Knees: <b>out</b>")
    # Going on to look at another frame does not take the half-written note along.
    root.press("ArrowRight")
    shows(page, 2)
    expect(page.locator(".note-title")).to_have_text("Note on frame 1")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator(".notes li span")).to_have_text("Knees: <b>out</b>")
    expect(page.locator(".post span")).to_have_text("")
    opened(page, f"{server}?film=tall&run=notes")
    expect(page.locator(".notes li")).to_have_count(1)
    page.get_by_role("button", name="Note on frame 1").click()
    shows(page, 1)
    page.set_viewport_size({"width": 400, "height": 800})
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    inner = root.evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert (wide, inner[0]) == (400, inner[1]), "something sticks out of a phone's screen"


@pytest.mark.parametrize(
    ("film", "words"),
    [("nowhere", "The measurements of this clip are not there"), ("filmless", "The film cannot be shown")],
)
def test_what_does_not_load_is_said_in_words(
    component_server: Served, component_page: Page, film: str, words: str
) -> None:
    server, page = component_server, component_page
    page.goto(f"{server}?film={film}")
    expect(page.locator(".player")).to_have_attribute("data-state", "broken")
    expect(page.locator(".cover")).to_contain_text(words)
    page.locator(".player").press("ArrowRight")
    expect(page.locator(".cover")).to_be_visible()
