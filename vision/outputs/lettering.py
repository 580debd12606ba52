"""Text, verdict signs and chips as small pictures, made once and pasted many times."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from vision.outputs.palette import INK, LEFT, PAPER, RIGHT, VERDICT_RGB
from vision.types import ImageArray, Verdict

_CHIP_ALPHA: Final = 205
_SUPERSAMPLE: Final = 4

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True, slots=True)
class Sprite:
    """A picture ``(h, w, 3)`` already multiplied by its opacity, and what it lets through (0-255)."""

    ink: ImageArray
    through: ImageArray

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in px."""
        return self.ink.shape[1], self.ink.shape[0]


@lru_cache(maxsize=32)
def font(size_px: int, *, bold: bool = False) -> Font:
    """DejaVu Sans as it comes with matplotlib, else Pillow's own face."""
    spec = find_spec("matplotlib")
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
        path = folder / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")
        if path.is_file():
            return ImageFont.truetype(str(path), size_px)
    return ImageFont.load_default(size_px)


def _sprite(image: Image.Image) -> Sprite:
    rgba = np.asarray(image, dtype=np.uint16)
    alpha = rgba[..., 3:]
    ink = (rgba[..., :3] * alpha + 127) // 255
    return Sprite(ink.astype(np.uint8), np.repeat(255 - alpha, 3, axis=2).astype(np.uint8))


