"""Working the queue: take a job, analyse its clip, tell the library how it ended."""

from __future__ import annotations

import errno
import logging
import os
import secrets
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from vision.capture import ClipError
from vision.jobs.analysis import analyse
from vision.jobs.check import in_users_words
from vision.jobs.progress import Cancelled, Pulse, Stopped
from vision.movements.calibration import CalibrationError
from vision.pose import DEFAULT_POSE, open_pose
from vision.pose.base import PoseEstimator
from vision.pose.markers import MarkerError
from vision.pose.weights import WeightError
from vision.store import Job, Library, StoreError

IDLE_S: Final = 0.3
SWEEP_EVERY_S: Final = 3600.0

_LIBRARY_AWAY_S: Final = 2.0
_TRY_FOR_S: Final = 60.0

_UNEXPECTED: Final = (
    "The analysis met something in this clip that it was not made for. "
    "worker.log in the data folder's logs tells the details."
)

_log = logging.getLogger(__name__)

OpenModel = Callable[[], PoseEstimator]


class Worker:
    """Works a library's queue, one job at a time, with one pose model kept open between jobs.

    ``open_model`` is called at the first job. ``stuck`` is called when a job can no longer be ended
    in a gentle way.
    """

    def __init__(
        self,
        library: Library,
        open_model: OpenModel,
        *,
        name: str = "",
        stuck: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = name or f"{os.getpid()}-{secrets.token_hex(6)}"
        self._library = library
        self._open_model = open_model
        self._stuck = stuck
        self._model: PoseEstimator | None = None
        # No Event: its lock may be held by the very code that a signal interrupts.
        self._stopping = False

    def stop(self) -> None:
        """End the run after the frame at hand; its job goes back into the queue. For signal handlers."""
        self._stopping = True

    def run(self) -> None:
        """Work until :meth:`stop`."""
        swept_s = -SWEEP_EVERY_S
        while not self._stopping:
            try:
                if time.monotonic() - swept_s > SWEEP_EVERY_S:
                    self._library.sweep()
                    swept_s = time.monotonic()
                if not self.work_one():
                    time.sleep(IDLE_S)
            except StoreError as error:
                _log.warning("the library is away: %s", error)
                time.sleep(_LIBRARY_AWAY_S)

    def work_one(self) -> bool:
        """Take a job and work it; False when there is none."""
        job = self._library.queue.take(self.name)
        if job is None:
            return False
        _log.info("set %s, try %d", job.set_id, job.tries)
        self._work(job)
        return True

    def close(self) -> None:
        """Close the pose model."""
        if self._model is not None:
            self._model.close()
            self._model = None

    def _work(self, job: Job) -> None:
        queue = self._library.queue
        beat = partial(queue.beat, job)
        try:
            with Pulse(beat, stopping=lambda: self._stopping, stuck=self._stuck) as pulse:
                outcome = analyse(self._library.folder, job, self._opened(), pulse)
        except Cancelled:
            _log.info("set %s is not wanted any more", job.set_id)
        except Stopped:
            self._told(partial(queue.put_back, job))
        except (ClipError, MarkerError, CalibrationError, WeightError) as problem:
            self._told(partial(queue.fail, job, in_users_words(str(problem), job.original, job.title)))
        except OSError as problem:
            _log.exception("set %s", job.set_id)
            self._told(partial(queue.fail, job, _disk_trouble(problem)))
        except Exception:
            _log.exception("set %s", job.set_id)
            self.close()
            self._told(partial(queue.fail, job, _UNEXPECTED))
        else:
            self._told(partial(queue.finish, job, outcome))

    def _opened(self) -> PoseEstimator:
        if self._model is None:
            self._model = self._open_model()
        return self._model

    def _told(self, tell: Callable[[], object]) -> None:
        """Tell the library how a job ended, and again while it is away: the work is worth waiting for."""
        until_s = time.monotonic() + _TRY_FOR_S
        while True:
            try:
                tell()
                return
            except StoreError:
                if self._stopping or time.monotonic() > until_s:
                    raise
                time.sleep(_LIBRARY_AWAY_S)


def _disk_trouble(problem: OSError) -> str:
    why = problem.strerror or str(problem)
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The results could not be written ({why}): make room on the disk and try again."
    return f"The files of this clip could not be read or written ({why}): try again."


def run_waiting(library: Library, open_model: OpenModel | None = None, *, pose: str = DEFAULT_POSE) -> int:
    """Work everything that waits, in this very process; return how many jobs that were."""
    worker = Worker(library, open_model or partial(open_pose, pose))
    try:
        return sum(iter(worker.work_one, False))
    finally:
        worker.close()
