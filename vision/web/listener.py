"""The second ear of the room's server: HTTPS on the network's address, beside HTTP on this computer's own."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from vision.web.lan import MARK, Lan

END_S: Final = 3
"""Seconds that answers under way over the network get when the room closes."""

_CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
_LOOK_S: Final = 0.05


class Marked:
    """ASGI wrapper that marks everything as come over the network, which the guard and the gate go by."""

    def __init__(self, app: ASGIApp, lan: Lan) -> None:
        self._app = app
        self._mark = lan.origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, marked."""
        await self._app({**scope, MARK: self._mark}, receive, send)


@asynccontextmanager
async def listening(app: ASGIApp, lan: Lan | None) -> AsyncGenerator[None]:
    """Serve ``app`` on ``lan`` too while the block runs; without one nothing happens.

    Raises OSError where the address cannot be listened on.
    """
    if lan is None:
        yield
        return
    ear = _bound(lan)
    server = _Server(_config(app, lan))
    task = asyncio.create_task(server.serve(sockets=[ear]))
    try:
        while not (server.started or task.done()):
            await asyncio.sleep(_LOOK_S)
        if task.done():
            task.result()
        yield
    finally:
        server.should_exit = True
        await asyncio.gather(task, return_exceptions=True)
        ear.close()


def _config(app: ASGIApp, lan: Lan) -> uvicorn.Config:
    return uvicorn.Config(
        Marked(app, lan),
        host=lan.address,
        port=lan.port,
        ssl_certfile=lan.certificate,
        ssl_ciphers=_CIPHERS,
        ws="websockets-sansio",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # nobody may say that they are somebody else
        timeout_graceful_shutdown=END_S,
    )


def _bound(lan: Lan) -> socket.socket:
    ear = socket.socket()
    try:
        if os.name != "nt":
            ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        ear.bind((lan.address, lan.port))
    except BaseException:
        ear.close()
        raise
    return ear


class _Server(uvicorn.Server):
    """Ends when its block ends; the signals are the first server's."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave the signals alone."""
        yield
