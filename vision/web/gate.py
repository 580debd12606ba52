"""The gate before whoever comes over the network: without the code nothing is answered, nor by Streamlit.

The code is entered once, by hand or by the address in the QR code, and answered with a cookie that is
good until the room is closed. This computer itself comes in by another way and meets no gate.
"""

from __future__ import annotations

import hmac
import re
import secrets
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers, QueryParams
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from vision.web.answers import problem
from vision.web.lan import ENTRY, MARK, Lan, plain_code
from vision.web.plain_page import plain_page, wants_page

COOKIE: Final = "__Host-plumbline"
TRIES: Final = 5
WITHIN_S: Final = 60.0
"""Wrong codes that one device may enter within that many seconds."""

_MOST_DEVICES: Final = 4096
_PAGE: Final = re.compile(r"[a-z]{1,20}")
_TITLE: Final = "Enter the code"
_ASK: Final = "It stands on the screen of the computer that runs Plumbline, beside the address of this page."
_WRONG: Final = "That is not the code. Read it again from the screen of the computer that runs Plumbline."
_WAIT: Final = "Too many wrong codes came from this device. Wait a minute and try again."
_STRANGER: Final = "Enter the code of this room first: open its address again."
_FORM: Final = f"""<form action="{ENTRY}" method="get">
    <input name="code" aria-label="Code" placeholder="ABCDE-FGHJK" maxlength="20" required autofocus
      autocomplete="off" autocapitalize="characters" spellcheck="false">
    <button>Open the room</button>
  </form>"""


class Gate:
    """ASGI middleware before everything that the network's mark is on; ``lan`` None lets nobody of it in."""

    def __init__(
        self, app: ASGIApp, lan: Lan | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._lan = lan
        self._cookie = secrets.token_urlsafe(32)
        self._wrong = WrongCodes(clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in, ask for the code, or refuse."""
        if MARK not in scope or scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            if self._known(scope):
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008})
        elif scope["path"] == ENTRY:
            await self._entering(scope)(scope, receive, send)
        elif self._known(scope):
            await self._app(scope, receive, send)
        else:
            await _stranger(scope)(scope, receive, send)

    def _known(self, scope: Scope) -> bool:
        """Whether the cookie of the code came along."""
        found = HTTPConnection(scope).cookies.get(COOKIE, "")
        return self._lan is not None and _same(found, self._cookie)

    def _entering(self, scope: Scope) -> Response:
        looked_at = Headers(scope=scope).get("sec-fetch-dest", "document") == "document"
        if scope["method"] not in ("GET", "HEAD") or self._lan is None or not looked_at:
            return _stranger(scope)  # a picture on some page must not use up the tries of whoever sees it
        asked = QueryParams(scope["query_string"])
        code, page = asked.get("code", ""), asked.get("to", "")
        device = str((scope.get("client") or ("",))[0])
        if not code:
            return plain_page(401, _TITLE, _ASK, _FORM)
        if self._wrong.too_many(device):
            return plain_page(429, _TITLE, _WAIT, headers={"Retry-After": str(round(WITHIN_S))})
        if not _same(plain_code(code), self._lan.code):
            self._wrong.add(device)
            return plain_page(403, _TITLE, _WRONG, _FORM)
        answer = RedirectResponse(f"/{page}" if _PAGE.fullmatch(page) else "/", status_code=303)
        answer.set_cookie(COOKIE, self._cookie, secure=True, httponly=True, samesite="lax")
        return answer


class WrongCodes:
    """Who entered how many wrong codes lately; where too many devices did, nobody may enter another."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._when: dict[str, deque[float]] = {}

    def add(self, device: str) -> None:
        """One more wrong code."""
        self._forget()
        self._when.setdefault(device, deque()).append(self._clock())

    def too_many(self, device: str) -> bool:
        """Whether ``device`` has to wait."""
        self._forget()
        return len(self._when.get(device, ())) >= TRIES or len(self._when) >= _MOST_DEVICES

    def _forget(self) -> None:
        since = self._clock() - WITHIN_S
        for device, when in list(self._when.items()):
            while when and when[0] <= since:
                when.popleft()
            if not when:
                del self._when[device]


def _same(one: str, other: str) -> bool:
    """Compared in a time that tells nothing of where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())


def _stranger(scope: Scope) -> Response:
    return plain_page(401, _TITLE, _ASK, _FORM) if wants_page(scope) else problem(401, _STRANGER)
