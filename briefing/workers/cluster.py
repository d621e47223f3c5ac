"""Work on a Dask cluster: the same results, in the same order, as on this machine.

Each Dask worker does a chunk in processes of its own, as this machine would: an item that takes
too long, takes too much memory or kills its process is given up there, and costs the Dask worker
nothing. What a Dask worker had when it was lost is done by another.

A chunk travels as bytes. Dask would look into each article for futures, and its scheduler would
have to know our types.
"""

from __future__ import annotations

import logging
import multiprocessing
import pickle
import re
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from concurrent.futures import Future as Waiting
from contextlib import suppress
from functools import cache, partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

from briefing import __version__
from briefing.errors import ClusterError
from briefing.workers.aside import aside
from briefing.workers.base import CHUNK, TRIES, In, Loss, Lost, Out, Workers
from briefing.workers.processes import MEMORY, SECONDS, Processes

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECTING: Final = 10.0
"""Seconds in which the scheduler has to answer."""
PATIENCE: Final = 60.0
"""Seconds without any worker after which nobody waits for one any more."""
BUNDLE: Final = 3 * CHUNK
"""Items sent to a Dask worker at once: its processes need not wait for each chunk's way."""
_LOOK: Final = 5.0
"""Seconds after which it is looked whether there still are workers."""


def check_scheduler(address: str) -> str:
    """Return `address` if it is that of a Dask scheduler.

    Raises:
        ValueError: it is not.
    """
    if not re.fullmatch(r"(tcp|tls)://([\w.-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}", address):
        raise ValueError("needs an address like tcp://scheduler:8786")
    return address


class Cluster(Workers):
    """The workers of a Dask cluster; it is connected with when there is work.

    Args:
        address: the scheduler's.
        seconds: most time for one item.
        memory: most bytes of address space for an item's process, beyond those it starts with.
        patience: seconds to wait for a worker where there is none.
    """

    chunk = BUNDLE

    def __init__(
        self,
        address: str,
        *,
        seconds: float = SECONDS,
        memory: int = MEMORY,
        patience: float = PATIENCE,
    ) -> None:
        self._address = address
        self._work = partial(
            _worked, version=__version__, seconds=seconds, memory=memory
        )
        self._patience = patience
        self._client: Client | None = None
        self._given: WeakSet[Future[bytes]] = WeakSet()
        self._closed = False
        self._changing = Lock()

    def close(self) -> None:
        """Let go of the cluster; whoever still waits for it gets a `CancelledError`."""
        with self._changing:
            self._closed = True
            client, self._client = self._client, None
        if client is None:
            return
        # A scheduler that is gone needs not be told; nor does this wait for it.
        with suppress(OSError, CancelledError):
            if client.status == "running":
                client.cancel(list(self._given), force=True)
        client.close(timeout=1)

    def _size(self) -> int:
        with self._changing:
            client = self._connected()
        return max(1, self._threads(client))

    def _give(
        self, function: Callable[[In], Out], chunk: Sequence[In], *, many: bool = False
    ) -> Future[bytes]:
        packed = pickle.dumps((function, chunk), pickle.HIGHEST_PROTOCOL)
        with self._changing:
            client = self._connected()
            try:
                given = client.submit(self._work, packed, pure=False)
            except (OSError, RuntimeError) as error:
                raise self._gone() from error
            self._given.add(given)
        return given

    def _outcome(
        self, function: Callable[[In], Out], chunk: Sequence[In], given: Future[bytes]
    ) -> Sequence[Out | Lost] | Loss:
        from distributed.scheduler import KilledWorker

        for left in reversed(range(TRIES)):
            try:
                answer = pickle.loads(self._awaited(given))
            except KilledWorker:
                # Several workers in turn were lost with it. That may be no fault of it.
                if len(chunk) > 1:
                    return "crashed"
            else:
                if isinstance(answer, Exception):
                    raise answer
                results: Sequence[Out | Lost] = answer
                return results
            if left:
                given = self._give(function, chunk)
        return "crashed"

    def _awaited(self, given: Future[bytes]) -> bytes:
        """Return what a worker answers.

        Raises:
            KilledWorker: workers were lost with it, again and again.
            CancelledError: this was closed.
            ClusterError: scheduler or workers are gone, or are not fit for it.
        """
        from distributed.scheduler import KilledWorker

        alone = 0.0
        while True:
            try:
                answer: bytes = given.result(timeout=_LOOK)
            except TimeoutError:
                alone = self._alone(alone)
            except (KilledWorker, ClusterError):
                raise
            except (CancelledError, OSError) as error:
                raise self._gone() from error
            except Exception as error:
                # What the function raises comes as a value: this is of Dask itself.
                told = " ".join(str(error).split())
                raise ClusterError(f"{self._address}: {told}") from error
            else:
                return answer

    def _alone(self, seconds: float) -> float:
        """Return for how long there has been no worker, after `seconds` and a look more.

        Raises:
            ClusterError: it has been too long.
        """
        with self._changing:
            client = self._connected()
        if self._threads(client):
            return 0.0
        if seconds + _LOOK > self._patience:
            raise ClusterError(f"{self._address}: the scheduler has no worker")
        return seconds + _LOOK

    def _threads(self, client: Client) -> int:
        """Return how many chunks the cluster can work on at a time."""
        try:
            return int(client.scheduler_info(n_workers=0)["total_threads"])
        except (OSError, CancelledError, RuntimeError, LookupError) as error:
            raise self._gone() from error

    def _gone(self) -> ClusterError | CancelledError:
        """Return why there is nobody: this was closed, or the scheduler went away."""
        if self._closed:
            return CancelledError()
        return ClusterError(
            f"{self._address}: the Dask scheduler went away; what was kept is kept, run it again"
        )

    def _connected(self) -> Client:
        """Return a connection to a cluster that has a worker.

        Raises:
            CancelledError: this was closed.
            ClusterError: Dask is not installed, or nobody answers.
        """
        if self._closed:
            raise CancelledError
        if self._client is None:
            self._client = _client(self._address, patience=self._patience)
        elif self._client.status != "running":
            raise self._gone()
        return self._client


