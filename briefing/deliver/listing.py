"""The names of all pages of a folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Listing:
    """Names of pages, each once, ascending.

    There may be 300,000, to which a day more adds some: they stay one text, in which the places of
    these are found by halves.

    Attributes:
        text: a name a line, in UTF-8; no name has a character before the blank. Where others have changed
            the order, names that are added may stand there twice.
    """

    text: bytes = b""

    @classmethod
    def of(cls, names: Iterable[str]) -> Self:
        """Return the listing of `names`."""
        return cls(b"".join(map(_line, sorted(set(names)))))

    def __len__(self) -> int:
        """Return the number of names."""
        return self.text.count(b"\n")

    def __iter__(self) -> Iterator[str]:
        """Yield the names, ascending."""
        yield from self.text.decode().split("\n")[:-1]

    def __contains__(self, name: str) -> bool:
        """Tell whether a name is among them."""
        line = _line(name)
        return self.text.startswith(line) or b"\n" + line in self.text

    def with_names(self, names: Iterable[str]) -> Self:
        """Return the listing of these and `names`."""
        parts, done = [], 0
        for line in map(_line, sorted(set(names))):
            place = self._place(line, after=done)
            parts.append(self.text[done:place])
            if not self.text.startswith(line, place):
                parts.append(line)
            done = place
        return type(self)(b"".join((*parts, self.text[done:])))

    def _place(self, line: bytes, *, after: int = 0) -> int:
        """Return where the first line begins that is not before `line`, at `after` or later."""
        low, high = after, len(self.text)
        while low < high:
            middle = (low + high) // 2
            start = max(low, self.text.rfind(b"\n", low, middle) + 1)
            end = self.text.index(b"\n", middle) + 1
            if self.text[start:end] < line:
                low = end
            else:
                high = start
        return low


def _line(name: str) -> bytes:
    return f"{name}\n".encode()
