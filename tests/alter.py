"""Another program changes what is in a store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import text

from briefing.store import open_store


def alter(place: Path, *changes: str, **values: Any) -> list[tuple[Any, ...]]:
    """Run statements of SQL over a store, all or none; return the rows of the last."""
    rows: list[tuple[Any, ...]] = []
    with (
        open_store(place, create=False) as store,
        store._database.writing() as database,
    ):
        for change in changes:
            done = database.execute(text(change), values)
            rows = [tuple(row) for row in done] if done.returns_rows else []
    return rows
