"""subscribers: who gets the editions by mail."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import click

from briefing.cli.printing import plain, say, say_json
from briefing.cli.wiring import LEFT_OUT, Wiring, as_json, leave, wired
from briefing.errors import DeliveryError, SettingsError

if TYPE_CHECKING:
    from briefing.model import Subscriber, SubscriberState
    from briefing.settings import Settings
    from briefing.store import Store

_COLUMNS: Final = ("address", "list", "state", "since", "language", "topics")

list_option = click.option("--list", "name", metavar="SLUG", help="The list.")


@click.group()
def subscribers() -> None:
    """Add, confirm, list and remove those who get editions by mail."""


@subscribers.command()
@wired()
@click.argument("addresses", nargs=-1, required=True)
@list_option
@click.option("--language", metavar="TAG", help="Of the interface's words.")
@click.option(
    "--topic", "topics", multiple=True, metavar="SLUG", help="Only this topic."
)
@click.option(
    "--confirmed", is_flag=True, help="They have agreed already: do not ask by mail."
)
def add(
    given: Wiring,
    *,
    addresses: Sequence[str],
    name: str | None,
    language: str | None,
    topics: tuple[str, ...],
    confirmed: bool,
) -> None:
    """Add subscribers; each is asked by mail to confirm.

    The question goes out with the next `briefing send`.
    """
    rows = [
        {
            "address": one,
            "list": name or "",
            "language": language or "",
            "topics": " ".join(topics),
        }
        for one in addresses
    ]
    wanted = [
        _subscriber(given.settings, row, given.clock(), confirmed=confirmed)
        for row in rows
    ]
    with given.store() as store:
        _add(given, store, wanted)


@subscribers.command()
@wired()
@click.argument("wanted", nargs=-1, required=True, metavar="TOKEN|ADDRESS…")
def confirm(given: Wiring, *, wanted: Sequence[str]) -> None:
    """Confirm subscriptions, by the token of a mail that came back or by address."""
    _change(given, wanted, "confirm")


@subscribers.command()
@wired()
@click.argument("wanted", nargs=-1, required=True, metavar="TOKEN|ADDRESS…")
@click.option("--forget", is_flag=True, help="Delete the address, too.")
def remove(given: Wiring, *, wanted: Sequence[str], forget: bool) -> None:
    """End subscriptions, by token or by address."""
    _change(given, wanted, "unsubscribe", forget=forget)


@subscribers.command()
@wired()
def read(given: Wiring) -> None:
    """Do what subscribers ask for by mail: to leave, or to confirm.

    Reads the mailbox in `mail.inbox`; `send` and `run` do so before they send.
    """
    from briefing.replies import read_replies

    with given.store(create=False) as store:
        counts = read_replies(given.settings, store, now=given.clock())
    say(f"{counts['confirm']} confirmed, {counts['unsubscribe']} left")


@subscribers.command("list")
@wired()
@list_option
@as_json
def list_(given: Wiring, *, name: str | None, as_json: bool) -> None:
    """List subscribers."""
    with given.store(create=False) as store:
        for one in store.subscribers(list=name):
            if as_json:
                say_json(plain(one))
                continue
            wishes = " ".join([one.language or "", *one.topics]).strip()
            since = one.since.astimezone(given.settings.tzinfo)
            say(
                f"{one.list}  {one.address}  {one.state} since {since:%Y-%m-%d}"
                + (f"  {wishes}" if wishes else "")
            )


@subscribers.command("import")
@wired()
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@list_option
@click.option(
    "--confirmed", is_flag=True, help="They have agreed already: do not ask by mail."
)
def import_(
    given: Wiring, *, file: io.TextIOBase, name: str | None, confirmed: bool
) -> None:
    """Add the subscribers of a CSV file, as `export` writes it.

    Needed is the column `address`; those who are `left` in the file are passed over, those
    who are `confirmed` there are asked again unless --confirmed says that they agreed.
    """
    wanted: list[Subscriber] = []
    wrong = 0
    reader = csv.DictReader(file)
    try:
        for row in reader:
            if row.get("state") == "left":
                continue
            given_ = {key: value for key, value in row.items() if key and value}
            try:
                wanted.append(
                    _subscriber(
                        given.settings,
                        {"list": name, **given_},
                        given.clock(),
                        confirmed=confirmed,
                    )
                )
            except SettingsError as error:
                wrong += 1
                say(f"line {reader.line_num}: {error}", err=True)
    except (csv.Error, UnicodeDecodeError) as error:
        raise DeliveryError(f"no CSV file in UTF-8: {error}") from error
    with given.store() as store:
        _add(given, store, wanted)
    leave(LEFT_OUT if wrong else 0)


@subscribers.command()
@wired()
@list_option
def export(given: Wiring, *, name: str | None) -> None:
    """Print the subscribers as CSV."""
    with given.store(create=False) as store:
        found = store.subscribers(list=name)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in found:
        since = one.since.isoformat(timespec="seconds")
        writer.writerow(
            [
                one.address,
                one.list,
                one.state,
                since,
                one.language or "",
                " ".join(one.topics),
            ]
        )
    click.echo(text.getvalue(), nl=False)


def _add(given: Wiring, store: Store, wanted: Sequence[Subscriber]) -> None:
    from briefing import mailing

    fresh, there = store.add_subscribers(wanted)
    asked = [one for one in fresh if one.state == "asked"]
    queued = mailing.ask(given.settings, store, asked, now=given.clock())
    say(
        f"{len(fresh)} added, {len(there)} there already"
        + (f"; {queued} will be asked to confirm" if queued else "")
    )


def _subscriber(
    settings: Settings, row: dict[str, Any], now: datetime, *, confirmed: bool
) -> Subscriber:
    """Return a subscriber as a row says.

    Raises:
        SettingsError: no such list, topic or language, or no address.
    """
    from briefing.model import OTHER, Subscriber
    from briefing.settings import check_language
    from briefing.text import mailbox

    names = [one.slug for one in settings.list]
    name = row.get("list") or names[0]
    if name not in names:
        raise SettingsError(f"no list {name!r}; there are {', '.join(names)}")
    topics = tuple(str(row.get("topics") or "").split())
    known = {one.slug for one in settings.topic} | {OTHER}
    if unknown := sorted(set(topics) - known):
        raise SettingsError(f"no topic {unknown[0]!r}")
    language = row.get("language") or None
    try:
        address = mailbox(str(row.get("address", "")))
        if language is not None:
            check_language(language)
    except ValueError as error:
        raise SettingsError(f"{row.get('address', '')!r}: {error}") from error
    state: SubscriberState = "confirmed" if confirmed else "asked"
    return Subscriber(0, name, address, state, now, language, topics)


def _change(
    given: Wiring, wanted: Sequence[str], purpose: Any, *, forget: bool = False
) -> None:
    from briefing import mailing

    missing = 0
    with given.store(create=False) as store:
        for value in wanted:
            if "@" in value:
                found = store.subscribed(value.strip())
                for one in found:
                    if purpose == "unsubscribe":
                        store.change_state(one.number, "left", given.clock())
                    else:
                        store.change_state(
                            one.number, "confirmed", given.clock(), of=("asked",)
                        )
            else:
                one_ = mailing.follow(
                    given.settings, store, value, purpose=purpose, now=given.clock()
                )
                found = () if one_ is None else (one_,)
            for one in found:
                if forget:
                    store.forget_subscriber(one.number)
                say(f"{one.list}  {one.address}")
            if not found:
                missing += 1
                say(f"{value}: no such subscriber", err=True)
    leave(LEFT_OUT if missing else 0)
