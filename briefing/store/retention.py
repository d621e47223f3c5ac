"""Throwing away texts that nobody needs any more. What was there stays known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    func,
    select,
    update,
)

from briefing.store.database import CHUNK, Group, chunks
from briefing.store.schema import (
    articles,
    documents,
    edition_articles,
    editions,
    summaries,
)

_PART: Final = 1_000
"""Revisions that are looked at in one go."""

_GONE: Final = b""
"""Stands in the place of a document's body: no compressed text is empty."""


class Retention(Group):
    """Bodies of documents and texts of articles that are old."""

    def claimed_texts(
        self, since: datetime | None, before: datetime, *, begun: Mapping[str, datetime]
    ) -> Iterator[dict[tuple[str, str], set[str]]]:
        """Yield revisions with a text that came at ``since <= t < before``, in parts.

        Each as (id, revision) → keys of all editions that claim the article. Only of articles that
        every schedule has claimed by a frozen edition, or that are older than its first.

        Args:
            since: None: from the beginning.
            before: when the youngest came.
            begun: name of each schedule → end of the window of its first edition.
        """
        last = 0
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(_texts(last, since, before)).all()
                claims = _claims(connection, sorted({one.id for one in rows}))
            if not rows:
                return
            last = rows[-1].number
            yield {
                (one.id, one.revision): {key for key, _, _ in claims[one.id]}
                for one in rows
                if _is_told(one.fetched, claims[one.id], begun)
            }

    def forget_texts(self, revisions: Collection[tuple[str, str]]) -> None:
        """Throw away the texts of revisions of articles, and their summaries.

        What was counted of them stays: stories that go on are told from it.
        """
        with self._database.writing() as connection:
            for article, revision in sorted(revisions):
                made = and_(
                    summaries.c.article_id == article, summaries.c.revision == revision
                )
                connection.execute(delete(summaries).where(made))
                one = and_(articles.c.id == article, articles.c.revision == revision)
                connection.execute(update(articles).where(one).values(text=""))

    def forget_documents(self, since: datetime | None, before: datetime) -> int:
        """Throw away the bodies of documents fetched at ``since <= t < before``; return how many.

        Their addresses and digests stay: they are not fetched and not read again.
        """
        old = _came(documents.c.fetched, since, before)
        there = func.length(documents.c.body) > 0
        with self._database.reading() as connection:
            chosen = select(documents.c.number).where(old, there)
            numbers = connection.scalars(chosen.order_by(documents.c.number)).all()
        for start in range(0, len(numbers), CHUNK):  # others may write in between
            some = documents.c.number.in_(numbers[start : start + CHUNK])
            with self._database.writing() as connection:
                connection.execute(update(documents).where(some).values(body=_GONE))
        return len(numbers)


def _texts(last: int, since: datetime | None, before: datetime) -> Select[Any]:
    """Select the next part of the revisions with a text, of those numbered above `last`."""
    columns = (
        articles.c.number,
        articles.c.id,
        articles.c.revision,
        articles.c.fetched,
    )
    return (
        select(*columns)
        .where(
            articles.c.number > last,
            _came(articles.c.fetched, since, before),
            articles.c.text != "",
        )
        .order_by(articles.c.number)
        .limit(_PART)
    )


def _is_told(
    fetched: datetime,
    claims: Collection[tuple[str, str, bool]],
    begun: Mapping[str, datetime],
) -> bool:
    """Tell whether frozen editions claim an article: of a schedule, and of each older than it."""
    by = {schedule for _, schedule, frozen in claims if frozen}
    owing = (name for name, first in begun.items() if fetched > first)
    return bool(by) and by.issuperset(owing)


def _claims(
    connection: Connection, ids: Sequence[str]
) -> dict[str, list[tuple[str, str, bool]]]:
    """Return article id → key, schedule, and whether frozen, of all editions that claim it."""
    found = defaultdict[str, list[tuple[str, str, bool]]](list)
    claimed = select(
        edition_articles.c.article_id,
        editions.c.key,
        editions.c.schedule,
        editions.c.frozen,
    ).join(editions, editions.c.key == edition_articles.c.edition)
    for some in chunks(ids):
        chosen = claimed.where(edition_articles.c.article_id.in_(some))
        for article, *claim in connection.execute(chosen):
            found[article].append(tuple(claim))
    return found


def _came(
    column: ColumnElement[datetime], since: datetime | None, before: datetime
) -> ColumnElement[bool]:
    earlier = column < before
    return earlier if since is None else and_(column >= since, earlier)
