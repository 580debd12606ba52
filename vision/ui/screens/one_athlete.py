"""One athlete's weeks, sets, and what can be done with them; the address names them: ``?athlete=ID``."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import streamlit as st

from vision.store.rows import Athlete, NotFound
from vision.ui import cards, history_view, kinogram_view, share_view, show, ways
from vision.ui.here import Here, here
from vision.ui.plain import plain

_GONE: Final = "athlete-gone"
_RECENT: Final = 12


def page() -> None:
    """The page of the athlete that the address names."""
    room = here()
    if st.session_state.pop(_GONE, None):  # callbacks may not change the page themselves
        ways.go("athletes")
    try:
        person = room.shelf.athlete(ways.asked("athlete"))
    except NotFound:
        st.title("No such athlete", anchor=False)
        st.write("Nobody of that address is in your library, or they were deleted.")
        ways.link("athletes", "All athletes")
        return
    st.title(plain(person.name), anchor=False)
    with st.container(horizontal=True):
        ways.link("athletes", "All athletes")
        ways.link("plan", "Plan", {"athlete": person.id})
    st.header("Over the weeks", anchor=False)
    history_view.history(room.shelf, person.id)
    kinogram_view.wall(room, person.id)
    st.header("Sets", anchor=False)
    sets = room.shelf.sets(athlete_id=person.id)
    if not sets:
        st.caption("None yet. Choose this athlete when you add a clip.")
    cards.cards(sets[:_RECENT], "athlete")
    if len(sets) > _RECENT:
        ways.link("sets", f"All {len(sets)} sets")
    st.header("This athlete", anchor=False)
    with st.expander("A page to hand out", key="page"):
        share_view.athlete_page(room, person)
    with st.expander("Rename", key="rename"):
        _rename(room, person)
    with st.popover("Delete this athlete"):
        st.write(
            f"All of theirs goes for good: {show.sets_of(person)} with clips, results, notes and drawings, "
            "plans and check-ups."
        )
        st.button(
            "Delete for good", key=f"delete-{person.id}", on_click=_delete, args=(person.id,), type="primary"
        )


def _rename(room: Here, person: Athlete) -> None:
    typed = st.text_input("Name", person.name, max_chars=80, key=f"name-{person.id}")
    if st.button("Keep the name", key=f"keep-{person.id}"):
        try:
            room.shelf.rename_athlete(person.id, typed)
        except (NotFound, ValueError) as wrong:
            st.caption(plain(str(wrong)))
        else:
            st.rerun()


def _delete(athlete_id: str) -> None:
    room = here()
    with suppress(NotFound):
        theirs = room.shelf.sets(athlete_id=athlete_id)
        room.shelf.delete_athlete(athlete_id)
        for one in theirs:
            share_view.forget_all(room, one.id)
    st.session_state[_GONE] = True
