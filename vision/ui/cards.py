"""Sets as cards: the title that leads to the set, its verdict, what to do where it failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from vision.store.rows import NotFound, State, StoredSet
from vision.ui import show, ways
from vision.ui.here import here

ACROSS: Final = 3


def cards(sets: Sequence[StoredSet], key: str) -> None:
    """The sets as a grid, in their order."""
    for row in range(0, len(sets), ACROSS):
        places = st.columns(ACROSS)
        for place, one in zip(places, sets[row : row + ACROSS], strict=False):
            with place:
                card(one, key)


def card(one: StoredSet, key: str) -> None:
    """One set; ``key`` tells the list it stands in."""
    with st.container(border=True, key=f"card-{key}-{one.id}"):
        ways.link_to_set(one.id, one.title)
        st.html(show.card(one))
        if one.state in (State.FAILED, State.CANCELLED):
            if one.problem:
                st.html(show.problem(one.problem))
            try_again(one, key)


def try_again(one: StoredSet, key: str) -> None:
    """A button that puts a set back into the queue as it was."""
    label = "Try again" if one.state is State.FAILED else "Analyse after all"
    st.button(label, key=f"again-{key}-{one.id}", on_click=_again, args=(one.id,))


def _again(set_id: str) -> None:
    try:
        here().shelf.again(set_id)
    except NotFound:
        st.toast("That set is gone.")
