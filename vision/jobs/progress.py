"""How far a job is, told to the library twice a second, and whether it is still wanted."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final, Self

from vision.store import StoreError

BEAT_S: Final = 0.5
READING: Final = "reading"
FILMING: Final = "making the film"

_FILM_SHARE: Final = 0.3
"""Time to film a frame over the time to read its pose, until the film itself tells."""

_WINDOW_S: Final = 6.0
_LEAST_S: Final = 1.0
_LEAST_FRAMES: Final = 5

Beat = Callable[[str, int, int | None, float | None], bool]
"""Tells the library stage, frames done, frames in all and seconds left; False: not wanted any more."""

_log = logging.getLogger(__name__)


class Cancelled(Exception):
    """Nobody wants the job any more: it was cancelled, deleted or taken over."""


class Stopped(Exception):
    """The worker is asked to end; the job goes back into the queue."""


class Pace:
    """Guesses from the frames of the last seconds how long the rest will take."""

    def __init__(self) -> None:
        self._stage = ""
        self._seen: deque[tuple[float, int]] = deque()
        self._per_frame_s: float | None = None

    def seconds_left(self, stage: str, done: int, total: int | None, now_s: float) -> float | None:
        """Seconds until the end of the job, None while nothing is known; ``now_s`` on a steady clock."""
        if stage != self._stage:
            known = self._per_frame_s is not None and (self._stage, stage) == (READING, FILMING)
            self._per_frame_s = (self._per_frame_s or 0) * _FILM_SHARE if known else None
            self._stage = stage
            self._seen.clear()
        self._seen.append((now_s, done))
        while now_s - self._seen[0][0] > _WINDOW_S and len(self._seen) > 2:
            self._seen.popleft()
        took_s, frames = now_s - self._seen[0][0], done - self._seen[0][1]
        if took_s >= _LEAST_S and frames >= _LEAST_FRAMES:
            self._per_frame_s = took_s / frames
        if self._per_frame_s is None or total is None:
            return None
        ahead = max(0, total - done) + (_FILM_SHARE * max(total, done) if stage == READING else 0)
        return ahead * self._per_frame_s


class Pulse:
    """Tells a job's progress from a thread of its own, so that no database makes the analysis wait.

    Call it after each frame; it raises `Cancelled` or `Stopped` when the job should end.
    ``stopping`` says whether the worker is to end. ``stuck`` is called, in the thread, when the job
    neither moves for ``patience_s`` seconds nor ends soon after it was cancelled: a decoder that
    never returns cannot be stopped in any gentler way.
    """

    def __init__(
        self,
        beat: Beat,
        *,
        stopping: Callable[[], bool] = lambda: False,
        stuck: Callable[[], None] = lambda: None,
        every_s: float = BEAT_S,
        patience_s: float = 900.0,
        cancel_patience_s: float = 60.0,
    ) -> None:
        self._beat, self._stopping, self._stuck = beat, stopping, stuck
        self._every_s = every_s
        self._patience_s, self._cancel_patience_s = patience_s, cancel_patience_s
        self._now: tuple[str, int, int | None] = ("", 0, None)
        self._moved_s = time.monotonic()
        self._unwanted = False
        self._ended = threading.Event()
        self._pace = Pace()
        self._thread = threading.Thread(target=self._run, name="plumbline-pulse", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Take note of how far the job is; raise when it should end."""
        self._now = (stage, done, total)
        self._moved_s = time.monotonic()
        if self._unwanted:
            raise Cancelled
        if self._stopping():
            raise Stopped

    def _run(self) -> None:
        while not self._ended.wait(self._every_s):
            if not self._unwanted:
                self._tell()
            still_s = time.monotonic() - self._moved_s
            if still_s > (self._cancel_patience_s if self._unwanted else self._patience_s):
                self._stuck()
                return

    def _tell(self) -> None:
        stage, done, total = self._now
        total = None if total is None else max(total, done)
        left_s = self._pace.seconds_left(stage, done, total, time.monotonic())
        try:
            self._unwanted = not self._beat(stage, done, total, left_s)
        except StoreError as error:
            _log.warning("progress could not be told: %s", error)
