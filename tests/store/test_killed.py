"""A process is killed in the middle of writing; what it had finished is all there, nothing is half."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import event

from tests.store.keeping import add, outcome
from vision.store import LOCAL, DataFolder, Library, Shelf, State

WAIT_S = 120
FINISHED = 6

WRITER = """
import pathlib, sys
from tests.store.keeping import add, outcome
from vision.store import LOCAL, DataFolder, Library

folder = DataFolder(pathlib.Path(sys.argv[1]))
library = Library.open(folder)
shelf = library.shelf(LOCAL)
while True:
    kept = add(shelf, folder, tags=("a", "b"))
    job = library.queue.take("w")
    library.queue.beat(job, "reading", 1, 2, 3.0)
    note = shelf.add_note(job.set_id, 1, "note")
    if library.queue.finish(job, outcome(folder, *range(40))):
        print(job.set_id, flush=True)
    shelf.delete_note(job.set_id, note.id)
"""


def test_a_kill_at_any_moment_loses_no_finished_set(folder: DataFolder, tmp_path: Path) -> None:
    finished: set[str] = set()
    for turn in range(2):
        finished |= _write_until_killed(folder, tmp_path / f"out{turn}")
        _check(folder, finished)
    assert len(finished) >= 2 * FINISHED


class Crash(Exception):
    """Stands for a kill."""


def test_a_finish_that_breaks_off_at_any_statement_is_all_or_nothing(library: Library, shelf: Shelf) -> None:
    kept = add(shelf, library.folder)
    job = library.queue.take("w")
    assert job is not None
    found = outcome(library.folder, 1.0, 2.0)
    broke_off = 0
    for last in range(100):
        said: list[str] = []

        def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            said.append(statement)  # noqa: B023  # listens only within its turn
            if len(said) > last + 1:  # noqa: B023  # the first is BEGIN
                raise Crash

        event.listen(library._database._engine, "after_cursor_execute", count)
        try:
            assert library.queue.finish(job, found)
        except Crash:
            broke_off += 1
        finally:
            event.remove(library._database._engine, "after_cursor_execute", count)
        all_there = (shelf.set(kept.id).state, len(shelf.course())) == (State.DONE, 2)
        assert all_there or (shelf.set(kept.id).state, shelf.course()) == (State.RUNNING, ())
        if all_there:
            break
    assert broke_off >= 4


def _write_until_killed(folder: DataFolder, out: Path) -> set[str]:
    paths = os.pathsep.join(path for path in sys.path if path)
    with out.open("wb") as file:
        running = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder.root)],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            env={**os.environ, "PYTHONPATH": paths},
        )
        try:
            until = time.monotonic() + WAIT_S
            while out.read_bytes().count(b"\n") < FINISHED:
                assert running.poll() is None, out.read_text()
                assert time.monotonic() < until, out.read_text()
                time.sleep(0.003)
        finally:
            running.kill()
            running.wait(WAIT_S)
    return {line for line in out.read_text().split("\n")[:-1] if line}


def _check(folder: DataFolder, finished: set[str]) -> None:
    with sqlite3.connect(folder.database) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    raw.close()
    library = Library.open(folder)
    shelf = library.shelf(LOCAL)
    library.queue.lost("w")
    found = {one.id: one for one in shelf.sets()}
    assert finished - {one.id for one in found.values() if one.state is State.DONE} == set()
    course = [point.set_id for point in shelf.course()]
    for one in found.values():
        results = shelf.files(one.id).results
        assert one.tags == ("a", "b")
        assert (results is not None) == (one.state is State.DONE) == (course.count(one.id) == 40)
        if results is not None:
            assert (results / "report.json").read_text() == "{}"
    library.close()
