"""Keeps one worker running beside the app, in a process of its own that a bad clip may crash."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from vision.jobs import children
from vision.store import DataFolder

STOP_WITHIN_S: Final = 5.0
LONGEST_PAUSE_S: Final = 30.0
LARGE_LOG: Final = 1_000_000

_LIVED_S: Final = 60.0
_LOOK_EVERY_S: Final = 0.2
_WORKER: Final = (sys.executable, "-m", "vision.jobs.worker")

_log = logging.getLogger(__name__)


class Supervisor:
    """A worker that is started again whenever it ends, at once at first and then ever more slowly."""

    def __init__(self, folder: Path, url: str | None, pose: str | None, command: Sequence[str]) -> None:
        self._folder = DataFolder(folder)
        self._command = command
        self._env = {**os.environ, "PLUMBLINE_DATA": str(self._folder.root)}
        # Passwords do not belong on a command line, which everybody on a computer can read.
        for name, value in (("DATABASE_URL", url), ("PLUMBLINE_POSE", pose)):
            if value:
                self._env[name] = value
            elif name == "DATABASE_URL":
                self._env.pop(name, None)
        self._child: subprocess.Popen[bytes] | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="plumbline-supervisor", daemon=True)

    @property
    def pid(self) -> int | None:
        """The worker's process id, None while there is none."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else None

    def start(self) -> None:
        """Start the worker, and keep it running."""
        self._thread.start()

    def stop(self) -> None:
        """End the worker within seconds; what it was at goes back into the queue."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        pause_s = 0.0
        while not self._stop.wait(pause_s):
            began_s = time.monotonic()
            try:
                self._watch_one()
            except OSError:
                _log.exception("the worker could not be started")
            lived = time.monotonic() - began_s > _LIVED_S
            pause_s = 0.0 if lived else min(LONGEST_PAUSE_S, max(2 * pause_s, pause_s + 0.5))

    def _watch_one(self) -> None:
        """Start a worker and wait until it ends, by itself or because it is told to."""
        with open_log(self._folder.logs / "worker.log") as log:
            child = self._child = children.start(self._command, log.fileno(), self._env)
        try:
            while child.poll() is None and not self._stop.wait(_LOOK_EVERY_S):
                pass
        finally:
            if self._stop.is_set():
                children.end(child, STOP_WITHIN_S)
            else:
                children.kill(child)
        if not self._stop.is_set():
            _log.warning("the worker ended (%s); starting another", child.returncode)


def open_log(path: Path):
    """Open the log ``path`` for writing at its end; a large one becomes the old one first."""
    if path.is_file() and path.stat().st_size > LARGE_LOG:
        os.replace(path, path.with_name(f"{path.name}.1"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


@contextmanager
def supervise(
    folder: Path, url: str | None = None, *, pose: str | None = None, command: Sequence[str] = _WORKER
) -> Generator[Supervisor]:
    """Have a worker beside this process while the block runs.

    ``folder`` is the data folder, ``url`` the database server if there is one, ``pose`` the pose
    model if not the usual one. The worker writes to ``logs/worker.log`` in the data folder and ends
    with this process, even if that is killed. ``command`` stands in for the worker's.
    """
    supervisor = Supervisor(folder, url, pose, command)
    supervisor.start()
    try:
        yield supervisor
    finally:
        supervisor.stop()
