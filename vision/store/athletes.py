"""A viewer's athletes."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from vision.store import checks, convert
from vision.store.access import athletes_of, owner_for
from vision.store.bound import Bound
from vision.store.rows import Athlete
from vision.store.tables import AthleteRow, SetRow


class Athletes(Bound):
    """The part of a shelf that knows people."""

    def athletes(self) -> tuple[Athlete, ...]:
        """All athletes, by name."""
        query = (
            select(AthleteRow, func.count(SetRow.id))
            .outerjoin(SetRow, SetRow.athlete_id == AthleteRow.id)
            .where(athletes_of(self.viewer))
            .group_by(AthleteRow.id)
        )
        with self._database.reading() as session:
            rows = session.execute(query).all()
        return tuple(
            convert.athlete(row, sets) for row, sets in sorted(rows, key=lambda one: one[0].name_key)
        )

    def athlete(self, athlete_id: str) -> Athlete:
        """One athlete."""
        with self._database.reading() as session:
            row = self._athlete(session, athlete_id)
            count = select(func.count(SetRow.id)).where(SetRow.athlete_id == athlete_id)
            return convert.athlete(row, session.scalar(count) or 0)

    def add_athlete(self, name: str) -> Athlete:
        """Add a person; ValueError for a name that is empty, too long or taken."""
        kept = checks.name(name)
        row = AthleteRow(
            id=self._folder.new_name(),
            owner=owner_for(self.viewer),
            name=kept,
            name_key=checks.key(kept),
            added=datetime.now(UTC),
        )
        try:
            with self._database.writing() as session:
                session.add(row)
        except IntegrityError:
            raise _taken(kept) from None
        return convert.athlete(row, 0)

    def rename_athlete(self, athlete_id: str, name: str) -> None:
        """Give a person another name, under the rules of `add_athlete`."""
        kept = checks.name(name)
        try:
            with self._deleting() as session:
                row = self._athlete(session, athlete_id)
                row.name, row.name_key = kept, checks.key(kept)
        except IntegrityError:
            raise _taken(kept) from None

    def delete_athlete(self, athlete_id: str) -> None:
        """Delete a person with all sets, notes, drawings, values and files of theirs."""
        with self._deleting() as session:
            row = self._athlete(session, athlete_id)
            theirs = session.scalars(select(SetRow).where(SetRow.athlete_id == athlete_id).with_for_update())
            self._remains.mark(session, theirs)
            session.delete(row)


def _taken(name: str) -> ValueError:
    return ValueError(f"There is an athlete called {name} already.")
