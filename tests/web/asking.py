"""Asks an ASGI app by hand, so that a test decides what arrives when, and when the line breaks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message

from vision.web.guard import Guard
from vision.web.room import Room
from vision.web.routes import routes

HOST = "127.0.0.1:8501"
BROKEN = None
"""In a body: the line breaks here."""


@dataclass
class Answer:
    """What came back; header names are lower case."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def app_of(room: Room) -> ASGIApp:
    return Starlette(routes=routes(lambda: room), middleware=[Middleware(Guard)])


def ask(
    app: ASGIApp,
    method: str,
    url: str,
    body: object = b"",
    headers: Mapping[str, str] | None = None,
    *,
    length: bool = True,
    client: str = "127.0.0.1",
) -> Answer:
    """Ask once; ``body`` is bytes, data to send as JSON, or a list of pieces that may end in BROKEN."""
    pieces: list[bytes | None]
    if isinstance(body, list):
        pieces = body
    else:
        pieces = [body if isinstance(body, bytes) else json.dumps(body).encode()]
    path, _, query = url.partition("?")
    told = {"host": HOST, "origin": f"http://{HOST}", **(headers or {})}
    if length and BROKEN not in pieces:
        told["content-length"] = str(sum(len(p or b"") for p in pieces))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(k.encode(), v.encode("latin-1")) for k, v in told.items()],
        "server": ("127.0.0.1", 8501),
        "client": (client, 50000),
    }
    return asyncio.run(asyncio.wait_for(_run(app, scope, pieces), 60))


async def _run(app: ASGIApp, scope: dict[str, Any], pieces: Iterable[bytes | None]) -> Answer:
    answer, coming = Answer(), iter(pieces)
    waiting = next(coming, b"")
    over = asyncio.Event()

    async def receive() -> Message:
        nonlocal waiting
        if over.is_set():
            await asyncio.sleep(3600)
        if waiting is None:
            return {"type": "http.disconnect"}
        now, waiting = waiting, next(coming, b"")
        more = waiting != b""
        if not more:
            over.set()
        return {"type": "http.request", "body": now, "more_body": more}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {k.decode().lower(): v.decode("latin-1") for k, v in message["headers"]}
        elif message["type"] == "http.response.body":
            answer.body += message.get("body", b"")

    await app(scope, receive, send)
    return answer
