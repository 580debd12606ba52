"""``film.mp4``: the clip as a browser plays it, frame for frame, upright, without sound.

Nothing is drawn on it: the player draws the skeleton over it from ``player.json``, so that the
athlete can be looked at without.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np

from vision.capture import Clip, prefetch
from vision.outputs.encode import CONTAINER, TIME_BASE, Pictures
from vision.outputs.files import whole
from vision.types import ClipInfo, FloatArray, Frame, ImageArray

LONGEST_PX: Final = 1280
_QUALITY: Final = 20

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class Film:
    """A film that was made: ``times_s (T,)`` of its frames on its own clock, its size in px.

    A place in the clip lies at the same fraction of the film's width and height. ``kept`` holds
    the clip's own pictures of the frames that were asked for.
    """

    times_s: FloatArray
    size_wh: tuple[int, int]
    kept: dict[int, Frame]


def film_size(width: int, height: int) -> tuple[int, int]:
    """Width and height in px of the film of a clip: both even, as H.264 wants them, 1280 at most."""
    scale = min(1.0, LONGEST_PX / max(width, height))
    return max(2, round(width * scale) // 2 * 2), max(2, round(height * scale) // 2 * 2)


def make_film(
    clip_path: Path,
    clip: ClipInfo,
    out: Path,
    *,
    keep: Collection[int] = (),
    progress: Progress | None = None,
) -> Film:
    """Write the film of the clip at ``clip_path`` to ``out``, whole or not at all.

    Every frame that the clip gives is in it, at its own time; frames whose number is in ``keep``
    come back. ``progress`` is told after each frame and may raise to stop. Raises ClipError when
    the clip can no longer be read.
    """
    size_wh = film_size(clip.width, clip.height)
    stamps = array("q")
    kept: dict[int, Frame] = {}
    with (
        Clip(clip_path) as source,
        whole(out) as part,
        av.open(str(part), "w", format="mp4", options=dict(CONTAINER)) as container,
        closing(prefetch(source)) as frames,
    ):
        pictures = Pictures(container, size_wh, clip.fps, crf=_QUALITY)
        for frame in frames:
            stamps.append(_stamp(frame.t_s, stamps))
            pictures.add(_fitted(frame.rgb, size_wh), stamps[-1])
            if frame.index in keep:
                kept[frame.index] = frame
            if progress is not None:
                progress("making the film", len(stamps), clip.frames or None)
        pictures.end(clip.duration_s)
    return Film(np.array(stamps, dtype=np.float64) * float(TIME_BASE), size_wh, kept)


def _stamp(t_s: float, before: array[int]) -> int:
    """The time stamp of a frame; two that the clip tells apart stay apart."""
    stamp = round(t_s / TIME_BASE)
    return max(stamp, before[-1] + 1) if before else stamp


def _fitted(rgb: ImageArray, size_wh: tuple[int, int]) -> ImageArray:
    height, width = rgb.shape[:2]
    if (width, height) == size_wh:
        return rgb
    return np.asarray(cv2.resize(rgb, size_wh, interpolation=cv2.INTER_AREA), dtype=np.uint8)
