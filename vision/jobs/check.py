"""Is this a clip? Asked in a process of its own: some files crash decoders, others keep them forever."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Final

from vision.decode import ClipError
from vision.jobs import children
from vision.jobs.opens import UNUSABLE, USABLE

LIMIT_S: Final = 30.0
_BYTES_PER_S: Final = 50e6
"""Files without a table of contents are read through once; a slow disk reads that fast."""


def check_clip(
    path: Path, *, name: str | None = None, limit_s: float = LIMIT_S, command: tuple[str, ...] = ()
) -> None:
    """Raise ClipError, with one line for the user, unless ``path`` is a clip that can be analysed.

    ``name`` is what the user knows the file by. Large files get more than ``limit_s`` seconds.
    ``command`` stands in for the checking program.
    """
    shown = name or path.name
    limit_s += path.stat().st_size / _BYTES_PER_S if path.is_file() else 0
    asked = command or (sys.executable, "-m", "vision.jobs.opens")
    with tempfile.TemporaryFile() as words:
        child = children.start((*asked, str(path.absolute())), words)
        try:
            code = child.wait(limit_s)
        except TimeoutExpired:
            raise ClipError(
                f"expected a video that opens within {limit_s:.0f} s; {shown!r} does not; "
                "export it as H.264 mp4"
            ) from None
        finally:
            children.kill(child)
        words.seek(0)
        said = words.read().decode("utf-8", "replace")
    if code == UNUSABLE:
        raise ClipError(in_users_words(said, path, shown))
    if code != USABLE:
        raise ClipError(
            f"expected a video that can be decoded; {shown!r} makes the decoder break down; "
            "export it as H.264 mp4"
        )


def in_users_words(line: str, path: Path, name: str) -> str:
    """``line`` about ``path`` on one line, with the ``name`` that the user gave the file."""
    for written in (repr(str(path.absolute())), repr(str(path)), repr(path.name)):
        line = line.replace(written, repr(name))
    return " ".join(line.split())
