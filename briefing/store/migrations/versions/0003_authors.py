"""Who wrote an article, and why a document gave none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """What was kept before has no author and no mark."""
    op.add_column("articles", sa.Column("author", sa.Text))
    op.add_column("documents", sa.Column("unread", sa.Text))
