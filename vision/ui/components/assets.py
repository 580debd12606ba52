"""Joins our small script and style files into what Streamlit mounts: one ES module per component.

The files of a component share one scope, as if they were one file; nothing comes from outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

FILM: Final = ("dom", "film", "skeleton", "timeline", "keys", "scrub", "mount")
"""What every component that shows a film is made of, under ``player/``."""

SCRIPTS: Final = {
    "player": (
        *(f"player/{name}" for name in FILM),
        *(f"player/{name}" for name in ("curves", "shapes", "tools", "outbox", "notes", "still", "main")),
    ),
    "compare": (
        *(f"player/{name}" for name in FILM),
        *(f"compare/{name}" for name in ("phases", "side", "main")),
    ),
    "upload": (
        *(f"player/{name}" for name in ("dom", "mount")),
        *(f"upload/{name}" for name in ("transfer", "queue", "rows", "main")),
    ),
    "stickers": (*(f"player/{name}" for name in ("dom", "mount", "skeleton")), "stickers/main"),
    "cues": (
        *(f"player/{name}" for name in ("dom", "mount", "skeleton")),
        *(f"cues/{name}" for name in ("sound", "camera", "line", "main")),
    ),
}
"""Script files of each component in the order in which they are joined, without their ``.js``."""

STYLES: Final = {
    "player": ("player/look", "player/player"),
    "compare": ("player/look", "compare/compare"),
    "upload": ("upload/upload",),
    "cues": ("cues/cues",),
    "stickers": ("stickers/stickers",),
}


_HERE: Final = files("vision.ui.components")


def _joined(names: Sequence[str], ending: str) -> str:
    return "\n".join(_HERE.joinpath(f"{name}.{ending}").read_text("utf-8") for name in names)


@cache
def script(component: str) -> str:
    """The component's ES module, with its one default export at the end."""
    return _joined(SCRIPTS[component], "js")


@cache
def style(component: str) -> str:
    """The component's style sheet."""
    return _joined(STYLES[component], "css")


@cache
def markup(component: str) -> str:
    """The component's fixed page; every text of the user's is put in by its script, as text."""
    return _joined((f"{component}/{component}",), "html")
