"""The recording of a live set: deleted with its set unless somebody says to keep it."""

from __future__ import annotations

import logging
import os
import threading
import time
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
UNSEEN_S = 180.0
"""Seconds for which a recording waits for a page that asks whether to keep it."""


class Film:
    """Keeps the pictures of one set in the data folder's ``scratch`` until it is kept or forgotten.

    It is deleted when nobody holds it any longer, when the program ends, and when no page has said with
    `seen` for three minutes that somebody still looks at it. A full disk ends the recording, not the
    set: ``problem`` says why.
    """

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._path = folder.scratch / f"{_MARK}{os.getpid()}-{folder.new_name('.mp4')}"
        self._recording = Recording(self._path)
        self.problem = ""
        self.ready = False
        self._lock = threading.Lock()
        self._seen_s = 0.0
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
            return
        self.seen()
        _look_later(weakref.ref(self))

    def seen(self) -> None:
        """Somebody looks at the page that asks whether to keep it."""
        self._seen_s = time.monotonic()

    def unseen(self) -> bool:
        """Delete it if nobody has looked at it lately; whether it is gone, for whatever reason."""
        if self.ready and time.monotonic() - self._seen_s > UNSEEN_S:
            self.drop()
        return not self.ready

    def keep(self, shelf: Shelf, *, title: str, movement: str, athlete_id: str | None) -> StoredSet:
        """Put the recording into the library as a set. ValueError where the library does not take it."""
        name = self._folder.new_name(".mp4")
        clip = self._folder.clips / name
        new = NewSet(title, name, movement, athlete_id, filmed_on=date.today())
        with self._lock:
            self._path.rename(clip)
            try:
                made = shelf.add_set(new)
            except BaseException:
                clip.rename(self._path)
                raise
            self.ready = False
        return made

    def drop(self) -> None:
        """Delete it now."""
        with self._lock:
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


def _look_later(film: weakref.ref[Film]) -> None:
    timer = threading.Timer(UNSEEN_S / 3, _look, [film])
    timer.daemon = True
    timer.start()


def _look(film: weakref.ref[Film]) -> None:
    one = film()
    if one is not None and not one.unseen():
        _look_later(film)


def forget_left_behind(folder: DataFolder) -> None:
    """Delete recordings of programs that were killed before they could."""
    for path in (*folder.scratch.glob(f"{_MARK}*"), *folder.scratch.glob(f".{_MARK}*")):
        if path.name.lstrip(".").split("-")[1] != str(os.getpid()):
            with suppress(OSError):
                path.unlink()
