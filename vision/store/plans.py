"""A viewer's plans and the days that were ticked off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from vision.plan import Answers, Plan
from vision.plan.stored import answers_text, findings_text
from vision.store import checks
from vision.store.access import owner_for, plans_of
from vision.store.bound import Bound
from vision.store.database import locks
from vision.store.rows import NotFound, StoredPlan
from vision.store.tables import PlanDayRow, PlanRow

FELT: Final = ("", "glutes", "hamstrings", "low back", "elsewhere")


class Plans(Bound):
    """The part of a shelf that knows what is being trained."""

    def add_plan(self, plan: Plan, athlete_id: str | None) -> StoredPlan:
        """Keep a plan; one can only be handed in past its gate."""
        row = PlanRow(
            id=self._folder.new_name(),
            owner=owner_for(self.viewer),
            athlete_id=athlete_id,
            made=datetime.now(UTC),
            starts=plan.starts,
            findings=findings_text(plan.signals, plan.profile),
            answers=answers_text(plan.gate.answers),
            days=[],
        )
        with self._database.writing() as session:
            if athlete_id is not None:
                self._athlete(session, athlete_id)
            session.add(row)
        return _stored(row)

    def plans(self, athlete_id: str | None) -> tuple[StoredPlan, ...]:
        """The plans of an athlete, or of nobody in particular, the latest first."""
        query = select(PlanRow).where(plans_of(self.viewer), PlanRow.athlete_id == athlete_id)
        query = query.options(selectinload(PlanRow.days)).order_by(PlanRow.made.desc(), PlanRow.id)
        with self._database.reading() as session:
            if athlete_id is not None:
                self._athlete(session, athlete_id)
            return tuple(_stored(row) for row in session.scalars(query))

    def plan(self, plan_id: str) -> StoredPlan:
        """One plan."""
        with self._database.reading() as session:
            return _stored(self._plan(session, plan_id))

    def answer(self, plan_id: str, answers: Answers) -> None:
        """Keep the latest answers to the pain question in place of those before."""
        with self._deleting() as session:
            self._plan(session, plan_id).answers = answers_text(answers)

    def tick(self, plan_id: str, day: date, felt: str = "") -> None:
        """Write down that ``day`` was done, and where it was felt."""
        if felt not in FELT:
            raise ValueError(f"Expected where it was felt among {', '.join(FELT[1:])}, got {felt[:20]!r}.")
        kept = checks.label(felt, "Where it was felt")
        with self._database.writing() as session:
            row = self._plan(session, plan_id)
            ticked = next((one for one in row.days if one.day == day), None)
            if ticked is None:
                row.days.append(PlanDayRow(day=day, felt=kept))
            else:
                ticked.felt = kept

    def untick(self, plan_id: str, day: date) -> None:
        """Take a day back."""
        with self._deleting() as session:
            row = self._plan(session, plan_id)
            row.days = [one for one in row.days if one.day != day]

    def delete_plan(self, plan_id: str) -> None:
        """Delete a plan with its days."""
        with self._deleting() as session:
            session.delete(self._plan(session, plan_id))

    def _plan(self, session: Session, plan_id: str) -> PlanRow:
        query = select(PlanRow).where(PlanRow.id == plan_id, plans_of(self.viewer))
        query = query.options(selectinload(PlanRow.days))
        if locks(session):
            query = query.with_for_update(of=PlanRow)
        row = session.scalars(query).one_or_none()
        if row is None:
            raise NotFound("There is no such plan in this library.")
        return row


def _stored(row: PlanRow) -> StoredPlan:
    felt: Mapping[date, str] = {one.day: one.felt for one in row.days}
    return StoredPlan(row.id, row.athlete_id, row.made, row.starts, row.findings, row.answers, felt)
