"""What robots.txt says (RFC 9309)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from briefing.gather.address import host_of
from briefing.gather.response import FetchError, Response

if TYPE_CHECKING:
    from protego import Protego

MAX_BYTES: Final = 500 * 1024
"""As much of it as has to be read (RFC 9309 §2.5); 5 MB take protego 10 s and 394 MB."""

MAX_RULES: Final = 10_000
"""Rules for us that are heeded, the first ones; robots.txt of 500 KiB has room for 25,000."""

MAX_WILD_RULES: Final = 500
"""Those of them with a wildcard, which are looked for one after the other, up to 20 µs each."""

MAX_DELAY: Final = 10.0
"""Seconds of a Crawl-delay that are heeded: more would not let a feed's entries be read."""

PRODUCT: Final = "briefing"
"""The name under which rules for this program stand."""


_AGENT: Final = re.compile(
    r"user[- ]?agent(?:\s*:\s*|\s+|$)(\*$|[a-z_-]*)", re.IGNORECASE
)
_SITE_WIDE: Final = ("sitemap", "site-map", "host")


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
        # The other hosts do not wait for it.
        return Rules(await asyncio.to_thread(parsed, text))


def parsed(text: str) -> Protego:
    """Return the rules for us in a robots.txt, as if they were for all."""
    from protego import Protego

    return Protego.parse("\n".join(["User-agent: *", *_few(_for_us(text))]))


def _for_us(text: str) -> list[str]:
    """Return the lines of the groups for this program; where there are none, those for all.

    protego would hold each rule once for each program of its group: gigabytes.
    """
    groups: dict[str, list[str]] = {}
    named: set[str] = set()
    in_rules = True
    for line in (one.partition("#")[0].strip() for one in text.splitlines()):
        if agent := _AGENT.match(line):
            named = set() if in_rules else named
            named |= {agent[1].lower()} & {"*", PRODUCT}
            in_rules = False
            for name in named:
                groups.setdefault(name, [])
        elif line and not line.lower().startswith(_SITE_WIDE):
            in_rules = True
            for name in named:
                groups[name].append(line)
    return groups.get(PRODUCT, groups.get("*", []))


def _few(lines: Sequence[str]) -> Iterator[str]:
    """Yield no more of the rules than can be looked through for each link."""
    wild = 0
    for line in lines[:MAX_RULES]:
        wild += "*" in line or "$" in line
        if wild <= MAX_WILD_RULES or not ("*" in line or "$" in line):
            yield line


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
