"""Sets on their way: what is being analysed, how far it is, how long it will take, and a way to stop it.

All of it is read from the library, so that it is the same after a reload and in a second window.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from vision.store.rows import NotFound, State, StoredSet
from vision.ui import cards, show, ways
from vision.ui.here import here

LOOK_EVERY_S: Final = 1.5
"""Seconds between two looks at the library, only while something is under way."""

WORKING: Final = (State.QUEUED, State.RUNNING)

Pick = Callable[[], Sequence[StoredSet]]


def rows(pick: Pick, key: str) -> None:
    """The sets that ``pick`` finds, each as a row that keeps itself up to date while it is worked on.

    When one changes its state the whole page is drawn again, since other parts of it may change too.
    """
    seen = _states(pick())
    working = any(state in WORKING for _, state in seen)

    def draw() -> None:
        try:
            sets = pick()
        except NotFound:  # deleted in another window
            sets = ()
        if _states(sets) != seen:
            st.rerun()
        for one in sets:
            if one.state in WORKING:
                row(one, key)
        cards.cards([one for one in sets if one.state not in WORKING], key)

    st.fragment(draw, run_every=LOOK_EVERY_S if working else None)()


def _states(sets: Sequence[StoredSet]) -> tuple[tuple[str, State], ...]:
    return tuple((one.id, one.state) for one in sets)


def row(one: StoredSet, key: str) -> None:
    """The progress of a set that waits or runs; its own page needs no link to itself."""
    with st.container(border=True, key=f"job-{key}-{one.id}"):
        about, stop = st.columns([5, 1], vertical_alignment="center")
        with about:
            if ways.asked("set") != one.id:
                ways.link_to_set(one.id, one.title)
            progress(one)
        with stop, st.container(horizontal=True, horizontal_alignment="right"):
            st.button("Cancel", key=f"cancel-{key}-{one.id}", on_click=_cancel, args=(one.id,))


def progress(one: StoredSet) -> None:
    """The bar of a set that waits or runs."""
    if one.state is State.QUEUED:
        st.progress(0.0, text=f"{show.STATE_WORD[State.QUEUED]}. It starts by itself.")
        return
    part = min(one.done / one.total, 1.0) if one.total else 0.0
    st.progress(part, text=show.remaining(one))


def _cancel(set_id: str) -> None:
    try:
        here().shelf.cancel(set_id)
    except NotFound:
        st.toast("That set is gone.")
