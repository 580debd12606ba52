"""Video files to decoded pictures: what may be opened, which stream, which rate, what is damaged.

The part of :mod:`vision.capture` that knows the decoding library; pictures come in the order in
which they are shown, not yet upright and not yet RGB.
"""

from __future__ import annotations

import math
import os
import stat
from array import array
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import av
import numpy as np
from av.codec.context import ThreadType
from av.error import FFmpegError
from av.sidedata.sidedata import Type as SideDataType
from av.stream import Disposition

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.sidedata.sidedata import SideData
    from av.video.codeccontext import VideoCodecContext
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

# Playlists and file lists are not among them: they would open other files or the network.
_FORMATS: Final = (
    "mov,matroska,avi,gif,mpegts,mpeg,asf,flv,ogg,mxf,nut,apng,ivf,h264,hevc,mjpeg,yuv4mpegpipe,"
    "image2,jpeg_pipe,png_pipe,webp_pipe,bmp_pipe,tiff_pipe,wav,mp3,aac,flac"
)
_OPTIONS: Final = {"format_whitelist": _FORMATS, "protocol_whitelist": "file"}
# Not one per core: how much is lost around damage depends on it, and must not on the machine.
_THREADS: Final = 4
_ASSUMED_FPS: Final = 30.0
_PLAUSIBLE_FPS: Final = (0.5, 2000.0)


class ClipError(ValueError):
    """The input cannot be used; one line: what was expected, what came, what to do."""


def checked(path: str | os.PathLike[str]) -> Path:
    """Return ``path`` if it is a file that can be read and is not empty, else raise ClipError."""
    shown, found = repr(os.fspath(path)), Path(path)
    try:
        mode = found.stat().st_mode
        if stat.S_ISDIR(mode):
            raise ClipError(f"expected a video file; {shown} is a folder; name a file in it")
        if not stat.S_ISREG(mode):
            raise ClipError(f"expected a video file; {shown} is a device or pipe; save it to a file first")
        with found.open("rb") as file:
            if not file.read(1):
                raise ClipError(f"expected a video file; {shown} is empty; copy it again")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ClipError(f"expected a video file; there is nothing at {shown}; check the path") from error
    except OSError as error:
        raise ClipError(
            f"expected a readable video file; {shown} cannot be read ({error.strerror}); "
            "check its permissions"
        ) from error
    return found


