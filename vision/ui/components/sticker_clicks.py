"""The picture on which stickers are clicked: where was clicked comes back, the found centres are shown."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypedDict

from streamlit.components.v2 import component

from vision.ui.components import assets, checks


class Found(TypedDict):
    """A sticker's centre, its standard deviation and its radius, px."""

    x: float
    y: float
    sd: float
    r: float


class Wanted(TypedDict):
    """A sticker to be clicked: its name, in words, where it sits, what was found or is the trouble."""

    name: str
    words: str
    where: str
    found: Found | None
    trouble: str
    token: str


class Clicked(TypedDict):
    """A click at shares ``x`` and ``y`` of the picture, for the sticker ``name``; one token a click."""

    name: str
    x: float
    y: float
    set: str
    token: str


@cache
def _mounted() -> Callable[..., Any]:
    return component(
        "plumbline_stickers",
        html=assets.markup("stickers"),
        css=assets.style("stickers"),
        js=assets.script("stickers"),
    )


def sticker_clicks(
    *,
    key: str,
    picture: str,
    size_wh: tuple[int, int],
    names: Sequence[Wanted],
    which: str,
    done: str = "",
) -> Clicked | None:
    """Show a picture, an address of its own, and give the last click; it stays until the next one.

    ``which`` names picture and stickers together: another one begins with the first sticker. ``done`` is
    what is said when all are clicked, of other points than stickers: of those ``where`` is what is asked for.
    """
    data = {
        "image": picture,
        "width": size_wh[0],
        "height": size_wh[1],
        "names": [dict(one) for one in names],
        "set": which,
        "done": done,
    }
    result = _mounted()(key=key, data=data, on_click_change=lambda: None)
    return read_click(result.get("click"))


def read_click(value: object) -> Clicked | None:
    """A click as it came from the browser, or None for nonsense."""
    given = checks.mapping(value)
    name, token = checks.safe_name(given.get("name")), checks.safe_name(given.get("token"))
    which = checks.safe_name(given.get("set"))
    x, y = _share(given.get("x")), _share(given.get("y"))
    if name is None or token is None or which is None or x is None or y is None:
        return None
    return {"name": name, "x": x, "y": y, "set": which, "token": token}


def _share(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value) if 0 <= value <= 1 else None
