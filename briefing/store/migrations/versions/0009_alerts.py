"""Alerts that the operator was told of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Nothing has been told yet."""
    op.create_table(
        "alerts",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
    )
