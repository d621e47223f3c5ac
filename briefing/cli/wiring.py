"""What the commands share: options, the clock, settings, sources."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar
from zoneinfo import ZoneInfo

import click

from briefing.errors import SettingsError

if TYPE_CHECKING:
    from briefing.gather import Http
    from briefing.ports import Leases, Slot, Source
    from briefing.settings import Settings, SourceSettings
    from briefing.store import Store

LEFT_OUT = 3
"""Exit status: done, with something left out."""

DEFAULT_SETTINGS = Path("briefing.toml")

Day = TypeVar("Day", bound=date)


def moment(value: str) -> datetime:
    """Return an ISO 8601 date and time; without an offset it is naive."""
    try:
        return _within_reach(datetime.fromisoformat(value))
    except ValueError as error:
        told = f"{value!r} is not a time like 2024-12-01T06:30+07:00"
        raise click.BadParameter(told) from error


def edition_key(value: str) -> str:
    """Return the key of an edition."""
    from briefing.model import date_of, is_key

    if not is_key(value):
        told = f"{value!r} is not a date like 2024-12-01 or an edition like pagi-2024-12-01-0600"
        raise click.BadParameter(told)
    _within_reach(date_of(value))
    return value


def _within_reach(value: Day) -> Day:
    """Return `value` if neither zones nor windows lead from it to where no calendar is."""
    if not 1970 <= value.year <= 2200:
        raise click.BadParameter(f"{value} is not between 1970 and 2200")
    return value


def instant(now: datetime | None, zone: ZoneInfo) -> datetime:
    """Return `now` in UTC: the present if it is None, in `zone` if it has no offset."""
    if now is None:
        return datetime.now(UTC)
    return (now if now.tzinfo else now.replace(tzinfo=zone)).astimezone(UTC)


def is_address(place: str) -> bool:
    """Return whether `place` is a web address, not a path."""
    return place.lower().startswith(("http://", "https://"))


def leave(status: int) -> NoReturn:
    """End the command with an exit status."""
    click.get_current_context().exit(status)


@dataclass(frozen=True, slots=True)
class Wiring:
    """What the options of a command chose."""

    settings: Settings
    clock: Callable[[], datetime]

    def store(self, *, create: bool = True) -> AbstractContextManager[Store]:
        """Open the store; without `create` it must be there already."""
        from briefing.store import open_store

        return open_store(self.settings.store.address, create=create)


def wired(*, reads: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command the shared options; it gets a `Wiring` as its first argument.

    One that only `reads` needs no settings file beside a store that was built without one.
    """

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def wrapped(
            *args: Any,
            config: Path,
            now: datetime | None,
            store: Path | None,
            output: Path | None,
            **options: Any,
        ) -> Any:
            settings = _settings(config, bool(options.get("places")), reads)
            settings = _overridden(settings, store=store, output=output)
            clock = functools.partial(instant, now, settings.tzinfo)
            return command(Wiring(settings, clock), *args, **options)

        for option in reversed(_SHARED):
            wrapped = option(wrapped)
        return wrapped

    return decorate


_SHARED = (
    click.option(
        "-c",
        "--config",
        type=click.Path(path_type=Path),
        default=DEFAULT_SETTINGS,
        show_default=True,
        help="The settings file.",
    ),
    click.option(
        "--now", type=moment, metavar="TIME", help="Act as if it were this time."
    ),
    click.option(
        "--store", type=click.Path(path_type=Path), help="Another store file."
    ),
    click.option(
        "--output", type=click.Path(path_type=Path), help="Another folder for pages."
    ),
)


