"""What robots.txt says (RFC 9309)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from briefing.gather.address import host_of
from briefing.gather.response import FetchError, Response

if TYPE_CHECKING:
    from protego import Protego

MAX_BYTES: Final = 500 * 1024
"""As much of it as has to be read (RFC 9309 §2.5); 5 MB take protego 10 s and 394 MB."""

MAX_DELAY: Final = 10.0
"""Seconds of a Crawl-delay that are heeded: more would not let a feed's entries be read."""

PRODUCT: Final = "briefing"
"""The name under which rules for this program stand."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one host allows.

    Attributes:
        parsed: its robots.txt, None if there is none.
        error: why its robots.txt could not be read, so that nothing is allowed for now.
    """

    parsed: Protego | None = None
    error: FetchError | None = None

    @property
    def delay(self) -> float:
        """Seconds between two requests, 0 if it does not say."""
        stated = self.parsed.crawl_delay(PRODUCT) if self.parsed else None
        return min(max(stated or 0.0, 0.0), MAX_DELAY)

    def check(self, url: str) -> None:
        """Return if `url` may be asked for.

        Raises:
            FetchError: ``robots``: it may not; or why that cannot be told.
        """
        if self.error is not None:
            raise self.error
        if self.parsed is not None and not self.parsed.can_fetch(url, PRODUCT):
            raise FetchError("robots", "robots.txt forbids it")


class Robots:
    """The rules of each host, read once.

    Args:
        read: returns the answer of an address, its body cut at `MAX_BYTES`; is told whether
            private addresses may be asked.
    """

    def __init__(self, read: Callable[[str, bool], Awaitable[Response]]) -> None:
        self._read = read
        self._known: dict[tuple[str, bool], asyncio.Task[Rules]] = {}

    async def rules(self, url: str, *, private: bool) -> Rules:
        """Return the rules of the host of `url`."""
        key = (f"{urlsplit(url).scheme}://{host_of(url)}/robots.txt", private)
        if key not in self._known:
            self._known[key] = asyncio.create_task(self._new(*key))
        # Whoever asked first may be stopped; the others wait on.
        return await asyncio.shield(self._known[key])

    async def _new(self, address: str, private: bool) -> Rules:
        try:
            answer = await self._read(address, private)
        except FetchError as error:
            return _without(error)
        text = answer.body.decode("utf-8-sig", "replace")
        # Half a megabyte of rules takes a second; the other hosts do not wait for it.
        return Rules(await asyncio.to_thread(_parsed, text))


def _parsed(text: str) -> Protego:
    from protego import Protego

    return Protego.parse(text)


def _without(error: FetchError) -> Rules:
    """Return the rules of a host whose robots.txt cannot be read (RFC 9309 §2.3.1).

    None where it says that there is none; else nothing is allowed.
    """
    told = error.status
    if 200 <= told < 500 and told != 429:
        return Rules()
    if not told and error.reason in ("timeout", "unreachable", "refused"):
        return Rules(error=error)  # as the page itself would end
    detail = f"robots.txt: {error.reason} {error.detail}"
    return Rules(
        error=FetchError(
            "robots", detail, status=told, host=error.host, headers=error.headers
        )
    )
