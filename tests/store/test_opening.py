"""Opening: the schema and its steps, several processes at once, and what cannot be opened."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import vision.store
from tests.store.keeping import ADDED_LATER, WAIT_S, add, at_once
from vision.store import LOCAL, DataFolder, Library, StoreError
from vision.store.database import OPENING_LOCK, SCHEMA
from vision.store.rows import AskedStickers
from vision.store.tables import Base

NOBODY = 65534


def test_the_steps_make_the_tables_that_the_program_uses(folder: DataFolder, url: str | None) -> None:
    library = Library.open(folder, url)
    with library._database._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert context.get_current_revision() == SCHEMA
    library.close()


def test_the_newest_step_is_the_schema_and_the_steps_are_in_one_line() -> None:
    steps = ScriptDirectory(str(Path(vision.store.__file__).parent / "migrations"))
    assert steps.get_heads() == [SCHEMA]
    assert steps.get_bases() == ["001"]


def test_sqlite_is_set_up_to_lose_and_to_leave_nothing(library: Library) -> None:
    wanted = {"journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1, "synchronous": 2, "temp_store": 2}
    with library._database.reading() as session:
        found = {name: session.connection().exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
        assert found == wanted


def test_several_that_open_at_once_all_find_the_schema(folder: DataFolder, url: str | None) -> None:
    opened = at_once(5, lambda _: Library.open(folder, url))
    assert [library.shelf(LOCAL).sets() for library in opened] == [()] * 5
    for library in opened:
        library.close()


def test_on_a_server_whoever_comes_second_waits(folder: DataFolder, server: str) -> None:
    asked = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with ThreadPoolExecutor(1) as pool, psycopg.connect(server, autocommit=True) as first:
        first.execute("SELECT pg_advisory_lock(%s)", [OPENING_LOCK])
        second = pool.submit(Library.open, folder, server)
        until = time.monotonic() + WAIT_S
        while (waiting := first.execute(asked).fetchone()) == (0,) and not second.done():
            assert time.monotonic() < until
            time.sleep(0.01)
        first.execute("SELECT pg_advisory_unlock(%s)", [OPENING_LOCK])
        second.result(WAIT_S).close()
    assert waiting == (1,)


def test_two_processes_that_open_at_once_both_find_the_schema(folder: DataFolder, tmp_path: Path) -> None:
    program = (
        "import pathlib, sys; from vision.store import LOCAL, DataFolder, Library\n"
        "library = Library.open(DataFolder(pathlib.Path(sys.argv[1])))\n"
        "library.shelf(LOCAL).add_athlete(sys.argv[2])\n"
    )
    running: list[subprocess.Popen[bytes]] = []
    with (tmp_path / "out").open("wb") as out:
        try:
            for name in ("Ada", "Bea"):
                command = [sys.executable, "-c", program, str(folder.root), name]
                running.append(
                    subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=paths())
                )
            codes = [process.wait(120) for process in running]
        finally:
            for process in running:
                process.kill()
                process.wait(60)
    assert codes == [0, 0], (tmp_path / "out").read_text()
    library = Library.open(folder)
    assert [one.name for one in library.shelf(LOCAL).athletes()] == ["Ada", "Bea"]
    library.close()


def paths() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def test_a_library_of_a_newer_version_says_so_and_stays(library: Library, folder: DataFolder) -> None:
    library.shelf(LOCAL).add_athlete("Ada")
    library.close()
    with sqlite3.connect(folder.database) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '907'")
    raw.close()
    with pytest.raises(StoreError, match=r"^This library was written by a newer .* schema is 907"):
        Library.open(folder)
    with sqlite3.connect(folder.database) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [("907",)]
        assert raw.execute("SELECT name FROM athletes").fetchall() == [("Ada",)]
    raw.close()


def test_a_library_from_before_stickers_keeps_its_sets(folder: DataFolder) -> None:
    first = Library.open(folder)
    made = add(first.shelf(LOCAL), folder)
    first.close()
    with sqlite3.connect(folder.database) as old:
        for column in ADDED_LATER:
            old.execute(f"ALTER TABLE sets DROP COLUMN {column}")
        old.execute("UPDATE alembic_version SET version_num = '002'")
    old.close()
    library = Library.open(folder)
    assert library.shelf(LOCAL).set(made.id) == made
    library.shelf(LOCAL).again(made.id, stickers=AskedStickers())
    assert library.shelf(LOCAL).set(made.id).stickers == AskedStickers()
    library.close()


def test_a_step_that_fails_leaves_nothing_half_made(
    folder: DataFolder, url: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_self: object, *_args: object, **_more: object) -> None:
        raise RuntimeError("planted")

    with monkeypatch.context() as patch:
        patch.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", fails)
        with pytest.raises(RuntimeError, match="planted"):
            Library.open(folder, url)
    library = Library.open(folder, url)  # "table athletes already exists" if anything had stayed
    assert library.shelf(LOCAL).athletes() == ()
    library.close()


def test_a_file_that_is_no_library_says_so(folder: DataFolder) -> None:
    folder.database.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match=r"^The library cannot be .* \(file is not a database\)\.$"):
        Library.open(folder)
    assert folder.database.read_bytes().startswith(b"not a database")


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("nonsense", r"^DATABASE_URL cannot be read: expected postgresql://user@host/name\.$"),
        ("mysql://user:hushhush@host/name", r"^DATABASE_URL names mysql: only postgresql:// is known"),
        ("postgresql://user:hushhush@/name?host=/nowhere", r"^The library cannot be read or written \("),
    ],
)
def test_a_server_that_cannot_be_used_says_so_without_the_password(
    folder: DataFolder, url: str, complaint: str
) -> None:
    with pytest.raises(StoreError, match=complaint) as caught:
        Library.open(folder, url)
    assert "hushhush" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not folder.database.exists()


# ---------------------------------------------------------------------------- the folder


def test_the_data_folder_is_the_owners_alone(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "a" / "data")
    library = Library.open(folder)
    library.shelf(LOCAL).add_athlete("Ada")  # so that the log is there too
    folder.secret()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.root.iterdir()}
    assert stat.S_IMODE(folder.root.stat().st_mode) == 0o700
    folders = {"clips", "results", "uploads", "packages", "logs", "scratch"}
    files = {"secret", "owner", "library.db", "library.db-wal", "library.db-shm"}
    assert modes == dict.fromkeys(folders, 0o700) | dict.fromkeys(files, 0o600)
    library.close()


def test_a_folder_with_something_in_it_keeps_its_mode(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    (shared / "other.txt").touch()
    DataFolder(shared)
    assert stat.S_IMODE(shared.stat().st_mode) == 0o755
    assert stat.S_IMODE((shared / "clips").stat().st_mode) == 0o700


def test_the_secret_is_made_once_even_by_many(folder: DataFolder) -> None:
    found = at_once(6, lambda _: DataFolder(folder.root).secret())
    assert len(found) == 6
    assert set(found) == {DataFolder(folder.root).secret()}
    assert len(found[0]) == 32
    (folder.root / "secret").write_bytes(b"short")
    with pytest.raises(StoreError, match="is damaged: remove it"):
        folder.secret()


def test_names_of_files_never_come_from_users(folder: DataFolder) -> None:
    assert folder.new_name(".MOV").endswith(".mov")
    for odd in ("/../../x", ".m p", ".superlongsuffix", "..", ".mö"):
        assert "." not in folder.new_name(odd)
        assert folder.new_name(odd).isalnum()
    assert len({folder.new_name() for _ in range(1000)}) == 1000


def test_only_what_is_within_the_folder_is_removed(folder: DataFolder, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    for path in (outside, folder.clips, folder.root, folder.clips / ".." / ".." / "outside"):
        with pytest.raises(ValueError, match="Expected a path inside a subfolder"):
            folder.remove(path)
    link = folder.clips / "link"
    link.symlink_to(outside)
    folder.remove(link)
    folder.remove(folder.clips / "gone already")
    assert outside.exists()
    assert not link.exists()


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"^The data folder .*/file/data cannot be used \(Not a dir"):
        DataFolder(tmp_path / "file" / "data")


@pytest.fixture
def locked() -> Generator[Path]:
    """A data folder of somebody else's that may be read and not written."""
    root = Path(tempfile.mkdtemp(prefix="plumb-locked-"))
    try:
        Library.open(DataFolder(root)).close()
        for path in (*root.rglob("*"), root):
            path.chmod(0o555 if path.is_dir() else 0o444)
        if os.geteuid() == 0:
            os.seteuid(NOBODY)  # root may write anywhere
        yield root
    finally:
        os.seteuid(os.getuid())
        for path in (root, *root.rglob("*")):
            path.chmod(0o700)
        shutil.rmtree(root)


def test_a_folder_that_cannot_be_written_says_so(locked: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot be used \(writing there is not allowed\): choose another"):
        DataFolder(locked)


def test_a_database_that_cannot_be_written_says_so(locked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_args, **_more: True)
    with pytest.raises(StoreError, match=r"^The library .* cannot be written \(Permission denied\)\.$"):
        Library.open(DataFolder(locked))
