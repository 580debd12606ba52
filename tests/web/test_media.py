"""Films and reports go out: to their viewer, in ranges, and under a name that is safe to save."""

from __future__ import annotations

import os
import time
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.web.asking import Answer, app_of, ask
from tests.web.conftest import OTHER
from vision.store.rows import LOCAL, NewSet, Outcome
from vision.web.addresses import file_url, package_url
from vision.web.room import PACKAGE_S, Room

FILM = bytes(range(256)) * 40
TITLE = 'Päuse "3"; rm -rf.MOV'


@pytest.fixture
def set_id(room: Room) -> str:
    """A set of this computer's viewer whose analysis is done."""
    name = room.folder.new_name(".mov")
    (room.folder.clips / name).write_bytes(FILM[::-1])
    made = room.library.shelf(LOCAL).add_set(NewSet(title=TITLE, original=name))
    job = room.library.queue.take("test")
    assert job is not None
    results = room.folder.new_name()
    (room.folder.results / results).mkdir()
    for file, content in {
        "film.mp4": FILM,
        "player.json": b"{}",
        "report.html": b"<p>",
        "measures.csv": b",",
    }.items():
        (room.folder.results / results / file).write_bytes(content)
    (room.folder.results / results / "secret.txt").write_bytes(b"not for the browser")
    done = Outcome(results, "squat", "front", "Fine.", "good", 90, 3, True)
    assert room.library.queue.finish(job, done)
    return made.id


def get(room: Room, url: str, method: str = "GET", **headers: str) -> Answer:
    return ask(app_of(room), method, url, headers={k.replace("_", "-"): v for k, v in headers.items()})


@pytest.fixture
def film(room: Room, set_id: str) -> str:
    return file_url(room.tickets.sign(LOCAL), set_id, "film.mp4")


def test_each_file_comes_as_what_it_is(room: Room, set_id: str) -> None:
    ticket = room.tickets.sign(LOCAL)
    expected = {
        "film.mp4": ("video/mp4", FILM),
        "player.json": ("application/json", b"{}"),
        "report.html": ("text/html; charset=utf-8", b"<p>"),
        "measures.csv": ("text/csv; charset=utf-8", b","),
        "original": ("video/quicktime", FILM[::-1]),
    }
    for name, (kind, content) in expected.items():
        answer = get(room, file_url(ticket, set_id, name))
        assert (answer.status, answer.headers["content-type"], answer.body) == (200, kind, content)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        saved = "content-disposition" in answer.headers
        assert saved == (name in ("measures.csv", "original"))
    report = get(room, file_url(ticket, set_id, "report.html")).headers["content-security-policy"]
    assert report.startswith("sandbox; default-src 'none'")
    assert "script" not in report
    saved = get(room, file_url(ticket, set_id, "report.html", save=True)).headers["content-disposition"]
    assert unquote(saved) == "attachment; filename*=utf-8''" + 'Päuse "3"; rm -rf report.html'


