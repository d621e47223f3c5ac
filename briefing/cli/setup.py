"""init · doctor."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli.health import diagnoses
from briefing.cli.printing import say, say_json, words_of
from briefing.cli.wiring import Wiring, as_json, leave, wired
from briefing.errors import BriefingError, DeliveryError, SettingsError, StoreError
from briefing.resources import resource

if TYPE_CHECKING:
    from briefing.settings import Settings
    from briefing.settings.shape import OutputSettings


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".")
@click.option("--force", is_flag=True, help="Replace files that are there.")
def init(folder: Path, force: bool) -> None:
    """Put a starter into FOLDER: settings, topics and sample articles.

    Other files there stay as they are.
    """
    target = folder / "briefing.toml"
    if os.path.lexists(target) and not force:
        raise SettingsError(f"{target}: is there already (--force replaces it)")
    files = {
        name: text
        for name, text in _starter().items()
        if force or not os.path.lexists(folder / name)
    }
    _put(files, folder)
    say(f"{target} is ready. Next: briefing --help, or briefing build -c {target}")


def _starter() -> dict[str, str]:
    """Return the starter's files: name in its folder → text."""
    seeds = resource("seeds")
    files = {
        path.relative_to(seeds).as_posix(): path.read_text("utf-8")
        for path in sorted((seeds / "artikel").glob("[!.]*"))
    }
    # In the checkout store and pages lie beside seeds/; here, in the folder itself.
    settings = (seeds / "briefing.toml").read_text("utf-8").replace('"../', '"')
    return {**files, "briefing.toml": settings}


def _put(files: Mapping[str, str], folder: Path) -> None:
    """Write all files into `folder`, the last one last, or none.

    Raises:
        SettingsError: they cannot be written.
    """
    from briefing.deliver import Folder

    wanted = (folder / "artikel", folder, *folder.parents)
    new = [path for path in wanted if not os.path.lexists(path)]
    try:
        Folder(folder).send(files)
    except DeliveryError as error:
        for path in new:
            with suppress(OSError):
                path.rmdir()
        raise SettingsError(f"no starter was put there: {error}") from error


@click.command()
@wired()
@as_json
def doctor(given: Wiring, as_json: bool) -> None:
    """Check settings, store, folders and sources, and say what to do."""
    wrong = 0
    for name, check in _checks(given):
        try:
            outcome, fine = check(), True
        except (BriefingError, OSError) as error:
            outcome, fine = words_of(error), False
            wrong += 1
        if as_json:
            say_json({"check": name, "ok": fine, "outcome": outcome})
        else:
            say(f"{'ok  ' if fine else 'FAIL'}  {name}: {outcome}")
    leave(1 if wrong else 0)


Check = Callable[[], str]


def _checks(given: Wiring) -> Iterator[tuple[str, Check]]:
    settings = given.settings
    yield "python", lambda: sys.version.split()[0]
    yield "settings", lambda: _settings_outcome(settings)
    yield "store", lambda: _store_outcome(given)
    yield "output", lambda: _output_outcome(settings.output)
    if settings.mail is not None:
        yield "subscribers", lambda: _subscribers_outcome(given)
    if settings.alert.to or settings.alert.to_env:
        yield "alerts", lambda: _alerts_outcome(settings)
    for name, check in diagnoses(given):
        yield f"source {name}", check


def _settings_outcome(settings: Settings) -> str:
    if not settings.source:
        raise SettingsError("no [[source]] yet: nothing would be gathered")
    return f"{len(settings.source)} sources, {len(settings.topic)} topics"


def _store_outcome(given: Wiring) -> str:
    with given.store() as store:
        if damage := store.damage():
            raise StoreError(f"damaged, restore a backup: {damage[0]}")
        return f"{len(store.editions())} editions"


def _subscribers_outcome(given: Wiring) -> str:
    """Return how many there are.

    Raises:
        SettingsError: somebody's list or topic is not in the settings, so that he gets no mail of it.
    """
    from briefing.model import OTHER

    settings = given.settings
    lists = {one.slug for one in settings.list}
    topics = {OTHER, *(one.slug for one in settings.topics)}
    with given.store() as store:
        found = store.subscribers(state="confirmed")
    for one in found:
        if one.list not in lists:
            raise SettingsError(
                f"{one.address} is on the list {one.list}, which is gone"
            )
        if gone := set(one.topics) - topics:
            raise SettingsError(
                f"{one.address} wants {min(gone)}, which is no topic now"
            )
    return f"{len(found)} confirmed"


def _alerts_outcome(settings: Settings) -> str:
    from briefing.cli.daemon import alert_addresses
    from briefing.deliver import check_alert

    addresses = alert_addresses(settings)
    for address in addresses:
        check_alert(address)
    return f"{len(addresses)} addresses, none tried"


def _output_outcome(output: OutputSettings) -> str:
    from briefing.deliver import Folder
    from briefing.render.pages import Templates

    Folder(output.folder).check()
    Templates(output.templates)
    return f"{output.folder} can be written"
