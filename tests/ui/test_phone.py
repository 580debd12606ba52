"""The page that brings a phone in: what it shows on this computer, and to whoever came over the network."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.room import Library, opened, said, see
from vision.web import lan as lans
from vision.web.lan import Lan

LAN = Lan("192.168.1.5", 8501, "ABCDEFGHJK", "/data/lan.pem", "AB:CD", "/data/lan-root.crt", "EF:01")


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.setenv(lans.ENV, LAN.to_env())
    return opened(monkeypatch, tmp_path)


def test_this_computer_shows_the_way_in(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vision.ui.screens.phone._host", lambda: "127.0.0.1:8501")
    app = see("phone")
    assert [part.value for part in app.code] == [
        "https://192.168.1.5:8501",
        "ABCDE-FGHJK",
        "AB:CD",
        "/data/lan-root.crt",
        "EF:01",
    ]
    (picture,) = app.get("image")
    assert picture.value[0].startswith("data:image/svg")
    assert "Whoever has the code sees everything" in said(app)


@pytest.mark.parametrize("host", ["192.168.1.5:8501", "plumb.example.org", ""])
def test_nobody_else_is_shown_the_code(library: Library, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setattr("vision.ui.screens.phone._host", lambda: host)
    app = see("phone")
    assert len(app.code) == 0
    assert len(app.get("image")) == 0
    assert "ABCDE" not in said(app)
    assert "over the network" in said(app)


def test_a_room_that_is_not_open_says_how_it_is_opened(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(lans.ENV)
    assert [part.value for part in see("phone").code] == ["plumbline review --lan"]
