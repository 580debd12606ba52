"""The recording of a live set: H.264 as the pictures come, deleted unless it is asked to stay."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any, Final, cast

import av

from vision.outputs.files import whole
from vision.types import Frame

_TIME_BASE: Final = Fraction(1, 90000)
_OPTIONS: Final = {"preset": "veryfast", "crf": "17", "g": "30", "bf": "0"}


class Recording:
    """Writes pictures with their own times to ``path``; nothing stands there before :meth:`save`.

    Pictures of another size than the first are left out.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(f".{path.name}.part")
        self._out: Any = None
        self._stream: Any = None
        self._size: tuple[int, int] = (0, 0)

    def restart(self) -> None:
        """Forget what was kept."""
        if self._out is not None:
            self._out.close()
            self._out = None
        self._part.unlink(missing_ok=True)

    def add(self, frame: Frame) -> None:
        """Keep one more picture."""
        height, width = (n // 2 * 2 for n in frame.rgb.shape[:2])
        if self._out is None:
            self._part.parent.mkdir(parents=True, exist_ok=True)
            self._out = cast(Any, av.open(str(self._part), "w", format="mp4"))
            self._stream = self._out.add_stream("libx264", rate=30, options=dict(_OPTIONS))
            self._stream.width, self._stream.height = self._size = (width, height)
            self._stream.pix_fmt = "yuv420p"
            self._stream.codec_context.time_base = self._stream.time_base = _TIME_BASE
        if (width, height) != self._size:
            return
        picture: Any = av.VideoFrame.from_ndarray(frame.rgb[:height, :width], format="rgb24")
        picture.pts, picture.time_base = round(frame.t_s / _TIME_BASE), _TIME_BASE
        self._out.mux(self._stream.encode(picture))

    def save(self, until_s: float | None = None) -> Path | None:
        """Close the recording and let it stay, cut at ``until_s``; its path, None where nothing was kept."""
        if self._out is None:
            return None
        self._out.mux(self._stream.encode(None))
        self._out.close()
        self._out = None
        with whole(self._path) as part, av.open(str(self._part)) as source:
            out: Any = av.open(str(part), "w", format="mp4", options={"movflags": "+faststart"})
            with out:
                given: Any = source.streams.video[0]
                made = out.add_stream_from_template(given)
                for packet in cast(Any, source).demux(given):
                    if packet.dts is None:  # the empty one that ends the stream
                        continue
                    if until_s is None or float(packet.pts * packet.time_base) <= until_s:
                        packet.stream = made
                        out.mux(packet)
        self._part.unlink(missing_ok=True)
        return self._path
