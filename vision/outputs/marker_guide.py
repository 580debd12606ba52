"""Pictures of where the stickers go: ``python -m vision.outputs.marker_guide docs/images``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vision.outputs.guide_sheet import WIDE, command, sheet

_INK: Final = "#14181d"
_GREY: Final = "#565f69"
_BODY: Final = "#cfd6dc"
_CLOTH: Final = "#a9b4bd"
_STICKER: Final = "#e0218a"
_HIGH: Final = 320


@dataclass(frozen=True)
class Sticker:
    """A sticker at ``x``, ``y`` of the drawing; its words stand on the side ``word_x`` at ``word_y``."""

    name: str
    words: str
    x: float
    y: float
    word_x: float
    word_y: float


@dataclass(frozen=True)
class Guide:
    """One picture: title, from where it is seen, shapes (fill and SVG path), stickers, and a last line."""

    title: str
    seen: str
    shapes: tuple[tuple[str, str], ...]
    stickers: tuple[Sticker, ...]
    below: str


_TRUNK: Final = (
    "M318 30 C318 14 402 14 402 30 C424 40 436 60 432 92 C428 130 414 148 416 172 L418 190 H302 L304 172 "
    "C306 148 292 130 288 92 C284 60 296 40 318 30 Z"
)
_HIPS: Final = "M302 186 C298 214 294 232 296 256 H354 L360 238 L366 256 H424 C426 232 422 214 418 186 Z"
_ARMS: Final = (
    "M288 70 C268 96 262 140 264 186 L278 188 C278 150 286 120 294 100 Z "
    "M432 70 C452 96 458 140 456 186 L442 188 C442 150 434 120 426 100 Z"
)
_LYING: Final = (
    "M470 96 C500 84 548 92 566 116 C590 112 612 128 608 148 C604 166 580 172 562 160 "
    "C540 176 500 184 470 178 C440 170 410 160 384 150 L340 130 "
    "C330 116 348 92 372 90 C404 90 440 92 470 96 Z"
)
_LEG: Final = (
    "M412 166 C350 150 300 132 262 118 C240 132 228 168 220 224 L190 224 C196 150 206 84 236 70 "
    "C262 62 320 80 360 92 C384 104 404 132 412 166 Z"
)

GUIDES: Final = {
    "rear": Guide(
        "Stickers for a film from behind",
        "seen from behind",
        ((_BODY, _ARMS), (_BODY, _TRUNK), (_CLOTH, _HIPS)),
        (
            Sticker("left_psis", "bone by the left dimple", 340, 166, 236, 150),
            Sticker("right_psis", "bone by the right dimple", 380, 166, 484, 150),
        ),
        "on the two bony points above the buttocks, as far from the middle on either side",
    ),
    "front": Guide(
        "Stickers for a film from the front",
        "seen from the front",
        ((_BODY, _ARMS), (_BODY, _TRUNK), (_CLOTH, _HIPS)),
        (
            Sticker("right_asis", "front hip bone, right", 316, 176, 236, 150),
            Sticker("left_asis", "front hip bone, left", 404, 176, 484, 150),
        ),
        "on the two bones that you feel under the front of the waistband",
    ),
    "side": Guide(
        "Stickers for a film from the side",
        "seen from the side",
        ((_CLOTH, _LEG), (_BODY, _LYING)),
        (
            Sticker("belt_front", "waistband, front end", 396, 108, 330, 40),
            Sticker("belt_back", "waistband, a hand further back", 408, 142, 340, 246),
            Sticker("rib_low", "lowest ribs", 460, 132, 520, 246),
            Sticker("rib_high", "a hand higher on the ribs", 500, 128, 540, 40),
        ),
        "all four on the side that the camera sees, the waistband's pair a hand apart",
    ),
}


def svg(guide: Guide) -> str:
    """The picture as SVG text."""
    parts = [f'<path d="{path}" fill="{fill}"/>' for fill, path in guide.shapes]
    for s in guide.stickers:
        end = "end" if s.word_x < s.x - 60 else "start" if s.word_x > s.x + 60 else "middle"
        near = s.word_y + (24 if s.word_y < s.y else -16)
        corner = s.word_x + (6 if end == "end" else -6 if end == "start" else 0)
        level = s.word_y + 4 if end != "middle" else near
        parts.append(f'<path d="M{corner:g} {level:g}L{s.x:g} {s.y:g}" stroke="{_GREY}" stroke-width="1.5"/>')
        parts.append(
            f'<circle cx="{s.x:g}" cy="{s.y:g}" r="7" fill="{_STICKER}" stroke="{_INK}" stroke-width="1.5"/>'
        )
        parts.append(_text(s.word_x, s.word_y, s.name, _INK, end, bold=True))
        parts.append(_text(s.word_x, s.word_y + 18, s.words, _GREY, end))
    parts.append(_text(WIDE / 2, _HIGH - 16, guide.below, _INK, "middle"))
    parts.append(_text(20, 32, guide.seen, _GREY, "start"))
    return sheet(guide.title, _HIGH, parts)


def _text(x: float, y: float, words: str, fill: str, anchor: str, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{fill}"{weight}>{words}</text>'


def main(argv: Sequence[str]) -> int:
    """Write the pictures into the folder that the command line names."""
    return command(argv, "markers", {name: svg(guide) for name, guide in GUIDES.items()})


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
