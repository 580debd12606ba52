"""Clips on their way in: bytes go straight to the disk, and an interrupted one goes on where it stopped.

An upload is two files under a random name in the data folder's ``uploads``: what has come so far, and
what was announced. Both outlive a restart of the server. What nobody goes on with is swept after a day.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import threading
import time
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

from vision.store.folder import DataFolder, is_random_name
from vision.store.rows import NotFound, Viewer

MAX_BYTES: Final = 2 * 1024**3
CHUNK_BYTES: Final = 8 * 1024**2
KEEP_S: Final = 24 * 3600.0
_SPARE_BYTES: Final = 64 * 1024**2
"""Room that stays free, so that the library itself can still write."""

_FULL: Final = (errno.ENOSPC, errno.EDQUOT)


class TooLarge(ValueError):
    """More than may come; the text is one line for the user."""


class NoSpace(OSError):
    """The disk is full; the text is one line for the user."""


class WrongOffset(ValueError):
    """The bytes do not follow on what is there; ``at`` is where they would."""

    def __init__(self, at: int) -> None:
        super().__init__(f"Expected the bytes from {at} on.")
        self.at = at


@dataclass(frozen=True, slots=True)
class Arriving:
    """An upload: its announced ``name`` and ``size``, and ``at`` of these bytes are on the disk.

    ``set_id`` is the set that it became, None until then.
    """

    id: str
    viewer: str
    name: str
    size: int
    at: int = 0
    set_id: str | None = None


class Incoming:
    """The clips that are arriving in a data folder. Methods block: call them off the event loop."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._locks: dict[str, threading.RLock] = defaultdict(threading.RLock)
        self._turns: dict[str, int] = defaultdict(int)

    def begin(self, viewer: Viewer, name: str, size: int) -> Arriving:
        """Announce a clip; raises TooLarge or NoSpace before a byte of it was sent."""
        if size > MAX_BYTES:
            raise TooLarge(f"This clip has {_gb(size)}; up to 2 GB can be added. Cut it to the set.")
        free = shutil.disk_usage(self._folder.uploads).free
        if size + _SPARE_BYTES > free:
            raise NoSpace(f"The disk is full: this clip has {_gb(size)}, {_gb(free)} are free.")
        new = Arriving(self._folder.new_name(), viewer.key, name, size)
        try:
            self.part(new.id).touch(mode=0o600)
            self._write(new)
        except OSError as error:
            raise _explained(error) from error
        return new

    def get(self, viewer: Viewer, id: str) -> Arriving:
        """The viewer's upload of this id; NotFound for everything else."""
        try:
            if not is_random_name(id):
                raise NotFound(id)
            kept: dict[str, Any] = json.loads(self._card(id).read_text("utf-8"))
            found = Arriving(**kept)
            at = found.size if found.set_id else self.part(id).stat().st_size
        except (OSError, ValueError, TypeError) as error:
            raise NotFound(id) from error
        if found.viewer != viewer.key:
            raise NotFound(id)
        return replace(found, at=at)

    def turn(self, id: str) -> int:
        """Begin to send: whoever still sends the same clip, say over a dead connection, is cut off."""
        with self._locks[id]:
            self._turns[id] += 1
            return self._turns[id]

    def add(self, viewer: Viewer, id: str, turn: int, at: int, data: bytes) -> int:
        """Write ``data`` at ``at``; gives where the next bytes go."""
        with self._locks[id]:
            found = self.get(viewer, id)
            if self._turns[id] != turn or found.at != at or found.set_id:
                raise WrongOffset(found.at)
            if at + len(data) > found.size:
                raise TooLarge("More bytes came than were announced. Choose the clip again.")
            try:
                with self.part(id).open("r+b", buffering=0) as file:
                    file.seek(at)
                    rest = memoryview(data)
                    while rest:
                        rest = rest[file.write(rest) :]
            except OSError as error:
                raise _explained(error) from error
            return at + len(data)

    def arrived(self, id: str, suffix: str) -> str:
        """Move the whole clip among the library's, under a new name, which is given back."""
        name = self._folder.new_name(suffix)
        with self.part(id).open("rb") as file:
            os.fsync(file.fileno())
        self.part(id).rename(self._folder.clips / name)
        return name

    def became(self, arriving: Arriving, set_id: str) -> None:
        """Remember the set, for a browser that missed the answer and asks again."""
        self._write(replace(arriving, set_id=set_id))

    def discard(self, id: str) -> None:
        """Forget an upload and its bytes; whoever is still sending it is cut off."""
        with self._locks[id]:
            self._turns[id] += 1
            self.part(id).unlink(missing_ok=True)
            self._card(id).unlink(missing_ok=True)

    def forget(self, set_id: str) -> None:
        """Remove what is still known of the upload that became a set: the file's name, and whose it was."""
        for card in self._folder.uploads.glob("*.json"):
            try:
                kept: object = json.loads(card.read_text("utf-8"))
            except (OSError, ValueError):
                continue
            if isinstance(kept, dict) and cast("dict[str, object]", kept).get("set_id") == set_id:
                self.discard(card.stem)

    def lock(self, id: str) -> threading.RLock:
        """What holds others off while an upload is finished."""
        return self._locks[id]

    def sweep(self, *, older_than_s: float = KEEP_S) -> None:
        """Remove what nobody went on with for a day."""
        last = time.time() - older_than_s
        by_id: dict[str, list[Path]] = defaultdict(list)
        for path in self._folder.uploads.iterdir():
            by_id[path.name.partition(".")[0]].append(path)
        for paths in by_id.values():
            if all(_changed(path) < last for path in paths):
                for path in paths:
                    self._folder.remove(path)

    def part(self, id: str) -> Path:
        """Where the bytes of an upload lie."""
        return self._folder.uploads / f"{id}.part"

    def _card(self, id: str) -> Path:
        return self._folder.uploads / f"{id}.json"

    def _write(self, arriving: Arriving) -> None:
        fresh = self._card(arriving.id).with_suffix(".new")
        kept = {key: value for key, value in asdict(arriving).items() if key != "at"}
        fresh.write_text(json.dumps(kept), "utf-8")
        fresh.chmod(0o600)
        fresh.replace(self._card(arriving.id))


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _gb(size: int) -> str:
    return f"{size / 1024**3:.1f} GB"


def _explained(error: OSError) -> OSError:
    if error.errno in _FULL:
        return NoSpace("The disk is full. Make room, then go on: what has come so far is kept.")
    return error
