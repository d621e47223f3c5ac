"""Visits to places on the disk, which may hold more than fits in the memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from briefing.gather.outcome import answered, failed, unanswered
from briefing.model import Document, Failure, Gathered, SourceState

PART: Final = 32_000_000
"""Bytes of documents after which the rest is another part."""


def in_parts(
    read: Iterator[Document | Failure], *, state: SourceState, now: datetime
) -> Gathered:
    """Return the first part of what a visit reads, with the way to the rest.

    Of documents with one address the first counts. What cannot be read on is a failure of the
    source; the parts before it stay.

    Args:
        read: each document, or why there is none; may raise `OSError`.
        state: before the visit.
        now: the time of the visit.
    """
    documents: dict[str, Document] = {}
    failures: list[Failure] = []
    size = 0
    try:
        for one in read:
            if isinstance(one, Failure):
                failures.append(one)
            elif one.url not in documents:
                documents[one.url] = one
                size += len(one.body)
            if size >= PART:
                break
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return unanswered(state, now, failed(state.source, "unreadable", reason))
    visit = answered(state, now, tuple(documents.values()), failures)
    if size < PART:
        return visit
    return replace(visit, rest=partial(in_parts, read, state=state, now=now))
