"""Points on the first picture of a clip: who the athlete is, and a length that is known, each by a click."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Final

import numpy as np
import streamlit as st
from PIL import Image

from vision.capture import Clip, ClipError
from vision.store.checks import METRES
from vision.store.rows import AskedDistance, StoredSet
from vision.types import ImageArray
from vision.ui.components.sticker_clicks import Clicked, Wanted, sticker_clicks
from vision.ui.here import Here

Points = dict[str, tuple[float, float]]

_WIDEST: Final = 1280
_ATHLETE: Final = "athlete"
_ENDS: Final = ("one_end", "other_end")
_ASKED: Final = {
    _ATHLETE: "Click on the athlete, in the middle of the body.",
    "one_end": "Click one end of a distance that you know: a cone or a line on the ground of the same lane.",
    "other_end": "Click its other end, in the same lane.",
}
_DONE: Final = "Choose one above and click again to move it."


def points(
    room: Here, one: StoredSet, key: str
) -> tuple[tuple[float, float] | None, AskedDistance | None, str]:
    """The athlete's place, the known distance, and what is still missing of it, empty for nothing."""
    picture = first_picture(room.shelf.files(one.id).original)
    if picture is None:
        st.caption("The first picture cannot be read.")
        return one.person, one.distance, ""
    marked: Points = st.session_state.setdefault(f"{key}-points", _before(one))
    tokens: dict[str, str] = st.session_state.setdefault(f"{key}-tokens", {})
    high, wide = picture.shape[:2]
    click = sticker_clicks(
        key=f"{key}-picture",
        picture=address(picture),
        size_wh=(wide, high),
        names=_wanted(marked, tokens, (wide, high)),
        which=f"{one.id}-first",
        done=_DONE,
    )
    if click is not None and _heard(marked, tokens, click):
        st.rerun()
    metres = st.number_input(
        "Metres between the two ends",
        min_value=0.1,
        max_value=float(METRES),
        value=None if one.distance is None else one.distance.metres,
        placeholder="For a sprint\u2019s speed and step length",
        key=f"{key}-metres",
    )
    if marked and st.button("Take all points away", key=f"{key}-none"):
        marked.clear()
        st.rerun()
    return marked.get(_ATHLETE), *distance(marked, metres)


def distance(marked: Points, metres: float | None) -> tuple[AskedDistance | None, str]:
    """The known distance out of what was clicked and typed, and what is missing of it."""
    ends = [marked[name] for name in _ENDS if name in marked]
    if not ends:
        return None, ""
    if len(ends) < len(_ENDS):
        return None, "The other end of the distance is not clicked yet."
    if ends[0] == ends[1]:
        return None, "Both ends of the distance are at one place: move one of them."
    if metres is None:
        return None, "Say how many metres lie between the two ends."
    return AskedDistance(ends[0], ends[1], metres), ""


def _before(one: StoredSet) -> Points:
    """What was clicked for the last analysis."""
    marked: Points = {} if one.person is None else {_ATHLETE: one.person}
    if one.distance is not None:
        marked |= dict(zip(_ENDS, (one.distance.start, one.distance.end), strict=True))
    return marked


def _wanted(marked: Points, tokens: dict[str, str], size_wh: tuple[int, int]) -> list[Wanted]:
    made: list[Wanted] = []
    for name, asked in _ASKED.items():
        at = marked.get(name)
        made.append(
            {
                "name": name,
                "words": name.replace("_", " "),
                "where": asked,
                "found": None
                if at is None
                else {"x": at[0] * size_wh[0], "y": at[1] * size_wh[1], "sd": 0.0, "r": 0.01 * size_wh[1]},
                "trouble": "",
                "token": tokens.get(name, ""),
            }
        )
    return made


def _heard(marked: Points, tokens: dict[str, str], click: Clicked) -> bool:
    """Take a click once; whether it was new."""
    name = click["name"]
    if name not in _ASKED or tokens.get(name) == click["token"]:
        return False
    tokens[name] = click["token"]
    marked[name] = (click["x"], click["y"])
    return True


@st.cache_data(max_entries=4, show_spinner="Fetching the first picture \u2026")
def first_picture(path: Path) -> ImageArray | None:
    """The first picture of a clip, no wider than a page; kept for a few clips."""
    try:
        with Clip(path) as clip:
            for frame in clip.pick([0]):
                step = max(1, -(-frame.rgb.shape[1] // _WIDEST))
                return np.ascontiguousarray(frame.rgb[::step, ::step])
    except (ClipError, OSError):
        pass
    return None


def address(rgb: ImageArray) -> str:
    """A picture as an address that holds it whole."""
    kept = io.BytesIO()
    Image.fromarray(rgb).save(kept, "JPEG", quality=92)
    return f"data:image/jpeg;base64,{base64.b64encode(kept.getvalue()).decode()}"
