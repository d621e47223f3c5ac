"""Where in a settings file a key stands."""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any, Final

Location = Sequence[str | int]

_ENDS: Final = ("", "\n]", "\n]]")
"""What makes a list that was cut off whole again."""


def line_of(text: str, location: Location) -> int | None:
    """Return the number of the line, from 1, that holds the key or item at `location`.

    What is missing is placed where the table or list is that it belongs in.

    Args:
        text: valid TOML.
        location: keys, and numbers of tables or items from 0.

    Returns:
        None if not even the outermost table or key is there.
    """
    best: int | None = None
    deepest = 0
    table: Location = ()
    tables: dict[tuple[str, ...], int] = {}
    for at, lines in _statements(text.replace("\r\n", "\n").split("\n")):
        found = tomllib.loads("\n".join(lines))
        if lines[0].lstrip().startswith("["):
            table = _entered(found, tables)
            depth, line = _shared(table, location), at
        elif _shared(table, location) == len(table):
            held = _held(found, location[len(table) :])
            depth = len(table) + len(held)
            line = at + _inner_line(lines, held)
        else:
            continue
        if depth > deepest:
            best, deepest = line, depth
    return best


def _statements(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield each header, and each key with its value: the first line's number, the lines."""
    first = 0
    for at, line in enumerate(lines):
        if at > first and not any(mark in line for mark in ("]", '"""', "'''")):
            continue  # nothing that goes over several lines can end here
        if _parsed(lines[first : at + 1], "") is not None:
            if line.strip() and not line.lstrip().startswith("#"):
                yield first + 1, list(lines[first : at + 1])
            first = at + 1


def _parsed(lines: Sequence[str], end: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads("\n".join(lines) + end)
    except tomllib.TOMLDecodeError:
        return None


def _entered(header: dict[str, Any], tables: dict[tuple[str, ...], int]) -> Location:
    """Return the location of the table that begins; `tables` counts those of one name."""
    location: list[str | int] = []
    names: tuple[str, ...] = ()
    inner: Any = header
    while inner:
        [(name, inner)] = inner.items()
        names += (name,)
        location.append(name)
        if isinstance(inner, list):
            tables[names] = tables.get(names, -1) + 1
            inner = None
        if names in tables:
            location.append(tables[names])
    return location


def _shared(one: Location, other: Location) -> int:
    """Return how many parts both begin with."""
    pairs = zip(one, other, strict=False)
    return next(
        (at for at, (left, right) in enumerate(pairs) if left != right),
        min(len(one), len(other)),
    )


def _held(value: Any, location: Location) -> Location:
    """Return as much of `location` as there is in `value`."""
    for depth, part in enumerate(location):
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return location[:depth]
    return location


def _inner_line(lines: Sequence[str], location: Location) -> int:
    """Return the line, from 0, at which the item at `location` is whole; 0 for a key."""
    if all(isinstance(part, str) for part in location):
        return 0

    def there(at: int) -> bool:
        cut = (_parsed(lines[: at + 1], end) for end in _ENDS)
        return any(_held(value, location) == location for value in cut if value)

    return bisect_left(range(len(lines)), True, key=there)
