"""A run as it goes on."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from briefing.errors import BriefingError
from briefing.model import Failure, Run, RunKind, RunStatus

if TYPE_CHECKING:
    from briefing.store import Store

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]


class Record:
    """Counts and failures of a run; written down at each step, so that a crash leaves them.

    Attributes:
        counts: name → number.
        failures: what went wrong, in its order.
        run: the run as it was last written down.
    """

    def __init__(self, store: Store, kind: RunKind, clock: Clock) -> None:
        self.counts: Counter[str] = Counter()
        self.failures: list[Failure] = []
        self.run = Run(kind, clock())
        self._store, self._clock = store, clock
        self._number = store.start_run(kind, self.run.started)

    def save(self, status: RunStatus = "running") -> None:
        """Write the run down as it stands.

        Raises:
            StoreError: the store cannot be written.
        """
        number, self.run = self.standing()
        if status != "running":
            self.run = replace(self.run, finished=self._clock(), status=status)
        self._store.finish_run(number, self.run)

    def standing(self, **more: int) -> tuple[int, Run]:
        """Return the run's number, and the run as it stands with `more` counted."""
        counts = self.counts.copy()
        counts.update(more)
        run = replace(
            self.run,
            counts=tuple(sorted(counts.items())),
            failures=tuple(self.failures),
        )
        return self._number, run


@contextmanager
def recorded(store: Store, kind: RunKind, clock: Clock) -> Iterator[Record]:
    """Write a run down when it starts and when it ends, however it ends."""
    record = Record(store, kind, clock)
    try:
        yield record
    except BaseException:
        # The store may be what failed; the first error is the one to be told.
        with suppress(BriefingError):
            record.save("failed")
        raise
    record.save("partial" if record.failures else "done")
    log.info("event=%s status=%s %s", kind, record.run.status, dict(record.run.counts))
