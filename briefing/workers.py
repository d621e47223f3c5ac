"""Work on all cores: the same results, in the same order, as on one.

Every item is worked on in another process. One that takes too long, takes too much memory
or kills its process costs no other item anything: its process is replaced, and the caller
says what stands in its place. Items travel in chunks; a chunk that fails is done again item
by item, so that only the poisonous one is given up. A process may also be killed for no fault
of its item, as where the machine runs out of memory: that item is tried again.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from enum import Enum
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypeVar
from weakref import WeakSet

if TYPE_CHECKING:
    from concurrent.futures import Future

    from pebble import ProcessPool

In = TypeVar("In")
Out = TypeVar("Out")

Loss = Literal["too-slow", "too-big", "crashed"]
"""Why an item was given up: time, memory, or the end of its process."""


class Pause(Enum):
    """Stands between items: the next one may take its time, so what was given is finished."""

    PAUSE = "pause"


PAUSE: Final = Pause.PAUSE

CHUNK: Final = 32
"""Items sent to a process at once: about 0.5 s of cleaning, far above the 1 ms a task costs."""
SECONDS: Final = 60.0
"""Most time for one item: a thousand times that of an ordinary page, on a busy machine too."""
CHUNK_SECONDS: Final = 15.0
"""Most time for a chunk, after which its items are done again, each with its own time."""
TRIES: Final = 2
"""Times that an item is tried whose process ends, or whose pool breaks."""
MEMORY: Final = 2_000_000_000
"""Most bytes of address space a process may take beyond those it starts with: a page of
50 MB takes 0.84 GB (`python -m bench "clean: a page of 50 MB"`)."""
PRELOADED: Final = ("briefing.clean.ready", "briefing.condense")
"""Modules that are read before processes are copied: they hold what most work needs."""
_NO_MEMORY: Final = 75
"""Exit status of a process that was refused memory."""


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


class Workers:
    """Processes for work on many items, started when there is some; a context manager.

    Few items get few processes, so that little work begins soon; more get one a core.
    May be used by several threads at a time.

    Args:
        processes: for much work; None for one a core.
        few: for less than a chunk.
        seconds: most time for one item.
        memory: most bytes of address space for a process, beyond those it starts with.
    """

    def __init__(
        self,
        processes: int | None = None,
        *,
        few: int = 1,
        seconds: float = SECONDS,
        memory: int = MEMORY,
    ) -> None:
        self._most = cores() if processes is None else processes
        self._few = few
        self._seconds = seconds
        self._memory = memory
        self._pool: ProcessPool | None = None
        self._size = 0
        self._given: WeakSet[Future[Any]] = WeakSet()
        self._closed = False
        self._changing = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes; whoever still waits for one gets a `CancelledError`."""
        with self._changing:
            self._closed = True
            self._stop()

    def map(
        self,
        function: Callable[[In], Out],
        items: Iterable[In | Pause],
        *,
        lost: Callable[[In, Loss], Out],
    ) -> Iterator[Out]:
        """Yield ``function(item)`` for each item, in order.

        Streams: at most a few chunks are held at a time, whatever the length of `items`, and
        none at a `PAUSE` in them.

        Args:
            function: a picklable function; what it raises, other than `MemoryError`, is
                raised here.
            items: picklable values.
            lost: called here with an item that was given up and why; gives what stands
                for its result.

        Raises:
            CancelledError: it was closed.
        """
        source = iter(items)
        size = self._few
        waiting: deque[tuple[Sequence[In], Future[list[Out]]]] = deque()
        more = True
        while more:
            chunk, more = _chunk(source)
            size = size if len(chunk) < CHUNK else self._most
            if chunk:
                waiting.append((chunk, self._give(function, chunk, size=size)))
            most = 3 * self._size if len(chunk) == CHUNK else 0
            while len(waiting) > most:
                yield from self._taken(function, *waiting.popleft(), lost=lost)
        while waiting:
            yield from self._taken(function, *waiting.popleft(), lost=lost)

    def _taken(
        self,
        function: Callable[[In], Out],
        chunk: Sequence[In],
        given: Future[list[Out]],
        *,
        lost: Callable[[In, Loss], Out],
    ) -> Iterator[Out]:
        """Yield the results of a chunk; after a failure those of each item alone."""
        results = self._outcome(function, chunk, given)
        if isinstance(results, list):
            yield from results
        elif len(chunk) == 1:
            yield lost(chunk[0], results)
        else:
            alone = [([item], self._give(function, [item])) for item in chunk]
            for one, again in alone:
                yield from self._taken(function, one, again, lost=lost)

    def _outcome(
        self,
        function: Callable[[In], Out],
        chunk: Sequence[In],
        given: Future[list[Out]],
    ) -> list[Out] | Loss:
        """Return the results, or why there are none."""
        from pebble import ProcessExpired

        for left in reversed(range(TRIES)):
            try:
                return given.result()
            except TimeoutError:
                return "too-slow"
            except ProcessExpired as error:
                if error.exitcode == _NO_MEMORY:
                    return "too-big"
                if len(chunk) > 1:
                    return "crashed"
            except (BrokenProcessPool, CancelledError):
                # A process was killed before it had begun; all that was given is lost.
                pass
            if left:
                given = self._give(function, chunk)
        return "crashed"

    def _give(
        self, function: Callable[[In], Out], chunk: Sequence[In], *, size: int = 1
    ) -> Future[list[Out]]:
        """Send a chunk to a pool of at least `size` processes."""
        seconds = self._seconds
        if len(chunk) > 1:
            seconds = min(seconds, CHUNK_SECONDS)
        with self._changing:
            if self._closed:
                raise CancelledError
            given: Future[list[Out]] = self._started(size).schedule(
                _each, args=(function, chunk), timeout=seconds
            )
            self._given.add(given)
        return given

    def _started(self, size: int) -> ProcessPool:
        """Return a pool of at least `size` processes that works."""
        import pebble

        if self._pool is None or self._size < size or not self._pool.active:
            self._stop()
            # A process that overran its time must not be asked politely: it ignores that.
            pebble.CONSTS.term_timeout = 0
            self._size = max(size, self._size)
            # Forking a process that has threads (gathering does) can deadlock: start afresh.
            self._pool = pebble.ProcessPool(
                max_workers=self._size,
                initializer=_enter,
                initargs=(self._memory,),
                context=_context(),
            )
        return self._pool

    def _stop(self) -> None:
        """End the pool, and let go of whoever waits for it."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble's own lack
            self._pool.join()
            self._pool = None
        for given in list(self._given):
            given.cancel()


def _chunk(source: Iterator[In | Pause]) -> tuple[list[In], bool]:
    """Return the next items, at most `CHUNK` or up to a pause, and whether it goes on."""
    chunk: list[In] = []
    for item in source:
        if isinstance(item, Pause):
            return chunk, True
        chunk.append(item)
        if len(chunk) == CHUNK:
            return chunk, True
    return chunk, False


def _context() -> BaseContext:
    """Return how processes start: copied from one that has no threads and has read the code.

    Copying this one, which may have threads, could deadlock; a process that starts afresh
    reads the code once more, which takes a second.
    """
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    # Each has a core for itself; NumPy would have threads on all of them, which wait busily.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    context = get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    return context


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
