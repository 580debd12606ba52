"""Clips: a video file in, upright RGB frames with their own times out.

A clip is always decoded from its first picture on: seeking in phone footage lands on pictures whose
references are missing. Nothing is kept but the times, so a long clip needs no more memory than a
short one.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import threading
from array import array
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from itertools import islice
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final, Self, cast

import numpy as np
from av.error import FFmpegError
from av.video.reformatter import VideoReformatter

from vision.decode import ClipError, Decoder, checked, length_s, orientation, promised_s, rate, square_size
from vision.types import ClipInfo, FloatArray, Frame, ImageArray

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

__all__ = ["Clip", "ClipError", "prefetch"]

_CAPTURE_TAG: Final = re.compile(r"capture.*(fps|rate)", re.IGNORECASE)


class Clip:
    """A video file as frames. Opening it checks that it holds a moving picture.

    ``width`` and ``height`` are those of the upright picture with square pixels. ``fps`` is the
    average rate of the file and ``capture_fps`` that of the camera, in Hz. ``expected_frames`` is a
    guess for a progress bar.

    Raises :class:`ClipError` when the file cannot be used or ``capture_fps`` makes no sense.
    """

    def __init__(self, path: str | os.PathLike[str], *, capture_fps: float | None = None) -> None:
        self._path = checked(path)
        self.name: str = self._path.name
        self._warnings: dict[str, None] = {}
        self._times_s = array("d")
        self._end_s = 0.0
        self._sha256 = ""
        self._closed = False
        with closing(Decoder(self._path)) as decoder:
            self.fps, self.expected_frames = rate(decoder, self._path)
            self._promised_s = promised_s(decoder)
            first = self._first_picture(decoder)
            self._size = square_size(first, decoder.stream.sample_aspect_ratio)
            self._quarters, self._mirrored = self._orientation(first)
            upright = self._upright(first, VideoReformatter())
            hint = _filmed_fps({**decoder.container.metadata, **decoder.stream.metadata})
        self.height: int = upright.shape[0]
        self.width: int = upright.shape[1]
        self.capture_fps: float = self._camera_rate(capture_fps, hint)

    @property
    def time_scale(self) -> float:
        """Real seconds per second of the file's clock; below 1 for slow motion."""
        return self.fps / self.capture_fps

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know about this file; grows while it is read."""
        return tuple(self._warnings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Make every reading of this clip fail at its next frame, in whichever thread it runs."""
        self._closed = True

    def __iter__(self) -> Iterator[Frame]:
        """Decode the clip from its start; each call reads the file anew.

        Frames are numbered from 0 without gaps; ``t_s`` is the file's clock, 0 at the first frame
        and strictly increasing. Of a damaged file, what can still be decoded is given, with its own
        times, and ``warnings`` tells the rest.
        """
        convert = VideoReformatter()
        for index, t_s, picture in self._read():
            yield Frame(self._upright(picture, convert), t_s, index)

    def pick(self, indices: Iterable[int]) -> Iterator[Frame]:
        """Read the file anew and give only the frames ``indices``, in the order of the file.

        The others are decoded but not converted; reading stops after the last one wanted. Indices
        past the end give nothing. Raises ``ValueError`` for negative ones.
        """
        wanted = set(indices)
        if any(index < 0 for index in wanted):
            raise ValueError(f"expected frame numbers from 0 up, came {min(wanted)}")
        return self._picked(wanted)

    def _picked(self, wanted: set[int]) -> Iterator[Frame]:
        convert = VideoReformatter()
        last = max(wanted, default=-1)
        for index, t_s, picture in self._read() if wanted else ():
            if index in wanted:
                yield Frame(self._upright(picture, convert), t_s, index)
            if index == last:
                return

    def timestamps(self) -> FloatArray:
        """Return the times ``(T,)`` of all frames read so far, in seconds of the file's clock."""
        return np.array(self._times_s, dtype=np.float64)

    def info(self) -> ClipInfo:
        """Facts about the clip as far as it has been read: to be called after reading.

        ``frames`` and ``duration_s`` (of the file's clock, the last frame's showing included) are
        of what was really decoded. Raises :class:`ClipError` if the file can no longer be read.
        """
        if not self._sha256:
            with checked(self._path).open("rb") as file:
                self._sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return ClipInfo(
            name=self.name,
            sha256=self._sha256,
            duration_s=self._end_s,
            frames=len(self._times_s),
            fps=self.fps,
            capture_fps=self.capture_fps,
            width=self.width,
            height=self.height,
            warnings=self.warnings,
        )

    def _warn(self, text: str) -> None:
        self._warnings[text] = None

    def _first_picture(self, decoder: Decoder) -> VideoFrame:
        found = [picture for _, picture in islice(decoder.timed(self.fps), 2)]
        if not found:
            raise ClipError(
                f"expected a video; no picture in {self.name!r} can be decoded; export it as H.264 mp4"
            )
        if len(found) == 1:
            raise ClipError(
                f"expected a video; {self.name!r} holds a single picture; choose a clip of the movement"
            )
        if found[0].pts is None:
            self._warn(f"the file carries no times; {self.fps:.4g} frames per second are assumed")
        return found[0]

    def _orientation(self, picture: VideoFrame) -> tuple[int, bool]:
        quarters, mirrored, left_over_deg = orientation(picture)
        if mirrored:
            self._warn("the file asks to be shown mirrored: check that left and right are the athlete's own")
        if left_over_deg > 1:
            self._warn(f"the file asks for a turn {left_over_deg:.0f}° off a quarter turn; that is left out")
        return quarters, mirrored

    def _camera_rate(self, given: float | None, hint: float | None) -> float:
        if given is None:
            if hint is not None and hint > 1.1 * self.fps:
                self._warn(
                    f"filmed at {hint:.4g} frames per second but stored at {self.fps:.4g}: "
                    f"if it plays slower than life, use --capture-fps {hint:.4g}"
                )
            return self.fps
        if not (math.isfinite(given) and given > 0):
            raise ClipError(
                f"expected a capture rate above 0, came {given:g}; give the rate the camera filmed at"
            )
        if given < 0.99 * self.fps:
            raise ClipError(
                f"expected a capture rate of at least the file's own {self.fps:.4g} frames per second, "
                f"came {given:g}; give the rate the camera filmed at or leave it out"
            )
        if hint is not None and abs(hint / given - 1) > 0.1:
            self._warn(f"the file says that it was filmed at {hint:.4g} frames per second, not {given:.4g}")
        return float(given)

    def _upright(self, picture: VideoFrame, convert: VideoReformatter) -> ImageArray:
        width, height = self._size
        try:
            flat = convert.reformat(picture, width=width, height=height, format="rgb24").to_ndarray()
        except FFmpegError as error:
            raise ClipError(
                f"expected pictures that convert to RGB; {self.name!r} holds {picture.format.name}; "
                "export it as H.264 mp4"
            ) from error
        return _turned(cast("ImageArray", flat), self._quarters, self._mirrored)

    def _read(self) -> Iterator[tuple[int, float, VideoFrame]]:
        """Yield number, time in seconds and picture of every frame; warn at the end about what is missing."""
        with closing(Decoder(self._path)) as decoder:
            frames, last_s, restarts = 0, 0.0, 0
            gaps_s: list[tuple[float, float]] = []
            for t_s, picture in decoder.timed(self.fps):
                if self._closed:
                    raise ClipError(f"expected an open clip; {self.name!r} was closed; open it again")
                if decoder.restarts > restarts:
                    gaps_s.append((last_s, t_s))
                    restarts = decoder.restarts
                if frames == len(self._times_s):
                    self._times_s.append(t_s)
                    self._end_s = t_s + length_s(picture, decoder, self.fps)
                last_s = t_s
                yield frames, t_s, picture
                frames += 1
            self._tell_missing(decoder, frames, gaps_s)

    def _tell_missing(self, decoder: Decoder, frames: int, gaps_s: list[tuple[float, float]]) -> None:
        if decoder.lead:
            self._warn(f"at the start {_counted(decoder.lead)} could not be decoded")
        if gaps_s:
            more = f" and in {len(gaps_s) - 1} more places" if len(gaps_s) > 1 else ""
            from_s, to_s = gaps_s[0]
            self._warn(f"pictures between {from_s:.2f} s and {to_s:.2f} s{more} could not be decoded")
        if decoder.stuck > max(3, 0.02 * frames):
            self._warn(f"left out, as time does not go forward in them: {_counted(decoder.stuck)}")
        after = f"after {self._end_s:.1f} s ({_counted(frames)})"
        if decoder.broken:
            self._warn(f"the file breaks {after}; what follows could not be read")
        elif not decoder.lead and self._end_s + 1 / self.fps < self._promised_s:
            self._warn(f"the pictures end {after}, though the file announces more")


