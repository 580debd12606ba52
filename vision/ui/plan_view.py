"""A plan that passed its gate: today, the days, why and how, what to leave, the re-test, the exports."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

import streamlit as st

from vision.outputs.checked import StoredError
from vision.outputs.plan_words import (
    SOURCES,
    groove_text,
    outcome_text,
    phase_texts,
    retest_text,
    route_texts,
    week_text,
)
from vision.outputs.wording import sentence
from vision.plan import Answers, Pain, Plan
from vision.plan.days import items_on, month, week_of
from vision.plan.groove import groove
from vision.plan.retest import retest_among
from vision.share.plan_calendar import plan_calendar
from vision.share.plan_page import plan_page
from vision.store.plans import FELT
from vision.store.rows import NotFound, State, StoredPlan, StoredSet
from vision.types import Report
from vision.ui import plan_show, show, ways
from vision.ui.here import Here, here
from vision.ui.results import read

_BACK: Final = 7
"""So many days can still be ticked off afterwards."""


def show_plan(room: Here, one: StoredPlan, plan: Plan) -> None:
    """The whole page of a plan."""
    st.html(plan_show.notice(plan))
    left, right = st.columns([3, 2], gap="large")
    with left:
        _today(one, plan)
        st.header("How to do it", anchor=False)
        for item in plan.items:
            with st.expander(item.exercise.title, key=f"item-{item.exercise.key}"):
                st.html(plan_show.item(item))
        if plan.cues:
            st.html(plan_show.rules(plan.cues))
    with right:
        _groove(room, one, plan)
    _why(plan)
    _again(room, one, plan)
    _exports(room, one, plan)
    delete(one)


def _today(one: StoredPlan, plan: Plan) -> None:
    today = date.today()
    st.header("Today", anchor=False)
    if today > plan.ends:
        st.write("The plan is through. Film again to see what came of it; then this one can make room.")
    elif words := week_text(plan, week_of(plan, today)):
        st.caption(words)
    items = items_on(plan, today)
    if items:
        st.html(plan_show.today_list(items))
    else:
        st.write("Nothing today: rest is part of it.")
    _tick(one, plan, today)


def _tick(one: StoredPlan, plan: Plan, today: date) -> None:
    """Tick a day off, take it back, or say that something hurts, which puts the plan to rest."""
    days = [today - timedelta(days=i) for i in range(_BACK)]
    days = [day for day in days if items_on(plan, day)]
    if days:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            day = st.selectbox("Day", days, format_func=show.day, key=f"day-{one.id}", width=190)
            felt = st.selectbox(
                "Felt it in", FELT, format_func=lambda w: w or "say nothing", key=f"felt-{one.id}", width=170
            )
            if day in one.done:
                st.button("Take it back", key=f"untick-{one.id}", on_click=_untick, args=(one.id, day))
            else:
                args = (one.id, day, felt)
                st.button("Done", key=f"tick-{one.id}", type="primary", on_click=_do_tick, args=args)
    st.button("Something hurts", key=f"hurts-{one.id}", on_click=_hurts, args=(one.id,))


def _do_tick(plan_id: str, day: date, felt: str) -> None:
    try:
        here().shelf.tick(plan_id, day, felt)
    except NotFound:
        st.toast("That plan is gone.")


def _untick(plan_id: str, day: date) -> None:
    try:
        here().shelf.untick(plan_id, day)
    except NotFound:
        st.toast("That plan is gone.")


def _hurts(plan_id: str) -> None:
    try:
        here().shelf.answer(plan_id, Answers(Pain.HIPS, frozenset(), date.today()))
    except NotFound:
        st.toast("That plan is gone.")


# --------------------------------------------------------------------------- the groove


def _groove(room: Here, one: StoredPlan, plan: Plan) -> None:
    today = date.today()
    st.header("The groove", anchor=False)
    got = month(plan, one.done, today - timedelta(days=29), today, today)
    row = f", {got.in_a_row} in a row" if got.in_a_row > 1 else ""
    st.write(f"{got.done} of {got.planned} planned days done in the last 30 days{row}.")
    st.html(plan_show.calendar(plan, one.done, today))
    felt = [word for word in one.felt.values() if word]
    if felt:
        st.caption("Felt in: " + ", ".join(f"{word} {felt.count(word)}×" for word in dict.fromkeys(felt)))
    quality = [(s, groove(report)) for s, report in _filmed_since(room, one, plan, plan.starts)]
    if quality:
        st.subheader("Quality of the sets filmed since", anchor=False)
        st.html(show.lines(f"{show.day(s.filmed_on)}, {s.title}: {groove_text(g)}" for s, g in quality))


def _filmed_since(room: Here, one: StoredPlan, plan: Plan, day: date) -> list[tuple[StoredSet, Report]]:
    """Sets of the plan's movements since ``day``, the oldest first."""
    movements = {signal.movement for signal in plan.signals}
    sets = room.shelf.sets(athlete_id=one.athlete_id) if one.athlete_id else room.shelf.sets()
    own = [s for s in sets if one.athlete_id or s.athlete_id is None]
    found: list[tuple[StoredSet, Report]] = []
    for s in sorted(own, key=lambda s: (s.filmed_on, s.added)):
        if s.state is State.DONE and s.movement in movements and s.filmed_on >= day:
            try:
                found.append((s, read(room.shelf.files(s.id).results).report))
            except (NotFound, StoredError):
                continue
    return found


