"""Stickers that a set is to be analysed with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "003"
down_revision = "002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give every set a place for its stickers; those that are there have none."""
    op.add_column("sets", sa.Column("stickers", sa.Text, nullable=False, server_default=""))
