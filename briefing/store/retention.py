"""Throwing away texts that nobody needs any more. What was there stays known."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, func, select, update

from briefing.store.database import Group, chunks
from briefing.store.schema import (
    articles,
    documents,
    edition_articles,
    editions,
    profiles,
    summaries,
    topic_hits,
)

_PART: Final = 1_000
"""Revisions that are looked at in one go."""

_GONE: Final = b""
"""Stands in the place of a document's body: no compressed text is empty."""


class Retention(Group):
    """Bodies of documents and texts of articles that are old."""

    def claimed_texts(
        self, since: datetime | None, before: datetime
    ) -> Iterator[dict[tuple[str, str], set[str]]]:
        """Yield revisions with a text that came at ``since <= t < before``, in parts.

        Each as (id, revision) → keys of all editions that claim the article. Only of articles that
        a frozen edition claims: others may still be told.
        """
        last = 0
        while True:
            chosen = (
                select(articles.c.number, articles.c.id, articles.c.revision)
                .where(
                    articles.c.number > last,
                    _came(articles.c.fetched, since, before),
                    articles.c.text != "",
                )
                .order_by(articles.c.number)
                .limit(_PART)
            )
            with self._database.reading() as connection:
                rows = connection.execute(chosen).all()
                if not rows:
                    return
                told: dict[str, set[str]] = {}
                frozen = set[str]()
                for some in chunks(sorted({one.id for one in rows})):
                    for article, key, published in connection.execute(
                        select(
                            edition_articles.c.article_id,
                            editions.c.key,
                            editions.c.frozen,
                        )
                        .join(editions, editions.c.key == edition_articles.c.edition)
                        .where(edition_articles.c.article_id.in_(some))
                    ):
                        told.setdefault(article, set()).add(key)
                        if published:
                            frozen.add(article)
            last = rows[-1].number
            yield {
                (one.id, one.revision): told[one.id] for one in rows if one.id in frozen
            }

    def forget_texts(self, revisions: Collection[tuple[str, str]]) -> None:
        """Throw away the texts of revisions of articles, and what was made of them."""
        with self._database.writing() as connection:
            for article, revision in sorted(revisions):
                for table in (summaries, profiles, topic_hits):
                    one = and_(
                        table.c.article_id == article, table.c.revision == revision
                    )
                    connection.execute(delete(table).where(one))
                one = and_(articles.c.id == article, articles.c.revision == revision)
                connection.execute(update(articles).where(one).values(text=""))

    def forget_documents(self, since: datetime | None, before: datetime) -> int:
        """Throw away the bodies of documents fetched at ``since <= t < before``; return how many.

        Their addresses and digests stay: they are not fetched and not read again.
        """
        old = _came(documents.c.fetched, since, before)
        there = func.length(documents.c.body) > 0
        with self._database.writing() as connection:
            changed = update(documents).where(old, there).values(body=_GONE)
            return connection.execute(changed).rowcount


def _came(
    column: ColumnElement[datetime], since: datetime | None, before: datetime
) -> ColumnElement[bool]:
    earlier = column < before
    return earlier if since is None else and_(column >= since, earlier)
