"""The course of a measure from set to set, and when a difference may be called a change.

Two values are called different only where they lie further apart than their errors together,
``sqrt(e1² + e2²)``. Only what was measured in the same way stands in one series: the same movement,
view, measure, side and unit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Protocol

from vision.types import Verdict

Told = Callable[[float, str, float | None], str]
"""Puts a value, its unit and its error, if it is known, into words such as ``1 ± 2 %``."""

_JUST: Final = 1.2
"""Up to that many times the error a change is called just beyond it: rounded, both may read the same."""

_RANK: Final = {Verdict.GOOD: 0, Verdict.CAUTION: 1, Verdict.FAULT: 2}


class Found(Protocol):
    """A finding of one set, as :class:`vision.store.rows.Value` holds it."""

    @property
    def measure(self) -> str:
        """The measure's key."""
        ...

    @property
    def title(self) -> str:
        """The measure's name in plain words."""
        ...

    @property
    def side(self) -> str | None:
        """The athlete's side."""
        ...

    @property
    def value(self) -> float:
        """What was measured, in ``unit``."""
        ...

    @property
    def error95(self) -> float | None:
        """Half the 95 % interval, in ``unit``."""
        ...

    @property
    def unit(self) -> str:
        """The unit of value and error."""
        ...

    @property
    def verdict(self) -> str:
        """A verdict's word."""
        ...


class Dated(Protocol):
    """A finding with its set and day, as :class:`vision.store.rows.Point` holds it."""

    @property
    def set_id(self) -> str:
        """The set's id."""
        ...

    @property
    def set_title(self) -> str:
        """What the set is called."""
        ...

    @property
    def filmed_on(self) -> date:
        """The day of the set."""
        ...

    @property
    def added(self) -> datetime:
        """When it came into the library."""
        ...

    @property
    def movement(self) -> str:
        """The movement's key."""
        ...

    @property
    def view(self) -> str:
        """From where it was filmed."""
        ...

    @property
    def found(self) -> Found:
        """The finding."""
        ...


@dataclass(frozen=True, slots=True)
class Mark:
    """One set's value in a course; ``error95`` is None where it is not known."""

    set_id: str
    set_title: str
    on: date
    value: float
    error95: float | None
    verdict: Verdict


class Way(StrEnum):
    """Where a value went; better and worse only where the verdict's band says so."""

    WITHIN = "within the error"
    MORE = "more"
    LESS = "less"
    BETTER = "better"
    WORSE = "worse"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Change:
    """``difference`` is later minus earlier, ``error95`` that of the difference, both in the unit.

    ``error95`` is None where one of the errors is unknown; then ``way`` is unknown too. ``up`` says
    whether the value grew.
    """

    way: Way
    difference: float
    error95: float | None

    @property
    def told(self) -> bool:
        """Whether a change can be told from the error."""
        return self.way not in (Way.WITHIN, Way.UNKNOWN)

    @property
    def up(self) -> bool:
        """Whether the value grew."""
        return self.difference > 0


@dataclass(frozen=True, slots=True)
class Course:
    """A measure over the sets that can be compared, oldest first."""

    movement: str
    view: str
    measure: str
    side: str | None
    unit: str
    title: str
    marks: tuple[Mark, ...]

    def change(self) -> Change | None:
        """From the first set to the last; None for fewer than two sets."""
        return compare(self.marks[:1], self.marks[-1]) if len(self.marks) > 1 else None

    def latest(self) -> Change | None:
        """From the mean of all earlier sets to the last; None for fewer than two sets."""
        return compare(self.marks[:-1], self.marks[-1]) if len(self.marks) > 1 else None


def courses(points: Iterable[Dated]) -> tuple[Course, ...]:
    """The points as courses, in the order in which their measures first appear.

    Values that are no number are left out; of a set that names a measure twice the first one stands.
    """
    ordered = sorted(points, key=lambda p: (p.filmed_on, p.added, p.set_id))
    titles: dict[tuple[str, str, str, str | None, str], str] = {}
    marks: dict[tuple[str, str, str, str | None, str], dict[str, Mark]] = {}
    for point in ordered:
        found = point.found
        if not math.isfinite(found.value):
            continue
        key = (point.movement, point.view, found.measure, found.side, found.unit)
        titles[key] = found.title or found.measure.replace("_", " ")
        marks.setdefault(key, {}).setdefault(point.set_id, _mark(point))
    return tuple(Course(*key, titles[key], tuple(of.values())) for key, of in marks.items())


