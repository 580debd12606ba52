"""Colours that stay apart for colour-blind eyes (Okabe and Ito's set); never used without a shape."""

from __future__ import annotations

from typing import Final

from vision.types import Verdict

Rgb = tuple[int, int, int]


def rgb(code: str) -> Rgb:
    """``(r, g, b)`` of ``#rrggbb``."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


VERDICT_HEX: Final = {
    Verdict.GOOD: "#009E73",
    Verdict.CAUTION: "#E69F00",
    Verdict.FAULT: "#D55E00",
    Verdict.UNKNOWN: "#8C8C8C",
}
VERDICT_RGB: Final = {verdict: rgb(code) for verdict, code in VERDICT_HEX.items()}

LEFT_HEX: Final = "#56B4E9"
RIGHT_HEX: Final = "#F0E442"
LEFT: Final = rgb(LEFT_HEX)
RIGHT: Final = rgb(RIGHT_HEX)
INK: Final = (17, 20, 24)
PAPER: Final = (255, 255, 255)
TRUNK: Final = (226, 230, 234)


def luminance(colour: Rgb) -> float:
    """Relative luminance (0-1) of an sRGB colour, as WCAG 2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio (1-21) of two colours, as WCAG 2 defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
