"""The tables. Nobody outside this package sees them; see ``rows.py`` for what leaves it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    DateTime,
    Dialect,
    ForeignKey,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

ID_LENGTH = 32


class Moment(TypeDecorator[datetime]):
    """An aware time in UTC, also where the database knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Bring to UTC, and drop the zone for SQLite, which would drop it silently."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if not isinstance(value, datetime):
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """What the tables have in common: constraint names that migrations can rely on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment()}  # noqa: RUF012  # SQLAlchemy's way


class AthleteRow(Base):
    """A person; ``name_key`` is the name folded, so that it is taken only once per owner."""

    __tablename__ = "athletes"
    __table_args__ = (UniqueConstraint("owner", "name_key"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    owner: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(Text)
    added: Mapped[datetime]


class SetRow(Base):
    """A set with its place in the queue and what was found."""

    __tablename__ = "sets"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    owner: Mapped[str] = mapped_column(Text, index=True)
    athlete_id: Mapped[str | None] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(Text)
    original: Mapped[str] = mapped_column(Text, unique=True)
    movement_asked: Mapped[str] = mapped_column(Text)
    session: Mapped[str] = mapped_column(Text)
    filmed_on: Mapped[date]
    added: Mapped[datetime]
    capture_fps: Mapped[float | None]
    person_x: Mapped[float | None]
    person_y: Mapped[float | None]
    stickers: Mapped[str] = mapped_column(Text, default="")
    own_film: Mapped[str] = mapped_column(Text, default="")
    distance: Mapped[str] = mapped_column(Text, default="")

    state: Mapped[str] = mapped_column(Text, index=True)
    queued_s: Mapped[float]
    worker: Mapped[str] = mapped_column(Text, default="")
    lease: Mapped[str] = mapped_column(Text, default="")
    lease_ends_s: Mapped[float] = mapped_column(default=0.0)
    tries: Mapped[int] = mapped_column(default=0)
    stage: Mapped[str] = mapped_column(Text, default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    seconds_left: Mapped[float | None]
    problem: Mapped[str] = mapped_column(Text, default="")

    results: Mapped[str | None] = mapped_column(Text, unique=True)
    movement: Mapped[str | None] = mapped_column(Text)
    view: Mapped[str] = mapped_column(Text, default="")
    headline: Mapped[str] = mapped_column(Text, default="")
    verdict: Mapped[str] = mapped_column(Text, default="")
    score: Mapped[int | None]
    reps: Mapped[int] = mapped_column(default=0)
    seen_all: Mapped[bool] = mapped_column(default=True)
    # No foreign keys: a film that is deleted leaves what was read with it, and that it was.
    own_used: Mapped[str] = mapped_column(Text, default="")
    own_results: Mapped[str] = mapped_column(Text, default="")
    own_problem: Mapped[str] = mapped_column(Text, default="")

    athlete: Mapped[AthleteRow | None] = relationship(lazy="raise", viewonly=True)
    tags: Mapped[list[TagRow]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True, order_by="TagRow.place"
    )


class TagRow(Base):
    """A tag of a set."""

    __tablename__ = "tags"

    set_id: Mapped[str] = mapped_column(ForeignKey("sets.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(Text, primary_key=True)
    place: Mapped[int]


class NoteRow(Base):
    """A text on a frame."""

    __tablename__ = "notes"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    set_id: Mapped[str] = mapped_column(ForeignKey("sets.id", ondelete="CASCADE"), index=True)
    frame: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    written: Mapped[datetime]


class DrawingRow(Base):
    """The shapes on a frame, as JSON text."""

    __tablename__ = "drawings"

    set_id: Mapped[str] = mapped_column(ForeignKey("sets.id", ondelete="CASCADE"), primary_key=True)
    frame: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shapes: Mapped[str] = mapped_column(Text)


class FindingRow(Base):
    """A set finding, for the history."""

    __tablename__ = "findings"

    set_id: Mapped[str] = mapped_column(ForeignKey("sets.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    measure: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    side: Mapped[str | None] = mapped_column(Text)
    value: Mapped[float]
    error95: Mapped[float | None]
    unit: Mapped[str] = mapped_column(Text)
    verdict: Mapped[str] = mapped_column(Text)


class PlanRow(Base):
    """A plan: the findings it is made from and the answers to the pain question, as JSON text."""

    __tablename__ = "plans"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    owner: Mapped[str] = mapped_column(Text, index=True)
    athlete_id: Mapped[str | None] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    made: Mapped[datetime]
    starts: Mapped[date]
    findings: Mapped[str] = mapped_column(Text)
    answers: Mapped[str] = mapped_column(Text)

    days: Mapped[list[PlanDayRow]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True, order_by="PlanDayRow.day"
    )


class PlanDayRow(Base):
    """A day of a plan that was ticked off, and where it was felt."""

    __tablename__ = "plan_days"

    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    felt: Mapped[str] = mapped_column(Text)


class CheckupRow(Base):
    """A check-up on its way, with the answers to the pain question as JSON text."""

    __tablename__ = "checkups"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    owner: Mapped[str] = mapped_column(Text, index=True)
    athlete_id: Mapped[str | None] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    made: Mapped[datetime]
    answers: Mapped[str] = mapped_column(Text)

    steps: Mapped[list[CheckupStepRow]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )


class CheckupStepRow(Base):
    """A step of a check-up that is through: with a set, or skipped without one."""

    __tablename__ = "checkup_steps"

    checkup_id: Mapped[str] = mapped_column(ForeignKey("checkups.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[str] = mapped_column(Text, primary_key=True)
    set_id: Mapped[str | None] = mapped_column(ForeignKey("sets.id", ondelete="CASCADE"), index=True)


class RemainRow(Base):
    """Something deleted whose bytes may still be there; written in the transaction that deletes.

    ``path`` is the file or folder within the data folder, empty where only rows went.
    """

    __tablename__ = "remains"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    path: Mapped[str] = mapped_column(Text)
