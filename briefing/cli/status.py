"""status: what is wrong, and what became of each mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from briefing.cli.printing import plain, say, say_json
from briefing.cli.send import UNHAPPY, in_states
from briefing.cli.show import edition_argument, edition_of
from briefing.cli.wiring import LEFT_OUT, Wiring, as_json, leave, wired

if TYPE_CHECKING:
    from briefing.model import Recipient, Schedule
    from briefing.store import Store


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
            say(f"{key}: {in_states(states)}")
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
