"""One visit to each source, many at a time; one bad source never stops the others."""

from __future__ import annotations

import logging
import traceback
from collections import defaultdict, deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Final

from briefing.errors import StoreError
from briefing.gather.address import host_of
from briefing.gather.outcome import failed, unanswered
from briefing.gather.pace import due_after_failure
from briefing.gather.room import Room
from briefing.gather.visit import Visit, WebSource, all_quiet, is_on_the_web
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

PATIENCE: Final = 60.0
"""Seconds to wait, at the end of a round, for other collectors to be done with what they visit."""

AGAIN: Final = 0.2
"""Seconds after which is asked again whether they are."""


def gather(
    sources: Sequence[Source],
    *,
    state: Callable[[str], SourceState],
    known: Callable[[str], bool],
    now: datetime,
    clock: Callable[[], datetime] | None = None,
    force: bool = False,
    leases: Leases | None = None,
) -> Generator[Gathered]:
    """Yield what each source brought, in the order of `sources`, big folders in parts.

    A source whose host another collector is visiting comes last, when that one is done with it:
    then it is hardly ever due. If that one is not done in time, the source is left to it.

    Args:
        sources: the places to visit.
        state: returns what is remembered of the source with an id.
        known: tells whether the document at an address is already kept.
        now: the time at which the round begins, aware.
        clock: tells the time of each visit; None: that is `now`.
        force: also ask sources that are not due or are gone.
        leases: what this collector visits alone; each ends when what was brought has been taken,
            and the next is asked for. None: there is no other.

    `state` and `known` are called from several threads at a time and must bear that.
    What goes wrong in a source, also by a fault of the program, comes back as a failure
    of that source.

    Whoever stops listening, by an exception or `close`, waits for nothing: visits that have
    not begun never do, others end at their next entry, at once if their `Http` is closed.

    Raises:
        StoreError: `state`, `known` or `leases` raised it: no fault of the source.
    """
    quiet = all_quiet([state(source.id) for source in sources], now)
    beside = defaultdict[str, list[str]](list)
    for source in sources:
        beside[_lease(source)].append(source.id)
    room, leases = Room(HELD, WAITING), leases or Alone()
    whole = _Round(
        state, known, clock or (lambda: now), force, quiet, leases, beside, room
    )
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="gather")
    try:
        left = yield from whole.first(pool, sources)
        yield from whole.late(pool, left)
    except BaseException:
        room.close()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def due(
    sources: Sequence[Source], states: Sequence[SourceState], *, now: datetime
) -> list[Source]:
    """Return the sources that are to be asked now: none if no source of the Web is due.

    Others always are.

    Args:
        sources: the places to visit.
        states: what is remembered, of any sources.
        now: the present, aware.
    """
    known = {one.source: one for one in states}
    quiet = all_quiet(states, now)

    def asked(source: WebSource) -> bool:
        before = replace(known.get(source.id, SourceState(source.id)), quiet=quiet)
        return Visit.of(source, before, now=now).not_asked() is None

    found = [one for one in sources if not is_on_the_web(one) or asked(one)]
    return found if any(map(is_on_the_web, found)) else []


@dataclass(frozen=True, slots=True)
class _Round:
    """What the visits of one round share.

    Attributes:
        quiet: what one host asked of any source, when the round began.
        beside: lease → ids of the sources that it is of.
    """

    state: Callable[[str], SourceState]
    known: Callable[[str], bool]
    clock: Callable[[], datetime]
    force: bool
    quiet: tuple[tuple[str, datetime], ...]
    leases: Leases
    beside: Mapping[str, Sequence[str]]
    room: Room

    def first(
        self, pool: Executor, sources: Sequence[Source]
    ) -> Generator[Gathered, None, list[Source]]:
        """Yield the visits; return the sources at which another collector was."""
        left = []
        visits = deque(
            (source, pool.submit(self.begin, number, source))
            for number, source in enumerate(sources)
        )
        while visits:
            source, begun = visits.popleft()
            made = begun.result()
            self.room.take(made)
            if made is None:
                left.append(source)
            else:
                yield from self.parts(source, made)
        return left

    def late(self, pool: Executor, left: Sequence[Source]) -> Iterator[Gathered]:
        """Yield the visits to sources that another collector is done with in time."""
        until = monotonic() + PATIENCE
        visits = deque(
            (source, pool.submit(self.begin_late, source, until)) for source in left
        )
        while visits:
            source, begun = visits.popleft()
            made = begun.result()
            if made is not None:
                yield from self.parts(source, made)

    def begin(self, number: int, source: Source) -> Gathered | None:
        """Return visit `number` as soon as there is room; None if another collector is there."""
        self.room.enter(number)
        made = self._visit(source) if self.leases.take(_lease(source)) else None
        self.room.put(made)
        return made

    def begin_late(self, source: Source, until: float) -> Gathered | None:
        """Return a visit as soon as no other collector is there; None if one stays."""
        while not self.leases.take(_lease(source)):
            if monotonic() > until:
                log.warning("event=visit source=%s left=other", source.id)
                return None
            if self.room.wait_closed(AGAIN):
                raise CancelledError
        return self._visit(source)

    def _visit(self, source: Source) -> Gathered:
        """Return what comes of a visit; what is remembered may be of another collector."""
        now = self.clock()
        remembered = self.state(source.id)
        before = replace(remembered, quiet=self._quiet(source, now))
        if self.force:
            before = replace(remembered, due=None, gone=None, quiet=())
        made = _visit(source, before, self._asked, now)
        if self.force and not made.answered:
            return replace(made, state=_still(remembered, made.state, now))
        return made

    def _quiet(self, source: Source, now: datetime) -> tuple[tuple[str, datetime], ...]:
        """Return the hosts that are to be left alone, as other collectors were told meanwhile."""
        if self.leases.slot is None:
            return self.quiet
        found = [self.state(one) for one in self.beside[_lease(source)]]
        return all_quiet([SourceState("", quiet=self.quiet), *found], now)

    def parts(self, source: Source, made: Gathered) -> Iterator[Gathered]:
        """Yield a visit and what is left of it, then end its lease."""
        yield made
        while made.rest is not None:
            made = _tried(made.rest, made.state, self.clock())
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
