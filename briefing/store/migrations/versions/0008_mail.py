"""Subscribers, letters and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nobody has subscribed yet."""
    op.create_table(
        "subscribers",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("list", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
        sa.Column("language", sa.Text),
        sa.Column("topics", sa.Text, nullable=False),
        sa.UniqueConstraint("list", "folded", name="uq_subscribers"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "letters",
        sa.Column("occasion", sa.Text, primary_key=True),
        sa.Column("letter", sa.String(16), primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("occasion", sa.Text, nullable=False),
        sa.Column("subscriber", sa.Integer, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("letter", sa.String(16), nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("wants", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("reply", sa.Text, nullable=False),
        sa.Column("queued", sa.String(32), nullable=False),
        sa.Column("first", sa.String(32)),
        sa.Column("due", sa.String(32)),
        sa.Column("lease", sa.String(32)),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.UniqueConstraint("occasion", "subscriber", name="uq_outbox"),
    )
    op.create_index("ix_outbox_state", "outbox", ["state", "number"])
    op.create_index("ix_outbox_subscriber", "outbox", ["subscriber"])
