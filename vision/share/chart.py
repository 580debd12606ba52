"""The course of a measure as a drawing: where its dots, error bars and lines lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from vision.history import Course, Mark
from vision.outputs.plots import nice_ticks
from vision.outputs.wording import VERDICT_WORD, number_text

WIDE: Final = 680.0
HIGH: Final = 200.0
_LEFT, _RIGHT, _TOP, _LOW = 78.0, 22.0, 14.0, 30.0
_ROOM: Final = 0.1
_HALF_LABEL_PX: Final = 40
"""Half of a day's width: what stands nearer to the edge would be cut off."""

_LEAST_LABEL_PX: Final = 76.0


@dataclass(frozen=True, slots=True)
class Dot:
    """One set's value with its error bar, in the drawing's units, y down."""

    x: float
    y: float
    top: float
    low: float
    verdict: str
    hint: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A label at ``at`` on its axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A whole drawing; ``band`` and ``line`` are points as SVG wants them."""

    dots: tuple[Dot, ...]
    band: str
    line: str
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    left: float = _LEFT
    right: float = WIDE - _RIGHT
    bottom: float = HIGH - _LOW


def chart(course: Course) -> Chart | None:
    """The drawing of a course; None without a value whose error is known."""
    marks = [(m, m.error95) for m in course.marks if m.error95 is not None]
    if not marks:
        return None
    low, high = min(m.value - e for m, e in marks), max(m.value + e for m, e in marks)
    free = _ROOM * (high - low)
    low, high = low - free, high + free

    def y(value: float) -> float:
        return _TOP + (high - value) / (high - low) * (HIGH - _TOP - _LOW)

    places = _places([m.on for m, _ in marks])
    dots = tuple(
        Dot(x, y(m.value), y(m.value + e), y(m.value - e), m.verdict.value, _hint(course, m, e))
        for x, (m, e) in zip(places, marks, strict=True)
    )
    edge = [(d.x, d.top) for d in dots] + [(d.x, d.low) for d in reversed(dots)]
    step = high - low
    return Chart(
        dots=dots,
        band=_points(edge),
        line=_points([(d.x, d.y) for d in dots]),
        y_ticks=tuple(Tick(y(v), number_text(v, course.unit, step / 4)) for v in nice_ticks(low, high, 4)),
        x_ticks=_days(places, [m.on for m, _ in marks]),
    )


def _places(days: Sequence[date]) -> list[float]:
    """Where each set lies from left to right: by its day, sets of one day side by side."""
    first, span = days[0].toordinal(), days[-1].toordinal() - days[0].toordinal() + 1
    spots: list[float] = []
    for i, day in enumerate(days):
        same = [k for k, other in enumerate(days) if other == day]
        within = (same.index(i) + 0.5) / len(same)
        share = (day.toordinal() - first + within) / span
        spots.append(_LEFT + share * (WIDE - _LEFT - _RIGHT))
    return spots


def _days(places: Sequence[float], days: Sequence[date]) -> tuple[Tick, ...]:
    """Each day once, as far as there is room."""
    ticks: list[Tick] = []
    named: set[date] = set()
    for x, day in zip(places, days, strict=True):
        if day in named or (ticks and x - ticks[-1].at < _LEAST_LABEL_PX):
            continue
        named.add(day)
        ticks.append(Tick(min(x, WIDE - _HALF_LABEL_PX), day.isoformat()))
    return tuple(ticks)


def _hint(course: Course, mark: Mark, error95: float) -> str:
    value = number_text(mark.value, course.unit, error95)
    error = number_text(error95, course.unit, error95)
    return f"{mark.on.isoformat()}: {value} ± {error}, {VERDICT_WORD[mark.verdict]}"


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