class Decoder:
    """One pass through the first picture stream of a file; damaged stretches are left out.

    What is built on a damaged picture is garbage that decoders pass off as sound, so after damage
    decoding starts afresh at the next key frame. ``lead`` counts the pictures lost before the first
    good one, ``restarts`` the fresh starts, ``stuck`` the pictures whose time did not go forward;
    ``broken`` tells that nothing good followed the last damage.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.container = _opened(path)
        try:
            self.stream = _picture_stream(self.container, path.name)
        except ClipError:
            self.container.close()
            raise
        self.stream.thread_type = ThreadType.AUTO
        self.stream.thread_count = _THREADS
        # AVI knows no time of showing; what is made up for it goes back and forth with B-frames.
        self._in_file_order = self.container.format.name == "avi"
        self.lead = self.restarts = self.stuck = 0
        self.broken = False
        self._refused = 0

    def close(self) -> None:
        """Release the file."""
        self.container.close()

    def timed(self, fps: float) -> Iterator[tuple[float, VideoFrame]]:
        """Pictures with their times in seconds: 0 at the first, strictly increasing.

        A picture without a time of its own comes ``1 / fps`` after the one before.
        """
        step_s, base_s = 1 / fps, self.stream.time_base or Fraction(0)
        last_s, origin_s = -step_s, None
        for picture in self._pictures():
            stamp = picture.dts if self._in_file_order else picture.pts
            if stamp is None:
                time_s = last_s + step_s
            else:
                own_s = stamp * base_s
                if origin_s is None:
                    origin_s = own_s - Fraction(last_s + step_s)
                time_s = float(own_s - origin_s)
            if time_s <= last_s:
                self.stuck += 1
                continue
            last_s = time_s
            yield time_s, picture

    def _pictures(self) -> Iterator[VideoFrame]:
        before: list[int] | None = []
        for packet, pictures in self._decoded_packets():
            if before is not None and packet.pts is not None and not packet.is_discard:
                before.append(packet.pts)
            if pictures and before is not None:
                # Some decoders refuse what precedes the first key frame, others pass over it.
                first = pictures[0].pts
                passed_over = sum(pts < first for pts in before) if first is not None else 0
                self.lead, self.restarts, before = max(self._refused, passed_over), 0, None
            yield from pictures

    def _decoded_packets(self) -> Iterator[tuple[Packet[VideoStream], list[VideoFrame]]]:
        packet = None
        try:
            for packet in self.container.demux(self.stream):
                yield packet, self._decoded(packet)
        except FFmpegError:
            if packet is not None:
                yield packet, self._drained()
            self.broken = True
        # Nothing else tells a GIF that was cut off from a short one.
        self.broken |= self.container.format.name == "gif" and not _has_gif_trailer(self._path)

    def _decoded(self, packet: Packet[VideoStream]) -> list[VideoFrame]:
        """Pictures that come out when ``packet`` goes in, mostly of earlier packets."""
        if self.broken and not packet.is_keyframe:
            self._refused += bool(packet.size) and not packet.is_discard
            return []
        self.restarts += self.broken
        self.broken = False
        if packet.is_corrupt:
            # The decoder never saw the bad packet: whatever it still holds is sound.
            sound = self._drained()
            self._forget()
            return sound
        try:
            pictures = packet.decode()
        except FFmpegError:
            self._forget()
            return []
        for n, picture in enumerate(pictures):
            if picture.is_corrupt:
                self._forget()
                return pictures[:n]
        return pictures

    def _forget(self) -> None:
        """Throw away what the decoder holds, to start afresh at the next key frame."""
        self.stream.codec_context.flush_buffers()
        self._refused += 1
        self.broken = True

    def _drained(self) -> list[VideoFrame]:
        try:
            return self.stream.decode(None)  # pyright: ignore[reportUnknownMemberType]
        except FFmpegError:
            return []


def _opened(path: Path) -> InputContainer:
    try:
        # The prefix keeps names such as "set 1: squat.mp4" from being read as a protocol.
        return av.open(f"file:{path}", options=_OPTIONS, metadata_errors="replace")
    except (FFmpegError, UnicodeError) as error:
        raise ClipError(
            f"expected a video file (mp4, mov, mkv, webm, avi or gif); {path.name!r} is none or is damaged; "
            "copy it again or export it as H.264 mp4"
        ) from error


def _picture_stream(container: InputContainer, name: str) -> VideoStream:
    streams = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not streams:
        held = "sound but no picture" if container.streams.audio else "no picture"
        raise ClipError(f"expected a video; {name!r} holds {held}; choose the file with the video")
    if cast("VideoCodecContext | None", streams[0].codec_context) is None:
        raise ClipError(
            f"expected a video in a known codec; that of {name!r} is unknown; export it as H.264 mp4"
        )
    return streams[0]


def _has_gif_trailer(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-min(64, path.stat().st_size), os.SEEK_END)
        return file.read().rstrip(b"\0\r\n ").endswith(b";")


def rate(decoder: Decoder, path: Path) -> tuple[float, int | None]:
    """Average rate in Hz of the file, and how many frames it probably holds.

    Where the header does not count the frames, the file is read through once without decoding.
    """
    stream = decoder.stream
    stated = _plausible(stream.average_rate)
    if stated and stream.frames and stream.duration and stream.time_base:
        return stated, max(1, round(stream.duration * stream.time_base * stated))
    count, measured = _counted(path)
    if measured is None:
        return _plausible(stream.guessed_rate) or stated or _ASSUMED_FPS, count or None
    # Times in whole milliseconds blur a rate that the header may give exactly.
    return (stated if stated and abs(stated / measured - 1) < 0.01 else measured), count


def _plausible(fps: Fraction | float | None) -> float | None:
    low, high = _PLAUSIBLE_FPS
    return float(fps) if fps is not None and low <= fps <= high else None


def _counted(path: Path) -> tuple[int, float | None]:
    """Count the packets with pictures to show, and give the average rate of their times."""
    decoder = Decoder(path)
    count, stamps = 0, array("q")
    try:
        for packet in decoder.container.demux(decoder.stream):
            if packet.size and not packet.is_discard:
                count += 1
                if packet.pts is not None:
                    stamps.append(packet.pts)
    except FFmpegError:
        pass
    finally:
        decoder.close()
    steps = np.diff(np.unique(stamps))
    if not len(steps):
        return count, None
    # A hole torn by damage is no slower filming.
    step = float(np.mean(steps[steps <= 3 * np.median(steps)]))
    return count, _plausible(round(1 / (step * float(decoder.stream.time_base or 1)), 6))


def promised_s(decoder: Decoder) -> float:
    """Least length in seconds that the file announces for its pictures, 0 where it does not."""
    stream, container = decoder.stream, decoder.container
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base) - 0.25
    # The sound, which counts in here, may well go on for a while after the pictures.
    return (container.duration or 0) / av.time_base - (1.0 if container.streams.audio else 0.25)


def length_s(picture: VideoFrame, decoder: Decoder, fps: float) -> float:
    """How long ``picture`` is shown, in seconds; ``1 / fps`` where the file does not say."""
    base_s = decoder.stream.time_base
    return float(picture.duration * base_s) if base_s and picture.duration else 1 / fps


def square_size(picture: VideoFrame, aspect: Fraction | None) -> tuple[int, int]:
    """Width and height in px that give ``picture`` square pixels; ``aspect`` is that of one pixel."""
    odd = aspect is not None and 0.2 < aspect < 5 and abs(aspect - 1) > 0.002
    return round(picture.width * aspect) if odd and aspect else picture.width, picture.height


def orientation(picture: VideoFrame) -> tuple[int, bool, float]:
    """How the file wants ``picture`` shown: mirrored left to right first or not, then turned.

    Returns quarter turns counter-clockwise (0-3), whether to mirror, and the degrees that a whole
    number of quarter turns leaves over.
    """
    side_data = cast("Mapping[SideDataType, SideData]", picture.side_data)
    found = side_data.get(SideDataType.DISPLAYMATRIX)
    if found is None:
        return 0, False, 0.0
    matrix = np.frombuffer(bytes(found), np.int32)
    # Columns are where the picture's x and y axes go, y down; the rest is translation and scale.
    (a, b), (c, d) = matrix[0:2].tolist(), matrix[3:5].tolist()
    mirrored = a * d - b * c < 0
    if mirrored:
        a, b = -a, -b
    turn_deg = -math.degrees(math.atan2(b, a))
    quarters = round(turn_deg / 90)
    return quarters % 4, mirrored, abs(turn_deg - 90 * quarters)
