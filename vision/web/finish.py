"""The end of an upload: what was said about the clip is checked, then the clip, then it becomes a set."""

from __future__ import annotations

from datetime import date
from pathlib import Path, PurePath
from typing import Any, Final, cast

from vision.decode import ClipError
from vision.jobs import check_clip
from vision.movements import MOVEMENTS
from vision.movements.calibration import OWN_FILM
from vision.outputs.wording import sentence
from vision.store.rows import AskedStickers, NewSet, NotFound, Viewer
from vision.web.incoming import Arriving, WrongOffset
from vision.web.room import Room

_FASTEST_FPS: Final = 2000.0
_LONGEST: Final = 200
_TAGS: Final = 20


class Unusable(ValueError):
    """The clip, or what was said about it, cannot be used; the text is one line for the user."""


def finish(room: Room, viewer: Viewer, id: str, said: dict[str, Any]) -> str:
    """Make a set of a clip that has come whole; asked again it gives the same set.

    A clip that no analysis could read is removed, one about which something wrong was said stays.
    """
    room.incoming.get(viewer, id)  # no lock is kept for what is not there
    with room.incoming.lock(id):
        arriving = room.incoming.get(viewer, id)
        if arriving.set_id:
            return arriving.set_id
        if arriving.at != arriving.size:
            raise WrongOffset(arriving.at)
        about = _about(room, viewer, said)
        _check(room, arriving)
        return _keep(room, viewer, arriving, about)


def _check(room: Room, arriving: Arriving) -> None:
    try:
        check_clip(room.incoming.part(arriving.id), name=arriving.name)
    except ClipError as error:
        room.incoming.discard(arriving.id)
        raise Unusable(sentence(str(error))) from error


def _keep(room: Room, viewer: Viewer, arriving: Arriving, about: dict[str, Any]) -> str:
    name = room.incoming.arrived(arriving.id, PurePath(arriving.name).suffix)
    try:
        new = NewSet(title=arriving.name, original=name, **about)
        made = room.library.shelf(viewer).add_set(new)
    except BaseException as error:
        _back(room.folder.clips / name, room.incoming.part(arriving.id))
        if isinstance(error, ValueError):
            raise Unusable(str(error)) from error
        raise
    room.incoming.became(arriving, made.id)
    return made.id


def _back(clip: Path, part: Path) -> None:
    if clip.exists():
        clip.rename(part)


def _about(room: Room, viewer: Viewer, said: dict[str, Any]) -> dict[str, Any]:
    movement = said.get("movement") or "auto"
    known = ("auto", *MOVEMENTS, OWN_FILM)
    if movement not in known:
        raise Unusable(f"Expected one of the movements {', '.join(known)}.")
    return {
        "movement": movement,
        "athlete_id": _athlete(room, viewer, said.get("athlete_id")),
        "session": _text(said.get("session"), "session"),
        "filmed_on": _day(said.get("filmed_on")),
        "capture_fps": _fps(said.get("capture_fps")),
        "tags": _tags(said.get("tags")),
        "stickers": AskedStickers() if said.get("stickers") == "auto" and movement != OWN_FILM else None,
    }


def _athlete(room: Room, viewer: Viewer, id: object) -> str | None:
    if not id:
        return None
    try:
        return room.library.shelf(viewer).athlete(str(id)).id
    except NotFound as error:
        raise Unusable("That athlete is no longer in the library. Choose another or none.") from error


def _text(text: object, what: str) -> str:
    if text is None:
        return ""
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise Unusable(f"Expected a text of at most {_LONGEST} letters as the {what}.")
    return " ".join(text.split())


def _day(text: object) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise Unusable("Expected the day of filming as year-month-day, such as 2025-03-09.") from error


def _fps(rate: object) -> float | None:
    if rate is None:
        return None
    if isinstance(rate, bool) or not isinstance(rate, int | float):
        raise Unusable("Expected the camera's rate as a number of pictures per second.")
    if not 0 < rate <= _FASTEST_FPS:
        raise Unusable(f"Expected a camera's rate between 1 and {_FASTEST_FPS:.0f} pictures per second.")
    return float(rate)


def _tags(tags: object) -> tuple[str, ...]:
    if tags is None:
        return ()
    if not isinstance(tags, list):
        raise Unusable("Expected a list of tags.")
    words = [_text(tag, "tag") for tag in cast("list[object]", tags)]
    if len(words) > _TAGS:
        raise Unusable(f"Expected at most {_TAGS} tags.")
    return tuple(dict.fromkeys(word for word in words if word))
