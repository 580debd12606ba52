"""How an athlete's measures went over weeks; a change smaller than the error is never called one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from vision.history import Course, courses, sentence
from vision.outputs.wording import sentence as capital
from vision.outputs.wording import with_error
from vision.store import Shelf
from vision.ui import forms, show, show_course

_FROM: Final = {
    "front": "the front",
    "rear": "behind",
    "side": "the side",
    "frontal": "the front or behind",
    "oblique": "an angle",
    "unknown": "a side that was not recognised",
}
SHOWN: Final = 6
"""Courses drawn at once; the others are a click away."""


def history(shelf: Shelf, athlete_id: str) -> None:
    """Every course of an athlete, by movement."""
    points = shelf.course(athlete_id=athlete_id)
    movements = list(dict.fromkeys(point.movement for point in points))
    if not movements:
        st.caption("Nothing yet. The course of a measure begins with the first set that is analysed.")
        return
    movement = movements[-1]
    if len(movements) > 1:
        chosen = st.segmented_control(
            "Movement",
            movements,
            default=movement,
            format_func=forms.movement_word,
            key=f"history-{athlete_id}",
            required=True,
        )
        movement = chosen or movement
    found = _several_first(courses(point for point in points if point.movement == movement))
    st.caption("A dot is a set, the band around it its error. Only sets filmed from one side are compared.")
    _drawn(found[:SHOWN])
    if found[SHOWN:]:
        with st.expander(f"{len(found) - SHOWN} more", key=f"history-more-{athlete_id}"):
            _drawn(found[SHOWN:])


def _several_first(found: Sequence[Course]) -> list[Course]:
    """Courses with the most sets first; one set alone is no course yet."""
    return sorted(found, key=lambda course: -len(course.marks))


def _drawn(found: Sequence[Course]) -> None:
    dark = st.context.theme.type == "dark"
    for pair in range(0, len(found), 2):
        places = st.columns(2, gap="large")
        for place, course in zip(places, found[pair : pair + 2], strict=False):
            place.html(fragment(course, dark=dark))


def fragment(course: Course, *, dark: bool = False) -> str:
    """A course with its name, its drawing, what can be said about it and the values themselves."""
    side = f" · {course.side}" if course.side else ""
    name = show.text(f"{capital(course.title)}{side}")
    view = f"filmed from {_FROM.get(course.view, course.view)}" if course.view else ""
    return (
        f'<section class="pl-history"><h3>{name}</h3><p class="pl-soft">{show.text(view)}</p>'
        f"{show_course.picture(course, dark=dark)}<p>{show.text(sentence(course, with_error))}</p>"
        f"<details><summary>The values</summary>{show.lines(show_course.texts(course))}</details></section>"
    )
