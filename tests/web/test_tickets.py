"""Tickets: who they let in, for how long, and that nobody can make one."""

from __future__ import annotations

import re

import pytest

from vision.store.rows import LOCAL, Viewer
from vision.web.tickets import LIFE_S, Tickets

SECRET = bytes(range(32))
COACH = Viewer("https://login.example sub|77/…", "Coach. With dots")


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("viewer", [LOCAL, COACH, Viewer("ключ", "имя")])
def test_a_ticket_names_its_viewer_and_is_safe_in_an_address(viewer: Viewer) -> None:
    tickets = Tickets(SECRET)
    ticket = tickets.sign(viewer)
    assert tickets.viewer(ticket) == viewer
    assert Tickets(SECRET).viewer(ticket) == viewer, "a restarted server knows its tickets"
    assert re.fullmatch(r"[A-Za-z0-9_-]+", ticket)


def test_a_ticket_stays_the_same_for_a_page_drawn_twice_and_ends_after_half_a_day() -> None:
    clock = Clock()
    tickets = Tickets(SECRET, now=clock)
    ticket = tickets.sign(LOCAL)
    clock.now += 60
    assert tickets.sign(LOCAL) == ticket
    clock.now += LIFE_S - 60
    assert tickets.viewer(ticket) == LOCAL
    clock.now += 3601
    assert tickets.viewer(ticket) is None


def test_no_change_of_a_ticket_is_believed() -> None:
    tickets = Tickets(SECRET)
    ticket = tickets.sign(COACH)
    for at, letter in enumerate(ticket[:-1]):
        other = "A" if letter != "A" else "B"
        assert tickets.viewer(ticket[:at] + other + ticket[at + 1 :]) is None, at
    assert Tickets(bytes(32)).viewer(ticket) is None


@pytest.mark.parametrize("text", ["", "x", "local", "A" * 43, "A" * 5000, "ü", "....", "%00", "a b"])
def test_what_is_no_ticket_is_nobodys(text: str) -> None:
    assert Tickets(SECRET).viewer(text) is None


def test_viewers_have_marks_of_their_own() -> None:
    tickets = Tickets(SECRET)
    assert tickets.mark(LOCAL) == Tickets(SECRET).mark(LOCAL)
    assert tickets.mark(LOCAL) != tickets.mark(COACH)
    assert tickets.mark(LOCAL) != Tickets(bytes(32)).mark(LOCAL)
