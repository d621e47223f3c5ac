"""Runs: one row each, also when one crashed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, insert, select, update

from briefing.errors import StoreError
from briefing.model import Failure, Run, RunKind
from briefing.store.database import Group
from briefing.store.schema import runs


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
        ended = update(runs).where(runs.c.number == number).values(_row(run))
        with self._database.writing() as connection:
            if connection.execute(ended).rowcount == 0:
                raise StoreError(f"there is no run number {number}")

    def runs(
        self, kind: RunKind | None = None, *, since: datetime | None = None
    ) -> tuple[Run, ...]:
        """Return the runs of a kind started after `since`, the newest first.

        One that crashed still says ``running``. None: of all kinds, of all times.
        """
        chosen = select(runs).order_by(runs.c.started.desc(), runs.c.number.desc())
        if kind is not None:
            chosen = chosen.where(runs.c.kind == kind)
        if since is not None:
            chosen = chosen.where(runs.c.started > since)
        with self._database.reading() as connection:
            return tuple(_run(row) for row in connection.execute(chosen).mappings())

    def runs_between(
        self, kind: RunKind, since: datetime | None, until: datetime
    ) -> tuple[Run, ...]:
        """Return the runs of a kind at ``since < started <= until``, the oldest first.

        None: since the beginning.
        """
        runs = reversed(self.runs(kind, since=since))
        return tuple(run for run in runs if run.started <= until)

    def failures_between(
        self, since: datetime | None, until: datetime
    ) -> tuple[Failure, ...]:
        """Return what went wrong in collecting at ``since < started <= until``.

        In the order in which it happened, each once, however many runs met it.
        None: since the beginning.
        """
        runs = self.runs_between("collect", since, until)
        return tuple(dict.fromkeys(one for run in runs for one in run.failures))


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
