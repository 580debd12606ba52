"""A plan as HTML fragments: pure functions to text. Knows no Streamlit; a plan has passed its gate."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from html import escape
from typing import Final

from vision.outputs.plan_words import found_text, meaning_text, reason_text
from vision.plan import Item, Plan, Rule
from vision.plan.days import items_on
from vision.plan.dose import dose_text, rhythm_text
from vision.ui.show import listing


def notice(plan: Plan) -> str:
    """What stands on every page that shows a plan."""
    return f'<p class="pl-callout"><b>{escape(plan.notice)}</b></p>'


def today_list(items: Iterable[Item]) -> str:
    """What is to be done, with its dose."""
    return listing(f"<b>{escape(i.exercise.title)}</b><br>{escape(_capital(dose_text(i)))}" for i in items)


def item(of: Item) -> str:
    """How one exercise is done, when to stop, why it is there and who says so."""
    steps = "".join(f"<li>{escape(step)}</li>" for step in of.exercise.how)
    why = "; ".join(reason_text(signal) for signal in of.why)
    dose, rhythm = escape(_capital(dose_text(of))), escape(_capital(rhythm_text(of)))
    return (
        f'<div class="pl-item"><p><b>{dose}</b><br>{rhythm}</p>'
        f"<ol>{steps}</ol><p><b>When to stop:</b> {escape(of.exercise.stop)}</p>"
        f'<p class="pl-soft">Why: {escape(why)}. Source: {escape(of.exercise.source)}</p></div>'
    )


def found(plan: Plan) -> str:
    """What the plan was made from."""
    return listing(
        f"{escape(found_text(signal))}"
        + (f"<br><span>{escape(meaning)}</span>" if (meaning := meaning_text(signal)) else "")
        for signal in plan.signals
    )


def rules(of: Iterable[Rule]) -> str:
    """Rules with their sources."""
    return listing(f"{escape(rule.words)} <span>({escape(rule.source)})</span>" for rule in of)


def calendar(plan: Plan, done: Collection[date], today: date) -> str:
    """The plan's days, a row a week: what was planned, what was done, where today is."""
    rows: list[str] = []
    for week in range(plan.weeks):
        days = [plan.starts + timedelta(weeks=week, days=i) for i in range(7)]
        name = f'<th scope="row">{week + 1}</th>'
        rows.append(f"<tr>{name}{''.join(_day(plan, day, done, today) for day in days)}</tr>")
    head = "".join(f'<th scope="col">{_WEEKDAYS[(plan.starts.weekday() + i) % 7]}</th>' for i in range(7))
    return (
        '<table class="pl-days"><caption>A framed day has something to do, a filled one is done.</caption>'
        f'<thead><tr><th scope="col">Week</th>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


_WEEKDAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def _day(plan: Plan, day: date, done: Collection[date], today: date) -> str:
    planned, ticked = bool(items_on(plan, day)), day in done
    kinds = [name for name, yes in (("on", planned), ("done", ticked), ("now", day == today)) if yes]
    told = ", ".join(
        [*(["done"] if ticked else ["to do"] if planned else ["rest"]), *(["today"] if day == today else [])]
    )
    sign = '<i aria-hidden="true">✓</i>' if ticked else ""
    label = f"{day.isoformat()}: {told}"
    return f'<td class="{" ".join(kinds)}" title="{label}"><span>{day.day}</span>{sign}</td>'


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
