"""Work in shards: each a pure function of its number, written whole or not at all, made by one process.

Several processes may fill one folder. A shard in the making is held by a lock on a file beside it, which
the system lets go of when its process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Shard = Mapping[str, npt.NDArray[Any]]
log = logging.getLogger(__name__)


def path_of(folder: Path, number: int) -> Path:
    """The file of one shard."""
    return folder / f"shard-{number:05d}.npz"


def fill(folder: Path, numbers: range, make: Callable[[int], Shard], recipe: Mapping[str, Any]) -> int:
    """Make every shard that is missing and that no other process is making; return how many were made.

    `recipe` says what the folder holds. A folder keeps to its first recipe: another one raises ValueError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _keep_recipe(folder, recipe)
    made = 0
    for number in numbers:
        target = path_of(folder, number)
        if target.exists():
            continue
        with _held(target.with_suffix(".lock")) as mine:
            if not mine or target.exists():
                continue
            start = time.monotonic()
            content = make(number)
            write(target, content)
            made += 1
            rows = len(next(iter(content.values())))
            log.info(
                "%s: %d rows, %.1f a second", target.name, rows, rows / max(time.monotonic() - start, 1e-9)
            )
    return made


def write(target: Path, content: Shard) -> None:
    """Write a shard whole or not at all."""
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    with part.open("wb") as f:
        arrays: Any = dict(content)
        np.savez(f, **arrays)
        f.flush()
        os.fsync(f.fileno())
    part.replace(target)


def shards_in(folder: Path) -> list[Path]:
    """The whole shards that are there, in order."""
    return sorted(folder.glob("shard-*.npz"))


def _keep_recipe(folder: Path, recipe: Mapping[str, Any]) -> None:
    path = folder / "recipe.json"
    text = json.dumps(dict(recipe), indent=1, sort_keys=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(text, "utf-8")
    try:
        os.link(part, path)  # only the first process succeeds
    except FileExistsError:
        found = path.read_text("utf-8")
        if found != text:
            raise ValueError(
                f"{folder} holds another recipe: expected {text}, got {found}; take a new folder"
            ) from None
    finally:
        part.unlink()


@contextmanager
def _held(path: Path) -> Iterator[bool]:
    """Hold the lock on a file, or learn that another process does."""
    with path.open("w") as f:
        try:
            fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        try:
            yield True
        finally:
            path.unlink(missing_ok=True)
