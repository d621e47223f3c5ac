"""Visits to mailboxes and places on the disk, which may hold more than fits in the memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple

from briefing.gather.outcome import answered, failed, unanswered
from briefing.model import Document, Failure, Gathered, SourceState

PART: Final = 32_000_000
"""Bytes of documents after which the rest is another part."""


class BrokenOff(Exception):  # noqa: N818  # what it is, not that it is one
    """A source that cannot be read on.

    Attributes:
        failure: why.
    """

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.detail)
        self.failure = failure


class Left(NamedTuple):
    """Something that could not be read, and may be at the next visit."""

    failure: Failure


def in_parts(
    read: Iterator[Document | Failure | Left],
    *,
    state: SourceState,
    now: datetime,
    complete: datetime | None = None,
    left: bool = False,
) -> Gathered:
    """Return the first part of what a visit reads, with the way to the rest.

    Of documents with one address the first counts. What was read before a source broke off
    stays.

    Args:
        read: each document, or why there is none; may raise `OSError` and `BrokenOff`.
        state: before the visit.
        now: the time of the visit.
        complete: up to when all was read before; stays so where something is left.
        left: earlier parts have left something.
    """
    documents: dict[str, Document] = {}
    failures: list[Failure] = []
    size, broken = 0, None
    try:
        for found in read:
            left = left or isinstance(found, Left)
            one = found.failure if isinstance(found, Left) else found
            if isinstance(one, Failure):
                failures.append(one)
            elif one.url not in documents:
                documents[one.url] = one
                size += len(one.body)
            if size >= PART:
                break
    except (OSError, BrokenOff) as error:
        broken = _told(error, state.source)
    if broken and not documents:
        return unanswered(state, now, broken)
    failures += [broken] if broken else []
    ended = broken is not None or size < PART
    whole = ended and not (broken or left)
    visit = answered(
        state,
        now,
        tuple(documents.values()),
        failures,
        complete=None if whole else complete,
    )
    if ended:
        return visit
    rest = partial(in_parts, read, state=state, now=now, complete=complete, left=left)
    return replace(visit, rest=rest)


def _told(error: OSError | BrokenOff, source: str) -> Failure:
    if isinstance(error, BrokenOff):
        return error.failure
    return failed(source, "unreadable", error.strerror or type(error).__name__)