def _mark(point: Dated) -> Mark:
    found = point.found
    error = found.error95
    known = error is not None and math.isfinite(error) and error > 0
    verdict = Verdict(found.verdict) if found.verdict in set(Verdict) else Verdict.UNKNOWN
    return Mark(
        point.set_id, point.set_title, point.filmed_on, found.value, error if known else None, verdict
    )


def compare(earlier: Sequence[Mark], last: Mark) -> Change:
    """The change from the mean of ``earlier``, at least one, to ``last``."""
    if not earlier:
        raise ValueError("expected at least one earlier set to compare with, got none")
    difference = last.value - math.fsum(m.value for m in earlier) / len(earlier)
    error = _combined(earlier, last)
    if error is None:
        return Change(Way.UNKNOWN, difference, None)
    if not abs(difference) > error:
        return Change(Way.WITHIN, difference, error)
    return Change(_way(earlier, last, difference), difference, error)


def _combined(earlier: Sequence[Mark], last: Mark) -> float | None:
    """Error of the difference; None where one is unknown.

    The mean of several sets counts as no surer than one of them: what a camera's place and a
    measure's definition put in is the same in every set and does not average out.
    """
    errors = [m.error95 for m in earlier if m.error95 is not None]
    if len(errors) < len(earlier) or last.error95 is None:
        return None
    return math.hypot(math.hypot(*errors) / math.sqrt(len(errors)), last.error95)


def _way(earlier: Sequence[Mark], last: Mark, difference: float) -> Way:
    """Better or worse where the verdict moved against that of every earlier set, else more or less."""
    ranks = [_RANK.get(m.verdict) for m in earlier]
    now = _RANK.get(last.verdict)
    known = [rank for rank in ranks if rank is not None]
    if now is not None and len(known) == len(ranks):
        if now < min(known):
            return Way.BETTER
        if now > max(known):
            return Way.WORSE
    return Way.MORE if difference > 0 else Way.LESS


def sentence(course: Course, told: Told) -> str:
    """What can be said about a course, in one or two sentences with every value's error."""
    change = course.change()
    if change is None:
        only = course.marks[0] if course.marks else None
        if only is None or only.error95 is None:
            return "Nothing that can be compared yet."
        return f"One set so far: {_value(course, only, told)}. A course needs two."
    if change.error95 is None:
        return "The error of a value is not known, so no change can be told."
    first, last = course.marks[0], course.marks[-1]
    text = (
        f"{_value(course, first, told)} on {day_text(first.on)}, "
        f"{_value(course, last, told)} on {day_text(last.on)}: {_change(course, change, told)}"
    )
    latest = course.latest()
    if len(course.marks) < 3 or latest is None or latest.error95 is None:
        return f"{text}."
    return f"{text}. Latest against the mean of the earlier ones: {_change(course, latest, told)}."


def _value(course: Course, mark: Mark, told: Told) -> str:
    return told(mark.value, course.unit, mark.error95)


def _change(course: Course, change: Change, told: Told) -> str:
    amount = told(abs(change.difference), course.unit, change.error95)
    if change.way is Way.WITHIN:
        return f"a difference of {amount} is within the error"
    amount = f"{amount} {'more' if change.up else 'less'}"
    if change.error95 is not None and abs(change.difference) < _JUST * change.error95:
        amount += " (just beyond the error)"
    last = course.marks[-1].verdict.value
    words = {
        Way.BETTER: f"{amount}, better: now {last}",
        Way.WORSE: f"{amount}, worse: now {last}",
    }
    return words.get(change.way, amount)


def day_text(day: date) -> str:
    """A calendar day as people write it, whatever the machine's language."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


# Not strftime: what it prints depends on the machine's language.
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
