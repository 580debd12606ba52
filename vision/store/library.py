"""The library as a whole: opened once per process, shared by its threads."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Self

from sqlalchemy import select

from vision.store.athletes import Athletes
from vision.store.checkups import Checkups
from vision.store.database import Database
from vision.store.folder import DataFolder
from vision.store.notes import Notes
from vision.store.own import OwnFilms
from vision.store.plans import Plans
from vision.store.queue import Queue
from vision.store.remains import Remains
from vision.store.rows import Viewer
from vision.store.sets import Sets
from vision.store.tables import SetRow

_LEFT_BEHIND_S = 3600.0
_log = logging.getLogger(__name__)


class Shelf(Athletes, Sets, OwnFilms, Notes, Plans, Checkups):
    """The library as one viewer sees it; what is not theirs raises `NotFound` everywhere."""


class Library:
    """Athletes, sets and their files; made by `Library.open`."""

    def __init__(self, database: Database, folder: DataFolder) -> None:
        self.folder = folder
        self.queue = Queue(database, folder)
        self._database = database
        self._remains = Remains(database, folder)

    @classmethod
    def open(cls, folder: DataFolder, url: str | None = None) -> Self:
        """Open, bring the schema up to date and finish what a crash left half deleted.

        ``url`` names a PostgreSQL server; without it an SQLite file in the folder is used. Raises
        `StoreError` with one line for the user.
        """
        library = cls(Database(folder, url), folder)
        library._claim()
        library._remains.clear()
        return library

    def shelf(self, viewer: Viewer) -> Shelf:
        """Give the library as ``viewer`` sees it."""
        return Shelf(self._database, self.folder, self._remains, viewer)

    def sweep(self) -> None:
        """Remove files that no row names and that nobody touched for an hour, and finish deletions.

        Clips and results of another database stay: whoever once starts with the wrong ``DATABASE_URL``
        must not lose everything that the right one names.
        """
        self._remains.clear()
        before = time.time() - _LEFT_BEHIND_S
        # Files are listed before rows, so that one which gets its row in between is not taken.
        old = [path for path in self._kept_files() if _touched(path) < before]
        with self._database.reading() as session:
            pairs = session.execute(select(SetRow.original, SetRow.results)).all()
        named = {self.folder.clips / original for original, _ in pairs}
        named |= {self.folder.results / results for _, results in pairs if results}
        for path in old:
            if path not in named:
                with suppress(OSError):
                    self.folder.remove(path)

    def _kept_files(self) -> Iterable[Path]:
        # Not the uploads: one that was broken off may be gone on with for a day.
        of = self.folder
        parts = [of.packages, of.scratch]
        if self._is_ours():
            parts += [of.clips, of.results]
        else:
            _log.warning("clips in %s belong to another database; none is swept", of.root)
        for part in parts:
            for path in part.iterdir():
                if not (part == of.packages and path.name.startswith(".")):  # being made, for hours maybe
                    yield path

    @property
    def _owner(self) -> Path:
        return self.folder.root / "owner"

    def _claim(self) -> None:
        """Write down that the folder's clips are this database's, unless they are another's already."""
        empty = not any(True for part in (self.folder.clips, self.folder.results) for _ in part.iterdir())
        if self._owner.exists() and not empty:
            return
        draft = self._owner.with_name(self.folder.new_name())
        with suppress(OSError):  # then nothing is swept, which harms nobody
            draft.touch(mode=0o600)
            draft.write_text(self._database.name, "utf-8")
            os.replace(draft, self._owner)

    def _is_ours(self) -> bool:
        try:
            return self._owner.read_text("utf-8") == self._database.name
        except (OSError, ValueError):
            return False

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()


def _touched(path: Path) -> float:
    """When anything of a file or folder was last written, moved or renamed."""
    latest = 0.0
    for each in (path, *path.rglob("*")):
        with suppress(OSError):
            stat = each.lstat()
            latest = max(latest, stat.st_mtime, stat.st_ctime)
    return latest
