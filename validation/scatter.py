"""Told against true, as a small SVG of panels side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SIDE, GAP, TOP, LEFT, BOTTOM = 220, 62, 34, 46, 42
INK, RULE = "#333", "#ccc"


@dataclass(frozen=True, slots=True)
class Dots:
    """Points ``(true, told)`` of one kind: their name, colour, and whether they are filled."""

    name: str
    colour: str
    filled: bool
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """One square: its title, the least and most of both axes in degrees, and what lies in it."""

    title: str
    low: float
    high: float
    dots: tuple[Dots, ...]


def svg(panels: Sequence[Panel], x_title: str, y_title: str) -> str:
    """The picture; points beyond the axes lie on their edge."""
    wide = LEFT + len(panels) * SIDE + (len(panels) - 1) * GAP + 12
    high = TOP + SIDE + BOTTOM + 22
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="sans-serif" '
        f'font-size="11" fill="{INK}">',
        f'<rect width="{wide}" height="{high}" fill="#fff"/>',
    ]
    for k, panel in enumerate(panels):
        parts += _panel(panel, LEFT + k * (SIDE + GAP), x_title)
    parts.append(f'<text transform="translate(12 {TOP + SIDE / 2:g}) rotate(-90)" {MIDDLE}>{y_title}</text>')
    parts += _legend(panels, high)
    return "\n".join([*parts, "</svg>"]) + "\n"


MIDDLE: Final = 'text-anchor="middle"'


def _panel(panel: Panel, x0: float, x_title: str) -> list[str]:
    def x(v: float) -> float:
        return x0 + SIDE * (min(max(v, panel.low), panel.high) - panel.low) / (panel.high - panel.low)

    def y(v: float) -> float:
        return TOP + SIDE - (x(v) - x0)

    out = [
        f'<text x="{x0 + SIDE / 2:g}" y="{TOP - 12}" {MIDDLE} font-weight="bold">{panel.title}</text>',
        f'<rect x="{x0:g}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="{RULE}"/>',
        f'<path d="M{x0:g} {TOP + SIDE} L{x0 + SIDE:g} {TOP}" stroke="{RULE}"/>',
        f'<text x="{x0 + SIDE / 2:g}" y="{TOP + SIDE + 30}" {MIDDLE}>{x_title}</text>',
    ]
    step = 5 if panel.high - panel.low <= 30 else 10
    for tick in range(int(-(-panel.low // step)) * step, int(panel.high) + 1, step):
        out.append(f'<text x="{x(tick):.1f}" y="{TOP + SIDE + 14}" {MIDDLE}>{tick}</text>')
        out.append(f'<text x="{x0 - 5:g}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick}</text>')
    for dots in panel.dots:
        out += [_dot(x(a), y(b), dots) for a, b in dots.points]
    return out


def _dot(x: float, y: float, dots: Dots) -> str:
    fill = dots.colour if dots.filled else "none"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{fill}" stroke="{dots.colour}"/>'


def _legend(panels: Sequence[Panel], high: float) -> list[str]:
    kinds = {dots.name: dots for panel in panels for dots in panel.dots}
    out: list[str] = []
    for k, dots in enumerate(kinds.values()):
        x, y = LEFT + 6 + 190 * k, high - 12
        out += [_dot(x, y - 4, dots), f'<text x="{x + 9}" y="{y}">{dots.name}</text>']
    return out
