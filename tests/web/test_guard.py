"""The guard: whom it lets in, what it tells browsers, and that it lets no traceback out."""

from __future__ import annotations

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message
from starlette.websockets import WebSocket

from tests.web.asking import ask
from vision.web.guard import Guard, inline_scripts, team_hosts

TEAM = "plumb.example.org, http://box.lan:8080"


async def page(_: Request) -> Response:
    return PlainTextResponse(
        "page", headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}
    )


async def broken(_: Request) -> Response:
    raise RuntimeError("/srv/secret/path")


async def line(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close()


def app(team: str = "") -> ASGIApp:
    paths = [
        Route("/", page, methods=["GET", "PUT", "POST", "DELETE"]),
        Route("/broken", broken),
        Route("/-/broken", broken),
        WebSocketRoute("/line", line),
    ]
    return Starlette(routes=paths, middleware=[Middleware(Guard, team=team)])


def opened(team: str = "", **headers: str) -> bool:
    """Whether a websocket with these headers is let in."""
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

        told = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "websocket",
            "path": "/line",
            "headers": told,
            "query_string": b"",
            "subprotocols": [],
        }
        await asyncio.wait_for(app(team)(scope, receive, send), 60)

    asyncio.run(run())
    if sent[0]["type"] == "websocket.close":
        assert sent == [{"type": "websocket.close", "code": 1008}]
    return sent[0]["type"] == "websocket.accept"


@pytest.mark.parametrize(
    ("host", "fits"),
    [
        ("127.0.0.1:8501", True),
        ("localhost:8501", True),
        ("LOCALHOST", True),
        ("evil.example", False),
        ("evil.example:8501", False),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example:8501", False),
        ("127.0.0.1:8501.evil.example", False),
        ("user@127.0.0.1", False),
        ("127.0.0.2:8501", False),
        ("plumb.example.org", False),
        ("", False),
    ],
)
def test_only_this_computers_own_names_are_answered(host: str, fits: bool) -> None:
    answer = ask(app(), "GET", "/", headers={"host": host})
    assert answer.status == (200 if fits else 403)
    assert opened(host=host, origin=f"http://{host.lower()}") is fits


@pytest.mark.parametrize(
    ("origin", "fits"),
    [
        ("http://127.0.0.1:8501", True),
        ("http://127.0.0.1:8502", False),
        ("http://127.0.0.1", False),
        ("http://localhost:8501", False),
        ("https://127.0.0.1:8501", False),
        ("http://evil.example", False),
        ("http://127.0.0.1:8501.evil.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_what_changes_something_must_come_from_our_own_page(origin: str, fits: bool) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert ask(app(), method, "/", headers={"origin": origin}).status == (200 if fits else 403)
    assert ask(app(), "GET", "/", headers={"origin": origin}).status == 200
    assert opened(host="127.0.0.1:8501", origin=origin) is fits


def test_a_socket_without_an_origin_or_with_two_hosts_is_refused() -> None:
    assert not opened(host="127.0.0.1:8501")
    assert opened(host="127.0.0.1:8501", origin="http://127.0.0.1:8501")


@pytest.mark.parametrize(
    ("host", "origin", "fits"),
    [
        ("plumb.example.org", "https://plumb.example.org", True),
        ("plumb.example.org", "http://plumb.example.org", False),
        ("plumb.example.org", "https://evil.example", False),
        ("box.lan:8080", "http://box.lan:8080", True),
        ("box.lan", "http://box.lan", False),
        ("127.0.0.1:8501", "http://127.0.0.1:8501", True),
    ],
)
def test_a_team_behind_a_proxy_names_its_hosts(host: str, origin: str, fits: bool) -> None:
    assert (ask(app(TEAM), "PUT", "/", headers={"host": host, "origin": origin}).status == 200) is fits
    assert opened(TEAM, host=host, origin=origin) is fits


@pytest.mark.parametrize("text", ["ftp://x", "https://", "https://x.example/path"])
def test_a_team_host_that_is_none_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="PLUMBLINE_HOSTS as names such as"):
        team_hosts(text)


def test_every_answer_carries_the_headers() -> None:
    for url, headers in (("/", {}), ("/nowhere", {}), ("/broken", {}), ("/", {"host": "evil.example"})):
        told = ask(app(), "GET", url, headers=headers).headers
        assert "connect-src 'self'" in told["content-security-policy"]
        assert "object-src 'none'" in told["content-security-policy"]
        scripts = told["content-security-policy"].partition("script-src ")[2].partition(";")[0]
        assert "unsafe" not in scripts
        assert "http" not in told["content-security-policy"]
        assert told["referrer-policy"] == "no-referrer"
        assert told["x-content-type-options"] == "nosniff"
        assert told["x-frame-options"] == "SAMEORIGIN"
        assert told["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in told
    assert ask(app(), "GET", "/").headers["cache-control"] == "no-cache"
    assert len(inline_scripts()) == 1


@pytest.mark.parametrize("url", ["/broken", "/-/broken"])
def test_no_traceback_leaves_the_server(url: str, caplog: pytest.LogCaptureFixture) -> None:
    answer = ask(app(), "GET", url)
    assert answer.status == 500
    assert answer.json == {"problem": "Something went wrong here. Try again."}
    assert "/srv/secret/path" in caplog.text, "whoever runs the server finds it in the log"
