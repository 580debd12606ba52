"""A length that is known in the first picture of a set."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "005"
down_revision = "004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give every set a place for its distance; those that are there have none."""
    op.add_column("sets", sa.Column("distance", sa.Text, nullable=False, server_default=""))
