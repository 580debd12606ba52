"""The file routes: film, report and tables of a set, for its own viewer and for nobody else."""

from __future__ import annotations

import mimetypes
import os
import stat
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from vision.store.folder import is_random_name
from vision.store.rows import NotFound
from vision.web.addresses import ROOT
from vision.web.answers import nothing_here, plain_name
from vision.web.room import Room

ORIGINAL: Final = "original"
TYPES: Final = {
    "film.mp4": "video/mp4",
    "player.json": "application/json",
    "report.html": "text/html",
    "measures.csv": "text/csv",
    "track.trc": "text/plain",
    "kinogram.png": "image/png",
}
_SHOWN: Final = frozenset({"film.mp4", "player.json", "report.html", "kinogram.png"})
"""What a browser shows in place; everything else it saves."""

REPORT_POLICY: Final = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"
)
"""A report may come from another's hands one day: it runs nothing and asks nobody."""


def media_routes(room: Callable[[], Room]) -> list[Route]:
    """Give the routes; ``room`` gives the room that is open when one is asked."""

    def set_file(request: Request) -> Response:
        asked = request.path_params
        try:
            return _set_file(room(), asked["ticket"], asked["set_id"], asked["name"], _saved(request))
        except (NotFound, OSError):
            return nothing_here()

    def package(request: Request) -> Response:
        asked = request.path_params
        try:
            return _package(room(), asked["ticket"], asked["name"], request.query_params.get("as", ""))
        except (NotFound, OSError):
            return nothing_here()

    return [
        Route(f"{ROOT}/file/{{ticket}}/{{set_id}}/{{name}}", set_file, methods=["GET"]),
        Route(f"{ROOT}/package/{{ticket}}/{{name}}", package, methods=["GET"]),
    ]


def _saved(request: Request) -> bool:
    return request.query_params.get("save") == "1"


def _set_file(room: Room, ticket: str, set_id: str, name: str, saved: bool) -> Response:
    viewer = room.tickets.viewer(ticket)
    if viewer is None or (name not in TYPES and name != ORIGINAL):
        raise NotFound(name)
    shelf = room.library.shelf(viewer)
    title, files = shelf.set(set_id).title, shelf.files(set_id)
    if name == ORIGINAL:
        return _file(files.original, _type(files.original), _with_suffix(title, files.original))
    if files.results is None:
        raise NotFound(name)
    shown = name in _SHOWN and not saved
    return _file(files.results / name, TYPES[name], None if shown else f"{PurePath(title).stem} {name}")


def _package(room: Room, ticket: str, name: str, save_as: str) -> Response:
    viewer = room.tickets.viewer(ticket)
    if viewer is None or not is_random_name(name) or not name.startswith(room.tickets.mark(viewer)):
        raise NotFound(name)
    path = room.folder.packages / name
    return _file(path, _type(path), _with_suffix(save_as or "plumbline", path))


def _type(path: Path) -> str:
    """The type, where it is a known one: what is packed already need not be packed for the way."""
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def _with_suffix(title: str, path: Path) -> str:
    return title if PurePath(title).suffix.lower() == path.suffix else title + path.suffix


def _file(path: Path, media_type: str, save_as: str | None) -> Response:
    found = os.stat(path)
    if not stat.S_ISREG(found.st_mode):
        raise FileNotFoundError(path)
    headers = {"Content-Security-Policy": REPORT_POLICY} if media_type == "text/html" else None
    name = None if save_as is None else plain_name(save_as)
    return FileResponse(path, headers=headers, media_type=media_type, filename=name, stat_result=found)
