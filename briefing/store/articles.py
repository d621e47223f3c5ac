"""Articles in all their revisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    exists,
    func,
    or_,
    select,
    true,
)

from briefing.model import (
    Article,
    Heading,
    Judged,
    Profiled,
    Published,
    Summary,
    schedule_of,
)
from briefing.store.claims import claimed_up_to, claiming, is_claimed
from briefing.store.database import Group, chunks
from briefing.store.derived import put_derived
from briefing.store.records import Claims
from briefing.store.schema import articles, edition_articles, editions
from briefing.store.versions import Versions

LATE: Final = timedelta(days=2)
"""How much later than it was read an edit may be kept: by a visit that went on while an edition was
built, or by a clock that was set back since. What was told of it before is not told again."""


class Articles(Group):
    """Articles."""

    def headings_for(
        self, edition: str, *, until: datetime, claims: Claims = "pages"
    ) -> tuple[Heading, ...]:
        """Return the headings of the articles that belong to an edition, by id, without texts.

        Of each article that had come by then the latest revision; not those that another
        edition of its schedule keeps for itself: `claims` says which editions do.
        """
        waiting = _VERSIONS.by_age(until).where(
            _come_by(until), ~is_claimed(edition, claims)
        )
        # Others that are thrown away are claimed; to look costs as much as to read all texts.
        there = articles.c.text != "" if claims == "none" else true()
        with self._database.reading() as connection:
            told = claimed_up_to(connection, edition, claims)
            newest = waiting.where(articles.c.number > told).subquery()
            chosen = (
                select(*_HEADING)
                .join(newest, newest.c.number == articles.c.number)
                .where(newest.c.age == 1, there)
                .order_by(articles.c.id)
            )
            return tuple(map(_heading, connection.execute(chosen)))

    def shown_before(
        self,
        edition: str,
        since: datetime | None,
        until: datetime,
        *,
        claims: Claims = "pages",
    ) -> int:
        """Return how many articles came at ``since < t <= until`` that are not new.

        They were edited or came again, and another edition of its schedule keeps them.
        """
        counted = select(func.count(articles.c.id.distinct())).where(
            articles.c.fetched <= until, is_claimed(edition, claims)
        )
        if since is not None:
            counted = counted.where(articles.c.fetched > since)
        with self._database.reading() as connection:
            return connection.scalar(counted) or 0

    def revised(
        self,
        edition: str,
        since: datetime,
        until: datetime,
        *,
        claims: Claims = "pages",
    ) -> tuple[tuple[str, Article], ...]:
        """Return the articles edited since then after an edition had shown them.

        Also those that were edited back to what it showed, and those edited up to `LATE` before.
        Each in its latest revision that had come by `until`, with the key of that edition,
        which is another of the schedule of `edition`; the newest edition first, then by id.
        """
        # Few of all that are kept: else the database joins all with all.
        came = select(articles.c.id).where(
            articles.c.fetched > since - LATE,
            _come_by(until),
            is_claimed(edition, claims),
        )
        upto = _VERSIONS.by_age(until).where(_come_by(until))
        newest = upto.where(articles.c.id.in_(came)).subquery()
        shown = edition_articles.c
        chosen = (
            select(articles, shown.edition)
            .join(newest, newest.c.number == articles.c.number)
            .join(edition_articles, shown.article_id == articles.c.id)
            .where(
                newest.c.age == 1,
                or_(articles.c.fetched > since, _is_late(since)),
                shown.edition != edition,
                claiming(claims, shown.edition, schedule_of(edition)),
            )
            .order_by(shown.edition.desc(), articles.c.id)
        )
        with self._database.reading() as connection:
            rows = connection.execute(chosen).all()
        return tuple((row.edition, _article(row)) for row in rows)

    def told_before(
        self, edition: str, *, most: int, claims: Claims = "pages"
    ) -> tuple[tuple[Heading, str], ...]:
        """Return headings of earlier editions as they were told, with their stories' ids.

        Those of editions of its schedule that keep their articles for themselves, by `claims`;
        the newest that came, `most` of them, by id.
        """
        told = edition_articles.c
        # Looked up for each article, the newest first: else all that was told is sorted.
        story = (
            select(told.story)
            .where(
                told.article_id == articles.c.id,
                told.revision == articles.c.revision,
                told.edition < edition,
                claiming(claims, told.edition, schedule_of(edition)),
                told.story.is_not(None),
            )
            .order_by(told.edition.desc())
            .limit(1)
            .scalar_subquery()
        )
        chosen = (
            select(*_HEADING, story.label("story"))
            .where(story.is_not(None))
            .order_by(articles.c.fetched.desc(), articles.c.id)
            .limit(most)
        )
        with self._database.reading() as connection:
            rows = connection.execute(chosen).all()
        found: dict[str, tuple[Heading, str]] = {}
        for row in rows:
            found.setdefault(row.id, (_heading(row), row.story))
        return tuple(found[each] for each in sorted(found))

    def article(self, article_id: str, revision: str) -> Article | None:
        """Return one revision of an article, None if it is not kept."""
        chosen = select(articles).where(
            articles.c.id == article_id, articles.c.revision == revision
        )
        with self._database.reading() as connection:
            row = connection.execute(chosen).first()
        return None if row is None else _article(row)

    def texts(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the text of the latest revision of each article; those not kept are missing."""
        return {ident: one.text for ident, one in self.latest(ids).items()}

    def latest(self, ids: Iterable[str]) -> dict[str, Article]:
        """Return the latest revision of each article; those not kept are missing."""
        found: dict[str, Article] = {}
        with self._database.reading() as connection:
            for some in chunks(sorted(set(ids))):
                aged = _VERSIONS.by_age().where(articles.c.id.in_(some)).subquery()
                chosen = (
                    select(articles)
                    .join(aged, aged.c.number == articles.c.number)
                    .where(aged.c.age == 1)
                )
                rows = connection.execute(chosen)
                found.update((row.id, _article(row)) for row in rows)
        return found

    def articles(self, pairs: Iterable[tuple[str, str]]) -> tuple[Article, ...]:
        """Return revisions of articles (pairs of id and revision), by id; what is not kept is missing."""
        wanted, found = set(pairs), list[Article]()
        with self._database.reading() as connection:
            for ids in chunks(sorted({article_id for article_id, _ in wanted})):
                chosen = select(articles).where(articles.c.id.in_(ids))
                rows = connection.execute(chosen.order_by(articles.c.id))
                found += (
                    _article(row) for row in rows if (row.id, row.revision) in wanted
                )
        return tuple(found)

    def each_article(
        self, *, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Article]:
        """Yield the latest revision of each article, by id.

        Args:
            since: only those that came out then or later; when they were fetched counts where
                that is not known.
            until: only those that came out before.
        """
        aged = _VERSIONS.by_age().subquery()
        came = func.coalesce(articles.c.published, articles.c.fetched)
        chosen = (
            select(articles)
            .join(aged, aged.c.number == articles.c.number)
            .where(
                aged.c.age == 1,
                *([came >= since] if since else ()),
                *([came < until] if until else ()),
            )
            .order_by(articles.c.id)
        )
        with self._database.reading() as connection:
            rows = connection.execution_options(yield_per=_AT_ONCE).execute(chosen)
            yield from map(_article, rows)

    def told_in(self, ids: Iterable[str]) -> dict[str, tuple[str, str | None]]:
        """Return id → key and story of the newest published edition that has an article."""
        found = {}
        chosen = (
            select(
                edition_articles.c.article_id,
                edition_articles.c.edition,
                edition_articles.c.story,
            )
            .join(editions, editions.c.key == edition_articles.c.edition)
            .where(editions.c.frozen)
            .order_by(editions.c.until, editions.c.key)
        )
        with self._database.reading() as connection:
            for some in chunks(sorted(set(ids))):
                rows = chosen.where(edition_articles.c.article_id.in_(some))
                found.update(
                    {row[0]: (row[1], row[2]) for row in connection.execute(rows)}
                )
        return found

    def revise(
        self,
        changed: Iterable[Article],
        summaries: Iterable[Summary],
        profiles: Iterable[Profiled] = (),
        hits: Iterable[Judged] = (),
    ) -> int:
        """Keep what kept documents were cleaned to anew; return how many articles are new.

        Raises:
            StoreError: nothing was kept.
        """
        with self._database.writing() as connection:
            new = insert_articles(connection, tuple(changed))
            put_derived(connection, summaries, profiles, hits)
        return new


