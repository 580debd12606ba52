"""Servers and a real Chromium for the tests: started with bounds on every wait, always ended.

``room_server`` runs the room as a user would, ``minimal_server`` a small script for a component's
tests, ``chromium`` gives Debian's browser, ``Console`` watches what a page says and whom it asks.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import NoReturn
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = Path("/usr/bin/chromium")
LONG_S = 120
OTHER = "127.0.0.2"
"""Stands for this computer's address on the network."""
"""The bound of every wait for a server: generous, and left as soon as what was waited for is there."""

PAGE_MS = 90_000
"""The bound of Playwright's waits, as generous."""

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
)


class Served(str):
    """The address of a running server, such as ``http://127.0.0.1:40123``, and what stands behind it."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def said(self) -> str:
        """What the server wrote so far, stdout and stderr together."""
        return self.log.read_text("utf-8", "replace")

    def code(self) -> str:
        """The code that opens the room over the network, once the terminal has said it."""
        until = time.monotonic() + LONG_S
        while not (found := re.search(r"enter the code (\S+)\.", self.said)):
            assert time.monotonic() < until, f"no code was said:\n{self.said}"
            time.sleep(0.05)
        return found[1]

    def stop(self, with_signal: int = signal.SIGTERM) -> int:
        """Send the process a signal and wait for its end; gives the exit code."""
        self.process.send_signal(with_signal)
        return self.process.wait(LONG_S)

    def kill(self) -> None:
        """End the server and all its children at once, as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(LONG_S)


def free_port() -> int:
    """A port that nobody on this computer listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def room_server(
    data: Path, env: Mapping[str, str] | None = None, more: Sequence[str] = ()
) -> Iterator[Served]:
    """Run ``plumbline review`` on the data folder ``data``; gives the address once it answers."""
    words = [sys.executable, "-m", "vision", "review", "--data", str(data), *more]
    with _served(words, env or {}, ROOT) as served:
        yield served


@contextmanager
def lan_server(data: Path) -> Iterator[Served]:
    """The same, for phones of this network too; skips where ``OTHER`` is no address of this computer."""
    with socket.socket() as probe:
        try:
            probe.bind((OTHER, 0))
        except OSError:
            pytest.skip(f"NOT TESTED over a network: {OTHER} is no address of this computer")
    with room_server(data, more=("--lan", OTHER)) as served:
        yield served


@contextmanager
def minimal_server(script: str, files: Mapping[str, str | bytes] | None = None) -> Iterator[Served]:
    """Run Streamlit on the text of a little script; ``files`` are laid beside it, by name."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in {"app.py": script, **(files or {})}.items():
            (folder / file).write_bytes(content.encode() if isinstance(content, str) else content)
        words = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address", "127.0.0.1"]
        words += ["--server.headless", "true", "--server.fileWatcherType", "none"]
        words += ["--browser.gatherUsageStats", "false", "--client.toolbarMode", "minimal"]
        words += ["--server.port"]
        with _served(words, {}, folder) as served:
            yield served


@contextmanager
def _served(words: list[str], env: Mapping[str, str], cwd: Path) -> Iterator[Served]:
    """Start ``words`` on a free port and wait until it is healthy; ends it with all its children."""
    port = free_port()
    words = [*words, *(() if words[-1] == "--server.port" else ("--port",)), str(port)]
    with tempfile.TemporaryDirectory() as home:
        served = Served(f"http://127.0.0.1:{port}")
        served.log = Path(home) / "server.log"
        own = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        own |= {"HOME": home, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **env}
        with served.log.open("wb") as log:
            served.process = subprocess.Popen(
                words,
                cwd=cwd,
                env=own,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            _wait_for_health(served)
            yield served
        finally:
            with suppress(ProcessLookupError, subprocess.TimeoutExpired):
                os.killpg(served.process.pid, signal.SIGTERM)
                served.process.wait(20)
            served.kill()


def _wait_for_health(served: Served) -> None:
    asks = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + LONG_S
    while time.monotonic() < until:
        assert served.process.poll() is None, f"the server ended by itself:\n{served.said}"
        with suppress(OSError), asks.open(f"{served}/_stcore/health", timeout=10) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"the server did not answer within {LONG_S} s:\n{served.said}")


@contextmanager
def chromium(*more_flags: str) -> Iterator[Browser]:
    """Debian's Chromium under Playwright; where it is missing the test is skipped, in CI it fails."""
    if not CHROMIUM.is_file():
        _missing(f"{CHROMIUM} is missing (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=[*FLAGS, *more_flags], timeout=PAGE_MS
        )
        try:
            yield browser
        finally:
            browser.close()


def _missing(why: str) -> NoReturn:
    text = f"NOT TESTED in a real browser: {why}"
    if os.environ.get("CI"):
        pytest.fail(text)
    pytest.skip(text)


def new_context(browser: Browser, width: int = 1400, height: int = 900) -> BrowserContext:
    """Somebody else's browser: own cookies, the generous bounds of these tests."""
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(PAGE_MS)
    context.set_default_navigation_timeout(PAGE_MS)
    return context


class Console:
    """Collects what the pages complain about and whom they ask; leaving the block checks both.

    ``allow`` holds texts: a complaint that contains one of them is expected (a 422 that the test
    provokes is a console error too). Nothing allows a request that leaves ``host``.
    """

    def __init__(self, context: BrowserContext, allow: Sequence[str] = (), host: str = "127.0.0.1") -> None:
        self.errors: list[str] = []
        self.outside: list[str] = []
        self._allow = tuple(allow)
        self._host = host
        context.on("console", lambda said: self._heard(said.type, f"{said.text} {said.location}"))
        context.on("weberror", lambda error: self._heard("error", str(error.error)))
        context.on("request", lambda request: self._asked(request.url))
        context.on("page", self._watch)
        for page in context.pages:
            self._watch(page)

    def __enter__(self) -> Console:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.check()

    def check(self) -> None:
        """Fail when a page complained or asked somebody else than this computer."""
        assert self.outside == [], f"asked outside: {self.outside}"
        assert self.errors == [], f"console: {self.errors}"

    def _watch(self, page: Page) -> None:
        page.on("websocket", lambda socket: self._asked(socket.url))

    def _heard(self, kind: str, text: str) -> None:
        bad = kind in ("error", "assert") or "Content Security Policy" in text
        if bad and not any(part in text for part in self._allow):
            self.errors.append(text)

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != self._host:
            self.outside.append(url)
