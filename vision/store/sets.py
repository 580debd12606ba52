"""A viewer's sets."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from vision.store import checks, convert, own
from vision.store.access import owner_for, sets_of
from vision.store.bound import KEEP, NAMED, Bound, Keep
from vision.store.rows import (
    AskedDistance,
    AskedStickers,
    NewSet,
    NotFound,
    Outcome,
    Point,
    SetFiles,
    State,
    StoredSet,
)
from vision.store.tables import FindingRow, SetRow, TagRow


class Sets(Bound):
    """The part of a shelf that knows clips and what was found in them."""

    def add_set(self, new: NewSet) -> StoredSet:
        """Put a clip that lies in the data folder's ``clips`` into the queue."""
        point = checks.person(new.person)
        row = SetRow(
            id=self._folder.new_name(),
            owner=owner_for(self.viewer),
            athlete_id=new.athlete_id,
            title=checks.name(new.title, "The clip's name", checks.TITLE_LENGTH),
            original=checks.stored_name(new.original, "a clip"),
            movement_asked=checks.movement(new.movement),
            session=checks.label(new.session, "The session's name"),
            filmed_on=new.filmed_on or date.today(),
            added=datetime.now(UTC),
            capture_fps=checks.capture_fps(new.capture_fps),
            person_x=point[0] if point else None,
            person_y=point[1] if point else None,
            stickers=checks.stickers(new.stickers),
            state=State.QUEUED.value,
            queued_s=time.time(),
            tags=_tag_rows(new.tags),
        )
        try:
            with self._database.writing() as session:
                if new.athlete_id is not None:
                    self._athlete(session, new.athlete_id)
                session.add(row)
                session.flush()
                # Not read after the commit, where failing would come too late.
                made = convert.stored_set(self._set(session, row.id))
        except IntegrityError:
            raise ValueError("This clip is in the library already.") from None
        return made

    def sets(
        self,
        *,
        athlete_id: str | None = None,
        movement: str | None = None,
        tag: str | None = None,
        session: str | None = None,
    ) -> tuple[StoredSet, ...]:
        """Sets that fit everything asked for, the latest added first.

        ``movement`` is what was found, or what was asked for where nothing has been found yet.
        """
        query = select(SetRow).where(sets_of(self.viewer))
        if athlete_id is not None:
            query = query.where(SetRow.athlete_id == athlete_id)
        if movement is not None:
            query = query.where(func.coalesce(SetRow.movement, SetRow.movement_asked) == movement)
        if tag is not None:
            query = query.where(SetRow.tags.any(TagRow.tag == tag))
        if session is not None:
            query = query.where(SetRow.session == session)
        query = query.options(*NAMED)
        with self._database.reading() as reading:
            if athlete_id is not None:
                self._athlete(reading, athlete_id)
            rows = reading.scalars(query.order_by(SetRow.added.desc(), SetRow.id)).all()
            return tuple(convert.stored_set(row) for row in rows)

    def set(self, set_id: str) -> StoredSet:
        """One set."""
        with self._database.reading() as session:
            return convert.stored_set(self._set(session, set_id))

    def files(self, set_id: str) -> SetFiles:
        """Where a set's files lie."""
        with self._database.reading() as session:
            return convert.files(self._set(session, set_id), self._folder)

    def change_set(
        self,
        set_id: str,
        *,
        title: str | Keep = KEEP,
        athlete_id: str | Keep | None = KEEP,
        session: str | Keep = KEEP,
        filmed_on: date | Keep = KEEP,
        tags: Sequence[str] | Keep = KEEP,
        own_film: str | Keep = KEEP,
    ) -> None:
        """Change what is said about a set; what is left at `KEEP` stays.

        ``own_film`` is for the next analysis; a film of somebody else than the set's athlete is let go.
        """
        with self._database.writing() as writing:
            if isinstance(athlete_id, str):
                self._athlete(writing, athlete_id)
            row = self._set(writing, set_id)
            if not isinstance(title, Keep):
                row.title = checks.name(title, "The clip's name", checks.TITLE_LENGTH)
            if not isinstance(athlete_id, Keep):
                row.athlete_id = athlete_id
            if not isinstance(session, Keep):
                row.session = checks.label(session, "The session's name")
            if not isinstance(filmed_on, Keep):
                row.filmed_on = filmed_on
            if not isinstance(tags, Keep):
                row.tags = _tag_rows(tags)
            if not isinstance(own_film, Keep):
                own.choose(row, own_film, self._set(writing, own_film) if own.is_id(own_film) else None)
            elif own.is_id(row.own_film) and own.chosen(writing, row) is None:
                row.own_film = ""

    def again(
        self,
        set_id: str,
        *,
        movement: str | Keep = KEEP,
        capture_fps: float | Keep | None = KEEP,
        person: tuple[float, float] | Keep | None = KEEP,
        stickers: AskedStickers | Keep | None = KEEP,
        distance: AskedDistance | Keep | None = KEEP,
    ) -> None:
        """Queue a set once more; what was found before goes, a worker that has it is stopped."""
        with self._deleting() as session:
            row = self._set(session, set_id)
            if not isinstance(movement, Keep):
                row.movement_asked = checks.movement(movement)
            if not isinstance(capture_fps, Keep):
                row.capture_fps = checks.capture_fps(capture_fps)
            if not isinstance(person, Keep):
                point = checks.person(person)
                row.person_x, row.person_y = point or (None, None)
            if not isinstance(stickers, Keep):
                row.stickers = checks.stickers(stickers)
            if not isinstance(distance, Keep):
                row.distance = checks.distance(distance)
            if row.results:
                self._remains.mark_paths(session, [f"results/{row.results}"])
            session.execute(delete(FindingRow).where(FindingRow.set_id == set_id))
            _forget_findings(row)
            row.state, row.queued_s, row.tries = State.QUEUED.value, time.time(), 0
            row.lease = row.worker = ""

    def replace_results(self, set_id: str, outcome: Outcome, *, instead_of: str) -> None:
        """Put corrected results in the place of ``instead_of``, whose files go.

        Raises NotFound where the set or those results are gone meanwhile.
        """
        checks.stored_name(outcome.results, "results")
        with self._deleting() as session:
            row = self._set(session, set_id)
            if row.results != instead_of or row.state != State.DONE.value:
                raise NotFound("These results were replaced meanwhile.")
            self._remains.mark_paths(session, [f"results/{instead_of}"])
            session.execute(delete(FindingRow).where(FindingRow.set_id == set_id))
            session.add_all(convert.finding(set_id, i, value) for i, value in enumerate(outcome.values))
            convert.keep_outcome(row, outcome)

    def cancel(self, set_id: str) -> None:
        """Take a set out of the queue or from its worker; one that is through stays as it is."""
        with self._database.writing() as session:
            row = self._set(session, set_id)
            if row.state in (State.QUEUED.value, State.RUNNING.value):
                _forget_findings(row)
                row.state, row.lease, row.worker = State.CANCELLED.value, "", ""

    def delete_set(self, set_id: str) -> None:
        """Delete a set with everything of it, files included."""
        with self._deleting() as session:
            row = self._set(session, set_id)
            self._remains.mark(session, (row,))
            session.delete(row)

    def course(self, *, athlete_id: str | None = None, movement: str | None = None) -> tuple[Point, ...]:
        """What finished sets found, the longest ago filmed first."""
        query = (
            select(*convert.POINT)
            .join(FindingRow, FindingRow.set_id == SetRow.id)
            .where(sets_of(self.viewer), SetRow.state == State.DONE.value)
        )
        if athlete_id is not None:
            query = query.where(SetRow.athlete_id == athlete_id)
        if movement is not None:
            query = query.where(SetRow.movement == movement)
        query = query.order_by(SetRow.filmed_on, SetRow.added, SetRow.id, FindingRow.place)
        with self._database.reading() as session:
            if athlete_id is not None:
                self._athlete(session, athlete_id)
            return tuple(convert.point(columns) for columns in session.execute(query))

    def tags(self) -> tuple[str, ...]:
        """All tags in use, in alphabetical order."""
        query = (
            select(TagRow.tag).join(SetRow, SetRow.id == TagRow.set_id).where(sets_of(self.viewer)).distinct()
        )
        with self._database.reading() as session:
            return tuple(sorted(session.scalars(query), key=checks.key))

    def sessions(self) -> tuple[str, ...]:
        """All sessions in use, the latest first."""
        latest = func.max(SetRow.added)
        query = (
            select(SetRow.session)
            .where(sets_of(self.viewer), SetRow.session != "")
            .group_by(SetRow.session)
            .order_by(latest.desc(), SetRow.session)
        )
        with self._database.reading() as session:
            return tuple(session.scalars(query))


def _tag_rows(typed: Sequence[str]) -> list[TagRow]:
    return [TagRow(tag=tag, place=place) for place, tag in enumerate(checks.tags(typed))]


def _forget_findings(row: SetRow) -> None:
    row.results = row.movement = row.score = row.total = row.seconds_left = None
    row.view = row.headline = row.verdict = row.stage = row.problem = ""
    row.reps = row.done = 0
    convert.keep_used_own(row, None)
    row.seen_all = True
