"""Runs the steps in `versions`, in the transaction of the connection it was given.

A step only goes forward: back is by restoring a copy of the store.
"""

from __future__ import annotations

from alembic import context

from briefing.store.migrate import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
context.run_migrations()
