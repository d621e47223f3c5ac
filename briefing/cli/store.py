"""store: copy all that is kept, put it by, bring it back, throw old texts away."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli.printing import progress, say, say_json
from briefing.cli.wiring import Wiring, as_json, wired

if TYPE_CHECKING:
    from briefing.store.copying import Copied


@click.group()
def store() -> None:
    """Copy all that is kept, put it by, bring it back, throw old texts away."""


@store.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@as_json
def copy(source: str, target: str, *, as_json: bool) -> None:
    """Copy a whole store into an empty one: files of SQLite, or URLs of databases.

    All rows are read again and compared with what was written. Others may go on working with
    FROM; what they write meanwhile is not copied.
    """
    _tell(_copied(_place(source), _place(target)), as_json=as_json)


@store.command()
@wired()
@click.argument("file")
@as_json
def backup(given: Wiring, *, file: str, as_json: bool) -> None:
    """Put all that is kept by, in a new FILE (or the URL of a database), which is a store itself."""
    _tell(_copied(given.settings.store.address, _place(file)), as_json=as_json)


@store.command()
@wired()
@click.argument("file")
@as_json
def restore(given: Wiring, *, file: str, as_json: bool) -> None:
    """Bring back all that was put by in FILE, into a store that is new or empty."""
    _tell(_copied(_place(file), given.settings.store.address), as_json=as_json)


@store.command()
@wired()
@click.option(
    "--older-than",
    "days",
    type=click.IntRange(min=30),
    help="Days; store.keep_days if not given.",
)
@as_json
def forget(given: Wiring, *, days: int | None, as_json: bool) -> None:
    """Throw away old documents, and texts of old articles that no edition shows.

    What editions show stays, and can be verified for ever.
    """
    from briefing import retention

    days = days or given.settings.store.keep_days
    if days is None:
        raise click.UsageError("give --older-than DAYS, or store.keep_days in settings")
    with given.store(create=False) as kept, kept.turn():
        run = retention.forget(
            given.settings, kept, older=timedelta(days=days), clock=given.clock
        )
    counts = dict(run.counts)
    if as_json:
        say_json({name: counts[name] for name in ("texts", "documents")})
    else:
        say(f"{counts['texts']} texts and {counts['documents']} documents thrown away")


def _place(named: str) -> str | Path:
    return named if "://" in named else Path(named)


def _copied(source: str | Path, target: str | Path) -> tuple[Copied, ...]:
    from briefing.store import open_store

    with ExitStack() as opened:
        told = opened.enter_context(progress())
        one = opened.enter_context(open_store(source, create=False))
        other = opened.enter_context(open_store(target))
        return one.copy_to(other, progress=told)


def _tell(copied: tuple[Copied, ...], *, as_json: bool) -> None:
    if as_json:
        tables = {one.table: {"rows": one.rows, "sha256": one.sha256} for one in copied}
        say_json({"tables": tables, "rows": sum(one.rows for one in copied)})
        return
    for one in copied:
        say(f"{one.rows:>9,}  {one.table}  {one.sha256[:16]}")
    say(f"{sum(one.rows for one in copied):>9,}  rows, the same there as here")
