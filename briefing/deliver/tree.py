"""Folders below one folder, reached through descriptors and never through a symbolic link."""

from __future__ import annotations

import os
from collections import OrderedDict
from contextlib import suppress
from typing import Final

_ENTERABLE: Final = 0o755
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY
_OPEN: Final = 64
"""Folders that are held open; others are entered again when they are needed."""


class Tree:
    """The folders below the one with the descriptor `root`, which stays the caller's."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._open: OrderedDict[tuple[str, ...], int] = OrderedDict()

    def folder(self, *parts: str, make: bool = True) -> int:
        """Return the descriptor of a folder, valid until others are asked for.

        Raises:
            OSError: it is no folder, or is not there and is not to be made.
        """
        if not parts:
            return self._root
        if parts in self._open:
            self._open.move_to_end(parts)
            return self._open[parts]
        found = _enter(self.folder(*parts[:-1], make=make), parts[-1], make=make)
        self._open[parts] = found
        while len(self._open) > _OPEN:
            os.close(self._open.popitem(last=False)[1])
        return found

    def remove(self, *parts: str) -> None:
        """Remove a folder and those above it, if nothing is in them."""
        for length in range(len(parts), 0, -1):
            self._leave(*parts[:length])
            try:
                above = self.folder(*parts[: length - 1], make=False)
                os.rmdir(parts[length - 1], dir_fd=above)
            except OSError:
                return

    def close(self) -> None:
        """Leave all folders but the root."""
        while self._open:
            os.close(self._open.popitem()[1])

    def _leave(self, *parts: str) -> None:
        if parts in self._open:
            os.close(self._open.pop(parts))


def _enter(folder: int, part: str, *, make: bool) -> int:
    if make:
        with suppress(FileExistsError):
            os.mkdir(part, _ENTERABLE, dir_fd=folder)
            # mkdir obeys the umask; the new folder is ours, so that no link can be followed.
            os.chmod(part, _ENTERABLE, dir_fd=folder)
    return os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
