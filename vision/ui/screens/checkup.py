"""The check-up: short tests one after another, kept step by step, and one page at the end."""

from __future__ import annotations

from datetime import date
from typing import Final

import streamlit as st

from vision.asymmetry import Status
from vision.outputs.sides import NORMAL, words_of
from vision.outputs.wording import sentence
from vision.plan import NOTICE, Stopped, ask
from vision.plan.checkup import Outcome, Step, outcome, steps
from vision.plan.stored import StoredPlanError, read_answers
from vision.store.rows import Checkup, NotFound, State
from vision.ui import checkup_sets, forms, gate_view, jobs_view, show, ways
from vision.ui.components import upload
from vision.ui.here import Here, here
from vision.web.addresses import upload_url

_SHOWN: Final = 5


def page() -> None:
    """The check-up that the address names, or the way into a new one."""
    room = here()
    st.title("Check-up", anchor=False)
    asked = ways.asked("checkup")
    if asked:
        try:
            one = room.shelf.checkup(asked)
        except NotFound:
            st.write("There is no such check-up in your library.")
        else:
            _past_the_gate(room, one)
            return
    _begin(room)


def _begin(room: Here) -> None:
    st.write(
        "A few short tests show whether left and right do the same. Film one after another, or choose sets "
        "that are there. Each step can be skipped; leave at any time, it is kept."
    )
    st.html(show.lines(step.title for step in steps()))
    who = forms.athlete(room.shelf, "checkup")
    answers = gate_view.question("checkup", "Start")
    if answers is not None:
        gate = ask(answers)
        if isinstance(gate, Stopped):
            gate_view.stopped(gate)
            return
        one = room.shelf.begin_checkup(answers, who)
        ways.go("checkup", {"checkup": one.id})
    if kept := room.shelf.checkups():
        st.header("Earlier ones", anchor=False)
        for one in kept[:_SHOWN]:
            ways.link("checkup", f"Begun on {show.day(one.made.date())}", {"checkup": one.id})


def _past_the_gate(room: Here, one: Checkup) -> None:
    """Steps and results only for who has no pain; an old answer is asked for again."""
    try:
        gate = ask(read_answers(one.answers))
    except StoredPlanError:
        gate = None
    open_steps = [step for step in steps() if step.key not in one.steps]
    if isinstance(gate, Stopped) or gate is None or (open_steps and not gate.holds_on(date.today())):
        if isinstance(gate, Stopped):
            gate_view.stopped(gate)
        answers = gate_view.question(f"again-{one.id}", "Go on")
        if answers is not None:
            room.shelf.answer_checkup(one.id, answers)
            st.rerun()
        return
    total = len(steps())
    st.progress(
        (total - len(open_steps)) / total, text=f"{total - len(open_steps)} of {total} steps are through"
    )
    if open_steps:
        _step(room, one, open_steps[0])
    else:
        _result(room, one)
    _through(one)


# --------------------------------------------------------------------------- one step


def _step(room: Here, one: Checkup, step: Step) -> None:
    st.header(step.title, anchor=False)
    st.write(step.test.what)
    st.write(step.film)
    options: dict[str, object] = {
        "movement": step.test.movement,
        "athlete_id": one.athlete_id,
        "session": "Check-up",
        "filmed_on": date.today().isoformat(),
        "capture_fps": None,
        "tags": [step.side] if step.side else [],
    }
    finished = upload(key=f"checkup-{one.id}-{step.key}", url=upload_url(room.ticket), options=options)
    taken = set(one.steps.values())
    fresh = [f["set_id"] for f in finished if f["set_id"] not in taken]
    if fresh:
        _take(one.id, step.key, fresh[-1])
        st.rerun()
    _choose(room, one, step)
    with st.container(horizontal=True):
        st.button("Skip this step", key=f"skip-{step.key}", on_click=_take, args=(one.id, step.key, None))
    ways.link("live", "Film it live instead, then choose the set here")
    st.caption(f"{NOTICE} Stop the test when something hurts.")


def _choose(room: Here, one: Checkup, step: Step) -> None:
    """A set that is there already."""
    own = room.shelf.sets(movement=step.test.movement)
    sets = {
        s.id: s for s in own if s.athlete_id == one.athlete_id and s.state in (State.DONE, *jobs_view.WORKING)
    }
    sets = {i: s for i, s in sets.items() if i not in one.steps.values()}
    if not sets:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picked = st.selectbox(
            "Or a set that is there",
            list(sets),
            format_func=lambda i: f"{sets[i].title} · {show.day(sets[i].filmed_on)}",
            key=f"there-{step.key}",
        )
        st.button("Take this set", key=f"take-{step.key}", on_click=_take, args=(one.id, step.key, picked))


def _take(checkup_id: str, step: str, set_id: str | None) -> None:
    try:
        here().shelf.take_step(checkup_id, step, set_id)
    except NotFound:
        st.toast("That set or check-up is gone.")


def _reopen(checkup_id: str, step: str) -> None:
    try:
        here().shelf.reopen_step(checkup_id, step)
    except NotFound:
        st.toast("That check-up is gone.")


def _through(one: Checkup) -> None:
    """The steps that are through, each with a way to do it again."""
    done = [step for step in steps() if step.key in one.steps]
    if not done:
        return
    st.header("Steps so far", anchor=False)
    for step in done:
        with st.container(horizontal=True, vertical_alignment="center"):
            set_id = one.steps[step.key]
            if set_id is None:
                st.write(f"{step.title}: skipped")
            else:
                ways.link_to_set(set_id, step.title)
            st.button("Do it again", key=f"redo-{step.key}", on_click=_reopen, args=(one.id, step.key))


# --------------------------------------------------------------------------- the page at the end


def _result(room: Here, one: Checkup) -> None:
    done, waiting = checkup_sets.filmed(room, one.steps)
    if waiting:
        st.header("Still being analysed", anchor=False)
        ids = {s.id for s in waiting}
        jobs_view.rows(lambda: [s for s in here().shelf.sets() if s.id in ids], "checkup")
    told = outcome(done)
    _uneven(told)
    if told.unseen:
        with st.expander("What the films could not show", key="unseen"):
            st.html(show.lines(told.unseen))
    if told.missing:
        st.caption(f"Not tested: {'; '.join(told.missing)}.")
    st.subheader("What is normal", anchor=False)
    st.write(NORMAL)
    st.caption(NOTICE)
    sets = [s for s in one.steps.values() if s]
    if done and sets:
        params = {"sets": ",".join(sets), **({"athlete": one.athlete_id} if one.athlete_id else {})}
        ways.link("plan", "Make a plan", params)


_PARTS: Final = (
    ("What is uneven", (Status.UNEVEN,), "Nothing lies above 15 %, beyond the error and repeated."),
    ("Worth another look", (Status.WATCH,), ""),
    ("Not sure yet", (Status.UNSURE,), ""),
    ("Level, as far as can be told", (Status.LEVEL,), ""),
    ("Could not be compared", (Status.UNKNOWN,), ""),
)


def _uneven(told: Outcome) -> None:
    for name, statuses, nothing in _PARTS:
        found = told.with_status(*statuses)
        if not found and not nothing:
            continue
        st.subheader(name, anchor=False)
        if found:
            st.html(show.lines(f"{test}: {words_of(row)}" for test, row in found))
        else:
            st.write(nothing)
    faults = [sentence(s.words) for s in told.signals if s.fault]
    if faults:
        st.subheader("What else was seen", anchor=False)
        st.html(show.lines(dict.fromkeys(faults)))
