"""A room in a folder of its own, and somebody else who has a ticket to it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from vision.store.rows import Viewer
from vision.web.room import Room

OTHER = Viewer("somebody else")


@pytest.fixture(scope="session")
def _empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose migrations are done, which takes longer than most of these tests."""
    folder = tmp_path_factory.mktemp("empty") / "data"
    Room.open({"PLUMBLINE_DATA": str(folder)}).close()
    return folder


@pytest.fixture
def room(_empty_folder: Path, tmp_path: Path) -> Iterator[Room]:
    shutil.copytree(_empty_folder, tmp_path / "data")
    room = Room.open({"PLUMBLINE_DATA": str(tmp_path / "data")})
    yield room
    room.close()
