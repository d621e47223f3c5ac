"""Requests themselves: aiohttp on one asyncio loop, and every limit."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final, NamedTuple

import aiohttp
from yarl import URL

from briefing.errors import StoreError
from briefing.gather import robots
from briefing.gather.address import host_of
from briefing.gather.body import Body
from briefing.gather.codings import CODINGS
from briefing.gather.freshness import HEADERS, wants_no_cache
from briefing.gather.guard import NOT_PUBLIC, PORTS, guarded_socket
from briefing.gather.hosts import Host
from briefing.gather.request import Request, shown, target_of, to_url
from briefing.gather.response import FetchError, Response
from briefing.ports import Slot

MAX_REDIRECTS: Final = 5

MAX_OPEN: Final = 200
"""Requests under way at a time; systems give a program 1,024 open files, often fewer."""

AT_A_TIME: Final = 20
"""Of them, requests of one visit: pages of hosts that are silent keep no other visit waiting."""

MAX_HELD: Final = 64_000_000
"""Bytes of the pages of one visit, decoded, after which no more are asked for; those of 500 news
pages have about that. What is under way still comes, so `AT_A_TIME` bodies more may be held."""

ACCEPT: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.9, "
    "application/xml;q=0.9, text/plain;q=0.8, */*;q=0.1"
)

_NEXT_TIME: Final = f"{MAX_HELD // 1_000_000} MB were read, left for the next visit"
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PERMANENT: Final = frozenset({301, 308})
_CHARSET: Final = re.compile(
    r"charset\s{0,9}=\s{0,9}[\"']?([\w.:+-]{1,40})", re.ASCII | re.IGNORECASE
)


class _Redirect(NamedTuple):
    location: str
    permanent: bool


class Connection:
    """Sends requests; lives on one asyncio loop. Arguments as for `briefing.gather.Http`."""

    def __init__(
        self,
        *,
        agent: str,
        deadline: float,
        max_bytes: int,
        per_host: int,
        spacing: float,
        private: bool,
        slot: Slot | None,
    ) -> None:
        self._agent = agent
        self._deadline = deadline
        self._max_bytes = max_bytes
        self._private = private
        self._hosts: dict[str, Host] = {}
        self._new_host = partial(Host, requests=per_host, spacing=spacing)
        self._slot = slot
        self._robots = robots.Robots(self._robots_txt)
        self._open = asyncio.Semaphore(MAX_OPEN)
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def get(self, request: Request, *, cut: int = 0) -> Response:
        """Return the whole answer to a request, redirects followed.

        Args:
            request: what is asked for.
            cut: bytes of the body that are wanted; what follows is left. 0: all of it.

        Raises:
            FetchError: there is none that can be used.
        """
        loop = asyncio.get_running_loop()
        left, moved, url = self._deadline, True, to_url(request.url)
        ports = PORTS | {url.port}
        for hop in range(MAX_REDIRECTS + 1):
            host = await self._admitted(url, request, PORTS if request.link else ports)
            async with host.turn(spaced=not request.private), self._open:
                host.check()  # others may have found out meanwhile
                started = loop.time()
                try:
                    answer = await self._hop(host, url, request, left=left, cut=cut)
                except FetchError as error:
                    error.detour = not moved
                    raise
                left -= loop.time() - started
            if isinstance(answer, Response):
                return replace(answer, moved=moved) if hop and moved else answer
            moved = moved and answer.permanent
            url = target_of(answer.location, url)
        raise FetchError("redirects", f"over {MAX_REDIRECTS}", status=302)

    async def get_many(
        self, requests: Sequence[Request], *, within: float
    ) -> list[Response | FetchError | None]:
        """Return what comes of each request, in their order; see `briefing.gather.Http`."""
        turns, held = asyncio.Semaphore(AT_A_TIME), 0

        async def outcome(request: Request) -> Response | FetchError:
            nonlocal held
            async with turns:
                if held >= MAX_HELD:
                    return FetchError("too-large", _NEXT_TIME)
                found = await self._outcome(request)
            held += len(found.body) if isinstance(found, Response) else 0
            return found

        tasks = [asyncio.create_task(outcome(one)) for one in requests]
        late = (await asyncio.wait(tasks, timeout=within))[1] if tasks else set()
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return [None if task.cancelled() else task.result() for task in tasks]

    async def close(self) -> None:
        """Stop every request that is under way and close all connections."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for session in self._sessions.values():
            await session.close()

    async def _outcome(self, request: Request) -> Response | FetchError:
        try:
            return await self.get(request)
        except FetchError as error:
            return error
        except StoreError:  # of the slots of hosts
            raise
        except Exception as error:  # noqa: BLE001  # one address costs the others nothing
            return FetchError("unexpected", f"{type(error).__name__}: {error}")

    async def _admitted(
        self, url: URL, request: Request, ports: frozenset[int | None]
    ) -> Host:
        """Return the host of `url`, if that may be asked for."""
        if url.port not in ports and not (request.private or self._private):
            raise FetchError("refused", f"port {url.port} of a link")
        host = self._host(host_of(str(url)))
        if request.link:
            rules = await self._robots.rules(str(url), private=request.private)
            # In a thread: thousands of rules take a hundredth of a second.
            await asyncio.to_thread(rules.check, str(url))
            host.spacing = max(host.spacing, rules.delay)
        return host

    def _host(self, name: str) -> Host:
        if name not in self._hosts:
            slot = self._slot and partial(self._slot, name)
            self._hosts[name] = self._new_host(slot=slot)
        return self._hosts[name]

    async def _robots_txt(self, address: str, private: bool) -> Response:
        return await self.get(Request(address, private=private), cut=robots.MAX_BYTES)

    async def _hop(
        self, host: Host, url: URL, request: Request, *, left: float, cut: int
    ) -> Response | _Redirect:
        """Return the answer of one address, or where it redirects to."""
        try:
            answer = await self._answer(url, request, left=left, cut=cut)
        except FetchError as error:
            host.heard(error)
            raise
        host.heard(None)
        return answer

    async def _answer(
        self, url: URL, request: Request, *, left: float, cut: int
    ) -> Response | _Redirect:
        session = self._session(private=request.private or self._private)
        try:
            async with (
                asyncio.timeout(left),
                session.get(
                    url, headers=request.headers, allow_redirects=False
                ) as answer,
            ):
                return await self._read(
                    answer, conditional=bool(request.headers), cut=cut
                )
        except TimeoutError as error:
            raise FetchError("timeout", f"{self._deadline:g} s") from error
        except aiohttp.ClientError as error:
            raise _failure(error) from error
        except ValueError as error:  # yarl's and the idna codec's, for odd host names
            raise FetchError("unsupported", str(error)) from error

    def _session(self, *, private: bool) -> aiohttp.ClientSession:
        # One each: a connection that was let through is never used by who may not have it.
        if private not in self._sessions:
            self._sessions[private] = aiohttp.ClientSession(
                auto_decompress=False,  # it would expand a bomb whole: see Body
                connector=aiohttp.TCPConnector(
                    limit=0,
                    resolver=aiohttp.ThreadedResolver(),
                    socket_factory=None if private else guarded_socket,
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
        return self._sessions[private]

    async def _read(
        self, answer: aiohttp.ClientResponse, *, conditional: bool, cut: int
    ) -> Response | _Redirect:
        status, location = answer.status, answer.headers.get("Location")
        if status in _REDIRECTS and location:
            return _Redirect(location, status in _PERMANENT)
        told = {
            name: answer.headers[name] for name in HEADERS if name in answer.headers
        }
        if status != 200 and not (status == 304 and conditional):
            raise FetchError(
                "http-status",
                str(status),
                status=status,
                host=host_of(str(answer.url)),
                headers=told,
            )
        kind = answer.headers.get("Content-Type", "")
        charset = _CHARSET.search(kind)
        return Response(
            url=shown(answer.url),
            status=status,
            body=await self._body(answer, cut) if status == 200 else b"",
            media_type=kind.partition(";")[0].strip().lower(),
            charset=charset[1] if charset else None,
            etag=None if wants_no_cache(told) else _validator(answer, "ETag"),
            last_modified=(
                None if wants_no_cache(told) else _validator(answer, "Last-Modified")
            ),
            headers=told,
        )

    async def _body(self, answer: aiohttp.ClientResponse, cut: int) -> bytes:
        if not cut and (answer.content_length or 0) > self._max_bytes:
            raise FetchError("too-large", f"{answer.content_length} bytes")
        coding = ", ".join(answer.headers.getall("Content-Encoding", []))
        body = Body(coding, limit=cut or self._max_bytes)
        try:
            async for piece in answer.content.iter_any():
                body.add(piece)
        except FetchError as error:
            if cut and error.reason == "too-large":
                return body.so_far()
            raise
        return body.end()


def _validator(answer: aiohttp.ClientResponse, name: str) -> str | None:
    """Return a validator that can be kept and sent back byte for byte, or None."""
    value = answer.headers.get(name)
    return value if value and value.isascii() and value.isprintable() else None


def _failure(error: aiohttp.ClientError) -> FetchError:
    """Return why there is no answer."""
    if isinstance(error, aiohttp.InvalidURL):  # 127.1, 0x7f000001 and the like
        return FetchError("unsupported", str(error))
    told = _cause(error)
    if NOT_PUBLIC in told:
        return FetchError("refused", told[told.index(NOT_PUBLIC) :].partition(", [")[0])
    return FetchError("unreachable", told)


def _cause(error: aiohttp.ClientError) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return f"no such host: {error.host}"
    if isinstance(error, aiohttp.ClientConnectorError):
        return error.os_error.strerror or str(error.os_error)
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "the connection was closed without an answer"
    if isinstance(error, aiohttp.ClientResponseError):
        return f"no HTTP: {error.message}"
    return str(error)
