"""Packages made in the background of the app's process, one after another, to be asked about by id.

What is known about them lives as long as the process and each viewer sees only their own; the files
lie in the data folder's ``packages``, where the library's sweep takes old ones away.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from vision.share.package import Stopped, package
from vision.store import DataFolder, NotFound, Shelf

_LOG: Final = logging.getLogger(__name__)


class Stage(StrEnum):
    """Where a package stands."""

    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Making:
    """A package on its way. ``name`` is its file's within ``packages``, empty until it is ready.

    ``done`` of ``total`` frames of ``doing`` are through; ``to_look_at`` is for a person to read
    before handing the package on, ``problem`` says in one line why there is none.
    """

    id: str
    set_ids: tuple[str, ...]
    blur: bool
    stage: Stage = Stage.WAITING
    doing: str = ""
    done: int = 0
    total: int | None = None
    name: str = ""
    to_look_at: tuple[str, ...] = ()
    problem: str = ""

    @property
    def over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.stage in (Stage.READY, Stage.FAILED, Stage.STOPPED)


class Makings:
    """The packages of one process; its methods may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._one_at_a_time = threading.Lock()
        self._known: dict[tuple[str, str], Making] = {}
        self._unwanted: set[str] = set()

    def start(
        self, shelf: Shelf, folder: DataFolder, set_ids: Sequence[str], *, blur: bool, names: bool = False
    ) -> str:
        """Begin a package of ``set_ids`` and return its id. Raises NotFound for a set of somebody else."""
        for set_id in set_ids:
            shelf.set(set_id)
        made = Making(folder.new_name(), tuple(set_ids), blur)
        with self._lock:
            self._known[shelf.viewer.key, made.id] = made
        work = threading.Thread(
            target=self._make, args=(shelf, folder, made, names), name="plumbline-package", daemon=True
        )
        work.start()
        return made.id

    def state(self, viewer_key: str, id: str) -> Making | None:
        """How the package ``id`` stands; None for one that is unknown or another viewer's."""
        with self._lock:
            return self._known.get((viewer_key, id))

    def all_of(self, viewer_key: str) -> tuple[Making, ...]:
        """The viewer's packages, the latest first."""
        with self._lock:
            return tuple(m for (key, _), m in reversed(self._known.items()) if key == viewer_key)

    def stop(self, viewer_key: str, id: str) -> None:
        """Give up the package ``id`` at its next frame; one that is over stays as it is."""
        with self._lock:
            if (viewer_key, id) in self._known:
                self._unwanted.add(id)

    def forget(self, folder: DataFolder, viewer_key: str, *, set_id: str | None = None) -> None:
        """Remove the viewer's packages, those that hold ``set_id`` or all; what is being made stops."""
        for made in self.all_of(viewer_key):
            if set_id is not None and set_id not in made.set_ids:
                continue
            with self._lock:
                self._unwanted.add(made.id)
                gone = self._known.pop((viewer_key, made.id), None)
            if gone is not None and gone.name:
                folder.remove(folder.packages / gone.name)

    def _make(self, shelf: Shelf, folder: DataFolder, made: Making, names: bool) -> None:
        key = shelf.viewer.key

        def told(doing: str, done: int, total: int | None) -> None:
            if made.id in self._unwanted:
                raise Stopped
            self._note(key, made.id, stage=Stage.MAKING, doing=doing, done=done, total=total)

        name = folder.new_name(".zip")
        path = folder.packages / name
        try:
            with self._one_at_a_time:
                told("getting ready", 0, None)
                packed = package(shelf, made.set_ids, path, blur=made.blur, names=names, progress=told)
        except Stopped:
            self._note(key, made.id, stage=Stage.STOPPED)
        except Exception as problem:
            # A thread has nobody above it: whatever it was is told here or never.
            _LOG.warning("no package", exc_info=True)
            self._note(key, made.id, stage=Stage.FAILED, problem=_line(problem))
        else:
            known = self._note(
                key, made.id, stage=Stage.READY, name=name, done=0, total=None, to_look_at=packed.to_look_at
            )
            if not known:
                folder.remove(path)

    def _note(self, key: str, id: str, **change: object) -> bool:
        """Write down a change; False where the package has been forgotten."""
        with self._lock:
            made = self._known.get((key, id))
            if made is None:
                return False
            self._known[key, id] = replace(made, **change)  # pyright: ignore[reportArgumentType]
            return True


def _line(problem: Exception) -> str:
    if isinstance(problem, NotFound):
        return "A set of this package has been deleted."
    if isinstance(problem, ValueError):
        return str(problem).splitlines()[0] if str(problem) else "The package could not be made."
    if isinstance(problem, OSError):
        return "The package could not be written: is there room on the disk?"
    return "The package could not be made."


MAKINGS: Final = Makings()
"""Those of this process; a server has one, its viewers are told apart by their keys."""
