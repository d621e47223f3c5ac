"""When what is due runs.

The store decides what is due; APScheduler only wakes us up. Its own cron trigger loses or
doubles daily runs when clocks change (agronholm/apscheduler #606, #529, #120), and it drops
runs that were missed; CronSim does neither, and an edition that is kept needs no timer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal
from zoneinfo import ZoneInfo

from cronsim import CronSim

if TYPE_CHECKING:
    from apscheduler.schedulers.base import BaseScheduler

    from briefing.store import Store

log = logging.getLogger(__name__)

LOOK = timedelta(minutes=1)
"""How often to ask what is due. A timer for the due time alone sleeps through it when the
machine is suspended, and would not try again before the next day when a build fails."""

MOST: Final = 31
"""Due dates that are caught up one by one; what is older goes into the oldest of them. A clock
that was years ahead for a minute would otherwise mail an edition for each day of them."""

Policy = Literal["merge", "each", "latest"]
"""What becomes of due dates that were missed; as `Due` has it."""


@dataclass(frozen=True, slots=True)
class Due:
    """An edition that is due and not yet frozen.

    Attributes:
        edition: its date.
        after: what counts from then or earlier is left out; None: nothing is.
        until: what counts from later goes to the next edition; None: nothing does.
    """

    edition: date
    after: datetime | None = None
    until: datetime | None = None


def next_due(rule: str, zone: ZoneInfo, after: datetime) -> datetime:
    """Return the first due time later than `after`, in UTC; `rule` is cron, five fields."""
    return _utc(next(CronSim(rule, after.astimezone(zone))))


def last_due(rule: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the last due time not later than `now`, in UTC."""
    reverse = CronSim(rule, now.astimezone(zone), reverse=True)
    at = _utc(next(reverse))
    following = next_due(rule, zone, at)
    return following if following <= now else at


def missed(
    store: Store, rule: str, zone: ZoneInfo, now: datetime, *, policy: Policy = "merge"
) -> tuple[Due, ...]:
    """Return the editions that are due and not yet frozen, the oldest first; () if none is.

    Args:
        store: knows which are frozen.
        rule: cron, five fields.
        zone: in which it is meant.
        now: the present.
        policy: after due dates without an edition, ``merge``: one edition takes everything
            since the last; ``each``: one for each of them, each with what counts from its due
            time or earlier, the newest with everything else; ``latest``: the newest alone,
            without what counts from the due time before it or earlier.
    """
    at = last_due(rule, zone, now)
    newest = Due(at.astimezone(zone).date())
    kept = store.edition(newest.edition)
    if kept is not None and kept.frozen:
        return ()
    skipped = [] if policy == "merge" else _skipped(store, rule, zone, at)
    if policy == "each":
        dues = [Due(due.astimezone(zone).date(), until=due) for due in skipped]
        return (*dues, newest)
    return (Due(newest.edition, after=skipped[-1] if skipped else None),)


def _skipped(
    store: Store, rule: str, zone: ZoneInfo, at: datetime
) -> tuple[datetime, ...]:
    """Return the due times between the last frozen edition and that `at`, oldest first."""
    last = store.last_edition_before(at.astimezone(zone).date(), claims="frozen")
    found: list[datetime] = []
    while last is not None and len(found) < MOST - 1:
        at = last_due(rule, zone, at - timedelta(minutes=1))
        if at.astimezone(zone).date() <= last.date:
            break
        found.append(at)
    return tuple(reversed(found))


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
