"""Three short tones, made here: rising for a cue, bright for praise, low and twice for "stop"."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
import wave
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from vision.types import FloatArray

RATE_HZ: Final = 22050
_LOUD: Final = 0.6
_EDGE_S: Final = 0.012

Note = tuple[float, float]
"""Pitch in Hz (0 is silence) and length in seconds."""

TUNES: Final[dict[str, tuple[Note, ...]]] = {
    "cue": ((660.0, 0.12), (0.0, 0.04), (880.0, 0.20)),
    "praise": ((784.0, 0.09), (988.0, 0.09), (1175.0, 0.09), (1568.0, 0.22)),
    "stop": ((330.0, 0.30), (0.0, 0.08), (330.0, 0.30), (0.0, 0.08), (220.0, 0.45)),
}
"""What each kind of message sounds like."""

_PLAYERS: Final = (("paplay",), ("pw-play",), ("aplay", "-q"), ("afplay",))


def _note(pitch_hz: float, seconds: float) -> FloatArray:
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    sound = np.sin(2 * np.pi * pitch_hz * t) + 0.25 * np.sin(4 * np.pi * pitch_hz * t)
    rise = np.minimum(1.0, np.minimum(t, t[::-1]) / _EDGE_S)  # no click at either end
    return _LOUD * sound * rise / 1.25


@lru_cache(maxsize=8)
def tone(kind: str) -> bytes:
    """The tone of ``kind`` as a WAV file: one channel, 16 bits. KeyError for an unknown kind."""
    samples = np.concatenate([_note(*note) for note in TUNES[kind]])
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(np.round(samples * 32767).astype("<i2").tobytes())
    return out.getvalue()


class Loudspeaker:
    """Plays tones with what the system has, without waiting; silent where it has nothing."""

    def __init__(self, which: Callable[[str], str | None] = shutil.which) -> None:
        found = (([path, *rest]) for name, *rest in _PLAYERS if (path := which(name)))
        self._command: list[str] | None = next(found, None)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._playing: list[subprocess.Popen[bytes]] = []

    @property
    def silent(self) -> bool:
        """Whether nothing here can make a sound."""
        return self._command is None and sys.platform != "win32"

    def play(self, kind: str) -> None:
        """Begin to play the tone of ``kind``; a player that fails is nobody's loss."""
        self._playing = [p for p in self._playing if p.poll() is None]
        if self._command is None:
            _windows(kind)
            return
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="plumbline-")
        path = Path(self._folder.name) / f"{kind}.wav"
        if not path.exists():
            path.write_bytes(tone(kind))
        quiet = subprocess.DEVNULL
        try:
            command = [*self._command, str(path)]
            self._playing.append(subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet))
        except OSError:
            self._command = None

    def close(self) -> None:
        """Let the last tone end, but not for long, and clear up."""
        for process in self._playing:
            try:
                process.wait(2.0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._playing = []
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def _windows(kind: str) -> None:
    if sys.platform == "win32":
        import winsound

        winsound.PlaySound(tone(kind), winsound.SND_MEMORY | winsound.SND_NODEFAULT)
