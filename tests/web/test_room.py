"""The room of a process: which folder, opened once, with one sample in it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from vision.store.rows import LOCAL
from vision.web import room as rooms
from vision.web.room import SAMPLE, Room


@pytest.mark.parametrize(
    ("platform", "env", "ending"),
    [
        ("linux", {}, "home/.local/share/plumbline"),
        ("linux", {"XDG_DATA_HOME": "/x"}, "/x/plumbline"),
        ("linux", {"PLUMBLINE_DATA": "/data"}, "/data"),
        ("linux", {"PLUMBLINE_DATA": "~/clips"}, "home/clips"),
        ("darwin", {}, "home/Library/Application Support/Plumbline"),
        ("win32", {"LOCALAPPDATA": "/users/me"}, "/users/me/Plumbline"),
    ],
)
def test_the_data_folder_is_where_it_is_named_or_the_platforms_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, env: dict[str, str], ending: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    root = rooms.data_root(env)
    assert root == (Path(ending) if ending.startswith("/") else tmp_path / ending)


def test_a_process_opens_the_room_of_its_folder_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    try:
        for name in ("one", "two"):
            monkeypatch.setenv("PLUMBLINE_DATA", str(tmp_path / name))
            room = rooms.current()
            assert room.folder.root == tmp_path / name
            assert rooms.current() is room
        monkeypatch.setenv("PLUMBLINE_DATA", str(tmp_path / "one"))
        assert rooms.current().folder.root == tmp_path / "one"
    finally:
        rooms.close()


def test_the_sample_is_put_into_the_library_once(room: Room) -> None:
    first = room.sample(LOCAL)
    assert room.sample(LOCAL).id == first.id
    (kept,) = room.library.shelf(LOCAL).sets()
    assert kept.title == SAMPLE.name
    original = room.library.shelf(LOCAL).files(kept.id).original
    assert original.read_bytes() == SAMPLE.read_bytes()
