"""Clips to measure with, made from a clip of ``videos/`` and kept under ``.cache``."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any, Final, cast

import av
import numpy as np

from validation.follow import CACHE, digest
from vision.capture import Clip
from vision.types import ImageArray

SIZE_WH: Final = (1280, 720)
FPS: Final = 30
_GREY: Final = 110


def as_720p(source: Path, seconds: float = 10.0, *, cache: Path = CACHE) -> Path:
    """The first ``seconds`` of ``source`` in the middle of 1280x720 px at 30 frames a second, as H.264.

    Raises ValueError when the source is larger than that or shorter than ``seconds``.
    """
    made = cache / "speed" / f"{digest(source)[:16]}-720p-{seconds:g}s.mp4"
    if made.is_file():
        return made
    made.parent.mkdir(parents=True, exist_ok=True)
    part = made.with_suffix(".part.mp4")
    wanted = round(seconds * FPS)
    written = 0
    with Clip(source) as clip, av.open(str(part), "w") as out:
        stream: Any = cast(Any, out).add_stream(
            "libx264", rate=Fraction(FPS), options={"preset": "veryfast", "crf": "20"}
        )
        stream.width, stream.height = SIZE_WH
        stream.pix_fmt = "yuv420p"
        for frame in islice(clip, wanted):
            picture = av.VideoFrame.from_ndarray(_in_the_middle(frame.rgb), format="rgb24")
            out.mux(stream.encode(picture))
            written += 1
        out.mux(stream.encode(None))
    if written < wanted:
        part.unlink()
        raise ValueError(
            f"{source.name}: expected {seconds:g} s at {FPS} a second, got {written / FPS:.1f} s"
        )
    part.replace(made)
    return made


def _in_the_middle(rgb: ImageArray) -> ImageArray:
    h, w = rgb.shape[:2]
    if w > SIZE_WH[0] or h > SIZE_WH[1]:
        raise ValueError(f"expected a picture of at most {SIZE_WH[0]}x{SIZE_WH[1]} px, got {w}x{h}")
    out = np.full((SIZE_WH[1], SIZE_WH[0], 3), _GREY, np.uint8)
    top, left = (SIZE_WH[1] - h) // 2, (SIZE_WH[0] - w) // 2
    out[top : top + h, left : left + w] = rgb
    return out


def looped(source: Path, seconds: float, *, cache: Path = CACHE) -> Path:
    """``source`` over and over, its packets copied, until it lasts ``seconds`` or a little more."""
    made = cache / "speed" / f"{digest(source)[:16]}-loop-{seconds:g}s.mp4"
    if made.is_file():
        return made
    made.parent.mkdir(parents=True, exist_ok=True)
    part = made.with_suffix(".part.mp4")
    with av.open(str(source)) as first, av.open(str(part), "w") as out:
        stream: Any = cast(Any, out).add_stream_from_template(first.streams.video[0])
        end = 0
        while True:
            start = end
            with av.open(str(source)) as again:
                video = again.streams.video[0]
                base = cast(Fraction, video.time_base)
                packets = [p for p in again.demux(video) if p.dts is not None and p.pts is not None]
                shift = start - min(cast(int, p.dts) for p in packets)
                for packet in packets:
                    packet.pts = cast(int, packet.pts) + shift
                    packet.dts = cast(int, packet.dts) + shift
                    end = max(end, packet.dts + (packet.duration or 1))
                    packet.stream = stream
                    out.mux(packet)
            if end * base >= seconds:
                break
    part.replace(made)
    return made
