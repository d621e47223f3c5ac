"""Articles in all their revisions, and their summaries."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    exists,
    func,
    null,
    select,
)

from briefing.model import (
    Article,
    Heading,
    Judged,
    Profiled,
    Published,
    Sentence,
    Summary,
    TopicHit,
    schedule_of,
)
from briefing.store.database import Group, chunks, in_place, insert_new
from briefing.store.editions import claiming
from briefing.store.records import Claims
from briefing.store.schema import (
    articles,
    edition_articles,
    editions,
    profiles,
    summaries,
    topic_hits,
)
from briefing.store.versions import Versions


class Articles(Group):
    """Articles and summaries."""

    def articles_for(
        self, edition: str, *, until: datetime, claims: Claims = "pages"
    ) -> tuple[Article, ...]:
        """Return the articles that belong to an edition, by id.

        Of each article that came until then (`until` included) the latest revision; not
        those that another edition of its schedule keeps for itself: `claims` says which
        editions do.
        """
        chosen = _belonging(articles.c, edition, until, claims)
        with self._database.reading() as connection:
            return tuple(map(_article, connection.execute(chosen).mappings()))

    def headings_for(
        self, edition: str, *, until: datetime, claims: Claims = "pages"
    ) -> tuple[Heading, ...]:
        """Return the headings of these articles, by id; no text is read."""
        chosen = _belonging(_HEADING, edition, until, claims)
        with self._database.reading() as connection:
            return tuple(map(_heading, connection.execute(chosen).mappings()))

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
            articles.c.fetched <= until, _claimed(edition, claims)
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
        """Return the articles edited at ``since < t <= until`` after an edition had shown them.

        Also those that were edited back to what it showed. Each in its latest revision until then, with the key of that edition, which is
        another of the schedule of `edition`; the newest edition first, then by id.
        """
        shown = edition_articles.c
        # Few of all that are kept: else the database joins all with all.
        came = select(articles.c.id).where(
            articles.c.fetched > since,
            articles.c.fetched <= until,
            _claimed(edition, claims),
        )
        newest = (
            _VERSIONS.by_age()
            .where(articles.c.fetched <= until, articles.c.id.in_(came))
            .subquery()
        )
        chosen = (
            select(shown.edition, articles)
            .join(newest, newest.c.number == articles.c.number)
            .join(edition_articles, shown.article_id == articles.c.id)
            .where(
                newest.c.age == 1,
                articles.c.fetched > since,
                shown.edition != edition,
                claiming(claims, shown.edition, schedule_of(edition)),
            )
            .order_by(shown.edition.desc(), articles.c.id)
        )
        with self._database.reading() as connection:
            rows = connection.execute(chosen).mappings().all()
        return tuple((row["edition"], _article(row)) for row in rows)

    def told_before(
        self, edition: str, *, most: int, claims: Claims = "pages"
    ) -> tuple[tuple[Heading, str], ...]:
        """Return headings of earlier editions as they were told, with their stories' ids.

        Those of editions of its schedule that keep their articles for themselves, by `claims`; the newest
        that came, `most` of them, by id.
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
            rows = [dict(row) for row in connection.execute(chosen).mappings()]
        found: dict[str, tuple[Heading, str]] = {}
        for row in rows:
            found.setdefault(row["id"], (_heading(row), row["story"]))
        return tuple(found[each] for each in sorted(found))

    def article(self, article_id: str, revision: str) -> Article | None:
        """Return one revision of an article, None if it is not kept."""
        chosen = select(articles).where(
            articles.c.id == article_id, articles.c.revision == revision
        )
        with self._database.reading() as connection:
            row = connection.execute(chosen).mappings().first()
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
                rows = connection.execute(chosen).mappings()
                found.update((row["id"], _article(row)) for row in rows)
        return found

    def articles(self, pairs: Iterable[tuple[str, str]]) -> tuple[Article, ...]:
        """Return revisions of articles (pairs of id and revision), by id; what is not kept is missing."""
        wanted, found = set(pairs), list[Article]()
        with self._database.reading() as connection:
            for ids in chunks(sorted({article_id for article_id, _ in wanted})):
                chosen = select(articles).where(articles.c.id.in_(ids))
                rows = connection.execute(chosen.order_by(articles.c.id)).mappings()
                found += (
                    _article(row)
                    for row in rows
                    if (row["id"], row["revision"]) in wanted
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
            yield from map(_article, rows.mappings())

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

    def profiles(
        self, pairs: Iterable[tuple[str, str]], recipe: str, *, shingles: bool
    ) -> tuple[Profiled, ...]:
        """Return the profiles by `recipe` for pairs of article id and revision, by id.

        Those that are not kept are missing.

        Args:
            pairs: the articles.
            recipe: what was counted, and how.
            shingles: also return these.
        """
        wanted, found = set(pairs), list[Profiled]()
        last = profiles.c.shingles if shingles else null()
        columns = (*list(profiles.c)[:4], last)
        with self._database.reading() as connection:
            for ids in chunks(sorted({article_id for article_id, _ in wanted})):
                chosen = select(*columns).where(
                    profiles.c.article_id.in_(ids), profiles.c.recipe == recipe
                )
                rows = connection.execute(chosen.order_by(profiles.c.article_id))
                found += (Profiled(*row) for row in rows if (row[0], row[1]) in wanted)
        return tuple(found)

    def add_profiles(self, added: Iterable[Profiled]) -> None:
        """Keep profiles of kept articles, in the place of those by other recipes.

        Raises:
            StoreError: an article is not kept; nothing was added.
        """
        with self._database.writing() as connection:
            put_profiles(connection, tuple(added))

    def topic_hits(
        self, pairs: Iterable[tuple[str, str]], recipe: str
    ) -> tuple[Judged, ...]:
        """Return the topics by `recipe` for pairs of article id and revision, by id.

        Those that are not kept are missing.
        """
        wanted, found = set(pairs), list[Judged]()
        with self._database.reading() as connection:
            for ids in chunks(sorted({article_id for article_id, _ in wanted})):
                chosen = select(topic_hits).where(
                    topic_hits.c.article_id.in_(ids), topic_hits.c.recipe == recipe
                )
                rows = connection.execute(chosen.order_by(topic_hits.c.article_id))
                found += (_judged(*row) for row in rows if (row[0], row[1]) in wanted)
        return tuple(found)

    def add_topic_hits(self, added: Iterable[Judged]) -> None:
        """Keep the topics of kept articles, in the place of those by other recipes.

        Raises:
            StoreError: an article is not kept; nothing was added.
        """
        with self._database.writing() as connection:
            put_topic_hits(connection, tuple(added))

    def summaries(
        self, pairs: Iterable[tuple[str, str]], recipe: str
    ) -> dict[tuple[str, str], Summary]:
        """Return the summaries by `recipe` for pairs of article id and revision.

        Those that are not kept are missing.
        """
        wanted = set(pairs)
        found = {}
        with self._database.reading() as connection:
            for ids in chunks(sorted({article_id for article_id, _ in wanted})):
                chosen = select(summaries).where(
                    summaries.c.article_id.in_(ids), summaries.c.recipe == recipe
                )
                for row in connection.execute(chosen).mappings():
                    key = (row["article_id"], row["revision"])
                    if key in wanted:
                        found[key] = _summary(row)
        return found

    def add_summaries(self, added: Iterable[Summary]) -> None:
        """Keep summaries of kept articles; those that are there already stay.

        Raises:
            StoreError: an article is not kept; nothing was added.
        """
        with self._database.writing() as connection:
            insert_summaries(connection, tuple(added))

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
            insert_summaries(connection, tuple(summaries))
            put_profiles(connection, tuple(profiles))
            put_topic_hits(connection, tuple(hits))
        return new


def insert_articles(connection: Connection, added: Sequence[Article]) -> int:
    """Keep the revisions, each the latest when it comes; return how many articles are new."""
    return _VERSIONS.add(connection, [_article_row(article) for article in added])


def insert_summaries(connection: Connection, added: Sequence[Summary]) -> None:
    """Insert the summaries that are not there."""
    rows = [_summary_row(summary) for summary in added]
    insert_new(connection, summaries, rows, "article_id", "revision", "recipe")


def put_profiles(connection: Connection, added: Sequence[Profiled]) -> None:
    """Insert the profiles, in the place of those that are there."""
    if added:
        put = in_place(connection.dialect.name, profiles, "article_id", "revision")
        connection.execute(put, [asdict(one) for one in added])


def put_topic_hits(connection: Connection, added: Sequence[Judged]) -> None:
    """Insert the topics, in the place of those that are there."""
    if added:
        put = in_place(connection.dialect.name, topic_hits, "article_id", "revision")
        connection.execute(put, [_judged_row(one) for one in added])


_AT_ONCE: Final = 500
"""Articles that are read at once where all are."""

_HEADING: Final = [each for each in articles.c if each.name != "text"]
"""The columns of an article without its text."""

_VERSIONS: Final = Versions(articles, "id", "revision", lacking="truncated")


def _belonging(
    columns: Iterable[Column[Any]], edition: str, until: datetime, claims: Claims
) -> Select[Any]:
    """Select `columns` of the articles that belong to an edition."""
    newest = (
        _VERSIONS.by_age()
        .where(
            articles.c.fetched <= until,
            ~_claimed(edition, claims),
        )
        .subquery()
    )
    return (
        select(*columns)
        .join(newest, newest.c.number == articles.c.number)
        .where(newest.c.age == 1)
        .order_by(articles.c.id)
    )


def _claimed(edition: str, claims: Claims) -> ColumnElement[bool]:
    """Tell of an article whether another edition of the same schedule keeps it for itself."""
    other = edition_articles.alias()
    return exists().where(
        other.c.article_id == articles.c.id,
        other.c.edition != edition,
        claiming(claims, other.c.edition, schedule_of(edition)),
    )


def _article_row(article: Article) -> Mapping[str, Any]:
    stamp = article.published
    return asdict(article) | {
        "published": stamp and stamp.moment,
        "day_only": bool(stamp and stamp.day_only),
        "inferred": bool(stamp and stamp.inferred),
    }


def _article(row: Mapping[Any, Any]) -> Article:
    return Article(**_fields(row), text=row["text"])


def _heading(row: Mapping[Any, Any]) -> Heading:
    return Heading(**_fields(row))


def _fields(row: Mapping[Any, Any]) -> dict[str, Any]:
    fields = {each.name: row[each.name] for each in _HEADING}
    del fields["number"]
    moment = fields.pop("published")
    flags = {name: fields.pop(name) for name in ("day_only", "inferred")}
    fields["published"] = None if moment is None else Published(moment, **flags)
    return fields


def _judged_row(judged: Judged) -> Mapping[str, Any]:
    hits = [(hit.slug, hit.score, hit.terms) for hit in judged.hits]
    return {
        "article_id": judged.article_id,
        "revision": judged.revision,
        "recipe": judged.recipe,
        "hits": json.dumps(hits, ensure_ascii=False),
    }


def _judged(article_id: str, revision: str, recipe: str, hits: str) -> Judged:
    read = json.loads(hits)
    return Judged(
        article_id,
        revision,
        recipe,
        tuple(TopicHit(slug, score, tuple(terms)) for slug, score, terms in read),
    )


def _summary_row(summary: Summary) -> Mapping[str, Any]:
    sentences = [(s.start, s.end, s.position, s.text) for s in summary.sentences]
    return {
        "article_id": summary.article_id,
        "revision": summary.revision,
        "recipe": summary.recipe,
        "sentences": json.dumps(sentences, ensure_ascii=False),
    }


def _summary(row: RowMapping) -> Summary:
    sentences = tuple(
        Sentence(row["article_id"], *fields) for fields in json.loads(row["sentences"])
    )
    return Summary(row["article_id"], row["revision"], row["recipe"], sentences)
