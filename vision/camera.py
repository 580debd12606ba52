"""A camera as frames: upright, unmirrored, on a clock that only goes forward."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, Final, Self

import cv2
import numpy as np

from vision.types import Frame

LOST_S: Final = 2.0
"""Seconds without a picture after which the camera counts as gone."""

WANTED_WH: Final = (640, 480)
_PAUSE_S: Final = 0.02
_SYSTEM: Final = {"linux": cv2.CAP_V4L2, "darwin": cv2.CAP_AVFOUNDATION, "win32": cv2.CAP_DSHOW}

Opener = Callable[[int | str], Any]
"""Opens a camera by its number, or by a name that the system knows; by default OpenCV's."""


class CameraError(RuntimeError):
    """The camera cannot be used; one line that says why and what to do."""


class Camera:
    """The camera ``source``, read from one thread; a context manager that lets go of it.

    Fewer pictures than promised are only further apart in time. Raises :class:`CameraError` when no
    camera answers and, while reading, when it stops sending.
    """

    def __init__(
        self,
        source: int | str,
        *,
        opener: Opener | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._clock = clock
        self._capture: Any = opener(source) if opener else _opened(source)
        if not self._capture.isOpened():
            self._capture.release()
            raise CameraError(
                f"expected a camera at {source!r}, none answers; plug it in, allow this program to use it, "
                "close others that do, or try another number with --camera"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the camera."""
        self._capture.release()

    def __iter__(self) -> Iterator[Frame]:
        """Pictures as they come, numbered from 0; ``t_s`` is seconds since the reading began."""
        began_s = self._clock()
        seen_s = began_s
        last_t_s, index = -1.0, 0
        while True:
            ok, bgr = self._capture.read()
            now_s = self._clock()
            if not ok or bgr is None:
                if now_s - seen_s > LOST_S:
                    raise CameraError(
                        f"the camera {self._source!r} stopped sending pictures; plug it in and start anew"
                    )
                time.sleep(_PAUSE_S)
                continue
            seen_s = now_s
            t_s = now_s - began_s
            if t_s <= last_t_s:
                continue
            last_t_s = t_s
            rgb = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)
            yield Frame(rgb, t_s, index)
            index += 1


def _opened(source: int | str) -> Any:
    log: Any = cv2.utils.logging
    log.setLogLevel(log.LOG_LEVEL_SILENT)  # a missing camera is told in our own line
    # Asked by number, only the system's own cameras: other ways in would complain about the number.
    way = _SYSTEM.get(sys.platform, cv2.CAP_ANY) if isinstance(source, int) else cv2.CAP_ANY
    capture = cv2.VideoCapture(source, way)
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, WANTED_WH[0])
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, WANTED_WH[1])
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return capture
