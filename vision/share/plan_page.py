"""A plan on one page that needs nothing but itself, on screen and on paper."""

from __future__ import annotations

from datetime import date, timedelta

from jinja2 import Environment, PackageLoader, StrictUndefined

from vision.history import day_text
from vision.outputs.plan_words import (
    SOURCES,
    found_text,
    meaning_text,
    phase_texts,
    reason_text,
    retest_text,
    route_texts,
)
from vision.plan import Plan
from vision.plan.days import items_on
from vision.plan.dose import dose_text, rhythm_text


def plan_page(plan: Plan, name: str, done: frozenset[date] = frozenset()) -> str:
    """The page of a plan; only a plan that passed its gate can be handed in."""
    environment = Environment(
        loader=PackageLoader("vision.share", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("plan.html.j2").render(
        plan=plan,
        name=name,
        period=f"{day_text(plan.starts)} to {day_text(plan.ends)}",
        found=[(found_text(s), meaning_text(s)) for s in plan.signals],
        route=route_texts(plan),
        phases=phase_texts(plan),
        items=[(i, dose_text(i), rhythm_text(i), [reason_text(s) for s in i.why]) for i in plan.items],
        retest=retest_text(plan),
        sources=SOURCES,
        weeks=[_week(plan, week, done) for week in range(plan.weeks)],
    )


def _week(plan: Plan, week: int, done: frozenset[date]) -> list[tuple[str, bool, bool]]:
    """Seven days: what stands in the box, whether something is planned, whether it is done."""
    days = [plan.starts + timedelta(weeks=week, days=i) for i in range(7)]
    return [(f"{day.day}/{day.month}", bool(items_on(plan, day)), day in done) for day in days]
