"""Handing on: the report, the table, a package to give away, and an athlete's page."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import PurePath
from typing import Final

import streamlit as st

from vision.share.athlete_page import athlete_page as athlete_html
from vision.share.making import MAKINGS, Making, Stage
from vision.store import DataFolder
from vision.store.rows import Athlete, NotFound, StoredSet
from vision.ui import show
from vision.ui.here import Here, here
from vision.ui.plain import plain
from vision.ui.results import forget_results
from vision.web.addresses import file_url, package_url

LOOK_EVERY_S: Final = 1.5
_WEEKS: Final = 12
_PAGE: Final = "page-"


def share_set(room: Here, one: StoredSet) -> None:
    """The ways in which one set can be handed on."""
    with st.expander("Share", key="share"):
        with st.container(horizontal=True):
            st.link_button("Open the report", file_url(room.ticket, one.id, "report.html"))
            st.link_button("Save the report", file_url(room.ticket, one.id, "report.html", save=True))
            st.link_button("Save the table (CSV)", file_url(room.ticket, one.id, "measures.csv", save=True))
        _package(room, one)


class _Marked(DataFolder):
    """The data folder for whoever packs: names carry the viewer's mark, by which they are handed out."""

    def __init__(self, room: Here) -> None:
        super().__init__(room.room.folder.root)
        self._room = room

    def new_name(self, suffix: str = "") -> str:
        """A name of the viewer's."""
        return self._room.room.new_package(self._room.viewer, suffix).name


def _package(room: Here, one: StoredSet) -> None:
    """A zip of report, table and film, with faces covered where that is asked for."""
    st.write("A package holds report, table and film in one file.")
    st.checkbox("Cover faces in film and pictures", value=True, key=f"blur-{one.id}")
    st.checkbox("Write names and titles into it", key=f"names-{one.id}")
    # By a callback: it runs before anything else, so that no other news of the page can cut the press off.
    st.button("Make the package", key=f"pack-{one.id}", on_click=_pack, args=(one.id,))
    made = _made(room, one.id)
    if made is None:
        return
    over = made.over

    def draw() -> None:
        now = _made(room, one.id)
        if now is None or now.over != over:
            st.rerun()
        _progress(room, one, now)

    st.fragment(draw, run_every=None if over else LOOK_EVERY_S)()


def _pack(set_id: str) -> None:
    """Begin a package as the boxes say; faces are covered unless somebody said otherwise."""
    room = here()
    blur = st.session_state.get(f"blur-{set_id}") is not False
    names = st.session_state.get(f"names-{set_id}") is True
    forget(room, set_id)
    try:
        MAKINGS.start(room.shelf, _Marked(room), (set_id,), blur=blur, names=names)
    except NotFound:
        st.toast("That set is gone.")


def _made(room: Here, set_id: str) -> Making | None:
    """The latest package of a set, as long as this server knows of it."""
    found = (made for made in MAKINGS.all_of(room.viewer.key) if made.set_ids == (set_id,))
    return next(found, None)


def _progress(room: Here, one: StoredSet, made: Making) -> None:
    if made.stage is Stage.READY and not (room.room.folder.packages / made.name).is_file():
        st.caption("That package has been removed, as none is kept for longer than two hours. Make it again.")
    elif made.stage is Stage.READY:
        address = package_url(room.ticket, made.name, f"{PurePath(one.title).stem}.zip")
        st.link_button("Save the package", address, type="primary")
        st.caption("Faces are covered; look through it all the same." if made.blur else "Faces can be seen.")
        if made.to_look_at:
            st.html(show.lines(made.to_look_at))
    elif made.stage is Stage.FAILED:
        st.html(show.problem(made.problem))
    elif not made.over:
        part = min(made.done / made.total, 1.0) if made.total else 0.0
        of = f" · {made.done} of {made.total} frames" if made.total else ""
        st.progress(part, text=plain(f"{made.doing or 'waiting'}".capitalize()) + of)
        st.button("Stop", key=f"stop-{made.id}", on_click=MAKINGS.stop, args=(room.viewer.key, made.id))


def forget(room: Here, set_id: str) -> None:
    """Remove what was packed of a set; films of people need not lie about."""
    MAKINGS.forget(room.room.folder, room.viewer.key, set_id=set_id)


def forget_all(room: Here, set_id: str) -> None:
    """After a set was deleted: remove what of it lies anywhere but in the library."""
    forget(room, set_id)
    room.room.incoming.forget(set_id)
    forget_results()
    st.cache_data.clear()  # first pictures of clips
    for key in list(st.session_state):
        if isinstance(key, str) and key.startswith(_PAGE) and isinstance(st.session_state[key], tuple):
            del st.session_state[key]  # a page that was made of an athlete, maybe this set's


def athlete_page(room: Here, athlete: Athlete) -> None:
    """A page on an athlete's weeks to save and hand out."""
    key = f"{_PAGE}{athlete.id}"
    left, right = st.columns(2)
    since = left.date_input("From", date.today() - timedelta(weeks=_WEEKS), key=f"{key}-since")
    until = right.date_input("To", "today", key=f"{key}-until")
    if not since or not until or since > until:
        st.caption("The first day has to come before the last.")
        return
    pictures = room.shelf.sets(athlete_id=athlete.id, movement="sprint") and st.checkbox(
        "With the kinograms",
        key=f"{key}-pictures",
        help="Pictures of the run, with every face in them as it was filmed.",
    )
    asked = (since, until, bool(pictures))
    if st.button("Make the page", key=f"{key}-make"):
        with st.spinner("Making the page …"):
            page = athlete_html(room.shelf, athlete.id, since, until, pictures=asked[2])
            st.session_state[key] = (*asked, page)
    made = st.session_state.get(key)
    if made and made[:3] == asked:
        st.download_button(
            "Save the page",
            made[3],
            file_name=f"{athlete.name}.html",
            mime="text/html",
            key=f"{key}-save",
            on_click="ignore",
        )
