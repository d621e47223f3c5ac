"""An asyncio loop in a thread of its own, usable from any thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from threading import Lock, Thread
from typing import Any, ParamSpec, TypeVar

from briefing.gather.connection import Connection
from briefing.gather.request import Request
from briefing.gather.response import FetchError, Response
from briefing.workers.aside import aside

_P = ParamSpec("_P")
_T = TypeVar("_T")


class _Lookups(ThreadPoolExecutor):
    """Makes each call, a look-up of a name, aside.

    Threads of a common pool are waited for at exit, half a minute where no name server answers, and
    all hosts would wait for the few that are in it.
    """

    def submit(
        self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> Future[_T]:
        """Return the result to be of a call."""
        return aside(fn, *args, **kwargs)


class Background:
    """A connection on a loop of its own, in a thread of its own, usable from any thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._closing = Lock()
        self._closed = False
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(_Lookups())
        self._thread = Thread(target=self._loop.run_forever, name="http", daemon=True)
        self._thread.start()

    def get(self, request: Request) -> Response:
        """Return the answer to a request; see `Connection.get`.

        Raises:
            CancelledError: it was stopped by `close`.
        """
        return self._run(self._connection.get(request))

    def get_many(
        self, requests: Sequence[Request], *, within: float
    ) -> list[Response | FetchError | None]:
        """Return what comes of each request; see `Connection.get_many`.

        Raises:
            CancelledError: it was stopped by `close`.
        """
        return self._run(self._connection.get_many(requests, within=within))

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        with self._closing:
            # Work for a loop that has stopped would wait for ever.
            if self._closed:
                work.close()
                raise CancelledError
            answer = asyncio.run_coroutine_threadsafe(work, self._loop)
        return answer.result()

    def close(self) -> None:
        """Stop every request and the thread."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
        asyncio.run_coroutine_threadsafe(self._connection.close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
