"""Writing files whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def whole(path: Path) -> Generator[Path]:
    """Yield a name beside ``path`` to write to; it takes ``path``'s place when the block succeeds.

    When the block raises, nothing is left under either name and an older ``path`` stays as it was.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        yield part
        os.replace(part, path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def write_text(path: Path, text: str) -> Path:
    """Write ``text`` to ``path`` as UTF-8, whole or not at all, with the line ends it has."""
    with whole(path) as part:
        part.write_text(text, encoding="utf-8", newline="")
    return path
