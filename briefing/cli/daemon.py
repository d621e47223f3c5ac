"""run: the brief each day, as long as it runs."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any, Final

import click

from briefing.cli import wiring
from briefing.cli.notify import notify
from briefing.cli.printing import say, say_failures
from briefing.cli.send import UNHAPPY, heed_replies, say_outcome
from briefing.cli.wiring import LEFT_OUT, Wiring, leave, wired
from briefing.errors import BriefingError, SettingsError

if TYPE_CHECKING:
    from briefing.deliver.alert import Beat
    from briefing.model import Brief
    from briefing.schedule import Due
    from briefing.settings import Settings
    from briefing.store import Store


_BETWEEN: Final = timedelta(minutes=10)
"""Between two rounds that are not for an edition: sources that are due wait for each other."""

_WORSE: Final = (0, LEFT_OUT, 1, 2)
"""Exit statuses: done, something left out, failed, the settings are wrong."""

_BEFORE: Final = 1.1
"""Times `gather.interval`: how long before an edition such rounds end."""


@click.command()
@wired()
@click.option("--once", is_flag=True, help="Do what is due now, then stop (for cron).")
def run(given: Wiring, *, once: bool) -> None:
    """Collect through the day, build each edition when it is due, mail it.

    At the start it builds the one that was missed.
    """
    if once:
        leave(Watch(given, Event()).look())
    from apscheduler.schedulers.blocking import BlockingScheduler

    from briefing import schedule

    scheduler = BlockingScheduler(timezone=given.settings.tzinfo)
    stopped = Event()

    def stop(*_: Any) -> None:
        # The build that is going on is finished first, and mails that are on the way; the
        # others wait. A second signal changes nothing.
        notify("STOPPING=1")
        stopped.set()
        if scheduler.running:
            scheduler.shutdown(wait=True)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    schedules, now = given.settings.schedules, given.clock()
    soonest = min(schedules, key=lambda one: schedule.next_due(one, now))
    upcoming = schedule.next_due(soonest, now).astimezone(soonest.zone)
    named = f" ({soonest.name})" if soonest.name else ""
    say(f"Running. Next edition: {upcoming:%Y-%m-%d %H:%M %Z}{named}", err=True)
    notify("READY=1")
    schedule.start(scheduler, Watch(given, stopped).look, schedules=schedules)


class Watch:
    """Does what is due, again and again; says an error once, however long it lasts."""

    def __init__(self, given: Wiring, stopped: Event) -> None:
        self._given, self._stopped = given, stopped
        self._told = dict[str, str]()

    def look(self) -> int:
        """Do what is due; return its exit status.

        What cannot be done is said, keeps nothing else back, and is tried again by the next look.
        """
        notify("WATCHDOG=1")
        given, before = self._given, dict(self._told)
        found = {
            self._try("build", lambda: any(one.failures for one in catch_up(given))),
            self._try("send", partial(send_due, given, self._stopped)),
            self._try("collect", partial(collect_due, given)),
        }
        if self._told.items() - before.items():
            _heard(given, "fail")
        found.add(self._try("alert", partial(tell_operator, given)))
        return max(found, key=_WORSE.index)

    def _try(self, what: str, work: Callable[[], bool | None]) -> int:
        """Return the exit status of `work`, which says whether something was left out."""
        try:
            left_out = work()
        except (BriefingError, OSError) as error:
            if str(error) not in self._told.values():
                say(f"briefing: {error}", err=True)
            self._told[what] = str(error)
            return 2 if isinstance(error, SettingsError) else 1
        self._told.pop(what, None)
        return LEFT_OUT if left_out else 0


def tell_operator(given: Wiring) -> None:
    """Tell the operator of what is newly wrong, and of what is right again.

    Raises:
        BriefingError: it could not be told.
    """
    from briefing import watch
    from briefing.deliver import alert

    addresses = alert_addresses(given.settings)
    if not addresses:
        return
    with given.store() as store, store.turn():
        watch.tell(
            given.settings,
            store,
            now=given.clock(),
            send=partial(alert, addresses),
        )


def alert_addresses(settings: Settings) -> list[str]:
    """Return where alerts go, of the settings and of the environment.

    Raises:
        SettingsError: the variable of `alert.to_env` is not there.
    """
    wanted = settings.alert
    addresses = list(wanted.to)
    if wanted.to_env is not None:
        secret = os.environ.get(wanted.to_env, "").split()
        if not secret:
            raise SettingsError(
                f"alert.to_env: {wanted.to_env} is not in the environment"
            )
        addresses += secret
    return addresses


def _beat(given: Wiring, state: Beat) -> None:
    from briefing.deliver import beat

    if given.settings.alert.heartbeat is not None:
        beat(given.settings.alert.heartbeat, state)


def send_due(given: Wiring, stopped: Event) -> bool:
    """Send the mails that are due, if a server is set; return whether any is unhappy.

    Raises:
        BriefingError: the server cannot be reached, or not as the settings say.
    """
    from briefing import mailing

    if given.settings.mail is None or given.settings.mail.server is None:
        return False
    with given.store() as store:
        # Nothing was tried, nothing is said: this is called every minute.
        counts = mailing.send(given.settings, store, clock=given.clock, stopped=stopped)
        say_outcome(counts, store)
    return any(counts[state] for state in UNHAPPY)


def catch_up(given: Wiring) -> tuple[Brief, ...]:
    """Collect, then build, publish and freeze the editions that are due; () if none is.

    Raises:
        BriefingError: it could not be done; what was frozen before stays.
    """
    from briefing import schedule

    settings = given.settings
    with given.store() as store, store.turn():
        looked = given.clock()
        dues = [
            due
            for each in settings.schedules
            for due in schedule.missed(store, each, looked)
        ]
        if not dues:
            return ()
        _heard(given, "start")
        if settings.mail is not None:
            heed_replies(given, store)
        _collect(given, store)
        now = given.clock()
        briefs = tuple(_issue(settings, store, due, now) for due in dues)
    for brief in briefs:
        say_failures(brief.failures)
    _heard(given, "done")
    _forget(given)
    return briefs


def _forget(given: Wiring) -> None:
    """Throw old texts away, if the settings say so."""
    from briefing import retention

    if given.settings.store.keep_days is not None:
        older = timedelta(days=given.settings.store.keep_days)
        with given.store() as store, store.turn():
            retention.forget(given.settings, store, older=older, clock=given.clock)


def collect_due(given: Wiring) -> None:
    """Visit the sources of the Web that are due, and with them all others.

    Not within the last hour or so before an edition: then they would not be due when it is.

    Raises:
        BriefingError: the store cannot be read or written.
    """
    from briefing import schedule
    from briefing.gather import due

    settings, now = given.settings, given.clock()
    soonest = min(schedule.next_due(one, now) for one in settings.schedules)
    if soonest - now < _BEFORE * timedelta(minutes=settings.gather.interval):
        return
    sources = wiring.sources(settings, wiring.network(settings))
    with given.store() as store:
        last = store.last_run("collect")
        if last is not None and timedelta() <= now - last.started < _BETWEEN:
            return
        wanted = {one.id for one in due(sources, store.source_states(), now=now)}
        if wanted:
            _collect(given, store, wanted)


def _collect(
    given: Wiring, store: Store, wanted: Collection[str] | None = None
) -> None:
    """Visit the sources with some ids, None: all."""
    from briefing import pipeline

    with wiring.collecting(given.settings, store) as (http, leases):
        sources = [
            one
            for one in wiring.sources(given.settings, http)
            if wanted is None or one.id in wanted
        ]
        pipeline.collect(
            given.settings, store, sources, clock=given.clock, leases=leases
        )


def _issue(settings: Settings, store: Store, due: Due, now: datetime) -> Brief:
    """Build, publish and freeze an edition; by setting a quiet one without pages and mails."""
    from briefing import pipeline

    brief = pipeline.build(
        settings,
        store,
        edition=due.edition,
        now=now,
        claims="frozen",
        after=due.after,
        until=due.until,
    )
    if pipeline.is_quiet(settings, brief):
        pipeline.pass_over(store, brief)
        say(f"{due.edition}: a quiet day, no edition")
    else:
        for path in pipeline.publish(settings, store, brief, freeze=True):
            say(os.path.normpath(path))
    return brief


def _heard(given: Wiring, state: Beat) -> None:
    """Send a heartbeat; that nobody hears it keeps no edition back."""
    try:
        _beat(given, state)
    except BriefingError as error:
        say(f"briefing: {error}", err=True)
