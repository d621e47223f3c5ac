"""send · status: the mails of editions, and what became of each."""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import click

from briefing.cli.printing import plain, say, say_json
from briefing.cli.show import edition_argument, edition_of
from briefing.cli.wiring import LEFT_OUT, Wiring, as_json, leave, wired

if TYPE_CHECKING:
    from briefing.mailing import Uncertain
    from briefing.model import MailState, Recipient, Schedule
    from briefing.store import Store

UNHAPPY: Final[tuple[MailState, ...]] = ("deferred", "failed", "uncertain", "in_flight")
"""States of mails that somebody may have to look after."""


@click.command()
@wired()
@edition_argument
@click.option(
    "--preview",
    is_flag=True,
    help="Write the mails of an edition into the current folder; send nothing.",
)
@click.option(
    "--uncertain",
    type=click.Choice(["hold", "resend", "accept"]),
    help="What becomes of mails that the server may have or not, this time.",
)
@as_json
def send(
    given: Wiring,
    *,
    edition: str | None,
    preview: bool,
    uncertain: Uncertain | None,
    as_json: bool,
) -> None:
    """Send the mails that are due: each subscriber gets each edition once.

    With EDITION, a published one, those who have not been sent it yet get it too.
    """
    from briefing import mailing

    if preview and uncertain is not None:
        raise click.UsageError("--preview sends nothing, so it knows no --uncertain")
    with given.store(create=False) as store:
        if preview:
            _preview(given, store, edition, as_json=as_json)
            return
        unread = not heed_replies(given, store)
        if edition is not None:
            _queue(given, store, edition)
        stopped = Event()
        with _stopping(stopped):
            counts = mailing.send(
                given.settings,
                store,
                clock=given.clock,
                uncertain=uncertain,
                stopped=stopped,
            )
        held = store.recipients(states=["uncertain"])
        waiting = len(store.recipients(states=["pending", "deferred"]))
    if as_json:
        say_json({**counts, "waiting": waiting, "uncertain": len(held)})
    else:
        say(f"{_told(counts) or 'nothing sent'}; {waiting} waiting")
    _say_held(held)
    unhappy = any(counts[state] for state in UNHAPPY)
    leave(LEFT_OUT if unhappy or held or unread else 0)


@click.command()
@wired()
@edition_argument
@click.option("--all", "everyone", is_flag=True, help="Name every recipient.")
@click.option(
    "--metrics",
    "as_metrics",
    is_flag=True,
    help="Print metrics for Prometheus, and nothing else.",
)
@as_json
def status(
    given: Wiring,
    *,
    edition: str | None,
    everyone: bool,
    as_metrics: bool,
    as_json: bool,
) -> None:
    """Say what is wrong, and what became of each mail; of all editions if none is given.

    Names the recipients whose mail was refused, waits for another try or is uncertain;
    of earlier editions not those who were refused for good.
    """
    if as_metrics:
        if edition is not None or everyone or as_json:
            raise click.UsageError("--metrics takes no EDITION, --all or --json")
        _say_metrics(given)
    else:
        _say_status(given, edition=edition, everyone=everyone, as_json=as_json)


def _say_status(
    given: Wiring, *, edition: str | None, everyone: bool, as_json: bool
) -> None:
    from briefing import watch

    settings, now = given.settings, given.clock()
    with given.store(create=False) as store:
        worries = watch.concerns(settings, store, now)
        occasion = None if edition is None else edition_of(store, edition).brief.key
        counts = store.mail_counts(occasion)
        unhappy = store.recipients(occasion, states=UNHAPPY)
        everybody = store.recipients(occasion) if everyone or as_json else None
        last = store.latest_edition()
        turns = [_turn(store, one, now) for one in settings.schedules]
    if occasion is None:
        unhappy = _still_told(unhappy, newest={turn["edition"] for turn in turns})
    named = unhappy if everybody is None else everybody
    if as_json:
        say_json(
            {
                "edition": None if last is None else last.brief.key,
                "frozen": last is not None and last.frozen,
                "due": min(turns, key=_when)["due"],
                "schedules": turns,
                "concerns": [plain(one) for one in worries],
                "mails": counts,
            }
        )
        for one in named:
            say_json(_row(one))
    else:
        for worry in worries:
            say(f"{worry.name}: {worry.told}")
        if occasion is None:
            _say_turns(turns, settings.schedules)
        for key, states in counts.items():
            say(f"{key}: {_told(states)}")
        for one in named:
            say(_line(one, settings.tzinfo))
    leave(LEFT_OUT if unhappy or worries else 0)


def _still_told(
    named: Iterable[Recipient], *, newest: Set[str]
) -> tuple[Recipient, ...]:
    """Return those still to be told of: a refusal for good is with its edition alone."""
    return tuple(
        one for one in named if one.state != "failed" or one.occasion in newest
    )


def _say_metrics(given: Wiring) -> None:
    from briefing.cli.metrics import metrics

    with given.store(create=False) as store:
        lines = list(metrics(given.settings, store, now=given.clock()))
    for line in lines:
        click.echo(line)


