"""The picture of live training: a mirror with the skeleton, the count, and words readable from 3 m."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import Final, Self

import cv2
import numpy as np

from vision.outputs import draw
from vision.outputs.lettering import chip, fitted, legend, paste, text_size
from vision.outputs.palette import PAPER
from vision.types import FloatArray, ImageArray, Skeleton, Verdict

LARGE: Final = 0.19
"""Height of large letters over the picture's: 2.5 cm on a 14-inch screen, which 3 m of distance ask for."""

LEAST_WIDE_PX: Final = 960
_SMALL: Final = 0.045
_MARGIN: Final = 0.03
_KEYS: Final = "P or space: it hurts   ·   Q: end the set"

KEY_PAIN: Final = "pain"
KEY_END: Final = "end"
_KEYS_OF: Final = {ord("p"): KEY_PAIN, ord(" "): KEY_PAIN, ord("q"): KEY_END, 27: KEY_END}


class NoWindow(RuntimeError):
    """No window can be opened here; one line that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands on the picture.

    ``large`` is the cue, the countdown or nothing, with the sign of ``verdict``; ``count`` the repetitions;
    ``sentence`` what to do; ``xy (K, 2)`` px and ``score (K,)`` the pose, None where nobody was seen;
    ``stickers (M, 2)`` px, NaN where lost.
    """

    count: int
    large: str = ""
    verdict: Verdict | None = None
    sentence: str = ""
    xy: FloatArray | None = None
    score: FloatArray | None = None
    stickers: FloatArray | None = None


def live_picture(rgb: ImageArray, shown: Shown, skeleton: Skeleton, *, least_score: float) -> ImageArray:
    """A new picture, mirrored as people know themselves, with ``shown`` on it; sides stay the athlete's."""
    high, wide = rgb.shape[:2]
    scale = max(1.0, LEAST_WIDE_PX / wide)
    size = (round(wide * scale), round(high * scale))
    out = np.ascontiguousarray(np.asarray(cv2.resize(cv2.flip(rgb, 1), size), dtype=np.uint8))
    unit = draw.unit_of(size)
    if shown.xy is not None:
        xy = (np.array([wide, 0.0]) + shown.xy * (-1.0, 1.0)) * scale
        if shown.score is not None:
            xy = np.where((shown.score >= least_score)[:, None], xy, np.nan)
        draw.skeleton(out, xy, draw.figure_of(skeleton), unit)
    if shown.stickers is not None:
        marks = (np.array([wide, 0.0]) + shown.stickers * (-1.0, 1.0)) * scale
        draw.rings(out, marks, PAPER, unit)
    _write(out, shown, size)
    return out


def _write(out: ImageArray, shown: Shown, size: tuple[int, int]) -> None:
    wide, high = size
    edge = round(_MARGIN * high)
    small = round(_SMALL * high)
    paste(out, chip(str(shown.count), round(LARGE * high), bold=True), edge, edge)
    key = legend(small)
    paste(out, key, wide - key.size[0] - edge, edge)
    low = high - edge
    keys = chip(fitted(_KEYS, small, wide - 4 * edge), small)
    low -= keys.size[1]
    paste(out, keys, edge, low)
    for line in reversed(broken(shown.sentence, round(small * 1.4), wide - 4 * edge)):
        sprite = chip(line, round(small * 1.4))
        low -= sprite.size[1] + edge // 3
        paste(out, sprite, edge, low)
    large = letters(shown.large, wide - 4 * edge, high)
    for i, line in reversed(list(enumerate(large[1]))):
        sprite = chip(line, large[0], shown.verdict if i == 0 else None, bold=True)
        low -= sprite.size[1] + edge // 3
        paste(out, sprite, (wide - sprite.size[0]) // 2, low)


def broken(text: str, size_px: int, width_px: int) -> list[str]:
    """``text`` in lines no wider than ``width_px``, broken between words."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_size(longer, size_px)[0] <= width_px:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def letters(text: str, width_px: int, height_px: int) -> tuple[int, list[str]]:
    """Size in px and lines of large letters: one line if it fits, else two, smaller only if it must be."""
    full = round(LARGE * height_px)
    words = text.split()
    if not words:
        return full, []
    ways = [[text]] + [[" ".join(words[:i]), " ".join(words[i:])] for i in range(1, len(words))]
    room = width_px - 3 * full  # for the sign and the chip's own edges
    best = max(ways, key=lambda lines: (min(1.0, room / _widest(lines, full)), -len(lines)))
    return min(full, round(full * room / _widest(best, full))), best


def _widest(lines: list[str], size_px: int) -> int:
    return max(text_size(line, size_px, bold=True)[0] for line in lines)


class Screen:
    """A window that shows pictures and listens to two keys. Raises :class:`NoWindow`."""

    def __init__(self, title: str) -> None:
        self._title = title
        if sys.platform.startswith("linux") and not (
            os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        ):
            raise NoWindow(
                "expected a screen, this session has none; run it at the computer itself, "
                "or train in the browser with plumbline review"
            )
        try:
            cv2.namedWindow(title, cv2.WINDOW_NORMAL)
        except cv2.error:
            raise NoWindow(
                "this OpenCV was built without windows; train in the browser with plumbline review"
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        cv2.destroyAllWindows()

    def show(self, rgb: ImageArray) -> str | None:
        """Show a picture; the key that was pressed since, if it means anything, or a closed window as end."""
        cv2.imshow(self._title, cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
        key = cv2.waitKey(1)
        if cv2.getWindowProperty(self._title, cv2.WND_PROP_VISIBLE) < 1:
            return KEY_END
        return _KEYS_OF.get(key & 0xFF) if key >= 0 else None
