"""A plan in plain words: why an item is there, what was found, what a re-test says."""

from __future__ import annotations

from typing import Final

from vision.asymmetry import Index, Status
from vision.history import day_text
from vision.movements import MOVEMENTS
from vision.outputs.wording import listing, sentence, with_error
from vision.plan import Phase, Plan, Route, Signal
from vision.plan.dose import weeks_text
from vision.plan.groove import Groove
from vision.plan.retest import Outcome, Retest
from vision.plan.signals import FAULT
from vision.types import Verdict

PAIN_QUESTION: Final = "Does anything hurt today, at the hips or anywhere else?"
PHASE_WORDS: Final = {
    Phase.ACTIVE: "wake it up",
    Phase.STRONG: "make it strong",
    Phase.RESISTANT: "keep it up when tired",
}
_ROUTE: Final = {
    Route.WEAKER_FIRST: (
        "A difference above 15 % was found: the {side} side goes first, alone and without bands or weights "
        "in the daily drills, and gets twice the volume later."
    ),
    Route.BOTH_SIDES: "No difference above 15 % between the sides is known, so both train alike.",
}
SOURCES: Final = (
    "S0 guide to imbalances, S1 questions and answers of a sprinter, S2 prevention, S3 hinge and bridge, S4 "
    "the side of the hip: the articles that the plan follows, in our words. Assumed: ours."
)
_DISAGREE: Final = (
    "Two measures point to different sides as the weaker one, so both train alike. Film again to see which "
    "of them holds."
)


def found_text(signal: Signal) -> str:
    """What was found, with value, error and how often: ``Squat, 2 March 2026: hips shifted …``."""
    movement = MOVEMENTS.get(signal.movement)
    where = movement.table.title if movement else signal.movement.replace("_", " ")
    return f"{where}, {day_text(signal.on)}: {reason_text(signal)}"


def reason_text(signal: Signal) -> str:
    """The finding alone: ``hips shifted to the right, −9 ± 2 % (5 of 5 reps)``."""
    unit = "steps" if signal.movement in _STEPS else "reps"
    often = f" ({signal.often[0]} of {signal.often[1]} {unit})" if signal.often[1] else ""
    if signal.kind != FAULT:
        return f"{_sides(signal)}{often}"
    value = ""
    if signal.value is not None and signal.error95 is not None:
        value = f", {with_error(signal.value, signal.unit, signal.error95)}"
    watch = "worth watching: " if signal.status == Verdict.CAUTION else ""
    return f"{watch}{signal.words}{value}{often}"


_STEPS: Final = frozenset({"gait", "sprint"})


def _sides(signal: Signal) -> str:
    title = signal.title[:1].lower() + signal.title[1:]
    lead = "uneven" if signal.status == Status.UNEVEN else "a small difference"
    side = "which side is weaker is not known"
    if signal.weaker:
        side = f"the {signal.weaker} side probably does less"
    if signal.percent is not None and signal.percent_error95 is not None:
        amount = with_error(signal.percent, "%", signal.percent_error95)
        by = "of the stronger side"
        if signal.index == Index.SHARE:
            by = f"less load on the {signal.weaker} side, reckoned by levers, not a force"
        return f"{lead}: {title}, {amount} {by}; {side}"
    apart = with_error(abs(signal.value or 0.0), signal.unit, signal.error95)
    more = f", more of it on the {signal.weaker}" if signal.weaker else ""
    return f"{lead}: {title}, {apart} between the sides{more}"


def meaning_text(signal: Signal) -> str:
    """What the movement's table says that a fault means; empty for a difference between the sides."""
    movement = MOVEMENTS.get(signal.movement)
    fault = movement.table.faults.get(signal.fault or "") if movement else None
    return fault.explain if fault else ""


def route_texts(plan: Plan) -> list[str]:
    """Which way the plan goes, and why."""
    told = [_ROUTE[plan.route].format(side=plan.weaker)]
    if plan.route is Route.BOTH_SIDES and plan.weaker:
        told = [
            f"The {plan.weaker} side showed more of it, beyond the error: it gets the full dose, the other "
            "half. In degrees near zero no per cent can be told, so this is no statement about strength."
        ]
    return [*told, *([_DISAGREE] if plan.disagree else [])]


def phase_texts(plan: Plan) -> list[str]:
    """``weeks 1 to 4: wake it up`` and so on."""
    return [f"{sentence(weeks_text(*span))}: {PHASE_WORDS[phase]}" for phase, span in plan.phases.items()]


def retest_text(plan: Plan) -> str:
    """When to film again."""
    first, last = plan.retest
    return (
        f"Film the same again between {day_text(first)} and {day_text(last)}, from the same place. Only a "
        "change beyond the errors of both films is called one."
    )


def week_text(plan: Plan, week: int) -> str:
    """``Week 3 of 12: wake it up``."""
    name = next((PHASE_WORDS[p] for p, (a, b) in plan.phases.items() if a <= week <= b), "")
    return f"Week {week} of {plan.weeks}: {name}" if name else ""


def groove_text(got: Groove, unit: str = "rep") -> str:
    """``3 of 5 quality reps; uneven: rep 4 and 5``; empty where nothing could be judged."""
    if not got.judged:
        return f"no {unit} could be judged"
    told = f"{got.quality} of {got.judged} quality {unit}{'s' * (got.judged > 1)}"
    return f"{told}; uneven: {unit} {listing(got.uneven)}" if got.uneven else told


def outcome_text(got: Retest) -> str:
    """``hips to one side: better, 31 % before, 12 % now (a change of 19 ± 5 %)``."""
    title = got.signal.words or got.signal.title[:1].lower() + got.signal.title[1:]
    if got.outcome is Outcome.UNKNOWN:
        return f"{title}: cannot be compared: {got.words}"
    if got.before is None or got.now is None or got.error95 is None:
        return f"{title}: {got.outcome.value} ({got.words})"
    change = with_error(abs(got.now - got.before), got.unit, got.error95)
    before, now = (with_error(v, got.unit, None) for v in (got.before, got.now))
    return f"{title}: {got.outcome.value}; {before} then, {now} now, a change of {change}"
