"""run: the brief each day, as long as it runs."""

from __future__ import annotations

import logging
import signal
from typing import Any

import click

from briefing.cli import wiring
from briefing.cli.printing import say
from briefing.cli.wiring import Wiring, wired
from briefing.errors import BriefingError

log = logging.getLogger(__name__)


@click.command()
@wired()
@click.option(
    "--once", is_flag=True, help="Build what is due now, then stop (for cron)."
)
def run(given: Wiring, once: bool) -> None:
    """Build each edition when it is due, and at the start the one that was missed."""
    if once:
        catch_up(given)
        return
    from apscheduler.schedulers.blocking import BlockingScheduler

    from briefing import schedule

    scheduler = BlockingScheduler(timezone=given.settings.tzinfo)

    def stop(*_: Any) -> None:
        # The build that is going on is finished first.
        scheduler.shutdown(wait=True)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    rule, zone = given.settings.schedule.rule, given.settings.tzinfo
    upcoming = schedule.next_due(rule, zone, given.clock()).astimezone(zone)
    say(f"Running. Next edition: {upcoming:%Y-%m-%d %H:%M %Z}", err=True)
    schedule.start(scheduler, lambda: _guarded(given), rule=rule, zone=zone)


def _guarded(given: Wiring) -> None:
    """Catch up; an expected error is said, and the next due time tries again."""
    try:
        catch_up(given)
    except (BriefingError, OSError) as error:
        say(f"briefing: {error}", err=True)


def catch_up(given: Wiring) -> None:
    """Collect, build, publish and freeze the edition that is due, if it is not yet.

    Raises:
        BriefingError: it could not be done.
    """
    from briefing import pipeline, schedule

    settings = given.settings
    with given.store() as store:
        due = schedule.missed(
            store, settings.schedule.rule, settings.tzinfo, given.clock()
        )
        if due is None:
            return
        with wiring.network(settings) as http:
            pipeline.collect(
                settings, store, wiring.sources(settings, http), clock=given.clock
            )
        brief = pipeline.build(settings, store, edition=due, now=given.clock())
        for path in pipeline.publish(settings, store, brief, freeze=True):
            say(str(path))
