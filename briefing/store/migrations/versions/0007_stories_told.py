"""Which story each article of an edition was told in, so that it can go on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Stories of editions built before are not continued."""
    op.add_column("edition_articles", sa.Column("story", sa.String(12)))
