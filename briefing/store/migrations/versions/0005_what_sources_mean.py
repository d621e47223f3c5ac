"""What the settings made of a source, and where the feed of a site was found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """What was remembered before counts for whatever the settings say now."""
    for name in ("meaning", "feed"):
        op.add_column("source_states", sa.Column(name, sa.Text))
