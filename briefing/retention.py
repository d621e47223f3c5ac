"""What is kept of old days: all that editions show, and nothing else of texts.

store ─claimed, old→ revisions ─shown in no edition→ texts thrown away;  old documents ─→ bodies thrown away
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from briefing.model import Run
from briefing.record import Clock, recorded
from briefing.settings import Settings
from briefing.verify import reports

if TYPE_CHECKING:
    from briefing.store import Store

_NEVER: Final = datetime(1, 1, 1, tzinfo=UTC)

_AT_HAND: Final = 64
"""Editions of which what they show is kept in memory: articles of a time are told at one."""


def forget(settings: Settings, store: Store, *, older: timedelta, clock: Clock) -> Run:
    """Throw away texts that came longer ago than `older`; return what was done.

    Texts that an edition shows stay, so that all of it can be verified for ever; so do texts that
    a schedule has not published or passed over yet. Of the others, and of all documents, stays
    what they were called, where they were and what tells whether they have changed: nothing is
    fetched or told again. What was looked at once is not looked at again.

    Args:
        settings: the schedules are used.
        store: where all is kept.
        older: than that.
        clock: tells the time.

    Raises:
        StoreError: the store cannot be read or written.
    """
    with recorded(store, "forget", clock) as record:
        begun, reached = _published(settings, store)
        before = min(record.run.started - older, reached)
        since = _until(store)
        if since is not None:
            before = max(since, before)  # a clock that was ahead
        record.counts.update(
            texts=_forget_texts(store, since, before, begun=begun),
            documents=store.forget_documents(since, before),
            until=int(before.timestamp()),
        )
    return record.run


def _published(
    settings: Settings, store: Store
) -> tuple[dict[str, datetime], datetime]:
    """Return where each schedule's first published window ends, and up to when all have told.

    That is the beginning of time where one has published nothing yet.
    """
    ends = defaultdict[str, list[datetime]](list)
    for one in store.editions():
        if one.frozen:
            ends[one.schedule].append(one.until)
    names = [one.name for one in settings.schedules]
    begun = {name: min(ends[name], default=_NEVER) for name in names}
    return begun, min(max(ends[name], default=_NEVER) for name in names)


def _forget_texts(
    store: Store,
    since: datetime | None,
    before: datetime,
    *,
    begun: Mapping[str, datetime],
) -> int:
    """Throw away texts that no edition shows; return how many."""

    @lru_cache(maxsize=_AT_HAND)
    def shown(edition: str) -> frozenset[str]:
        kept = store.edition(edition)
        told = reports(kept.brief) if kept else ()
        return frozenset(one.article_id for one in told)

    count = 0
    for part in store.claimed_texts(since, before, begun=begun):
        unseen = [
            one
            for one, editions in part.items()
            # A correction shows a later revision in an edition that does not claim it.
            if not any(one[0] in shown(edition) for edition in sorted(editions))
        ]
        store.forget_texts(unseen)
        count += len(unseen)
    return count


def _until(store: Store) -> datetime | None:
    """Return up to when everything has been looked at; None: nothing has."""
    last = store.last_run("forget", done=True)
    if last is None:
        return None
    return datetime.fromtimestamp(dict(last.counts)["until"], UTC)
