"""The store: every table group in one place."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from briefing.errors import StoreError
from briefing.ports import Leases
from briefing.store import postgresql, sqlite
from briefing.store.alerts import Alerts
from briefing.store.articles import Articles
from briefing.store.copying import Copied, copy_tables
from briefing.store.database import Database
from briefing.store.derived import Derived
from briefing.store.editions import Editions
from briefing.store.migrate import bring_up_to_date
from briefing.store.outbox import Outbox
from briefing.store.retention import Retention
from briefing.store.runs import Runs
from briefing.store.shown import Shown
from briefing.store.subscribers import Subscribers
from briefing.store.told import Told
from briefing.store.turn import leases, sending, turn
from briefing.store.visits import Visits
from briefing.store.words import named

_FILE: Final = "sqlite:///"


class Store(
    Visits,
    Articles,
    Derived,
    Editions,
    Shown,
    Told,
    Runs,
    Retention,
    Subscribers,
    Outbox,
    Alerts,
):
    """What was collected, written and published.

    Reads are allowed from any thread, writes from one at a time. Every method raises
    `StoreError` when the database cannot be read or written; nothing was changed then.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close it; it cannot be used afterwards."""
        self._database.close()

    def turn(self) -> AbstractContextManager[None]:
        """Return a context in which no other program has a turn at this store; may wait.

        Whoever builds and publishes takes one, so that two never write the same edition
        and its pages at once. It keeps nobody from reading or collecting, and cannot be
        taken again inside itself.

        Raises:
            StoreError: on entering: the lock cannot be had.
        """
        file = self._database.file
        return postgresql.turn(self._database) if file is None else turn(file)

    def leases(self) -> AbstractContextManager[Leases]:
        """Return a context in which sources are visited; gives what one collector visits alone.

        Any number of collectors share a store on a server; with a file, the others wait.

        Raises:
            StoreError: on entering: the lock cannot be had.
        """
        file = self._database.file
        return postgresql.leases(self._database) if file is None else leases(file)

    def sending(self) -> AbstractContextManager[None]:
        """Return a context in which mails are sent; claims of the dead are let go at its start.

        Raises:
            StoreError: on entering: the lock cannot be had.
        """
        file = self._database.file
        if file is None:
            return postgresql.sending(self._database, orphaned=self.void_claims)
        return sending(file, orphaned=self.void_claims)

    def copy_to(
        self,
        target: Store,
        *,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> tuple[Copied, ...]:
        """Copy all that is kept into the empty store `target`; see `copy_tables`."""
        return copy_tables(self._database, target._database, progress=progress)

    def damage(self) -> tuple[str, ...]:
        """Return what is damaged in the database, empty if nothing is; reads all of it.

        A server looks after its own files, and is not asked.
        """
        with self._database.reading() as connection:
            known = connection.dialect.name == "sqlite"
            return sqlite.damage(connection) if known else ()


def open_store(place: str | Path, *, create: bool, timeout: float) -> Store:
    """Return the store at `place`; see `briefing.store.open_store`."""
    database = _open(place, create=create, timeout=timeout)
    try:
        bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return Store(database)


def _open(place: str | Path, *, create: bool, timeout: float) -> Database:
    if isinstance(place, str) and place.startswith(_FILE):
        # Not `make_url`, which takes a "?" in a file's name for the start of options.
        place = Path(place.removeprefix(_FILE))
    if isinstance(place, Path):
        return sqlite.open_file(place, create=create, timeout=timeout)
    try:
        url = make_url(place)
    except (ArgumentError, ValueError):
        # Not the address itself, which may hold a password that was not told apart.
        raise StoreError(
            "the store's address is no URL;"
            " write sqlite:///FILE or postgresql://USER@HOST/NAME"
        ) from None
    if url.get_backend_name() == "sqlite":
        raise StoreError("a store must be a file; write sqlite:///FILE")
    if url.get_backend_name() != "postgresql":
        kind = named(url.get_backend_name())
        raise StoreError(f"a store is in SQLite or PostgreSQL, not in {kind}")
    return postgresql.open_server(url, timeout=timeout)
