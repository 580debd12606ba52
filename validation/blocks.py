"""Parts of a page that different commands write, each between its own two comments."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

_BLOCK: Final = re.compile(r"<!-- (\w+): begin -->\n.*?<!-- \1: end -->\n", re.DOTALL)


def put(text: str, name: str, body: str) -> str:
    """``text`` with the part ``name`` replaced by ``body``, or added at the end."""
    block = f"<!-- {name}: begin -->\n\n{body.strip()}\n\n<!-- {name}: end -->\n"
    for found in _BLOCK.finditer(text):
        if found.group(1) == name:
            return text[: found.start()] + block + text[found.end() :]
    return (text.rstrip("\n") + "\n\n" if text.strip() else "") + block


def all_blocks(text: str) -> str:
    """Every such part of a text, in order, nothing else."""
    return "\n".join(found.group(0) for found in _BLOCK.finditer(text))


def write_block(page: Path, name: str, body: str) -> None:
    """Replace or add one part of a page, whole or not at all."""
    old = page.read_text("utf-8") if page.is_file() else ""
    write_whole(page, put(old, name, body))


def write_whole(path: Path, text: str) -> None:
    """Write a text file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, "utf-8")
    os.replace(part, path)
