"""What is known of a source from visit to visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from briefing.model.document import Document
from briefing.model.failure import Failure


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a feed says of how often it is written.

    Attributes:
        minutes: at least between two visits (RSS ttl, sy:updatePeriod), 0 if not said.
        hours: of the day in UTC, 0 to 23, in which nothing is new (RSS skipHours).
        days: of the week in UTC, Monday 0, in which nothing is new (RSS skipDays).
    """

    minutes: int = 0
    hours: tuple[int, ...] = ()
    days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """A page that could not be read yet.

    Attributes:
        url: its address.
        title: as its entry has it, None if not known.
        published: as its entry says, None if not known.
        language: BCP 47 tag, None if not known.
        outlet: who published it, None if not known.
        tries: readings in vain.
        due: not to be read before; None: it was given up.
    """

    url: str
    title: str | None = None
    published: datetime | None = None
    language: str | None = None
    outlet: str | None = None
    tries: int = 0
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of a source between visits.

    Attributes:
        source: its id.
        address: the address in the settings to which all the rest belongs.
        meaning: of that address in the settings, to which the rest belongs too: see
            `briefing.gather.visit.meaning`. Empty where it was not written down.
        feed: where the feed of a site was found, to which the validators belong then; None
            where none is looked for.
        etag: byte-exact ETag of the last answer, None if none.
        last_modified: byte-exact Last-Modified of the last answer, None if none.
        checked: last visit, None before the first.
        answered: last visit that brought an answer.
        complete: up to when all was read, where the last visit that brought an answer left
            something for the next one; None: up to `answered`.
        failures: failed visits in a row.
        reason: why the last visit failed, a key from `REASONS`; None if it did not.
        detail: of that failure.
        due: not to be asked before; None: at any time.
        moved: where `address` says it has moved for good, None if nowhere.
        gone: when the server first said that it is gone for good, None if it did not.
        rhythm: as the last whole answer stated it.
        quiet: hosts (with port) that asked to be left alone, and until when.
        pending: pages that it has listed and that could not be read yet.
        listed: what its list said at the last visit: digests of addresses, and of entries.
    """

    source: str
    address: str = ""
    etag: str | None = None
    last_modified: str | None = None
    checked: datetime | None = None
    answered: datetime | None = None
    failures: int = 0
    reason: str | None = None
    detail: str | None = None
    due: datetime | None = None
    moved: str | None = None
    gone: datetime | None = None
    rhythm: Rhythm = Rhythm()
    quiet: tuple[tuple[str, datetime], ...] = ()
    pending: tuple[Pending, ...] = ()
    listed: Mapping[str, str] = field(default_factory=dict)
    meaning: str = ""
    feed: str | None = None
    complete: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one visit to one source brought.

    Attributes:
        source: its id.
        documents: the new or possibly changed ones.
        failures: what could not be read.
        state: to be kept together with the documents, never before them.
        answered: the source itself could be read; the last time, if it `waits`.
        waits: it was not asked because it is not due before; None if it was asked.
        rest: brings the next part of a visit too big for one; None after the last.
    """

    source: str
    documents: tuple[Document, ...]
    state: SourceState
    failures: tuple[Failure, ...] = ()
    answered: bool = True
    waits: datetime | None = None
    rest: Callable[[], Gathered] | None = None
