"""The review player and the two-film player, as functions for a page.

Both show films of ``film_url`` with the measurements of ``data_url`` (player.json). What a coach
draws or writes comes back once, in the run that it causes: the page stores it and then calls
``st.rerun()``, so that the player sees it among what is stored and says no longer "saving".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, TypedDict, TypeVar

import streamlit as st
from streamlit.components.v2 import component

from vision.ui.components import assets, checks

_REMEMBERED: Final = 100


class Drawn(TypedDict):
    """All shapes of one frame as they are now; none when the frame was cleared."""

    frame: int
    shapes: list[dict[str, object]]
    token: str


class Noted(TypedDict):
    """A note that was written for a frame."""

    frame: int
    text: str
    token: str


_Event = TypeVar("_Event", Drawn, Noted)


@dataclass(frozen=True, slots=True)
class PlayerEvents:
    """What happened in the player: the frame it stands on, what was drawn and what was noted.

    ``drawn`` and ``noted`` are there in one run only, and never twice for one token.
    """

    frame: int | None = None
    drawn: Drawn | None = None
    noted: Noted | None = None


@dataclass(frozen=True, slots=True)
class CompareEvents:
    """The frames on which the two films stand."""

    left: int | None = None
    right: int | None = None


class Film(TypedDict):
    """One of two films: ``phases`` are the frames that belong together, in order, as many on either side."""

    film_url: str
    data_url: str
    label: str
    phases: list[int]


@cache
def _mounted(name: str) -> Callable[..., Any]:
    return component(
        f"plumbline_{name}",
        html=assets.markup(name),
        css=assets.style(name),
        js=assets.script(name),
    )


def _nothing() -> None:
    """Streamlit tells events only to components that have a callback for them."""


def player(
    *,
    key: str,
    film_url: str,
    data_url: str,
    seek: tuple[int, int] | None = None,
    drawings: Mapping[int, Sequence[Mapping[str, object]]] | None = None,
    notes: Sequence[Mapping[str, object]] = (),
    title: str = "",
) -> PlayerEvents:
    """Show a film frame by frame and give what happened in it.

    Parameters
    ----------
    key
        Names this player; another set needs another key.
    film_url, data_url
        Where the film and its player.json lie, on this server.
    seek
        ``(frame, token)``: go to the frame once for each new token.
    drawings, notes
        What is stored: shapes by frame, notes as ``{"id", "frame", "text"}``.
    title
        The set's name, for the name of a saved picture and for those who listen.
    """
    data = {
        "film_url": film_url,
        "data_url": data_url,
        "title": title,
        "seek": list(seek) if seek else None,
        "drawings": {str(frame): [dict(s) for s in shapes] for frame, shapes in (drawings or {}).items()},
        "notes": [{"id": n.get("id"), "frame": n.get("frame"), "text": n.get("text")} for n in notes],
    }
    result = _mounted("player")(
        key=key,
        data=data,
        on_frame_change=_nothing,
        on_drawn_change=_nothing,
        on_noted_change=_nothing,
    )
    return PlayerEvents(
        checks.frame_number(result.get("frame")),
        _once(key, read_drawn(result.get("drawn"))),
        _once(key, read_noted(result.get("noted"))),
    )


def read_drawn(value: object) -> Drawn | None:
    """A drawing as it came from the browser, or None for nonsense."""
    given = checks.mapping(value)
    frame, token = checks.frame_number(given.get("frame")), checks.safe_name(given.get("token"))
    shapes = checks.shapes(given.get("shapes"))
    if frame is None or token is None or shapes is None:
        return None
    return {"frame": frame, "shapes": shapes, "token": token}


def read_noted(value: object) -> Noted | None:
    """A note as it came from the browser, or None for nonsense."""
    given = checks.mapping(value)
    frame, token = checks.frame_number(given.get("frame")), checks.safe_name(given.get("token"))
    text = checks.written(given.get("text"), checks.MOST_NOTE)
    if frame is None or token is None or text is None:
        return None
    return {"frame": frame, "text": text, "token": token}


def _once(key: str, event: _Event | None) -> _Event | None:
    """``event``, unless one with its token was given before: the browser sends again when unsure."""
    if event is None:
        return None
    place = f"{key} heard"
    heard: list[str] = st.session_state.get(place, [])
    if event["token"] in heard:
        return None
    st.session_state[place] = [*heard, event["token"]][-_REMEMBERED:]
    return event


def compare_player(
    *,
    key: str,
    left: Film,
    right: Film,
    mode: Literal["side", "ghost"] = "side",
    seek: tuple[int, int] | None = None,
) -> CompareEvents:
    """Show two films on one clock, side by side or the right one as a ghost over the left.

    Parameters
    ----------
    key
        Names this pair; another pair needs another key.
    left, right
        The films; the left one leads. Between two phases the right film's time is stretched to fit.
    mode
        How they lie at first; who looks can change it.
    seek
        ``(frame of the left film, token)``: go there once for each new token.
    """
    data = {
        "left": _film(left),
        "right": _film(right),
        "mode": mode,
        "seek": list(seek) if seek else None,
    }
    result = _mounted("compare")(key=key, data=data, on_frames_change=_nothing)
    frames = [checks.frame_number(v) for v in checks.sequence(result.get("frames"))]
    return CompareEvents(*frames) if len(frames) == 2 else CompareEvents()


def _film(film: Film) -> Film:
    return {
        "film_url": film["film_url"],
        "data_url": film["data_url"],
        "label": film["label"],
        "phases": whole(film["phases"]),
    }


def whole(numbers: Iterable[int]) -> list[int]:
    """Plain ints, whatever kind of whole number they were."""
    return [int(n) for n in numbers]