def insert_articles(connection: Connection, added: Sequence[Article]) -> int:
    """Keep the revisions, each the latest when it comes; return how many articles are new."""
    return _VERSIONS.add(connection, [_article_row(article) for article in added])


_AT_ONCE: Final = 500
"""Articles that are read at once where all are."""

_HEADING: Final = [each for each in articles.c if each.name != "text"]
"""The columns of an article without its text, which is the last here.

On disk `author` stands behind it (step 0003): SQLite passes over the pages of a long text to reach it.
"""

_NAMES: Final = [each.name for each in _HEADING]


def _is_late(since: datetime) -> ColumnElement[bool]:
    """Whether an edit came up to `LATE` before, and not by a change of our own rules.

    These make another revision of what was fetched, at the same moment.
    """
    other = articles.alias()
    another = exists().where(
        other.c.id == articles.c.id, other.c.revision != articles.c.revision
    )
    ours = another.where(other.c.fetched == articles.c.fetched)
    edit = another.where(other.c.fetched != articles.c.fetched)
    return and_(articles.c.fetched > since - LATE, edit, ~ours)


def _come_by(until: datetime) -> ColumnElement[bool]:
    """Whether an article had come by then, as far as clocks tell.

    What came before something that had come by then had too, whatever the clock said.
    """
    other = articles.alias()
    last = (
        select(other.c.number)
        .where(other.c.fetched <= until)
        .order_by(other.c.fetched.desc(), other.c.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    return or_(articles.c.fetched <= until, articles.c.number < last)


_VERSIONS: Final = Versions(articles, "id", "revision", lacking="truncated")


def _article_row(article: Article) -> Mapping[str, Any]:
    stamp = article.published
    return asdict(article) | {
        "published": stamp and stamp.moment,
        "day_only": bool(stamp and stamp.day_only),
        "inferred": bool(stamp and stamp.inferred),
    }


def _article(row: Sequence[Any]) -> Article:
    """Return the article of a row of all columns."""
    return Article(**_fields(row), text=row[len(_NAMES)])


def _heading(row: Sequence[Any]) -> Heading:
    """Return the heading of a row of all columns, or of those in `_HEADING`."""
    return Heading(**_fields(row))


def _fields(row: Sequence[Any]) -> dict[str, Any]:
    fields = dict(zip(_NAMES, row, strict=False))
    del fields["number"]
    moment = fields.pop("published")
    flags = {name: fields.pop(name) for name in ("day_only", "inferred")}
    fields["published"] = None if moment is None else Published(moment, **flags)
    return fields
