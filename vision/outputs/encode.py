"""Pictures into an MP4 that any browser plays and seeks in to the frame, each at its own time."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final, cast

import av
from av.container import OutputContainer
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, VideoReformatter

from vision.types import ImageArray

TIME_BASE: Final = Fraction(1, 90000)
"""Seconds per unit of time stamps: fine enough for every camera, whole for the usual rates."""

CONTAINER: Final = {"movflags": "+faststart", "video_track_timescale": "90000"}
"""Options of the file: its table of contents in front, so that playing can begin at once."""

_USUAL_FPS: Final = 30
_ENCODER: Final = {
    "preset": "veryfast",
    "g": "8",
    "keyint_min": "8",
    "sc_threshold": "0",
    "bf": "0",
}


class Pictures:
    """The picture stream of an open MP4 file; ``size_wh`` is even, ``fps`` a guess of the rate in Hz.

    ``crf`` is x264's quality, smaller is better.
    """

    def __init__(self, out: OutputContainer, size_wh: tuple[int, int], fps: float, *, crf: int) -> None:
        rate = Fraction(fps if fps > 0 else _USUAL_FPS).limit_denominator(1001)
        # The library's stubs leave its packets half typed.
        options = {**_ENCODER, "crf": str(crf)}
        stream: Any = cast(Any, out).add_stream("libx264", rate=rate, options=options)
        stream.width, stream.height = size_wh
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        # The library would count in frames of a steady rate; phones film at no steady rate.
        context.time_base = stream.time_base = TIME_BASE
        context.colorspace = context.color_primaries = context.color_trc = ColorPrimaries.BT709
        context.color_range = ColorRange.MPEG
        self._out: Any = out
        self._stream = stream
        self._reformatter = VideoReformatter()
        self._stamp: int | None = None
        self._duration = round(1 / (rate * TIME_BASE))

    def add(self, rgb: ImageArray, stamp: int) -> None:
        """Encode one picture that is shown from ``stamp`` on."""
        if self._stamp is not None:
            self._duration = max(1, stamp - self._stamp)
        picture = self._reformatter.reformat(
            av.VideoFrame.from_ndarray(rgb, format="rgb24"),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
        )
        picture.pts = self._stamp = stamp
        picture.time_base = TIME_BASE
        self._write(self._stream.encode(picture))

    def end(self, until_s: float | None = None) -> float:
        """Write what the encoder still holds; return the time in s at which the last picture ends.

        That is ``until_s``, or else as long after it began as the picture before it lasted. Raises
        ValueError when no picture came.
        """
        if self._stamp is None:
            raise ValueError("film: expected at least one frame, got none: check that the clip plays")
        if until_s is not None:
            self._duration = max(1, round(until_s / TIME_BASE) - self._stamp)
        self._write(self._stream.encode(None))
        return float((self._stamp + self._duration) * TIME_BASE)

    def _write(self, packets: list[Any]) -> None:
        for packet in packets:
            packet.duration = self._duration
            self._out.mux(packet)
