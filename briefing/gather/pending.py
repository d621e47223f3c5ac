"""Pages that could not be read yet: remembered by themselves, whatever becomes of the feed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from briefing.gather.address import is_web
from briefing.gather.pace import INTERVAL, due_after_failure
from briefing.model import Document, Pending, SourceState
from briefing.text import EARLIEST

MAX_TRIES: Final = 6
"""Readings of a page before it is given up: two days, as the waits double from an hour."""

MAX_PENDING: Final = 2_000
"""Pages that one source may have waiting, the newest; each takes some 300 bytes of its state."""


def tried(
    one: Pending,
    now: datetime,
    *,
    interval: timedelta = INTERVAL,
    retry: timedelta | None = None,
) -> Pending:
    """Return what is remembered of a page after one more reading in vain.

    Args:
        one: as before.
        now: the time of the visit.
        interval: the least time between two readings.
        retry: how long the server asked to be left alone, None if it did not.
    """
    tries = one.tries + 1
    if tries >= MAX_TRIES:
        return replace(one, tries=tries, due=None)
    due = due_after_failure(
        now, source=one.url, failures=tries, interval=interval, retry=retry
    )
    return replace(one, tries=tries, due=due)


def settled(
    state: SourceState,
    documents: Iterable[Document],
    *,
    unread: Collection[str],
    now: datetime,
) -> SourceState:
    """Return `state` once it is known which of a visit's documents gave an article.

    Args:
        state: as the visit handed it over.
        documents: of the visit.
        unread: addresses of those that gave none and may give one later.
        now: the time of the visit.
    """
    waiting = {one.url: one for one in state.pending}
    for document in documents:
        if document.url in unread and is_web(document.url):
            before = waiting.get(document.url) or of_document(document, now)
            waiting[document.url] = tried(before, now)
        elif not document.incomplete:
            waiting.pop(document.url, None)
    return with_pending(state, waiting)


def with_pending(state: SourceState, waiting: Mapping[str, Pending]) -> SourceState:
    """Return `state` with what waits, by address; the newest `MAX_PENDING`."""
    newest = sorted(waiting.values(), key=_moment)[-MAX_PENDING:]
    return replace(state, pending=tuple(sorted(newest, key=lambda one: one.url)))


def without_given_up(state: SourceState, listed: Collection[str]) -> SourceState:
    """Return `state` without the pages that were given up and are no longer `listed`."""
    kept = [one for one in state.pending if one.due or one.url in listed]
    return replace(state, pending=tuple(kept))


def of_document(document: Document, now: datetime) -> Pending:
    """Return what is remembered of a page that waits, due at once."""
    return Pending(
        url=document.url,
        title=document.title,
        published=document.published,
        language=document.language,
        outlet=document.outlet,
        due=now,
    )


def _moment(one: Pending) -> datetime:
    return one.published or EARLIEST
