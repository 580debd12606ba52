"""One set, whatever its state; the address names it: ``?set=ID``."""

from __future__ import annotations

import streamlit as st

from vision.outputs.checked import StoredError
from vision.store.rows import NotFound, State, StoredSet
from vision.ui import cards, jobs_view, own_view, set_edit, set_view, share_view, show, stickers_view, ways
from vision.ui.here import Here, here
from vision.ui.plain import plain
from vision.ui.results import read


def page() -> None:
    """The page of the set that the address names."""
    room = here()
    set_id = ways.asked("set")
    set_edit.leave_when_gone(set_id)
    try:
        one = room.shelf.set(set_id)
    except NotFound:
        _no_such_set()
        return
    if one.state is not State.DONE:
        _not_done(room, one)
    elif one.is_own_film:
        own_view.show_film(room, one)
    else:
        _done(room, one)
    st.subheader("This film" if one.is_own_film else "This set", anchor=False)
    if one.state is State.DONE and not one.is_own_film:
        share_view.share_set(room, one)
    set_edit.change(room, one)
    if not one.is_own_film:
        stickers_view.stickers(room, one)
    if one.state not in jobs_view.WORKING:
        set_edit.again(room, one, opened=one.state is State.FAILED)
    set_edit.delete(one)


def _no_such_set() -> None:
    """Another's set and one that is gone look the same."""
    st.title("No such set", anchor=False)
    st.write("It is not in your library, or it was deleted.")
    ways.link("sets", "All your sets")


def _done(room: Here, one: StoredSet) -> None:
    try:
        found = read(room.shelf.files(one.id).results)
    except StoredError as problem:
        st.title(plain(one.title), anchor=False)
        st.html(show.problem(str(problem)))
        cards.try_again(one, "broken")
        return
    set_view.show_set(room, one, found)


def _not_done(room: Here, one: StoredSet) -> None:
    st.title(plain(one.title) or "Untitled", anchor=False)
    if one.state in jobs_view.WORKING:
        st.write("You may close this page; the analysis goes on.")
        jobs_view.rows(lambda: (room.shelf.set(one.id),), "one")
        return
    st.html(show.state_badge(one))
    if one.problem:
        st.html(show.problem(one.problem))
    cards.try_again(one, "one")
    if one.is_own_film and one.state is State.FAILED:
        own_view.guide()
