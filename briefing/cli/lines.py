"""The lines of a file or of standard input, as they come."""

from __future__ import annotations

import gzip
import lzma
import select
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from typing import Final, cast

from briefing.cli.parquet import ENDING, parquet_lines
from briefing.errors import SourceError
from briefing.workers import PAUSE, Pause

LONGEST: Final = 32_000_000
"""Bytes of a line that are kept: more than any article's, and room for an endless one."""

BATCH: Final = 8_000_000
"""Bytes after which what was read is worked on first."""

_BLOCK: Final = 65_536


Bytes = BufferedReader | gzip.GzipFile | lzma.LZMAFile


@contextmanager
def opened(place: str) -> Iterator[Iterator[bytes | Pause]]:
    """Give the lines of the file `place`, packed by xz or gzip or not; ``-``: standard input.

    A file of rows in Parquet gives a line of JSON for each.

    Raises:
        SourceError: it cannot be opened.
    """
    if place == "-":
        yield lines(cast("BufferedReader", sys.stdin.buffer), place)
        return
    if place.endswith(ENDING):
        yield parquet_lines(place)
        return
    try:
        file = _open(place)
    except OSError as error:
        raise SourceError(f"{place}: {error.strerror}") from error
    with file:
        yield lines(file, place)


def _open(place: str) -> Bytes:
    if place.endswith(".xz"):
        return lzma.open(place)
    return gzip.open(place) if place.endswith(".gz") else open(place, "rb")


def lines(file: Bytes, place: str) -> Iterator[bytes | Pause]:
    """Yield each line of `file`; `PAUSE` where it has no more for now, and after `BATCH`.

    Of a line longer than `LONGEST` only so much is kept, and one byte.

    Raises:
        SourceError: it cannot be read to its end.
    """
    parts, size, batch = list[bytes](), 0, 0
    for block in _blocks(file, place):
        if isinstance(block, Pause):
            yield block
            continue
        *ends, rest = block.split(b"\n")
        for end in ends:
            yield b"".join([*parts, end])[: LONGEST + 1]
            parts, size = [], 0
        if size <= LONGEST:
            parts.append(rest)
            size += len(rest)
        batch += len(block)
        if batch >= BATCH:
            yield PAUSE
            batch = 0
    if size:
        yield b"".join(parts)[: LONGEST + 1]


def _blocks(file: Bytes, place: str) -> Iterator[bytes | Pause]:
    while True:
        if _is_waiting(file):
            yield PAUSE
        try:
            block = file.read1(_BLOCK)
        except (lzma.LZMAError, EOFError, zlib.error) as error:
            raise SourceError(f"{place}: {error}") from error
        except OSError as error:
            raise SourceError(f"{place}: {error.strerror or error}") from error
        if not block:
            return
        yield block


def _is_waiting(file: Bytes) -> bool:
    """Tell whether there is nothing to read at the moment; False where that cannot be told."""
    try:
        return not select.select([file], [], [], 0)[0]
    except (OSError, ValueError, TypeError):
        return False  # no pipe, or a system that only knows this of sockets
