"""What a live set tells its page, pushed as it happens, and the two things the page can answer.

``GET /-/live/TICKET/RUN/events`` streams Server-Sent Events until the set is over, ``POST …/pain`` and
``POST …/end`` end it. A message is the whole state of the set: a slow page skips to the newest.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakValueDictionary

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from vision.store.rows import NotFound, Viewer
from vision.web.addresses import ROOT
from vision.web.answers import nothing_here
from vision.web.room import Room

BEAT_S: Final = 10.0
"""Seconds after which a line on which nothing happens is used, so that a dead one is noticed."""


@dataclass(frozen=True, slots=True)
class _Listener:
    loop: asyncio.AbstractEventLoop
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Have the listener look; from any thread."""
        with suppress(RuntimeError):  # its loop has ended, and nobody listens there
            self.loop.call_soon_threadsafe(self.woken.set)


class Channel:
    """One set's line to its page. ``pain`` and ``end`` are called in a thread that may wait."""

    def __init__(self, viewer: Viewer, *, pain: Callable[[], None], end: Callable[[], None]) -> None:
        self.id: Final = secrets.token_urlsafe(16)
        self.viewer: Final = viewer.key
        self.pain: Final = pain
        self.end: Final = end
        self._lock = threading.Lock()
        self._listeners: list[_Listener] = []
        self._text = ""
        self._number = 0
        self._closed = False

    def tell(self, message: Mapping[str, object]) -> None:
        """Push the set's new state to whoever listens; from any thread, and it never waits."""
        text = json.dumps(message, separators=(",", ":"))
        with self._lock:
            self._text, self._number = text, self._number + 1
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener.wake()

    def close(self) -> None:
        """Nothing more will be told: the lines end after the last state."""
        with self._lock:
            self._closed = True
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener.wake()

    @property
    def closed(self) -> bool:
        """Whether :meth:`close` was called."""
        return self._closed

    async def lines(self) -> AsyncGenerator[str]:
        """The state now and then every newer one, as Server-Sent Events."""
        mine = _Listener(asyncio.get_running_loop())
        with self._lock:
            self._listeners.append(mine)
        try:
            sent = 0
            while True:
                mine.woken.clear()
                text, number, closed = self._now()
                if number > sent:
                    sent = number
                    yield f"id: {number}\ndata: {text}\n\n"
                elif closed:
                    return
                elif not await _woken(mine.woken):
                    yield ": still here\n\n"
        finally:
            with self._lock:
                self._listeners.remove(mine)

    def _now(self) -> tuple[str, int, bool]:
        with self._lock:
            return self._text, self._number, self._closed


async def _woken(event: asyncio.Event) -> bool:
    try:
        await asyncio.wait_for(event.wait(), BEAT_S)
    except TimeoutError:
        return False
    return True


class Channels:
    """The lines of this process by their ids; one that its set let go of is no longer found."""

    def __init__(self) -> None:
        self._open: WeakValueDictionary[str, Channel] = WeakValueDictionary()

    def open(self, viewer: Viewer, *, pain: Callable[[], None], end: Callable[[], None]) -> Channel:
        """A new line to ``viewer``'s page."""
        channel = Channel(viewer, pain=pain, end=end)
        self._open[channel.id] = channel
        return channel

    def find(self, viewer: Viewer, id: str) -> Channel:
        """The viewer's line of this id; NotFound for everything else."""
        channel = self._open.get(id)
        if channel is None or channel.viewer != viewer.key:
            raise NotFound(id)
        return channel


CHANNELS: Final = Channels()


def live_url(ticket: str, id: str) -> str:
    """Where the page of a live set listens (``…/events``) and answers (``…/pain``, ``…/end``)."""
    return f"{ROOT}/live/{ticket}/{id}"


def live_routes(room: Callable[[], Room], channels: Channels = CHANNELS) -> list[Route]:
    """Give the routes; ``room`` gives the room that is open when one is asked."""

    def find(request: Request) -> Channel:
        viewer = room().tickets.viewer(request.path_params["ticket"])
        if viewer is None:
            raise NotFound("ticket")
        return channels.find(viewer, request.path_params["id"])

    async def events(request: Request) -> Response:
        try:
            channel = find(request)
        except NotFound:
            return nothing_here()
        headers = {"X-Accel-Buffering": "no"}
        return StreamingResponse(channel.lines(), media_type="text/event-stream", headers=headers)

    def answer(name: str) -> Callable[[Request], object]:
        async def answered(request: Request) -> Response:
            try:
                channel = find(request)
            except NotFound:
                return nothing_here()
            await run_in_threadpool(channel.pain if name == "pain" else channel.end)
            return Response(status_code=204)

        return answered

    base = f"{ROOT}/live/{{ticket}}/{{id}}"
    posts = [Route(f"{base}/{name}", answer(name), methods=["POST"]) for name in ("pain", "end")]
    return [Route(f"{base}/events", events, methods=["GET"]), *posts]
