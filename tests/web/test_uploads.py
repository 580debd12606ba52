"""Clips come in: whole, after a break, never too much, and never under a name that a user chose."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import vision.web.finish
from tests.web.asking import BROKEN, Answer, app_of, ask
from tests.web.conftest import OTHER
from vision.decode import ClipError
from vision.movements.calibration import OWN_FILM
from vision.store import StoreError
from vision.store.rows import LOCAL, AskedStickers, State
from vision.store.sets import Sets
from vision.web import incoming
from vision.web.addresses import upload_url
from vision.web.room import Room

CLIP = hashlib.sha256(b"clip").digest() * 1000
NAME = "Tuesday squats.MP4"


class Browser:
    """What the drop zone does, step by step."""

    def __init__(self, room: Room, ticket: str | None = None) -> None:
        self.app = app_of(room)
        self.url = upload_url(ticket or room.tickets.sign(LOCAL))
        self.id = ""

    def announce(self, name: str = NAME, size: int = len(CLIP)) -> Answer:
        answer = ask(self.app, "POST", self.url, {"name": name, "size": size})
        self.id = answer.json["id"] if answer.status == 200 else ""
        return answer

    def ask(self, method: str, more: str = "", body: object = b"", **options: Any) -> Answer:
        return ask(self.app, method, f"{self.url}/{self.id}{more}", body, **options)

    def send(self, body: object, at: int = 0, **options: Any) -> Answer:
        return self.ask("PUT", f"?at={at}", body, **options)

    def done(self, **about: object) -> Answer:
        return self.ask("POST", "/done", about)


@pytest.fixture
def browser(room: Room, monkeypatch: pytest.MonkeyPatch) -> Browser:
    monkeypatch.setattr(vision.web.finish, "check_clip", lambda path, name: None)
    return Browser(room)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --------------------------------------------------------------------------- in


def test_a_clip_comes_in_pieces_and_becomes_a_set(room: Room, browser: Browser) -> None:
    athlete = room.library.shelf(LOCAL).add_athlete("Lifter")
    assert browser.announce().json["chunk"] == incoming.CHUNK_BYTES
    assert browser.send([CLIP[:10], CLIP[10:5000]]).json == {"at": 5000}
    assert browser.send(CLIP[5000:], 5000).json == {"at": len(CLIP)}
    about = {"movement": "squat", "athlete_id": athlete.id, "session": " Tue ", "filmed_on": "2025-03-09"}
    answer = browser.done(**about, capture_fps=120, tags=["heavy", "", "heavy"], stickers="auto")
    assert answer.status == 200

    shelf = room.library.shelf(LOCAL)
    kept, clip = shelf.set(answer.json["set_id"]), shelf.files(answer.json["set_id"]).original
    assert (kept.title, kept.movement_asked, kept.athlete_id) == (NAME, "squat", athlete.id)
    assert (kept.session, kept.filmed_on, kept.capture_fps) == ("Tue", date(2025, 3, 9), 120.0)
    assert kept.stickers == AskedStickers()
    assert (kept.tags, kept.state) == (("heavy",), State.QUEUED)
    assert clip.read_bytes() == CLIP
    assert clip.parent == room.folder.clips
    assert re.fullmatch(r"[0-9a-f]{32}\.mp4", clip.name)
    assert clip.stat().st_mode & 0o077 == 0
    assert not list(room.folder.uploads.glob("*.part"))
    # The answer may have got lost on its way: asking again makes no second set.
    assert browser.done(movement="hinge").json == answer.json
    assert len(shelf.sets()) == 1


def test_a_film_of_own_arch_and_tuck_comes_in_like_a_set_and_needs_no_stickers(
    room: Room, browser: Browser
) -> None:
    browser.announce()
    browser.send(CLIP)
    answer = browser.done(movement=OWN_FILM, stickers="auto")
    assert answer.status == 200
    kept = room.library.shelf(LOCAL).set(answer.json["set_id"])
    assert kept.is_own_film
    assert (kept.state, kept.stickers) == (State.QUEUED, None)


def test_several_sprints_at_once_are_each_a_run_of_their_athlete(room: Room, browser: Browser) -> None:
    shelf = room.library.shelf(LOCAL)
    athlete = shelf.add_athlete("Runner")
    doors = [browser, Browser(room), Browser(room)]
    for number, door in enumerate(doors):  # all are on their way before the first is in
        assert door.announce(f"run {number}.mov").status == 200
        assert door.send(CLIP[:5000]).json == {"at": 5000}
    for door in reversed(doors):
        assert door.send(CLIP[5000:], 5000).json == {"at": len(CLIP)}
        about = {"movement": "sprint", "athlete_id": athlete.id, "capture_fps": 240}
        assert door.done(**about).status == 200
    sets = shelf.sets(athlete_id=athlete.id)
    assert {one.title for one in sets} == {f"run {number}.mov" for number in range(3)}
    assert {(one.movement_asked, one.capture_fps, one.state) for one in sets} == {
        ("sprint", 240.0, State.QUEUED)
    }


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("../../../etc/passwd", "passwd"),
        ("..", "clip"),
        ("C:\\films\\set 1.mov", "set 1.mov"),
        ("/etc/cron.d/x.mp4", "x.mp4"),
        ("a\x00b\nc.mp4", "a b c.mp4"),
        ("clip.\u202egpj.mp4", "clip. gpj.mp4"),
        ("", "clip"),
        ("x" * 400 + ".mp4", "x" * 180 + ".mp4"),
        ("Kniebeuge 💪 ü.mp4", "Kniebeuge 💪 ü.mp4"),
        ("set.mp4;rm -rf", "set.mp4;rm -rf"),
    ],
)
def test_a_users_name_is_a_title_and_never_a_path(
    room: Room, browser: Browser, name: str, title: str
) -> None:
    before = files(room.folder.root)
    browser.announce(name, 3)
    assert [path.partition(".")[0] for path in files(room.folder.uploads)] == [browser.id] * 2
    browser.send(b"abc")
    set_id = browser.done().json["set_id"]
    assert room.library.shelf(LOCAL).set(set_id).title == title
    assert re.fullmatch(r"[0-9a-f]{32}(\.[a-z0-9]{1,8})?", files(room.folder.clips)[0])
    assert files(room.folder.root) == before


def test_after_a_break_it_goes_on_where_it_stopped_also_on_a_new_server(room: Room, browser: Browser) -> None:
    browser.announce()
    browser.send([CLIP[:3000], CLIP[3000:7000], BROKEN])
    assert browser.ask("GET").json == {"at": 7000}
    again = Room.open({"PLUMBLINE_DATA": str(room.folder.root)})
    try:
        other = Browser(again)
        other.url, other.id = browser.url, browser.id
        assert other.ask("GET").json == {"at": 7000}
        assert other.send(CLIP[7000:], 7000).json == {"at": len(CLIP)}
        set_id = other.done().json["set_id"]
        assert again.library.shelf(LOCAL).files(set_id).original.read_bytes() == CLIP
    finally:
        again.close()


def test_a_wrong_offset_is_answered_with_the_right_one(browser: Browser) -> None:
    browser.announce()
    browser.send(CLIP[:5000])
    for at in ("0", "4999", "5001", "-1", "", "x", "%C2%B2", "9" * 30):
        answer = browser.ask("PUT", f"?at={at}", b"more")
        assert (answer.status, answer.json["at"]) == (409, 5000), at
    assert browser.ask("GET").json == {"at": 5000}


def test_who_sends_over_a_dead_line_is_cut_off_by_who_goes_on(room: Room, browser: Browser) -> None:
    browser.announce()
    old = room.incoming.turn(browser.id)
    room.incoming.add(LOCAL, browser.id, old, 0, CLIP[:10])
    new = room.incoming.turn(browser.id)
    with pytest.raises(incoming.WrongOffset, match="from 10 on"):
        room.incoming.add(LOCAL, browser.id, old, 10, CLIP[10:20])
    assert room.incoming.add(LOCAL, browser.id, new, 10, CLIP[10:20]) == 20


# --------------------------------------------------------------------------- too much


def problem(answer: Answer) -> str:
    line = answer.json["problem"]
    assert "\n" not in line
    assert "Traceback" not in line
    return line


def test_more_than_two_gigabytes_are_refused_before_a_byte_is_sent(room: Room, browser: Browser) -> None:
    answer = browser.announce(size=2 * 1024**3 + 1)
    assert answer.status == 413
    assert "up to 2 GB" in problem(answer)
    assert files(room.folder.uploads) == []


@pytest.mark.parametrize("length", [True, False])
def test_more_than_was_announced_is_refused(browser: Browser, length: bool) -> None:
    browser.announce(size=100)
    browser.send(b"x" * 60)
    answer = browser.send(b"x" * 41, 60, length=length)
    assert answer.status == 413
    assert "than were announced" in problem(answer)
    assert browser.ask("GET").json == {"at": 60}


@pytest.mark.parametrize("length", [True, False])
def test_a_piece_that_is_too_large_is_refused(browser: Browser, length: bool) -> None:
    browser.announce(size=3 * incoming.CHUNK_BYTES)
    answer = browser.send([bytes(1024**2)] * 8 + [b"x"], length=length)
    assert answer.status == 413
    assert browser.ask("GET").json["at"] <= incoming.CHUNK_BYTES


def test_an_empty_file_is_refused_at_once(browser: Browser) -> None:
    answer = browser.announce(size=0)
    assert answer.status == 422
    assert "empty" in problem(answer)


def test_a_clip_that_does_not_fit_the_disk_is_told_before_it_is_sent(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=300 * 1024**2))
    answer = browser.announce(size=500 * 1024**2)
    assert answer.status == 507
    assert "disk is full: this clip has 0.5 GB, 0.3 GB are free" in problem(answer)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="NOT TESTED: no /dev/full on this system")
def test_a_disk_that_fills_up_on_the_way_is_one_line(room: Room, browser: Browser) -> None:
    browser.announce()
    part = room.incoming.part(browser.id)
    part.unlink()
    part.symlink_to("/dev/full")
    answer = browser.send(CLIP)
    assert answer.status == 507
    assert "disk is full" in problem(answer)
    assert "kept" in problem(answer)


# --------------------------------------------------------------------------- the end


WRONG: list[tuple[dict[str, object], str]] = [
    ({"movement": "yoga"}, "auto, squat"),
    ({"movement": ["squat"]}, "auto, squat"),
    ({"athlete_id": "0" * 32}, "no longer in the library"),
    ({"filmed_on": "yesterday"}, "year-month-day"),
    ({"capture_fps": -3}, "between"),
    ({"capture_fps": "fast"}, "number"),
    ({"capture_fps": True}, "number"),
    ({"capture_fps": 10**400}, "between"),
    ({"session": "x" * 201}, "session"),
    ({"tags": "heavy"}, "list of tags"),
    ({"tags": [1]}, "tag"),
    ({"tags": ["x"] * 21}, "20 tags"),
]


def test_what_cannot_be_is_told_and_the_clip_stays(room: Room, browser: Browser) -> None:
    browser.announce()
    browser.send(CLIP)
    for about, words in WRONG:
        answer = browser.done(**about)
        assert answer.status == 422, about
        assert words in problem(answer)
    assert browser.done().status == 200
    assert len(room.library.shelf(LOCAL).sets()) == 1


def test_a_file_that_is_no_clip_is_told_by_the_users_name_and_removed(
    room: Room, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, name: str) -> None:
        assert path.read_bytes() == CLIP
        raise ClipError(f"expected a video file; {name!r} is none; copy it again")

    monkeypatch.setattr(vision.web.finish, "check_clip", refuse)
    browser.announce("holiday.mp4")
    browser.send(CLIP)
    answer = browser.done()
    assert answer.status == 422
    assert problem(answer) == "Expected a video file; 'holiday.mp4' is none; copy it again"
    assert files(room.folder.uploads) == files(room.folder.clips) == []
    assert room.library.shelf(LOCAL).sets() == ()


def test_a_clip_that_has_not_come_whole_is_no_set(room: Room, browser: Browser) -> None:
    browser.announce()
    browser.send(CLIP[:10])
    answer = browser.done()
    assert (answer.status, answer.json["at"]) == (409, 10)
    assert room.library.shelf(LOCAL).sets() == ()


def test_what_the_library_refuses_can_be_tried_again(
    room: Room, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> object:
        raise RuntimeError("no database")

    browser.announce()
    browser.send(CLIP)
    with monkeypatch.context() as patch:
        patch.setattr(type(room.library.shelf(LOCAL)), "add_set", broken)
        answer = browser.done()
        assert answer.status == 500
        assert "no database" not in problem(answer)
        assert files(room.folder.clips) == []
    assert browser.done().status == 200


def test_cancelled_means_gone(room: Room, browser: Browser) -> None:
    browser.announce()
    browser.send(CLIP[:10])
    assert browser.ask("DELETE").status == 204
    assert files(room.folder.uploads) == []
    for method in ("GET", "DELETE", "PUT"):
        assert browser.ask(method, "?at=0").status == 404


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"name": 1, "size": 1}', b'{"name": "x"}', b"[" * 99999])
def test_what_is_no_announcement_is_refused(browser: Browser, body: bytes) -> None:
    assert ask(browser.app, "POST", browser.url, body).status == 400


# --------------------------------------------------------------------------- another's, and left behind


def test_anothers_upload_is_not_there(room: Room, browser: Browser) -> None:
    browser.announce()
    nothing = ask(browser.app, "GET", f"{browser.url}/{'0' * 32}")
    assert nothing.status == 404
    calls: list[Callable[[Browser], Answer]] = [
        lambda b: b.ask("GET"),
        lambda b: b.send(CLIP),
        lambda b: b.done(),
        lambda b: b.ask("DELETE"),
    ]
    for ticket in (room.tickets.sign(OTHER), "forged", browser.url[:-1]):
        other = Browser(room, ticket.removeprefix("/-/upload/"))
        other.id = browser.id
        for call in calls:
            answer = call(other)
            assert (answer.status, answer.body, answer.headers) == (404, nothing.body, nothing.headers)
    for id in ("..", "%2e%2e", f"..%2fuploads%2f{browser.id}", f"{browser.id}.part", "."):
        assert ask(browser.app, "GET", f"{browser.url}/{id}").body == nothing.body
    assert browser.ask("GET").json == {"at": 0}


def test_what_nobody_went_on_with_for_a_day_is_swept(room: Room, browser: Browser) -> None:
    browser.announce()
    left = browser.id
    browser.announce()
    browser.send(CLIP[:10])
    for id in (left, browser.id):
        os.utime(room.folder.uploads / f"{id}.json", (time.time() - 25 * 3600,) * 2)
    os.utime(room.incoming.part(left), (time.time() - 25 * 3600,) * 2)
    room.incoming.sweep()
    assert files(room.folder.uploads) == [f"{browser.id}.json", f"{browser.id}.part"]
    assert browser.ask("GET").json == {"at": 10}


def test_a_set_that_is_in_the_library_keeps_its_clip_whatever_happens_next(
    room: Room, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreError("The library cannot be read.")

    browser.announce()
    browser.send(CLIP)
    with monkeypatch.context() as broken:
        broken.setattr(Sets, "set", away)
        assert browser.done().status == 200
    (one,) = room.library.shelf(LOCAL).sets()
    assert room.library.shelf(LOCAL).set(one.id) == one
    assert room.library.shelf(LOCAL).files(one.id).original.read_bytes() == CLIP


def test_nothing_is_kept_in_memory_of_uploads_that_are_not_there(room: Room, browser: Browser) -> None:
    browser.id = room.folder.new_name()
    assert browser.done().status == 404
    assert not room.incoming._locks
