"""One door to the database: SQLite beside the files, or a PostgreSQL server that a URL names."""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from vision.store.folder import DataFolder, StoreError

SCHEMA = "005"
"""The newest step in ``migrations/versions``."""

_KNOWN = frozenset({"001", "002", "003", "004", SCHEMA})
_WAIT_S = 20.0
OPENING_LOCK = 7_261_531_804  # any number; all of Plumbline's processes must use the same
_one_at_a_time = Lock()  # Alembic keeps what it works on in a module of its own
_log = logging.getLogger(__name__)


class Database:
    """Sessions for reading and for writing, and the schema brought up to date at the start.

    A write on SQLite begins with ``BEGIN IMMEDIATE``: it waits its turn at the beginning, where
    waiting works, instead of failing halfway.
    """

    def __init__(self, folder: DataFolder, url: str | None = None) -> None:
        self._engine = _server(url) if url else _beside_files(folder.database)
        self.on_sqlite = self._engine.dialect.name == "sqlite"
        for_writing = self._engine.execution_options(writes=True)
        self._readers = sessionmaker(self._engine, expire_on_commit=False)
        self._writers = sessionmaker(for_writing, expire_on_commit=False, info={"writes": True})
        try:
            _opened(for_writing)
        except BaseException:
            self.close()
            raise

    @property
    def name(self) -> str:
        """Tells this database from others, and nobody where it is or who may use it."""
        if self.on_sqlite:
            return "beside the files"
        url = self._engine.url
        place = [url.host, url.port, url.database, sorted(url.query.items())]
        return hashlib.sha256(repr(place).encode()).hexdigest()

    @contextmanager
    def reading(self) -> Generator[Session]:
        """Give a session that sees one state of the library."""
        with _told_clearly(), self._readers() as session:
            yield session

    @contextmanager
    def writing(self) -> Generator[Session]:
        """Give a session whose changes all happen when the block ends, or none if it raises."""
        with _told_clearly(), self._writers() as session, session.begin():
            yield session

    def scrub(self) -> bool:
        """Bring what was deleted out of SQLite's file and log; False where that could not be done.

        ``secure_delete`` alone leaves copies of rows that once moved to another page, so the file is
        written anew. A server keeps its files in its own way, which is its keeper's business.
        """
        if not self.on_sqlite:
            return True
        try:
            with _told_clearly():
                return _written_anew(self._engine)
        except StoreError as error:
            _log.warning("what was deleted is not out of the database's file yet: %s", error)
            return False

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()


# ---------------------------------------------------------------------------- engines


def _beside_files(path: Path) -> Engine:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # its log takes over the mode
    except OSError as error:
        why = error.strerror or "no reason given"
        raise StoreError(f"The library {path} cannot be written ({why}).") from error
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": _WAIT_S})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin in _begin_sqlite, not by guessing
    cursor = connection.cursor()
    for setting in (
        f"busy_timeout = {round(_WAIT_S * 1000)}",
        "journal_mode = WAL",
        "synchronous = FULL",  # a finished analysis is not lost with the power either
        "foreign_keys = ON",
        "secure_delete = ON",
        "temp_store = MEMORY",
    ):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("bare", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes", False) else "BEGIN")


def _written_anew(engine: Engine) -> bool:
    with engine.connect().execution_options(bare=True) as connection:
        connection.exec_driver_sql("VACUUM")
        row = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return row[0] == 0  # else a reader is still in the log


def _server(text_of_url: str) -> Engine:
    try:
        url = make_url(text_of_url)
    except ArgumentError:
        raise StoreError("DATABASE_URL cannot be read: expected postgresql://user@host/name.") from None
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise StoreError(
            f"DATABASE_URL names {url.get_backend_name()}: only postgresql:// is known; "
            "without it the library is kept in the data folder."
        )
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        connect_args={"connect_timeout": round(_WAIT_S)},
    )


# ---------------------------------------------------------------------------- schema


def _opened(engine: Engine) -> None:
    """Bring the schema up to date; of several processes that come at once, one does it.

    SQLite answers "locked" without waiting while another process switches a new file to WAL, so
    that is tried again.
    """
    until = time.monotonic() + _WAIT_S
    while True:
        try:
            with _told_clearly():
                _migrate(engine)
            return
        except StoreError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.05)


def _migrate(engine: Engine) -> None:
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": OPENING_LOCK})
        found = _schema_of(connection)
        if found == SCHEMA:
            return
        if found is not None and found not in _KNOWN:
            raise StoreError(
                f"This library was written by a newer Plumbline (its schema is {found}, this one knows "
                f"{SCHEMA}): update Plumbline, or choose another data folder."
            )
        _run_steps(connection)
        _log.info("library brought from schema %s to %s", found, SCHEMA)


def _schema_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _run_steps(connection: Connection) -> None:
    from alembic import command  # slow to import, and needed once in a library's life
    from alembic.config import Config

    config = Config()
    steps = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(steps).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _one_at_a_time:
        command.upgrade(config, SCHEMA)


# ---------------------------------------------------------------------------- errors


@contextmanager
def _told_clearly() -> Generator[None]:
    """Turn the database's complaints into one line; broken rules stay for the caller to explain."""
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise StoreError(f"The library cannot be read or written ({_first_line(error.orig)}).") from error
    except sqlite3.Error as error:  # from _prepare_sqlite, which SQLAlchemy does not stand behind
        raise StoreError(f"The library cannot be opened ({_first_line(error)}).") from error
    except SQLAlchemyError as error:
        raise StoreError(f"The library cannot be used ({_first_line(error)}).") from error


def locks(session: Session) -> bool:
    """Tell whether rows read by ``session`` are to be locked, on a server, until it ends."""
    return bool(session.info.get("writes", False))


def _first_line(error: BaseException | None) -> str:
    lines = str(error or "").strip().splitlines()
    return lines[0].rstrip(".") if lines else "no reason given"
