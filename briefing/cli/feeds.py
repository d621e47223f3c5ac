"""add · import · export: sources into the settings, and feeds out of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing.cli.printing import say, say_json
from briefing.cli.wiring import LEFT_OUT, Wiring, as_json, is_address, leave, wired
from briefing.errors import SettingsError

if TYPE_CHECKING:
    from briefing.cli.finding import Candidate
    from briefing.gather.opml import Outline
    from briefing.settings import Settings, SourceSettings

dry_run = click.option(
    "--dry-run", is_flag=True, help="Say what would be added, and write nothing."
)
_WEB_KINDS = ("feed", "site", "sitemap", "section", "page")


@click.command()
@click.argument("place", metavar="URL|PATH")
@click.option("--id", "name", help="The source's id, instead of one of its title.")
@click.option(
    "--kind", type=click.Choice(_WEB_KINDS), help="What it is, instead of its feed."
)
@click.option("--pattern", help="Which links are articles: a glob, or re:REGEX.")
@dry_run
@wired()
@as_json
def add(
    given: Wiring,
    place: str,
    *,
    name: str | None,
    kind: str | None,
    pattern: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Find what URL or PATH offers, and add it to the sources.

    Of a site the feed is looked for. What stands in the settings file stays as it is.
    """
    from briefing.cli import finding

    settings = given.settings
    if is_address(place):
        from briefing.cli.wiring import network
        from briefing.gather import names_private

        private = names_private(place)
        with network(settings, private=private) as http:
            found = finding.on_the_web(http, place, kind=kind, pattern=pattern)
        if private:
            found.keys["private"] = True
    else:
        found = finding.on_the_disk(place, beside=_config().parent)
    _refuse_twins(settings, found)
    source = _source(settings, found, name)
    _write([source], dry_run=dry_run)
    _tell(source, found.entries, added=not dry_run, as_json=as_json)


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@dry_run
@wired()
@as_json
def import_(given: Wiring, file: Path, *, dry_run: bool, as_json: bool) -> None:
    """Add the feeds that FILE lists (OPML, as other readers export it).

    Feeds that are there already are passed over, and named.
    """
    from briefing.gather.opml import parse_opml

    outlines = parse_opml(file.read_bytes())
    if outlines is None:
        raise SettingsError(f"{file}: not OPML")
    bad = [one for one in outlines if one.url is None]
    for one in bad:
        say(f"left out: {one.title or one.stated}: no address of a feed", err=True)
    sources = list(_new(given.settings, outlines))
    if sources:
        _write(sources, dry_run=dry_run)
    for source in sources:
        _tell(source, None, added=not dry_run, as_json=as_json)
    leave(LEFT_OUT if bad else 0)


@click.command()
@wired()
def export(given: Wiring) -> None:
    """Print the feeds among the sources as OPML, for other readers."""
    from briefing.gather.opml import Outline, write_opml

    settings = given.settings
    feeds = [one for one in settings.source if one.kind == "feed"]
    others = [one for one in settings.source if one.kind != "feed"]
    outlines = [
        Outline(one.outlet or one.id, one.url, one.language, outlet=one.outlet)
        for one in feeds
    ]
    click.echo(write_opml(settings.title, outlines), nl=False)
    for one in others:
        say(f"left out: {one.id}: no feed, but of kind {one.kind}", err=True)
    leave(LEFT_OUT if others else 0)


def _config() -> Path:
    config = click.get_current_context().params["config"]
    return config if isinstance(config, Path) else Path(config)


def _new(settings: Settings, outlines: Sequence[Outline]) -> Iterator[SourceSettings]:
    """Yield a source for each feed that is not there yet; name the others."""
    from briefing.cli.finding import host
    from briefing.settings import SourceSettings
    from briefing.settings.append import source_id

    there = {one.url: one.id for one in settings.source if one.url}
    taken = {one.id for one in settings.source}
    for one in outlines:
        if one.url is None:
            continue
        if one.url in there:
            say(f"there already: {one.url} as {there[one.url]}", err=True)
            continue
        name = source_id(one.title or host(one.url), taken)
        there[one.url] = name
        taken.add(name)
        keys: dict[str, Any] = {"id": name, "kind": "feed", "url": one.url}
        keys |= {"outlet": one.outlet} if one.outlet else {}
        keys |= {"language": one.language} if _is_known(one.language) else {}
        yield SourceSettings.model_validate(keys)


def _is_known(language: str | None) -> bool:
    from briefing.settings import check_language

    try:
        return bool(language and check_language(language))
    except ValueError:
        return False


def _refuse_twins(settings: Settings, found: Candidate) -> None:
    for one in settings.source:
        same_url = one.url is not None and one.url == found.keys.get("url")
        same_path = one.path is not None and found.path is not None
        if same_url or (
            same_path and os.path.realpath(str(one.path)) == str(found.path)
        ):
            raise SettingsError(f"{found.place}: is there already, as {one.id}")


def _source(settings: Settings, found: Candidate, name: str | None) -> SourceSettings:
    """Return the source as it will stand in the settings.

    Raises:
        SettingsError: `name` is no id, or taken.
    """
    from pydantic import ValidationError

    from briefing.settings import SourceSettings
    from briefing.settings.append import source_id

    taken = {one.id for one in settings.source}
    if name in taken:
        raise SettingsError(f"{name}: there is a source of that id")
    try:
        key = name or source_id(found.title, taken)
        return SourceSettings.model_validate(
            {"id": key, "kind": found.kind, **found.keys}
        )
    except ValidationError as error:
        told = error.errors(include_url=False)[0]["msg"]
        raise SettingsError(told.removeprefix("Value error, ")) from error


def _write(sources: Sequence[SourceSettings], *, dry_run: bool) -> None:
    from briefing.settings.append import append_sources

    if not dry_run:
        backup = append_sources(_config(), sources)
        say(f"the settings as they were: {backup}", err=True)


def _tell(
    source: SourceSettings, entries: int | None, *, added: bool, as_json: bool
) -> None:
    from briefing.gather.address import public

    place = public(str(source.url or source.path))
    if as_json:
        row: dict[str, Any] = {"id": source.id, "kind": source.kind, "place": place}
        say_json({**row, "entries": entries, "added": added})
        return
    count = "" if entries is None else f" entries: {entries}"
    told = "added" if added else "would add"
    say(f"{told}: {source.id} {source.kind} {place}{count}")
