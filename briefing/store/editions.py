"""Editions: the kept briefs, which articles they claim, and their pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    delete,
    func,
    insert,
    select,
    update,
)

from briefing.errors import StoreError
from briefing.model import Brief, schedule_of
from briefing.store.briefs import brief_from_json, brief_to_json
from briefing.store.claims import claiming, note_claimed
from briefing.store.database import Group
from briefing.store.post import Post, put
from briefing.store.records import Claims, Edition, EditionRow
from briefing.store.schema import edition_articles, edition_pages, editions
from briefing.text import digest


class Editions(Group):
    """Editions and their pages."""

    def save_edition(self, brief: Brief, *, frozen: bool) -> None:
        """Keep `brief` as the edition of its key, together with its claims on articles.

        An edition of that key is replaced, unless it is frozen; saving the same brief
        again changes nothing but may freeze it.

        Raises:
            StoreError: a different edition of that key is frozen; or it is to be frozen,
                and an article of it is in another edition of its schedule that is.
        """
        text = brief_to_json(brief)
        claims = brief.claims()
        row = {
            "key": brief.key,
            "schedule": schedule_of(brief.key),
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
                _check_claims(connection, brief.key)
                note_claimed(connection, schedule_of(brief.key))

    def freeze(
        self, edition: str, post: Post | None = None, *, of: Brief | None = None
    ) -> None:
        """Mark the edition as published: it can no longer be replaced.

        Its mails enter the outbox in the same transaction, so that neither a mail of a draft
        is sent nor an edition published whose mails are lost.

        Args:
            edition: its key.
            post: its mails.
            of: the brief of which pages and mails were made; None: whatever is kept.

        Raises:
            StoreError: there is no edition of that key, it has another brief by now, or an
                article of it is in another edition of its schedule that is frozen.
        """
        frozen = update(editions).where(editions.c.key == edition).values(frozen=True)
        with self._database.writing() as connection:
            _check_same(connection, of)
            _check_claims(connection, edition)
            if connection.execute(frozen).rowcount == 0:
                raise StoreError(f"there is no edition {edition}")
            note_claimed(connection, schedule_of(edition))
            if post is not None:
                put(connection, post)

    def edition(self, edition: str) -> Edition | None:
        """Return the edition of a key, None if there is none."""
        return self._one(select(editions).where(editions.c.key == edition))

    def last_edition_before(
        self, edition: str, *, claims: Claims = "pages"
    ) -> EditionRow | None:
        """Return the newest earlier edition of its schedule that claims its articles, or None."""
        earlier = editions.c.key < edition
        return self._newest(schedule_of(edition), claims, earlier)

    def last_edition(
        self, schedule: str, *, claims: Claims = "pages"
    ) -> EditionRow | None:
        """Return the newest edition of a schedule that claims its articles, or None."""
        return self._newest(schedule, claims)

    def _newest(
        self, schedule: str, claims: Claims, *chosen: ColumnElement[bool]
    ) -> EditionRow | None:
        found = (
            select(*_ROW)
            .where(claiming(claims, editions.c.key, schedule), *chosen)
            .order_by(editions.c.key.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            row = connection.execute(found).first()
        return None if row is None else EditionRow(*row)

    def latest_edition(self) -> Edition | None:
        """Return the newest edition, None if there is none."""
        # Its key first: else all briefs are sorted with their keys.
        newest = select(editions.c.key).order_by(*_NEWEST_FIRST).limit(1)
        return self._one(
            select(editions).where(editions.c.key == newest.scalar_subquery())
        )

    def editions(self) -> tuple[EditionRow, ...]:
        """Return all editions, the newest first."""
        chosen = select(*_ROW).order_by(*_NEWEST_FIRST)
        with self._database.reading() as connection:
            return tuple(EditionRow(*row) for row in connection.execute(chosen))

    def check_current(self, brief: Brief) -> None:
        """Return if `brief` is what is kept of its edition.

        Raises:
            StoreError: it is not.
        """
        with self._database.reading() as connection:
            _check_same(connection, brief)

    def save_pages(
        self, edition: str, pages: Mapping[str, str], *, of: Brief | None = None
    ) -> None:
        """Keep which pages (path → SHA-256) show an edition, in place of earlier ones.

        Raises:
            StoreError: there is no edition of that key, or it has another brief than `of`, of
                which they were made.
        """
        rows = [
            {"edition": edition, "path": path, "sha256": pages[path]}
            for path in sorted(pages)
        ]
        here = select(editions.c.key).where(editions.c.key == edition)
        with self._database.writing() as connection:
            if connection.scalar(here) is None:
                raise StoreError(f"there is no edition {edition}")
            _check_same(connection, of)
            _forget_pages(connection, edition)
            if rows:
                connection.execute(insert(edition_pages), rows)

    def pages(self, edition: str) -> dict[str, str]:
        """Return the pages (path → SHA-256) that show an edition, by path."""
        chosen = (
            select(edition_pages.c.path, edition_pages.c.sha256)
            .where(edition_pages.c.edition == edition)
            .order_by(edition_pages.c.path)
        )
        with self._database.reading() as connection:
            return {row.path: row.sha256 for row in connection.execute(chosen)}

    def _one(self, chosen: Select[Any]) -> Edition | None:
        with self._database.reading() as connection:
            row = connection.execute(chosen).mappings().first()
        return None if row is None else _edition(row)


_ROW: Final = (
    editions.c.key,
    editions.c.schedule,
    editions.c.date,
    editions.c.frozen,
    editions.c.until,
    editions.c.articles,
)
"""What there is to an `EditionRow`."""

_NEWEST_FIRST: Final = (
    editions.c.date.desc(),
    editions.c.until.desc(),
    editions.c.schedule,
    editions.c.key.desc(),
)
"""The order of editions of all schedules, which share no order of keys."""


def _check_same(connection: Connection, brief: Brief | None) -> None:
    """Raise unless `brief` is what is kept: whoever lost its turn meanwhile has an old one."""
    if brief is None:
        return
    text, same_key = brief_to_json(brief), editions.c.key == brief.key
    if connection.scalar(select(editions.c.sha256).where(same_key)) == digest(text):
        return
    kept = connection.scalar(select(editions.c.brief).where(same_key))
    # Compared as it would be written today: the kept one may be of an earlier version.
    if kept is None or brief_to_json(brief_from_json(kept)) != text:
        raise StoreError(
            f"the edition {brief.key} was built anew meanwhile; publish it once more"
        )


def _check_claims(connection: Connection, edition: str) -> None:
    """Raise StoreError if a frozen edition of the same schedule has an article of `edition`."""
    own = select(edition_articles.c.article_id).where(
        edition_articles.c.edition == edition
    )
    other = select(func.max(edition_articles.c.edition)).where(
        edition_articles.c.edition != edition,
        claiming("frozen", edition_articles.c.edition, schedule_of(edition)),
        edition_articles.c.article_id.in_(own),
    )
    found = connection.scalar(other)
    if found is not None:
        raise StoreError(
            f"articles of the edition {edition} are in {found}, which is "
            "published: build it again"
        )


def _edition(row: RowMapping) -> Edition:
    # Of the text as it is kept: a later version's briefs may have more to them.
    altered = digest(row["brief"].encode()) != row["sha256"]
    brief = brief_from_json(row["brief"])
    return Edition(brief, row["frozen"], row["sha256"], altered)


def _clear(connection: Connection, row: Mapping[str, Any]) -> bool:
    """Make room for an edition; return whether it is still to be written."""
    same_key = editions.c.key == row["key"]
    old = connection.execute(
        select(editions.c.frozen, editions.c.sha256).where(same_key)
    ).first()
    if old is None:
        return True
    if old.sha256 == row["sha256"]:
        if row["frozen"]:
            connection.execute(update(editions).where(same_key).values(frozen=True))
        return False
    if old.frozen:
        raise StoreError(
            f"the edition {row['key']} is published and cannot be replaced"
        )
    _forget_pages(connection, row["key"])
    claimed = edition_articles.c.edition == row["key"]
    connection.execute(delete(edition_articles).where(claimed))
    connection.execute(delete(editions).where(same_key))
    return True


def _write(
    connection: Connection,
    row: Mapping[str, Any],
    claims: Mapping[str, tuple[str, str]],
) -> None:
    connection.execute(insert(editions).values(row))
    rows = [
        {
            "edition": row["key"],
            "article_id": article_id,
            "revision": revision,
            "story": story,
        }
        for article_id, (revision, story) in sorted(claims.items())
    ]
    if rows:
        connection.execute(insert(edition_articles), rows)


def _forget_pages(connection: Connection, edition: str) -> None:
    connection.execute(delete(edition_pages).where(edition_pages.c.edition == edition))
