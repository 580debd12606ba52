"""What is deleted is gone: rows, their bytes, files, whenever the program stopped in between."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete

from tests.store.keeping import add, finished
from vision.store import LOCAL, DataFolder, Library, Shelf, StoredSet
from vision.store.database import Database
from vision.store.folder import is_random_name
from vision.store.remains import Remains
from vision.store.tables import NoteRow


def everything(folder: DataFolder) -> bytes:
    """Every name and every byte in the data folder."""
    paths = sorted(folder.root.rglob("*"))
    names = "\n".join(str(path.relative_to(folder.root)) for path in paths).encode()
    return names + b"".join(path.read_bytes() for path in paths if path.is_file())


def told(library: Library, shelf: Shelf, word: str) -> StoredSet:
    """Add a finished set that says ``word`` wherever it can, with its athlete."""
    person = shelf.add_athlete(f"{word} Name")
    kept = finished(
        library,
        shelf,
        f"{word} title.mov",
        athlete_id=person.id,
        session=f"{word} session",
        tags=(f"{word} tag",),
    )
    shelf.add_note(kept.id, 1, f"{word} note " * 200)
    shelf.draw(kept.id, 1, ({"kind": "text", "text": f"{word} drawn"},))
    files = shelf.files(kept.id)
    files.original.write_bytes(f"{word} film".encode())
    assert files.results is not None
    (files.results / "report.html").write_text(f"{word} report")
    return kept


def test_an_athlete_who_is_deleted_is_in_no_byte(library: Library, shelf: Shelf, folder: DataFolder) -> None:
    gone, stays = told(library, shelf, "Quillfeather"), told(library, shelf, "Marrowgate")
    shelf.rename_athlete(gone.athlete_id or "", "Quillfeather Newname")
    assert everything(folder).count(b"Quillfeather") > 200
    shelf.delete_athlete(gone.athlete_id or "")
    assert b"quillfeather" not in everything(folder).lower()
    assert [one.id for one in shelf.sets()] == [stays.id]
    assert len(list(folder.clips.iterdir())) == len(list(folder.results.iterdir())) == 1
    assert shelf.notes(stays.id)[0].text.startswith("Marrowgate")
    assert len(shelf.course()) == 2


def test_a_set_that_is_deleted_is_in_no_byte(library: Library, shelf: Shelf, folder: DataFolder) -> None:
    gone = told(library, shelf, "Quillfeather")
    shelf.change_set(gone.id, athlete_id=None, title="Quillfeather second")
    shelf.draw(gone.id, 1, ({"kind": "text", "text": "Quillfeather over"},))
    shelf.delete_set(gone.id)
    shelf.delete_athlete(gone.athlete_id or "")
    assert b"quillfeather" not in everything(folder).lower()


def test_a_note_that_is_deleted_or_rewritten_is_in_no_byte(
    library: Library, shelf: Shelf, folder: DataFolder
) -> None:
    kept = add(shelf, folder)
    notes = [shelf.add_note(kept.id, frame, f"Quillfeather {frame}") for frame in range(2)]
    shelf.draw(kept.id, 1, ({"text": "Quillfeather"},))
    assert everything(folder).count(b"Quillfeather") > 2
    shelf.delete_note(kept.id, notes[0].id)
    shelf.draw(kept.id, 1, ())
    shelf.change_note(kept.id, notes[1].id, "better")
    assert b"Quillfeather" not in everything(folder)


@pytest.mark.parametrize("seed", [0, 4])
def test_rows_that_moved_between_pages_leave_no_copies(
    library: Library, shelf: Shelf, folder: DataFolder, seed: int
) -> None:
    """What SQLite's secure_delete overlooks on its own; with these seeds it is seen to."""
    kept, dice = add(shelf, folder), random.Random(seed)
    words: dict[str, str] = {}
    alive: set[str] = set()
    for _ in range(4):
        with library._database.writing() as session:
            for _ in range(60):
                note_id, word = f"{dice.getrandbits(128):032x}", f"Quill{len(words):04d}"
                text = word * dice.choice([1, 3, 20, 200])
                session.add(NoteRow(id=note_id, set_id=kept.id, frame=0, text=text, written=kept.added))
                words[note_id] = word
                alive.add(note_id)
        gone = dice.sample(sorted(alive), len(alive) // 2)
        with shelf._deleting() as session:
            session.execute(delete(NoteRow).where(NoteRow.id.in_(gone)))
        alive.difference_update(gone)
    left = everything(folder).decode("latin-1")
    assert [word for note_id, word in words.items() if note_id not in alive and word in left] == []
    assert all(words[note_id] in left for note_id in alive)


def test_a_reader_in_the_way_delays_the_cleaning_only(
    library: Library, shelf: Shelf, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = told(library, shelf, "Quillfeather")
    monkeypatch.setattr(Database, "scrub", lambda _self: False)
    shelf.delete_athlete(gone.athlete_id or "")
    assert shelf.sets() == ()
    monkeypatch.undo()
    assert b"Quillfeather" in everything(folder), "else nothing was delayed"
    library.sweep()
    assert b"Quillfeather" not in everything(folder)


def test_all_files_have_random_names(library: Library, shelf: Shelf, folder: DataFolder) -> None:
    told(library, shelf, "Quillfeather")
    names = [path.name for part in (folder.clips, folder.results) for path in part.iterdir()]
    assert len(names) == 2
    assert all(is_random_name(name) for name in names)


class Crash(BaseException):
    """Stands for a power cut: nothing catches it."""


def dies(real: Callable[..., object], after: int) -> Callable[..., object]:
    """Make the call number ``after`` (from 0) the last thing that happens, half of it done."""
    calls = [0]

    def call(*args: object) -> object:
        if calls[0] == after:
            raise Crash
        calls[0] += 1
        return real(*args)

    return call


POINTS: dict[str, tuple[type, str, int]] = {
    "before the commit": (Remains, "mark", 0),
    "after the commit": (Remains, "clear", 0),
    "before the first file": (DataFolder, "remove", 0),
    "between the files": (DataFolder, "remove", 1),
    "after the files": (Database, "scrub", 0),
    "after the cleaning": (Database, "writing", 1),
}


@pytest.mark.parametrize("point", POINTS)
def test_a_crash_at_any_point_of_deleting_is_made_good(
    library: Library, shelf: Shelf, folder: DataFolder, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    gone = told(library, shelf, "Quillfeather")
    where, name, after = POINTS[point]
    with monkeypatch.context() as patch:
        patch.setattr(where, name, dies(getattr(where, name), after))
        with pytest.raises(Crash, match=r"^$"):
            shelf.delete_athlete(gone.athlete_id or "")
    library.close()
    again = Library.open(folder)
    if point == "before the commit":
        files = again.shelf(LOCAL).files(gone.id)
        assert files.original.exists()
        assert files.results is not None
        assert files.results.exists()
    else:
        assert b"Quillfeather" not in everything(folder)
        assert list(folder.clips.iterdir()) == list(folder.results.iterdir()) == []
    again.close()


def test_sweeping_removes_old_files_without_rows_and_nothing_else(
    library: Library, shelf: Shelf, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = finished(library, shelf)
    strays: list[Path] = []
    for part in (folder.clips, folder.results, folder.scratch, folder.packages, folder.uploads):
        stray = part / folder.new_name()
        stray.mkdir()
        (stray / "part").write_bytes(b"x")
        strays.append(stray)
        os.utime(stray / "part", (0, 0))  # brought here just now, though it says that it is old
        os.utime(stray, (0, 0))
    making = folder.packages / ".making-x"
    making.mkdir()
    log = folder.logs / "worker.log"
    log.write_text("kept")
    library.sweep()
    assert all(stray.exists() for stray in strays)
    monkeypatch.setattr("vision.store.library._LEFT_BEHIND_S", -3600.0)  # as if an hour had passed
    library.sweep()
    assert [stray for stray in strays if stray.exists()] == strays[-1:]  # an upload may be gone on with
    files = shelf.files(kept.id)
    assert files.original.exists()
    assert files.results is not None
    assert (files.results / "report.json").exists()
    assert log.exists()
    assert making.exists()  # its server removes it at the next start
    assert folder.database.exists()


def test_a_library_that_another_database_keeps_is_not_swept_by_this_one(
    library: Library, shelf: Shelf, folder: DataFolder, empty: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = finished(library, shelf)
    files = shelf.files(kept.id)
    library.close()
    whole = folder.database.read_bytes()
    monkeypatch.setattr("vision.store.library._LEFT_BEHIND_S", -3600.0)
    with monkeypatch.context() as wrong:  # as with a DATABASE_URL of some other day
        wrong.setattr(Database, "name", "another")
        folder.database.write_bytes(empty)
        other = Library.open(folder)
        stray = folder.scratch / folder.new_name()
        stray.touch()
        other.sweep()
        other.close()
    assert not stray.exists()
    assert files.original.exists()
    folder.database.write_bytes(whole)
    again = Library.open(folder)
    lost = folder.clips / folder.new_name()
    lost.touch()
    again.sweep()
    assert not lost.exists()
    found = again.shelf(LOCAL).files(kept.id)
    assert found.results is not None
    assert found.original.exists()
    again.close()
