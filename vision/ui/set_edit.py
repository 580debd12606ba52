"""What can be done with a set: change what is said of it, analyse it again, delete it."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import streamlit as st

from vision.store.rows import AskedDistance, NotFound, StoredSet
from vision.ui import forms, points_view, share_view, ways
from vision.ui.here import Here, here
from vision.ui.plain import plain

_WRONG: Final = "again-wrong"


def change(room: Here, one: StoredSet) -> None:
    """Title, athlete, session, day and tags."""
    with st.expander("Title, athlete, date, tags", key="edit"):
        forms.change(room.shelf, one)


def again(room: Here, one: StoredSet, *, opened: bool = False) -> None:
    """Another analysis of the same clip, with something said that it could not find out."""
    with st.expander("Analyse again", expanded=opened, key="again"):
        st.caption(
            "For a movement that was taken for another, slow motion, the wrong person, or metres of a sprint."
        )
        key = f"again-{one.id}"
        left, right = st.columns(2)
        with left:
            movement = forms.movement(key, one.movement_asked)
        with right:
            rate = forms.capture_fps(key, one.capture_fps)
        person, known, missing = one.person, one.distance, ""
        if st.toggle("Click on the athlete or a known distance in the first picture", key=f"{key}-point"):
            person, known, missing = points_view.points(room, one, key)
        if missing:
            st.caption(missing)
        # By a callback: it runs before anything else, so that nobody who goes on at once cuts the press off.
        st.button(
            "Analyse again",
            key=f"{key}-go",
            disabled=bool(missing),
            on_click=_again,
            args=(one.id, movement, rate, person, known),
        )
        if wrong := st.session_state.pop(_WRONG, None):
            st.caption(plain(str(wrong)))


def _again(
    set_id: str,
    movement: str,
    rate: float | None,
    person: tuple[float, float] | None,
    known: AskedDistance | None,
) -> None:
    try:
        here().shelf.again(set_id, movement=movement, capture_fps=rate, person=person, distance=known)
    except (NotFound, ValueError) as wrong:
        st.session_state[_WRONG] = str(wrong)


def delete(one: StoredSet) -> None:
    """A way to delete the set that asks once more."""
    with st.popover("Delete this film" if one.is_own_film else "Delete this set"):
        st.write("The clip, its results, notes and drawings will be gone for good.")
        if one.is_own_film:
            st.write("What was found in bridges that were read with it stays.")
        st.button("Delete for good", key=f"delete-{one.id}", on_click=_delete, args=(one.id,), type="primary")


GONE: Final = "gone"


def _delete(set_id: str) -> None:
    room = here()
    with suppress(NotFound):
        room.shelf.delete_set(set_id)
    share_view.forget_all(room, set_id)
    st.session_state[GONE] = set_id


def leave_when_gone(set_id: str) -> None:
    """After a deletion, on to the list: callbacks may not change the page themselves."""
    if st.session_state.get(GONE) == set_id:
        del st.session_state[GONE]
        ways.go("sets")
