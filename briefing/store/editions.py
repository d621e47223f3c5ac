"""Editions: the kept briefs, which articles they claim, and their pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    delete,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    update,
)

from briefing.errors import StoreError
from briefing.model import Brief, EarlierBrief
from briefing.store.briefs import brief_from_json, brief_to_json, shown_from_json
from briefing.store.database import Group, chunks
from briefing.store.post import Post, put
from briefing.store.records import Claims, Edition, EditionRow
from briefing.store.schema import edition_articles, edition_pages, editions
from briefing.text import digest


class Editions(Group):
    """Editions and their pages."""

    def save_edition(self, brief: Brief, *, frozen: bool) -> None:
        """Keep `brief` as the edition of its date, together with its claims on articles.

        An edition of that date is replaced, unless it is frozen; saving the same brief
        again changes nothing but may freeze it.

        Raises:
            StoreError: a different edition of that date is frozen; or it is to be frozen,
                and an article of it is in another edition that is.
        """
        text = brief_to_json(brief)
        claims = brief.claims()
        row = {
            "date": brief.date,
            "frozen": frozen,
            "until": brief.window.until,
            "articles": len(claims),
            "sha256": digest(text),
            "brief": text.decode(),
        }
        with self._database.writing() as connection:
            if _clear(connection, row):
                _write(connection, row, claims)
            if frozen:
                _check_claims(connection, brief.date)

    def freeze(self, edition: date, post: Post | None = None) -> None:
        """Mark the edition as published: it can no longer be replaced.

        Its mails enter the outbox in the same transaction, so that neither a mail of a draft
        is sent nor an edition published whose mails are lost.

        Raises:
            StoreError: there is no edition of that date, or an article of it is in another
                edition that is frozen.
        """
        frozen = update(editions).where(editions.c.date == edition).values(frozen=True)
        with self._database.writing() as connection:
            _check_claims(connection, edition)
            if connection.execute(frozen).rowcount == 0:
                raise StoreError(f"there is no edition of {edition}")
            if post is not None:
                put(connection, post)

    def edition(self, edition: date) -> Edition | None:
        """Return the edition of a date, None if there is none."""
        return self._one(select(editions).where(editions.c.date == edition))

    def last_edition_before(
        self, edition: date, *, claims: Claims = "pages"
    ) -> EditionRow | None:
        """Return the newest edition of an earlier date that claims its articles, or None."""
        earlier = select(*_ROW).where(
            editions.c.date < edition, claiming(claims, editions.c.date)
        )
        with self._database.reading() as connection:
            row = connection.execute(
                earlier.order_by(editions.c.date.desc()).limit(1)
            ).first()
        return None if row is None else EditionRow(*row)

    def shown(self, dates: Iterable[date]) -> tuple[EarlierBrief, ...]:
        """Return what the editions of some dates showed, the oldest first."""
        chosen = select(editions.c.brief).where(editions.c.date.in_(sorted(dates)))
        with self._database.reading() as connection:
            texts = connection.scalars(chosen.order_by(editions.c.date)).all()
        return tuple(map(shown_from_json, texts))

    def shown_since(
        self,
        edition: date,
        *,
        since: date,
        stories: Iterable[str],
        most: int,
        claims: Claims = "pages",
    ) -> tuple[EarlierBrief, ...]:
        """Return what earlier editions showed since a date, or with one of `stories`.

        Those of editions that claim their articles; the newest `most`, the oldest first.
        """
        told = edition_articles.c
        with self._database.reading() as connection:
            dates = {
                day
                for some in chunks(sorted(set(stories)))
                for day in connection.scalars(
                    select(told.date).where(told.story.in_(some)).distinct()
                )
            }
            chosen = (
                select(editions.c.date)
                .where(
                    editions.c.date < edition,
                    claiming(claims, editions.c.date),
                    or_(editions.c.date >= since, editions.c.date.in_(sorted(dates))),
                )
                .order_by(editions.c.date.desc())
                .limit(most)
            )
            newest = connection.scalars(chosen).all()
        return self.shown(newest)

    def latest_edition(self) -> Edition | None:
        """Return the newest edition, None if there is none."""
        return self._one(select(editions).order_by(editions.c.date.desc()).limit(1))

    def editions(self) -> tuple[EditionRow, ...]:
        """Return all editions, the newest first."""
        chosen = select(*_ROW).order_by(editions.c.date.desc())
        with self._database.reading() as connection:
            return tuple(EditionRow(*row) for row in connection.execute(chosen))

    def save_pages(self, edition: date, pages: Mapping[str, str]) -> None:
        """Keep which pages (path → SHA-256) show an edition, in place of earlier ones.

        Raises:
            StoreError: there is no edition of that date.
        """
        rows = [
            {"date": edition, "path": path, "sha256": pages[path]}
            for path in sorted(pages)
        ]
        here = select(editions.c.date).where(editions.c.date == edition)
        with self._database.writing() as connection:
            if connection.scalar(here) is None:
                raise StoreError(f"there is no edition of {edition}")
            _forget_pages(connection, edition)
            if rows:
                connection.execute(insert(edition_pages), rows)

    def pages(self, edition: date) -> dict[str, str]:
        """Return the pages (path → SHA-256) that show an edition, by path."""
        chosen = (
            select(edition_pages.c.path, edition_pages.c.sha256)
            .where(edition_pages.c.date == edition)
            .order_by(edition_pages.c.path)
        )
        with self._database.reading() as connection:
            return {row.path: row.sha256 for row in connection.execute(chosen)}

    def _one(self, chosen: Select[Any]) -> Edition | None:
        with self._database.reading() as connection:
            row = connection.execute(chosen).mappings().first()
        return None if row is None else _edition(row)


_ROW: Final = (
    editions.c.date,
    editions.c.frozen,
    editions.c.until,
    editions.c.articles,
)
"""What there is to an `EditionRow`."""


def claiming(claims: Claims, day: ColumnElement[date]) -> ColumnElement[bool]:
    """Tell whether the edition of `day` keeps its articles for itself."""
    one, page = editions.alias(), edition_pages.alias()
    shown = exists().where(page.c.date == day)
    which: Mapping[Claims, ColumnElement[bool]] = {
        "none": false(),
        "pages": or_(one.c.frozen, shown),
        "frozen": one.c.frozen,
    }
    return exists().where(one.c.date == day, which[claims])


def _check_claims(connection: Connection, edition: date) -> None:
    """Raise StoreError if a frozen edition has an article of `edition`."""
    own = select(edition_articles.c.article_id).where(
        edition_articles.c.date == edition
    )
    other = select(func.max(edition_articles.c.date)).where(
        edition_articles.c.date != edition,
        claiming("frozen", edition_articles.c.date),
        edition_articles.c.article_id.in_(own),
    )
    found = connection.scalar(other)
    if found is not None:
        raise StoreError(
            f"articles of the edition of {edition} are in that of {found}, which is "
            "published: build it again"
        )


def _edition(row: RowMapping) -> Edition:
    # Of the text as it is kept: a later version's briefs may have more to them.
    altered = digest(row["brief"].encode()) != row["sha256"]
    brief = brief_from_json(row["brief"])
    return Edition(brief, row["frozen"], row["sha256"], altered)


def _clear(connection: Connection, row: Mapping[str, Any]) -> bool:
    """Make room for an edition; return whether it is still to be written."""
    same_date = editions.c.date == row["date"]
    old = connection.execute(
        select(editions.c.frozen, editions.c.sha256).where(same_date)
    ).first()
    if old is None:
        return True
    if old.sha256 == row["sha256"]:
        if row["frozen"]:
            connection.execute(update(editions).where(same_date).values(frozen=True))
        return False
    if old.frozen:
        raise StoreError(
            f"the edition of {row['date']} is published and cannot be replaced"
        )
    _forget_pages(connection, row["date"])
    claimed = edition_articles.c.date == row["date"]
    connection.execute(delete(edition_articles).where(claimed))
    connection.execute(delete(editions).where(same_date))
    return True


def _write(
    connection: Connection,
    row: Mapping[str, Any],
    claims: Mapping[str, tuple[str, str]],
) -> None:
    connection.execute(insert(editions).values(row))
    rows = [
        {
            "date": row["date"],
            "article_id": article_id,
            "revision": revision,
            "story": story,
        }
        for article_id, (revision, story) in sorted(claims.items())
    ]
    if rows:
        connection.execute(insert(edition_articles), rows)


def _forget_pages(connection: Connection, edition: date) -> None:
    connection.execute(delete(edition_pages).where(edition_pages.c.date == edition))
