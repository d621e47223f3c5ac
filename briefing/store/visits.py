"""What a visit to a source leaves behind: documents, articles, summaries, its state."""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    RowMapping,
    case,
    exists,
    func,
    insert,
    select,
    update,
)

from briefing.model import (
    Article,
    Document,
    Judged,
    Pending,
    Profiled,
    Rhythm,
    Run,
    SourceState,
    Summary,
)
from briefing.store.articles import insert_articles
from briefing.store.database import Group, chunks
from briefing.store.derived import put_derived
from briefing.store.records import Health
from briefing.store.runs import write_run
from briefing.store.schema import articles, documents, source_states
from briefing.store.versions import Versions
from briefing.text import digest

_LOG: Final = logging.getLogger(__name__)


class Visits(Group):
    """Documents and the state of sources."""

    def keep(
        self,
        documents: Iterable[Document],
        articles: Iterable[Article],
        summaries: Iterable[Summary],
        state: SourceState,
        *,
        profiles: Iterable[Profiled] = (),
        hits: Iterable[Judged] = (),
        run: tuple[int, Run] | None = None,
    ) -> int:
        """Keep what one visit brought, all or nothing; return how many articles are new.

        A revision of an article that is already there is kept, but is not new. What is
        there already is passed over; if a later one has come since, it becomes the latest
        again, with the time of this visit. The state goes with the documents: a crash can never
        leave validators behind that hide what was not kept. So does `run`, the visit's and its
        number, as it stands then: what was kept is counted, once.

        Raises:
            StoreError: nothing was kept.
        """
        kept = [_document_row(document) for document in documents]
        with self._database.writing() as connection:
            _VERSIONS.add(connection, kept)
            new = insert_articles(connection, tuple(articles))
            put_derived(connection, summaries, profiles, hits)
            _put_state(connection, state)
            if run is not None:
                write_run(connection, *run)
        _LOG.debug(
            "store.kept source=%s documents=%d new=%d", state.source, len(kept), new
        )
        return new

    def digests(self, urls: Sequence[str]) -> dict[str, str]:
        """Return the digest (`briefing.text.digest`) of the last document from each address.

        Addresses from which none is kept are missing.
        """
        found: dict[str, str] = {}
        columns = select(_documents.c.url, _documents.c.digest)
        oldest_first = columns.order_by(_documents.c.fetched, _documents.c.number)
        with self._database.reading() as connection:
            for some in chunks(urls):
                rows = connection.execute(
                    oldest_first.where(_documents.c.url.in_(some))
                )
                found.update((url, last) for url, last in rows)
        return found

    def knows_url(self, url: str) -> bool:
        """Tell whether a document from this address is kept."""
        here = _documents.c.url == url
        with self._database.reading() as connection:
            return bool(connection.scalar(select(exists().where(here))))

    def count_documents(self) -> int:
        """Return from how many addresses a document is kept."""
        with self._database.reading() as connection:
            return (
                connection.scalar(select(func.count(_documents.c.url.distinct()))) or 0
            )

    def documents(self) -> Iterator[Sequence[Document]]:
        """Yield the latest document from each address, in the order of arrival, in parts.

        Without those that were thrown away.
        """
        aged = _VERSIONS.by_age().subquery()
        latest = select(aged.c.number).where(aged.c.age == 1).order_by(aged.c.number)
        with self._database.reading() as connection:
            numbers = connection.scalars(latest).all()
        for start in range(0, len(numbers), _PART):
            some = _documents.c.number.in_(numbers[start : start + _PART])
            chosen = (
                select(_documents).where(some, _is_there).order_by(_documents.c.number)
            )
            with self._database.reading() as connection:
                rows = connection.execute(chosen).mappings().all()
                part = [_document(row) for row in rows]
            yield part

    def source_state(self, source: str) -> SourceState:
        """Return what is remembered of a source; a fresh state if nothing is."""
        chosen = select(source_states).where(source_states.c.source == source)
        with self._database.reading() as connection:
            row = connection.execute(chosen).mappings().first()
        return SourceState(source) if row is None else _state(row)

    def source_states(self) -> tuple[SourceState, ...]:
        """Return what is remembered of every source, by id."""
        chosen = select(source_states).order_by(source_states.c.source)
        with self._database.reading() as connection:
            rows = connection.execute(chosen).mappings().all()
        return tuple(_state(row) for row in rows)

    def health(self) -> tuple[Health, ...]:
        """Return what is remembered of every source and what it has brought, by id."""
        firsts = (
            select(_articles.c.source, func.min(_articles.c.fetched).label("first"))
            .group_by(_articles.c.source, _articles.c.id)
            .subquery()
        )
        is_new = case((firsts.c.first >= source_states.c.answered, 1), else_=0)
        chosen = (
            select(
                source_states,
                func.count(firsts.c.first).label("articles"),
                func.sum(is_new).label("new"),
            )
            .outerjoin(firsts, firsts.c.source == source_states.c.source)
            .group_by(source_states.c.source)
            .order_by(source_states.c.source)
        )
        with self._database.reading() as connection:
            rows = connection.execute(chosen).mappings().all()
        return tuple(Health(_state(row), row["articles"], row["new"]) for row in rows)


_documents: Final = documents
"""The tables, where an argument has their name."""

_articles: Final = articles

_is_there: Final = func.length(documents.c.body) > 0

_PART: Final = 200
"""Documents that are read at once, of 100 kB or so each."""

_VERSIONS: Final = Versions(documents, "url", "digest", lacking="incomplete")


def _document_row(document: Document) -> Mapping[str, Any]:
    row = asdict(document)
    return row | {
        "body": zlib.compress(document.body),
        "digest": digest(document.body),
    }


def _document(row: RowMapping) -> Document:
    fields = {k: v for k, v in row.items() if k not in {"number", "digest"}}
    return Document(**fields | {"body": zlib.decompress(row["body"])})


def _put_state(connection: Connection, state: SourceState) -> None:
    row = _state_row(state)
    known = update(source_states).where(source_states.c.source == state.source)
    if connection.execute(known.values(row)).rowcount == 0:
        connection.execute(insert(source_states).values(row))


def _state_row(state: SourceState) -> Mapping[str, Any]:
    rhythm, quiet = state.rhythm, state.quiet
    return asdict(state) | {
        "listed": json.dumps(dict(state.listed)),
        "rhythm": json.dumps([rhythm.minutes, rhythm.hours, rhythm.days]),
        "quiet": json.dumps([[host, until.isoformat()] for host, until in quiet]),
        "pending": json.dumps(
            [asdict(one) for one in state.pending],
            default=datetime.isoformat,
            ensure_ascii=False,
        ),
    }


def _state(row: RowMapping) -> SourceState:
    fields = {one.name: row[one.name] for one in source_states.c}
    minutes, hours, days = json.loads(row["rhythm"] or "[0, [], []]")
    quiet = json.loads(row["quiet"] or "[]")
    return SourceState(
        **fields
        | {
            "listed": json.loads(row["listed"] or "{}"),
            "meaning": row["meaning"] or "",
            "rhythm": Rhythm(minutes, tuple(hours), tuple(days)),
            "quiet": tuple(
                (host, datetime.fromisoformat(until)) for host, until in quiet
            ),
            "pending": tuple(map(_pending, json.loads(row["pending"] or "[]"))),
        }
    )


def _pending(stated: dict[str, Any]) -> Pending:
    moments = {
        name: stated[name] and datetime.fromisoformat(stated[name])
        for name in ("published", "due")
    }
    return Pending(**stated | moments)
