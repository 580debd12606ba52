"""Which workers live: each holds a lock that the system takes back with its last breath.

So that the jobs of a dead one, killed in whatever way, are taken up again at once and not only when
its lease runs out. Where the system has no such locks, the lease it is.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

_SUFFIX: Final = ".alive"
_PREFIX: Final = "worker-"


class Alive:
    """A worker's sign of life in ``folder``, until it is closed or the process ends."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"{_PREFIX}{name}{_SUFFIX}"
        self._handle = _taken(self._path)

    def close(self) -> None:
        """Take the sign away."""
        self._path.unlink(missing_ok=True)
        os.close(self._handle)


def dead_workers(folder: Path) -> list[str]:
    """Names of workers that left their sign in ``folder`` and are no more."""
    found = [path for path in folder.glob(f"{_PREFIX}*{_SUFFIX}") if _is_free(path)]
    return [path.name.removeprefix(_PREFIX).removesuffix(_SUFFIX) for path in found]


def forget(folder: Path, name: str) -> None:
    """Take away the sign of a dead worker, once its jobs are free."""
    (folder / f"{_PREFIX}{name}{_SUFFIX}").unlink(missing_ok=True)


def _taken(path: Path) -> int:
    """A handle on the locked file ``path``; it is new, unless another process asks about it just now."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if _lock(handle) and path.exists() and os.path.samestat(os.fstat(handle), path.stat()):
            return handle
        os.close(handle)


def _is_free(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return _lock(handle)
    finally:
        os.close(handle)


if sys.platform == "win32":

    def _lock(handle: int) -> bool:
        return handle < 0  # nobody is known to be dead

else:
    import fcntl

    def _lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
