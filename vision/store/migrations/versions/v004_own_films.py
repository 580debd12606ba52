"""Films of own arch and tuck: which one a set is to be read with, and which one it was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "004"
down_revision = "003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give every set a place for both; those that are there have been read with none."""
    for name in ("own_film", "own_used", "own_results", "own_problem"):
        op.add_column("sets", sa.Column(name, sa.Text, nullable=False, server_default=""))
