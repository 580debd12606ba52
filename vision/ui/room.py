"""The room's frame: what stands around every page. Streamlit runs this file, ``app.py`` names it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

import streamlit as st

from vision.ui import show, ways
from vision.ui.here import here

# Streamlit shows texts that stand alone in this file, so what is to be said here is said in comments.

_STYLE: Final = Path(__file__).with_name("room.css")

# Our own, because Streamlit has its emoji and named icons fetched from elsewhere.
_ICON: Final = Path(__file__).with_name("plumb.svg")

TROUBLE: Final = (
    "Something went wrong on this page. Your clips and results are safe; reload the page to go on. "
    "What happened is written in the log of the server."
)


def room() -> None:
    """The whole room: menu, the page that the address names, footnote."""
    st.set_page_config(page_title="Plumbline", page_icon=str(_ICON), layout="wide")
    st.html(_STYLE)
    st.logo(str(_ICON), size="large")
    here()  # lets nobody in who may not, before anything of the library is drawn
    place = st.navigation([ways.page(name) for name in ways.PLACES], position="top")
    try:
        place.run()
    finally:
        st.html(show.FOOTNOTE)


def trouble(problem: Exception) -> bool:
    """Says in plain words that a page failed, and keeps the traceback for the log."""
    logging.getLogger(__name__).error("A page failed", exc_info=problem)
    st.error(TROUBLE)
    return True


if __name__ == "__main__":
    room()
