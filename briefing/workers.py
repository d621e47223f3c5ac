"""Work on all cores: the same results, in the same order, as on one.

Every item is worked on in another process. One that takes too long, takes too much memory
or kills its process costs no other item anything: its process is replaced, and the caller
says what stands in its place. Items travel in chunks; a chunk that fails is done again one
item at a time, so that only the poisonous one is given up.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Literal, Self, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

    from pebble import ProcessPool

In = TypeVar("In")
Out = TypeVar("Out")

Loss = Literal["too-slow", "too-big", "crashed"]
"""Why an item was given up: time, memory, or the end of its process."""

CHUNK: Final = 32
"""Items sent to a process at once: about 0.5 s of cleaning, far above the 1 ms a task costs."""
SECONDS: Final = 60.0
"""Most time for one item: a thousand times that of an ordinary page, on a busy machine too."""
MEMORY: Final = 2_000_000_000
"""Most bytes of address space a process may take beyond those it starts with: a page of
50 MB takes 0.84 GB (`python -m bench "clean: a page of 50 MB"`)."""
_NO_MEMORY: Final = 75
"""Exit status of a process that was refused memory."""


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


class Workers:
    """Processes for work on many items, started when there is some; a context manager.

    Few items get one process, so that little work begins soon; more get one a core.
    """

    def __init__(
        self,
        processes: int | None = None,
        *,
        seconds: float = SECONDS,
        memory: int = MEMORY,
    ) -> None:
        self._most = cores() if processes is None else processes
        self._seconds = seconds
        self._memory = memory
        self._pool: ProcessPool | None = None
        self._size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def map(
        self,
        function: Callable[[In], Out],
        items: Iterable[In],
        *,
        lost: Callable[[In, Loss], Out],
    ) -> Iterator[Out]:
        """Yield ``function(item)`` for each item, in order.

        Streams: at most a few chunks are held at a time, whatever the length of `items`.

        Args:
            function: a picklable function; what it raises, other than `MemoryError`, is
                raised here.
            items: picklable values.
            lost: called here with an item that was given up and why; gives what stands
                for its result.
        """
        source = iter(items)
        first = list(islice(source, CHUNK))
        if not first:
            return
        pool = self._started(1 if len(first) < CHUNK else self._most)

        def give(chunk: Sequence[In]) -> Future[list[Out]]:
            given: Future[list[Out]] = pool.schedule(
                _each, args=(function, chunk), timeout=self._seconds
            )
            return given

        waiting: deque[tuple[Sequence[In], Future[list[Out]]]] = deque()
        everything = chain(first, source)
        while chunk := list(islice(everything, CHUNK)):
            waiting.append((chunk, give(chunk)))
            if len(waiting) > 3 * self._size:
                yield from _taken(*waiting.popleft(), give=give, lost=lost)
        while waiting:
            yield from _taken(*waiting.popleft(), give=give, lost=lost)

    def _started(self, size: int) -> ProcessPool:
        """Return a pool of at least `size` processes."""
        import pebble

        if self._pool is None or self._size < size:
            self._stop()
            # A process that overran its time must not be asked politely: it ignores that.
            pebble.CONSTS.term_timeout = 0
            self._size = size
            # Forking a process that has threads (gathering does) can deadlock: start afresh.
            self._pool = pebble.ProcessPool(
                max_workers=size,
                initializer=_enter,
                initargs=(self._memory,),
                context=get_context("spawn"),
            )
        return self._pool

    def _stop(self) -> None:
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble's own lack
            self._pool.join()
            self._pool = None


def _taken(
    chunk: Sequence[In],
    given: Future[list[Out]],
    *,
    give: Callable[[Sequence[In]], Future[list[Out]]],
    lost: Callable[[In, Loss], Out],
) -> Iterator[Out]:
    """Yield the results of a chunk; after a failure those of each item alone."""
    results = _outcome(given)
    if isinstance(results, list):
        yield from results
    elif len(chunk) == 1:
        yield lost(chunk[0], results)
    else:
        for item in chunk:
            yield from _taken([item], give([item]), give=give, lost=lost)


def _outcome(given: Future[list[Out]]) -> list[Out] | Loss:
    """Return the results, or why there are none."""
    from pebble import ProcessExpired

    try:
        return given.result()
    except TimeoutError:
        return "too-slow"
    except ProcessExpired as error:
        return "too-big" if error.exitcode == _NO_MEMORY else "crashed"


def _enter(memory: int) -> None:
    """Make a new process ready: leave stopping to the main process, and limit its memory."""
    # Ctrl-C and a service manager tell all processes of a group.
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_IGN)
    status = Path("/proc/self/statm")
    if status.exists():  # Linux; elsewhere only the time is limited
        import resource

        taken = int(status.read_text().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (taken + memory, hard))


def _each(function: Callable[[In], Out], chunk: Sequence[In]) -> list[Out]:
    """Return the results of a chunk; without memory, end the process: nothing in it is sure."""
    try:
        return [function(item) for item in chunk]
    except MemoryError:
        os._exit(_NO_MEMORY)
