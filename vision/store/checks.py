"""What people typed, checked before it is kept. Every complaint is a ValueError of one line."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Sequence

from vision.store.folder import is_random_name
from vision.store.rows import AskedDistance, AskedStickers, Shapes

NAME_LENGTH = 80
TITLE_LENGTH = 255
NOTE_LENGTH = 4000
TAG_LENGTH = 40
TAGS = 20
_DRAWING_LENGTH = 1_000_000
_LAST_FRAME = 10_000_000
_MOVEMENT = re.compile(r"[a-z][a-z0-9_]{0,39}")
_STICKER = re.compile(r"[a-z][a-z_]{0,39}")
STICKERS = 4
METRES = 1000
_FPS = (1.0, 10_000.0)


def name(typed: str, what: str = "The name", longest: int = NAME_LENGTH) -> str:
    """Check a text of one line that must not be empty."""
    kept = label(typed, what, longest)
    if not _shows(kept):
        raise ValueError(f"{what} is empty.")
    return kept


def label(typed: str, what: str, longest: int = NAME_LENGTH) -> str:
    """Check a text of one line that may be empty."""
    kept = unicodedata.normalize("NFC", typed).strip()
    if len(kept) > longest:
        raise ValueError(f"{what} is too long: {len(kept)} characters, at most {longest} are kept.")
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in kept):
        raise ValueError(f"{what} holds a line break or a character that cannot be shown.")
    return kept


def key(checked: str) -> str:
    """Fold a name so that two that read alike are the same."""
    return " ".join(unicodedata.normalize("NFKC", checked).casefold().split())


def note(typed: str) -> str:
    """Check a note; it may have several lines."""
    kept = unicodedata.normalize("NFC", typed).replace("\r\n", "\n").replace("\r", "\n").strip()
    for line in kept.split("\n"):
        label(line.replace("\t", " "), "The note", NOTE_LENGTH)
    if len(kept) > NOTE_LENGTH:
        raise ValueError(f"The note is too long: {len(kept)} characters, at most {NOTE_LENGTH} are kept.")
    if not _shows(kept):
        raise ValueError("The note is empty.")
    return kept


def tags(typed: Sequence[str]) -> tuple[str, ...]:
    """Check tags; the same one twice is kept once."""
    kept = {key(checked): checked for checked in (name(tag, "A tag", TAG_LENGTH) for tag in typed)}
    if len(kept) > TAGS:
        raise ValueError(f"These are {len(kept)} tags, at most {TAGS} are kept.")
    return tuple(kept.values())


def frame(number: int) -> int:
    """Check a frame's number."""
    if not 0 <= number <= _LAST_FRAME:
        raise ValueError(f"Expected a frame from 0 to {_LAST_FRAME}, got {number}.")
    return int(number)


def movement(asked: str) -> str:
    """Check the form of a movement's name; which ones there are is not known here."""
    if not _MOVEMENT.fullmatch(asked):
        raise ValueError(f"Expected a movement's name or auto, got {asked[:40]!r}.")
    return asked


def capture_fps(rate: float | None) -> float | None:
    """Check a camera's rate."""
    if rate is not None and not _FPS[0] <= rate <= _FPS[1]:
        raise ValueError(f"Expected a camera rate from {_FPS[0]:g} to {_FPS[1]:g} pictures a second.")
    return rate


def person(point: tuple[float, float] | None) -> tuple[float, float] | None:
    """Check a point given as fractions of width and height."""
    if point is not None and not all(0 <= part <= 1 for part in point):
        raise ValueError("Expected the athlete's place as fractions of width and height, 0 to 1.")
    return point


def stickers(asked: AskedStickers | None) -> str:
    """Check the form of stickers and give them as JSON text, empty for none.

    Which ones go together is not known here.
    """
    if asked is None:
        return ""
    for named, x, y in asked.clicks:
        if not _STICKER.fullmatch(named) or not (0 <= x <= 1 and 0 <= y <= 1):
            raise ValueError(f"Expected stickers as a name and shares of the picture, got {named[:40]!r}.")
    if len(asked.clicks) > STICKERS:
        raise ValueError(f"These are {len(asked.clicks)} stickers, at most {STICKERS} are followed.")
    at = None if asked.frame is None else frame(asked.frame)
    return json.dumps({"clicks": [list(click) for click in asked.clicks], "frame": at})


def distance(asked: AskedDistance | None) -> str:
    """Check a known distance and give it as JSON text, empty for none."""
    if asked is None:
        return ""
    person(asked.start)
    person(asked.end)
    if asked.start == asked.end or not 0 < asked.metres <= METRES:
        raise ValueError(f"Expected two different points and 0 to {METRES} metres between them.")
    return json.dumps({"start": list(asked.start), "end": list(asked.end), "metres": asked.metres})


def stored_name(given: str, what: str) -> str:
    """Check that a file's or folder's name is a random one of ours."""
    if not is_random_name(given):
        raise ValueError(f"Expected {what} under a name from DataFolder.new_name, got {given[:80]!r}.")
    return given


def shapes(drawn: Shapes) -> str:
    """Check shapes and give them as JSON text."""
    try:
        kept = json.dumps(list(drawn), ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise ValueError(
            "The drawing cannot be kept: it holds something that is no number or text."
        ) from error
    if len(kept) > _DRAWING_LENGTH:
        raise ValueError("The drawing is too large to be kept: use fewer or shorter lines.")
    return kept


def number(value: float, what: str) -> float:
    """Check that a number can be kept and shown."""
    if not math.isfinite(value):
        raise ValueError(f"Expected a finite {what}, got {value}.")
    return float(value)


def _shows(kept: str) -> bool:
    """Whether anything of a text is visible; spaces and marks of no width are not."""
    return any(unicodedata.category(character)[0] not in "CZ" for character in kept)
