"""The addresses of the routes, for whoever draws a page."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlencode

ROOT: Final = "/-"
"""Where the routes begin; no page of the room has such a path."""


def upload_url(ticket: str) -> str:
    """Where the clips of the ticket's viewer go."""
    return f"{ROOT}/upload/{ticket}"


def file_url(ticket: str, set_id: str, name: str, *, save: bool = False) -> str:
    """A file of a set; ``save`` has the browser save it under the clip's name, not show it.

    ``name`` is film.mp4, player.json, report.html, measures.csv, track.trc, kinogram.png or original.
    """
    return f"{ROOT}/file/{ticket}/{quote(set_id, safe='')}/{name}" + ("?save=1" if save else "")


def package_url(ticket: str, name: str, save_as: str = "plumbline.zip") -> str:
    """A file of ``Room.new_package``, by its name in the folder; the browser saves it as ``save_as``."""
    return f"{ROOT}/package/{ticket}/{quote(name, safe='')}?{urlencode({'as': save_as})}"
