"""What Plumbline is and is not, and where the films lie."""

from __future__ import annotations

import streamlit as st

from vision import __version__
from vision.store.rows import LOCAL
from vision.ui import show
from vision.ui.here import here

_NEVER = (
    "It is not a medical device. It diagnoses nothing and predicts no injury.",
    "One camera sees no muscle, no force, no pain and no cause of pain.",
    "The tilt of the pelvis is not in the body points; a dropping hip in walking is unknown today.",
    "Many limits are assumed. Each one names its source in the details of a set.",
    "Stop when something hurts, and see a doctor or physical therapist.",
)
_PRIVATE = (
    "Films are read, analysed and kept on the computer that runs this room. It sends nothing anywhere.",
    "No account, no usage reports, no update check; no picture, font or script comes from elsewhere.",
    "Deleting a set or an athlete removes the rows and the files for good.",
    "Ask before you film others, and before you hand a film or a report on.",
)


def page() -> None:
    """The page about Plumbline."""
    room = here()
    st.title("About Plumbline", anchor=False)
    st.write(
        "Plumbline watches a set of squats, hinges, bridges or steps through one ordinary camera. It says in "
        "plain words what the hips and knees did, how sure it is, and the one thing to change next time."
    )
    st.header("What it does not do", anchor=False)
    st.html(show.lines(_NEVER))
    st.header("Privacy", anchor=False)
    st.html(show.lines(_PRIVATE))
    st.header("Where your data lies", anchor=False)
    if room.viewer == LOCAL:
        st.write("Everything is in this folder. Choose another with `--data` when you start Plumbline.")
        st.code(str(room.room.folder.root), language=None)
    else:
        st.write("On the server of your team. You are logged in; only you see your library.")
        st.button("Log out", on_click=st.logout)
    st.header("Licence", anchor=False)
    st.write(
        f"Plumbline {__version__}, Apache-2.0. The pose weights are Google’s BlazePose, Apache-2.0. The "
        "sample clips show rendered people and are CC0."
    )
