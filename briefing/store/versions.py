"""What is kept in all its versions, of which the last to come counts: documents, articles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select

from briefing.store.database import chunks, in_place


@dataclass(frozen=True, slots=True)
class Versions:
    """A table with a row for each version of each thing.

    An incomplete version never is the latest of a thing that has a whole one.

    Attributes:
        table: has the columns ``number`` (order of arrival) and ``fetched`` too.
        thing: name of the column that all versions of a thing share.
        version: name of the column that tells them apart.
        lacking: name of the column that says that a version is known to be incomplete.
    """

    table: Table
    thing: str
    version: str
    lacking: str

    def by_age(self, until: datetime | None = None) -> Select[Any]:
        """Select all rows with their age; the latest version of a thing has age 1.

        What is dated later than `until` was read by a clock that was ahead: it counts as older
        than the rest.
        """
        columns = self.table.c
        age = func.row_number().over(
            partition_by=columns[self.thing],
            order_by=(
                columns[self.lacking],
                *([] if until is None else [columns.fetched > until]),
                columns.fetched.desc(),
                columns.number.desc(),
            ),
        )
        return select(
            columns.number,
            columns[self.thing].label("thing"),
            columns.fetched,
            columns[self.version].label("version"),
            columns[self.lacking].label("lacking"),
            age.label("age"),
        )

    def add(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Keep `rows` in their order; return how many things are new.

        A version that is there already becomes the latest again, unless it still is.
        """
        latest = self._latest(connection, {row[self.thing] for row in rows})
        before = len(latest)
        number = connection.scalar(select(func.max(self.table.c.number))) or 0
        added: list[Mapping[str, Any]] = []
        for row in rows:
            mark = (row["fetched"], row[self.version], row[self.lacking])
            last = latest.get(row[self.thing])
            # A text that turns out to be whole after all is no longer lacking.
            if last is not None and last[1:] == mark[1:]:
                continue
            added.append({**row, "number": number + 1 + len(added)})
            if last is None or (last[2], mark[0]) >= (mark[2], last[0]):
                latest[row[self.thing]] = mark
        if added:
            name = connection.dialect.name
            put = in_place(name, self.table, self.thing, self.version)
            connection.execute(put, added)
        return len(latest) - before

    def _latest(
        self, connection: Connection, things: Iterable[str]
    ) -> dict[str, tuple[datetime, str, bool]]:
        """Return when the latest version of each came, which it is, whether it is lacking."""
        found = {}
        for some in chunks(sorted(things)):
            aged = self.by_age().where(self.table.c[self.thing].in_(some)).subquery()
            columns = (aged.c.thing, aged.c.fetched, aged.c.version, aged.c.lacking)
            for thing, *mark in connection.execute(
                select(*columns).where(aged.c.age == 1)
            ):
                found[thing] = tuple(mark)
        return found
