"""The library as it was first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.String(32)
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _athletes()
    _sets()
    _kept_with_a_set()
    op.create_table(
        "remains",
        sa.Column("id", _ID, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_remains"),
    )


def _athletes() -> None:
    op.create_table(
        "athletes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
        sa.Column("added", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_athletes"),
        sa.UniqueConstraint("owner", "name_key", name="uq_athletes_owner_name_key"),
    )


def _sets() -> None:
    texts = ("title", "original", "movement_asked", "session")
    filled_later = ("worker", "lease", "stage", "problem", "view", "headline", "verdict")
    op.create_table(
        "sets",
        sa.Column("id", _ID, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("athlete_id", _ID),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("filmed_on", sa.Date, nullable=False),
        sa.Column("added", _MOMENT, nullable=False),
        *(sa.Column(name, sa.Double) for name in ("capture_fps", "person_x", "person_y", "seconds_left")),
        sa.Column("state", sa.Text, nullable=False),
        *(sa.Column(name, sa.Double, nullable=False) for name in ("queued_s", "lease_ends_s")),
        *(sa.Column(name, sa.Text, nullable=False) for name in filled_later),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("tries", "done", "reps")),
        *(sa.Column(name, sa.Integer) for name in ("total", "score")),
        *(sa.Column(name, sa.Text) for name in ("results", "movement")),
        sa.Column("seen_all", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sets"),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_sets_athlete_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("original", name="uq_sets_original"),
        sa.UniqueConstraint("results", name="uq_sets_results"),
    )
    for column in ("owner", "athlete_id", "state"):
        op.create_index(f"ix_sets_{column}", "sets", [column])


def _kept_with_a_set() -> None:
    op.create_table(
        "tags",
        *_of_a_set("tags"),
        sa.Column("tag", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("set_id", "tag", name="pk_tags"),
    )
    op.create_table(
        "notes",
        sa.Column("id", _ID, nullable=False),
        *_of_a_set("notes"),
        sa.Column("frame", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("written", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
    )
    op.create_index("ix_notes_set_id", "notes", ["set_id"])
    op.create_table(
        "drawings",
        *_of_a_set("drawings"),
        sa.Column("frame", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("shapes", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("set_id", "frame", name="pk_drawings"),
    )
    op.create_table(
        "findings",
        *_of_a_set("findings"),
        sa.Column("place", sa.Integer, nullable=False, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("measure", "title", "unit", "verdict")),
        sa.Column("side", sa.Text),
        sa.Column("value", sa.Double, nullable=False),
        sa.Column("error95", sa.Double),
        sa.PrimaryKeyConstraint("set_id", "place", name="pk_findings"),
    )


def _of_a_set(table: str) -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    return (
        sa.Column("set_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["set_id"], ["sets.id"], name=f"fk_{table}_set_id", ondelete="CASCADE"),
    )
