"""Runs: one row each, also when one crashed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    func,
    insert,
    or_,
    select,
    update,
)

from briefing.errors import StoreError
from briefing.model import UNREACHED, Failure, Run, RunKind, RunStatus
from briefing.store.database import Group, chunks
from briefing.store.schema import documents, runs, source_states


class Runs(Group):
    """Runs and their failures."""

    def start_run(self, kind: RunKind, started: datetime) -> int:
        """Write down that a run begins; return its number for `finish_run`."""
        row = _row(Run(kind, started))
        with self._database.writing() as connection:
            key = connection.execute(insert(runs).values(row)).inserted_primary_key
        return int(key[0]) if key else 0

    def finish_run(self, number: int, run: Run) -> None:
        """Write down how a run ended.

        Raises:
            StoreError: no run of that number was started.
        """
        with self._database.writing() as connection:
            write_run(connection, number, run)

    def run_counts(self) -> dict[tuple[RunKind, RunStatus], int]:
        """Return how many runs of each kind ended how; one that crashed still says ``running``."""
        found = select(runs.c.kind, runs.c.status, func.count()).group_by(
            runs.c.kind, runs.c.status
        )
        with self._database.reading() as connection:
            return {
                (kind, status): count
                for kind, status, count in connection.execute(found)
            }

    def last_run(self, kind: RunKind, *, done: bool = False) -> Run | None:
        """Return the last run of a kind, None if there is none; if `done`, that went well."""
        chosen = (
            select(runs)
            .where(runs.c.kind == kind)
            .order_by(runs.c.started.desc(), runs.c.number.desc())
        )
        if done:
            chosen = chosen.where(runs.c.status == "done")
        found = self._all(chosen.limit(1))
        return found[0] if found else None

    def runs_between(
        self, kind: RunKind, since: datetime | None, until: datetime
    ) -> tuple[Run, ...]:
        """Return the runs of a kind that ended at ``since < t <= until``, the oldest first.

        One without an end counts when it started. None: since the beginning.
        """
        # No expression of both columns, of which an index could not be compared with the schema.
        ended = or_(
            _within(runs.c.finished, since, until),
            and_(runs.c.finished.is_(None), _within(runs.c.started, since, until)),
        )
        last = func.coalesce(runs.c.finished, runs.c.started)
        chosen = select(runs).where(runs.c.kind == kind, ended)
        return self._all(chosen.order_by(last, runs.c.number))

    def failures_between(
        self, since: datetime | None, until: datetime
    ) -> tuple[Failure, ...]:
        """Return what went wrong in the collect runs of `runs_between`.

        In the order in which it happened, each once, however many runs met it; not that a source
        or page could not be reached which has answered since. None: since the beginning.
        """
        between = self.runs_between("collect", since, until)
        failed = {one.subject for run in between for one in run.failures}
        heard = self._heard(sorted(failed))

        def passed(failure: Failure, run: Run) -> bool:
            last = heard.get(failure.subject)
            if last is None or failure.reason not in UNREACHED:
                return False
            return last > (run.finished or run.started)

        return tuple(
            dict.fromkeys(
                one for run in between for one in run.failures if not passed(one, run)
            )
        )

    def _heard(self, subjects: Sequence[str]) -> dict[str, datetime]:
        """Return when sources (by id) and pages (by address) last answered, if they ever did."""
        found: dict[str, datetime] = {}
        answered = source_states.c.answered
        fetched = func.max(documents.c.fetched, type_=documents.c.fetched.type)
        with self._database.reading() as connection:
            for some in chunks(subjects):
                for chosen in (
                    select(source_states.c.source, answered).where(
                        source_states.c.source.in_(some), answered.is_not(None)
                    ),
                    select(documents.c.url, fetched)
                    .where(documents.c.url.in_(some))
                    .group_by(documents.c.url),
                ):
                    found.update(
                        (name, moment) for name, moment in connection.execute(chosen)
                    )
        return found

    def _all(self, chosen: Select[Any]) -> tuple[Run, ...]:
        with self._database.reading() as connection:
            return tuple(_run(row) for row in connection.execute(chosen).mappings())


def write_run(connection: Connection, number: int, run: Run) -> None:
    """Write down how a run stands.

    Raises:
        StoreError: no run of that number was started.
    """
    written = update(runs).where(runs.c.number == number).values(_row(run))
    if connection.execute(written).rowcount == 0:
        raise StoreError(f"there is no run number {number}")


def _within(
    column: Column[datetime], since: datetime | None, until: datetime
) -> ColumnElement[bool]:
    upto = column <= until
    return upto if since is None else and_(column > since, upto)


def _row(run: Run) -> Mapping[str, Any]:
    return {
        "kind": run.kind,
        "started": run.started,
        "finished": run.finished,
        "status": run.status,
        "counts": json.dumps(run.counts),
        "failures": json.dumps([astuple(failure) for failure in run.failures]),
    }


def _run(row: RowMapping) -> Run:
    return Run(
        kind=row["kind"],
        started=row["started"],
        finished=row["finished"],
        status=row["status"],
        counts=tuple((name, number) for name, number in json.loads(row["counts"])),
        failures=tuple(Failure(*fields) for fields in json.loads(row["failures"])),
    )
