"""Deleting that is finished even after a crash: marks for what must still go.

The transaction that deletes rows also writes down which files are theirs. After it the files are
removed, the database's log is emptied and the marks are taken back. Whatever stops in between, the
marks are there at the next start.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from vision.store.database import Database
from vision.store.folder import DataFolder
from vision.store.tables import RemainRow, SetRow


class Remains:
    """What was deleted from the library and may still lie on the disk."""

    def __init__(self, database: Database, folder: DataFolder) -> None:
        self._database = database
        self._folder = folder

    def mark(self, session: Session, sets: Iterable[SetRow]) -> None:
        """Write down the files of ``sets`` (and the log) in the transaction that deletes the rows."""
        paths = [""]
        for row in sets:
            paths.append(f"clips/{row.original}")
            if row.results:
                paths.append(f"results/{row.results}")
        self.mark_paths(session, paths)

    def mark_paths(self, session: Session, paths: Iterable[str]) -> None:
        """Write down paths within the data folder."""
        session.add_all(RemainRow(id=self._folder.new_name(), path=path) for path in paths)

    def clear(self) -> None:
        """Remove what is marked; what cannot be removed now keeps its mark."""
        with self._database.reading() as session:
            marked = {row.id: row.path for row in session.scalars(select(RemainRow))}
        if not marked:
            return
        gone = [mark for mark, path in marked.items() if self._removed(path)]
        if self._database.scrub():
            with self._database.writing() as session:
                session.execute(delete(RemainRow).where(RemainRow.id.in_(gone)))

    def _removed(self, path: str) -> bool:
        if not path:
            return True
        try:
            self._folder.remove(self._folder.root / path)
        except OSError:
            return False
        return True
