"""Curves and gauges of the page as plain geometry; the template turns it into SVG and text.

Curves lie in a box of ``WIDE`` by ``HIGH`` units, y down, that the page stretches to any width; all
text sits outside of the SVG, placed in percent, so that it keeps its size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from vision.outputs.wording import (
    DEFECTS,
    bound_text,
    cycle_name,
    cycle_verdict,
    sentence,
    title,
    unit_text,
    value_text,
)
from vision.types import Criterion, Curve, Finding, FloatArray, Report, Verdict

WIDE: Final = 1000.0
HIGH: Final = 260.0

_MOST_POINTS: Final = 600
_HEADROOM: Final = 0.08
_Y_TICKS: Final = 4
_X_TICKS: Final = 8
_SEEN_BOUNDS: Final = 6.0
_SHORT_UNIT: Final = 3


@dataclass(frozen=True, slots=True)
class Line:
    """Polyline points as SVG wants them, ``x,y x,y``, and the athlete's side."""

    points: str
    side: str | None


@dataclass(frozen=True, slots=True)
class Span:
    """A repetition's stretch of the time axis, in percent of the width."""

    left: float
    width: float
    label: str
    hint: str
    verdict: Verdict
    turn: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A label at ``at`` percent of its axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A finding on its curve, in percent of width and height."""

    left: float
    top: float
    verdict: Verdict
    hint: str


@dataclass(frozen=True, slots=True)
class Plot:
    """One measure over time; ``zone`` is the good band's top and bottom in box units."""

    title: str
    lines: tuple[Line, ...]
    spans: tuple[Span, ...]
    spots: tuple[Spot, ...]
    zone: tuple[float, float] | None
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    worst: Verdict | None


