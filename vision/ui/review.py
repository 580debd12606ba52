"""The review page: choose an analysed set and see what was found. Composition only."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import streamlit as st

from vision.ui import show
from vision.ui.stored import FILM_NAME, PAGE_NAME, Shelf, StoredSet, find_sets

DEFAULT_OUT: Final = "plumbline-out"
_STYLE: Final = Path(__file__).with_name("review.css")
_ICON: Final = Path(__file__).with_name("plumb.svg")
"""Our own, because Streamlit has its emoji and named icons fetched from elsewhere."""


def out_folder() -> Path:
    """The folder of results: what ``PLUMBLINE_OUT`` names, else ``plumbline-out`` here."""
    return Path(os.environ.get("PLUMBLINE_OUT") or DEFAULT_OUT)


def page() -> None:
    """The whole page."""
    st.set_page_config(page_title="Plumbline", page_icon=str(_ICON), layout="wide")
    st.html(_STYLE)
    st.html(show.BRAND)
    shelf = find_sets(out_folder())
    if not shelf.sets:
        st.html(show.empty(str(out_folder())))
    else:
        _set(_chosen(shelf))
    if shelf.skipped:
        with st.expander(f"{len(shelf.skipped)} folder{'s' * (len(shelf.skipped) > 1)} skipped"):
            st.html(show.lines(shelf.skipped))
    st.html(show.FOOTNOTE)


def _chosen(shelf: Shelf) -> StoredSet:
    """The set that the visitor picks, at first the newest; its folder's name goes into the address."""
    named = {one.folder.name: one for one in shelf.sets}
    if st.session_state.get("set") not in named:
        asked = st.query_params.get("set")
        st.session_state["set"] = asked if asked in named else next(iter(named))
    name = st.selectbox(
        "Analysed set",
        list(named),
        key="set",
        format_func=lambda one: f"{one} · {named[one].report.headline}",
    )
    st.query_params["set"] = name
    return named[name]


def _set(one: StoredSet) -> None:
    report = one.report
    st.html(show.hero(report, one.clip))
    if report.cycles:
        st.html(show.strip(report))
    film, todo = st.columns([3, 2], gap="large")
    with film:
        _film(one)
    with todo:
        _todo(one)
    if any(f.value is not None for f in report.set_findings):
        st.subheader("What was measured", anchor=False)
        st.caption("Over the whole set. ± is half of the 95 % interval.")
        st.html(show.findings(report))
    if any(f.value is None for f in report.set_findings):
        st.subheader("What could not be measured, and why", anchor=False)
        st.html(show.gaps(report))
    if texts := [*filter(None, [report.advice]), *one.clip.warnings, *report.notes]:
        st.subheader("Filming and notes", anchor=False)
        st.html(show.lines(texts))


def _film(one: StoredSet) -> None:
    """The overlay film, or a line where there is none."""
    path = one.file(FILM_NAME)
    film = _bytes(path)
    if film is None:
        st.info("No overlay film lies beside this report (--no-video leaves it out).")
    else:
        st.video(film, format="video/mp4")
        st.caption("Blue solid lines are the athlete’s left, yellow dashed lines the right.")


def _todo(one: StoredSet) -> None:
    """Guidance and the report to take away."""
    if one.report.guidance:
        st.subheader("What to do about it", anchor=False)
        st.html(show.guidance(one.report.guidance))
    whole = _bytes(one.file(PAGE_NAME))
    if whole is not None:
        st.download_button(
            "Download the full report",
            whole,
            file_name=f"{one.folder.name}.html",
            mime="text/html",
            help="One page with pictures and curves; open it in any browser or hand it on.",
        )


def _bytes(path: Path | None) -> bytes | None:
    """What is in a file, None where it cannot be had (it may be rewritten this moment)."""
    try:
        return path.read_bytes() if path else None
    except OSError:
        return None
