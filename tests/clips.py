"""Small clips whose every frame says which one it is and which way up it stands.

A picture is a 4 x 3 chequer: red in its upper left corner, green in its upper right one, and between
and below them the frame's number as ten black or white cells, highest bit first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.codec import Codec
from numpy.typing import NDArray

_COLUMNS, _ROWS = 4, 3
_BITS = [(row, column) for row in range(_ROWS) for column in range(_COLUMNS)]
_BITS.remove((0, 0))
_BITS.remove((0, 3))
_MILLISECOND = Fraction(1, 1000)


@dataclass(frozen=True)
class Recipe:
    """How a clip is written; ``size_wh`` is that of the upright picture in square pixels."""

    codec: str = "libx264"
    pix_fmt: str = "yuv420p"
    size_wh: tuple[int, int] = (96, 72)
    rate: int = 30
    times_ms: Sequence[int] | None = None
    rotation: int = 0
    mirrored: bool = False
    pixel_aspect: Fraction | None = None
    group: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    container: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


def picture(number: int, size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    """Upright picture ``(H, W, 3)`` of frame ``number`` (0-1023)."""
    cells = np.zeros((_ROWS, _COLUMNS, 3), np.uint8)
    cells[0, 0], cells[0, 3] = (255, 0, 0), (0, 255, 0)
    for bit, cell in enumerate(_BITS):
        cells[cell] = 255 * (number >> (len(_BITS) - 1 - bit) & 1)
    width, height = size_wh
    rows = np.arange(height) * _ROWS // height
    columns = np.arange(width) * _COLUMNS // width
    return cells[rows[:, None], columns[None, :]]


def number(rgb: NDArray[np.uint8]) -> int:
    """The number that an upright picture shows; AssertionError if turned, mirrored or garbled."""
    height, width = rgb.shape[:2]
    y = ((np.arange(_ROWS) + 0.5) * height / _ROWS).astype(int)
    x = ((np.arange(_COLUMNS) + 0.5) * width / _COLUMNS).astype(int)
    cells = rgb[y[:, None], x[None, :]].astype(int)
    assert _close(cells[0, 0], (255, 0, 0)), f"upper left is {cells[0, 0]}, not red"
    assert _close(cells[0, 3], (0, 255, 0)), f"upper right is {cells[0, 3]}, not green"
    value = 0
    for cell in _BITS:
        shade = cells[cell].mean()
        assert not 80 < shade < 175, f"cell {cell} is neither black nor white but {shade:.0f}"
        value = 2 * value + int(shade > 128)
    return value


def _close(colour: NDArray[np.int_], to: tuple[int, int, int]) -> bool:
    return bool(np.all(np.abs(colour - to) < 75))


def write(path: Path, numbers: int | Iterable[int], recipe: Recipe | None = None, **change: Any) -> Path:
    """Write the frames ``numbers`` (or that many from 0) to ``path``; skips where none can encode them."""
    recipe = recipe or Recipe(**change)
    try:
        Codec(recipe.codec, "w")
    except av.codec.codec.UnknownCodecError:
        pytest.skip(f"the installed PyAV cannot encode {recipe.codec}")
    with av.open(str(path), "w", options=dict(recipe.container)) as out:
        out.metadata.update(recipe.tags)
        # Key frames only where asked for: every picture differs so much from the last that x264 adds some.
        steady = {"sc_threshold": "0"} if recipe.codec == "libx264" else {}
        options = {**steady, **recipe.options}
        stream: Any = out.add_stream(recipe.codec, rate=recipe.rate, options=options)
        first = _stored(0, recipe)
        stream.height, stream.width = first.shape[:2]
        stream.pix_fmt = recipe.pix_fmt
        if recipe.group:
            stream.gop_size = recipe.group
        if recipe.pixel_aspect:
            stream.codec_context.sample_aspect_ratio = recipe.pixel_aspect
        if recipe.times_ms is not None:
            stream.codec_context.time_base = _MILLISECOND
        if recipe.rotation or recipe.mirrored:
            stream.set_display_rotation(recipe.rotation, hflip=recipe.mirrored)
        for index, shown in enumerate(range(numbers) if isinstance(numbers, int) else numbers):
            frame = av.VideoFrame.from_ndarray(_stored(shown, recipe), format="rgb24")
            if recipe.times_ms is not None:
                frame.pts, frame.time_base = recipe.times_ms[index], _MILLISECOND
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


def _stored(shown: int, recipe: Recipe) -> NDArray[np.uint8]:
    """The picture as it lies in the file: before the turn, the mirror and the stretch of its pixels."""
    upright = picture(shown, recipe.size_wh)
    if recipe.mirrored:
        upright = upright[:, ::-1]
    stored = np.rot90(upright, -recipe.rotation // 90)
    if recipe.pixel_aspect:
        width = stored.shape[1]
        keep = (np.arange(round(width / recipe.pixel_aspect)) * recipe.pixel_aspect).astype(int)
        stored = stored[:, keep]
    return np.ascontiguousarray(stored)


def write_sound(path: Path, *, cover: bool = False) -> Path:
    """Write a second of silence to ``path``, with a cover picture if asked."""
    with av.open(str(path), "w") as out:
        sound: Any = out.add_stream("aac", rate=8000)
        still: Any = out.add_stream("mjpeg", rate=1) if cover else None
        if still is not None:
            still.width, still.height, still.pix_fmt = 96, 72, "yuvj420p"
            still.disposition = av.stream.Disposition.attached_pic
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.float32), format="fltp", layout="mono")
        silence.sample_rate = 8000
        out.mux(sound.encode(silence) + sound.encode())
        if still is not None:
            shown = av.VideoFrame.from_ndarray(picture(0, (96, 72)), format="rgb24")
            out.mux(still.encode(shown) + still.encode())
    return path


def cut(path: Path, target: Path, *, keep: float = 1.0, skip: float = 0.0, step: int = 1) -> Path:
    """Copy the bytes between the fractions ``skip`` and ``keep`` of a file, cut at multiples of ``step``."""
    data = path.read_bytes()
    start, end = (int(len(data) * part) // step * step for part in (skip, keep))
    target.write_bytes(data[start:end])
    return target


def middle_of(path: Path, target: Path, start_s: float, length_s: float) -> Path:
    """Part of a clip at 30 pictures a second, encoded anew."""
    with av.open(str(path)) as source, av.open(str(target), "w") as out:
        stream: Any = source.streams.video[0]
        film: Any = out.add_stream("libx264", rate=30, options={"preset": "ultrafast"})
        film.width, film.height, film.pix_fmt = stream.width, stream.height, "yuv420p"
        inside = (f for f in source.decode(stream) if start_s <= (f.time or 0) < start_s + length_s)
        for count, frame in enumerate(inside):
            again = frame.reformat(format="yuv420p")
            again.pts, again.time_base = count, Fraction(1, 30)
            out.mux(film.encode(again))
        out.mux(film.encode(None))
    return target


def places(path: Path) -> list[tuple[int, int]]:
    """First byte and size of each packet of the picture stream, in the order of the file."""
    with av.open(str(path)) as container:
        return [(packet.pos or 0, packet.size) for packet in container.demux(video=0) if packet.size]


def spoil(path: Path, packets: Iterable[int], *, spare: float = 0.0) -> Path:
    """Overwrite the given packets of the picture stream, all but the fraction ``spare`` at their start."""
    where = places(path)
    data = bytearray(path.read_bytes())
    for index in packets:
        start, size = where[index]
        kept = int(size * spare)
        data[start + kept : start + size] = b"\xff" * (size - kept)
    path.write_bytes(data)
    return path
