"""Up to when all of a source was read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the column; of what is there that counts as when it last answered."""
    op.add_column("source_states", sa.Column("complete", sa.String(32)))
