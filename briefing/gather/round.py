"""One visit to each source, many at a time; one bad source never stops the others."""

from __future__ import annotations

import logging
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from briefing.errors import StoreError
from briefing.gather.address import host_of
from briefing.gather.outcome import failed, unanswered
from briefing.gather.pace import due_after_failure
from briefing.gather.room import Room
from briefing.gather.visit import Visit, all_quiet, is_on_the_web
from briefing.model import Gathered, SourceState
from briefing.ports import Alone, Leases, Source

log = logging.getLogger(__name__)

THREADS: Final = 32
"""Sources visited at a time; they mostly wait for the network. So 50 that never answer take
40 s, by `briefing.gather.http.DEADLINE`."""

HELD: Final = 64_000_000
"""Bytes of documents that wait to be taken, over which no further visit begins: whoever cleans
them is slower than the network."""

WAITING: Final = 1_000
"""The same, in visits: a server has a few thousand locks, and each of them may hold one."""


def gather(
    sources: Sequence[Source],
    *,
    state: Callable[[str], SourceState],
    known: Callable[[str], bool],
    now: datetime,
    force: bool = False,
    leases: Leases | None = None,
) -> Generator[Gathered]:
    """Yield what each source brought, in the order of `sources`, big folders in parts.

    A source whose host another collector is visiting comes last, when that one is done with it:
    then it is hardly ever due.

    Args:
        sources: the places to visit.
        state: returns what is remembered of the source with an id.
        known: tells whether the document at an address is already kept.
        now: the time of the visits, aware.
        force: also ask sources that are not due or are gone.
        leases: what this collector visits alone; None: there is no other; each ends when what was brought has been taken,
            and the next is asked for.

    `state` and `known` are called from several threads at a time and must bear that.
    What goes wrong in a source, also by a fault of the program, comes back as a failure
    of that source.

    Whoever stops listening, by an exception or `close`, waits for nothing: visits that have
    not begun never do, others end at their next entry, at once if their `Http` is closed.

    Raises:
        StoreError: `state`, `known` or `leases` raised it: no fault of the source.
    """
    quiet = all_quiet([state(source.id) for source in sources], now)
    room = Room(HELD, WAITING)
    leases = leases or Alone()
    whole = _Round(state, known, now, force, quiet, leases, room)
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="gather")
    later: list[Source] = []
    try:
        visits = deque(
            (source, pool.submit(whole.begin, number, source))
            for number, source in enumerate(sources)
        )
        while visits:
            source, begun = visits.popleft()
            made = begun.result()
            room.take(made)
            if made is None:
                later.append(source)
            else:
                yield from whole.parts(source, made)
        for source in later:
            leases.take(_lease(source), wait=True)
            yield from whole.parts(source, whole.visit(source))
    except BaseException:
        room.close()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def any_due(
    sources: Sequence[Source], states: Sequence[SourceState], *, now: datetime
) -> bool:
    """Tell whether a source of the Web would be asked now; others always are.

    Args:
        sources: the places to visit.
        states: what is remembered, of any sources.
        now: the present, aware.
    """
    known = {one.source: one for one in states}
    quiet = all_quiet(states, now)
    return any(
        Visit.of(
            source,
            replace(known.get(source.id, SourceState(source.id)), quiet=quiet),
            now=now,
        ).not_asked()
        is None
        for source in sources
        if is_on_the_web(source)
    )


@dataclass(frozen=True, slots=True)
class _Round:
    """What the visits of one round share; `quiet` is what one host asked of any source."""

    state: Callable[[str], SourceState]
    known: Callable[[str], bool]
    now: datetime
    force: bool
    quiet: tuple[tuple[str, datetime], ...]
    leases: Leases
    room: Room

    def begin(self, number: int, source: Source) -> Gathered | None:
        """Return visit `number` as soon as there is room; None if another collector is there."""
        self.room.enter(number)
        had = self.leases.take(_lease(source))
        made = self.visit(source) if had else None
        self.room.put(made)
        return made

    def visit(self, source: Source) -> Gathered:
        """Return what comes of a visit; what is remembered may be of another collector."""
        remembered = self.state(source.id)
        before = replace(remembered, quiet=self.quiet)
        if self.force:
            before = replace(remembered, due=None, gone=None, quiet=())
        made = _visit(source, before, self._asked, self.now)
        if self.force and not made.answered:
            return replace(made, state=_still(remembered, made.state, self.now))
        return made

    def parts(self, source: Source, made: Gathered) -> Iterator[Gathered]:
        """Yield a visit and what is left of it, then end its lease."""
        yield made
        while made.rest is not None:
            made = _tried(made.rest, made.state, self.now)
            yield made
        self.leases.end(_lease(source))

    def _asked(self, url: str) -> bool:
        if self.room.closed:
            raise CancelledError
        return self.known(url)


def _lease(source: Source) -> str:
    """Return what is leased for a visit: the host; what is of no host goes by its id."""
    return host_of(getattr(source, "url", "")) or f"source {source.id}"


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
