"""Which topics each article fits, so that a build reads texts only of what it shows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Articles kept before are judged when an edition next ranks them."""
    op.create_table(
        "topic_hits",
        sa.Column("article_id", sa.String(16), primary_key=True),
        sa.Column("revision", sa.String(12), primary_key=True),
        sa.Column("recipe", sa.Text, nullable=False),
        sa.Column("hits", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id", "revision"],
            ["articles.id", "articles.revision"],
            name="fk_topic_hits_articles",
        ),
    )
