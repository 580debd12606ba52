"""Addresses that lie deeper than any page: Streamlit would answer with a page whose parts are not found."""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from vision.web.addresses import ROOT
from vision.web.plain_page import plain_page, wants_page

_OTHERS: Final = frozenset({ROOT.strip("/"), "_stcore", "app", "component", "media", "static"})
"""First parts of addresses with more to come; all pages of the room have one part."""

_WAY_HOME: Final = '<a class="way" href="/">To the room</a>'


class Lost:
    """ASGI middleware: an address such as ``/a/b`` gets a sentence and a way home."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may be something."""
        if scope["type"] == "http" and wants_page(scope) and _too_deep(scope["path"]):
            line = "No page of the room has this address. It may have been typed or shortened wrongly."
            await plain_page(404, "There is nothing here", line, _WAY_HOME)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _too_deep(path: str) -> bool:
    parts = path.strip("/").split("/")
    return len(parts) > 1 and parts[0] not in _OTHERS
