"""From start to end of the server: the room is opened and swept, the worker runs, all is closed."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, Final, cast

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp

from vision.jobs import supervise
from vision.web import room as rooms
from vision.web.lan import current
from vision.web.listener import listening

_SWEEP_S: Final = 3600.0
_LOG: Final = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(app: object) -> AsyncGenerator[dict[str, Any] | None]:
    """Run the room around the server's life; ``app`` is what is served, over the network too if asked."""
    async with AsyncExitStack() as stack:
        room = await run_in_threadpool(rooms.current)
        stack.push_async_callback(run_in_threadpool, rooms.close)
        await run_in_threadpool(room.sweep)
        worker = supervise(room.folder.root, os.environ.get(rooms.URL) or None)
        await run_in_threadpool(worker.__enter__)
        stack.push_async_callback(run_in_threadpool, worker.__exit__, None, None, None)
        sweeping = asyncio.create_task(_tidy_hourly(room))
        stack.push_async_callback(_stop, sweeping)
        await stack.enter_async_context(listening(cast("ASGIApp", app), current()))
        yield None


async def _tidy_hourly(room: rooms.Room) -> None:
    while True:
        await asyncio.sleep(_SWEEP_S)
        try:
            await run_in_threadpool(room.tidy)
        except OSError:
            _LOG.exception("Old uploads and packages could not be removed")


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
