"""The guard before every answer, Streamlit's own included.

It lets in whom this server is meant for, and tells browsers to ask nobody else. Other pages on this
computer, and names that were pointed at it from outside, are kept out.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import logging
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vision.web.addresses import ROOT
from vision.web.answers import nothing_here, problem
from vision.web.closing import Closing
from vision.web.gate import Gate
from vision.web.lan import MARK, current
from vision.web.lost import Lost

HOSTS: Final = "PLUMBLINE_HOSTS"
HERE: Final = ("127.0.0.1", "localhost")
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OUR_PATH: Final = re.compile(rf"{re.escape(ROOT)}(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+")
_LOG: Final = logging.getLogger(__name__)


def middleware() -> list[Middleware]:
    """Give what stands before Streamlit; ``PLUMBLINE_HOSTS`` names a team's own addresses."""
    return [
        Middleware(Guard, team=os.environ.get(HOSTS, "")),
        Middleware(Gate, lan=current()),
        Middleware(Lost),
        Middleware(Closing),
    ]


def team_hosts(text: str) -> dict[str, str]:
    """Origins by host, of ``plumb.example.org, http://box.lan:8080``; https where nothing is said."""
    hosts: dict[str, str] = {}
    for word in text.replace(",", " ").split():
        parts = urlsplit(word if "://" in word else f"https://{word}")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
            raise ValueError(f"Expected {HOSTS} as names such as plumb.example.org, got {word!r}.")
        hosts[parts.netloc.lower()] = f"{parts.scheme}://{parts.netloc.lower()}"
    return hosts


def policy(inline: Iterable[str] = ()) -> str:
    """The Content-Security-Policy of the pages; ``inline`` are sources for scripts within them.

    Components come as ``blob:`` scripts and styles are written by scripts; no address but our own.
    """
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(("'self'", "blob:", *inline)),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "media-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return "; ".join(f"{rule} {sources}" for rule, sources in rules.items())


def inline_scripts() -> list[str]:
    """The script in Streamlit's own first page, told to the browser by its hash."""
    found = importlib.util.find_spec("streamlit")
    if found is None or found.origin is None:
        return []
    page = Path(found.origin).parent / "static" / "index.html"
    scripts = re.findall(rb"<script>(.*?)</script>", page.read_bytes(), re.DOTALL)
    return [f"'sha256-{base64.b64encode(hashlib.sha256(s).digest()).decode()}'" for s in scripts]


class Guard:
    """ASGI middleware: checks Host and Origin, adds the headers, lets no traceback out.

    What came over the network must name the room's origin there, everything else this computer or a team.
    """

    def __init__(self, app: ASGIApp, team: str = "") -> None:
        self._app = app
        self._team = team_hosts(team)
        self._headers = {
            "Content-Security-Policy": policy(inline_scripts()),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "SAMEORIGIN",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in or refuse."""
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._host_fits(scope) and self._origin_fits(scope):
            await self._app(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False
        ours = scope["path"] == ROOT or scope["path"].startswith(f"{ROOT}/")

        async def answer(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._dress(MutableHeaders(scope=message), ours)
            await send(message)

        try:
            await self._checked(scope, ours)(scope, receive, answer)
        except Exception:
            _LOG.exception("A request failed")
            if begun:
                raise
            await problem(500, "Something went wrong here. Try again.")(scope, receive, answer)

    def _checked(self, scope: Scope, ours: bool) -> ASGIApp:
        if not self._host_fits(scope):
            return problem(403, "This server does not answer to that name.")
        if scope["method"] not in _READING and not self._origin_fits(scope):
            return problem(403, "This server takes nothing from other pages.")
        if ours and not _OUR_PATH.fullmatch(scope["path"]):
            return nothing_here()
        return self._app

    def _host_fits(self, scope: Scope) -> bool:
        hosts = Headers(scope=scope).getlist("host")
        if len(hosts) != 1:
            return False
        host = hosts[0].lower()
        if MARK in scope:
            return f"https://{host}" == scope[MARK]
        return host in self._team or is_here(host)

    def _origin_fits(self, scope: Scope) -> bool:
        """Same origin means scheme, host and port; a browser always says where it comes from."""
        headers = Headers(scope=scope)
        host = headers.get("host", "").lower()
        wanted = scope[MARK] if MARK in scope else self._team.get(host, f"http://{host}")
        return headers.get("origin", "").lower() == wanted

    def _dress(self, headers: MutableHeaders, ours: bool) -> None:
        own_policy = headers.get("Content-Security-Policy") if ours else None
        for name, value in self._headers.items():
            headers[name] = value
        if own_policy:
            headers["Content-Security-Policy"] = own_policy
        if ours:
            headers["Cache-Control"] = "no-store"
        del headers["Access-Control-Allow-Origin"]


def is_here(host: str) -> bool:
    """Whether ``host``, such as ``127.0.0.1:8501``, is how this computer calls itself."""
    name, colon, port = host.lower().partition(":")
    return name in HERE and (not colon or (port.isascii() and port.isdigit()))
