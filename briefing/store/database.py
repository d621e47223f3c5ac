"""Connections, transactions, and database errors in plain words."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Column, Connection, Engine, Insert, Select, Table
from sqlalchemy.exc import DBAPIError

from briefing.errors import StoreError
from briefing.store.words import advice

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

WRITING: Final = "briefing_writing"
"""Execution option of a connection that is going to write."""

CHUNK: Final = 500
"""Values in one ``IN (…)``; SQLite takes 32,766, PostgreSQL 65,535."""


class Database:
    """A database: reads from any thread, writes from one.

    Attributes:
        place: how messages name it, one line, without passwords.
        file: the file it is in, None if it is on a server.
    """

    def __init__(self, engine: Engine, *, place: str, file: Path | None = None) -> None:
        self._engine = engine
        self.place = place
        self.file = file

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment's content and changes nothing.

        Raises:
            StoreError: the database cannot be read.
        """
        with self.in_plain_words(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in a transaction: all of it is kept, or nothing.

        Raises:
            StoreError: the database cannot be written; nothing was changed.
        """
        with self.in_plain_words(), self._engine.connect() as connection:
            connection.execution_options(**{WRITING: True})
            with connection.begin():
                yield connection

    @contextmanager
    def holding(self) -> Iterator[Connection]:
        """Give a connection of its own without a transaction; what it holds ends with it.

        Raises:
            StoreError: the database cannot be asked.
        """
        with self.in_plain_words():
            connection = self._engine.connect()
            connection.execution_options(isolation_level="AUTOCOMMIT")
        # What goes wrong while it is held has its own words.
        try:
            yield connection
        finally:
            connection.invalidate()  # the pool must not lend it again
            connection.close()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def in_plain_words(self) -> Iterator[None]:
        """Turn what the database complains of in the meantime into a `StoreError`."""
        try:
            yield
        except DBAPIError as error:
            raise StoreError(
                f"store {self.place} {advice(error.orig or error)}"
            ) from error
        except (zlib.error, json.JSONDecodeError) as error:
            raise StoreError(
                f"store {self.place} is damaged; restore it from a backup"
            ) from error
        except UnicodeEncodeError as error:
            raise StoreError(
                f"store {self.place} takes only valid Unicode,"
                " and a text has half of a surrogate pair in it; nothing was kept"
            ) from error


class Group:
    """Some tables of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database


def insert_new(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *key: str
) -> None:
    """Insert those of `rows` whose `key` is not there yet."""
    if rows:
        connection.execute(unless_there(connection.dialect.name, table, *key), rows)


def unless_there(dialect: str, table: Table, *key: str) -> Insert:
    """Return an insert that passes over rows whose `key` is there, for a dialect."""
    return _insert(dialect, table).on_conflict_do_nothing(index_elements=key)


def in_place(dialect: str, table: Table, *key: str) -> Insert:
    """Return an insert that takes the place of a row whose `key` is there, for a dialect.

    Other than deleting it first, this leaves alone the rows that refer to it.
    """
    added = _insert(dialect, table)
    others = {name: new for name, new in added.excluded.items() if name not in key}
    return added.on_conflict_do_update(index_elements=key, set_=others)


def _insert(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


def chunks(values: Sequence[str], size: int = CHUNK) -> Iterator[Sequence[str]]:
    """Yield `values` in pieces, as they are small enough for one ``IN (…)``."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def in_pieces(
    chosen: Select[Any], column: Column[str], values: Iterable[str] | None
) -> Iterator[Select[Any]]:
    """Yield a query for the rows with some values of a column, in pieces; None: for all rows."""
    if values is None:
        yield chosen
        return
    for some in chunks(sorted(set(values))):
        yield chosen.where(column.in_(some))
