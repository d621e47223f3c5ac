"""What the lists of sources said, so that edited entries are seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Of what was listed before nothing is known, and nothing counts as edited."""
    op.add_column("source_states", sa.Column("listed", sa.Text))
