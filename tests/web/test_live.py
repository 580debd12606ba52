"""The line of a live set: whose it is, what it carries, how it ends."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.web.asking import app_of, ask
from tests.web.conftest import OTHER
from vision.store.rows import LOCAL, NotFound
from vision.web import live
from vision.web.live import CHANNELS, Channel, Channels, live_url
from vision.web.room import Room

BOUND_S = 60


def channel(
    channels: Channels = CHANNELS,
    pain: Callable[[], None] = lambda: None,
    end: Callable[[], None] = lambda: None,
) -> Channel:
    return channels.open(LOCAL, pain=pain, end=end)


def told(answer_body: bytes) -> list[Any]:
    lines = answer_body.decode().splitlines()
    return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]


def test_a_line_tells_the_newest_state_and_ends_with_its_set(room: Room) -> None:
    one = channel()
    one.tell({"count": 1})
    one.tell({"count": 2})
    one.close()
    answer = ask(app_of(room), "GET", f"{live_url(room.tickets.sign(LOCAL), one.id)}/events")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    assert told(answer.body) == [{"count": 2}]


@pytest.mark.parametrize("what", ["events", "pain", "end"])
def test_a_line_is_its_viewers_alone(room: Room, what: str) -> None:
    pressed: list[str] = []
    one = channel(pain=lambda: pressed.append("pain"), end=lambda: pressed.append("end"))
    one.close()
    method = "GET" if what == "events" else "POST"
    app = app_of(room)
    for ticket, id in (
        (room.tickets.sign(OTHER), one.id),
        ("forged", one.id),
        (room.tickets.sign(LOCAL), "unknown"),
    ):
        assert ask(app, method, f"{live_url(ticket, id)}/{what}").status == 404
    assert pressed == []
    assert ask(app, method, f"{live_url(room.tickets.sign(LOCAL), one.id)}/{what}").status < 300
    assert pressed == ([] if what == "events" else [what])


def test_another_page_cannot_end_a_set(room: Room) -> None:
    one = channel(end=lambda: pytest.fail("ended from another page"))
    url = f"{live_url(room.tickets.sign(LOCAL), one.id)}/end"
    assert ask(app_of(room), "POST", url, headers={"origin": "http://elsewhere.example"}).status == 403


def test_a_set_that_nobody_holds_is_not_found() -> None:
    channels = Channels()
    one = channel(channels)
    assert channels.find(LOCAL, one.id) is one
    id = one.id
    del one
    with pytest.raises(NotFound, match=id):
        channels.find(LOCAL, id)


def test_states_from_a_thread_reach_who_waits_in_order_and_skip_to_the_newest() -> None:
    one = channel()
    many = 200

    async def listen() -> list[int]:
        counts: list[int] = []
        async for line in one.lines():
            for state in told(line.encode()):
                counts.append(state["count"])
                if len(counts) == 1:
                    thread.start()
        return counts

    def speak() -> None:
        for count in range(1, many + 1):
            one.tell({"count": count})
        one.close()

    thread = threading.Thread(target=speak)
    one.tell({"count": 0})
    counts = asyncio.run(asyncio.wait_for(listen(), BOUND_S))
    thread.join(BOUND_S)
    assert counts[0] == 0
    assert counts[-1] == many
    assert counts == sorted(set(counts))


def test_a_quiet_line_shows_that_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "BEAT_S", 0.01)
    one = channel()

    async def first() -> str:
        lines = one.lines()
        try:
            return await anext(lines)
        finally:
            await lines.aclose()

    assert asyncio.run(asyncio.wait_for(first(), BOUND_S)).startswith(":")
    one.tell({"count": 1})  # whoever listened is gone, and nobody minds
