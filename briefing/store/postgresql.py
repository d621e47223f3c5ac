"""All that is peculiar to PostgreSQL: how it is opened, its order of texts, and its locks."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from threading import Lock
from typing import Any, Final

from sqlalchemy import URL, Connection, create_engine, event, text
from sqlalchemy.exc import InvalidRequestError, SQLAlchemyError

from briefing.errors import StoreError
from briefing.ports import Leases
from briefing.store.database import WRITING, Database
from briefing.store.words import named

_LOG: Final = logging.getLogger(__name__)

_DRIVER: Final = "postgresql+psycopg"

_WRITING: Final = 0x62726667_0001
_TURN: Final = 0x62726667_0002
_SENDING: Final = 0x62726667_0003
_LEASES: Final = 0x62726667
"""Numbers of advisory locks, which hold in one database: the letters ``brfg``, and which one it is."""

_SLOT: Final = """
INSERT INTO hosts (host, free) VALUES (:host, extract(epoch FROM clock_timestamp()) + :spacing)
ON CONFLICT (host) DO UPDATE SET free = CASE
  WHEN hosts.free > excluded.free + 3600 THEN excluded.free
  ELSE greatest(hosts.free + :spacing, excluded.free) END
RETURNING free - :spacing - extract(epoch FROM clock_timestamp())
"""
"""Moves on when a host may be asked next; gives the seconds until then. What lies an hour ahead and
more was written by a clock that was ahead."""

_PATIENCE: Final = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
"""What libpq is told unless the URL says otherwise: when a server counts as gone, in seconds, the last
in milliseconds."""

_KEPT_ALIVE: Final = (
    "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
)
"""When the server takes a client for gone, and frees its locks: after a minute, not two hours."""


def open_server(url: URL, *, timeout: float) -> Database:
    """Return the database at `url`; nothing is asked of the server yet.

    Whoever reads sees one moment's content. Whoever writes waits until nobody else does, as with
    SQLite: what is counted on and written then cannot change in between.

    Args:
        url: ``postgresql://…``; taken to be psycopg's.
        timeout: seconds to wait for another program's write.

    Raises:
        StoreError: the driver is not installed, or knows no such address.
    """
    shown = named(_without_secrets(url))
    if url.drivername not in {"postgresql", _DRIVER}:
        raise StoreError(f"store {shown}: write postgresql://, its driver is psycopg")
    if "@" in (url.host or ""):
        raise StoreError(f"store {shown}: write @ in a password as %40")
    given = dict(url.query)
    options = (
        f"{given.get('options', '')} -c lock_timeout={max(1, round(timeout * 1000))}"
    )
    try:
        engine = create_engine(
            url.set(drivername=_DRIVER),
            isolation_level="REPEATABLE READ",
            pool_pre_ping=True,  # a server that was started again is no error
            connect_args={**_PATIENCE, **given, "options": f"{options} {_KEPT_ALIVE}"},
        )
    except ImportError as error:
        raise StoreError(
            f"store {shown} needs a database driver that is not installed;"
            " for PostgreSQL: pip install 'briefing[postgresql]'"
        ) from error
    event.listen(engine, "begin", _begin)
    return Database(engine, place=shown)


def _without_secrets(url: URL) -> str:
    """Return `url` as messages show it: no password, wherever it stands."""
    named = url.host or str(url.query.get("host", ""))
    port = f":{url.port}" if url.port else ""
    return f"postgresql://{named.rpartition('@')[2]}{port}/{url.database or ''}"


def order_by_bytes(connection: Connection, tables: Collection[str]) -> None:
    """Let texts in `tables` be ordered by their bytes, as in SQLite, whatever the locale.

    A column keeps the order it was made with, so this follows every step that makes one.
    """
    asked = text(
        "SELECT table_name, column_name, character_maximum_length"
        " FROM information_schema.columns WHERE table_schema = current_schema()"
        " AND data_type IN ('text', 'character varying')"
        " AND collation_name IS DISTINCT FROM 'C' ORDER BY 1, 2"
    )
    quoted = connection.dialect.identifier_preparer.quote
    changes = defaultdict[str, list[str]](list)
    for table, column, longest in connection.execute(asked):
        kind = f"varchar({longest})" if longest else "text"
        changes[table].append(f'ALTER {quoted(column)} TYPE {kind} COLLATE "C"')
    for table in changes.keys() & set(tables):
        altered = f"ALTER TABLE {quoted(table)} {', '.join(changes[table])}"
        connection.exec_driver_sql(altered)


@contextmanager
def turn(database: Database) -> Iterator[None]:
    """Wait until no other program has the turn at `database`, and have it.

    The server lets go of the lock when its holder's connection ends.
    """
    with database.holding() as connection:
        with database.in_plain_words():
            if not connection.scalar(text(f"SELECT pg_try_advisory_lock({_TURN})")):
                _LOG.info("store.waiting place=%s", database.place)
                connection.execute(text("SET lock_timeout = 0"))
                connection.execute(text(f"SELECT pg_advisory_lock({_TURN})"))
        yield


@contextmanager
def leases(database: Database) -> Iterator[Leases]:
    """Give the leases of one of any number of collectors; they end with its connection."""
    with database.holding() as connection:
        found = _Leases(database, connection)
        try:
            yield found
        finally:
            found.end_all()


class _Leases:
    """Leases as advisory locks of one connection, by 32 bits of the name's hash.

    Two names of one number exclude each other, which does no harm. Other than rows that are locked
    (``FOR UPDATE SKIP LOCKED``), they need no transaction that is open for as long as visits take,
    and other than rows with a time, they end with a collector that was killed.
    """

    def __init__(self, database: Database, connection: Connection) -> None:
        self._database = database
        self._connection = connection
        self._alone = Lock()
        self._lost: str | None = None

    def take(self, name: str) -> bool:
        asked = f"SELECT pg_try_advisory_lock({_LEASES}, :number)"
        return bool(self._asked(asked, number=_number(name)))

    def end(self, name: str) -> None:
        asked = f"SELECT pg_advisory_unlock({_LEASES}, :number)"
        self._asked(asked, number=_number(name))

    def end_all(self) -> None:
        """End all leases at once, without waiting for who is still asking.

        The end of the connection ends them too, but only when the server has noticed it.
        """
        if self._alone.acquire(timeout=1):
            try:
                with suppress(SQLAlchemyError):
                    self._connection.execute(text("SELECT pg_advisory_unlock_all()"))
            finally:
                self._alone.release()

    def slot(self, host: str, spacing: float) -> float:
        # By the server's clock, the only one that all collectors share.
        waits = self._asked(_SLOT, host=host, spacing=spacing)
        return max(0.0, float(waits))

    def _asked(self, asked: str, **given: object) -> Any:
        with self._alone:
            if self._lost is not None:
                raise StoreError(self._lost)
            try:
                with self._database.in_plain_words():
                    return self._connection.scalar(text(asked), given)
            except StoreError as error:
                self._lost = str(error)  # the leases are lost with the connection
                raise
            except InvalidRequestError as error:
                # Whoever is late asks when all is over.
                raise StoreError(f"store {self._database.place} is closed") from error


def _number(name: str) -> int:
    """Return a number of 32 bits with a sign, as locks have them."""
    return int.from_bytes(sha256(name.encode()).digest()[:4], signed=True)


@contextmanager
def sending(database: Database, *, orphaned: Callable[[], None]) -> Iterator[None]:
    """Send mails of the store in `database`; others may do so too.

    Whoever sends shares a lock. Whoever can have it alone at the start knows that all who had
    claimed mails before are dead, and `orphaned` is called.
    """
    with database.holding() as connection:
        with database.in_plain_words():
            if connection.scalar(text(f"SELECT pg_try_advisory_lock({_SENDING})")):
                orphaned()
                connection.execute(text(f"SELECT pg_advisory_unlock({_SENDING})"))
            connection.execute(text("SET lock_timeout = 0"))
            connection.execute(text(f"SELECT pg_advisory_lock_shared({_SENDING})"))
        yield


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get(WRITING):
        # What is read after the lock was had must be what its last holder wrote.
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITING})")
