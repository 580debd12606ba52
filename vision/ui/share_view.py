"""Handing on: the report, the table, a package to give away, and an athlete's page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import streamlit as st

from vision import share
from vision.store.rows import Athlete, NotFound, StoredSet
from vision.ui import show
from vision.ui.here import Here
from vision.ui.plain import plain
from vision.web.addresses import file_url, package_url

_MADE: Final = "package"
_WEEKS: Final = 12


def share_set(room: Here, one: StoredSet) -> None:
    """The ways in which one set can be handed on."""
    with st.expander("Share", key="share"):
        with st.container(horizontal=True, key="files"):
            st.link_button("Open the report", file_url(room.ticket, one.id, "report.html"))
            st.link_button("Save the report", file_url(room.ticket, one.id, "report.html", save=True))
            st.link_button("Save the table (CSV)", file_url(room.ticket, one.id, "measures.csv", save=True))
        package(room, (one.id,), one.title, f"set-{one.id}")


def package(room: Here, set_ids: Sequence[str], title: str, key: str) -> None:
    """A zip of report, table and film, with faces blurred where that is asked for."""
    st.write("A package holds report, table and film in one file.")
    blur = st.checkbox("Blur faces in film and pictures", value=True, key=f"blur-{key}")
    names = st.checkbox("Write names and titles into it", key=f"names-{key}")
    wanted = (key, blur, names)
    if st.button("Make the package", key=f"pack-{key}"):
        _drop(room)
        st.session_state[_MADE] = (wanted, *_make(room, set_ids, blur=blur, names=names))
    made = st.session_state.get(_MADE)
    if not made or made[0] != wanted or not made[1]:
        return
    st.link_button("Save the package", package_url(room.ticket, made[1], f"{title}.zip"), type="primary")
    if blur:
        st.caption("Look through it before you hand it on: a face that was turned away may have been missed.")
    if made[2]:
        st.html(show.lines(made[2]))


def _make(room: Here, set_ids: Sequence[str], *, blur: bool, names: bool) -> tuple[str, tuple[str, ...]]:
    """The package's name in its folder, empty where there is none, and what to know of it."""
    out = room.room.new_package(room.viewer)
    bar = st.progress(0.0, text="Making the package …")

    def told(stage: str, done: int, total: int | None) -> None:
        part = min(done / total, 1.0) if total else 0.0
        bar.progress(part, text=f"Making the package: {plain(stage)}")

    try:
        packed = share.package(room.shelf, set_ids, out, blur=blur, names=names, progress=told)
    except (NotFound, OSError, ValueError) as problem:
        st.caption(f"The package could not be made: {plain(str(problem))}")
        return "", ()
    finally:
        bar.empty()
    return out.name, packed.to_look_at


def _drop(room: Here) -> None:
    """Remove the package made before; films of people need not lie about."""
    made = st.session_state.pop(_MADE, None)
    if made and made[1]:
        folder = room.room.folder
        folder.remove(folder.packages / Path(made[1]).name)


def athlete_page(room: Here, athlete: Athlete) -> None:
    """A page on an athlete's weeks to save and hand out."""
    key = f"page-{athlete.id}"
    left, right = st.columns(2)
    since = left.date_input("From", date.today() - timedelta(weeks=_WEEKS), key=f"{key}-since")
    until = right.date_input("To", "today", key=f"{key}-until")
    if not since or not until or since > until:
        st.caption("The first day has to come before the last.")
        return
    if st.button("Make the page", key=f"{key}-make"):
        with st.spinner("Making the page …"):
            st.session_state[key] = (since, until, share.athlete_page(room.shelf, athlete.id, since, until))
    made = st.session_state.get(key)
    if made and made[:2] == (since, until):
        st.download_button(
            "Save the page",
            made[2],
            file_name=f"{athlete.name}.html",
            mime="text/html",
            key=f"{key}-save",
            on_click="ignore",
        )
