"""A dose and a rhythm in plain words."""

from __future__ import annotations

from vision.plan.model import Dose, Item, Sides
from vision.types import other_side


def dose_text(item: Item) -> str:
    """``left 3 sets of 8 to 10, right 3 sets of 4 to 5; rest 30 s``."""
    dose = item.exercise.dose
    if item.weaker is None or item.sides not in (Sides.WEAKER, Sides.DOUBLE):
        whom = " on each side" if item.sides is Sides.EACH and not dose.minutes else ""
        told = f"{_amount(dose)}{whom}"
    elif item.sides is Sides.WEAKER:
        told = f"{item.weaker} side only: {_amount(dose)}"
    else:
        other = other_side(item.weaker)
        rest = "nothing" if item.no_other_side else _amount(halved(dose))
        told = f"{item.weaker} {_amount(dose)}, {other} {rest}"
    told = ", ".join(filter(None, [told, dose.extra]))
    return "; ".join(filter(None, [told, _rest(dose)]))


def halved(dose: Dose) -> Dose:
    """Half the volume: half the repetitions, or half the hold, of the same sets, rounded up."""

    def half(pair: tuple[int, int] | None) -> tuple[int, int] | None:
        return None if pair is None else ((pair[0] + 1) // 2, (pair[1] + 1) // 2)

    if dose.reps is not None:
        return Dose(dose.sets, half(dose.reps), dose.hold_s, dose.rest_s, dose.minutes, dose.daily)
    return Dose(dose.sets, None, half(dose.hold_s), dose.rest_s, half(dose.minutes), dose.daily)


def _amount(dose: Dose) -> str:
    sets = f"{_span(dose.sets)} {'set' if dose.sets == (1, 1) else 'sets'} of " if dose.sets else ""
    if dose.daily:
        return f"{_span(dose.daily)} a day in sets of {_span(dose.reps)}"
    if dose.reps:
        hold = f", each held {_span(dose.hold_s)} s" if dose.hold_s else ""
        return f"{sets}{_span(dose.reps)}{hold}"
    if dose.hold_s:
        return f"{sets}{_span(dose.hold_s)} s"
    return f"{_span(dose.minutes)} minutes"


def _rest(dose: Dose) -> str:
    minutes = f"{_span(dose.minutes)} minutes in all" if dose.minutes and dose.reps else ""
    return "; ".join(filter(None, [f"{dose.rest_s} s rest" if dose.rest_s else "", minutes]))


def _span(pair: tuple[int, int] | None) -> str:
    if pair is None:
        return ""
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]} to {pair[1]}"


def rhythm_text(item: Item) -> str:
    """``weeks 1 to 4: daily; weeks 5 to 8: 3 days a week``."""
    return "; ".join(f"{weeks_text(first, last)}: {days_text(days)}" for first, last, days in item.rhythm)


def weeks_text(first: int, last: int) -> str:
    """``week 8`` or ``weeks 1 to 4``."""
    return f"week {first}" if first == last else f"weeks {first} to {last}"


def days_text(days: int) -> str:
    """``daily``, ``once a week``, ``3 days a week``."""
    return {7: "daily", 1: "once a week"}.get(days, f"{days} days a week")
