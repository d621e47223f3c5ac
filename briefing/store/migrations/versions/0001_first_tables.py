"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_MOMENT = sa.String(32)


def upgrade() -> None:
    """Make the tables."""
    _collected()
    _written()
    _editions()


def _collected() -> None:
    op.create_table(
        "documents",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("charset", sa.Text),
        sa.Column("fetched", _MOMENT, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("published", _MOMENT),
        sa.Column("language", sa.Text),
        sa.Column("outlet", sa.Text),
        sa.Column("incomplete", sa.Boolean, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("url", "digest", name="uq_documents"),
    )
    op.create_table(
        "articles",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("revision", sa.String(12), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("link", sa.Text),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("outlet", sa.Text, nullable=False),
        sa.Column("origin", sa.Text),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("fetched", _MOMENT, nullable=False),
        sa.Column("published", _MOMENT),
        sa.Column("day_only", sa.Boolean, nullable=False),
        sa.Column("inferred", sa.Boolean, nullable=False),
        sa.Column("place", sa.Text),
        sa.Column("truncated", sa.Boolean, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.UniqueConstraint("id", "revision", name="uq_articles"),
    )
    op.create_index("ix_articles_fetched", "articles", ["fetched", "id", "revision"])


def _written() -> None:
    op.create_table(
        "summaries",
        sa.Column("article_id", sa.String(16), primary_key=True),
        sa.Column("revision", sa.String(12), primary_key=True),
        sa.Column("recipe", sa.Text, primary_key=True),
        sa.Column("sentences", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id", "revision"],
            ["articles.id", "articles.revision"],
            name="fk_summaries_articles",
        ),
    )
    op.create_table(
        "source_states",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("checked", _MOMENT),
        sa.Column("answered", _MOMENT),
        sa.Column("failures", sa.Integer, nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("started", _MOMENT, nullable=False),
        sa.Column("finished", _MOMENT),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
        sa.Column("failures", sa.Text, nullable=False),
    )
    op.create_index("ix_runs_started", "runs", ["started"])


def _editions() -> None:
    op.create_table(
        "editions",
        sa.Column("date", sa.Date, primary_key=True),
        sa.Column("frozen", sa.Boolean, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("articles", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("brief", sa.Text, nullable=False),
    )
    op.create_table(
        "edition_articles",
        sa.Column(
            "date",
            sa.Date,
            sa.ForeignKey("editions.date", name="fk_edition_articles_editions"),
            primary_key=True,
        ),
        sa.Column("article_id", sa.String(16), primary_key=True),
        sa.Column("revision", sa.String(12), nullable=False),
    )
    op.create_index("ix_edition_articles_article", "edition_articles", ["article_id"])
    op.create_table(
        "edition_pages",
        sa.Column(
            "date",
            sa.Date,
            sa.ForeignKey("editions.date", name="fk_edition_pages_editions"),
            primary_key=True,
        ),
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
