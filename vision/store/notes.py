"""A viewer's notes and drawings."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from vision.store import checks, convert
from vision.store.bound import Bound
from vision.store.rows import Drawing, Note, NotFound, Shapes
from vision.store.tables import DrawingRow, NoteRow


class Notes(Bound):
    """The part of a shelf that knows what was written and drawn on frames."""

    def notes(self, set_id: str) -> tuple[Note, ...]:
        """Notes on a set, by frame."""
        query = select(NoteRow).where(NoteRow.set_id == set_id)
        with self._database.reading() as session:
            self._set(session, set_id)
            rows = session.scalars(query.order_by(NoteRow.frame, NoteRow.written, NoteRow.id))
            return tuple(convert.note(row) for row in rows)

    def add_note(self, set_id: str, frame: int, text: str) -> Note:
        """Write a note on a frame; ValueError for an empty or very long one."""
        row = NoteRow(
            id=self._folder.new_name(),
            set_id=set_id,
            frame=checks.frame(frame),
            text=checks.note(text),
            written=datetime.now(UTC),
        )
        with self._database.writing() as session:
            self._set(session, set_id)
            session.add(row)
        return convert.note(row)

    def change_note(self, set_id: str, note_id: str, text: str) -> None:
        """Write a note anew."""
        kept = checks.note(text)
        with self._deleting() as session:
            self._note(session, set_id, note_id).text = kept

    def delete_note(self, set_id: str, note_id: str) -> None:
        """Delete a note."""
        with self._deleting() as session:
            session.delete(self._note(session, set_id, note_id))

    def drawings(self, set_id: str) -> tuple[Drawing, ...]:
        """Drawings on a set, by frame."""
        query = select(DrawingRow).where(DrawingRow.set_id == set_id).order_by(DrawingRow.frame)
        with self._database.reading() as session:
            self._set(session, set_id)
            return tuple(convert.drawing(row) for row in session.scalars(query))

    def draw(self, set_id: str, frame: int, shapes: Shapes) -> None:
        """Keep the shapes on a frame in place of those that were there; none removes them."""
        checks.frame(frame)
        kept = checks.shapes(shapes)
        if not shapes:
            with self._deleting() as session:
                self._set(session, set_id)
                session.execute(
                    delete(DrawingRow).where(DrawingRow.set_id == set_id, DrawingRow.frame == frame)
                )
            return
        # What is drawn over goes from the file with the next deletion; every stroke comes through here.
        with self._database.writing() as session:
            self._set(session, set_id)
            session.merge(DrawingRow(set_id=set_id, frame=frame, shapes=kept))

    def _note(self, session: Session, set_id: str, note_id: str) -> NoteRow:
        self._set(session, set_id)
        row = session.get(NoteRow, note_id)
        if row is None or row.set_id != set_id:
            raise NotFound("There is no such note on this set.")
        return row
