"""Work on all cores of this machine.

Every item is worked on in another process. One that takes too long, takes too much memory
or kills its process costs no other item anything: its process is replaced. A process may also
be killed for no fault of its item, as where the machine runs out of memory: that item is tried
again.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

from briefing.workers.base import TRIES, In, Loss, Out, Workers

if TYPE_CHECKING:
    from concurrent.futures import Future

    from pebble import ProcessPool

SECONDS: Final = 60.0
"""Most time for one item: a thousand times that of an ordinary page, on a busy machine too."""
CHUNK_SECONDS: Final = 15.0
"""Most time for a chunk, after which its items are done again, each with its own time."""
MEMORY: Final = 2_000_000_000
"""Most bytes of address space a process may take beyond those it starts with: a page of
50 MB takes 0.84 GB (`python -m bench "clean: a page of 50 MB"`)."""
PRELOADED: Final = ("briefing.ready",)
"""Modules that are read before processes are copied: what most work needs."""
_NO_MEMORY: Final = 75
"""Exit status of a process that was refused memory."""


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


class Processes(Workers):
    """Processes for work on many items, started when there is some.

    Few items get few processes, so that little work begins soon; more get one a core.

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
        self._running = 0
        self._given: WeakSet[Future[Any]] = WeakSet()
        self._closed = False
        self._changing = Lock()

    def close(self) -> None:
        """End the processes; whoever still waits for one gets a `CancelledError`."""
        with self._changing:
            self._closed = True
            self._stop()

    def _size(self) -> int:
        return self._running

    def _outcome(
        self,
        function: Callable[[In], Out],
        chunk: Sequence[In],
        given: Future[list[Out]],
    ) -> list[Out] | Loss:
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
        self, function: Callable[[In], Out], chunk: Sequence[In], *, many: bool = False
    ) -> Future[list[Out]]:
        size = self._most if many else self._few
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

        if self._pool is None or self._running < size or not self._pool.active:
            self._stop()
            # A process that overran its time must not be asked politely: it ignores that.
            pebble.CONSTS.term_timeout = 0
            self._running = max(size, self._running)
            # Forking a process that has threads (gathering does) can deadlock: start afresh.
            self._pool = pebble.ProcessPool(
                max_workers=self._running,
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