def _turn(store: Store, schedule: Schedule, now: datetime) -> dict[str, Any]:
    """Return how a schedule stands: its last edition, what is missed, what is next."""
    from briefing.schedule import missed, next_due

    last = store.last_edition(schedule.name, claims="frozen")
    due = next_due(schedule, now).astimezone(schedule.zone)
    return {
        "schedule": schedule.name,
        "edition": None if last is None else last.key,
        "due": due.isoformat(),
        "missed": [one.edition for one in missed(store, schedule, now)],
    }


def _when(turn: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(turn["due"])


def _say_turns(
    turns: Sequence[Mapping[str, Any]], schedules: Sequence[Schedule]
) -> None:
    for turn, schedule in zip(turns, schedules, strict=True):
        named = f"{schedule.name}: " if schedule.name else ""
        due = _when(turn).astimezone(schedule.zone)
        missed = f"; due and not there: {', '.join(turn['missed'])}"
        say(
            f"{named}last {turn['edition'] or 'none yet'}, next {due:%Y-%m-%d %H:%M %Z}"
            f"{missed if turn['missed'] else ''}"
        )


def heed_replies(given: Wiring, store: Store) -> bool:
    """Do what subscribers asked for by mail; return whether it could be read.

    If not, that is said, and it is no reason to send nothing to the others.
    """
    from briefing.errors import DeliveryError
    from briefing.replies import read_replies

    try:
        read_replies(given.settings, store, now=given.clock())
    except DeliveryError as error:
        say(f"briefing: {error}", err=True)
        return False
    return True


def say_outcome(counts: Counter[MailState], store: Store) -> None:
    """Say what became of mails that were sent, nothing if none was."""
    if counts:
        say(f"mails: {_told(counts)}", err=True)
    if counts["uncertain"]:
        _say_held(store.recipients(states=["uncertain"]))


def _told(counts: Mapping[MailState, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))


def _say_held(held: Sequence[Recipient]) -> None:
    """Say to standard error which mails are held because they may have arrived."""
    if not held:
        return
    names = ", ".join(one.address for one in held[:20])
    more = f" and {len(held) - 20} more" if len(held) > 20 else ""
    say(
        f"{len(held)} mails may have arrived or not and are held: {names}{more}. "
        "Look into the server's log for their Message-ID (`briefing status --json`), then "
        "`briefing send --uncertain accept` or `--uncertain resend`.",
        err=True,
    )


def _preview(
    given: Wiring, store: Store, edition: str | None, *, as_json: bool
) -> None:
    from briefing import mailing
    from briefing.deliver import Folder

    brief = edition_of(store, edition).brief
    pages: dict[str, str] = {}
    for name, mail, html in mailing.previews(given.settings, brief):
        # Bytes of a mail to an ASCII address are ASCII; its lines stay as they are.
        pages |= {f"{name}.eml": mail.decode("ascii"), f"{name}.html": html}
    paths = Folder(Path()).send(pages)
    if as_json:
        say_json({"edition": brief.key, "pages": [os.fspath(path) for path in paths]})
        return
    for path in paths:
        say(os.fspath(path))
    if _has_desktop():
        click.launch(paths[1].resolve().as_uri())


def _has_desktop() -> bool:
    """Whether somebody sits before a screen that a page can be shown on."""
    shown = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(shown) and sys.stdout.isatty()


def _queue(given: Wiring, store: Store, edition: str) -> None:
    """Queue a published edition for those who have not been sent it yet."""
    from briefing import mailing
    from briefing.errors import DeliveryError

    kept = edition_of(store, edition)
    if not kept.frozen:
        raise DeliveryError(
            f"the edition {edition} is a draft; `briefing publish {edition}` first"
        )
    post = mailing.mails_of(given.settings, store, kept.brief)
    if post is not None:
        store.queue(replace(post, queued=given.clock()))


@contextmanager
def _stopping(stopped: Event) -> Iterator[None]:
    """Set `stopped` on SIGTERM and Ctrl-C: mails on the way are finished, others wait."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(one, lambda *_: stopped.set()) for one in numbers]
    try:
        yield
    finally:
        for one, handler in zip(numbers, before, strict=True):
            signal.signal(one, handler)


def _line(one: Recipient, zone: ZoneInfo) -> str:
    waits = one.due if one.state == "deferred" else None
    due = f", next try {waits.astimezone(zone):%Y-%m-%d %H:%M %Z}" if waits else ""
    tries = f", {one.attempts} tries" if one.attempts > 1 else ""
    reply = f": {one.reply}" if one.reply else ""
    return f"  {one.occasion}  {one.address}  {one.state}{tries}{due}{reply}"


def _row(one: Recipient) -> dict[str, Any]:
    return {
        "occasion": one.occasion,
        "address": one.address,
        "state": one.state,
        "attempts": one.attempts,
        "reply": one.reply,
        "due": None if one.due is None else one.due.isoformat(),
        "message_id": one.message_id,
    }
