"""Texts that people typed, made safe to stand in Streamlit's Markdown."""

from __future__ import annotations

import re
from typing import Final

_PUNCTUATION: Final = re.compile(r"([!-/:-@\[-`{-~])")
_PARTED: Final = (re.compile(r":(?=[\w+/])"), re.compile(r"(?<=\bwww)(?=\.)", re.IGNORECASE))
_JOINER: Final = "\u2060"
"""Seen by nobody. Links, emoji and named icons are found after backslashes are gone; it parts them."""


def plain(text: str) -> str:
    """``text`` so that Markdown shows it as it was typed, on one line, and makes nothing of it."""
    line = " ".join(text.split())
    for place, filled in zip(_PARTED, (":" + _JOINER, _JOINER), strict=True):
        line = place.sub(filled, line)
    return _PUNCTUATION.sub(r"\\\1", line)
