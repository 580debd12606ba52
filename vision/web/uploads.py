"""The upload routes: announce, send in pieces, go on after a break, finish or cancel.

``POST /-/upload/TICKET`` announces, ``PUT …/ID?at=OFFSET`` sends a piece, ``GET …/ID`` tells how far
it is, ``POST …/ID/done`` makes a set of it, ``DELETE …/ID`` forgets it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from vision.store.rows import NotFound, Viewer
from vision.web.addresses import ROOT
from vision.web.answers import NotJson, nothing_here, plain_name, problem, read_json
from vision.web.finish import Unusable, finish
from vision.web.incoming import CHUNK_BYTES, NoSpace, TooLarge, WrongOffset
from vision.web.room import Room

_LOG: Final = logging.getLogger(__name__)
_WRITE_BYTES: Final = 1024**2
"""What is gathered before a thread writes it: a hop per network packet would cost more than the disk."""

_Act = Callable[[Request, Room, Viewer], Awaitable[Response]]


def upload_routes(room: Callable[[], Room]) -> list[Route]:
    """Give the routes; ``room`` gives the room that is open when one is asked."""
    base = f"{ROOT}/upload/{{ticket}}"
    acts: list[tuple[str, str, _Act]] = [
        ("POST", base, _announce),
        ("PUT", f"{base}/{{id}}", _send),
        ("GET", f"{base}/{{id}}", _tell),
        ("DELETE", f"{base}/{{id}}", _cancel),
        ("POST", f"{base}/{{id}}/done", _done),
    ]
    return [Route(path, _endpoint(room, act), methods=[method]) for method, path, act in acts]


def _endpoint(room: Callable[[], Room], act: _Act) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        open_room = room()
        viewer = open_room.tickets.viewer(request.path_params["ticket"])
        if viewer is None:
            return nothing_here()
        try:
            return await act(request, open_room, viewer)
        except (NotFound, ClientDisconnect):
            return nothing_here()
        except WrongOffset as error:
            return problem(409, str(error), at=error.at)
        except TooLarge as error:
            return problem(413, str(error))
        except NoSpace as error:
            return problem(507, str(error))
        except NotJson as error:
            return problem(400, str(error))

    return endpoint


async def _announce(request: Request, room: Room, viewer: Viewer) -> Response:
    said = await read_json(request)
    name, size = said.get("name"), said.get("size")
    if not isinstance(name, str) or type(size) is not int or size < 0:
        raise NotJson("Expected a name and a size in bytes.")
    if size == 0:
        return problem(422, "This file is empty. Copy it again from the phone or camera.")
    new = await run_in_threadpool(room.incoming.begin, viewer, plain_name(name), size)
    return JSONResponse({"id": new.id, "chunk": CHUNK_BYTES})


async def _tell(request: Request, room: Room, viewer: Viewer) -> Response:
    found = await run_in_threadpool(room.incoming.get, viewer, request.path_params["id"])
    return JSONResponse({"at": found.at})


async def _cancel(request: Request, room: Room, viewer: Viewer) -> Response:
    found = await run_in_threadpool(room.incoming.get, viewer, request.path_params["id"])
    await run_in_threadpool(room.incoming.discard, found.id)
    return Response(status_code=204)


async def _send(request: Request, room: Room, viewer: Viewer) -> Response:
    found = await run_in_threadpool(room.incoming.get, viewer, request.path_params["id"])
    at = _number(request.query_params.get("at", ""))
    if at is None or at != found.at or found.set_id:
        raise WrongOffset(found.at)
    length = _number(request.headers.get("content-length", ""))
    if length is not None:
        _check_length(length, found.size - at)
    turn = room.incoming.turn(found.id)
    add = partial(room.incoming.add, viewer, found.id, turn)
    return JSONResponse({"at": await _stream(request, add, at)})


async def _stream(request: Request, add: Callable[[int, bytes], int], at: int) -> int:
    """Write what comes as it comes; also what came before the line broke is kept."""
    waiting, seen = bytearray(), 0
    try:
        async for piece in request.stream():
            seen += len(piece)
            _check_length(seen, None)
            waiting += piece
            if len(waiting) >= _WRITE_BYTES:
                full, waiting = bytes(waiting), bytearray()
                at = await run_in_threadpool(add, at, full)
    except ClientDisconnect:
        if waiting:
            await run_in_threadpool(add, at, bytes(waiting))
        raise
    return await run_in_threadpool(add, at, bytes(waiting))


def _check_length(length: int, left: int | None) -> None:
    if left is not None and length > left:
        raise TooLarge("More bytes came than were announced. Choose the clip again.")
    if length > CHUNK_BYTES:
        raise TooLarge(f"A piece may have {CHUNK_BYTES} bytes at most.")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


async def _done(request: Request, room: Room, viewer: Viewer) -> Response:
    said: dict[str, Any] = await read_json(request)
    try:
        set_id = await run_in_threadpool(finish, room, viewer, request.path_params["id"], said)
    except Unusable as error:
        return problem(422, str(error))
    return JSONResponse({"set_id": set_id})
