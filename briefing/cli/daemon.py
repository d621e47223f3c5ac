"""run: the brief each day, as long as it runs."""

from __future__ import annotations

import os
import signal
from threading import Event
from typing import TYPE_CHECKING, Any

import click

from briefing.cli import wiring
from briefing.cli.printing import say, say_failures
from briefing.cli.send import UNHAPPY, heed_replies, say_outcome
from briefing.cli.wiring import LEFT_OUT, Wiring, leave, wired
from briefing.errors import BriefingError

if TYPE_CHECKING:
    from briefing.model import Brief


@click.command()
@wired()
@click.option(
    "--once", is_flag=True, help="Build what is due now, then stop (for cron)."
)
def run(given: Wiring, *, once: bool) -> None:
    """Build each edition when it is due and mail it; at the start the one that was missed."""
    if once:
        brief = catch_up(given)
        unhappy = send_due(given, Event())
        leave(LEFT_OUT if unhappy or (brief and brief.failures) else 0)
    from apscheduler.schedulers.blocking import BlockingScheduler

    from briefing import schedule

    scheduler = BlockingScheduler(timezone=given.settings.tzinfo)
    stopped = Event()

    def stop(*_: Any) -> None:
        # The build that is going on is finished first, and mails that are on the way; the
        # others wait. A second signal changes nothing.
        stopped.set()
        if scheduler.running:
            scheduler.shutdown(wait=True)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    rule, zone = given.settings.schedule.rule, given.settings.tzinfo
    upcoming = schedule.next_due(rule, zone, given.clock()).astimezone(zone)
    say(f"Running. Next edition: {upcoming:%Y-%m-%d %H:%M %Z}", err=True)
    schedule.start(scheduler, Watch(given, stopped).look, rule=rule, zone=zone)


class Watch:
    """Catches up again and again; says an error once, however long it lasts."""

    def __init__(self, given: Wiring, stopped: Event) -> None:
        self._given, self._stopped = given, stopped
        self._told = ""

    def look(self) -> None:
        """Build and send what is due. An expected error is said, the next look tries again."""
        try:
            catch_up(self._given)
            send_due(self._given, self._stopped)
            self._told = ""
        except (BriefingError, OSError) as error:
            if str(error) != self._told:
                self._told = str(error)
                say(f"briefing: {error}", err=True)


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


def catch_up(given: Wiring) -> Brief | None:
    """Collect, build, publish and freeze the edition that is due; None if none is.

    Raises:
        BriefingError: it could not be done.
    """
    from briefing import pipeline, schedule

    settings = given.settings
    with given.store() as store, store.turn():
        due = schedule.missed(
            store, settings.schedule.rule, settings.tzinfo, given.clock()
        )
        if due is None:
            return None
        if settings.mail is not None:
            heed_replies(given, store)
        with wiring.network(settings) as http:
            pipeline.collect(
                settings, store, wiring.sources(settings, http), clock=given.clock
            )
        brief = pipeline.build(
            settings, store, edition=due, now=given.clock(), claims="frozen"
        )
        for path in pipeline.publish(settings, store, brief, freeze=True):
            say(os.path.normpath(path))
    say_failures(brief.failures)
    return brief
