"""One visit to each source, many at a time; one bad source never stops the others."""

from __future__ import annotations

import logging
import traceback
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Final

from briefing.errors import StoreError
from briefing.gather.outcome import failed, unanswered
from briefing.model import Gathered, SourceState
from briefing.ports import Source

log = logging.getLogger(__name__)

THREADS: Final = 16
"""Sources visited at a time; they mostly wait for the network."""


def gather(
    sources: Sequence[Source],
    *,
    state: Callable[[str], SourceState],
    known: Callable[[str], bool],
    now: datetime,
) -> Generator[Gathered]:
    """Yield what each source brought, in the order of `sources`.

    Args:
        sources: the places to visit.
        state: returns what is remembered of the source with an id.
        known: tells whether the document at an address is already kept.
        now: the time of the visits, aware.

    `state` and `known` are called from several threads at a time and must bear that.
    What goes wrong in a source, also by a fault of the program, comes back as a failure
    of that source.

    Whoever stops listening, by an exception or `close`, waits for nothing: visits that have
    not begun never do, others end at their next entry, at once if their `Http` is closed.

    Raises:
        StoreError: `state` or `known` raised it: no fault of the source.
    """
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="gather")
    stopped = Event()

    def asked(url: str) -> bool:
        if stopped.is_set():
            raise CancelledError
        return known(url)

    try:
        visits = deque(
            pool.submit(_visit, source, state, asked, now) for source in sources
        )
        while visits:
            yield visits.popleft().result()
    except BaseException:
        stopped.set()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _visit(
    source: Source,
    state: Callable[[str], SourceState],
    known: Callable[[str], bool],
    now: datetime,
) -> Gathered:
    before = SourceState(source.id)
    try:
        before = state(source.id)
        visit = source.fetch(state=before, known=known, now=now)
    except (StoreError, CancelledError):
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, the other sources go on
        failure = failed(source.id, "unexpected", f"{type(error).__name__}: {error}")
        log.warning(
            "event=visit source=%s at=%s error=%s",
            source.id,
            _where(error),
            failure.detail,
        )
        return unanswered(before, now, failure)
    log.debug(
        "event=visit source=%s answered=%s documents=%d failures=%d",
        source.id,
        visit.answered,
        len(visit.documents),
        len(visit.failures),
    )
    return visit


def _where(error: Exception) -> str:
    """Return the file and line an error comes from: enough to find it, without values."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"