def paste(rgb: ImageArray, sprite: Sprite, x: int, y: int) -> None:
    """Lay ``sprite`` over ``rgb`` in place, its upper left corner at ``(x, y)`` px; the rest is cut off."""
    width, height = sprite.size
    x0, y0 = max(x, 0), max(y, 0)
    x1, y1 = min(x + width, rgb.shape[1]), min(y + height, rgb.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    part = (slice(y0 - y, y1 - y), slice(x0 - x, x1 - x))
    below = cv2.multiply(rgb[y0:y1, x0:x1], sprite.through[part], scale=1 / 255)
    rgb[y0:y1, x0:x1] = cv2.add(below, sprite.ink[part])


@lru_cache(maxsize=512)
def text_size(text: str, size_px: int, *, bold: bool = False) -> tuple[int, int]:
    """Width and height in px that ``text`` takes, the height that of a line."""
    face = font(size_px, bold=bold)
    return int(np.ceil(face.getlength(text))), int(np.ceil(size_px * 1.25))


@lru_cache(maxsize=256)
def fitted(text: str, size_px: int, width_px: int, *, bold: bool = False) -> str:
    """``text``, shortened with an ellipsis until it is no wider than ``width_px``."""
    if text_size(text, size_px, bold=bold)[0] <= width_px:
        return text
    while text and text_size(f"{text}…", size_px, bold=bold)[0] > width_px:
        text = text[:-1].rstrip()
    return f"{text}…"


def _sign_image(verdict: Verdict, size_px: int) -> Image.Image:
    n = size_px * _SUPERSAMPLE
    image = Image.new("RGBA", (n, n))
    pen = ImageDraw.Draw(image)
    colour = (*VERDICT_RGB[verdict], 255)
    ink = (*INK, 255)
    line = max(1, round(n * 0.12))

    def at(*points: float) -> list[tuple[float, float]]:
        return [(points[i] * n, points[i + 1] * n) for i in range(0, len(points), 2)]

    if verdict is Verdict.GOOD:
        pen.ellipse(at(0.02, 0.02, 0.98, 0.98), fill=colour)
        pen.line(at(0.27, 0.53, 0.44, 0.70, 0.75, 0.33), fill=ink, width=line, joint="curve")
    elif verdict is Verdict.CAUTION:
        pen.polygon(at(0.5, 0.02, 1.0, 0.95, 0.0, 0.95), fill=colour)
        pen.line(at(0.5, 0.36, 0.5, 0.64), fill=ink, width=line)
        pen.ellipse(at(0.43, 0.72, 0.57, 0.86), fill=ink)
    elif verdict is Verdict.FAULT:
        pen.polygon(at(0.29, 0, 0.71, 0, 1, 0.29, 1, 0.71, 0.71, 1, 0.29, 1, 0, 0.71, 0, 0.29), fill=colour)
        pen.line(at(0.31, 0.31, 0.69, 0.69), fill=ink, width=line)
        pen.line(at(0.69, 0.31, 0.31, 0.69), fill=ink, width=line)
    else:
        pen.rounded_rectangle(at(0.04, 0.04, 0.96, 0.96), radius=n * 0.25, fill=colour)
        pen.line(at(0.28, 0.5, 0.72, 0.5), fill=ink, width=line)
    return image.resize((size_px, size_px), Image.Resampling.LANCZOS)


@lru_cache(maxsize=64)
def sign(verdict: Verdict, size_px: int) -> Sprite:
    """The sign of a verdict: tick in a disc, mark in a triangle, cross in an octagon, dash in a square."""
    return _sprite(_sign_image(verdict, size_px))


def _ground(width: int, height: int) -> Image.Image:
    """A dark rounded ground, not quite opaque."""
    large = (width * _SUPERSAMPLE, height * _SUPERSAMPLE)
    mask = Image.new("L", large)
    corner = large[1] * 0.32
    box = (0, 0, large[0] - 1, large[1] - 1)
    ImageDraw.Draw(mask).rounded_rectangle(box, radius=corner, fill=_CHIP_ALPHA)
    image = Image.new("RGBA", (width, height), (*INK, 0))
    image.putalpha(mask.resize((width, height), Image.Resampling.LANCZOS))
    return image


@lru_cache(maxsize=512)
def chip(text: str, size_px: int, verdict: Verdict | None = None, *, bold: bool = False) -> Sprite:
    """``text`` in white on a dark rounded ground, led by the sign of ``verdict`` when one is given."""
    wide, high = text_size(text, size_px, bold=bold)
    pad = max(3, round(size_px * 0.4))
    lead = round(size_px * 1.05) if verdict is not None else 0
    gap = round(size_px * 0.35) if lead and text else 0
    width, height = pad + lead + gap + wide + pad, high + round(pad * 0.7)
    image = _ground(width, height)
    if verdict is not None:
        image.alpha_composite(_sign_image(verdict, lead), (pad, (height - lead) // 2))
    letters = Image.new("RGBA", (width, height), (*PAPER, 0))
    place = (pad + lead + gap, height / 2)
    pen = ImageDraw.Draw(letters)
    pen.text(place, text, font=font(size_px, bold=bold), fill=(*PAPER, 255), anchor="lm")
    image.alpha_composite(letters)
    return _sprite(image)


@lru_cache(maxsize=8)
def legend(size_px: int) -> Sprite:
    """The key to the limbs: ``left`` beside its solid line, ``right`` beside its dashed one."""
    line, gap = round(size_px * 1.6), round(size_px * 0.4)
    samples = (("left", LEFT, 1), ("right", RIGHT, 3))
    wide = sum(line + gap + text_size(word, size_px)[0] for word, _, _ in samples) + 2 * gap
    high = round(size_px * 1.45)
    image = _ground(wide + 2 * gap, high)
    pen = ImageDraw.Draw(image)
    x, thick = gap, max(2, round(size_px * 0.2))
    for word, colour, parts in samples:
        step = line / (2 * parts - 1)
        for i in range(parts):
            ends = (x + 2 * i * step, high / 2, x + (2 * i + 1) * step, high / 2)
            pen.line(ends, fill=(*colour, 255), width=thick)
        x += line + gap
        pen.text((x, high / 2), word, font=font(size_px), fill=(*PAPER, 255), anchor="lm")
        x += text_size(word, size_px)[0] + 2 * gap
    return _sprite(image)
