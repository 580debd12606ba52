"""Training before the camera."""

from __future__ import annotations

import streamlit as st

from vision.ui import ways


def page() -> None:
    """What is not there yet, said plainly."""
    st.title("Train live", anchor=False)
    st.write("Training before the camera comes with a page of its own, and that page is not here yet.")
    st.write("Until then, film a set with your phone and drop it here.")
    ways.link("add", "Check a set")