def test_the_original_is_saved_under_its_own_name_safely_written(room: Room, set_id: str) -> None:
    ticket = room.tickets.sign(LOCAL)
    told = get(room, file_url(ticket, set_id, "original")).headers["content-disposition"]
    assert told.isascii()
    assert '"' not in told
    assert unquote(told) == f"attachment; filename*=utf-8''{TITLE}"
    room.library.shelf(LOCAL).change_set(set_id, title="../../evil\\name")
    told = get(room, file_url(ticket, set_id, "original")).headers["content-disposition"]
    assert told == 'attachment; filename="name.mov"'


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, len(FILM)),
        ("bytes=100-199", 100, 200),
        ("bytes=10000-99999", 10000, len(FILM)),
        ("bytes=-7", len(FILM) - 7, len(FILM)),
        ("bytes=-99999", 0, len(FILM)),
    ],
)
def test_a_part_of_the_film(room: Room, film: str, asked: str, start: int, end: int) -> None:
    answer = get(room, film, range=asked)
    assert (answer.status, answer.body) == (206, FILM[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(FILM)}"
    assert answer.headers["content-length"] == str(end - start)
    head = get(room, film, "HEAD", range=asked)
    assert (head.status, head.body) == (206, b"")
    assert head.headers["content-range"] == answer.headers["content-range"]


def test_ranges_that_cannot_be_and_films_that_changed(room: Room, film: str) -> None:
    for asked in (f"bytes={len(FILM)}-", "bytes=99999-", "bytes=-0"):
        answer = get(room, film, range=asked)
        assert (answer.status, answer.headers["content-range"]) == (416, f"bytes */{len(FILM)}")
        assert answer.headers["cache-control"] == "no-store"
    head = get(room, film, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert (head.headers["content-length"], head.headers["accept-ranges"]) == (str(len(FILM)), "bytes")
    same = get(room, film, range="bytes=5-9", if_range=head.headers["etag"])
    assert (same.status, same.body) == (206, FILM[5:10])
    changed = get(room, film, range="bytes=5-9", if_range='"another"')
    assert (changed.status, changed.body) == (200, FILM)


def test_what_is_not_the_viewers_looks_like_what_is_not_there(room: Room, set_id: str, film: str) -> None:
    own, other = room.tickets.sign(LOCAL), room.tickets.sign(OTHER)
    waiting = room.library.shelf(LOCAL).add_set(NewSet(title="x", original=room.folder.new_name())).id
    nothing = get(room, file_url(own, "0" * 32, "film.mp4"))
    assert nothing.status == 404
    urls = [
        file_url(other, set_id, "film.mp4"),
        file_url(other, set_id, "original"),
        file_url("forged", set_id, "film.mp4"),
        file_url(own[:-4] + "AAAA", set_id, "film.mp4"),
        file_url(own, set_id, "track.trc"),
        file_url(own, waiting, "film.mp4"),
        file_url(own, waiting, "original"),
        *(file_url(own, set_id, name) for name in ("secret.txt", "report.json", "..", "%2e%2e", "Film.mp4")),
        *(file_url(own, set_id, f"..{slash}secret.txt") for slash in ("/", "%2f", "%5c", "%00/")),
        file_url(own, "../clips", "film.mp4"),
        f"/-/file/{own}/{set_id}/film.mp4/",
        f"/-/file/{own}//film.mp4",
        f"/-/file/{own}/{set_id}",
        "/-/",
        "/-/../secret",
        package_url(own, "library.db"),
        package_url(own, "../library.db"),
    ]
    for url in urls:
        answer = get(room, url)
        assert (answer.status, answer.body, answer.headers) == (404, nothing.body, nothing.headers), url
    room.library.shelf(LOCAL).delete_set(set_id)
    assert get(room, film).body == nothing.body


def test_a_package_is_for_whom_it_was_made(room: Room) -> None:
    path: Path = room.new_package(LOCAL)
    path.write_bytes(b"PK")
    assert path.parent == room.folder.packages
    answer = get(room, package_url(room.tickets.sign(LOCAL), path.name, "Über den Sommer"))
    assert (answer.status, answer.body) == (200, b"PK")
    assert unquote(answer.headers["content-disposition"]).endswith("''Über den Sommer.zip")
    assert get(room, package_url(room.tickets.sign(OTHER), path.name)).status == 404


def test_packages_go_when_they_are_old_or_what_they_hold_is_deleted(room: Room) -> None:
    old, new, other = room.new_package(LOCAL), room.new_package(LOCAL), room.new_package(OTHER)
    for path in (old, new, other):
        path.write_bytes(b"PK")
    making = old.with_name(f".{old.name}.part")  # it waits for a long film's faces to be covered
    making.write_bytes(b"")
    for path in (old, making):
        os.utime(path, (time.time() - 2 * PACKAGE_S,) * 2)
    room.tidy()
    assert set(room.folder.packages.iterdir()) == {new, other, making}
    room.drop_packages(LOCAL)
    assert set(room.folder.packages.iterdir()) == {other, making}
    room.sweep()
    assert not set(room.folder.packages.iterdir())


def test_a_recording_that_a_killed_room_left_behind_goes_at_the_next_start(room: Room) -> None:
    left = [room.folder.scratch / name for name in ("live-1.mp4", ".live-2.mp4", "another")]
    for path in left:
        path.write_bytes(b"film")
    room.sweep()
    assert [path.exists() for path in left] == [False, False, True]
