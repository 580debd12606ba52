"""A viewer's check-ups: which step has which set, kept so that a reload or a restart loses none."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from vision.plan import Answers
from vision.plan.stored import answers_text
from vision.store import checks
from vision.store.access import checkups_of, owner_for
from vision.store.bound import Bound
from vision.store.database import locks
from vision.store.rows import Checkup, NotFound
from vision.store.tables import CheckupRow, CheckupStepRow


class Checkups(Bound):
    """The part of a shelf that knows guided sessions."""

    def begin_checkup(self, answers: Answers, athlete_id: str | None) -> Checkup:
        """Begin a check-up with the answers to the pain question."""
        row = CheckupRow(
            id=self._folder.new_name(),
            owner=owner_for(self.viewer),
            athlete_id=athlete_id,
            made=datetime.now(UTC),
            answers=answers_text(answers),
            steps=[],
        )
        with self._database.writing() as session:
            if athlete_id is not None:
                self._athlete(session, athlete_id)
            session.add(row)
        return _stored(row)

    def checkups(self) -> tuple[Checkup, ...]:
        """All check-ups, the latest first."""
        query = select(CheckupRow).where(checkups_of(self.viewer)).options(selectinload(CheckupRow.steps))
        with self._database.reading() as session:
            rows = session.scalars(query.order_by(CheckupRow.made.desc(), CheckupRow.id))
            return tuple(_stored(row) for row in rows)

    def checkup(self, checkup_id: str) -> Checkup:
        """One check-up."""
        with self._database.reading() as session:
            return _stored(self._checkup(session, checkup_id))

    def answer_checkup(self, checkup_id: str, answers: Answers) -> None:
        """Keep the latest answers to the pain question in place of those before."""
        with self._deleting() as session:
            self._checkup(session, checkup_id).answers = answers_text(answers)

    def take_step(self, checkup_id: str, step: str, set_id: str | None) -> None:
        """Give a step its set, or skip it with None; what it had before is replaced."""
        key = checks.movement(step)
        with self._database.writing() as session:
            row = self._checkup(session, checkup_id)
            if set_id is not None:
                self._set(session, set_id)
            there = next((one for one in row.steps if one.step == key), None)
            if there is None:
                row.steps.append(CheckupStepRow(step=key, set_id=set_id))
            else:
                there.set_id = set_id

    def reopen_step(self, checkup_id: str, step: str) -> None:
        """Let a step be done again."""
        with self._deleting() as session:
            row = self._checkup(session, checkup_id)
            row.steps = [one for one in row.steps if one.step != step]

    def delete_checkup(self, checkup_id: str) -> None:
        """Delete a check-up; its sets stay."""
        with self._deleting() as session:
            session.delete(self._checkup(session, checkup_id))

    def _checkup(self, session: Session, checkup_id: str) -> CheckupRow:
        query = select(CheckupRow).where(CheckupRow.id == checkup_id, checkups_of(self.viewer))
        query = query.options(selectinload(CheckupRow.steps))
        if locks(session):
            query = query.with_for_update(of=CheckupRow)
        row = session.scalars(query).one_or_none()
        if row is None:
            raise NotFound("There is no such check-up in this library.")
        return row


def _stored(row: CheckupRow) -> Checkup:
    steps = {one.step: one.set_id for one in row.steps}
    return Checkup(row.id, row.athlete_id, row.made, row.answers, steps)
