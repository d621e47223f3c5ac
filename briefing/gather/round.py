"""One visit to each source, many at a time; one bad source never stops the others."""

from __future__ import annotations

import logging
import traceback
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from briefing.errors import StoreError
from briefing.gather.outcome import failed, unanswered
from briefing.gather.pace import due_after_failure
from briefing.gather.room import Room
from briefing.gather.visit import all_quiet
from briefing.model import Gathered, SourceState
from briefing.ports import Source

log = logging.getLogger(__name__)

THREADS: Final = 32
"""Sources visited at a time; they mostly wait for the network. So 50 that never answer take
40 s, by `briefing.gather.http.DEADLINE`."""

HELD: Final = 64_000_000
"""Bytes of documents that wait to be taken, over which no further visit begins: whoever cleans
them is slower than the network."""


def gather(
    sources: Sequence[Source],
    *,
    state: Callable[[str], SourceState],
    known: Callable[[str], bool],
    now: datetime,
    force: bool = False,
) -> Generator[Gathered]:
    """Yield what each source brought, in the order of `sources`, big folders in parts.

    Args:
        sources: the places to visit.
        state: returns what is remembered of the source with an id.
        known: tells whether the document at an address is already kept.
        now: the time of the visits, aware.
        force: also ask sources that are not due or are gone.

    `known` is called from several threads at a time and must bear that.
    What goes wrong in a source, also by a fault of the program, comes back as a failure
    of that source.

    Whoever stops listening, by an exception or `close`, waits for nothing: visits that have
    not begun never do, others end at their next entry, at once if their `Http` is closed.

    Raises:
        StoreError: `state` or `known` raised it: no fault of the source.
    """
    states = [state(source.id) for source in sources]
    befores = _befores(states, now, force=force)
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="gather")
    room = Room(HELD)

    def asked(url: str) -> bool:
        if room.closed:
            raise CancelledError
        return known(url)

    def visit(number: int, source: Source, before: SourceState) -> Gathered:
        room.enter(number)
        made = _visit(source, before, asked, now)
        if force and not made.answered:
            made = replace(made, state=_still(states[number], made.state, now))
        room.put(made)
        return made

    try:
        visits = deque(
            pool.submit(visit, number, *pair)
            for number, pair in enumerate(zip(sources, befores, strict=True))
        )
        while visits:
            made = visits.popleft().result()
            room.take(made)
            yield made
            while made.rest is not None:
                made = _tried(made.rest, made.state, now)
                yield made
    except BaseException:
        room.close()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _befores(
    states: Sequence[SourceState], now: datetime, *, force: bool
) -> list[SourceState]:
    """Return what each visit is told: what one host asked of one source counts for all."""
    if force:
        return [replace(one, due=None, gone=None, quiet=()) for one in states]
    quiet = all_quiet(states, now)
    return [replace(one, quiet=quiet) for one in states]


def _still(before: SourceState, after: SourceState, now: datetime) -> SourceState:
    """Return the state after a visit that was forced in vain: what stopped it goes on to."""
    gone = before.gone if before.address == after.address else None
    quiet = dict(all_quiet([before], now)) | dict(after.quiet)
    return replace(after, gone=after.gone or gone, quiet=tuple(sorted(quiet.items())))


def _visit(
    source: Source,
    before: SourceState,
    known: Callable[[str], bool],
    now: datetime,
) -> Gathered:
    return _tried(
        lambda: source.fetch(state=before, known=known, now=now),
        before,
        now,
        interval=getattr(source, "interval", None),
    )


def _tried(
    visited: Callable[[], Gathered],
    before: SourceState,
    now: datetime,
    *,
    interval: timedelta | None = None,
) -> Gathered:
    """Return the visit, or that the program is at fault; the source waits then as others do.

    Args:
        visited: makes the visit.
        before: the state before it.
        now: the time of the visit.
        interval: of a source that is not always due.
    """
    try:
        visit = visited()
    except (StoreError, CancelledError):
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, the other sources go on
        failure = failed(
            before.source, "unexpected", f"{type(error).__name__}: {error}"
        )
        log.warning(
            "event=visit source=%s at=%s error=%s",
            before.source,
            _where(error),
            failure.detail,
        )
        made = unanswered(before, now, failure)
        if interval is None:
            return made
        after = made.state
        due = due_after_failure(
            now, source=after.source, failures=after.failures, interval=interval
        )
        return replace(made, state=replace(after, due=due))
    log.debug(
        "event=visit source=%s answered=%s documents=%d failures=%d",
        visit.source,
        visit.answered,
        len(visit.documents),
        len(visit.failures),
    )
    return visit


def _where(error: Exception) -> str:
    """Return the file and line an error comes from: enough to find it, without values."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"
