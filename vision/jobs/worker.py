"""The worker's process: ``python -m vision.jobs.worker``, started by :mod:`vision.jobs.supervisor`.

The environment tells the data folder (``PLUMBLINE_DATA``), the database if it is not in there
(``DATABASE_URL``) and, if it is not the usual one, the pose model (``PLUMBLINE_POSE``).
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Final

from vision.jobs import children
from vision.jobs.alive import Alive, dead_workers, forget
from vision.jobs.work import OpenModel, Worker
from vision.pose import DEFAULT_POSE, open_pose
from vision.store import DataFolder, Library, StoreError

_NICER: Final = 5
"""The pages come first where both want the same processor."""

_log = logging.getLogger("vision.jobs.worker")


def main(open_model: OpenModel | None = None) -> int:
    """Work the queue until told to end or until the parent is gone."""
    children.die_with_parent()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(levelname)s %(message)s")
    if sys.platform != "win32":
        os.nice(_NICER)
    try:
        folder = DataFolder(Path(os.environ["PLUMBLINE_DATA"]))
        library = Library.open(folder, os.environ.get("DATABASE_URL") or None)
    except StoreError as error:
        _log.error("%s", error)
        return 1
    pose = os.environ.get("PLUMBLINE_POSE") or DEFAULT_POSE
    worker = Worker(library, open_model or partial(open_pose, pose), stuck=_break_off)
    signal.signal(signal.SIGTERM, lambda number, frame: worker.stop())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    alive = Alive(folder.logs, worker.name)
    try:
        _free_the_dead(library)
        _log.info("worker %s waits for clips", worker.name)
        worker.run()
    finally:
        worker.close()
        alive.close()
        library.close()
    _log.info("worker %s ended", worker.name)
    return 0


def _free_the_dead(library: Library) -> None:
    """Let go of the jobs of workers that were killed, those of an earlier start included."""
    logs = library.folder.logs
    for name in dead_workers(logs):
        _log.info("worker %s was killed; %d set(s) free again", name, library.queue.lost(name))
        forget(logs, name)


def _break_off() -> None:
    _log.error("the job does not come to an end; breaking off")
    os._exit(3)


if __name__ == "__main__":
    sys.exit(main())
