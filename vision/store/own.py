"""Films of own arch and tuck, and which set is read with which.

By itself a bridge is read with the film of the same athlete and day: same clothes, same place of the
camera. Another one of the athlete's, or none, can be chosen by hand. Clips of nobody in particular may
show anybody: they get one by hand only.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from vision.movements.calibration import OWN_FILM
from vision.movements.lockout import READ_AGAINST
from vision.store import convert
from vision.store.access import sets_of
from vision.store.bound import NAMED, Bound
from vision.store.rows import NO_OWN_FILM, State, StoredSet
from vision.store.tables import SetRow

BY_ITSELF = ("bridge",)
"""Movements that the film of the day is for. A hip thrust's camera stands elsewhere: by hand only."""

_AUTO = "auto"
_UNDER_WAY = (State.QUEUED.value, State.RUNNING.value)


class OwnFilms(Bound):
    """The part of a shelf that knows films of own arch and tuck."""

    def own_films(self, set_id: str) -> tuple[StoredSet, ...]:
        """Films that can be chosen for a set, the latest filmed first: read, and of the same athlete."""
        with self._database.reading() as session:
            row = self._set(session, set_id)
            query = _films(row).options(*NAMED)
            return tuple(convert.stored_set(film) for film in session.scalars(query))

    def own_film_of(self, set_id: str) -> StoredSet | None:
        """The film that a set would be read with now; None for none."""
        with self._database.reading() as session:
            found = film_for(session, self._set(session, set_id))
            return convert.stored_set(self._set(session, found[0].id)) if found else None

    def read_with(self, film_id: str) -> tuple[StoredSet, ...]:
        """Finished sets that were read with a film, the latest added first."""
        with self._database.reading() as session:
            self._set(session, film_id)
            query = _finished().where(sets_of(self.viewer), SetRow.own_used == film_id)
            return tuple(convert.stored_set(row) for row in session.scalars(query))

    def to_be_read_with(self, film_id: str) -> tuple[StoredSet, ...]:
        """Sets that wait or are being analysed and would be read with a film, if they are bridges."""
        with self._database.reading() as session:
            film = self._set(session, film_id)
            query = select(SetRow).where(sets_of(self.viewer), SetRow.state.in_(_UNDER_WAY))
            query = query.where(_same_athlete(film)).options(*NAMED).order_by(SetRow.queued_s, SetRow.id)
            found = [(row, film_for(session, row)) for row in session.scalars(query)]
            return tuple(convert.stored_set(row) for row, own in found if own and own[0].id == film.id)

    def to_read_again(self, film_id: str) -> tuple[StoredSet, ...]:
        """Finished sets that would be read with a film now and were not, or before it was read anew."""
        with self._database.reading() as session:
            film = self._set(session, film_id)
            query = _finished().where(sets_of(self.viewer), SetRow.movement.in_(READ_AGAINST))
            return tuple(
                convert.stored_set(row)
                for row in session.scalars(query.where(_same_athlete(film)))
                if (film.id, film.results) != (row.own_used, row.own_results) and _is_for(session, film, row)
            )


def film_for(session: Session, row: SetRow) -> tuple[SetRow, tuple[str, ...]] | None:
    """The film that a set is to be read with, and the movements that it is for; None for none."""
    if row.movement_asked == OWN_FILM or row.own_film == NO_OWN_FILM:
        return None
    by_hand = chosen(session, row) if is_id(row.own_film) else None
    if by_hand is not None:
        ready = by_hand.state == State.DONE.value and row.movement_asked in (_AUTO, *READ_AGAINST)
        return (by_hand, READ_AGAINST) if ready else None
    if row.athlete_id is None or row.movement_asked not in (_AUTO, *BY_ITSELF):
        return None
    same_day = _films(row).where(SetRow.filmed_on == row.filmed_on).limit(1)
    film = session.scalars(same_day).one_or_none()
    return None if film is None else (film, BY_ITSELF)


def chosen(session: Session, row: SetRow) -> SetRow | None:
    """The film that was chosen by hand; None where it is gone or no film of the set's athlete any more."""
    query = select(SetRow).where(SetRow.id == row.own_film, SetRow.owner == row.owner, _same_athlete(row))
    return session.scalars(query.where(SetRow.movement_asked == OWN_FILM)).one_or_none()


def choose(row: SetRow, asked: str, film: SetRow | None) -> None:
    """Have ``row`` read with ``film``, whose id was ``asked``, with none, or with the day's own.

    Raises ValueError for a set that is no such film or another athlete's.
    """
    if film is not None and (film.movement_asked != OWN_FILM or film.athlete_id != row.athlete_id):
        raise ValueError("Expected a film of this athlete's own arch and tuck.")
    row.own_film = asked


def is_id(asked: str) -> bool:
    """Whether what was asked names a film."""
    return asked not in ("", NO_OWN_FILM)


def _is_for(session: Session, film: SetRow, row: SetRow) -> bool:
    found = film_for(session, row)
    return found is not None and found[0].id == film.id and row.movement in found[1]


def _films(row: SetRow) -> Select[SetRow]:
    """Films of the set's owner and athlete that were read, the latest filmed and added first."""
    return (
        select(SetRow)
        .where(
            SetRow.owner == row.owner,
            SetRow.movement_asked == OWN_FILM,
            SetRow.state == State.DONE.value,
            _same_athlete(row),
        )
        .order_by(SetRow.filmed_on.desc(), SetRow.added.desc(), SetRow.id)
    )


def _finished() -> Select[SetRow]:
    done = select(SetRow).where(SetRow.state == State.DONE.value).options(*NAMED)
    return done.order_by(SetRow.added.desc(), SetRow.id)


def _same_athlete(row: SetRow) -> ColumnElement[bool]:
    return SetRow.athlete_id.is_(None) if row.athlete_id is None else SetRow.athlete_id == row.athlete_id
