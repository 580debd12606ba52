"""The clip's sound for the overlay: copied when MP4 can hold it as it is, else made into AAC."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.stream import Disposition

Packet = Any
"""A packet of the library, whose stubs leave it half typed."""

COPIED: Final = ("aac", "mp3")
_AAC_RATES: Final = (48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000)

_log = logging.getLogger(__name__)


class Sound:
    """The sound of ``source``, written to ``out`` in step with the pictures.

    Silent when there is no source, no sound in it, or a sound that cannot be read: a clip's sound
    is never worth losing the pictures for.
    """

    def __init__(self, out: OutputContainer, source: Path | None, stack: ExitStack) -> None:
        """Add a sound stream to ``out``; ``stack`` closes the source."""
        self._out: Any = out
        self._packets: Iterator[Packet] = iter(())
        self._waiting: Packet | None = None
        self._origin_s = 0.0
        if source is None:
            return
        try:
            container = stack.enter_context(av.open(f"file:{source}", options={"protocol_whitelist": "file"}))
            self._origin_s = _picture_start_s(container)
            if container.streams.audio:
                self._packets = _copied(container, out) if _copies(container) else _encoded(container, out)
                self._waiting = self._next()
        except FFmpegError as error:
            _log.warning("sound left out: %s", error)

    def until(self, t_s: float) -> None:
        """Write what sounds up to ``t_s`` seconds after the first picture."""
        while self._waiting is not None and _start_s(self._waiting) <= t_s:
            self._out.mux(self._waiting)
            self._waiting = self._next()

    def _next(self) -> Packet | None:
        try:
            packet = next(self._packets, None)
            if packet is not None:
                _shift(packet, -self._origin_s)
            return packet
        except FFmpegError as error:
            _log.warning("sound ends early: %s", error)
            return None


def _picture_start_s(source: InputContainer) -> float:
    """The time in s that the file gives its first picture, which the overlay shows at 0."""
    for stream in source.streams.video:
        cover = stream.disposition & Disposition.attached_pic
        if not cover and stream.start_time is not None and stream.time_base is not None:
            return float(stream.start_time * stream.time_base)
    return 0.0


def _shift(packet: Packet, by_s: float) -> None:
    ticks = round(by_s / packet.time_base) if packet.time_base else 0
    packet.pts = None if packet.pts is None else packet.pts + ticks
    packet.dts = None if packet.dts is None else packet.dts + ticks


def _start_s(packet: Packet) -> float:
    return float(packet.pts * packet.time_base) if packet.pts is not None and packet.time_base else 0.0


def _copies(source: InputContainer) -> bool:
    return source.streams.audio[0].codec_context.name in COPIED


def _copied(source: InputContainer, out: Any) -> Iterator[Packet]:
    given = source.streams.audio[0]
    made = out.add_stream_from_template(given)
    return _relabelled(source, given, made)


def _relabelled(source: InputContainer, given: AudioStream, made: Any) -> Iterator[Packet]:
    for packet in source.demux(given):
        if packet.dts is not None:
            packet.stream = made
            yield packet


def _encoded(source: InputContainer, out: Any) -> Iterator[Packet]:
    given = source.streams.audio[0]
    rate = given.rate if given.rate in _AAC_RATES else _AAC_RATES[0]
    layout = "mono" if given.channels == 1 else "stereo"
    made = out.add_stream("aac", rate=rate, layout=layout)
    return _transcoded(source, given, made, rate, layout)


def _transcoded(
    source: InputContainer, given: AudioStream, made: Any, rate: int, layout: str
) -> Iterator[Packet]:
    resampler = av.AudioResampler(format="fltp", layout=layout, rate=rate)
    for frame in source.decode(given):
        for part in resampler.resample(frame):
            yield from made.encode(part)
    for part in resampler.resample(None):
        yield from made.encode(part)
    yield from made.encode(None)
