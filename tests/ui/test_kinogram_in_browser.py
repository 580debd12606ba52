"""A kinogram in a real browser: it is seen, corrected by hand, and hangs on the athlete's wall."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tests.browser import Console, chromium, new_context, room_server
from tests.movements.sprinters import SIZE, Filmed, Sprinter
from tests.outputs import factory
from tests.ui.component_steps import eventually
from vision.jobs.outcome import outcome_of
from vision.outputs import write_outputs
from vision.outputs.files import write_text
from vision.outputs.player_data import player_data, player_text
from vision.store import LOCAL, DataFolder, Library, NewSet

pytestmark = pytest.mark.browser

FPS, FRAMES = 120.0, 120


def furnish(data: Path) -> tuple[str, str, int]:
    """A library with one sprint that is through: the set, the athlete, its first touch-down."""
    library = Library.open(DataFolder(data))
    shelf, folder = library.shelf(LOCAL), library.folder
    who = shelf.add_athlete("Runner")
    name = folder.new_name(".mp4")
    t_s = np.arange(FRAMES) / FPS
    factory.write_clip(folder.clips / name, t_s, SIZE)
    one = shelf.add_set(NewSet("run.mp4", name, "sprint", athlete_id=who.id))
    job = library.queue.take("w")
    assert job is not None
    report = Filmed(fps=FPS, length_s=FRAMES / FPS).report(Sprinter())
    clip = replace(factory.clip_info("run.mp4", FRAMES, SIZE), fps=FPS, capture_fps=FPS)
    results = folder.results / folder.new_name()
    write_outputs(report, job.original, clip, results, video=False, kept={})
    (results / "film.mp4").write_bytes(job.original.read_bytes())
    write_text(results / "player.json", player_text(player_data(report, clip, t_s, SIZE)))
    assert library.queue.finish(job, outcome_of(report, results.name))
    library.close()
    return one.id, who.id, report.kinogram[0].frames["touch_down"] or 0


def drawn(picture: Locator) -> None:
    """The picture has come and is as wide as a strip."""
    expect(picture).to_be_visible()
    eventually(lambda: bool(picture.evaluate("image => image.complete && image.naturalWidth > 1000")), True)


def test_a_strip_is_seen_corrected_and_on_the_wall(tmp_path: Path) -> None:
    set_id, athlete_id, on = furnish(tmp_path / "data")
    with (
        room_server(tmp_path / "data") as served,
        chromium() as browser,
        new_context(browser) as context,
        Console(context, allow=("status of 404",)),  # Streamlit asks for its own below a page of ours
    ):
        page = context.new_page()
        page.goto(f"{served}/set?set={set_id}")
        strip = page.locator("img.pl-strip")
        drawn(strip)
        before = strip.get_attribute("src")
        page.get_by_text("Correct a picture").click()
        frame = page.get_by_role("spinbutton", name="Frame")
        expect(frame).to_have_value(str(on))
        frame.fill(str(on - 2))
        frame.press("Enter")
        use = page.get_by_role("button", name="Use this frame")
        expect(use).to_be_enabled()
        use.click()
        expect(page.get_by_text(re.compile("Corrected by hand.*step 1: touch-down"))).to_be_visible()
        expect(strip).not_to_have_attribute("src", before or "")
        drawn(strip)
        page.goto(f"{served}/athlete?athlete={athlete_id}")
        expect(page.get_by_role("heading", name="Kinogram wall")).to_be_visible()
        drawn(page.locator("img.pl-strip"))
