"""A server that is asked to end does end, even while a paused film keeps its line open.

A browser that has buffered enough stops reading, and the answer waits for it without end; the server
would wait for the answer, and only then close the library and end the worker. So what is still under
way two seconds after the signal is cut off, the closing begins without waiting for lines that nobody
reads, and after it the server is told to leave them.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vision.web.addresses import ROOT

GRACE_S: Final = 2.0
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)

_Handler = Callable[[int, FrameType | None], Any]


class Closing:
    """ASGI middleware around our routes and the server's life; Streamlit's own lines end by themselves."""

    def __init__(self, app: ASGIApp, grace_s: float = GRACE_S) -> None:
        self._app = app
        self._grace_s = grace_s
        self._running: set[asyncio.Task[Any]] = set()
        self._end = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and listen for the end for as long as the server lives."""
        if scope["type"] == "lifespan":
            with self._told_of_the_end():
                await self._app(scope, self._until_the_end(receive), send)
        elif scope["type"] == "http" and scope["path"].startswith(f"{ROOT}/"):
            await self._cut_off_at_the_end(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def end(self) -> None:
        """Cut off what is under way and let the closing begin."""
        self._end.set()
        for task in self._running:
            task.cancel()

    async def _cut_off_at_the_end(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def answer() -> None:
            await self._app(scope, receive, send)

        task = asyncio.create_task(answer())
        self._running.add(task)
        try:
            await task
        except asyncio.CancelledError:
            task.cancel()
            if not self._end.is_set():
                raise
        finally:
            self._running.discard(task)

    def _until_the_end(self, receive: Receive) -> Receive:
        """What the server tells the app, or that it ends, whichever is first."""

        async def told() -> Message:
            waits = [asyncio.ensure_future(receive()), asyncio.ensure_future(self._end.wait())]
            done, left = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for wait in left:
                wait.cancel()
            message = waits[0].result() if waits[0] in done else None
            return message if isinstance(message, dict) else {"type": "lifespan.shutdown"}

        return told

    @contextmanager
    def _told_of_the_end(self) -> Generator[None]:
        """Hear the signals that end the server; whoever handled them before still does."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()
        before = {number: signal.getsignal(number) for number in _SIGNALS}

        def heard(number: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(loop.call_later, self._grace_s, self.end)
            handler = before[signal.Signals(number)]
            if callable(handler):
                handler(number, frame)

        for number in _SIGNALS:
            signal.signal(number, heard)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            again = before[signal.SIGINT]
            if self._end.is_set() and callable(again) and again is not signal.default_int_handler:
                loop.call_soon(_twice, again)


def _twice(handler: _Handler) -> None:
    """A second Ctrl-C is how one tells uvicorn to wait for nobody."""
    for _ in range(2):
        handler(signal.SIGINT, None)
