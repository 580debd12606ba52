"""One set before a browser's camera, in a thread of its own that looks at the newest picture only.

The camera's side calls `Run.picture` for each picture and `Run.camera_ended` at its end; neither waits.
What becomes of it goes to the page through the run's channel. Knows no Streamlit.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np

from vision.live import End, Eyes, LiveSet, Marking, Newest, Phase, Said, Update
from vision.live.window import LIVE_POSE
from vision.pose import open_pose
from vision.pose.base import PoseEstimator
from vision.store.rows import Viewer
from vision.types import Frame, Report
from vision.ui.live import words
from vision.ui.live.film import Film
from vision.web.live import CHANNELS, Channel, Channels

LOST_S: Final = 2.0
GONE_S: Final = 10.0
"""Seconds without a picture after which that is said, and after which the set ends."""

TICK_S: Final = 0.25
MOST_AT_ONCE: Final = 4
"""Sets that one computer watches at once; each needs most of a core."""

_LOG: Final = logging.getLogger(__name__)
_places: Final = threading.BoundedSemaphore(MOST_AT_ONCE)


class Picture(Protocol):
    """A picture as it comes from the camera: PyAV's."""

    @property
    def time(self) -> float | None:
        """When it was taken, in seconds on the camera's clock."""
        ...

    def to_ndarray(self, *, format: str) -> Any:
        """The pixels."""
        ...


@dataclass(frozen=True, slots=True)
class Ended:
    """What a run left: the report, None where it was lost; ``sentence`` says why it ended."""

    report: Report | None
    log: tuple[Said, ...]
    ended_by: End | None
    sentence: str
    camera_off: bool = False


class Run:
    """One set of ``movement``. Its thread begins with the first picture and ends with the set.

    With ``stickers`` they are looked for and followed.
    """

    def __init__(
        self,
        movement: str,
        viewer: Viewer,
        *,
        film: Film | None = None,
        stickers: bool = False,
        channels: Channels = CHANNELS,
        open_model: Callable[[], PoseEstimator] = lambda: open_pose(LIVE_POSE),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.movement: Final = movement
        self.film: Final = film
        self.stickers: Final = stickers
        self.channel: Final[Channel] = channels.open(viewer, pain=self.pain, end=self.end)
        self.ended: Ended | None = None
        self._open_model = open_model
        self._clock = clock
        self._slot: Newest[Picture] = Newest()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._live: LiveSet | None = None
        self._hurts = False
        self._why = ""
        self._camera_off = False
        self._stop = threading.Event()
        self._size_wh = (4, 3)
        self._began_s: float | None = None
        self._seen_s = 0.0
        self._index = 0
        self.channel.tell({"phase": "waiting", "sentence": words.WAITING, "count": 0})

    @property
    def started(self) -> bool:
        """Whether a picture has come."""
        return self._thread is not None

    @property
    def over(self) -> bool:
        """Whether everything is done, the report too."""
        return self.ended is not None

    # ------------------------------------------------------------------ from other threads

    def picture(self, picture: Picture) -> None:
        """The newest picture; one that was not looked at yet is dropped."""
        with self._lock:
            if self._thread is None and not self._stop.is_set():
                name = f"plumbline-live-{self.channel.id[:6]}"
                self._thread = threading.Thread(target=self._work, name=name, daemon=True)
                self._thread.start()
        self._slot.put(picture)

    def camera_ended(self) -> None:
        """No more pictures will come: the camera was switched off or the page is gone."""
        if self.started and not self._stop.is_set():
            self._camera_off = True
            self._why = words.SWITCHED_OFF
            self._stop.set()

    def pain(self) -> None:
        """It hurts: the set ends at once."""
        self._hurts = True
        if (live := self._live) is not None:
            live.pain()
        self._stop_now()

    def end(self) -> None:
        """End the set; the report follows."""
        self._stop_now()

    def _stop_now(self) -> None:
        self._stop.set()
        with self._lock:
            if self._thread is None and self.ended is None:  # nothing to be judged
                self._over(Ended(None, (), None, words.NO_REP))

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end; whether it has ended."""
        if self._thread is not None:
            self._thread.join(timeout_s)
        return self._thread is None or not self._thread.is_alive()

    # ------------------------------------------------------------------ the thread

    def _work(self) -> None:
        ended = Ended(None, (), None, words.BROKEN)
        if not _places.acquire(blocking=False):
            self._over(Ended(None, (), None, words.CROWDED))
            return
        try:
            ended = self._train()
        except Exception:
            _LOG.exception("A live set failed")
        finally:
            _places.release()
            self._over(ended)

    def _train(self) -> Ended:
        model = self._open_model()
        try:
            marking = Marking(model.skeleton) if self.stickers else None
            live = LiveSet(self.movement, model.skeleton, eyes=Eyes(model), keeper=self.film, marking=marking)
            self._live = live
            if self._hurts:
                live.pain()
            self._seen_s = self._clock()
            while not self._stop.is_set() and live.update.phase is not Phase.ENDED:
                self._step(live)
            return self._judged(live)
        finally:
            self._live = None
            model.close()

    def _step(self, live: LiveSet) -> None:
        picture = self._slot.take(TICK_S)
        if picture is None:
            self._quiet(live)
            return
        self._seen_s = self._clock()
        rgb = np.asarray(picture.to_ndarray(format="rgb24"), dtype=np.uint8)
        update = live.push(Frame(rgb, self._time(picture), self._index))
        self._index += 1
        if update.phase in (Phase.PLACING, Phase.COUNTDOWN):
            self._size_wh = (rgb.shape[1], rgb.shape[0])
        self._tell(update, live)

    def _time(self, picture: Picture) -> float:
        """The camera's own time of a picture: it does not tremble as arrivals do."""
        now_s = self._clock() if picture.time is None else float(picture.time)
        self._began_s = now_s if self._began_s is None else self._began_s
        return now_s - self._began_s

    def _quiet(self, live: LiveSet) -> None:
        waited_s = self._clock() - self._seen_s
        if waited_s > GONE_S:
            self._camera_off = True
            self._why = words.NO_PICTURES
            self._stop.set()
        elif waited_s > LOST_S:
            self._tell(live.update, live, words.LOST)

    def _tell(self, update: Update, live: LiveSet, instead: str = "") -> None:
        said = live.said
        told = words.message(update, said[-1] if said else None, self._size_wh)
        self.channel.tell({**told, "sentence": instead or update.sentence})

    def _judged(self, live: LiveSet) -> Ended:
        before = live.update.ended_by
        why = live.update.sentence if before is not None else self._why
        told = why or words.JUDGING
        self.channel.tell({"phase": Phase.ENDED.value, "count": len(live.reps), "sentence": told})
        report = live.finish()
        if self.film is not None:
            if report.cycles:
                self.film.save(live.until_s)
            else:
                self.film.drop()
        sentence = why if before is not None or self._why else live.update.sentence
        return Ended(report, live.said, live.update.ended_by, sentence, self._camera_off)

    def _over(self, ended: Ended) -> None:
        self._slot.close()
        if self.film is not None and ended.report is None:
            self.film.drop()
        self.ended = ended
        count = len(ended.report.cycles) if ended.report else 0
        last = {"phase": Phase.ENDED.value, "sentence": ended.sentence, "count": count, "over": True}
        self.channel.tell(last)
        self.channel.close()
