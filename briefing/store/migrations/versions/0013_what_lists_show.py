"""What lists show of published editions, so that a site need not read them all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_KEY = sa.String(96)
_MONTH = sa.String(7)
_MOMENT = sa.String(32)


def upgrade() -> None:
    """Editions published before are listed when lists are next asked for."""
    op.create_table(
        "told_editions",
        sa.Column("edition", _KEY, primary_key=True),
        sa.Column("recipe", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("stories", sa.Integer, nullable=False),
        sa.Column("articles", sa.Integer, nullable=False),
    )
    op.create_table(
        "told_stories",
        sa.Column("edition", _KEY, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("story", sa.String(12), nullable=False),
        sa.Column("month", _MONTH, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("ix_told_stories_story", "told_stories", ["story", "month"])
    op.create_table(
        "shelves",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("slug", sa.String(64), primary_key=True),
        sa.Column("month", _MONTH, primary_key=True),
        sa.Column("stories", sa.Integer, nullable=False),
        sa.Column("begun", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("edition", _KEY, nullable=False),
    )
    op.create_index("ix_shelves_begun", "shelves", ["kind", "slug", "begun"])
    op.create_table(
        "shelved",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("slug", sa.String(64), primary_key=True),
        sa.Column("month", _MONTH, primary_key=True),
        sa.Column("edition", _KEY, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
    )
    op.create_index("ix_shelved_edition", "shelved", ["edition", "place"])
