"""extract · summarize · stories: each stage alone, on files, addresses or JSON Lines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import click

from briefing.cli.filtering import filtered
from briefing.cli.grouping import counted_row, spool
from briefing.cli.parquet import (
    ARTICLE,
    ENDING,
    STORY,
    SUMMARY,
    Schema,
    parquet_sink,
)
from briefing.cli.printing import progress, say_json
from briefing.cli.rows import (
    Reading,
    Row,
    RowError,
    article_row,
    extract_row,
    summarize_row,
)
from briefing.cli.wiring import (
    budgeted,
    checked_recipe,
    instant,
    is_address,
    leave,
    moment,
)
from briefing.errors import SourceError
from briefing.text import one_line

if TYPE_CHECKING:
    from briefing.model import Document

GAP = "[…]"
"""Stands for sentences that were passed over, as on the pages."""

Value = TypeVar("Value")
Usable = TypeVar("Usable")


def _language(value: str) -> str:
    from briefing.settings import check_language

    return _usable(value, check_language)


def _zone(value: str) -> str:
    from briefing.settings import check_zone

    return _usable(value, check_zone)


def _noise(value: str) -> Path:
    from briefing.clean import own_rules

    path = Path(value)
    _usable(path, own_rules)
    return path


def _usable(value: Value, check: Callable[[Value], Usable]) -> Usable:
    """Return what `check` makes of `value`; click knows the option's name."""
    try:
        return check(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


language_option = click.option(
    "--language",
    type=_language,
    metavar="TAG",
    default="id",
    show_default=True,
    help="Of texts that do not say.",
)


def _scheduler(value: str) -> str:
    from briefing.workers import check_scheduler

    return _usable(value, check_scheduler)


dask_option = click.option(
    "--dask",
    type=_scheduler,
    metavar="ADDRESS",
    envvar="BRIEFING_DASK",
    show_envvar=True,
    help="Work on a Dask cluster, by its scheduler's address.",
)


def reading(
    *, places: bool = True
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a filter its place and its options for reading texts."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in (
            click.option(
                "--now",
                type=moment,
                metavar="TIME",
                help="Act as if it were this time.",
            ),
            click.option(
                "--zone",
                type=_zone,
                metavar="ZONE",
                default="Asia/Jakarta",
                show_default=True,
                help="Of dates that name none.",
            ),
            language_option,
            click.option("--jsonl", is_flag=True, help="Read and write JSON Lines."),
            click.argument(
                "place", default="-", metavar="[FILE|URL|-]" if places else "[FILE|-]"
            ),
        ):
            command = option(command)
        return command

    return decorate


parquet_option = click.option(
    "--parquet",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write rows into a Parquet file.",
)


def _has_rows(place: str, jsonl: bool, parquet: Path | None) -> bool:
    """Return whether `place` holds rows, not one text."""
    return jsonl or parquet is not None or place.endswith(ENDING)


def _sink(
    parquet: Path | None, schema: Schema
) -> AbstractContextManager[Callable[[Row], None]]:
    """Return where rows go: into a Parquet file, or to standard output as JSON Lines."""
    return nullcontext(say_json) if parquet is None else parquet_sink(parquet, schema)


@click.command()
@reading()
@click.option(
    "--noise",
    type=_noise,
    metavar="FILE",
    help="Noise rules of your own, a file or a folder of files.",
)
@dask_option
@parquet_option
def extract(
    *,
    place: str,
    jsonl: bool,
    parquet: Path | None,
    noise: Path | None,
    dask: str | None,
    **options: Any,
) -> None:
    """Get the article out of a page or text, without its noise.

    JSON Lines in: id, url, html. Out: id, url, title, text, author, published,
    language, truncated.
    """
    how = replace(how_of(**options), noise=noise)
    if _has_rows(place, jsonl, parquet):
        with _sink(parquet, ARTICLE) as sink:
            work = partial(extract_row, how=how)
            status = filtered(place, work, sink=sink, dask=dask)
        leave(status)
    with _one_row(place):
        article = how.cleaned(_document(place, how))
    say_json(article_row(article, article.url))


@click.command()
@reading()
@click.option(
    "--method", default="learned", show_default=True, help="How sentences are chosen."
)
@budgeted()
@dask_option
@parquet_option
def summarize(
    *,
    place: str,
    jsonl: bool,
    parquet: Path | None,
    dask: str | None,
    method: str,
    words: int | None,
    sentences: int | None,
    length: str | None,
    **options: Any,
) -> None:
    """Condense texts to sentences that stand in them word for word.

    JSON Lines in: id, text (or sentences), title, language. Out: id, method, sentences
    with text, start, end and position; offsets count characters of the text as given.
    """
    budget = {"words": words, "sentences": sentences, "length": length}
    checked_recipe(method, budget)
    how = how_of(**options)
    work = partial(summarize_row, how=how, method=method, budget=budget)
    if _has_rows(place, jsonl, parquet):
        with _sink(parquet, SUMMARY) as sink:
            status = filtered(place, work, sink=sink, dask=dask)
        leave(status)
    with _one_row(place):
        article = how.cleaned(_document(place, how))
        chosen = work(
            {
                "id": place,
                "text": article.text,
                "title": article.title,
                "language": article.language,
            }
        )
    before = None
    for sentence in chosen["sentences"]:
        gap = before is not None and sentence["position"] > before + 1
        text = f"{GAP} {sentence['text']}" if gap else sentence["text"]
        click.echo(one_line(text, limit=len(text)))
        before = sentence["position"]


@click.command()
@reading(places=False)
@click.option(
    "--topics",
    type=click.Path(path_type=Path),
    help="A settings file whose topics are used.",
)
@dask_option
@parquet_option
def stories(
    *,
    place: str,
    jsonl: bool,
    parquet: Path | None,
    dask: str | None,
    topics: Path | None,
    **options: Any,
) -> None:
    """Group articles into stories and topics: JSON Lines in, JSON Lines out.

    In: id, title, text, published, source, language. Out: id, story, topics.
    """
    from briefing.settings import load_settings

    if not _has_rows(place, jsonl, parquet):
        raise click.UsageError("stories reads JSON Lines: add --jsonl")
    how = how_of(**options)
    rules = load_settings(topics).topics if topics else ()
    with spool() as rows:
        work = partial(counted_row, how=how, topics=rules)
        status = filtered(place, work, sink=rows.add, dask=dask)
        with (
            _sink(parquet, STORY) as sink,
            progress(printing=parquet is None) as told,
        ):
            for row in rows.grouped(told):
                sink(row)
    leave(status)


def how_of(language: str, zone: str, now: datetime | None) -> Reading:
    """Return how texts are read, by the options of `reading`."""
    return Reading(language, zone, instant(now, ZoneInfo(zone)))


@contextmanager
def _one_row(place: str) -> Iterator[None]:
    """Turn a row that cannot be used into an error about `place`."""
    try:
        yield
    except RowError as error:
        raise SourceError(f"{place}: {error}") from error


def _document(place: str, how: Reading) -> Document:
    """Return what is at `place`: a file, an address, or standard input for ``-``.

    Raises:
        SourceError: it cannot be read.
    """
    from briefing.gather import File, Http, Page, names_private
    from briefing.model import Document, SourceState

    if place == "-":
        body = sys.stdin.buffer.read()
        is_page = body.lstrip()[:1] == b"<"
        return Document(
            "file:stdin",
            "stdin",
            body,
            "text/html" if is_page else "text/plain",
            how.now,
        )
    with Http() as http:
        source = (
            Page("place", place, http=http, private=names_private(place))
            if is_address(place)
            else File("place", Path(place))
        )
        visit = source.fetch(
            state=SourceState("place"), known=lambda url: False, now=how.now
        )
    if not visit.documents:
        failure = visit.failures[0]
        raise SourceError(f"{place}: {failure.reason} {failure.detail}".strip())
    return visit.documents[0]
