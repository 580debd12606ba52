"""A plan for an athlete, or for oneself: the pain question, what to do today, the days, the re-test."""

from __future__ import annotations

from datetime import date
from typing import Final

import streamlit as st

from vision.outputs.checked import StoredError
from vision.plan import NoPlan, Profile, Signal, Stopped, ask, make, signals_of, unseen_in
from vision.plan.checkup import steps
from vision.plan.stored import StoredPlanError, rebuilt
from vision.store.rows import NotFound, State, StoredPlan, StoredSet
from vision.ui import checkup_sets, gate_view, plan_view, show, ways
from vision.ui.here import Here, here
from vision.ui.plain import plain
from vision.ui.results import read

_MOST: Final = 12
_NOBODY: Final = ""


def page() -> None:
    """The page of the athlete that the address names, or of nobody in particular."""
    room = here()
    st.title("Plan", anchor=False)
    who = _who(room)
    kept = room.shelf.plans(who)
    if kept:
        if ways.asked("sets"):
            st.caption("A plan is under way. Delete it at the end of this page to make a new one.")
        _kept(room, kept[0])
    else:
        _new(room, who)


def _who(room: Here) -> str | None:
    """Whose plan it is; where nobody is named there is nothing to choose from."""
    people = {_NOBODY: "For myself", **{one.id: one.name for one in room.shelf.athletes()}}
    if len(people) == 1:
        return None
    asked = ways.asked("athlete")
    names = list(people)
    picked = st.selectbox(
        "Whose plan",
        names,
        index=names.index(asked) if asked in people else 0,
        format_func=people.__getitem__,
    )
    return picked or None


# --------------------------------------------------------------------------- one that is there


def _kept(room: Here, one: StoredPlan) -> None:
    try:
        got = rebuilt(one.findings, one.answers, one.starts, date.today())
    except StoredPlanError as problem:
        st.html(show.problem(str(problem)))
        plan_view.delete(one)
        return
    if isinstance(got, Stopped):
        gate_view.stopped(got)
        answers = gate_view.question(f"again-{one.id}", "Go on")
        if answers is not None:
            room.shelf.answer(one.id, answers)
            st.rerun()
        plan_view.delete(one)
    elif isinstance(got, NoPlan):
        st.write(got.words)
        plan_view.delete(one)
    else:
        plan_view.show_plan(room, one, got)


# --------------------------------------------------------------------------- a new one


def _new(room: Here, who: str | None) -> None:
    """Choose the sets it is made from, say what only you know, answer the question, and there it is."""
    sets = _usable(room, who)
    if not sets:
        st.write(
            "A plan is made from what was found. Film a few sets first, or do the check-up: it leads through "
            "them one by one."
        )
        ways.link("checkup", "Start the check-up")
        ways.link("add", "Add clips")
        return
    by_id = {one.id: one for one in sets}
    asked = [i for i in ways.asked("sets").split(",") if i in by_id]
    chosen = st.multiselect(
        "Made from these sets",
        list(by_id),
        default=asked or _latest(sets),
        format_func=lambda i: _named(by_id[i]),
        max_selections=_MOST,
        key=f"plan-sets-{who}",
    )
    profile = _profile(who)
    answers = gate_view.question(f"new-{who}", "Make the plan")
    if answers is None:
        st.caption("Answer the question, and the plan is made. Without an answer there is none.")
        return
    gate = ask(answers)
    if isinstance(gate, Stopped):
        gate_view.stopped(gate)
        return
    found, unseen = _found(room, [by_id[i] for i in chosen])
    made = make(found, profile, gate, date.today(), unseen=unseen)
    if isinstance(made, NoPlan):
        _none(made)
        return
    room.shelf.add_plan(made, who)
    st.rerun()


def _none(made: NoPlan) -> None:
    st.subheader("Nothing to train for", anchor=False)
    st.write(plain(made.words))
    if made.unseen:
        st.write("Not seen, though it would have counted:")
        st.html(show.lines(made.unseen))
    st.html(show.lines(rule.words for rule in made.normal))


def _usable(room: Here, who: str | None) -> list[StoredSet]:
    sets = room.shelf.sets(athlete_id=who) if who else room.shelf.sets()
    done = [one for one in sets if one.state is State.DONE and not one.is_own_film]
    return [one for one in done if who or one.athlete_id is None]


def _latest(sets: list[StoredSet]) -> list[str]:
    """The newest set of each movement."""
    newest: dict[str | None, str] = {}
    for one in sets:
        newest.setdefault(one.movement, one.id)
    return list(newest.values())


def _named(one: StoredSet) -> str:
    return " · ".join(filter(None, [one.title, one.movement, show.day(one.filmed_on)]))


def _profile(who: str | None) -> Profile:
    with st.container(horizontal=True):
        sprints = st.checkbox("I sprint", key=f"plan-sprints-{who}")
        lifts = st.checkbox("I lift weights", key=f"plan-lifts-{who}")
        season = st.checkbox("In season, in a one-sided sport", key=f"plan-season-{who}")
    return Profile(sprints=sprints, lifts=lifts, one_sided_season=season)


def _found(room: Here, sets: list[StoredSet]) -> tuple[list[Signal], list[str]]:
    """What the sets give, and what they do not show; the legs of a check-up's test are compared."""
    found: dict[Signal, None] = {}
    unseen: dict[str, None] = {}
    for one in sets:
        try:
            report = read(room.shelf.files(one.id).results).report
        except (NotFound, StoredError):
            continue
        found |= dict.fromkeys(signals_of(report, one.filmed_on, one.id))
        unseen |= dict.fromkeys(unseen_in(report))
    ids = {one.id for one in sets}
    for checkup in room.shelf.checkups():
        own = {key: set_id for key, set_id in checkup.steps.items() if set_id in ids}
        if own.keys() & {step.key for step in steps() if step.side}:
            done, _ = checkup_sets.filmed(room, own)
            found |= dict.fromkeys(checkup_sets.outcome(done).signals)
    return list(found), list(unseen)
