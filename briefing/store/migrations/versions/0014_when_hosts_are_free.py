"""When each host may be asked next, for several collectors; lists count no articles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Nobody was asked yet."""
    op.drop_column("told_editions", "articles")
    op.create_table(
        "hosts",
        sa.Column("host", sa.Text, primary_key=True),
        sa.Column("free", sa.Double, nullable=False),
    )
