"""What the operator was told of and is not over yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select

from briefing.store.database import Group
from briefing.store.schema import alerts


class Alerts(Group):
    """Alerts that stand."""

    def alerts(self) -> dict[str, str]:
        """Return what was told, by kind."""
        with self._database.reading() as connection:
            rows = connection.execute(select(alerts.c.kind, alerts.c.told)).all()
        return {row.kind: row.told for row in rows}

    def keep_alert(self, kind: str, told: str, at: datetime) -> None:
        """Remember that the operator was told.

        Raises:
            StoreError: one of that kind stands, or the store cannot be written.
        """
        with self._database.writing() as connection:
            connection.execute(insert(alerts).values(kind=kind, told=told, at=at))

    def forget_alert(self, kind: str) -> None:
        """Forget it: it is over."""
        with self._database.writing() as connection:
            connection.execute(delete(alerts).where(alerts.c.kind == kind))
