"""What is made of articles, each by a recipe: summaries, profiles, topics."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, select

from briefing.model import Judged, Profiled, Sentence, Summary, TopicHit
from briefing.store.database import Group, chunks, in_place, insert_new
from briefing.store.schema import profiles, summaries, topic_hits

_Made = TypeVar("_Made")


class Derived(Group):
    """Summaries, profiles and topics of articles.

    They are asked for by pairs of article id and revision; those that are not kept, or are
    by another recipe, are missing.
    """

    def summaries(
        self, pairs: Iterable[tuple[str, str]], recipe: str
    ) -> dict[tuple[str, str], Summary]:
        """Return the summaries by `recipe` for pairs of article id and revision."""
        found = self._made(summaries, pairs, recipe, _summary)
        return {(one.article_id, one.revision): one for one in found}

    def add_summaries(self, added: Iterable[Summary]) -> None:
        """Keep summaries of kept articles; those that are there already stay.

        Raises:
            StoreError: an article is not kept; nothing was added.
        """
        self._add(added, (), ())

    def profiles(
        self, pairs: Iterable[tuple[str, str]], recipe: str, *, shingles: bool
    ) -> tuple[Profiled, ...]:
        """Return the profiles by `recipe` for pairs of article id and revision, by id.

        Args:
            pairs: the articles.
            recipe: what was counted, and how.
            shingles: also return these.
        """
        left_out = () if shingles else ("shingles",)
        return tuple(self._made(profiles, pairs, recipe, Profiled, left_out=left_out))

    def add_profiles(self, added: Iterable[Profiled]) -> None:
        """Keep profiles of kept articles, in the place of those by other recipes.

        Raises:
            StoreError: an article is not kept; nothing was added.
        """
        self._add((), added, ())

    def topic_hits(
        self, pairs: Iterable[tuple[str, str]], recipe: str
    ) -> tuple[Judged, ...]:
        """Return the topics by `recipe` for pairs of article id and revision, by id."""
        return tuple(self._made(topic_hits, pairs, recipe, _judged))

    def add_topic_hits(self, added: Iterable[Judged]) -> None:
        """Keep the topics of kept articles, in the place of those by other recipes.

        Raises:
            StoreError: an article is not kept; nothing was added.
        """
        self._add((), (), added)

    def _made(
        self,
        table: Table,
        pairs: Iterable[tuple[str, str]],
        recipe: str,
        read: Callable[..., _Made],
        *,
        left_out: Sequence[str] = (),
    ) -> Iterator[_Made]:
        """Yield what is kept of `pairs` by `recipe`, by article id.

        Args:
            table: its columns are a value's fields: article id, revision, recipe, what was made.
            pairs: the articles.
            recipe: by which it was made.
            read: makes a value of the columns.
            left_out: names of the last columns, if they are not read.
        """
        wanted = set(pairs)
        columns = [each for each in table.c if each.name not in left_out]
        with self._database.reading() as connection:
            for ids in chunks(sorted({article_id for article_id, _ in wanted})):
                chosen = (
                    select(*columns)
                    .where(table.c.article_id.in_(ids), table.c.recipe == recipe)
                    .order_by(table.c.article_id)
                )
                for row in connection.execute(chosen):
                    if row[:2] in wanted:
                        yield read(*row)

    def _add(
        self,
        summaries: Iterable[Summary],
        profiles: Iterable[Profiled],
        hits: Iterable[Judged],
    ) -> None:
        with self._database.writing() as connection:
            put_derived(connection, summaries, profiles, hits)


def put_derived(
    connection: Connection,
    made: Iterable[Summary],
    counted: Iterable[Profiled],
    hits: Iterable[Judged],
) -> None:
    """Insert summaries that are not there, and the others in the place of those that are."""
    rows = [_summary_row(one) for one in made]
    insert_new(connection, summaries, rows, "article_id", "revision", "recipe")
    _put(connection, profiles, [asdict(one) for one in counted])
    _put(connection, topic_hits, [_judged_row(one) for one in hits])


def _put(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    if rows:
        put = in_place(connection.dialect.name, table, "article_id", "revision")
        connection.execute(put, rows)


def _judged_row(judged: Judged) -> Mapping[str, Any]:
    hits = [(hit.slug, hit.score, hit.terms) for hit in judged.hits]
    return _row(judged, hits=json.dumps(hits, ensure_ascii=False))


def _judged(article_id: str, revision: str, recipe: str, hits: str) -> Judged:
    read = (
        TopicHit(slug, score, tuple(terms)) for slug, score, terms in json.loads(hits)
    )
    return Judged(article_id, revision, recipe, tuple(read))


def _summary_row(summary: Summary) -> Mapping[str, Any]:
    sentences = [(s.start, s.end, s.position, s.text) for s in summary.sentences]
    return _row(summary, sentences=json.dumps(sentences, ensure_ascii=False))


def _summary(article_id: str, revision: str, recipe: str, sentences: str) -> Summary:
    read = tuple(Sentence(article_id, *fields) for fields in json.loads(sentences))
    return Summary(article_id, revision, recipe, read)


def _row(made: Summary | Judged, **more: str) -> Mapping[str, Any]:
    return {
        "article_id": made.article_id,
        "revision": made.revision,
        "recipe": made.recipe,
        **more,
    }
