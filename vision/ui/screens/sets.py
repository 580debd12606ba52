"""All sets, with filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from vision.movements import MOVEMENTS
from vision.movements.calibration import OWN_FILM
from vision.store import Shelf
from vision.store.rows import StoredSet
from vision.ui import cards, forms, jobs_view, ways
from vision.ui.here import here

AT_ONCE: Final = 24
_SHOWN: Final = "sets-shown"


def page() -> None:
    """The list of sets."""
    shelf = here().shelf
    st.title("Sets", anchor=False)
    if not shelf.sets():
        st.write("No set yet.")
        ways.link("add", "Add the first clip")
        return
    sets = _filtered(shelf)
    if not sets:
        st.write("No set fits these filters.")
        return
    working = {one.id for one in sets if one.state in jobs_view.WORKING}
    if working:
        st.header("Under way", anchor=False)
        jobs_view.rows(lambda: [one for one in here().shelf.sets() if one.id in working], "sets")
    still = [one for one in sets if one.id not in working]
    most = int(st.session_state.get(_SHOWN, AT_ONCE))
    if working and still:
        st.header("Earlier", anchor=False)
    cards.cards(still[:most], "sets")
    if len(still) > most:
        st.button(f"Show more ({len(still) - most})", key="more", on_click=_more)


def _more() -> None:
    st.session_state[_SHOWN] = int(st.session_state.get(_SHOWN, AT_ONCE)) + AT_ONCE


def _filtered(shelf: Shelf) -> tuple[StoredSet, ...]:
    """The sets that the filters let through; a filter without a choice lets everything through."""
    people = {person.id: person.name for person in shelf.athletes()}
    places = st.columns(4)
    with places[0]:
        who = _filter("Athlete", list(people), lambda one: people[one])
    with places[1]:
        movement = _filter("Movement", [*MOVEMENTS, OWN_FILM], forms.movement_word)
    with places[2]:
        tag = _filter("Tag", shelf.tags())
    with places[3]:
        session = _filter("Session", shelf.sessions())
    return shelf.sets(athlete_id=who, movement=movement, tag=tag, session=session)


def _filter(label: str, choices: Sequence[str], words: Callable[[str], str] = str) -> str | None:
    return st.selectbox(
        label,
        list(choices),
        index=None,
        placeholder="All",
        format_func=words,
        disabled=not choices,
        key=f"filter-{label}",
    )