# --------------------------------------------------------------------------- why, and what then


def _why(plan: Plan) -> None:
    st.header("Why this plan", anchor=False)
    st.html(plan_show.found(plan))
    st.html(show.lines([*route_texts(plan), *phase_texts(plan)]))
    st.subheader("What to leave", anchor=False)
    st.html(plan_show.rules(plan.avoid))
    if plan.sprint:
        st.subheader("Back to sprinting", anchor=False)
        st.html(plan_show.rules(plan.sprint))
    st.subheader("What to keep to", anchor=False)
    st.html(plan_show.rules([*plan.keep_to, *([plan.wean] if plan.wean else [])]))
    with st.expander("What is normal", key="normal"):
        st.html(plan_show.rules(plan.normal))
    st.caption(SOURCES)


def _again(room: Here, one: StoredPlan, plan: Plan) -> None:
    """The re-test: nothing is said of progress before two weeks, nor within the errors."""
    st.header("Film again", anchor=False)
    st.write(retest_text(plan))
    since = _filmed_since(room, one, plan, plan.retest[0])
    filmed = {s.movement for s, _ in since}
    reports = [report for _, report in since]
    told = [outcome_text(retest_among(s, reports)) for s in plan.signals if s.movement in filmed]
    if told:
        st.html(show.lines(sentence(words) for words in told))
    else:
        ways.link("add", "Add the clip of the re-test")


def _exports(room: Here, one: StoredPlan, plan: Plan) -> None:
    st.header("Take it along", anchor=False)
    name = room.shelf.athlete(one.athlete_id).name if one.athlete_id else "My plan"
    with st.container(horizontal=True):
        st.download_button(
            "Save the page to print",
            plan_page(plan, name, one.done),
            file_name="plan.html",
            mime="text/html",
            on_click="ignore",
        )
        st.download_button(
            "Save the calendar",
            plan_calendar(plan, one.id, datetime.now(UTC)),
            file_name="plan.ics",
            mime="text/calendar",
            on_click="ignore",
        )


def delete(one: StoredPlan) -> None:
    """A plan ends where somebody deletes it; then a new one can be made."""
    with st.popover("Delete this plan"):
        st.write("The plan and its ticked days go for good. Then a new one can be made.")
        st.button("Delete for good", key=f"drop-{one.id}", on_click=_drop, args=(one.id,), type="primary")


def _drop(plan_id: str) -> None:
    try:
        here().shelf.delete_plan(plan_id)
    except NotFound:
        st.toast("That plan is gone.")