def nice_ticks(low: float, high: float, most: int) -> list[float]:
    """At most ``most`` round numbers (1, 2 or 5 times a power of ten) within ``[low, high]``."""
    if not high > low:
        return []
    raw = (high - low) / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(s * power for s in (1, 2, 5, 10) if s * power >= raw * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    return [i * step for i in range(first, math.floor(high / step + 1e-9) + 1)][: most + 1]


@dataclass(frozen=True, slots=True)
class _Axes:
    """From seconds and values to the box."""

    t0: float
    t1: float
    low: float
    high: float

    def x(self, t_s: FloatArray | float) -> FloatArray:
        return (np.asarray(t_s, dtype=np.float64) - self.t0) / max(self.t1 - self.t0, 1e-9)

    def y(self, value: FloatArray | float) -> FloatArray:
        return (self.high - np.asarray(value, dtype=np.float64)) / max(self.high - self.low, 1e-9)


def _axes(report: Report, curves: Sequence[Curve], good: tuple[float, float] | None) -> _Axes | None:
    values = np.concatenate([c.value for c in curves])
    values = values[np.isfinite(values)]
    if len(values) < 2 or len(report.track) < 2:
        return None
    low, high = float(values.min()), float(values.max())
    reach = max(high - low, 1e-6)
    for bound in good or ():
        if low - reach <= bound <= high + reach:
            low, high = min(low, bound), max(high, bound)
    pad = _HEADROOM * max(high - low, 1e-6)
    return _Axes(float(report.track.t_s[0]), float(report.track.t_s[-1]), low - pad, high + pad)


def _lines(report: Report, curve: Curve, axes: _Axes) -> list[Line]:
    """The curve as polylines, broken where nothing was seen."""
    step = max(1, math.ceil(len(curve.value) / _MOST_POINTS))
    value, t_s = curve.value[::step], report.track.t_s[::step]
    x, y = axes.x(t_s) * WIDE, axes.y(value) * HIGH
    seen = np.flatnonzero(np.isfinite(value))
    runs = np.split(seen, np.flatnonzero(np.diff(seen) > 1) + 1)
    texts = (" ".join(f"{x[i]:.1f},{y[i]:.1f}" for i in run) for run in runs if len(run) > 1)
    return [Line(text, curve.side) for text in texts]


def _short(unit: str) -> str:
    """``unit`` where it is short enough to follow every tick, else nothing."""
    return unit if len(unit_text(unit)) <= _SHORT_UNIT else ""


def spans(report: Report) -> tuple[Span, ...]:
    """The repetitions on the time axis of the set."""
    if len(report.track) < 2:
        return ()
    axes = _Axes(float(report.track.t_s[0]), float(report.track.t_s[-1]), 0, 1)
    found: list[Span] = []
    for cycle in report.cycles:
        a, turn, b = (100 * float(axes.x(t)) for t in (cycle.start_s, cycle.turn_s, cycle.end_s))
        score = "" if cycle.score is None else f", score {cycle.score}"
        hint = f"{cycle_name(cycle)}: {cycle.start_s:.1f} to {cycle.end_s:.1f} s{score}"
        found.append(Span(a, b - a, str(cycle.index + 1), hint, cycle_verdict(cycle), turn))
    return tuple(found)


def _spots(report: Report, curves: Sequence[Curve], axes: _Axes) -> list[Spot]:
    found: list[Spot] = []
    for cycle in report.cycles:
        for finding in cycle.findings:
            at = [c for c in curves if (c.name, c.side) == (finding.measure, finding.side)]
            if not at or finding.frame is None or finding.verdict not in DEFECTS:
                continue
            row = int(np.searchsorted(report.track.index, finding.frame))
            value = at[0].value[row] if row < len(report.track) else np.nan
            if np.isfinite(value):
                left, top = float(axes.x(report.track.t_s[row])), float(axes.y(value))
                hint = f"{cycle_name(cycle)}: {title(finding)} {value_text(finding)}"
                found.append(Spot(100 * left, 100 * top, finding.verdict, hint))
    return found


def plot(report: Report, curves: Sequence[Curve]) -> Plot | None:
    """The plot of ``curves``, one measure's sides; None when too little of them was seen."""
    about = [f for c in report.cycles for f in c.findings if f.measure == curves[0].name]
    about += [f for f in report.set_findings if f.measure == curves[0].name]
    criterion = about[0].criterion if about else None
    good = criterion.good if criterion else None
    axes = _axes(report, curves, good)
    if axes is None:
        return None
    unit = curves[0].unit
    name = criterion.title if criterion and criterion.title else curves[0].name.replace("_", " ")
    zone = None
    if good is not None:
        top, low = (float(np.clip(axes.y(v), 0, 1)) * HIGH for v in (good[1], good[0]))
        zone = (top, low) if low > top else None
    worst = [f.verdict for f in about if f.verdict in DEFECTS]
    return Plot(
        title=sentence(name) + (f", in {unit}" if unit_text(unit) and not _short(unit) else ""),
        lines=tuple(line for curve in curves for line in _lines(report, curve, axes)),
        spans=spans(report),
        spots=tuple(_spots(report, curves, axes)),
        zone=zone,
        y_ticks=tuple(
            Tick(100 * float(axes.y(v)), bound_text(v, _short(unit)))
            for v in nice_ticks(axes.low, axes.high, _Y_TICKS)
        ),
        x_ticks=tuple(Tick(100 * float(axes.x(t)), f"{t:g}") for t in nice_ticks(axes.t0, axes.t1, _X_TICKS)),
        worst=Verdict.FAULT if Verdict.FAULT in worst else Verdict.CAUTION if worst else None,
    )


def plots(report: Report) -> list[Plot]:
    """One plot for every measure with curves: those with faults first, then those that are judged."""
    names = list(dict.fromkeys(c.name for c in report.curves))
    made = [plot(report, [c for c in report.curves if c.name == name]) for name in names]
    order = {Verdict.FAULT: 0, Verdict.CAUTION: 1, None: 2}
    found = [p for p in made if p is not None]
    return sorted(found, key=lambda p: (order.get(p.worst, 2), p.zone is None))


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of a gauge in percent of its width."""

    left: float
    width: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Gauge:
    """A value with its error against its bands, all in percent of the gauge's width."""

    zones: tuple[Zone, ...]
    at: float
    error_left: float
    error_width: float
    ticks: tuple[Tick, ...]


def _shown_range(value: float, error: float, criterion: Criterion) -> tuple[float, float]:
    good, caution = criterion.good or (value, value), criterion.caution or criterion.good or (value, value)
    bounds = [b for b in (*good, *caution) if math.isfinite(b)]
    gaps = [abs(g - c) for g, c in zip(good, caution, strict=True) if math.isfinite(g) and math.isfinite(c)]
    nearest = min((abs(value - b) for b in bounds), default=1.0)
    scale = max(min((g for g in gaps if g > 0), default=nearest), error, 1e-6)
    near = [b for b in bounds if abs(b - value) <= max(_SEEN_BOUNDS * scale, nearest)]
    low, high = min([value - error, *near]), max([value + error, *near])
    pad = max(0.18 * (high - low), 0.5 * scale)
    return low - pad, high + pad


def gauge(finding: Finding) -> Gauge | None:
    """The finding on its bands; None without a number or without bands."""
    good, value = finding.criterion.good, finding.value
    if good is None or value is None or isinstance(value, str) or not math.isfinite(value):
        return None
    error = finding.error95 if finding.error95 is not None and math.isfinite(finding.error95) else 0.0
    low, high = _shown_range(value, error, finding.criterion)

    def at(v: float) -> float:
        return 100 * (min(max(v, low), high) - low) / (high - low)

    def zone(band: tuple[float, float], verdict: Verdict) -> Zone:
        return Zone(at(band[0]), at(band[1]) - at(band[0]), verdict)

    zones = [zone(finding.criterion.caution, Verdict.CAUTION)] if finding.criterion.caution else []
    zones.append(zone(good, Verdict.GOOD))
    edges = sorted({b for b in good if low < b < high})
    ticks = tuple(Tick(at(b), bound_text(b, _short(finding.unit))) for b in edges)
    return Gauge(tuple(zones), at(value), at(value - error), at(value + error) - at(value - error), ticks)
