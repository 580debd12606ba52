"""What comes back from a browser may be anything: only what has the right shape is let in."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Final, cast

MOST_FRAMES: Final = 10_000_000
MOST_SHAPES: Final = 200
MOST_POINTS: Final = 5000
MOST_TEXT: Final = 120
MOST_NOTE: Final = 2000
MOST_PX: Final = 20_000.0
_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
_SAFE: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_UNKEPT: Final = ("Cc", "Cs", "Zl", "Zp")
_POINTS: Final = {"line": (2, 2), "angle": (3, 3), "free": (2, MOST_POINTS), "text": (1, 1)}


def mapping(value: object) -> dict[str, object]:
    """``value`` as a dict of its text keys; empty for anything that is no dict."""
    if not isinstance(value, dict):
        return {}
    return {k: v for k, v in cast("dict[object, object]", value).items() if isinstance(k, str)}


def sequence(value: object) -> list[object]:
    """``value`` as a list; empty for anything that is none."""
    return list(cast("list[object]", value)) if isinstance(value, list) else []


def frame_number(value: object) -> int | None:
    """A frame's number, or None for what cannot be one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return int(value) if value == int(value) and 0 <= value < MOST_FRAMES else None


def safe_name(value: object) -> str | None:
    """An id or token of letters, digits, ``-`` and ``_``, or None."""
    return value if isinstance(value, str) and _SAFE.fullmatch(value) else None


def written(value: object, longest: int) -> str | None:
    """A text without what cannot be stored, stripped; None when empty, too long or no text.

    Everything else stays: the player knows by the very text that it was kept.
    """
    if not isinstance(value, str):
        return None
    text = "".join(c for c in value if c in "\n\t" or unicodedata.category(c) not in _UNKEPT).strip()
    return text if 0 < len(text) <= longest else None


def _point(value: object) -> list[float] | None:
    pair = sequence(value)
    if len(pair) != 2:
        return None
    numbers = [float(v) for v in pair if isinstance(v, int | float) and not isinstance(v, bool)]
    sound = len(numbers) == 2 and all(math.isfinite(v) and abs(v) <= MOST_PX for v in numbers)
    return numbers if sound else None


def shape(value: object) -> dict[str, object] | None:
    """One drawn shape of known kind, its fields and nothing else; None for nonsense."""
    given = mapping(value)
    kind, colour = given.get("kind"), given.get("colour")
    if not isinstance(kind, str) or kind not in _POINTS:
        return None
    if not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
        return None
    points = [_point(p) for p in sequence(given.get("points"))]
    fewest, most = _POINTS[kind]
    if not fewest <= len(points) <= most or None in points:
        return None
    found: dict[str, object] = {"kind": kind, "colour": colour, "points": points}
    if kind == "text":
        text = written(given.get("text"), MOST_TEXT)
        return None if text is None else {**found, "text": text}
    return found


def shapes(value: object) -> list[dict[str, object]] | None:
    """All shapes of a frame, or None when there are too many or one of them is nonsense."""
    if not isinstance(value, list):
        return None
    given = sequence(cast("object", value))
    found = [shape(v) for v in given]
    sound = [s for s in found if s is not None]
    return sound if len(given) <= MOST_SHAPES and len(sound) == len(given) else None
