"""Things to keep in a library."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from vision.store import DataFolder, Library, NewSet, Outcome, Shelf, StoredSet, Value

WAIT_S = 120
ADDED_LATER = ("stickers", "own_film", "own_used", "own_results", "own_problem", "distance")
"""Columns of sets that the first version did not have."""

T = TypeVar("T")


def clip(folder: DataFolder, content: bytes = b"film") -> str:
    """Put a clip into the folder and give its name."""
    name = folder.new_name(".mp4")
    (folder.clips / name).write_bytes(content)
    return name


def add(shelf: Shelf, folder: DataFolder, title: str = "clip.mp4", **about: object) -> StoredSet:
    return shelf.add_set(NewSet(title, clip(folder), **about))  # type: ignore[arg-type]


def outcome(folder: DataFolder, *values: float, movement: str = "squat") -> Outcome:
    """Write a folder of results and give what a worker would hand in."""
    name = folder.new_name()
    (folder.results / name).mkdir()
    (folder.results / name / "report.json").write_text("{}")
    found = tuple(
        Value(f"m{place}_deg", f"Measure {place}", "left", value, 1.5, "deg", "good")
        for place, value in enumerate(values)
    )
    return Outcome(name, movement, "frontal", "Knees out", "fault", 71, 5, False, found)


def finished(library: Library, shelf: Shelf, title: str = "clip.mp4", **about: object) -> StoredSet:
    """Add a set and let it be analysed; nothing else may be waiting."""
    added = add(shelf, library.folder, title, **about)
    job = library.queue.take("w")
    assert job is not None
    assert job.set_id == added.id
    assert library.queue.finish(job, outcome(library.folder, 1.0, 2.0))
    return shelf.set(added.id)


def at_once(count: int, work: Callable[[int], T]) -> list[T]:
    """Let threads begin ``work`` at the same moment; gives what they give, or raises what they raise."""
    start = threading.Barrier(count)
    given: list[T] = []
    raised: list[BaseException] = []

    def run(number: int) -> None:
        try:
            start.wait(WAIT_S)
            given.append(work(number))
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + WAIT_S
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    assert not any(thread.is_alive() for thread in threads), "some are still waiting for each other"
    if raised:
        raise raised[0]
    return given
