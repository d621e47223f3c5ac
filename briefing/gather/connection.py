"""Requests themselves: one asyncio loop in a thread, aiohttp on it, and every limit."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from threading import Lock, Thread
from typing import Final, ParamSpec, TypeVar
from urllib.parse import urlsplit

import aiohttp

from briefing.gather.address import public, web_address
from briefing.gather.body import CODINGS, Body
from briefing.gather.response import FetchError, Response

MAX_REDIRECTS: Final = 5

ACCEPT: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.9, "
    "application/xml;q=0.9, text/plain;q=0.8, */*;q=0.1"
)

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_P = ParamSpec("_P")
_T = TypeVar("_T")
_CHARSET: Final = re.compile(
    r"charset\s{0,9}=\s{0,9}[\"']?([\w.:+-]{1,40})", re.ASCII | re.IGNORECASE
)


class Connection:
    """Sends requests; lives on one asyncio loop. Arguments as for `briefing.gather.Http`."""

    def __init__(
        self, *, agent: str, deadline: float, max_bytes: int, per_host: int
    ) -> None:
        self._agent = agent
        self._deadline = deadline
        self._max_bytes = max_bytes
        self._turns: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(per_host)
        )
        self._session: aiohttp.ClientSession | None = None

    async def get(self, url: str, headers: Mapping[str, str]) -> Response:
        """Return the whole answer of `url`.

        Raises:
            FetchError: there is none that can be used.
        """
        loop = asyncio.get_running_loop()
        left = self._deadline
        for _ in range(MAX_REDIRECTS + 1):
            async with self._turns[_host(url)]:
                started = loop.time()
                answer = await self._hop(url, headers, left)
                left -= loop.time() - started
            if isinstance(answer, Response):
                return answer
            url = _target(answer, url)
        raise FetchError("unreachable", f"over {MAX_REDIRECTS} redirects")

    async def close(self) -> None:
        """Stop every request that is under way and close all connections."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _hop(
        self, url: str, headers: Mapping[str, str], left: float
    ) -> Response | str:
        """Return the answer of one address, or where it redirects to."""
        try:
            async with (
                asyncio.timeout(left),
                self._open().get(url, headers=headers, allow_redirects=False) as answer,
            ):
                return await self._read(answer, conditional=bool(headers))
        except TimeoutError as error:
            raise FetchError("timeout", f"{self._deadline:g} s") from error
        except aiohttp.ClientError as error:
            raise FetchError("unreachable", _cause(error)) from error
        except ValueError as error:  # yarl's and the idna codec's, for odd host names
            raise FetchError("unsupported", str(error)) from error

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                auto_decompress=False,  # it would expand a bomb whole: see Body
                connector=aiohttp.TCPConnector(
                    limit=0, resolver=aiohttp.ThreadedResolver()
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={
                    "User-Agent": self._agent,
                    "Accept": ACCEPT,
                    "Accept-Encoding": CODINGS,
                },
                timeout=aiohttp.ClientTimeout(),  # ours is around everything
                trust_env=False,
            )
        return self._session

    async def _read(
        self, answer: aiohttp.ClientResponse, *, conditional: bool
    ) -> Response | str:
        location = answer.headers.get("Location")
        if answer.status in _REDIRECTS and location:
            return location
        if answer.status != 200 and not (answer.status == 304 and conditional):
            raise FetchError("http-status", str(answer.status))
        kind = answer.headers.get("Content-Type", "")
        charset = _CHARSET.search(kind)
        return Response(
            url=public(str(answer.url)),
            status=answer.status,
            body=await self._body(answer) if answer.status == 200 else b"",
            media_type=kind.partition(";")[0].strip().lower(),
            charset=charset[1] if charset else None,
            etag=_validator(answer, "ETag"),
            last_modified=_validator(answer, "Last-Modified"),
        )

    async def _body(self, answer: aiohttp.ClientResponse) -> bytes:
        if (answer.content_length or 0) > self._max_bytes:
            raise FetchError("too-large", f"{answer.content_length} bytes")
        coding = ", ".join(answer.headers.getall("Content-Encoding", []))
        body = Body(coding, limit=self._max_bytes)
        async for piece in answer.content.iter_any():
            body.add(piece)
        return body.end()


class _Lookups(ThreadPoolExecutor):
    """Runs each call, a look-up of a name, in a thread that is left behind at exit.

    Those of a common pool are waited for, half a minute where no name server answers, and
    all hosts would wait for the few that are in it.
    """

    def submit(
        self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> Future[_T]:
        """Return the result to be of a call."""
        future: Future[_T] = Future()
        future.set_running_or_notify_cancel()

        def call() -> None:
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001  # whoever waits gets it
                future.set_exception(error)

        Thread(target=call, name="lookup", daemon=True).start()
        return future


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

    def get(self, url: str, headers: Mapping[str, str]) -> Response:
        """Return the answer of `url`; see `Connection.get`.

        Raises:
            CancelledError: it was stopped by `close`.
        """
        with self._closing:
            # A request to a loop that has stopped would wait for ever.
            if self._closed:
                raise CancelledError
            answer = asyncio.run_coroutine_threadsafe(
                self._connection.get(url, headers), self._loop
            )
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


def _host(url: str) -> str:
    """Return host and port of `url`.

    Raises:
        FetchError: it is not an http or https address.
    """
    if web_address(url) is None:
        raise FetchError("unsupported", url)
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def _target(location: str, url: str) -> str:
    """Return where `url` redirects to; a server cannot make us send a password."""
    target = web_address(location, base=public(url))
    if target is None:
        raise FetchError("unsupported", f"redirect to {location}")
    return target


def _validator(answer: aiohttp.ClientResponse, name: str) -> str | None:
    """Return a validator that can be kept and sent back byte for byte, or None."""
    value = answer.headers.get(name)
    return value if value and value.isascii() and value.isprintable() else None


def _cause(error: aiohttp.ClientError) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return f"no such host: {error.host}"
    if isinstance(error, aiohttp.ClientConnectorError):
        return error.os_error.strerror or str(error)
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "the connection was closed without an answer"
    if isinstance(error, aiohttp.ClientResponseError):
        return f"no HTTP: {error.message}"
    return str(error)
