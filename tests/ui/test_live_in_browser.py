"""Training before a camera as people do it: a real Chromium whose camera plays a clip over and over.

What is asserted holds for few pictures a second too; that every repetition is counted is tested in the
core, picture by picture. A camera that gives no picture is started again, as the page asks people to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser import Console, Served, chromium, new_context, room_server
from tests.ui import fake_camera
from vision.ui.live import words

pytestmark = pytest.mark.browser

VIDEOS = Path(__file__).resolve().parents[2] / "videos"
CAVES_FROM_S = 6.4
"""Where the knee begins to cave: the clip is cut there, so that every repetition has the fault."""

TRIES = 4
PICTURE_MS = 25_000
"""The bound of one try to get a picture; there are several."""

SET_MS = 180_000
"""The bound of a wait within a set: some turns of the clip on a slow machine."""

PAINTED = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v, i) => i % 4 == 3 && v)"
BEGUN = re.compile("placing|countdown|baseline|rest|moving")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with room_server(tmp_path_factory.mktemp("live") / "data") as served:
        yield served


@contextmanager
def at_the_page(served: Served, movement: str, *flags: str) -> Iterator[Page]:
    """The page for ``movement`` in a browser of its own, which asks nobody outside and does not complain."""
    with (
        chromium(*flags) as browser,
        new_context(browser, 1300, 1000) as context,
        Console(context, allow=("status of 404",)),
    ):
        page = context.new_page()
        page.goto(f"{served}/live?movement={movement}")
        expect(page.locator(".cues")).to_have_attribute("data-phase", "waiting")
        yield page


def camera_of(page: Page) -> FrameLocator:
    return page.frame_locator('iframe[src*="webrtc_streamer"]')


def start(page: Page) -> Locator:
    """Start the camera, again where it gives no picture; the set as it stands on the page."""
    live = page.locator(".cues")
    for attempt in range(TRIES):
        camera_of(page).get_by_role("button", name="Start the camera").click()
        try:
            expect(live).to_have_attribute("data-phase", BEGUN, timeout=PICTURE_MS)
        except AssertionError:
            if attempt + 1 == TRIES:
                raise
            camera_of(page).get_by_role("button", name="Camera off").click()
        else:
            break
    return live


def counted(live: Locator, least: int) -> None:
    """Wait until the counter shows at least ``least``."""
    some = "|".join(str(n) for n in range(least, 40))
    expect(live.locator(".count")).to_have_text(re.compile(f"^({some})$"), timeout=SET_MS)


def report_of(page: Page) -> Locator:
    """The verdict that follows the set."""
    expect(page.get_by_role("button", name="Train another set")).to_be_visible(timeout=SET_MS)
    hero = page.locator(".pl-hero")
    expect(hero.get_by_role("heading")).not_to_be_empty()
    expect(page.locator(".pl-badge").filter(has_text="Rep 1").first).to_be_visible()
    return hero


def test_a_knee_that_caves_is_cued_and_reported(served: Served, tmp_path: Path) -> None:
    clip = fake_camera.written(
        VIDEOS / "squat_front_left_knee_caves_from_rep3.mp4", tmp_path / "camera.mjpeg", from_s=CAVES_FROM_S
    )
    with at_the_page(served, "squat", *fake_camera.flags(clip)) as page:
        page.get_by_text("Record this set").click()
        live = start(page)
        expect(live.locator(".line")).to_have_text(re.compile("Hold still|Ready"), timeout=SET_MS)
        assert live.locator("canvas").evaluate(PAINTED), "no skeleton over the picture"
        shown = live.locator("video").evaluate("v => [v.videoWidth, getComputedStyle(v).transform]")
        assert shown[0] > 0
        assert shown[1].startswith("matrix(-1"), "the picture is no mirror"
        counted(live, 1)
        expect(live).to_have_attribute("data-heard", "Knees out", timeout=SET_MS)
        expect(live.locator(".sound")).to_be_hidden()
        live.get_by_role("button", name="End the set").click()
        expect(report_of(page)).to_contain_text(re.compile("knee", re.IGNORECASE))
        row = page.locator(".pl-log tr").filter(has_text="Knees out").first
        expect(row).to_contain_text(re.compile(r"Rep \d+"))
        page.get_by_role("button", name="Keep this set").click()
        expect(page.get_by_text("is kept in your library")).to_be_visible()
        expect(page.get_by_role("link", name=re.compile("Squat, live"))).to_be_visible()


def test_a_hinge_is_counted_and_pain_ends_it_at_once(served: Served, tmp_path: Path) -> None:
    clip = fake_camera.written(VIDEOS / "hinge_side_knees_travel.mp4", tmp_path / "camera.mjpeg")
    with at_the_page(served, "hinge", *fake_camera.flags(clip)) as page:
        live = start(page)
        counted(live, 1)
        live.get_by_role("button", name="It hurts").click()
        report_of(page)
        expect(page.get_by_text("Put the weight down and rest", exact=False)).to_be_visible()
        expect(page.get_by_text(words.UNRECORDED)).to_be_visible()


def test_a_bridge_is_counted_and_a_lost_camera_is_said(served: Served, tmp_path: Path) -> None:
    clip = fake_camera.written(VIDEOS / "bridge_side_arched_from_rep2.mp4", tmp_path / "camera.mjpeg")
    with at_the_page(served, "bridge", *fake_camera.flags(clip)) as page:
        live = start(page)
        counted(live, 1)
        live.locator("video").evaluate("v => v.srcObject.getTracks()[0].dispatchEvent(new Event('ended'))")
        expect(live.locator(".line")).to_have_text(re.compile("The camera is gone"))
        camera_of(page).get_by_role("button", name="Camera off").click()
        report_of(page)
        expect(page.get_by_text(words.SWITCHED_OFF)).to_be_visible()


def test_a_refused_camera_gets_a_sentence(served: Served) -> None:
    with at_the_page(served, "squat", *fake_camera.ASKED, "--deny-permission-prompts") as page:
        camera_of(page).get_by_role("button", name="Start the camera").click()
        expect(page.locator(".cues .line")).to_have_text(re.compile("does not allow the camera"))
        expect(page.locator(".cues")).to_have_attribute("data-phase", "waiting")


def test_a_dark_room_gets_a_sentence_and_another_movement_another_set(served: Served, tmp_path: Path) -> None:
    clip = fake_camera.written(
        VIDEOS / "squat_front_clean.mp4",
        tmp_path / "camera.mjpeg",
        still_s=0,
        more="colorlevels=romax=0.1:gomax=0.1:bomax=0.1",
    )
    with at_the_page(served, "squat", *fake_camera.flags(clip)) as page:
        live = start(page)
        expect(live.locator(".line")).to_have_text(re.compile("too dark"), timeout=SET_MS)
        page.goto(f"{served}/live?movement=bridge")
        expect(page.locator(".cues")).to_have_attribute("data-phase", "waiting")