def _client(address: str, *, patience: float) -> Client:
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise ClusterError("this needs Dask: pip install 'briefing[dask]'") from error
    # A chunk of web pages is large; and what Dask logs of losses we say in our own words.
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = _opened(
            partial(Client, address, timeout=CONNECTING, set_as_default=False)
        )
    except (OSError, ValueError) as error:
        raise ClusterError(f"{address}: no Dask scheduler answers there") from error
    try:
        client.wait_for_workers(1, timeout=patience)
    except (OSError, CancelledError) as error:
        client.close(timeout=1)
        raise ClusterError(f"{address}: the scheduler has no worker") from error
    return client


def _opened(client: Callable[[], Client]) -> Client:
    """Return a connection that `client` opens.

    Dask waits for ever for a scheduler that takes a connection and then stands still.

    Raises:
        OSError: nobody answers.
    """
    opening = aside(client)
    try:
        return opening.result(2 * CONNECTING)
    except TimeoutError:
        opening.add_done_callback(_close)
        raise


def _close(opening: Waiting[Client]) -> None:
    """Close a connection that came about too late."""
    with suppress(Exception):
        opening.result().close(timeout=1)


def _worked(packed: bytes, *, version: str, seconds: float, memory: int) -> bytes:
    """Do a chunk, at a Dask worker; return its results, or what it raised.

    Raises:
        ClusterError: the worker has another version, whose results may be others.
    """
    from distributed import get_worker

    worker = get_worker()
    if version != __version__:
        raise ClusterError(
            f"{worker.address}: this worker has briefing {__version__}, not {version}"
        )
    function, chunk = pickle.loads(packed)
    with _starting:
        processes = _processes(worker.state.nthreads, seconds, memory)
    try:
        answer: object = list(processes.map(function, chunk, lost=_lost))
    except Exception as error:  # noqa: BLE001  # it is the caller's, wherever he is
        answer = error
    return pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)


_starting = Lock()


@cache
def _processes(count: int, seconds: float, memory: int) -> Processes:
    """Return the processes of this Dask worker; they end with it."""
    # Dask's nanny starts workers as daemons, which by a rule of multiprocessing may have no
    # children, lest they outlive it. Ours do not: they end when nobody can give them work.
    process = multiprocessing.current_process()
    config: dict[str, Any] = process._config  # type: ignore[attr-defined]  # not in the stubs
    config["daemon"] = False
    return Processes(count, few=count, seconds=seconds, memory=memory)


def _lost(item: object, why: Loss) -> Lost:
    return Lost(why)
