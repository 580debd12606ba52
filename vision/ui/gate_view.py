"""The pain question as a form; what stands behind it is only drawn once it is answered with no."""

from __future__ import annotations

from datetime import date
from typing import Final

import streamlit as st

from vision.outputs.plan_words import PAIN_QUESTION
from vision.outputs.wording import sentence
from vision.plan import Answers, Pain, RedFlag, Stopped
from vision.ui import show

_ANSWERS: Final = {
    Pain.NONE: "No, nothing hurts",
    Pain.HIPS: "Yes, at the hips or where I would train",
    Pain.ELSEWHERE: "Yes, somewhere else",
}


def question(key: str, button: str) -> Answers | None:
    """The form; the answers when the button was pressed just now, else None."""
    with st.form(f"gate-{key}", border=True):
        st.subheader("First: pain", anchor=False)
        pain = st.radio(
            PAIN_QUESTION, list(_ANSWERS), index=None, format_func=_ANSWERS.__getitem__, key=f"pain-{key}"
        )
        st.write("Is any of this true?")
        flags = [flag for flag in RedFlag if st.checkbox(sentence(flag.value), key=f"flag-{key}-{flag.name}")]
        pressed = st.form_submit_button(button, type="primary")
    return Answers(pain, frozenset(flags), date.today()) if pressed else None


def stopped(why: Stopped) -> None:
    """Where to turn."""
    st.html(show.problem(why.words))
