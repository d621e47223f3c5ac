"""subscribers: who gets the editions by mail."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

from briefing.cli.printing import plain, say, say_json
from briefing.cli.wiring import LEFT_OUT, Wiring, as_json, leave, wired
from briefing.errors import DeliveryError, SettingsError

if TYPE_CHECKING:
    from briefing.mailing import Purpose
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
@as_json
def add(
    given: Wiring,
    *,
    addresses: Sequence[str],
    name: str | None,
    language: str | None,
    topics: tuple[str, ...],
    confirmed: bool,
    as_json: bool,
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
    now = given.clock()
    wanted = [
        _subscriber(given.settings, row, now, confirmed=confirmed) for row in rows
    ]
    with given.store() as store:
        _add(given, store, wanted, as_json=as_json)


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
    from briefing.mailing import mail_settings
    from briefing.replies import read_replies

    if mail_settings(given.settings).inbox is None:
        raise SettingsError(
            "mail.inbox: is missing; add [mail.inbox] with path, or with url and password_env"
        )
    with given.store(create=False) as store:
        counts = read_replies(given.settings, store, now=given.clock())
    say(f"{counts['confirm']} confirmed, {counts['unsubscribe']} left")


@subscribers.command("list")
@wired()
@list_option
@as_json
def list_(given: Wiring, *, name: str | None, as_json: bool) -> None:
    """List subscribers."""
    for one in _of_list(given, name):
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
@as_json
def import_(
    given: Wiring, *, file: TextIO, name: str | None, confirmed: bool, as_json: bool
) -> None:
    """Add the subscribers of a CSV file, as `export` writes it.

    Needed is the column `address`; those who are `left` in the file are passed over, those
    who are `confirmed` there are asked again unless --confirmed says that they agreed.
    """
    wanted: list[Subscriber] = []
    wrong, now = 0, given.clock()
    for line, row in _rows(file):
        wishes = {"list": name, **row}
        try:
            wanted.append(_subscriber(given.settings, wishes, now, confirmed=confirmed))
        except SettingsError as error:
            wrong += 1
            say(f"line {line}: {error}", err=True)
    with given.store() as store:
        _add(given, store, wanted, as_json=as_json)
    leave(LEFT_OUT if wrong else 0)


def _rows(file: TextIO) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number and the filled columns of each line of those who have not left.

    Raises:
        DeliveryError: it is no CSV file in UTF-8, is empty, or has no column `address`.
    """
    from briefing.text import one_line

    reader = csv.DictReader(file)
    try:
        if reader.fieldnames is None:
            raise DeliveryError(f"{file.name}: is empty")
        if "address" not in reader.fieldnames:
            there = one_line(", ".join(reader.fieldnames), limit=200)
            raise DeliveryError(
                f"{file.name}: no column address in the first line"
                + (f"; there are {there}" if there else "")
            )
        for row in reader:
            if row.get("state") != "left":
                filled = {key: value for key, value in row.items() if key and value}
                yield reader.line_num, filled
    except (csv.Error, UnicodeDecodeError) as error:
        raise DeliveryError(f"no CSV file in UTF-8: {error}") from error


@subscribers.command()
@wired()
@list_option
def export(given: Wiring, *, name: str | None) -> None:
    """Print the subscribers as CSV."""
    found = _of_list(given, name)
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


def _of_list(given: Wiring, name: str | None) -> Sequence[Subscriber]:
    """Return the subscribers of a list, None: of all.

    Raises:
        SettingsError: there is no such list, and nobody is on it.
    """
    with given.store(create=False) as store:
        found = store.subscribers(list=name)
    if name is not None and not found:
        _check_list(given.settings, name)
    return found


def _check_list(settings: Settings, name: str) -> None:
    """Raise SettingsError unless the settings have a list."""
    names = [one.slug for one in settings.list]
    if name not in names:
        raise SettingsError(f"no list {name!r}; there are {', '.join(names)}")


def _add(
    given: Wiring, store: Store, wanted: Sequence[Subscriber], *, as_json: bool
) -> None:
    from briefing import mailing

    if any(one.state == "asked" for one in wanted):
        mailing.mail_settings(given.settings)  # nobody is kept who cannot be asked
    fresh, there = store.add_subscribers(wanted)
    asked = [one for one in (*fresh, *there) if one.state == "asked"]
    queued = mailing.ask(given.settings, store, asked, now=given.clock())
    again = sum(one.state == "asked" for one in there)
    counts = {
        "added": len(fresh),
        "asked_again": again,
        "there": len(there) - again,
        "to_confirm": queued,
    }
    if as_json:
        say_json(counts)
        return
    say(
        f"{len(fresh)} added, {again} asked again, {len(there) - again} there already"
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

    name = row.get("list") or settings.list[0].slug
    _check_list(settings, name)
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
    given: Wiring, wanted: Sequence[str], purpose: Purpose, *, forget: bool = False
) -> None:
    missed = False
    with given.store(create=False) as store:
        for value in wanted:
            found = _changed(given, store, value, purpose)
            if not found:
                missed = True
                say(f"{value}: no such subscriber", err=True)
            for one in found:
                if purpose == "confirm" and one.state == "left":
                    missed = True
                    told = "has left; `briefing subscribers add` asks again"
                    say(f"{one.list}  {one.address} {told}", err=True)
                    continue
                if forget:
                    store.forget_subscriber(one.number)
                say(f"{one.list}  {one.address}")
    leave(LEFT_OUT if missed else 0)


def _changed(
    given: Wiring, store: Store, value: str, purpose: Purpose
) -> list[Subscriber]:
    """Return those of an address or a token as they are now that it was done to them."""
    from briefing import mailing

    if "@" not in value:
        one = mailing.follow(
            given.settings, store, value, purpose=purpose, now=given.clock()
        )
        return [] if one is None else [one]
    for one in store.subscribed(value.strip()):
        if purpose == "unsubscribe":
            store.change_state(one.number, "left", given.clock())
        else:
            store.change_state(one.number, "confirmed", given.clock(), of=("asked",))
    return [*store.subscribed(value.strip())]
