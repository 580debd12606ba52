"""From signals to a plan: pure rules over ``plan.toml``.

Where the sources disagree: above 15 % between the sides the imbalance guide goes first (the weaker
side alone, no bands, no load in the daily drills); below it, or where no per cent can be computed, the
programme for both sides. The hinge and bridge drills are activation and daily, the programme for the
side of the hip is strength, two or three times a week. Two measures that name different sides as the
weaker one favour none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from vision.asymmetry import UNEVEN_PCT, Status
from vision.movements import MOVEMENTS
from vision.plan.gate import Passed
from vision.plan.model import (
    Exercise,
    Item,
    NoPlan,
    Phase,
    Plan,
    Profile,
    Route,
    Rule,
    Sides,
    Signal,
)
from vision.plan.signals import FAULT, SIDES_DIFFER
from vision.plan.table import Need, PlanTable, Way, plan_table

_ROLES: Final = ("activation", "mobility", "strengthening", "technique")
_UNEVEN: Final = "uneven"
"""The need that a difference between the sides calls for by itself."""

NOTHING: Final = "Nothing was found that asks for drills."
PARTLY: Final = "In what could be seen nothing was found that asks for drills."
SMALL: Final = (
    "The sides differ a little. That is normal and asks for no drills. Film the same again in two to four "
    "weeks; only a difference that stays or grows is worth a plan."
)


def make(
    signals: Sequence[Signal],
    profile: Profile,
    gate: Passed,
    starts: date,
    table: PlanTable | None = None,
    *,
    unseen: Sequence[str] = (),
) -> Plan | NoPlan:
    """The plan for what was found, from ``starts`` on, or why there is none.

    ``unseen`` is what the films could not show (:func:`vision.plan.signals.unseen_in`).
    """
    table = table or plan_table()
    uneven = [s for s in signals if s.kind == SIDES_DIFFER and s.status == Status.UNEVEN]
    faults = [s for s in signals if s.kind == FAULT]
    sides = {s.weaker for s in uneven if s.weaker}
    weaker = next(iter(sides)) if len(sides) == 1 else None
    above = any(s.percent is not None and s.percent > UNEVEN_PCT for s in uneven)
    route = Route.WEAKER_FIRST if weaker and above else Route.BOTH_SIDES
    way = table.ways[route]
    first = uneven if route is Route.WEAKER_FIRST else []
    wanted = _wanted(table, faults, first, route, profile)
    late = {key for need in table.needs for key in need.later} - _early(table, faults, first, route, profile)
    items = [
        _item(table.exercises[key], why, uneven, key in late, _Course(route, weaker, way, profile))
        for key, why in wanted.items()
    ]
    items = [item for item in items if item.rhythm]
    cues = _cues(table, faults)
    if not items:
        watch = tuple(s for s in signals if s.kind == SIDES_DIFFER)
        words = SMALL if watch else " ".join([PARTLY if unseen else NOTHING, *(c.words for c in cues)])
        return NoPlan(words, table.normal, watch, tuple(unseen))
    return Plan(
        gate=gate,
        route=route,
        weaker=weaker,
        starts=starts,
        weeks=way.weeks,
        phases=way.phases,
        items=tuple(sorted(items, key=lambda i: _order(i, table))),
        avoid=tuple(rule for when, rule in table.avoid if when in _whens(route, profile, weaker)),
        cues=cues,
        wean=way.wean if any(i.exercise.role == "activation" for i in items) else None,
        keep_to=table.keep,
        normal=table.normal,
        sprint=_sprint(table, route, profile),
        disagree=len(sides) > 1,
        signals=tuple(signals),
        profile=profile,
        table=table.version,
    )


# --------------------------------------------------------------------------- what is asked for


def _asked(table: PlanTable, faults: Sequence[Signal], uneven: Sequence[Signal]) -> list[tuple[Need, Signal]]:
    """Needs with each finding that calls for them, in the table's order."""
    return [
        (need, why)
        for need in table.needs
        for why in (uneven if need.key == _UNEVEN else [s for s in faults if _key(s) in need.faults])
    ]


def _wanted(
    table: PlanTable, faults: Sequence[Signal], uneven: Sequence[Signal], route: Route, profile: Profile
) -> Mapping[str, tuple[Signal, ...]]:
    """Exercises with the findings that ask for them."""
    wanted: dict[str, list[Signal]] = {}
    for need, why in _asked(table, faults, uneven):
        for key in (*_lists(need, route, profile, one_sided=bool(uneven)), *need.later):
            if why not in wanted.setdefault(key, []):
                wanted[key].append(why)
    return {key: tuple(why) for key, why in wanted.items()}


