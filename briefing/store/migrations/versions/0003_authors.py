"""Who wrote an article."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0001"


def upgrade() -> None:
    """Articles kept before have no author."""
    op.add_column("articles", sa.Column("author", sa.Text))
