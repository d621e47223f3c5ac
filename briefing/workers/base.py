"""Work on many items: the same results, in the same order, whoever does it.

Items travel in chunks; a chunk that fails is done again item by item, so that only the
poisonous one is given up, and the caller says what stands in its place.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Any, Final, Literal, Self, TypeVar

In = TypeVar("In")
Out = TypeVar("Out")

Loss = Literal["too-slow", "too-big", "crashed"]
"""Why an item was given up: time, memory, or the end of its process."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Stands for the result of an item that was given up elsewhere."""

    why: Loss


class Pause(Enum):
    """Stands between items: the next one may take its time, so what was given is finished."""

    PAUSE = "pause"


PAUSE: Final = Pause.PAUSE

CHUNK: Final = 32
"""Items sent to a process at once: about 0.5 s of cleaning, far above the 1 ms a task costs."""
TRIES: Final = 2
"""Times that an item is tried whose process ends, or whose workers are lost."""
AHEAD: Final = 3
"""Chunks that are held at a time for each process."""


class Workers(ABC):
    """Who works on many items; a context manager.

    May be used by several threads at a time.

    Attributes:
        chunk: items that are sent at once.
    """

    chunk: int = CHUNK

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Let go of the workers; whoever still waits for one gets a `CancelledError`."""

    def map(
        self,
        function: Callable[[In], Out],
        items: Iterable[In | Pause],
        *,
        lost: Callable[[In, Loss], Out],
    ) -> Iterator[Out]:
        """Yield ``function(item)`` for each item, in order.

        Streams: at most a few chunks are held at a time, whatever the length of `items`, and
        none at a `PAUSE` in them.

        Args:
            function: a picklable function; what it raises, other than `MemoryError`, is
                raised here.
            items: picklable values.
            lost: called here with an item that was given up and why; gives what stands
                for its result.

        Raises:
            CancelledError: it was closed.
            ClusterError: the workers cannot be reached.
        """
        source = iter(items)
        waiting: deque[tuple[Sequence[In], Any]] = deque()
        more, many = True, False
        while more:
            chunk, more = _chunk(source, self.chunk)
            many = many or len(chunk) == self.chunk
            if chunk:
                waiting.append((chunk, self._give(function, chunk, many=many)))
            most = AHEAD * self._size() if len(chunk) == self.chunk else 0
            while len(waiting) > most:
                yield from self._taken(function, *waiting.popleft(), lost=lost)
        while waiting:
            yield from self._taken(function, *waiting.popleft(), lost=lost)

    def _taken(
        self,
        function: Callable[[In], Out],
        chunk: Sequence[In],
        given: Any,
        *,
        lost: Callable[[In, Loss], Out],
    ) -> Iterator[Out]:
        """Yield the results of a chunk; after a failure those of each item alone."""
        results = self._outcome(function, chunk, given)
        if not isinstance(results, str):
            for item, result in zip(chunk, results, strict=True):
                yield lost(item, result.why) if isinstance(result, Lost) else result
        elif len(chunk) == 1:
            yield lost(chunk[0], results)
        else:
            alone = [([item], self._give(function, [item])) for item in chunk]
            for one, again in alone:
                yield from self._taken(function, one, again, lost=lost)

    @abstractmethod
    def _size(self) -> int:
        """Return how many chunks are worked on at a time."""

    @abstractmethod
    def _give(
        self, function: Callable[[In], Out], chunk: Sequence[In], *, many: bool = False
    ) -> Any:
        """Send a chunk, of `many` or of few; return what `_outcome` takes."""

    @abstractmethod
    def _outcome(
        self, function: Callable[[In], Out], chunk: Sequence[In], given: Any
    ) -> Sequence[Out | Lost] | Loss:
        """Return the results of a chunk that was given, or why there are none."""


def _chunk(source: Iterator[In | Pause], most: int) -> tuple[list[In], bool]:
    """Return the next items, at most `most` or up to a pause, and whether it goes on."""
    chunk: list[In] = []
    for item in source:
        if isinstance(item, Pause):
            return chunk, True
        chunk.append(item)
        if len(chunk) == most:
            return chunk, True
    return chunk, False
