"""``overlay.mp4``: the clip with what was seen drawn on it, for any browser to play and to seek in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np

from vision.capture import prefetch
from vision.outputs.encode import CONTAINER, TIME_BASE, Pictures
from vision.outputs.files import whole
from vision.outputs.scene import Scene
from vision.outputs.sound import Sound
from vision.outputs.wording import main_fault
from vision.types import ClipInfo, Frame, ImageArray, Report

LONGEST_PX: Final = 1920
SLOWER: Final = 4.0
"""How many times slower than life the moments of fault are played when asked to."""

_MOMENT_S: Final = 0.4
_QUALITY: Final = 21

Progress = Callable[[str, int, int | None], None]


def drawn_size(width: int, height: int) -> tuple[int, int, float]:
    """Width and height px of the overlay, both even, and its scale: large pictures are made smaller."""
    scale = min(1.0, LONGEST_PX / max(width, height))
    even = (max(2, round(side * scale) // 2 * 2) for side in (width, height))
    return next(even), next(even), scale


def slow_frames(report: Report) -> frozenset[int]:
    """Frames of the file within 0.4 s of real movement of the gravest moment of each faulty cycle."""
    track = report.track
    frames: set[int] = set()
    for cycle in report.cycles:
        fault = main_fault(cycle)
        if fault is not None and fault.t_s is not None:
            near = np.abs(track.t_s - fault.t_s) <= _MOMENT_S
            frames.update(int(i) for i in track.index[near])
    return frozenset(frames)


class Clock:
    """Time stamps of the overlay, in units of 1/90000 s: the source's own, stretched in slow moments."""

    def __init__(self, slow: Collection[int], stretch: float) -> None:
        """Frames whose number is in ``slow`` last ``stretch`` times as long."""
        self._slow = slow
        self._stretch = stretch
        self._last: Frame | None = None
        self._t_s = 0.0

    def stamp(self, frame: Frame) -> int:
        """The time stamp of the next frame; frames come in order."""
        if self._last is None:
            self._t_s = frame.t_s
        else:
            slow = self._stretch if self._last.index in self._slow else 1.0
            self._t_s += (frame.t_s - self._last.t_s) * slow
        self._last = frame
        return round(self._t_s / TIME_BASE)


def fit(rgb: ImageArray, size_wh: tuple[int, int], scale: float) -> ImageArray:
    """A picture to draw on: ``rgb`` made smaller when ``scale`` < 1, else itself, cut to even sides."""
    if scale < 1:
        return np.asarray(cv2.resize(rgb, size_wh, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return np.require(rgb[: size_wh[1], : size_wh[0]], requirements=["C", "W"])


def write_overlay(
    report: Report,
    clip: ClipInfo,
    frames: Iterable[Frame],
    path: Path,
    *,
    source: Path | None = None,
    slow_faults: bool = False,
    keep: Collection[int] = (),
    progress: Progress | None = None,
) -> dict[int, Frame]:
    """Write the overlay of ``frames``, all of the clip's in order, to ``path``; return those in ``keep``.

    It draws on the frames' own pictures, to save copying them; what it returns is clean. The sound
    of ``source`` goes along unless ``slow_faults`` plays the moments of fault at a quarter
    of life's speed. Raises ValueError when there is no frame.
    """
    size = drawn_size(clip.width, clip.height)
    slowed = max(1.0, SLOWER * clip.fps / clip.capture_fps) if clip.capture_fps > 0 else SLOWER
    clock = Clock(slow_frames(report) if slow_faults else (), slowed)
    kept: dict[int, Frame] = {}
    drawn = _drawn(report, size, frames, keep, kept)
    with whole(path) as part, ExitStack() as stack:
        out = stack.enter_context(av.open(str(part), "w", format="mp4", options=dict(CONTAINER)))
        film = Pictures(out, size[:2], clip.fps, crf=_QUALITY)
        sound = Sound(out, None if slow_faults else source, stack)
        for count, frame in enumerate(stack.enter_context(closing(prefetch(drawn))), 1):
            sound.until(frame.t_s)
            film.add(frame.rgb, clock.stamp(frame))
            if progress is not None:
                progress("overlay", count, clip.frames or None)
        sound.until(film.end())
    return kept


def _drawn(
    report: Report,
    size: tuple[int, int, float],
    frames: Iterable[Frame],
    keep: Collection[int],
    kept: dict[int, Frame],
) -> Iterator[Frame]:
    """The frames drawn on, at the overlay's size; those in ``keep`` go to ``kept`` as they came."""
    width, height, scale = size
    scene = Scene(report, (width, height), scale)
    for frame in frames:
        if frame.index in keep:
            kept[frame.index] = replace(frame, rgb=frame.rgb.copy())
        picture = fit(frame.rgb, (width, height), scale)
        scene.draw(picture, frame.index)
        yield replace(frame, rgb=picture)
