"""A room that really runs: where it listens, what a browser makes of it, what it costs, how it ends."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.browser import LONG_S, Console, Served, chromium, new_context, room_server
from vision.store.rows import LOCAL, NewSet
from vision.web.addresses import file_url, upload_url
from vision.web.incoming import CHUNK_BYTES
from vision.web.room import Room

BIG = 25 * CHUNK_BYTES


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("serve") / "data"


@pytest.fixture(scope="module")
def served(data: Path) -> Iterator[Served]:
    with room_server(data) as served:
        yield served


def ticket(data: Path) -> str:
    with closing(Room.open({"PLUMBLINE_DATA": str(data)})) as room:
        return room.tickets.sign(LOCAL)


class Line:
    """One connection to the server, as a browser keeps it."""

    def __init__(self, url: Served) -> None:
        self._origin = str(url)
        self._line = http.client.HTTPConnection(url.removeprefix("http://"), timeout=LONG_S)

    def ask(self, method: str, path: str, body: object = b"") -> tuple[int, Any]:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._line.request(method, path, sent, {"Origin": self._origin})
        answer = self._line.getresponse()
        return answer.status, json.loads(answer.read())

    def close(self) -> None:
        self._line.close()


def family(pid: int) -> list[int]:
    """A process and its children, so far as they live (Linux)."""
    children: list[str] = []
    for below in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            children += below.read_text().split()
    return [pid, *(one for child in children for one in family(int(child)))]


def peak_bytes(pid: int) -> int:
    with suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) * 1024 if found else 0
    return 0


def worker_is_up(data: Path) -> None:
    """Wait until the worker has loaded what it needs: until then its memory grows, whatever else happens."""
    log, until = data / "logs" / "worker.log", time.monotonic() + LONG_S
    while not (log.is_file() and "waits for clips" in log.read_text()):
        assert time.monotonic() < until, f"no worker within {LONG_S} s"
        time.sleep(0.1)


# --------------------------------------------------------------------------- who is answered


def test_it_listens_on_this_computer_alone_and_says_one_address(served: Served) -> None:
    assert re.findall(r"https?://[^\s]+", served.said) in ([], [str(served)])
    # An address of this computer too: a server that listens everywhere would take the call.
    with pytest.raises(OSError, match=r"refused|timed out|unreachable|assign"):
        socket.create_connection(("127.0.0.2", int(served.rpartition(":")[2])), timeout=5)


@pytest.mark.parametrize("origin", ["own", "http://127.0.0.1:1", "http://evil.example", None])
def test_the_pages_own_socket_takes_no_other_page(served: Served, origin: str | None) -> None:
    host = served.removeprefix("http://")
    told = f"Origin: {served if origin == 'own' else origin}\r\n" if origin else ""
    with socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2])), timeout=LONG_S) as line:
        line.sendall(
            f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\n{told}Upgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        status = line.recv(4096).split()[1]
    assert status == (b"101" if origin == "own" else b"403")


def test_streamlits_own_answers_carry_the_headers_too(served: Served) -> None:
    line = http.client.HTTPConnection(served.removeprefix("http://"), timeout=LONG_S)
    for path in ("/", "/_stcore/health", "/_stcore/host-config", "/favicon.png", "/nowhere", "/-/nowhere"):
        line.request("GET", path)
        answer = line.getresponse()
        answer.read()
        assert "connect-src 'self'" in (answer.headers["Content-Security-Policy"] or ""), path
        assert answer.headers["Access-Control-Allow-Origin"] is None
    for path in (
        "/-/nowhere",
        "/-/../library.db",
        "/-/file/a/..%2F..%2Fb/film.mp4",
        "/-/file/%5C%5Chost/b/c",
    ):
        line.request("GET", path)
        answer = line.getresponse()
        assert (answer.status, answer.read()) == (404, b'{"problem":"There is nothing here."}'), path
    line.close()


@pytest.mark.browser
def test_pages_and_components_work_in_a_browser_that_asks_nobody_else(served: Served) -> None:
    with chromium() as browser, Console(new_context(browser)) as console:
        page = browser.contexts[0].new_page()
        page.goto(f"{served}/add")
        # The drop zone is a component with a script and a style of its own.
        page.locator("input[type=file]").first.wait_for(state="attached")
        page.get_by_role("heading", name="Add clips").wait_for()
        ran = page.evaluate(
            """async () => {
                const script = document.createElement('script');
                script.textContent = 'window.written = true';
                document.body.append(script);
                const asked = await fetch('http://127.0.0.1:1/').then(() => true, () => false);
                return [window.written === true, asked];
            }"""
        )
        assert ran == [False, False]
        assert any("Content Security Policy" in line for line in console.errors), "the control is seen"
        console.errors.clear()


# --------------------------------------------------------------------------- what it costs


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="NOT TESTED: memory is read on Linux")
def test_a_large_clip_goes_to_the_disk_and_not_into_memory(served: Served, data: Path) -> None:
    url, block, whole = upload_url(ticket(data)), os.urandom(CHUNK_BYTES), hashlib.sha256()
    worker_is_up(data)
    with closing(Line(served)) as line:
        before = {pid: peak_bytes(pid) for pid in family(served.process.pid)}
        id = line.ask("POST", url, {"name": "long.mp4", "size": BIG})[1]["id"]
        for at in range(0, BIG, CHUNK_BYTES):
            assert line.ask("PUT", f"{url}/{id}?at={at}", block) == (200, {"at": at + CHUNK_BYTES})
            whole.update(block)
        grown = {pid: peak_bytes(pid) - peak for pid, peak in before.items()}
        with (data / "uploads" / f"{id}.part").open("rb") as file:
            assert hashlib.file_digest(file, "sha256").hexdigest() == whole.hexdigest()
        assert max(grown.values()) < BIG / 2, grown
        assert all(peak_bytes(pid) < 1e9 for pid in before)
        # No clip at all: told by the name it came under, in one line, and gone from the disk.
        status, told = line.ask("POST", f"{url}/{id}/done", {})
        assert status == 422
        assert "'long.mp4'" in told["problem"]
        assert not list((data / "uploads").iterdir())


# --------------------------------------------------------------------------- how it ends


def test_it_ends_clean_and_goes_on_where_it_was(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with closing(Room.open({"PLUMBLINE_DATA": str(data)})) as room:
        url, original = upload_url(room.tickets.sign(LOCAL)), room.folder.new_name(".mp4")
        (room.folder.clips / original).write_bytes(bytes(64 * 1024**2))
        made = room.library.shelf(LOCAL).add_set(NewSet("film.mp4", original))
        film = file_url(room.tickets.sign(LOCAL), made.id, "original")
    with room_server(data) as served:
        with closing(Line(served)) as line:
            id = line.ask("POST", url, {"name": "set.mp4", "size": 1000})[1]["id"]
            assert line.ask("PUT", f"{url}/{id}?at=0", bytes(400)) == (200, {"at": 400})
        everybody = started(served)
        assert served.stop(signal.SIGTERM) == 0, served.said
        gone(everybody)
    with room_server(data) as served:
        with closing(Line(served)) as line:
            assert line.ask("GET", f"{url}/{id}") == (200, {"at": 400})
        # A paused film: its reader takes nothing more, and must not keep the server alive.
        with socket.create_connection(("127.0.0.1", int(served.rpartition(":")[2]))) as paused:
            paused.sendall(f"GET {film} HTTP/1.1\r\nHost: {served.removeprefix('http://')}\r\n\r\n".encode())
            assert paused.recv(12) == b"HTTP/1.1 200"
            everybody = started(served)
            assert served.stop(signal.SIGINT) == 130, served.said
        assert "Traceback" not in served.said
        assert "made to" not in served.said, "it had to be killed"
        gone(everybody)


def started(served: Served) -> list[int]:
    """Command, server and worker, once all three are there (where processes can be seen)."""
    until = time.monotonic() + LONG_S
    while len(pids := family(served.process.pid)) < 3 and Path("/proc/self/task").exists():
        assert time.monotonic() < until, "the worker did not start"
        time.sleep(0.05)
    return pids


def gone(pids: list[int]) -> None:
    for pid in pids:
        with pytest.raises(ProcessLookupError, match="No such process"):
            os.kill(pid, 0)
