"""The live set in the browser: mirror, skeleton, counter, cue, tone, and two buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from streamlit.components.v2 import component

from vision.outputs.tones import TUNES
from vision.ui.components import assets, checks


@cache
def _mounted() -> Callable[..., Any]:
    return component(
        "plumbline_cues",
        html=assets.markup("cues"),
        css=assets.style("cues"),
        js=assets.script("cues"),
    )


def cues(*, key: str, run: str, url: str, bones: Mapping[str, object]) -> bool:
    """Show the set ``run`` as it goes; whether the browser has heard that it is over.

    The picture is the camera frame's on the same page, mirrored; ``bones`` are its skeleton's lines.
    """
    data = {
        "run": run,
        "url": url,
        "bones": dict(bones),
        "tunes": {kind: [list(note) for note in tune] for kind, tune in TUNES.items()},
    }
    result = _mounted()(key=key, data=data, on_over_change=lambda: None)
    return checks.safe_name(result.get("over")) == run
