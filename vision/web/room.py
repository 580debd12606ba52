"""The room that is open in this process: its data folder, its library, its tickets."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vision.store import DataFolder, Library
from vision.store.rows import NewSet, StoredSet, Viewer
from vision.web.incoming import Incoming
from vision.web.tickets import Tickets

DATA: Final = "PLUMBLINE_DATA"
URL: Final = "DATABASE_URL"
PACKAGE_S: Final = 3600.0
"""A package is there to be saved at once; a copy of people's films does not lie about for longer."""

SAMPLE: Final = Path(__file__).resolve().parents[2] / "videos" / "squat_front_left_knee_caves_from_rep3.mp4"
"""The clip that is there to try; a set is known to be the sample by this file's name as its title."""


@dataclass(frozen=True, slots=True)
class Room:
    """Everything that pages and routes share. ``incoming`` are the clips that are still arriving."""

    folder: DataFolder
    library: Library
    tickets: Tickets
    incoming: Incoming

    @classmethod
    def open(cls, env: Mapping[str, str]) -> Room:
        """Open the room that ``PLUMBLINE_DATA`` and ``DATABASE_URL`` name, or this user's own."""
        folder = DataFolder(data_root(env))
        library = Library.open(folder, env.get(URL) or None)
        return cls(folder, library, Tickets(folder.secret()), Incoming(folder))

    def new_package(self, viewer: Viewer, suffix: str = ".zip") -> Path:
        """Where to write a package for ``viewer``; ``addresses.package_url`` takes its name."""
        return self.folder.packages / (self.tickets.mark(viewer) + self.folder.new_name(suffix))

    def drop_packages(self, viewer: Viewer | None = None, *, older_than_s: float = 0.0) -> None:
        """Remove packages, of one viewer or of all: what is deleted must not live on in one.

        Where only old ones go, what is being made stays: covering faces may take longer than an hour,
        and a file that waits for it looks old.
        """
        mark, last = self.tickets.mark(viewer) if viewer else "", time.time() - older_than_s
        for path in self.folder.packages.glob(f"{mark}*"):
            if older_than_s and path.name.startswith("."):
                continue
            with suppress(FileNotFoundError):
                if path.stat().st_mtime <= last:
                    self.folder.remove(path)

    def sample(self, viewer: Viewer) -> StoredSet:
        """The viewer's set of the sample clip, added when it is not there yet."""
        shelf = self.library.shelf(viewer)
        for one in shelf.sets():
            if one.title == SAMPLE.name:
                return one
        name = self.folder.new_name(SAMPLE.suffix)
        shutil.copyfile(SAMPLE, self.folder.clips / name)
        return shelf.add_set(NewSet(title=SAMPLE.name, original=name, movement="squat"))

    def sweep(self) -> None:
        """Remove what an earlier crash left behind, and what `tidy` removes."""
        self.tidy()
        self.drop_packages()  # whoever asked for them asked a server that is gone
        for path in (*self.folder.scratch.glob("live-*"), *self.folder.scratch.glob(".live-*")):
            self.folder.remove(path)  # nobody can keep the recording of a set whose page is gone
        self.library.sweep()

    def tidy(self) -> None:
        """Remove clips that nobody goes on sending, and packages that were made long ago."""
        self.incoming.sweep()
        self.drop_packages(older_than_s=PACKAGE_S)

    def close(self) -> None:
        """Let go of the database."""
        self.library.close()


def data_root(env: Mapping[str, str]) -> Path:
    """The data folder: ``PLUMBLINE_DATA``, else where this platform keeps programs' data."""
    if env.get(DATA):
        return Path(env[DATA]).expanduser()
    home = Path.home()
    if sys.platform == "win32":
        return Path(env.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Plumbline"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "Plumbline"
    return Path(env.get("XDG_DATA_HOME") or home / ".local" / "share") / "plumbline"


_opened: dict[tuple[Path, str], Room] = {}
_opening: Final = threading.Lock()


def current() -> Room:
    """The room that the environment names, opened once per process and folder."""
    key = (data_root(os.environ).absolute(), os.environ.get(URL) or "")
    with _opening:
        if key not in _opened:
            _opened[key] = Room.open(os.environ)
        return _opened[key]


def close() -> None:
    """Close every room of this process; the next ``current`` opens anew."""
    with _opening:
        for room in _opened.values():
            room.close()
        _opened.clear()
