"""A whole store → another: from a file to a server, to a backup, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, Table, exists, func, insert, select, text

from briefing.errors import StoreError
from briefing.store.database import Database
from briefing.store.schema import metadata, outbox, subscribers

_PART: Final = 200
"""Rows that are held at once; a document has 100 kB or so."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A table that was copied.

    Attributes:
        table: its name.
        rows: how many rows it has, there as here.
        sha256: hash of all of them in the order of their keys, 64 hexadecimal digits.
    """

    table: str
    rows: int
    sha256: str


def copy_tables(
    source: Database,
    target: Database,
    *,
    progress: Callable[[str, int, int], None] | None = None,
) -> tuple[Copied, ...]:
    """Copy all that is in `source` into the empty store `target`, all or nothing.

    What was written is read again and compared by number and hash before it is kept.

    Args:
        source: is read as of one moment; others may go on writing.
        target: is brought to date and holds nothing.
        progress: is called with “copy”, the rows that are there, and how many there will be.

    Raises:
        StoreError: `target` holds something, or has other rows than were read. Nothing was kept.
    """
    with source.reading() as there, target.writing() as here:
        if full := [table.name for table in _TABLES if _has_rows(here, table)]:
            raise StoreError(
                f"store {target.place} holds something already ({full[0]});"
                " choose an empty one"
            )
        awaited, done = sum(_count(there, table) for table in _TABLES), 0
        copied = []
        for table in _TABLES:
            read = sha256()
            for rows in _parts(there, table):
                here.execute(insert(table), rows)
                _add(read, rows)
                done += len(rows)
                if progress:
                    progress("copy", done, awaited)
            copied.append(_checked(here, table, read.hexdigest(), target.place))
        _count_on(there, here)
    return tuple(copied)


_TABLES: Final = metadata.sorted_tables
"""What others refer to first."""


def _has_rows(connection: Connection, table: Table) -> bool:
    return bool(connection.scalar(select(exists(select(table)))))


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _parts(
    connection: Connection, table: Table
) -> Iterator[Sequence[Mapping[str, Any]]]:
    """Yield all rows in the order of their keys."""
    chosen = select(table).order_by(*table.primary_key)
    found = connection.execute(chosen.execution_options(yield_per=_PART))
    for part in found.mappings().partitions():
        yield [dict(row) for row in part]


def _add(known: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    for row in rows:
        known.update(repr(tuple(row.values())).encode("utf-8", "surrogatepass"))


def _checked(connection: Connection, table: Table, wanted: str, place: str) -> Copied:
    kept = sha256()
    for rows in _parts(connection, table):
        _add(kept, rows)
    if kept.hexdigest() != wanted:
        raise StoreError(
            f"store {place} gives back other {table.name} than were written;"
            " nothing was kept"
        )
    return Copied(table.name, _count(connection, table), wanted)


def _count_on(there: Connection, here: Connection) -> None:
    """Let the next numbers follow the last that were ever given, as they would have there."""
    if here.dialect.name == "postgresql":
        for table in _TABLES:
            if table.autoincrement_column is not None:
                _go_on_from(here, table, _greatest(here, table))
    given = max(
        _given(there, subscribers),
        _greatest(here, subscribers),
        here.scalar(select(func.max(outbox.c.subscriber))) or 0,
    )
    _go_on_from(here, subscribers, given)


def _greatest(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.max(table.c.number))) or 0


def _given(connection: Connection, table: Table) -> int:
    """Return the last number that was given, also to a row that is gone."""
    if connection.dialect.name == "postgresql":
        counted = "SELECT COALESCE(pg_sequence_last_value(pg_get_serial_sequence(:name, 'number')), 0)"
    else:
        counted = "SELECT seq FROM sqlite_sequence WHERE name = :name"
    return connection.scalar(text(counted), {"name": table.name}) or 0


def _go_on_from(connection: Connection, table: Table, last: int) -> None:
    if not last:
        return
    if connection.dialect.name == "postgresql":
        counted = "SELECT setval(pg_get_serial_sequence(:name, 'number'), :last)"
        connection.execute(text(counted), {"name": table.name, "last": last})
        return
    gone = text("DELETE FROM sqlite_sequence WHERE name = :name")
    put = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)")
    for statement in (gone, put):
        connection.execute(statement, {"name": table.name, "last": last})
