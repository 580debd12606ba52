"""A library of its own for each test, and waits that are bounded."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.jobs import fakes
from vision.store import LOCAL, DataFolder, Library, NewSet, Shelf, StoredSet

WITHIN_S = 120.0


def until(holds: Callable[[], object], what: str, log: Path | None = None) -> None:
    """Return as soon as ``holds`` does; fail, with the log, when it does not for a long time."""
    end_s = time.monotonic() + WITHIN_S
    while not holds():
        if time.monotonic() > end_s:
            said = log.read_text("utf-8", "replace")[-3000:] if log and log.exists() else ""
            pytest.fail(f"not within {WITHIN_S:.0f} s: {what}\n{said}")
        time.sleep(0.05)


@dataclass
class Kept:
    """A library and what the tests do with it."""

    library: Library
    shelf: Shelf

    @property
    def folder(self) -> DataFolder:
        return self.library.folder

    @property
    def log(self) -> Path:
        return self.folder.logs / "worker.log"

    def add(self, path: Path, title: str = "my squat.mp4", movement: str = "squat") -> StoredSet:
        """Put a copy of the clip at ``path`` into the library."""
        name = self.folder.new_name(path.suffix)
        shutil.copyfile(path, self.folder.clips / name)
        return self.shelf.add_set(NewSet(title, name, movement))

    def results(self, one: StoredSet) -> Path:
        found = self.shelf.files(one.id).results
        assert found is not None
        return found

    def nothing_half_done(self) -> bool:
        """No results but those of finished sets, and nothing that is still being written."""
        kept = {files.results for s in self.shelf.sets() if (files := self.shelf.files(s.id)).results}
        return not list(self.folder.scratch.iterdir()) and set(self.folder.results.iterdir()) == kept


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    library = Library.open(DataFolder(tmp_path / "data"))
    yield Kept(library, library.shelf(LOCAL))
    library.close()


@pytest.fixture(scope="session")
def squats(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five seconds in which the fake pose model sees three squats."""
    return fakes.clip(tmp_path_factory.mktemp("clips") / "squats.mp4")
