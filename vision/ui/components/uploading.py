"""The drop zone: files go in pieces to our own route, past Streamlit's memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypedDict

from streamlit.components.v2 import component

from vision.ui.components import assets, checks

_LONGEST_NAME = 1000


class Finished(TypedDict):
    """A clip that has arrived and become a set; ``name`` is what the user's file was called."""

    set_id: str
    name: str


@cache
def _mounted() -> Callable[..., Any]:
    return component(
        "plumbline_upload",
        html=assets.markup("upload"),
        css=assets.style("upload"),
        js=assets.script("upload"),
    )


def upload(*, key: str, url: str, options: Mapping[str, object]) -> list[Finished]:
    """Show the drop zone and give the files that have become sets, oldest first.

    Uploads go on while another page of the app is shown. ``options`` belong to the files that are
    dropped while they are shown; ``url`` is the upload route's address for this viewer.
    """
    data = {"key": key, "url": url, "options": dict(options)}
    result = _mounted()(key=key, data=data, on_finished_change=lambda: None)
    return read_finished(result.get("finished"))


def read_finished(value: object) -> list[Finished]:
    """The finished files as they came from the browser; nonsense is left out."""
    found: list[Finished] = []
    for entry in map(checks.mapping, checks.sequence(value)):
        set_id, name = checks.safe_name(entry.get("set_id")), checks.written(entry.get("name"), _LONGEST_NAME)
        if set_id is not None and name is not None:
            found.append({"set_id": set_id, "name": name})
    return found
