"""All that is peculiar to SQLite: the file, who it belongs to, and how it is opened."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import Connection, QueuePool, create_engine, event, text

from briefing.errors import StoreError
from briefing.store.database import WRITING, Database
from briefing.store.migrate import bring_up_to_date
from briefing.store.words import advice, named
from briefing.text import one_line

APPLICATION_ID: Final = int.from_bytes(b"brfg")
"""Stands in the header of every store (``PRAGMA application_id``)."""

_PRAGMAS: Final = ("synchronous = FULL", "foreign_keys = ON")
_LOGGED: Final = ("journal_mode = WAL", *_PRAGMAS)
"""A commit survives a power cut, readers never wait for a writer."""


def open_file(path: Path, *, create: bool, timeout: float) -> Database:
    """Return the database in the file at `path`; make it if `create` and it is absent.

    Raises:
        StoreError: see `briefing.store.open_store`.
    """
    _require("\0" not in str(path), path, "is no path; choose another")
    try:
        if not path.exists():
            _require(create, path, "does not exist; collect something first")
            _make(path, timeout)
        _require(path.is_file(), path, "is not a file; choose another path")
        _require(
            path.stat().st_size > 0, path, "is empty; restore a backup, or delete it"
        )
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"store {named(path)} {advice(error)}") from error
    _check_owner(path)
    return _database(path, path, timeout)


def damage(connection: Connection) -> tuple[str, ...]:
    """Return what SQLite finds damaged in the whole file, empty if nothing is."""
    found = connection.scalars(text("PRAGMA integrity_check")).all()
    return () if found == ["ok"] else tuple(one_line(str(line)) for line in found)


def _require(condition: bool, path: Path, otherwise: str) -> None:
    if not condition:
        raise StoreError(f"store {named(path)} {otherwise}")


def _make(path: Path, timeout: float) -> None:
    """Put a new store at `path`: whole or not at all, also when two try at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    opened, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # 0600
    os.close(opened)
    fresh = Path(name)
    try:
        with closing(sqlite3.connect(fresh)) as connection:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        # First without a log: what SQLite cannot move from a log into the file when it is
        # closed, because the disk is full, it passes over in silence. Then with one, to
        # see that there is room for it too.
        for pragmas in (_PRAGMAS, _LOGGED):
            with closing(_database(fresh, path, timeout, pragmas)) as database:
                bring_up_to_date(database)
        _publish(fresh, path)
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            Path(name + ending).unlink(missing_ok=True)


def _publish(fresh: Path, path: Path) -> None:
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass  # another program was faster: take its store
    except OSError:
        os.rename(fresh, path)  # a disk without hard links
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _check_owner(path: Path) -> None:
    """Raise unless the file's header says that it is a store; change and lock nothing.

    ``immutable`` keeps SQLite from touching a foreign database or the files beside it,
    but can meet a store in the middle of another program's checkpoint; only then is
    it read again, under a lock.
    """
    try:
        try:
            found = _application_id(path, "immutable=1")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:
                raise
            found = _application_id(path, "mode=ro")
    except sqlite3.Error as error:
        raise StoreError(f"store {named(path)} {advice(error)}") from error
    _require(
        found == APPLICATION_ID,
        path,
        "is a database of another program; choose another file",
    )


def _application_id(path: Path, mode: str) -> int:
    with closing(sqlite3.connect(_uri(path, mode), uri=True)) as connection:
        return int(connection.execute("PRAGMA application_id").fetchone()[0])


def _uri(path: Path, mode: str) -> str:
    return f"file:{quote(str(path.absolute()))}?{mode}"


def _database(
    path: Path, shown: Path, timeout: float, pragmas: tuple[str, ...] = _LOGGED
) -> Database:
    def connect() -> sqlite3.Connection:
        # mode=rw: a store that vanished is an error, never a new empty one.
        connection = sqlite3.connect(
            _uri(path, "mode=rw"),
            uri=True,
            timeout=timeout,
            isolation_level=None,  # `_begin` begins
            check_same_thread=False,  # the pool lends a connection to one thread a time
        )
        try:
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool)
    event.listen(engine, "begin", _begin)
    return Database(engine, place=named(shown), file=path)


def _begin(connection: Connection) -> None:
    # IMMEDIATE: take the lock at once; a read that turns into a write cannot wait for it.
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