def budgeted(length: str = "--length") -> Callable[..., Callable[..., Any]]:
    """Give a command the options for the budget of a summary; `length` is one's name."""
    options = (
        click.option(
            "--sentences", type=click.IntRange(1, 50), help="At most so many sentences."
        ),
        click.option(
            "--words", type=click.IntRange(1, 1000), help="At most about so many words."
        ),
        click.option(
            length,
            metavar="NAME",
            help="short, standard or full, instead of a number.",
        ),
    )

    def applied(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in options:
            command = option(command)
        return command

    return applied


def checked_recipe(method: str, budget: Mapping[str, Any]) -> str:
    """Return the recipe of a method and the options of `budgeted`.

    Raises:
        UsageError: there is no such method or length, or the options contradict each other.
    """
    from briefing.condense import recipe

    try:
        return recipe(method, **budget)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _settings(config: Path, has_places: bool, reads: bool) -> Settings:
    from briefing.settings import load_settings, starter_settings

    if config == DEFAULT_SETTINGS and not config.exists():
        starter = starter_settings(Path())
        if has_places or (reads and starter.store.path.exists()):
            return starter
    return load_settings(config)


def _overridden(
    settings: Settings, *, store: Path | None, output: Path | None
) -> Settings:
    changes: dict[str, Any] = {}
    if store is not None:
        changes["store"] = settings.store.model_copy(
            update={"path": store, "url": None, "url_env": None}
        )
    if output is not None:
        changes["output"] = settings.output.model_copy(update={"folder": output})
    return settings.model_copy(update=changes)


@contextmanager
def collecting(settings: Settings, store: Store) -> Iterator[tuple[Http, Leases]]:
    """Give the network reader of a collector, and what it visits alone; may wait.

    Raises:
        StoreError: the store cannot be asked.
    """
    with store.leases() as leases, network(settings, slot=leases.slot) as http:
        yield http, leases


def network(
    settings: Settings, *, private: bool = False, slot: Slot | None = None
) -> Http:
    """Return the network reader, to be used as a context manager.

    Args:
        settings: contact and spacing are used.
        slot: keeps the requests of several collectors apart; None: there is one.
        private: every request may connect to addresses that are not public, without spacing.
    """
    from briefing.gather import Http

    spacing = 0.0 if private else settings.gather.spacing
    return Http(contact=settings.contact, spacing=spacing, private=private, slot=slot)


def sources(settings: Settings, http: Http) -> list[Source]:
    """Return the configured sources, in their order."""
    return [source(one, http, settings) for one in settings.source]


def source(wanted: SourceSettings, http: Http, settings: Settings) -> Source:
    """Return one configured source."""
    given: dict[str, Any] = {"outlet": wanted.outlet, "language": wanted.language}
    if wanted.path is not None:
        return _local(wanted.kind)(wanted.id, wanted.path, **given)
    url = wanted.url or ""
    days: dict[str, Any] = {} if wanted.days is None else {"days": wanted.days}
    given["interval"] = timedelta(minutes=settings.gather.interval)
    if wanted.kind == "imap":
        from briefing.gather.imap import Imap

        return Imap(wanted.id, url, wanted.password_env or "", **days, **given)
    given |= {"http": http, "private": wanted.private}
    if wanted.kind == "sitemap":
        from briefing.gather.sitemap import Sitemap

        return Sitemap(wanted.id, url, wanted.pattern, **days, **given)
    if wanted.kind == "section":
        from briefing.gather.section import Section

        return Section(wanted.id, url, wanted.pattern or "", **given)
    return _on_the_web(wanted, url, given)


def _on_the_web(wanted: SourceSettings, url: str, given: dict[str, Any]) -> Source:
    from briefing.gather import Feed, Page
    from briefing.gather.site import Site

    if wanted.kind == "page":
        return Page(wanted.id, url, **given)
    kind = Site if wanted.kind == "site" else Feed
    return kind(wanted.id, url, follow=wanted.follow, **given)


def _local(kind: str) -> Callable[..., Source]:
    from briefing.gather import File, Folder
    from briefing.gather.mailbox import Maildir, Mbox

    kinds: dict[str, Callable[..., Source]] = {
        "folder": Folder,
        "file": File,
        "mbox": Mbox,
        "maildir": Maildir,
    }
    return kinds[kind]


def places(values: Sequence[str], http: Http) -> list[Source]:
    """Return a source for each folder, file or feed address on the command line.

    A place has the same id in every run and order; one that is named twice is one source.
    Whoever types an address that is not public means it; the settings have to say so.

    Raises:
        SettingsError: there is no such file or folder.
    """
    from briefing.gather import Feed, File, Folder, names_private
    from briefing.text import place_id

    found: dict[str, Source] = {}
    for value in values:
        if is_address(value):
            key = place_id(Path(value).stem, value)
            found[key] = Feed(key, value, http=http, private=names_private(value))
            continue
        path = Path(os.path.realpath(value))
        if not path.exists():
            what = "address of the Web" if "://" in value else "file or folder"
            raise SettingsError(f"{value}: no such {what}")
        key = place_id(path.stem, os.fspath(path))
        kind = Folder if path.is_dir() else File
        found[key] = kind(key, path)
    return list(found.values())
