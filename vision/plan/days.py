"""Which items belong to which day, and what the ticked days add up to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from vision.plan.model import Item, Plan

ON: Final = {
    1: (0,),
    2: (0, 3),
    3: (0, 2, 4),
    4: (0, 1, 3, 5),
    5: (0, 1, 2, 4, 5),
    6: (0, 1, 2, 3, 4, 5),
    7: (0, 1, 2, 3, 4, 5, 6),
}
"""Days of a plan's week, from 0, for so many days a week: strength never on two days running."""


def week_of(plan: Plan, day: date) -> int:
    """The plan's week, from 1; 0 and less before it starts."""
    return (day - plan.starts).days // 7 + 1


def falls_on(item: Item, plan: Plan, day: date) -> bool:
    """Whether ``item`` is done on ``day``."""
    week, place = week_of(plan, day), (day - plan.starts).days % 7
    return any(first <= week <= last and place in ON[days] for first, last, days in item.rhythm)


def items_on(plan: Plan, day: date) -> tuple[Item, ...]:
    """What is to be done on ``day``, in the plan's order; nothing before or after the plan."""
    return tuple(item for item in plan.items if falls_on(item, plan, day))


@dataclass(frozen=True, slots=True)
class Month:
    """Days done of those that were planned up to today, and the present row of them."""

    planned: int
    done: int
    in_a_row: int


def month(plan: Plan, done: Collection[date], first: date, last: date, today: date) -> Month:
    """The days from ``first`` to ``last``, both included, as far as they are past."""
    end = min(last, today, plan.ends)
    start = max(first, plan.starts)
    days = [start + timedelta(days=i) for i in range((end - start).days + 1)]
    planned = [day for day in days if items_on(plan, day)]
    row = 0
    for day in reversed(planned):
        if day in done:
            row += 1
        elif day != today:
            break
    return Month(len(planned), sum(day in done for day in planned), row)
