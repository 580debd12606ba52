"""Plans with their days, and check-ups with their steps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "002"
down_revision = "001"
branch_labels = None
depends_on = None

_ID = sa.String(32)
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "plans",
        *_of_somebody("plans"),
        sa.Column("starts", sa.Date, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("findings", "answers")),
    )
    op.create_table(
        "plan_days",
        sa.Column("plan_id", _ID, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("felt", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "day", name="pk_plan_days"),
        _key("plan_days", "plan_id", "plans"),
    )
    op.create_table("checkups", *_of_somebody("checkups"), sa.Column("answers", sa.Text, nullable=False))
    op.create_table(
        "checkup_steps",
        sa.Column("checkup_id", _ID, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("set_id", _ID),
        sa.PrimaryKeyConstraint("checkup_id", "step", name="pk_checkup_steps"),
        _key("checkup_steps", "checkup_id", "checkups"),
        _key("checkup_steps", "set_id", "sets"),
    )
    for table in ("plans", "checkups"):
        for column in ("owner", "athlete_id"):
            op.create_index(f"ix_{table}_{column}", table, [column])
    op.create_index("ix_checkup_steps_set_id", "checkup_steps", ["set_id"])


def _of_somebody(table: str) -> tuple[SchemaItem, ...]:
    return (
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("athlete_id", _ID),
        sa.Column("made", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        _key(table, "athlete_id", "athletes"),
    )


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")