def prefetch(frames: Iterable[Frame], depth: int = 4) -> Generator[Frame]:
    """Read ``frames`` in a thread of its own, at most ``depth`` ahead of the consumer.

    An error that ``frames`` raises reaches the consumer in its place. When the consumer stops early
    (``close`` or the end of its loop) the thread has ended before it goes on. Raises ``ValueError``
    for a ``depth`` below 1.
    """
    if depth < 1:
        raise ValueError(f"expected a depth of at least 1, came {depth}")
    return _prefetched(frames, depth)


def _prefetched(frames: Iterable[Frame], depth: int) -> Generator[Frame]:
    ready: SimpleQueue[Frame | BaseException | None] = SimpleQueue()
    room = threading.Semaphore(depth)
    stop = threading.Event()

    def work() -> None:
        try:
            source = iter(frames)
            while room.acquire() and not stop.is_set():
                ready.put(frame := next(source, None))
                if frame is None:
                    return
            # A reading cut short must let go of its file here, not whenever it is collected.
            if isinstance(source, Generator):
                source.close()
        except BaseException as error:
            ready.put(error)

    worker = threading.Thread(target=work, name="plumbline-prefetch", daemon=True)
    worker.start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            room.release()
            yield item
    finally:
        stop.set()
        room.release()
        worker.join()


def _counted(frames: int) -> str:
    return "1 frame" if frames == 1 else f"{frames} frames"


def _filmed_fps(tags: Mapping[str, str]) -> float | None:
    """Rate in Hz at which the phone says that it filmed, as in ``com.android.capture.fps``."""
    for name, value in tags.items():
        if _CAPTURE_TAG.search(name):
            try:
                fps = float(value)
            except ValueError:
                continue
            if math.isfinite(fps) and fps > 0:
                return fps
    return None


def _turned(flat: ImageArray, quarters: int, mirrored: bool) -> ImageArray:
    """``flat`` ``(H, W, 3)`` mirrored left to right if asked, then turned counter-clockwise; contiguous."""
    if not quarters and not mirrored:
        return np.ascontiguousarray(flat)
    # Moving whole pixels takes half as long as moving their bytes one by one.
    pixels = flat.view("V3")[..., 0]
    turned = np.ascontiguousarray(np.rot90(pixels[:, ::-1] if mirrored else pixels, quarters))
    return turned.view(np.uint8).reshape(*turned.shape, 3)
