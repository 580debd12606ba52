"""What can be done with a set: change what is said of it, analyse it again, delete it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
import streamlit as st

from vision.capture import Clip, ClipError
from vision.store.rows import NotFound, StoredSet
from vision.types import ImageArray
from vision.ui import forms, share_view, ways
from vision.ui.here import Here, here
from vision.ui.plain import plain

_PICTURE_WIDTH: Final = 420


def change(room: Here, one: StoredSet) -> None:
    """Title, athlete, session, day and tags."""
    with st.expander("Title, athlete, date, tags", key="edit"):
        forms.change(room.shelf, one)


def again(room: Here, one: StoredSet, *, opened: bool = False) -> None:
    """Another analysis of the same clip, with something said that it could not find out."""
    with st.expander("Analyse again", expanded=opened, key="again"):
        st.caption("For a movement that was taken for another, slow motion, or the wrong person.")
        key = f"again-{one.id}"
        left, right = st.columns(2)
        with left:
            movement = forms.movement(key, one.movement_asked)
        with right:
            rate = forms.capture_fps(key, one.capture_fps)
        person = one.person
        if st.checkbox("Several people are in the picture: point at the athlete", key=f"{key}-point"):
            person = _point(room, one, key)
        if st.button("Analyse again", key=f"{key}-go"):
            try:
                room.shelf.again(one.id, movement=movement, capture_fps=rate, person=person)
            except (NotFound, ValueError) as wrong:
                st.caption(plain(str(wrong)))
            else:
                st.rerun()


def _point(room: Here, one: StoredSet, key: str) -> tuple[float, float] | None:
    """A point on the athlete in the first picture, moved by two sliders."""
    with st.spinner("Fetching the first picture …"):
        picture = _first_picture(room.shelf.files(one.id).original)
    if picture is None:
        st.caption("The first picture cannot be read.")
        return one.person
    x0, y0 = one.person or (0.5, 0.5)
    x = st.slider("From left to right", 0.0, 1.0, x0, 0.01, key=f"{key}-x")
    y = st.slider("From top to bottom", 0.0, 1.0, y0, 0.01, key=f"{key}-y")
    st.image(crossed(picture, x, y), width=_PICTURE_WIDTH, caption="The lines should cross on the athlete.")
    return x, y


@st.cache_data(max_entries=4, show_spinner=False)
def _first_picture(path: Path) -> ImageArray | None:
    """The first picture of a clip, small; kept for a few clips, since a slider draws the page anew."""
    try:
        with Clip(path) as clip:
            for frame in clip.pick([0]):
                step = max(1, frame.rgb.shape[1] // (2 * _PICTURE_WIDTH))
                return np.ascontiguousarray(frame.rgb[::step, ::step])
    except (ClipError, OSError):
        pass
    return None


def crossed(picture: ImageArray, x: float, y: float) -> ImageArray:
    """``picture`` ``(H, W, 3)`` with lines through the point at shares ``x`` and ``y`` of its sides."""
    marked = picture.copy()
    high, wide = picture.shape[:2]
    column, row = min(int(x * wide), wide - 1), min(int(y * high), high - 1)
    thick = max(1, wide // 200)
    for colour, grow in (((17, 20, 24), thick), ((230, 159, 0), 0)):
        marked[:, max(0, column - thick - grow) : column + thick + grow] = colour
        marked[max(0, row - thick - grow) : row + thick + grow] = colour
    return marked


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
