"""What all drawn guides share: the sheet they are on, and writing them into a folder."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from vision.outputs.files import write_text

PAPER: Final = "#fffdf8"
WIDE: Final = 720


def sheet(title: str, high: int, parts: Sequence[str]) -> str:
    """SVG text of a sheet ``high`` px high with ``parts`` on it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" width="{WIDE}" '
        f'height="{high}" role="img" aria-label="{title}" '
        'font-family="system-ui, \'DejaVu Sans\', sans-serif" font-size="15">\n'
        f"<title>{title}</title>\n"
        f'<rect width="{WIDE}" height="{high}" rx="14" fill="{PAPER}"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def write_sheets(folder: Path, kind: str, sheets: Mapping[str, str]) -> list[Path]:
    """Write every sheet into ``folder`` as ``KIND-NAME.svg``."""
    paths: list[Path] = []
    for name, text in sheets.items():
        paths.append(folder / f"{kind}-{name}.svg")
        write_text(paths[-1], text)
    return paths


def command(argv: Sequence[str], kind: str, sheets: Mapping[str, str]) -> int:
    """Write the sheets into the folder that the command line names; the exit code."""
    if len(argv) != 1 or not Path(argv[0]).is_dir():
        print("expected one folder that exists, such as docs/images", file=sys.stderr)
        return 2
    for path in write_sheets(Path(argv[0]), kind, sheets):
        print(path)
    return 0