def _early(
    table: PlanTable, faults: Sequence[Signal], uneven: Sequence[Signal], route: Route, profile: Profile
) -> set[str]:
    """Exercises that some finding asks for from the start."""
    return {
        key
        for need, _ in _asked(table, faults, uneven)
        for key in _lists(need, route, profile, one_sided=bool(uneven))
    }


def _key(signal: Signal) -> str:
    return f"{signal.movement}.{signal.fault}"


def _lists(need: Need, route: Route, profile: Profile, *, one_sided: bool) -> tuple[str, ...]:
    routed = need.weaker if route is Route.WEAKER_FIRST else need.both
    return (*need.always, *routed, *(need.sprint if profile.sprints and one_sided else ()))


def _cues(table: PlanTable, faults: Sequence[Signal]) -> tuple[Rule, ...]:
    """What to do about a fault besides exercises; of one that the table does not know, its own drill."""
    made: dict[str, Rule] = {}
    for signal in faults:
        need = next((n for n in table.needs if _key(signal) in n.faults), None)
        movement = MOVEMENTS.get(signal.movement)
        known = movement.table.faults.get(signal.fault or "") if movement else None
        if need is not None and need.cue:
            made.setdefault(need.cue, Rule(need.cue, known.source if known else "plan.toml"))
        elif need is None and known is not None:
            made.setdefault(known.drill, Rule(known.drill, known.source))
    return tuple(made.values())


# --------------------------------------------------------------------------- how each is done


@dataclass(frozen=True, slots=True)
class _Course:
    """What is the same for all items of a plan."""

    route: Route
    weaker: str | None
    way: Way
    profile: Profile


def _item(of: Exercise, why: tuple[Signal, ...], uneven: Sequence[Signal], late: bool, on: _Course) -> Item:
    """An exercise with whom it is for and when; what makes it favour a side is among its reasons."""
    sides = _sides(of, on.route, on.weaker)
    favours = on.weaker if sides in (Sides.WEAKER, Sides.DOUBLE) else None
    more = tuple(s for s in uneven if favours and s.weaker == favours and s not in why)
    alone = sides is Sides.DOUBLE and on.profile.one_sided_season
    return Item(of, sides, favours, _rhythm(of, late, on), (*why, *more), no_other_side=alone)


def _sides(of: Exercise, route: Route, weaker: str | None) -> Sides:
    """For whom: the weaker side alone only above 15 %, twice as much for it wherever one is known."""
    if of.sides is Sides.TOGETHER or weaker is None:
        return of.sides if of.sides is Sides.TOGETHER else Sides.EACH
    if of.sides is Sides.WEAKER:
        return Sides.WEAKER if route is Route.WEAKER_FIRST else Sides.EACH
    return Sides.DOUBLE if of.role == "strengthening" and not of.bands else Sides.EACH


def _rhythm(of: Exercise, late: bool, on: _Course) -> tuple[tuple[int, int, int], ...]:
    """First week, last week, days a week.

    On the weaker side's way strength waits until the drills have woken it, and bands until the end.
    """
    first = on.route is Route.WEAKER_FIRST
    spans: list[tuple[int, int, int]] = []
    for phase in Phase:
        begins, ends = on.way.phases[phase]
        early = phase is Phase.ACTIVE and (late or (first and of.role == "strengthening"))
        banded = first and of.bands and phase is not Phase.RESISTANT
        days = 0 if early or banded else of.days[phase]
        if days and spans and spans[-1][1:] == (begins - 1, days):
            spans[-1] = (spans[-1][0], ends, days)
        elif days:
            spans.append((begins, ends, days))
    return tuple(spans)


def _order(item: Item, table: PlanTable) -> tuple[int, int, int]:
    """Active, strong, fatigue-resistant; within it wake, move, strengthen; then as the table has them."""
    keys = list(table.exercises)
    return item.rhythm[0][0], _ROLES.index(item.exercise.role), keys.index(item.exercise.key)


def _whens(route: Route, profile: Profile, weaker: str | None) -> set[str]:
    """Which of the table's warnings apply."""
    first = route is Route.WEAKER_FIRST
    applies = {
        "always": True,
        "weaker": first,
        "weaker_lifts": first and profile.lifts,
        "lifts": profile.lifts,
        "season": profile.one_sided_season and weaker is not None,
    }
    return {name for name, yes in applies.items() if yes}


def _sprint(table: PlanTable, route: Route, profile: Profile) -> tuple[Rule, ...]:
    """The way back to sprinting, for who sprints and has to leave it for a while."""
    if not (profile.sprints and route is Route.WEAKER_FIRST):
        return ()
    return tuple(Rule(f"{_weeks(span)}: {rule.words}", rule.source) for span, rule in table.sprint)


def _weeks(span: tuple[int, int]) -> str:
    return f"Week {span[0]}" if span[0] == span[1] else f"Weeks {span[0]} to {span[1]}"
