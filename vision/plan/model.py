"""What a plan is made of. A plan holds its passed gate: without one it cannot be built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from vision.plan.gate import NOTICE, Passed


class Phase(StrEnum):
    """The order of re-education: first awake, then strong, then strong when tired."""

    ACTIVE = "active"
    STRONG = "strong"
    RESISTANT = "resistant"


class Route(StrEnum):
    """Which of the sources' ways applies.

    ``WEAKER_FIRST``: a clear difference above 15 %, so the weaker side alone and without bands first.
    ``BOTH_SIDES``: anything else, both sides, bands and weights as they come.
    """

    WEAKER_FIRST = "weaker_first"
    BOTH_SIDES = "both_sides"


class Sides(StrEnum):
    """Whom an exercise is for: one side, both with twice as much for one, each, or both at once."""

    WEAKER = "weaker"
    DOUBLE = "double"
    EACH = "each"
    TOGETHER = "together"


@dataclass(frozen=True, slots=True)
class Dose:
    """How much: pairs are from-to. ``daily`` is a number of repetitions over the whole day."""

    sets: tuple[int, int] | None = None
    reps: tuple[int, int] | None = None
    hold_s: tuple[int, int] | None = None
    rest_s: int | None = None
    minutes: tuple[int, int] | None = None
    daily: tuple[int, int] | None = None
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise of the plan's table; ``days`` a week in each phase, 0 where it is not done."""

    key: str
    title: str
    source: str
    phase: Phase
    sides: Sides
    dose: Dose
    days: Mapping[Phase, int]
    how: tuple[str, ...]
    stop: str
    role: str
    bands: bool = False


@dataclass(frozen=True, slots=True)
class Signal:
    """What was found, as far as a plan needs it: a fault, or a difference between the sides.

    ``often`` is in how many of how many repetitions. ``value`` None is a pattern, told by ``words``.
    ``percent`` is the canonical index of an asymmetry where it has one.
    """

    kind: str
    movement: str
    measure: str
    title: str
    fault: str | None
    status: str
    side: str | None
    weaker: str | None
    value: float | None
    error95: float | None
    unit: str
    percent: float | None
    percent_error95: float | None
    index: str
    words: str
    often: tuple[int, int]
    on: date
    set_id: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What only the athlete knows and the plan depends on."""

    sprints: bool = False
    lifts: bool = False
    one_sided_season: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """An exercise in a plan: for which side, in which weeks how often, and because of what.

    ``rhythm`` holds ``(first week, last week, days a week)``, weeks from 1. ``weaker`` is the side
    that it favours. ``why`` are the findings that put it here, at least one.
    """

    exercise: Exercise
    sides: Sides
    weaker: str | None
    rhythm: tuple[tuple[int, int, int], ...]
    why: tuple[Signal, ...]
    no_other_side: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for an item without a reason."""
        if not self.why:
            raise ValueError(f"{self.exercise.key}: expected the finding that it is for, got none")


@dataclass(frozen=True, slots=True)
class Rule:
    """Something to leave, or to keep to, with its source."""

    words: str
    source: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan from ``starts`` on. ``gate`` is the proof that the pain question was answered with no."""

    gate: Passed
    route: Route
    weaker: str | None
    starts: date
    weeks: int
    phases: Mapping[Phase, tuple[int, int]]
    items: tuple[Item, ...]
    avoid: tuple[Rule, ...]
    cues: tuple[Rule, ...]
    wean: Rule | None
    keep_to: tuple[Rule, ...]
    normal: tuple[Rule, ...]
    sprint: tuple[Rule, ...]
    disagree: bool
    signals: tuple[Signal, ...]
    profile: Profile
    table: str

    def __post_init__(self) -> None:
        """Raise TypeError where the gate was not passed: there is no plan without it."""
        if not isinstance(self.gate, Passed):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError("expected a passed pain gate, got none: a plan is never made without it")

    @property
    def notice(self) -> str:
        """What stands on everything that shows this plan."""
        return NOTICE

    @property
    def retest(self) -> tuple[date, date]:
        """First and last day of the re-test: after two to four weeks."""
        return self.starts + timedelta(weeks=2), self.starts + timedelta(weeks=4)

    @property
    def ends(self) -> date:
        """The last day."""
        return self.starts + timedelta(weeks=self.weeks, days=-1)


@dataclass(frozen=True, slots=True)
class NoPlan:
    """Why there is nothing to train.

    ``watch`` are differences that are worth another film, ``unseen`` what would have counted and was not
    seen, each with the reason.
    """

    words: str
    normal: tuple[Rule, ...]
    watch: tuple[Signal, ...] = ()
    unseen: tuple[str, ...] = ()
