"""The course of a measure as a drawing: each set's value with its error, over the days.

Knows no Streamlit. The band around the line is the error: where bands of two sets overlap much,
nothing can be said about a change between them.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Final

from vision.history import Course, Mark
from vision.outputs.palette import VERDICT_HEX
from vision.outputs.wording import number_text
from vision.ui.show import SIGN, day

WIDE: Final = 460
HIGH: Final = 190
_LEFT: Final = 56
_RIGHT: Final = 14
_TOP: Final = 18
_LOW: Final = 34
_ROOM: Final = 0.12
"""Share of the span kept free above and below."""

_INK: Final = {False: "#1c2126", True: "#e8eaed"}
_STYLE: Final = (
    "text{fill:currentColor;opacity:.75;font:13px system-ui,'DejaVu Sans',sans-serif}"
    "line{stroke:currentColor}.rule{opacity:.15}.bar{stroke-width:2;opacity:.5}"
    "polygon{fill:currentColor;opacity:.12}"
    "polyline{fill:none;stroke:currentColor;stroke-width:2;opacity:.6}circle{stroke:#111418}"
)


@dataclass(frozen=True, slots=True)
class Scale:
    """Where values and places in the row of days lie in the drawing."""

    low: float
    high: float
    first: int
    days: int

    def x(self, mark: Mark, place: int, count: int) -> float:
        """By days; evenly where all sets are of one day."""
        share = (mark.on.toordinal() - self.first) / self.days if self.days else (place + 0.5) / count
        return _LEFT + share * (WIDE - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        """Upwards for more."""
        return _TOP + (self.high - value) / (self.high - self.low) * (HIGH - _TOP - _LOW)


def scale(marks: Sequence[Mark]) -> Scale:
    """A scale that holds all values with their errors."""
    ends = [m.value + s * (m.error95 or 0.0) for m in marks for s in (-1, 1)]
    low, high = min(ends), max(ends)
    free = (high - low) * _ROOM or max(abs(high) * _ROOM, 1.0)
    days = [m.on.toordinal() for m in marks]
    return Scale(low - free, high + free, min(days), max(days) - min(days))


def picture(course: Course, *, dark: bool = False) -> str:
    """The course as an ``img`` that brings its drawing along: a page's sanitiser lets no bare SVG in.

    A value whose error is not known is not drawn.
    """
    known = replace(course, marks=tuple(m for m in course.marks if m.error95 is not None))
    if not known.marks:
        return ""
    data = base64.b64encode(drawing(known, dark=dark).encode()).decode("ascii")
    alt = f"{course.title}: {'; '.join(texts(course))}"
    return (
        f'<img class="pl-course" width="{WIDE}" height="{HIGH}" alt="{escape(alt)}" '
        f'src="data:image/svg+xml;base64,{data}">'
    )


def texts(course: Course) -> list[str]:
    """Each set's day, title and value with its error, not without, and how it was judged."""
    return [f"{day(m.on)}, {m.set_title}: {_value(course, m)} {SIGN[m.verdict]}" for m in course.marks]


def _value(course: Course, mark: Mark) -> str:
    if mark.error95 is None:
        return "not told, as its error is not known"
    value = number_text(mark.value, course.unit, mark.error95)
    return f"{value} ± {number_text(mark.error95, course.unit, mark.error95)}"


def drawing(course: Course, *, dark: bool = False) -> str:
    """The course, with at least one set, as an SVG for light or ``dark`` paper."""
    marks = course.marks
    on = scale(marks)
    at = [(on.x(m, i, len(marks)), on.y(m.value)) for i, m in enumerate(marks)]
    parts = [_axis(course, on), _band(marks, at, on), _line(at), *_marks(course, at, on), _days(marks, at)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" width="{WIDE}" '
        f'height="{HIGH}" color="{_INK[dark]}"><style>{_STYLE}</style>{"".join(parts)}</svg>'
    )


def _axis(course: Course, on: Scale) -> str:
    """Three lines across with their values."""
    parts: list[str] = []
    for value in ticks(on.low, on.high):
        y = on.y(value)
        text = escape(number_text(value, course.unit, on.high - on.low))
        parts.append(
            f'<line class="rule" x1="{_LEFT}" x2="{WIDE - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{text}</text>'
        )
    return "".join(parts)


def ticks(low: float, high: float) -> list[float]:
    """Two to five round values between ``low`` and ``high``."""
    rough = (high - low) / 3
    base = 10.0 ** math.floor(math.log10(rough))
    step = next(base * m for m in (1, 2, 5, 10) if base * m >= rough * 0.75)
    first = math.ceil(low / step)
    return [i * step for i in range(first, math.floor(high / step) + 1)]


def _band(marks: Sequence[Mark], at: Sequence[tuple[float, float]], on: Scale) -> str:
    """The error as a band; none where one of the errors is not known."""
    if len(marks) < 2 or any(m.error95 is None for m in marks):
        return ""
    upper = [f"{x:.1f},{on.y(m.value + (m.error95 or 0)):.1f}" for m, (x, _) in zip(marks, at, strict=True)]
    lower = [f"{x:.1f},{on.y(m.value - (m.error95 or 0)):.1f}" for m, (x, _) in zip(marks, at, strict=True)]
    return f'<polygon points="{" ".join([*upper, *reversed(lower)])}"/>'


def _line(at: Sequence[tuple[float, float]]) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
    return f'<polyline points="{points}"/>' if len(at) > 1 else ""


def _marks(course: Course, at: Sequence[tuple[float, float]], on: Scale) -> list[str]:
    """A dot per set with its error bar."""
    made: list[str] = []
    for mark, (x, y) in zip(course.marks, at, strict=True):
        bar = ""
        if mark.error95 is not None:
            top, low = on.y(mark.value + mark.error95), on.y(mark.value - mark.error95)
            bar = f'<line class="bar" x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{low:.1f}"/>'
        made.append(f'{bar}<circle fill="{VERDICT_HEX[mark.verdict]}" cx="{x:.1f}" cy="{y:.1f}" r="6"/>')
    return made


def _days(marks: Sequence[Mark], at: Sequence[tuple[float, float]]) -> str:
    """The first and the last day."""
    ends = [(at[0][0], marks[0], "start")]
    if marks[-1].on != marks[0].on:
        ends.append((at[-1][0], marks[-1], "end"))
    elif len(marks) == 1 or marks[-1].on == marks[0].on:
        ends = [((at[0][0] + at[-1][0]) / 2, marks[0], "middle")]
    return "".join(
        f'<text x="{x:.1f}" y="{HIGH - 10}" text-anchor="{anchor}">{escape(day(mark.on))}</text>'
        for x, mark, anchor in ends
    )
