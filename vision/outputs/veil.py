"""Heads made unreadable: a few flat cells in place of each, and a film of such pictures.

What is left of a head is some sixteen colours, coarsely rounded: nothing brings the face back, not
from many frames either.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np

from vision.capture import Clip, prefetch
from vision.outputs import faces
from vision.outputs.encode import CONTAINER, TIME_BASE, Pictures
from vision.outputs.faces import FacesError, Plan
from vision.outputs.files import whole
from vision.pose.faces import Head, HeadFinder
from vision.types import Frame, ImageArray, Track

__all__ = ["FacesError", "Veiled", "veil", "veil_film"]

Progress = Callable[[str, int, int | None], None]

_CELLS: Final = 4
_CELLS_OF_ALL: Final = 6
_LEVELS: Final = 24
_QUALITY: Final = 20
_LEAST_PX: Final = 4.0


@dataclass(frozen=True)
class Veiled:
    """A film that was made: how many frames, the ``kept`` covered pictures, and what is in doubt."""

    frames: int
    kept: dict[int, Frame]
    doubts: tuple[str, ...]


def veil(rgb: ImageArray, heads: Sequence[Head] | None) -> ImageArray:
    """A copy of ``rgb (H, W, 3)`` with ``heads`` made unreadable; None is the whole picture."""
    h, w = rgb.shape[:2]
    if heads is None:
        return _cells(rgb, max(h, w) / _CELLS_OF_ALL)
    out = rgb.copy()
    for head in heads:
        radius = max(head.radius, _LEAST_PX)
        left, right = (int(np.clip(head.cx + s * radius, 0, w)) for s in (-1, 1))
        top, bottom = (int(np.clip(head.cy + s * radius, 0, h)) for s in (-1, 1))
        if right <= left or bottom <= top:
            continue
        # From the picture as it came, so that what an earlier circle left does not show its cells.
        part = _cells(rgb[top:bottom, left:right], 2 * radius / _CELLS)
        y, x = np.ogrid[top:bottom, left:right]
        inside = (x + 0.5 - head.cx) ** 2 + (y + 0.5 - head.cy) ** 2 <= radius**2
        out[top:bottom, left:right][inside] = part[inside]
    return out


def _cells(part: ImageArray, cell_px: float) -> ImageArray:
    """``part`` as cells of about ``cell_px``, their colours rounded, run into each other."""
    h, w = part.shape[:2]
    few = max(1, round(w / cell_px)), max(1, round(h / cell_px))
    small = np.asarray(cv2.resize(part, few, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    small = small // _LEVELS * _LEVELS + _LEVELS // 2
    smooth = cv2.resize(small.clip(0, 255).astype(np.uint8), (w, h), interpolation=cv2.INTER_LINEAR)
    return np.asarray(smooth, dtype=np.uint8)


def veil_film(
    film: Path,
    track: Track,
    out: Path,
    *,
    find: HeadFinder | None = None,
    keep: Collection[int] = (),
    progress: Progress | None = None,
) -> Veiled:
    """Write ``film`` with every head covered to ``out``, whole or not at all, frame for frame.

    ``track`` is in the film's px. Frames whose number is in ``keep`` come back, covered. Nothing of
    the file's own goes along: no sound, no tags. Raises FacesError where faces cannot be covered for
    sure, ClipError where the film cannot be read, WeightError without the model.
    """
    with Clip(film) as source, closing(prefetch(source)) as frames:
        planned = faces.plan(frames, track, find, progress=progress, total=source.expected_frames)
    kept: dict[int, Frame] = {}
    count = 0
    with (
        Clip(film) as source,
        whole(out) as part,
        av.open(str(part), "w", format="mp4", options=dict(CONTAINER)) as container,
        closing(prefetch(source)) as frames,
    ):
        pictures: Pictures | None = None
        for frame in frames:
            covered = replace(frame, rgb=_even(veil(frame.rgb, _planned(planned, frame.index))))
            if pictures is None:
                h, w = covered.rgb.shape[:2]
                pictures = Pictures(container, (w, h), source.fps, crf=_QUALITY)
            pictures.add(covered.rgb, round(frame.t_s / TIME_BASE))
            count += 1
            if frame.index in keep:
                kept[frame.index] = covered
            if progress is not None:
                progress("covering faces", count, len(planned.heads))
        if pictures is None or count != len(planned.heads):
            raise FacesError(f"{len(planned.heads)} pictures were looked at and {count} came to be covered")
        pictures.end(source.info().duration_s)
    return Veiled(count, kept, planned.doubts)


def _planned(planned: Plan, index: int) -> Sequence[Head] | None:
    """What to cover in a frame; all of it where the plan ends too soon."""
    return planned.heads[index] if index < len(planned.heads) else None


def _even(rgb: ImageArray) -> ImageArray:
    """``rgb`` cut to even sides, as H.264 wants them."""
    h, w = rgb.shape[:2]
    return np.ascontiguousarray(rgb[: h // 2 * 2, : w // 2 * 2])
