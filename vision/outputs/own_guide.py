"""Picture of how own arch and tuck are filmed: ``python -m vision.outputs.own_guide docs/images``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from vision.outputs.guide_sheet import command, sheet

NAME: Final = "arch-and-tuck"
TITLE: Final = "Your own arch and tuck, held with the hips up"

_HIGH: Final = 168
_FLOOR: Final = 106
_INK: Final = "#14181d"
_EDGE: Final = "#c9c3b4"
_POSES: Final = (
    ("#565f69", 0, "1. lift and stay up", "as in your bridge"),
    ("#d55e00", -30, "2. arch, hold 6 s", "belly out, low back hollow"),
    ("#0072b2", 20, "3. tuck, hold 6 s", "low back round, ribs down"),
)
"""Colour of the trunk, how far its middle lies below the straight line in px, and the words."""

_STEP: Final = 232
_SHOULDER, _HIP = (64, 92), (136, 44)


def svg() -> str:
    """The three positions from the side, head to the left, as SVG text."""
    parts = [
        f'<g transform="translate({12 + i * _STEP} 0)">{_body(colour, bow)}'
        f"{_text(_FLOOR + 24, words, _INK)}{_text(_FLOOR + 44, more, '#565f69')}</g>"
        for i, (colour, bow, words, more) in enumerate(_POSES)
    ]
    return sheet(TITLE, _HIGH, parts)


def _body(colour: str, bow: float) -> str:
    (x0, y0), (x1, y1) = _SHOULDER, _HIP
    # The bend is in the low back, nearer to the hip than to the shoulder.
    bend = (x0 + 0.68 * (x1 - x0), y0 + 0.68 * (y1 - y0) + bow)
    trunk = f"M{x0} {y0}Q{bend[0]:g} {bend[1]:g} {x1} {y1}"
    style = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'
    return (
        f'<path d="M14 {_FLOOR}h200" stroke="{_EDGE}" stroke-width="3"/>'
        f'<polyline points="{x1},{y1} 182,28 190,98 208,100" {style} stroke="{_INK}" stroke-width="7"/>'
        f'<polyline points="{x0},{y0} 46,74 28,86" {style} stroke="{_INK}" stroke-width="5"/>'
        f'<circle cx="40" cy="92" r="12" fill="{_INK}"/>'
        f'<path d="{trunk}" {style} stroke="{colour}" stroke-width="11"/>'
    )


def _text(y: float, words: str, fill: str) -> str:
    return f'<text x="114" y="{y:g}" text-anchor="middle" fill="{fill}">{words}</text>'


def main(argv: Sequence[str]) -> int:
    """Write the picture into the folder that the command line names."""
    return command(argv, "own", {NAME: svg()})


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
