"""Editions of several schedules: known by a key, which was the date until now."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_KEY = sa.String(96)
_MOMENT = sa.String(32)
_KEPT = {
    "editions": ("date", "frozen", "until", "articles", "sha256", "brief"),
    "edition_articles": ("article_id", "revision", "story"),
    "edition_pages": ("path", "sha256"),
}


def upgrade() -> None:
    """Copy the three tables: no database changes a primary key that others refer to in place."""
    _move_aside()
    _make()
    _copy()
    for name in ("edition_pages", "edition_articles", "editions"):
        op.drop_table(f"old_{name}")
    op.create_index("ix_edition_articles_article", "edition_articles", ["article_id"])
    op.create_index("ix_edition_articles_story", "edition_articles", ["story"])
    op.create_index("ix_editions_schedule", "editions", ["schedule", "key"])


def _move_aside() -> None:
    # Indexes keep their names when their table gets another.
    op.drop_index("ix_edition_articles_article", "edition_articles")
    op.drop_index("ix_edition_articles_story", "edition_articles")
    for name in _KEPT:
        op.rename_table(name, f"old_{name}")


def _make() -> None:
    op.create_table(
        "editions",
        sa.Column("key", _KEY),
        sa.Column("schedule", sa.Text, nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("frozen", sa.Boolean, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("articles", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("brief", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_editions"),
    )
    op.create_table(
        "edition_articles",
        _edition("fk_edition_articles_editions"),
        sa.Column("article_id", sa.String(16)),
        sa.Column("revision", sa.String(12), nullable=False),
        sa.Column("story", sa.String(12)),
        sa.PrimaryKeyConstraint("edition", "article_id", name="pk_edition_articles"),
    )
    op.create_table(
        "edition_pages",
        _edition("fk_edition_pages_editions"),
        sa.Column("path", sa.Text),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("edition", "path", name="pk_edition_pages"),
    )


def _edition(name: str) -> sa.Column[str]:
    return sa.Column("edition", _KEY, sa.ForeignKey("editions.key", name=name))


def _copy() -> None:
    """Copy edition by edition: databases write a date as text each in its way."""
    connection = op.get_bind()
    date: sa.ColumnClause[object] = sa.column("date", sa.Date)
    days = connection.scalars(sa.select(date).select_from(sa.table("old_editions")))
    for day in days.all():
        for name, kept in _KEPT.items():
            known = {"edition": str(day)}
            if name == "editions":
                known = {"key": str(day), "schedule": ""}
            new = sa.table(name, *(sa.column(each) for each in (*known, *kept)))
            chosen = (
                sa.select(
                    *(sa.literal(each) for each in known.values()),
                    *(sa.column(each) for each in kept),
                )
                .select_from(sa.table(f"old_{name}"))
                .where(date == day)
            )
            connection.execute(sa.insert(new).from_select([*known, *kept], chosen))
