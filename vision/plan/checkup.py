"""The imbalance check-up: five short tests, and what they say together.

A test whose movement is not known to this Plumbline is no step. One-legged tests are two steps, left
and right, whose sets are held against each other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from vision.asymmetry import Asymmetry, Status, read_row
from vision.movements import MOVEMENTS
from vision.plan.model import Signal
from vision.plan.signals import pair_of, signals_of, signals_of_pair, unseen_in
from vision.types import SIDES, Report


@dataclass(frozen=True, slots=True)
class Test:
    """A short test: which movement, on each leg or on both, and what to do."""

    __test__ = False  # not pytest's

    key: str
    title: str
    movement: str
    each_leg: bool
    what: str


TESTS: Final = (
    Test(
        "squat",
        "Squat on both legs",
        "squat",
        False,
        "Five or more squats, as deep as you like.",
    ),
    Test(
        "single_leg_bridge",
        "Single-leg bridge",
        "single_leg_bridge",
        True,
        "Five or more on this leg, the other knee stretched.",
    ),
    Test(
        "single_leg_squat",
        "Single-leg squat",
        "single_leg_squat",
        True,
        "Five or more on this leg, only as deep as you keep your balance.",
    ),
    Test(
        "side_lying_abduction",
        "Side-lying leg lift",
        "side_lying_abduction",
        True,
        "Five or more with this leg on top, slowly, to about 45°.",
    ),
    Test(
        "gait",
        "Walk",
        "gait",
        False,
        "At least seven steps with each leg, as you always walk.",
    ),
    Test(
        "single_leg_stance",
        "Stand on one leg",
        "single_leg_stance",
        True,
        "In place of the walk, or besides it: 30 seconds on this leg, near a wall.",
    ),
)


@dataclass(frozen=True, slots=True)
class Step:
    """A test on one leg, or on both where ``side`` is None."""

    test: Test
    side: str | None

    @property
    def key(self) -> str:
        """How the step is kept: the test, with the side where it has one."""
        return self.test.key if self.side is None else f"{self.test.key}_{self.side}"

    @property
    def title(self) -> str:
        """The test's name with the leg."""
        return self.test.title if self.side is None else f"{self.test.title}, {self.side}"

    @property
    def film(self) -> str:
        """How to film it, as the movement's table says, from the view that shows most of it."""
        movement = MOVEMENTS[self.test.movement]
        return movement.table.film[movement.views[0].value]


def steps(known: Collection[str] | None = None) -> tuple[Step, ...]:
    """The steps of a check-up, in order, of the movements that are ``known``."""
    names = MOVEMENTS if known is None else known
    return tuple(
        Step(test, side)
        for test in TESTS
        if test.movement in names
        for side in (SIDES if test.each_leg else (None,))
    )


@dataclass(frozen=True, slots=True)
class Filmed:
    """The set of a step: its report, day and id."""

    report: Report
    on: date
    set_id: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check-up says: differences by how sure they are, faults for a plan, and what is missing.

    ``unseen`` is what the films that are there could not show.
    """

    asymmetries: tuple[tuple[str, Asymmetry], ...]
    signals: tuple[Signal, ...]
    missing: tuple[str, ...]
    unseen: tuple[str, ...] = ()

    def with_status(self, *statuses: Status) -> tuple[tuple[str, Asymmetry], ...]:
        """The differences of some statuses, each with the name of its test."""
        return tuple(pair for pair in self.asymmetries if pair[1].status in statuses)


def outcome(done: Mapping[str, Filmed], known: Collection[str] | None = None) -> Outcome:
    """What the sets of a check-up say together; ``done`` by the keys of `steps`."""
    found: list[tuple[str, Asymmetry]] = []
    signals: list[Signal] = []
    missing: list[str] = []
    for test in dict.fromkeys(step.test for step in steps(known)):
        if not test.each_leg:
            one = done.get(test.key)
            missing += [] if one else [test.title]
            if one:
                rows = (read_row(row) for row in one.report.asymmetries)
                found += [(test.title, row) for row in rows if row is not None]
                signals += signals_of(one.report, one.on, one.set_id)
            continue
        left, right = (done.get(f"{test.key}_{side}") for side in SIDES)
        missing += [] if left and right else [test.title]
        for one in filter(None, (left, right)):
            signals += [s for s in signals_of(one.report, one.on, one.set_id) if s.fault is not None]
        if left and right:
            found += [(test.title, row) for row in pair_of(left.report, right.report)]
            signals += signals_of_pair(left.report, right.report, max(left.on, right.on), left.set_id)
    unseen = dict.fromkeys(line for one in done.values() for line in unseen_in(one.report))
    return Outcome(tuple(found), _once(signals), tuple(missing), tuple(unseen))


def _once(signals: list[Signal]) -> tuple[Signal, ...]:
    """Each finding once; the same set may stand for two steps."""
    return tuple(dict.fromkeys(signals))


__all__ = ["TESTS", "Filmed", "Outcome", "Step", "Test", "outcome", "steps"]
