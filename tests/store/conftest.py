"""A fresh library per test, on SQLite and, where it is installed, on a PostgreSQL server of our own."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import psycopg
import pytest

from vision.store import LOCAL, DataFolder, Library, Shelf
from vision.store.tables import Base

START_S = 120


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a library that holds nothing; copying it is quicker than making it."""
    made = DataFolder(tmp_path_factory.mktemp("empty"))
    Library.open(made).close()
    return made.database.read_bytes()


@pytest.fixture
def library(folder: DataFolder, empty: bytes) -> Generator[Library]:
    """A library on SQLite."""
    folder.database.write_bytes(empty)
    opened = Library.open(folder)
    yield opened
    opened.close()


@pytest.fixture
def shelf(library: Library) -> Shelf:
    return library.shelf(LOCAL)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str | None:
    """Where a library is kept: beside the files, or on an empty server."""
    if request.param == "sqlite":
        return None
    server: str = request.getfixturevalue("server")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return server


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request: pytest.FixtureRequest, folder: DataFolder, empty: bytes) -> Generator[Library]:
    """A library on either database, empty."""
    folder.database.write_bytes(empty)
    server: str | None = None if request.param == "sqlite" else request.getfixturevalue("server")
    opened = Library.open(folder, server)
    try:
        if server is not None:
            with opened._database.writing() as session:
                for table in reversed(Base.metadata.sorted_tables):
                    session.execute(table.delete())
        yield opened
    finally:
        opened.close()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Start a server that listens on nothing but a socket in a folder of its own; gives its URL."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        pytest.skip("PostgreSQL IS NOT INSTALLED: what is tested on it was left out")
    # initdb refuses to be root, and neither root's nor a user's temporary folder may be open to others.
    home = Path(tempfile.mkdtemp(prefix="plumb-pg-"))
    as_user: dict[str, object] = {}
    if os.geteuid() == 0:
        try:
            user = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("THERE IS NO USER postgres: what is tested on PostgreSQL was left out")
        os.chown(home, user.pw_uid, user.pw_gid)
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    running: subprocess.Popen[bytes] | None = None
    with (home / "log").open("wb") as log:
        quiet = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log, "cwd": home, **as_user}
        try:
            data, bin_ = home / "data", programs[-1].parent
            make = [bin_ / "initdb", "-D", data, "-A", "trust", "-U", "plumb", "-E", "UTF8", "--no-sync"]
            subprocess.run([*make, "--locale=C"], check=True, timeout=START_S, **quiet)
            start = [bin_ / "postgres", "-D", data, "-k", home, "-c", "listen_addresses=", "-c", "fsync=off"]
            running = subprocess.Popen(start, **quiet)
            found = f"postgresql://plumb@/postgres?host={home}"
            _wait_for(found, running, home / "log")
            yield found
        finally:
            if running is not None:
                _stop(running)
            shutil.rmtree(home, ignore_errors=True)


def _wait_for(url: str, running: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    while True:
        try:
            psycopg.connect(url, connect_timeout=START_S).close()
            return
        except psycopg.OperationalError:
            if running.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"The server does not start:\n{log.read_text()}") from None
            time.sleep(0.05)


def _stop(running: subprocess.Popen[bytes]) -> None:
    running.send_signal(signal.SIGINT)  # a fast shutdown: clients are cut off
    try:
        running.wait(START_S)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait(START_S)
