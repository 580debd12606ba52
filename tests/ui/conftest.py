"""A server, a browser and a page for the tests of the components; each module has its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import Console, Served, chromium, minimal_server, new_context
from tests.ui import coded_film

APP = """\
import streamlit as st
from tests.ui.component_server import ROUTES
from vision.web.guard import middleware
app = st.App("page.py", routes=ROUTES, middleware=middleware())
"""
PAGE = """\
import os
os.environ["COMPONENT_FILMS"] = {films!r}
from tests.ui.component_server import page
page()
"""


@pytest.fixture(scope="module")
def component_films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    for name, times, size in (
        ("steady", coded_film.steady(60, 30), (640, 360)),
        ("uneven", coded_film.uneven(90), (640, 360)),
        ("tall", coded_film.steady(12, 30), (180, 320)),
    ):
        (folder / name).mkdir()
        data = coded_film.clip(folder / name / "film.mp4", times, size)
        (folder / name / "player.json").write_text(json.dumps(data))
    (folder / "filmless").mkdir()
    (folder / "filmless" / "player.json").write_text((folder / "tall" / "player.json").read_text())
    return folder


@pytest.fixture(scope="module")
def component_server(component_films: Path) -> Iterator[Served]:
    with minimal_server(APP, {"page.py": PAGE.format(films=str(component_films))}) as served:
        yield served


@pytest.fixture(scope="module")
def component_browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def component_page(component_browser: Browser) -> Iterator[Page]:
    with new_context(component_browser) as context, Console(context, allow=("status of", "net::ERR_FAILED")):
        yield context.new_page()
