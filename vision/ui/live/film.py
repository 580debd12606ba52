"""The recording of a live set: deleted with its set unless somebody says to keep it."""

from __future__ import annotations

import logging
import os
import weakref
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final

from vision.outputs.recording import Recording
from vision.store import DataFolder, Shelf
from vision.store.rows import NewSet, StoredSet
from vision.types import Frame

_LOG: Final = logging.getLogger(__name__)
_MARK: Final = "live-"


class Film:
    """Keeps the pictures of one set in the data folder's ``scratch`` until it is kept or forgotten.

    Nobody who holds it any longer means that it is deleted, also when the program ends. A full disk
    ends the recording, not the set: ``problem`` says why.
    """

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._path = folder.scratch / f"{_MARK}{os.getpid()}-{folder.new_name('.mp4')}"
        self._recording = Recording(self._path)
        self.problem = ""
        self.ready = False
        self._end = weakref.finalize(self, _forget, self._recording, self._path)

    def restart(self) -> None:
        """Forget what was kept: the set begins with the next picture."""
        try:
            self._recording.restart()
        except Exception as error:
            self.problem = self.problem or _told(error)

    def add(self, frame: Frame) -> None:
        """Keep one more picture."""
        if self.problem:
            return
        try:
            self._recording.add(frame)
        except Exception as error:  # whatever the encoder has to say, the set goes on
            self._fail(error)

    def save(self, until_s: float | None = None) -> None:
        """Close the recording at the set's end, so that it can be kept."""
        if self.problem:
            return
        try:
            self.ready = self._recording.save(until_s) is not None
        except Exception as error:
            self._fail(error)

    def keep(self, shelf: Shelf, *, title: str, movement: str, athlete_id: str | None) -> StoredSet:
        """Put the recording into the library as a set. ValueError where the library does not take it."""
        name = self._folder.new_name(".mp4")
        clip = self._folder.clips / name
        self._path.rename(clip)
        new = NewSet(title, name, movement, athlete_id, filmed_on=date.today())
        try:
            made = shelf.add_set(new)
        except BaseException:
            clip.rename(self._path)
            raise
        self.ready = False
        return made

    def drop(self) -> None:
        """Delete it now."""
        self.ready = False
        self._end()

    def _fail(self, error: Exception) -> None:
        _LOG.exception("A live recording could not be written")
        self.problem = _told(error)
        self.restart()


def _told(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or "the disk does not take it"


def _forget(recording: Recording, path: Path) -> None:
    try:
        recording.restart()
    except Exception:
        _LOG.exception("A live recording could not be closed")
    with suppress(OSError):
        path.unlink(missing_ok=True)


def forget_left_behind(folder: DataFolder) -> None:
    """Delete recordings of programs that were killed before they could."""
    for path in (*folder.scratch.glob(f"{_MARK}*"), *folder.scratch.glob(f".{_MARK}*")):
        if path.name.lstrip(".").split("-")[1] != str(os.getpid()):
            with suppress(OSError):
                path.unlink()
