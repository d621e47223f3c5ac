"""What a database or file system error means, and what to do about it."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path
from typing import Final

from briefing.text import one_line

_LONGEST_PLACE: Final = 1000

_FORBIDDEN: Final = (
    "cannot be opened or written; check the permissions of it and its folder"
)
_FULL: Final = "is on a disk that is full; free some space and try again"
_BUSY: Final = "is locked: another program is using it; wait for that and try again"

_GONE: Final = "was cut off by its server; try again"

_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_PERM: _FORBIDDEN,
    sqlite3.SQLITE_READONLY: _FORBIDDEN,
    sqlite3.SQLITE_CANTOPEN: _FORBIDDEN,
    sqlite3.SQLITE_IOERR: "cannot be read or written; the disk may be full or failing",
    sqlite3.SQLITE_CORRUPT: "is damaged; restore it from a backup",
    sqlite3.SQLITE_NOTADB: "is not a store of this program; choose another file",
}

_POSTGRESQL: Final = {
    "25006": "may only be read there; ask the server's administrator",
    "42501": "forbids that to this user; ask the server's administrator",
    "53100": "is on a server whose disk is full; free some space and try again",
    "53300": "has too many users at once; try again later",
    "55P03": _BUSY,
    "57P01": _GONE,
    "57P02": _GONE,
    "57P03": "is on a server that starts or stops; try again",
}
"""By SQLSTATE (PostgreSQL, Appendix A)."""

_SYSTEM: Final = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EROFS: "is on a disk that cannot be written; choose another place",
    errno.ENOTDIR: "cannot be made: a part of its path is a file, not a folder",
    errno.EEXIST: "cannot be made: a part of its path is a file, not a folder",
}


def advice(error: BaseException) -> str:
    """Return what is wrong and what to do, as it continues “store PLACE …”, one line."""
    if isinstance(error, OSError):
        known = _SYSTEM.get(error.errno or 0)
        return known or f"cannot be opened: {error.strerror or type(error).__name__}"
    # The low byte of an extended code is the primary one (sqlite.org/rescode.html).
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        known = _SQLITE.get(code & 0xFF)
    elif hasattr(error, "sqlstate"):
        state = error.sqlstate
        unreached = state is None and type(error).__name__ == "OperationalError"
        known = _unopened(error) if unreached else _POSTGRESQL.get(state or "")
    else:
        known = None
    return known or f"failed: {one_line(str(error))}"


def _unopened(error: BaseException) -> str:
    """Say why there is no connection: psycopg then gives no state, only libpq's words."""
    said = str(error).strip().splitlines() or [type(error).__name__]
    return f"cannot be opened: {one_line(said[0].rpartition('failed: ')[2])}"


def named(place: str | Path) -> str:
    """Return `place` as messages show it, one line."""
    return one_line(str(place), limit=_LONGEST_PLACE)
