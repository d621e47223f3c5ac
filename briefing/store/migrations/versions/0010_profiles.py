"""What was counted of each article, so that a build reads no texts to group them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Articles kept before are counted when they are next grouped."""
    op.create_table(
        "profiles",
        sa.Column("article_id", sa.String(16), primary_key=True),
        sa.Column("revision", sa.String(12), primary_key=True),
        sa.Column("recipe", sa.Text, nullable=False),
        sa.Column("terms", sa.LargeBinary, nullable=False),
        sa.Column("shingles", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id", "revision"],
            ["articles.id", "articles.revision"],
            name="fk_profiles_articles",
        ),
    )
    op.create_index("ix_edition_articles_story", "edition_articles", ["story"])
