"""The room as its users meet it: a real Chromium, a real server, clips that are really analysed.

The tests stand in the order of a visit and share one room; each begins on a page of its own and could
run alone. Every wait is for something that is seen, and bounded.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser import Console, Served, chromium, new_context, room_server
from tests.ui.component_steps import drag, eventually, painted
from vision.capture import Clip

pytestmark = pytest.mark.browser

VIDEOS = Path(__file__).resolve().parents[2] / "videos"
CAVES = VIDEOS / "squat_front_left_knee_caves_from_rep3.mp4"
PHONE_FRAMES = 130
"""One squat and a bit: enough to be judged, short enough to be packed with covered faces."""

FAST = {"PLUMBLINE_POSE": "blazepose-full"}
ANALYSED_MS = 240_000
"""The bound of a wait for an analysis, on a machine that does many other things."""


def phone_clip(path: Path) -> Path:
    """The beginning of a clean set as a phone would keep it: HEVC in a .mov."""
    with Clip(VIDEOS / "squat_front_clean.mp4") as clip, av.open(str(path), "w") as out:
        stream = out.add_stream(
            "libx265", rate=30, options={"preset": "ultrafast", "x265-params": "log-level=none"}
        )
        stream.width, stream.height, stream.pix_fmt = clip.width, clip.height, "yuv420p"
        stream.codec_tag = "hvc1"
        stream.time_base = Fraction(1, 600)
        for frame in clip.pick(range(PHONE_FRAMES)):
            picture = av.VideoFrame.from_ndarray(frame.rgb, format="rgb24")
            picture.pts, picture.time_base = round(frame.t_s * 600), Fraction(1, 600)
            out.mux(stream.encode(picture))
        out.mux(stream.encode())
    return path


@dataclass
class Visit:
    """The room, its data folder, the clips to bring, and the addresses of what has been made so far."""

    served: Served
    data: Path
    phone: Path
    bad: Path
    browser: Browser
    context: BrowserContext
    sets: dict[str, str] = field(default_factory=dict)

    def page(self, path: str = "") -> Page:
        """A new page of the same visitor, at ``path``."""
        page = self.context.new_page()
        page.goto(f"{self.served}/{path}")
        return page

    def bring(self, *clips: Path) -> None:
        """Drop clips whose sets are not there yet and wait until all are analysed.

        The first test does so with more to look at; this lets every other one run by itself.
        """
        if all(clip.name in self.sets for clip in clips):
            return
        page = self.page("add")
        page.locator(".upload input[type=file]").set_input_files([str(clip) for clip in clips])
        for clip in clips:
            row = page.locator(".upload .files li").filter(has_text=clip.name)
            expect(row).to_have_attribute("data-state", "done")
        for clip in clips:
            self.find(page, clip.name)
        page.close()

    def find(self, page: Page, name: str) -> None:
        """Go to the set called ``name`` by the list of sets, and remember its address."""
        page.goto(f"{self.served}/sets")
        page.get_by_role("link", name=name).click()
        expect(page.locator(".player")).to_have_attribute("data-state", "still", timeout=ANALYSED_MS)
        self.sets[name] = page.url.split("/", 3)[3]

    def set_page(self, name: str) -> Page:
        """The page of a set whose title is ``name``, with its player ready."""
        self.bring(CAVES, self.phone)
        page = self.page(self.sets[name])
        expect(page.locator(".player")).to_have_attribute("data-state", "still")
        return page


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    folder = tmp_path_factory.mktemp("room")
    bad = folder / "holiday notes.mp4"
    bad.write_bytes(b"this is no film, whatever its name says" * 50)
    phone = phone_clip(folder / "IMG_0042.mov")
    data = folder / "data"
    with room_server(data, FAST) as served, chromium() as browser, new_context(browser) as context:
        yield Visit(served, data, phone, bad, browser, context)


@pytest.fixture(autouse=True)
def _nothing_asked_outside(visit: Visit) -> Iterator[None]:
    """No page complains or asks anybody but this computer; a refused clip and a deleted film answer 4xx."""
    with Console(visit.context, allow=("status of 422", "status of 404")):
        yield
    for page in visit.context.pages:
        page.close()


def rep(page: Page, number: str) -> Locator:
    """The repetition ``number`` in the strip (the player has such buttons too)."""
    return page.locator(".st-key-strip").get_by_role("button", name=re.compile(f"^Rep {number}"))


def choose(page: Page, box: Locator, name: str) -> None:
    """Pick ``name`` from a list; one that is opened while the page still moves closes again."""
    option = page.get_by_role("option", name=name)

    def opened() -> bool:
        if not option.count():
            box.press("ArrowDown")
            page.wait_for_timeout(300)
        return option.count() > 0

    eventually(opened, True)
    option.click()


def saved(page: Page) -> None:
    """What was drawn or written has come back from the library."""
    expect(page.locator(".player .post span")).to_have_text("")


def test_clips_are_dropped_and_survive_a_reload(visit: Visit) -> None:
    page = visit.page("add")
    page.locator(".upload input[type=file]").set_input_files([str(CAVES), str(visit.bad), str(visit.phone)])
    rows = page.locator(".upload .files li")
    expect(rows).to_have_count(3)
    refused = rows.filter(has_text=visit.bad.name)
    expect(refused).to_have_attribute("data-state", "failed")
    expect(refused).to_contain_text(re.compile("expected a video", re.IGNORECASE))
    for clip in (CAVES, visit.phone):
        expect(rows.filter(has_text=clip.name)).to_have_attribute("data-state", "done")
    expect(page.get_by_text(re.compile(r"\d+ of \d+ frames.* left")).first).to_be_visible()
    page.reload()
    for clip in (CAVES, visit.phone):
        expect(page.get_by_role("link", name=clip.name)).to_be_visible(timeout=ANALYSED_MS)
    expect(page.get_by_text("Knees caved in").or_(page.get_by_text("Left knee caved in"))).to_be_visible(
        timeout=ANALYSED_MS
    )
    expect(page.get_by_text(re.compile(r"\d+ of \d+ frames"))).to_have_count(0, timeout=ANALYSED_MS)
    for clip in (CAVES, visit.phone):
        visit.find(page, clip.name)


def test_the_verdict_says_what_to_change(visit: Visit) -> None:
    page = visit.set_page(CAVES.name)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile("Left knee caved in on [23] of 5 reps")
    )
    expect(page.get_by_text("Knees out").first).to_be_visible()
    expect(rep(page, r"\d")).to_have_count(5)
    expect(page.get_by_text("±").first).to_be_visible()
    expect(page.get_by_text("What could not be measured, and why")).to_be_visible()


def stage_pixels(page: Page) -> np.ndarray:
    """The film as the browser shows it, without skeleton, small and grey, ``(H, W)``."""
    picture = Image.open(io.BytesIO(page.locator(".stage").screenshot())).convert("L")
    return np.asarray(picture.resize((160, 180)), dtype=float)


def test_a_step_shows_exactly_that_frame(visit: Visit) -> None:
    page = visit.set_page(CAVES.name)
    root = page.locator(".player")
    page.locator(".bones").click()
    root.focus()
    for _ in range(6):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    wanted = 61
    expect(root).to_have_attribute("data-frame", str(wanted))
    with Clip(CAVES) as clip:
        near = {
            frame.index: np.asarray(Image.fromarray(frame.rgb).convert("L").resize((160, 180)), dtype=float)
            for frame in clip.pick(range(wanted - 3, wanted + 4))
        }

    def best() -> int:
        seen = stage_pixels(page)
        return min(near, key=lambda index: float(np.abs(near[index] - seen).mean()))

    eventually(best, wanted)


def test_a_rep_leads_to_its_moment(visit: Visit) -> None:
    page = visit.set_page(CAVES.name)
    rep(page, "4").click()
    root = page.locator(".player")
    spans = json.loads((VIDEOS / f"{CAVES.stem}.json").read_text("utf-8"))["frames"]
    fourth = [i for i, frame in enumerate(spans) if frame["rep"] == 3]
    eventually(lambda: fourth[0] <= int(root.get_attribute("data-frame") or -1) <= fourth[-1], True)


def test_what_is_drawn_and_written_stays(visit: Visit) -> None:
    page = visit.set_page(CAVES.name)
    page.locator(".bones").click()
    eventually(lambda: painted(page), 0)
    page.locator(".tools .line").click()
    drag(page, page.locator(".stage"), (0.3, 0.3), (0.7, 0.6))
    saved(page)
    page.locator(".notes textarea").fill("hips shift <b>here</b>")
    page.locator(".notes .keep").click()
    expect(page.locator(".notes li")).to_have_count(1)
    saved(page)
    page.reload()
    expect(page.locator(".notes li")).to_contain_text("hips shift <b>here</b>")
    page.locator(".bones").click()
    eventually(lambda: painted(page) > 50, True)
    with page.expect_download() as saving:
        page.locator(".tools .still").click()
    still = Image.open(saving.value.path())
    assert still.format == "PNG"
    with Clip(CAVES) as clip:
        assert still.size[0] / still.size[1] == pytest.approx(clip.width / clip.height, rel=0.02)


def test_best_and_worst_rep_step_together(visit: Visit) -> None:
    page = visit.set_page(CAVES.name)
    page.get_by_role("link", name=re.compile(r"\(best\).*\(worst\)")).click()
    compare = page.locator(".player.compare")
    expect(compare).to_have_attribute("data-state", "still")
    counts = page.locator(".compare figcaption .count")

    def frames() -> list[int]:
        return [int(re.search(r"\d+", text).group()) for text in counts.all_inner_texts()]  # type: ignore[union-attr]

    eventually(lambda: len(re.findall(r"\d+", " ".join(counts.all_inner_texts()))) >= 2, True)
    before = frames()
    compare.focus()
    for _ in range(2):
        page.keyboard.press("Shift+ArrowRight")
    eventually(lambda: all(now > then for now, then in zip(frames(), before, strict=True)), True)
    page.locator(".compare .ghost").click()
    expect(page.locator(".compare .opacity")).to_be_visible()


def test_weeks_of_an_athlete_call_nothing_progress_within_the_error(visit: Visit) -> None:
    page = visit.page("athletes")
    page.get_by_label(re.compile("Name")).first.fill("A. Runner")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="A. Runner")).to_be_visible()
    for name in (CAVES.name, visit.phone.name):
        page = visit.set_page(name)
        edit = page.locator(".st-key-edit")
        edit.get_by_text("Title, athlete, date, tags").click()
        choose(page, edit.get_by_role("combobox", name="Athlete"), "A. Runner")
        edit.get_by_role("button", name="Keep these changes").click()
        expect(page.get_by_role("main").get_by_text("A. Runner").first).to_be_visible()
        page.close()
    page = visit.page("athletes")
    page.get_by_role("link", name="A. Runner").click()
    expect(page.locator(".pl-history").first).to_be_visible()
    told = " ".join(page.locator(".pl-history p").all_inner_texts())
    assert "within the error" in told or "beyond" in told or "more" in told
    assert (
        "±" in page.locator(".pl-history").first.inner_text() or page.locator(".pl-history details").count()
    )


def test_a_package_with_covered_faces_can_be_opened(visit: Visit) -> None:
    page = visit.set_page(visit.phone.name)
    page.get_by_text("Share", exact=True).click()
    page.get_by_role("button", name="Make the package").click()
    link = page.get_by_role("link", name="Save the package")
    expect(link).to_be_visible(timeout=ANALYSED_MS)
    expect(page.get_by_text("Faces are covered")).to_be_visible()
    answer = visit.context.request.get(f"{visit.served}{link.get_attribute('href')}")
    assert answer.ok
    with zipfile.ZipFile(io.BytesIO(answer.body())) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        assert all(
            any(name.endswith(part) for name in names) for part in ("report.html", "measures.csv", ".mp4")
        )
        assert not any(visit.phone.stem in name for name in names)


def test_another_browser_has_a_state_of_its_own(visit: Visit) -> None:
    first = visit.set_page(CAVES.name)
    rep(first, "4").click()
    eventually(lambda: int(first.locator(".player").get_attribute("data-frame") or 0) > 100, True)
    with new_context(visit.browser, 400, 800) as other:
        second = other.new_page()
        second.goto(f"{visit.served}/{visit.sets[CAVES.name]}")
        expect(second.locator(".player")).to_have_attribute("data-state", "still")
        assert second.locator(".player").get_attribute("data-frame") == "0"


def test_what_is_deleted_is_gone(visit: Visit) -> None:
    page = visit.set_page(visit.phone.name)
    film = page.locator("video").evaluate("video => video.currentSrc")
    assert visit.context.request.get(film).ok
    page.get_by_role("button", name="Delete this set").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", name="Sets", level=1)).to_be_visible()
    expect(page.get_by_role("link", name=visit.phone.name)).to_have_count(0)
    assert visit.context.request.get(film).status == 404
    page.goto(f"{visit.served}/{visit.sets[visit.phone.name]}")
    expect(page.get_by_role("heading", name="No such set")).to_be_visible()
    assert len(list((visit.data / "clips").iterdir())) == 1
    assert len(list((visit.data / "results").iterdir())) == 1


def test_a_killed_room_goes_on_where_it_was(visit: Visit, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with room_server(data, FAST) as served, new_context(visit.browser) as context:
        page = context.new_page()
        page.goto(f"{served}/add")
        page.locator(".upload input[type=file]").set_input_files(str(visit.phone))
        expect(page.get_by_text(re.compile(r"\d+ of \d+ frames")).first).to_be_visible()
        served.kill()
    with room_server(data, FAST) as served, new_context(visit.browser) as context:
        page = context.new_page()
        page.goto(f"{served}/sets")
        page.get_by_role("link", name=visit.phone.name).click()
        expect(page.locator(".player")).to_have_attribute("data-state", "still", timeout=ANALYSED_MS)
