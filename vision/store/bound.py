"""What the parts of a shelf share: the viewer, and the look-ups that know nobody else's things."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from enum import Enum
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from vision.store.access import athletes_of, sets_of
from vision.store.database import Database, locks
from vision.store.folder import DataFolder
from vision.store.remains import Remains
from vision.store.rows import NotFound, Viewer
from vision.store.tables import AthleteRow, SetRow


class Keep(Enum):
    """The type of `KEEP`."""

    KEEP = "keep"


KEEP: Final[Literal[Keep.KEEP]] = Keep.KEEP
"""Says that a value is left as it is, where None already means something."""


NAMED = (joinedload(SetRow.athlete), selectinload(SetRow.tags))
"""Loads with a set what `convert.stored_set` needs."""


class Bound:
    """A part of the library as one viewer sees it."""

    def __init__(self, database: Database, folder: DataFolder, remains: Remains, viewer: Viewer) -> None:
        self._database = database
        self._folder = folder
        self._remains = remains
        self.viewer = viewer

    def _athlete(self, session: Session, athlete_id: str) -> AthleteRow:
        query = select(AthleteRow).where(AthleteRow.id == athlete_id, athletes_of(self.viewer))
        if locks(session):
            query = query.with_for_update()
        row = session.scalars(query).one_or_none()
        if row is None:
            raise NotFound("There is no such athlete in this library.")
        return row

    def _set(self, session: Session, set_id: str) -> SetRow:
        query = select(SetRow).where(SetRow.id == set_id, sets_of(self.viewer)).options(*NAMED)
        if locks(session):
            query = query.with_for_update(of=SetRow)
        row = session.scalars(query).one_or_none()
        if row is None:
            raise NotFound("There is no such set in this library.")
        return row

    @contextmanager
    def _deleting(self) -> Generator[Session]:
        """Give a session that takes something away, or writes over it; its bytes go too."""
        with self._database.writing() as session:
            yield session
            self._remains.mark(session, ())
        self._remains.clear()
