"""The list of athletes."""

from __future__ import annotations

import streamlit as st

from vision.ui import cards, show, ways
from vision.ui.here import here
from vision.ui.plain import plain


def page() -> None:
    """All athletes, and a field for a new one."""
    room = here()
    st.title("Athletes", anchor=False)
    with st.form("new-athlete", clear_on_submit=True, border=False):
        name, add = st.columns([3, 1], vertical_alignment="bottom")
        typed = name.text_input("Name of a new athlete", max_chars=80)
        pressed = add.form_submit_button("Add")
    if pressed:
        try:
            room.shelf.add_athlete(typed)
        except ValueError as wrong:
            st.caption(plain(str(wrong)))
    people = room.shelf.athletes()
    if not people:
        st.write("Nobody yet. Sets of one athlete are kept together, and their course over weeks is drawn.")
    for row in range(0, len(people), cards.ACROSS):
        places = st.columns(cards.ACROSS)
        for place, person in zip(places, people[row : row + cards.ACROSS], strict=False):
            with place, st.container(border=True, key=f"card-athlete-{person.id}"):
                ways.link_to_athlete(person.id, person.name)
                st.html(f'<p class="pl-soft">{show.sets_of(person)}</p>')
