"""One host's turns: how many requests at a time, and how far apart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from briefing.gather.response import FetchError

GIVE_UP: Final = 3
"""Requests in a row without an answer, after which a host is left alone: at 20 s each, a feed
of 500 entries would else wait for almost three hours."""


class Host:
    """A host and port, as long as the network reader is open.

    Args:
        requests: that may be under way at a time.
        spacing: seconds between the beginnings of two.
        slot: given the spacing, reserves the next request, and returns in how many seconds it may
            begin; None: nobody else asks this host.

    Attributes:
        spacing: as given, or longer where the host's robots.txt asks for it.
        closed: it has asked not to be asked (429).
        silent: requests in a row that had no answer.
    """

    def __init__(
        self,
        *,
        requests: int,
        spacing: float,
        slot: Callable[[float], float] | None = None,
    ) -> None:
        self.spacing = spacing
        self.closed = False
        self.silent = 0
        self._turns = asyncio.Semaphore(requests)
        self._free = 0.0
        self._slot = slot

    def check(self) -> None:
        """Return if it may be asked.

        Raises:
            FetchError: it wants to be left alone, or has given no answer too often.
        """
        if self.closed:
            raise FetchError("waits", "the host asked to be left alone (429)")
        if self.silent >= GIVE_UP:
            raise FetchError(
                "unreachable", f"not asked: {GIVE_UP} before had no answer"
            )

    def heard(self, error: FetchError | None) -> None:
        """Take note of an answer, or of why there was none."""
        silent = error is not None and error.reason in ("timeout", "unreachable")
        self.silent = self.silent + 1 if silent else 0
        self.closed |= error is not None and error.status == 429

    @asynccontextmanager
    async def turn(self, *, spaced: bool) -> AsyncIterator[None]:
        """Wait for a turn and hold it; the spacing is kept if it is to be `spaced`."""
        async with self._turns:
            if spaced and self.spacing:
                await asyncio.sleep(await self._wait())
            yield

    async def _wait(self) -> float:
        """Return in how many seconds the next request may begin; that moment is taken then."""
        if self._slot is not None:
            return await asyncio.to_thread(self._slot, self.spacing)
        now = asyncio.get_running_loop().time()
        begins = max(now, self._free)
        self._free = begins + self.spacing
        return begins - now
