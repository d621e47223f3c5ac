"""Pages of a source that could not be read yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Nothing waits of what was kept before."""
    op.add_column("source_states", sa.Column("pending", sa.Text))
