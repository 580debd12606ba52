"""The pages of the room: their names, titles and addresses, and how one leads to another."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NoReturn

import streamlit as st

from vision.ui.plain import plain


@dataclass(frozen=True, slots=True)
class Place:
    """A page: its module among the screens, what the menu calls it, and its path in the address."""

    screen: str
    title: str
    path: str
    shown: bool = True


PLACES: Final = {
    place.screen: place
    for place in (
        Place("home", "Home", ""),
        Place("add", "Add clips", "add"),
        Place("sets", "Sets", "sets"),
        Place("one_set", "One set", "set", shown=False),
        Place("compare", "Compare", "compare"),
        Place("athletes", "Athletes", "athletes"),
        Place("one_athlete", "One athlete", "athlete", shown=False),
        Place("live", "Train live", "live"),
        Place("phone", "On a phone", "phone", shown=False),
        Place("checkup", "Check-up", "check-up"),
        Place("plan", "Plan", "plan"),
        Place("film", "How to film", "film"),
        Place("about", "About", "about"),
    )
}
"""In the order of the menu; the first is where everybody comes in."""


def _opened(screen: str) -> Callable[[], None]:
    """Shows a screen; it is imported when it is wanted, since screens lead to each other."""

    def show() -> None:
        importlib.import_module(f"vision.ui.screens.{screen}").page()

    return show


def page(screen: str) -> st.Page:
    """The page of ``screen`` as Streamlit wants it."""
    place = PLACES[screen]
    return st.Page(
        _opened(screen),
        title=place.title,
        url_path=place.path,
        default=not place.path,
        visibility="visible" if place.shown else "hidden",
    )


def link(screen: str, label: str, params: Mapping[str, str] | None = None) -> None:
    """A link to another page, with words of ours."""
    st.page_link(page(screen), label=label, query_params=dict(params or {}))


def link_to_set(set_id: str, title: str) -> None:
    """A link to a set under the title that its owner gave it."""
    link("one_set", plain(title) or "Untitled", {"set": set_id})


def link_to_athlete(athlete_id: str, name: str) -> None:
    """A link to an athlete's page."""
    link("one_athlete", plain(name), {"athlete": athlete_id})


def go(screen: str, params: Mapping[str, str] | None = None) -> NoReturn:
    """Leave for another page."""
    st.switch_page(page(screen), query_params=dict(params or {}))


def to_set(set_id: str) -> NoReturn:
    """Leave for the page of a set."""
    go("one_set", {"set": set_id})


def asked(name: str) -> str:
    """What the address says for ``name``; empty where it says nothing."""
    return st.query_params.get(name, "")
