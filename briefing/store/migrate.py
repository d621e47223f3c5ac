"""Brings the schema up to date; alembic is imported only when there is something to do."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Final

from sqlalchemy import ColumnClause, Connection, column, inspect, select, table

from briefing.errors import StoreError
from briefing.store.database import Database
from briefing.store.postgresql import order_by_bytes
from briefing.store.schema import metadata

_LOG: Final = logging.getLogger(__name__)

REVISIONS: Final = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
    "0015",
    "0016",
    "0017",
)
"""Every step in `migrations/versions`, in order."""

VERSION_TABLE: Final = "briefing_version"

_ONE_AT_A_TIME: Final = threading.Lock()
"""Alembic keeps what it works on in module globals."""


def bring_up_to_date(database: Database) -> None:
    """Run the steps that `database` lacks, in one transaction.

    Raises:
        StoreError: its schema is newer than this program, or it cannot be changed.
    """
    with database.reading() as connection:
        version = schema_version(connection)
    if version == REVISIONS[-1]:
        return
    if version is not None and version not in REVISIONS:
        raise StoreError(
            f"store {database.place} was written by a newer version of this program;"
            " update the program"
        )
    with _ONE_AT_A_TIME, database.writing() as connection:
        _upgrade(connection)
        if connection.dialect.name == "postgresql":
            order_by_bytes(connection, metadata.tables)
    _LOG.info("store.migrated from=%s to=%s", version, REVISIONS[-1])


def schema_version(connection: Connection) -> str | None:
    """Return the last step that was run, None if none was."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    number: ColumnClause[str] = column("version_num")
    return connection.scalar(select(number).select_from(table(VERSION_TABLE, number)))


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
