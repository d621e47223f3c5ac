"""The tables. `migrations` makes them; a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Dialect,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Moment(TypeDecorator[datetime]):
    """An aware time, kept as ISO 8601 text in UTC with microseconds.

    All have the same width, so that text order is the order in time on every database.
    """

    impl = String(32)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> str | None:
        """Return `value` as text; refuse a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value}")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(
        self, value: str | None, dialect: Dialect
    ) -> datetime | None:
        """Return the aware time in UTC."""
        return None if value is None else datetime.fromisoformat(value)


metadata: Final = MetaData()

documents: Final = Table(
    "documents",
    metadata,
    Column("number", Integer, primary_key=True),  # order of arrival
    Column("url", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("source", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("charset", Text),
    Column("fetched", Moment, nullable=False),
    Column("title", Text),
    Column("published", Moment),
    Column("language", Text),
    Column("outlet", Text),
    Column("incomplete", Boolean, nullable=False),
    Column("unread", Text),
    Column("body", LargeBinary, nullable=False),  # zlib
    UniqueConstraint("url", "digest", name="uq_documents"),
)

articles: Final = Table(
    "articles",
    metadata,
    Column("number", Integer, primary_key=True),  # order of arrival
    Column("id", String(16), nullable=False),
    Column("revision", String(12), nullable=False),
    Column("url", Text, nullable=False),
    Column("link", Text),
    Column("source", Text, nullable=False),
    Column("outlet", Text, nullable=False),
    Column("origin", Text),
    Column("author", Text),
    Column("language", Text, nullable=False),
    Column("fetched", Moment, nullable=False),
    Column("published", Moment),
    Column("day_only", Boolean, nullable=False),
    Column("inferred", Boolean, nullable=False),
    Column("place", Text),
    Column("truncated", Boolean, nullable=False),
    Column("title", Text),
    Column("text", Text, nullable=False),
    UniqueConstraint("id", "revision", name="uq_articles"),
    Index("ix_articles_fetched", "fetched", "id", "revision"),
)

summaries: Final = Table(
    "summaries",
    metadata,
    Column("article_id", String(16), primary_key=True),
    Column("revision", String(12), primary_key=True),
    Column("recipe", Text, primary_key=True),
    Column("sentences", Text, nullable=False),  # JSON: [[start, end, position, text]…]
    ForeignKeyConstraint(
        ["article_id", "revision"],
        ["articles.id", "articles.revision"],
        name="fk_summaries_articles",
    ),
)

profiles: Final = Table(
    "profiles",
    metadata,
    Column("article_id", String(16), primary_key=True),
    Column("revision", String(12), primary_key=True),
    Column("recipe", Text, nullable=False),
    Column("terms", LargeBinary, nullable=False),
    Column("shingles", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["article_id", "revision"],
        ["articles.id", "articles.revision"],
        name="fk_profiles_articles",
    ),
)

topic_hits: Final = Table(
    "topic_hits",
    metadata,
    Column("article_id", String(16), primary_key=True),
    Column("revision", String(12), primary_key=True),
    Column("recipe", Text, nullable=False),
    Column("hits", Text, nullable=False),  # JSON: [[slug, score, [term…]]…]
    ForeignKeyConstraint(
        ["article_id", "revision"],
        ["articles.id", "articles.revision"],
        name="fk_topic_hits_articles",
    ),
)

source_states: Final = Table(
    "source_states",
    metadata,
    Column("source", Text, primary_key=True),
    Column("address", Text, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("checked", Moment),
    Column("answered", Moment),
    Column("failures", Integer, nullable=False),
    Column("reason", Text),
    Column("detail", Text),
    Column("due", Moment),
    Column("moved", Text),
    Column("gone", Moment),
    Column("rhythm", Text),  # JSON: [minutes, [hour…], [day…]]
    Column("quiet", Text),  # JSON: [[host, time]…]
    Column("pending", Text),  # JSON: [{url, title, …}…]
    Column("listed", Text),  # JSON: {digest: digest…}
    Column("meaning", Text),
    Column("feed", Text),
    Column("complete", Moment),
)

runs: Final = Table(
    "runs",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("started", Moment, nullable=False),
    Column("finished", Moment),
    Column("status", Text, nullable=False),
    Column("counts", Text, nullable=False),  # JSON: [[name, number]…]
    Column(
        "failures", Text, nullable=False
    ),  # JSON: [[stage, subject, reason, detail]…]
    Index("ix_runs_kind", "kind", "started", "number", "status"),
    Index("ix_runs_ended", "kind", "finished", "started"),
)

editions: Final = Table(
    "editions",
    metadata,
    Column("key", String(96), primary_key=True),
    Column("schedule", Text, nullable=False),  # its name, empty if it has none
    Column("date", Date, nullable=False),
    Column("frozen", Boolean, nullable=False),
    Column("until", Moment, nullable=False),
    Column("articles", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("brief", Text, nullable=False),  # JSON
    Index("ix_editions_schedule", "schedule", "key"),
)

edition_articles: Final = Table(
    "edition_articles",
    metadata,
    Column(
        "edition",
        String(96),
        ForeignKey("editions.key", name="fk_edition_articles_editions"),
        primary_key=True,
    ),
    # No foreign key to the articles: a claim must outlive a text that is thrown away.
    Column("article_id", String(16), primary_key=True),
    Column("revision", String(12), nullable=False),
    Column("story", String(12)),  # None in editions built before it was kept
    Index("ix_edition_articles_article", "article_id"),
    Index("ix_edition_articles_story", "story"),
)

edition_pages: Final = Table(
    "edition_pages",
    metadata,
    Column(
        "edition",
        String(96),
        ForeignKey("editions.key", name="fk_edition_pages_editions"),
        primary_key=True,
    ),
    Column("path", Text, primary_key=True),
    Column("sha256", String(64), nullable=False),
)

claimed: Final = Table(
    "claimed",  # up to which article all are in published editions of a schedule
    metadata,
    Column("schedule", Text, primary_key=True),
    Column("number", Integer, nullable=False),
)

hosts: Final = Table(
    "hosts",
    metadata,
    # When a host may be asked next, of several collectors; seconds since 1970. Only on a server.
    Column("host", Text, primary_key=True),
    Column("free", Double, nullable=False),
)

told_editions: Final = Table(
    "told_editions",
    metadata,
    # No foreign keys: what lists show is made of the editions, and made again where it differs.
    Column("edition", String(96), primary_key=True),
    Column("recipe", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("date", Date, nullable=False),
    Column("until", Moment, nullable=False),
    Column("stories", Integer, nullable=False),
)

told_stories: Final = Table(
    "told_stories",
    metadata,
    Column("edition", String(96), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("story", String(12), nullable=False),
    Column("month", String(7), nullable=False),
    Column("body", Text, nullable=False),  # JSON
    Index("ix_told_stories_story", "story", "month"),
)

shelves: Final = Table(
    "shelves",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("slug", String(64), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("stories", Integer, nullable=False),
    Column("begun", Integer, nullable=False),
    Column("title", Text, nullable=False),
    # Of the edition that gave the title:
    Column("date", Date, nullable=False),
    Column("until", Moment, nullable=False),
    Column("edition", String(96), nullable=False),
    Index("ix_shelves_begun", "kind", "slug", "begun"),
)

shelved: Final = Table(
    "shelved",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("slug", String(64), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("edition", String(96), primary_key=True),
    Column("place", Integer, primary_key=True),
    Index("ix_shelved_edition", "edition", "place"),
)

subscribers: Final = Table(
    "subscribers",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("list", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("folded", Text, nullable=False),  # the address without its case
    Column("state", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("language", Text),
    Column("topics", Text, nullable=False),  # JSON: [slug…]
    UniqueConstraint("list", "folded", name="uq_subscribers"),
    sqlite_autoincrement=True,  # links name the number: it is never given again
)

letters: Final = Table(
    "letters",
    metadata,
    Column("occasion", Text, primary_key=True),
    Column("letter", String(16), primary_key=True),
    Column("body", LargeBinary, nullable=False),  # JSON, zlib
)

outbox: Final = Table(
    "outbox",
    metadata,
    Column("number", Integer, primary_key=True),  # order of queueing
    Column("occasion", Text, nullable=False),
    # No foreign key: what was sent outlives an address that is forgotten.
    Column("subscriber", Integer, nullable=False),
    Column("address", Text, nullable=False),
    Column("letter", String(16), nullable=False),
    Column("message_id", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("wants", Text, nullable=False),  # the state its subscriber must be in
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reply", Text, nullable=False),
    Column("queued", Moment, nullable=False),
    Column("first", Moment),
    Column("due", Moment),
    Column("lease", Moment),  # until when a claim holds
    Column("fence", Integer, nullable=False),
    UniqueConstraint("occasion", "subscriber", name="uq_outbox"),
    Index("ix_outbox_state", "state", "number"),
    Index("ix_outbox_subscriber", "subscriber"),
)

alerts: Final = Table(
    "alerts",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("told", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
