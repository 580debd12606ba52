"""A film of own arch and tuck in a real browser: it plays on its page, which asks nobody else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser import Console, chromium, new_context, room_server
from tests.outputs import factory
from tests.ui.component_steps import eventually
from tests.ui.room import opened
from tests.ui.test_own_pages import own_film
from vision.web import room as rooms

pytestmark = pytest.mark.browser


def test_the_film_plays_on_its_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = opened(monkeypatch, tmp_path / "data")
    one = own_film(library, library.shelf().add_athlete("Ada").id)
    results = library.shelf().files(one.id).results
    assert results is not None
    factory.write_clip(results / "film.mp4", np.arange(20) / 10, (160, 180))
    rooms.close()
    with (
        room_server(tmp_path / "data") as served,
        chromium() as browser,
        new_context(browser) as context,
        Console(context, allow=("status of",)),
    ):
        page = context.new_page()
        page.goto(f"{served}/set?set={one.id}")
        expect(page.get_by_text("Ready for bridges")).to_be_visible()
        video = page.locator("video.pl-own")
        eventually(lambda: bool(video.evaluate("v => v.readyState > 0 && v.videoWidth > 0")), True)
        expect(page.get_by_text("Taken as the arch: 5 to 10 s")).to_be_visible()
