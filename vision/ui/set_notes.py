"""The notes of a set, each tied to a frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from vision.store import Shelf
from vision.store.rows import Note, NotFound, StoredSet
from vision.ui.here import here
from vision.ui.plain import plain
from vision.ui.results import Results

LONGEST: Final = 4000


def notes(shelf: Shelf, one: StoredSet, found: Results, seek: Callable[[str, int], None]) -> None:
    """All notes by frame; a click on its time shows the frame."""
    st.subheader("Notes", anchor=False)
    written = shelf.notes(one.id)
    if not written:
        st.caption("None yet. In the film, stop at a frame and write what you see.")
    for note in written:
        _note(one, note, found, seek)


def _note(one: StoredSet, note: Note, found: Results, seek: Callable[[str, int], None]) -> None:
    time_s = found.time_s(note.frame)
    when = f"Frame {note.frame}" if time_s is None else f"{time_s:.2f} s"
    with st.container(horizontal=True, key=f"note-{note.id}", vertical_alignment="center"):
        st.button(when, key=f"see-{note.id}", on_click=seek, args=(one.id, note.frame))
        st.markdown(plain(note.text), width="stretch")
        with st.popover("Change"):
            key = f"text-{note.id}"
            st.text_area("Note", note.text, key=key, max_chars=LONGEST)
            st.button("Keep", key=f"keep-{note.id}", on_click=_change, args=(one.id, note.id, key))
            st.button("Delete", key=f"drop-{note.id}", on_click=_delete, args=(one.id, note.id))


def _change(set_id: str, note_id: str, key: str) -> None:
    text = str(st.session_state.get(key, "")).strip()
    try:
        if text:
            here().shelf.change_note(set_id, note_id, text)
    except (NotFound, ValueError):
        st.toast("That note could not be changed.")


def _delete(set_id: str, note_id: str) -> None:
    try:
        here().shelf.delete_note(set_id, note_id)
    except NotFound:
        st.toast("That note is gone already.")
