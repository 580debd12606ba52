"""All routes beside the pages."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vision.web.addresses import ROOT
from vision.web.answers import nothing_here
from vision.web.live import live_routes
from vision.web.media import media_routes
from vision.web.room import Room, current
from vision.web.uploads import upload_routes


def routes(room: Callable[[], Room] = current) -> list[Route]:
    """Give the routes; ``room`` gives the room that is open when one is asked."""
    methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
    rest = Route(f"{ROOT}/{{path:path}}", _nothing, methods=methods)
    return [*upload_routes(room), *media_routes(room), *live_routes(room), rest]


def _nothing(_: Request) -> Response:
    return nothing_here()
