"""Where everybody comes in: three doors, a sample to try, what is under way and what came last."""

from __future__ import annotations

from typing import Final

import streamlit as st

from vision.store.rows import StoredSet
from vision.ui import cards, jobs_view, show, ways
from vision.ui.here import Here, here
from vision.web.room import SAMPLE

RECENT: Final = 6

_DOORS: Final[tuple[tuple[str, str, str, str, dict[str, str]], ...]] = (
    (
        "check",
        "add",
        "Check a set",
        "Drop a clip of squats, hinges, bridges or walking. See what to change.",
        {},
    ),
    ("live", "live", "Train live", "Set up the camera, train, and hear one cue at a time.", {}),
    (
        "sprint",
        "add",
        "Review sprints",
        "Film runs from the side in slow motion: contact, flight, thighs, and the kinogram.",
        {"movement": "sprint", "for": "sprint"},
    ),
)


def page() -> None:
    """The first page."""
    room = here()
    st.title("See what the hips and knees did.", anchor=False)
    for place, (key, screen, name, words, params) in zip(st.columns(3), _DOORS, strict=True):
        with place, st.container(border=True, key=f"door-{key}"):
            ways.link(screen, name, params)
            st.html(f'<p class="pl-door">{show.text(words)}</p>')
    sets = room.shelf.sets()
    _sample(room, first=not sets)
    if any(one.state in jobs_view.WORKING for one in sets):
        st.header("Under way", anchor=False)
        jobs_view.rows(_under_way, "home")
    still = [one for one in sets if one.state not in jobs_view.WORKING]
    if still:
        st.header("Your last sets", anchor=False)
        cards.cards(still[:RECENT], "home")
        if len(still) > RECENT:
            ways.link("sets", f"All {len(sets)} sets")


def _under_way() -> list[StoredSet]:
    return [one for one in here().shelf.sets() if one.state in jobs_view.WORKING]


def _sample(room: Here, *, first: bool) -> None:
    if not SAMPLE.is_file():  # installed without the sample clips
        return
    with st.container(horizontal=True, vertical_alignment="center", key="try"):
        pressed = st.button("Try the sample", key="sample", type="primary" if first else "secondary")
        st.html('<p class="pl-soft">Five squats by a figure made on a computer. It takes about a minute.</p>')
    if pressed:
        with st.spinner("Adding the sample …"):
            one = room.room.sample(room.viewer)
        ways.to_set(one.id)
