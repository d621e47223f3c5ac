"""Up to which article all are told, so that what a day costs does not grow with what is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """The next edition that is published looks through all."""
    op.create_table(
        "claimed",
        sa.Column("schedule", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
    )
