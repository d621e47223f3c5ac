"""Room for what was gathered and nobody has taken yet."""

from __future__ import annotations

from concurrent.futures import CancelledError
from threading import Condition

from briefing.model import Gathered


class Room:
    """Keeps visits from beginning while too much of the earlier ones waits to be taken.

    Args:
        size: bytes of documents.
        visits: number of visits.
    """

    def __init__(self, size: int, visits: int) -> None:
        self._size = size
        self._visits = visits
        self._held = 0
        self._waiting = 0
        self._taken = 0
        self._closed = False
        self._changed = Condition()

    @property
    def closed(self) -> bool:
        """Whether nobody takes anything any more."""
        return self._closed

    def wait_closed(self, seconds: float) -> bool:
        """Wait for so long; return whether nobody takes anything any more."""
        with self._changed:
            return self._changed.wait_for(lambda: self._closed, seconds)

    def enter(self, number: int) -> None:
        """Wait until visit `number`, from 0, may begin; the next to be taken always may.

        Raises:
            CancelledError: nobody takes anything any more.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._closed or number <= self._taken or self._has_room()
            )
        if self._closed:
            raise CancelledError

    def put(self, visit: Gathered | None) -> None:
        """Count what a visit brought; None: it was not made."""
        with self._changed:
            self._held += _bytes(visit)
            self._waiting += 1

    def take(self, visit: Gathered | None) -> None:
        """Count what was taken; visits are taken in their order."""
        with self._changed:
            self._held -= _bytes(visit)
            self._waiting -= 1
            self._taken += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Let go of everybody who waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _has_room(self) -> bool:
        return self._held < self._size and self._waiting < self._visits


def _bytes(visit: Gathered | None) -> int:
    return sum(len(one.body) for one in visit.documents) if visit else 0
