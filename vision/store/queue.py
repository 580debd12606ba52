"""The queue: sets that wait for their analysis, and the leases under which workers have them.

A worker holds a set for as long as it says so every now and then. One that falls silent loses it to
the next worker that asks. A set that silenced three workers is given up, since it would silence the
fourth as well.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, cast

from sqlalchemy import CursorResult, and_, case, delete, func, or_, select, update
from sqlalchemy.orm import Session

from vision.movements.calibration import OWN_FILM
from vision.store import checks, convert, own
from vision.store.database import Database
from vision.store.folder import DataFolder
from vision.store.rows import Job, Outcome, State
from vision.store.tables import FindingRow, SetRow

LEASE_S = 30.0
"""How long a worker may be silent before its set is anybody's."""

TRIES = 3
GIVEN_UP = (
    f"The analysis of this clip broke off {TRIES} times without saying why, so it was given up. "
    "Other clips go on; try this one again after saving it in another format."
)
_PROBLEM_LENGTH = 500


class Queue:
    """Work for `vision.jobs`, whoever it belongs to."""

    def __init__(
        self,
        database: Database,
        folder: DataFolder,
        *,
        lease_s: float = LEASE_S,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._folder = folder
        self._lease_s = lease_s
        self._clock = clock

    def take(self, worker: str) -> Job | None:
        """Take the set that has waited longest, or one whose worker fell silent; None if there is none."""
        with self._database.writing() as session:
            while (row := self._next(session)) is not None:
                if row.tries >= TRIES:
                    _end(row, State.FAILED, GIVEN_UP)
                    session.flush()
                    continue
                row.state, row.worker, row.tries = State.RUNNING.value, worker, row.tries + 1
                row.lease, row.lease_ends_s = self._folder.new_name(), self._clock() + self._lease_s
                row.stage, row.done, row.total, row.seconds_left = "", 0, None, None
                session.flush()
                found = own.film_for(session, row)
                film = convert.own_film(*found, self._folder) if found else None
                return convert.job(row, self._folder, film)
        return None

    def beat(
        self,
        job: Job,
        stage: str = "",
        done: int = 0,
        total: int | None = None,
        seconds_left: float | None = None,
    ) -> bool:
        """Say that ``job`` goes on; False when it was cancelled, deleted or taken over."""
        return self._change(
            job,
            lease_ends_s=self._clock() + self._lease_s,
            stage=stage,
            done=done,
            total=total,
            seconds_left=seconds_left,
        )

    def finish(self, job: Job, outcome: Outcome) -> bool:
        """Keep what was found, all at once; where nobody wants it any more its files are removed."""
        checks.stored_name(outcome.results, "results")
        found = [convert.finding(job.set_id, place, value) for place, value in enumerate(outcome.values)]
        with self._database.writing() as session:
            row = _held(session, job)
            if row is not None:
                session.execute(delete(FindingRow).where(FindingRow.set_id == job.set_id))
                session.add_all(found)
                _end(row, State.DONE)
                convert.keep_outcome(row, outcome)
                convert.keep_used_own(row, outcome.used_own)
            wanted = row is not None or _named(session, outcome.results)
        if not wanted:
            self._folder.remove(self._folder.results / outcome.results)
        return row is not None

    def fail(self, job: Job, problem: str) -> None:
        """Keep why ``job`` cannot be done, as one line for the user."""
        line = " ".join(problem.replace("\0", " ").split())[:_PROBLEM_LENGTH]
        with self._database.writing() as session:
            row = _held(session, job)
            if row is not None:
                _end(row, State.FAILED, line or "The analysis failed without saying why.")

    def put_back(self, job: Job) -> None:
        """Give ``job`` back undone, at its old place in the queue; this does not count as a try."""
        with self._database.writing() as session:
            row = _held(session, job)
            if row is not None:
                _end(row, State.QUEUED)
                row.tries = max(0, row.tries - 1)

    def lost(self, worker: str) -> int:
        """Free what ``worker`` holds, as it is known to be dead; this counts as a try."""
        with self._database.writing() as session:
            mine = and_(SetRow.state == State.RUNNING.value, SetRow.worker == worker)
            return _changed(session, update(SetRow).where(mine).values(lease_ends_s=0.0, lease=""))

    def waiting(self) -> int:
        """How many sets wait."""
        query = select(func.count(SetRow.id)).where(SetRow.state == State.QUEUED.value)
        with self._database.reading() as session:
            return session.scalar(query) or 0

    def _next(self, session: Session) -> SetRow | None:
        silent = and_(SetRow.state == State.RUNNING.value, SetRow.lease_ends_s <= self._clock())
        query = (
            select(SetRow)
            .where(or_(SetRow.state == State.QUEUED.value, silent))
            # Films of own arch and tuck come first, so that bridges added with them are read with them.
            .order_by(case((SetRow.movement_asked == OWN_FILM, 0), else_=1), SetRow.queued_s, SetRow.id)
            .limit(1)
            .with_for_update(skip_locked=True)  # on a server; SQLite has one writer at a time anyway
        )
        return session.scalars(query).one_or_none()

    def _change(self, job: Job, **values: Any) -> bool:
        with self._database.writing() as session:
            return _changed(session, update(SetRow).where(_holds(job)).values(**values)) == 1


def _holds(job: Job) -> Any:
    return and_(SetRow.id == job.set_id, SetRow.lease == job.lease, SetRow.state == State.RUNNING.value)


def _held(session: Session, job: Job) -> SetRow | None:
    return session.scalars(select(SetRow).where(_holds(job)).with_for_update()).one_or_none()


def _named(session: Session, results: str) -> bool:
    return session.scalars(select(SetRow.id).where(SetRow.results == results)).first() is not None


def _changed(session: Session, statement: Any) -> int:
    return cast(CursorResult[Any], session.execute(statement)).rowcount


def _end(row: SetRow, state: State, problem: str = "") -> None:
    row.state, row.problem = state.value, problem
    row.lease = row.worker = row.stage = ""
    row.lease_ends_s, row.done, row.total, row.seconds_left = 0.0, 0, None, None
