"""One host's turns: how many requests at a time, and how far apart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Host:
    """A host and port, as long as the network reader is open.

    Args:
        requests: that may be under way at a time.
        spacing: seconds between the beginnings of two.

    Attributes:
        spacing: as given, or longer where the host's robots.txt asks for it.
        closed: it has asked not to be asked (429).
    """

    def __init__(self, *, requests: int, spacing: float) -> None:
        self.spacing = spacing
        self.closed = False
        self._turns = asyncio.Semaphore(requests)
        self._free = 0.0

    @asynccontextmanager
    async def turn(self, *, spaced: bool) -> AsyncIterator[None]:
        """Wait for a turn and hold it; the spacing is kept if it is to be `spaced`."""
        async with self._turns:
            if spaced and self.spacing:
                now = asyncio.get_running_loop().time()
                begins = max(now, self._free)
                self._free = begins + self.spacing
                await asyncio.sleep(begins - now)
            yield
