"""The gate: nobody of the network is answered without the code, and this computer itself meets no gate."""

from __future__ import annotations

import asyncio
import hmac
import re
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message
from starlette.websockets import WebSocket

from tests.web.asking import Answer, ask
from vision.store.rows import LOCAL
from vision.web.gate import COOKIE, TRIES, WITHIN_S, Gate
from vision.web.guard import Guard
from vision.web.lan import ENTRY, Lan, new_code, plain_code
from vision.web.listener import Marked
from vision.web.lost import Lost
from vision.web.room import Room
from vision.web.routes import routes

LAN = Lan("192.168.1.5", 8501, "ABCDEFGHJK", "", "", "", "")
EVIL = "AAAAAAAAAA"


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


async def page(_: Request) -> Response:
    return PlainTextResponse("page")


async def line(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close()


def inner(room: Room | None = None, lan: Lan | None = LAN, clock: Any = None) -> ASGIApp:
    """The room without Streamlit, as this computer meets it."""
    own = routes(lambda: room) if room else []
    pages = [Route(path, page, methods=["GET", "POST"]) for path in ("/", "/live", "/media/a/b")]
    return Starlette(
        routes=[*own, *pages, WebSocketRoute("/_stcore/stream", line)],
        middleware=[Middleware(Guard), Middleware(Gate, lan=lan, clock=clock or Clock()), Middleware(Lost)],
    )


def outer(*given: Any, **more: Any) -> ASGIApp:
    """The same, as the network meets it."""
    return Marked(inner(*given, **more), LAN)


def over(app: ASGIApp, url: str, method: str = "GET", client: str = "192.168.1.77", **headers: str) -> Answer:
    told = {"host": LAN.host, "origin": LAN.origin, **headers}
    return ask(app, method, url, headers=told, client=client)


def cookie(answer: Answer) -> str:
    return answer.headers["set-cookie"].partition(";")[0]


def entered(app: ASGIApp, code: str, **more: Any) -> Answer:
    return over(app, f"{ENTRY}?code={code}", **more)


def opened(app: ASGIApp, **headers: str) -> str:
    """What a websocket is answered with."""
    sent: list[Message] = []

    async def run() -> None:
        coming: list[Message] = [
            {"type": "websocket.connect"},
            {"type": "websocket.disconnect", "code": 1000},
        ]

        async def receive() -> Message:
            return coming.pop(0)

        async def send(message: Message) -> None:
            sent.append(message)

        told = {"host": LAN.host, "origin": LAN.origin, **headers}
        scope = {
            "type": "websocket",
            "path": "/_stcore/stream",
            "headers": [(k.encode(), v.encode()) for k, v in told.items()],
            "query_string": b"",
            "subprotocols": [],
        }
        await asyncio.wait_for(app(scope, receive, send), 60)

    asyncio.run(run())
    return str(sent[0]["type"])


# --------------------------------------------------------------------------- without the code


def test_no_route_answers_without_the_code(room: Room) -> None:
    app, asked = outer(room), 0
    ticket = room.tickets.sign(LOCAL)  # not even to somebody who has got hold of one
    for route in app._app.routes:  # type: ignore[attr-defined]
        if isinstance(route, Route):
            path = re.sub(r"\{ticket[^}]*\}", ticket, route.path)
            path = re.sub(r"\{[^}]*\}", "x", path)
            for method in sorted(route.methods or ()):
                for sent in ({}, {"cookie": f"{COOKIE}=x"}, {"cookie": f"{COOKIE}={LAN.code}"}):
                    answer = over(app, path, method, **sent)
                    assert answer.status == 401, (method, path)
                    asked += 1
    assert asked > 60
    assert opened(app) == opened(app, cookie=f"{COOKIE}=x") == "websocket.close"


def test_who_looks_gets_a_form_and_a_script_gets_a_line() -> None:
    looked = over(outer(), "/live", accept="text/html,*/*;q=0.8")
    assert looked.status == 401
    assert f'<form action="{ENTRY}" method="get">' in looked.body.decode()
    assert "script" not in looked.body.decode()
    assert looked.headers["content-security-policy"]
    fetched = over(outer(), "/-/anything", accept="*/*")
    assert fetched.json == {"problem": "Enter the code of this room first: open its address again."}


def test_this_computer_meets_no_gate_and_the_network_no_other_name() -> None:
    assert ask(inner(), "GET", "/").status == 200
    assert ask(inner(), "GET", "/", headers={"host": LAN.host}).status == 403
    for host in ("127.0.0.1:8501", "localhost:8501", "192.168.1.6:8501", "192.168.1.5", "evil.example"):
        assert over(outer(), "/", host=host).status == 403
        assert opened(outer(), host=host) == "websocket.close"


def test_a_room_that_was_not_opened_lets_nobody_of_the_network_in() -> None:
    app = outer(lan=None)
    assert over(app, "/").status == 401
    assert entered(app, LAN.code).status == 401
    assert entered(app, "").status == 401
    assert opened(app) == "websocket.close"


# --------------------------------------------------------------------------- with the code


@pytest.mark.parametrize("code", [LAN.code, LAN.code_told, "abcde-fghjk", "%20ABCDE%20FGHJK"])
def test_the_code_opens_the_room_once_and_for_all(code: str) -> None:
    app = outer()
    answer = entered(app, code)
    assert (answer.status, answer.headers["location"]) == (303, "/")
    told = answer.headers["set-cookie"]
    for flag in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"):
        assert flag in told
    assert "Domain" not in told
    assert LAN.code not in told, "the cookie must not tell the code"
    assert over(app, "/", cookie=f"_other=1; {cookie(answer)}").status == 200
    assert over(app, "/", "POST", cookie=cookie(answer)).status == 200
    assert opened(app, cookie=cookie(answer)) == "websocket.accept"
    elsewhere = {"cookie": cookie(answer), "origin": "https://evil.example"}
    assert over(app, "/", "POST", **elsewhere).status == 403
    assert opened(app, **elsewhere) == "websocket.close"
    assert over(outer(), "/", cookie=cookie(answer)).status == 401, "another start, another cookie"


@pytest.mark.parametrize(
    ("to", "where"),
    [
        ("live", "/live"),
        ("", "/"),
        ("//evil.example", "/"),
        ("a/b", "/"),
        ("https:x", "/"),
        ("a%0d%0ab", "/"),
    ],
)
def test_it_leads_to_a_page_of_the_room_and_nowhere_else(to: str, where: str) -> None:
    assert over(outer(), f"{ENTRY}?code={LAN.code}&to={to}").headers["location"] == where


def test_a_wrong_code_gets_one_plain_sentence() -> None:
    for code in (EVIL, LAN.code[:-1], f"{LAN.code}A", "%00", "%ff", "é"):
        answer = entered(outer(), code)
        assert answer.status == 403
        assert answer.body.decode().count("That is not the code.") == 1
        assert "set-cookie" not in answer.headers


def test_who_guesses_has_to_wait_and_others_have_not() -> None:
    clock = Clock()
    app = outer(clock=clock)
    for _ in range(TRIES):
        assert entered(app, EVIL).status == 403
    late = entered(app, LAN.code)
    assert late.status == 429
    assert "Wait a minute" in late.body.decode()
    assert late.headers["retry-after"] == "60"
    assert entered(app, LAN.code, client="192.168.1.78").status == 303
    clock.now_s += WITHIN_S
    assert entered(app, LAN.code).status == 303


def test_pictures_on_other_pages_use_up_nobodys_tries() -> None:
    app = outer()
    for _ in range(2 * TRIES):
        assert over(app, f"{ENTRY}?code={EVIL}", **{"sec-fetch-dest": "image"}).status == 401
    assert over(app, f"{ENTRY}?code={LAN.code}", **{"sec-fetch-dest": "document"}).status == 303


def test_comparing_takes_the_same_time_whatever_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bytes] = []
    really = hmac.compare_digest

    def seen(one: bytes, other: bytes) -> bool:
        compared.append(one)
        return really(one, other)

    monkeypatch.setattr("vision.web.gate.hmac.compare_digest", seen)
    app = outer()
    entered(app, EVIL)
    over(app, "/", cookie=f"{COOKIE}=guess")
    assert compared == [EVIL.encode(), b"guess"]


def test_codes_are_random_and_survive_being_typed() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch("[2-9A-HJKMNP-Z]{10}", code) for code in codes)
    assert plain_code(" abcde-fgh jk ") == LAN.code


# --------------------------------------------------------------------------- nothing there


@pytest.mark.parametrize(
    ("path", "accept", "lost"),
    [
        ("/a/b", "text/html", True),
        ("/live/a/b/", "text/html", True),
        ("/a/b", "*/*", False),
        ("/live", "text/html", False),
        ("/media/a/b", "text/html", False),
    ],
)
def test_an_address_too_deep_says_so_and_shows_the_way_home(path: str, accept: str, lost: bool) -> None:
    answer = ask(inner(), "GET", path, headers={"accept": accept})
    assert ("There is nothing here" in answer.body.decode()) is lost
    if lost:
        assert answer.status == 404
        assert '<a class="way" href="/">' in answer.body.decode()
