"""A film of own arch and tuck in a real browser: its page asks for it and for nobody else's things."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import Console, chromium, new_context, room_server
from tests.ui.room import opened
from tests.ui.test_own_pages import own_film
from vision.web import room as rooms

pytestmark = pytest.mark.browser


def test_the_film_is_on_its_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = opened(monkeypatch, tmp_path / "data")
    one = own_film(library, library.shelf().add_athlete("Ada").id)
    rooms.close()
    with (
        room_server(tmp_path / "data") as served,
        chromium() as browser,
        new_context(browser) as context,
        Console(context, allow=("status of",)),
    ):
        page = context.new_page()
        with page.expect_response(lambda answer: answer.url.endswith(f"/{one.id}/film.mp4")) as film:
            page.goto(f"{served}/set?set={one.id}")
        assert film.value.status in (200, 206)
        expect(page.locator("video.pl-own")).to_be_visible()
        expect(page.get_by_text("Taken as the arch: 5 to 10 s")).to_be_visible()
