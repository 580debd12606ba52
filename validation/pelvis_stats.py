"""Figures over what was told of the pelvis and what was true. Pure functions; degrees and shares 0 to 1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from validation.tables import number
from vision.types import Verdict

NAN: Final = float("nan")
FEWEST_FOR_SLOPE: Final = 3
LEAST_SPAN_DEG: Final = 3.0
"""Repetitions of one clip are alike: where truths span less than this, nothing can be said of slope and r."""


@dataclass(frozen=True)
class Told:
    """One value that was told, or not, beside the true one.

    ``way`` is who told it; ``due`` the verdict that the true value deserves, None where nothing is
    judged. ``groups`` are what the clip is sorted by.
    """

    clip: str
    measure: str
    way: str
    value: float | str | None
    error95: float
    verdict: Verdict
    true: float | str
    due: Verdict | None = None
    groups: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def error_deg(self) -> float:
        """Told minus true; NaN where either is no number."""
        if isinstance(self.value, str) or isinstance(self.true, str) or self.value is None:
            return NAN
        return self.value - self.true


@dataclass(frozen=True, slots=True)
class Degrees:
    """Errors of the ``told`` of ``n`` values that have a number; NaN where there is nothing to sum up.

    ``slope`` is told over true by least squares and ``r`` their correlation, NaN for fewer than three
    values or truths that hardly differ. ``within95`` is the share of truths inside the error stated.
    """

    n: int
    told: int
    bias: float
    rms: float
    largest: float
    slope: float
    r: float
    median95: float
    within95: float

    @property
    def unknown(self) -> float:
        """Share of values that were not told."""
        return (self.n - self.told) / self.n if self.n else NAN


def degrees(values: Sequence[Told]) -> Degrees:
    """Figures over values of one measure."""
    known = [v for v in values if np.isfinite(v.error_deg)]
    if not known:
        return Degrees(len(values), 0, *(NAN,) * 7)
    off = np.array([v.error_deg for v in known])
    true = np.array([float(v.true) for v in known])
    wide = np.array([v.error95 for v in known])
    stated = np.isfinite(wide)
    slope, r = line(true, true + off)
    return Degrees(
        len(values),
        len(known),
        float(off.mean()),
        float(np.sqrt((off**2).mean())),
        float(np.abs(off).max()),
        slope,
        r,
        float(np.median(wide[stated])) if stated.any() else NAN,
        float((np.abs(off) <= wide)[stated].mean()) if stated.any() else NAN,
    )


def line(true: Sequence[float] | np.ndarray, told: Sequence[float] | np.ndarray) -> tuple[float, float]:
    """Least-squares slope of told over true, and their correlation."""
    x, y = np.asarray(true, np.float64), np.asarray(told, np.float64)
    if len(x) < FEWEST_FOR_SLOPE or np.ptp(x) < LEAST_SPAN_DEG:
        return NAN, NAN
    dx, dy = x - x.mean(), y - y.mean()
    spread = float(np.sqrt((dx**2).sum() * (dy**2).sum()))
    return float((dx * dy).sum() / (dx**2).sum()), float((dx * dy).sum() / spread) if spread > 0 else NAN


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Verdicts of ``n`` values whose true value deserves one: how many were each.

    ``wrong`` took good for a fault or a fault for good; ``beside`` were one step off; ``false_fault``
    called a fault what is none (good or caution).
    """

    n: int
    right: int
    beside: int
    wrong: int
    unknown: int
    false_fault: int

    def share(self, count: int) -> float:
        """``count`` of all values, NaN where there are none."""
        return count / self.n if self.n else NAN


def verdicts(values: Iterable[Told]) -> Verdicts:
    """Tally of the verdicts said against those due."""
    due = [v for v in values if v.due is not None]
    said = [v for v in due if v.verdict is not Verdict.UNKNOWN]
    extremes = {Verdict.GOOD, Verdict.FAULT}
    right = sum(v.verdict is v.due for v in said)
    wrong = sum({v.verdict, v.due} == extremes for v in said)
    return Verdicts(
        n=len(due),
        right=right,
        beside=len(said) - right - wrong,
        wrong=wrong,
        unknown=len(due) - len(said),
        false_fault=sum(v.verdict is Verdict.FAULT and v.due is not Verdict.FAULT for v in said),
    )


def words(values: Sequence[Told]) -> Verdicts:
    """Tally of words such as ``anterior``: any word that is not the true one is wrong."""
    said = [v for v in values if isinstance(v.value, str)]
    right = sum(v.value == v.true for v in said)
    return Verdicts(len(values), right, 0, len(said) - right, len(values) - len(said), 0)


@dataclass(frozen=True, slots=True)
class Bar:
    """A goal beside what was found; ``reached`` None where there was nothing to hold against it."""

    what: str
    goal: str
    found: str
    reached: bool | None


def _within(value: float, low: float, high: float) -> bool | None:
    return None if not np.isfinite(value) else low <= value <= high


def all_of(parts: Iterable[bool | None]) -> bool | None:
    """Whether all hold; None where any of them could not be told and none failed."""
    parts = list(parts)
    if any(p is False for p in parts):
        return False
    return None if any(p is None for p in parts) else True


def degrees_bar(
    what: str, d: Degrees, *, most: float, least_r: float = -1.0, slope: tuple[float, float] = (-9.0, 9.0)
) -> Bar:
    """Whether errors (RMS), correlation and slope are as they must be."""
    goal = f"RMS ≤ {most:g}°"
    goal += f", r ≥ {least_r:g}" if least_r > -1 else ""
    goal += f", slope {slope[0]:g} to {slope[1]:g}" if slope[0] > -9 else ""
    if not d.told:
        return Bar(what, goal, f"nothing told of {d.n}", None)
    found = f"RMS {number(d.rms)}°, r {number(d.r, 2)}, slope {number(d.slope, 2)}; {d.told} of {d.n} told"
    checks = [_within(d.rms, 0, most)]
    checks += [_within(d.r, least_r, 1.0)] if least_r > -1 else []
    checks += [_within(d.slope, *slope)] if slope[0] > -9 else []
    return Bar(what, goal, found, all_of(checks))


def verdict_bar(what: str, v: Verdicts, *, most_wrong: float, least_right: float = 0.0) -> Bar:
    """Whether verdicts are right often enough and wrong seldom enough; shares of all values."""
    goal = f"right ≥ {least_right:.0%}, " if least_right else ""
    goal += f"wrong ≤ {most_wrong:.0%}"
    if not v.n:
        return Bar(what, goal, "no value", None)
    found = f"right {v.share(v.right):.0%}, wrong {v.share(v.wrong):.1%}"
    found += f", one step off {v.share(v.beside):.0%}" if v.beside else ""
    found += f", unknown {v.share(v.unknown):.0%} of {v.n}"
    return Bar(what, goal, found, v.share(v.right) >= least_right and v.share(v.wrong) <= most_wrong)


def coverage_bar(what: str, d: Degrees) -> Bar:
    """Whether the error stated holds the truth as often as it says."""
    goal = "93 to 97 % inside"
    if not np.isfinite(d.within95):
        return Bar(what, goal, "no error stated", None)
    return Bar(what, goal, f"{d.within95:.1%} of {d.told}", 0.93 <= d.within95 <= 0.97)
