"""Which articles editions keep for themselves."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Connection, exists, false, func, or_, select

from briefing.model import schedule_of
from briefing.store.database import in_place
from briefing.store.records import Claims
from briefing.store.schema import (
    articles,
    claimed,
    edition_articles,
    edition_pages,
    editions,
)


def claiming(
    claims: Claims, key: ColumnElement[str], schedule: str
) -> ColumnElement[bool]:
    """Tell whether the edition of `key` is one of a schedule's, and keeps its articles for itself."""
    one, page = editions.alias(), edition_pages.alias()
    shown = exists().where(page.c.edition == key)
    which: Mapping[Claims, ColumnElement[bool]] = {
        "none": false(),
        "pages": or_(one.c.frozen, shown),
        "frozen": one.c.frozen,
    }
    return exists().where(one.c.key == key, one.c.schedule == schedule, which[claims])


def is_claimed(edition: str, claims: Claims) -> ColumnElement[bool]:
    """Tell of an article whether another edition of the same schedule keeps it for itself."""
    other = edition_articles.alias()
    return exists().where(
        other.c.article_id == articles.c.id,
        other.c.edition != edition,
        claiming(claims, other.c.edition, schedule_of(edition)),
    )


def claimed_up_to(connection: Connection, edition: str, claims: Claims) -> int:
    """Return a number up to which all articles are claimed by editions other than `edition`.

    Published editions are never replaced, so it only grows, and may stand still; 0 for one that is published
    itself. Whatever it is, the same articles are found, after a longer search.
    """
    own = exists().where(editions.c.key == edition, editions.c.frozen)
    known = select(claimed.c.number).where(
        claimed.c.schedule == schedule_of(edition), ~own
    )
    return 0 if claims == "none" else connection.scalar(known) or 0


def note_claimed(connection: Connection, schedule: str) -> None:
    """Keep up to which article, in the order of arrival, all are in published editions."""
    before = select(claimed.c.number).where(claimed.c.schedule == schedule)
    number = connection.scalar(before) or 0
    told = exists().where(
        edition_articles.c.article_id == articles.c.id,
        claiming("frozen", edition_articles.c.edition, schedule),
    )
    later = select(articles.c.number).where(articles.c.number > number)
    first = connection.scalar(later.where(~told).order_by(articles.c.number).limit(1))
    last = connection.scalar(select(func.max(articles.c.number))) or 0
    row = {"schedule": schedule, "number": last if first is None else first - 1}
    put = in_place(connection.dialect.name, claimed, "schedule")
    connection.execute(put, [row])
