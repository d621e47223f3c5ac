"""When what is due runs.

The store decides what is due; APScheduler only wakes us up. Its own cron trigger loses or
doubles daily runs when clocks change (agronholm/apscheduler #606, #529, #120), and it drops
runs that were missed; CronSim does neither, and an edition that is kept needs no timer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cronsim import CronSim

if TYPE_CHECKING:
    from apscheduler.schedulers.base import BaseScheduler

    from briefing.store import Store

log = logging.getLogger(__name__)

LOOK = timedelta(minutes=1)
"""How often to ask what is due. A timer for the due time alone sleeps through it when the
machine is suspended, and would not try again before the next day when a build fails."""


def next_due(rule: str, zone: ZoneInfo, after: datetime) -> datetime:
    """Return the first due time later than `after`, in UTC; `rule` is cron, five fields."""
    return _utc(next(CronSim(rule, after.astimezone(zone))))


def last_due(rule: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the last due time not later than `now`, in UTC."""
    reverse = CronSim(rule, now.astimezone(zone), reverse=True)
    at = _utc(next(reverse))
    following = next_due(rule, zone, at)
    return following if following <= now else at


def missed(store: Store, rule: str, zone: ZoneInfo, now: datetime) -> date | None:
    """Return the date of the edition that is due and not yet frozen; None if none is.

    However long nothing ran, one edition catches up: it takes everything since the last.
    """
    due = last_due(rule, zone, now).astimezone(zone).date()
    kept = store.edition(due)
    return None if kept is not None and kept.frozen else due


def start(
    scheduler: BaseScheduler,
    job: Callable[[], None],
    *,
    rule: str,
    zone: ZoneInfo,
) -> None:
    """Have `scheduler` call `job` at once, at each due time, and every minute between.

    `job` builds what `missed` names, so that calling it too often does no harm.
    """
    from apscheduler.triggers.base import BaseTrigger

    class WallClock(BaseTrigger):  # type: ignore[misc]  # apscheduler has no types
        """Fires at the due times of `rule` in `zone`, and every `LOOK` between."""

        def get_next_fire_time(
            self, previous: datetime | None, now: datetime
        ) -> datetime:
            """Return now at first, then the next due time or the next minute."""
            return min(next_due(rule, zone, now), now + LOOK) if previous else now

    scheduler.add_job(
        job, WallClock(), coalesce=True, misfire_grace_time=None, max_instances=1
    )
    scheduler.start()


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
