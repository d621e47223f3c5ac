"""When what is due runs.

The store decides what is due; APScheduler only wakes us up. Its own cron trigger loses or
doubles daily runs when clocks change (agronholm/apscheduler #606, #529, #120), and it drops
runs that were missed; CronSim does neither, and an edition that is kept needs no timer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from cronsim import CronSim

from briefing.model import Schedule, key_of

if TYPE_CHECKING:
    from apscheduler.schedulers.base import BaseScheduler

    from briefing.store import Store

log = logging.getLogger(__name__)

LOOK = timedelta(minutes=1)
"""How often to ask what is due. A timer for the due time alone sleeps through it when the
machine is suspended, and would not try again before the next day when a build fails."""

MOST: Final = 31
"""Due times that are caught up one by one; what is older goes into the oldest of them. A clock
that was years ahead for a minute would otherwise mail an edition for each day of them."""


@dataclass(frozen=True, slots=True)
class Due:
    """An edition that is due and not yet frozen.

    Attributes:
        edition: its key.
        after: what counts from then or earlier is left out; None: nothing is.
        until: what counts from later goes to the next edition; None: nothing does.
    """

    edition: str
    after: datetime | None = None
    until: datetime | None = None


def next_due(schedule: Schedule, after: datetime) -> datetime:
    """Return the first due time later than `after`, in UTC."""
    local = after.astimezone(schedule.zone)
    return min(_utc(next(CronSim(rule, local))) for rule in schedule.rules)


def last_due(schedule: Schedule, now: datetime) -> datetime:
    """Return the last due time not later than `now`, in UTC."""
    local = now.astimezone(schedule.zone)
    at = max(_utc(next(CronSim(rule, local, reverse=True))) for rule in schedule.rules)
    # Backwards a due time in an hour that comes twice or never may be passed over.
    while (following := next_due(schedule, at)) <= now:
        at = following
    return at


def edition_at(schedule: Schedule, due: datetime) -> str:
    """Return the key of the edition that is due at a time."""
    return key_of(schedule.name, due.astimezone(schedule.zone), timed=schedule.timed)


def missed(store: Store, schedule: Schedule, now: datetime) -> tuple[Due, ...]:
    """Return the editions that are due and not yet frozen, the oldest first; () if none is.

    After due times without an edition, by the schedule's policy, ``merge``: one edition takes
    everything since the last; ``each``: one for each of them, each with what counts from its due
    time or earlier, the newest with everything else; ``latest``: the newest alone, without what
    counts from the due time before it or earlier.

    Args:
        store: knows which are frozen.
        schedule: when they are due.
        now: the present.
    """
    at = last_due(schedule, now)
    newest = edition_at(schedule, at)
    kept = store.edition(newest)
    if kept is not None and kept.frozen:
        return ()
    skipped = [] if schedule.missed == "merge" else _skipped(store, schedule, at)
    if schedule.missed == "each":
        dues = [Due(edition_at(schedule, due), until=due) for due in skipped]
        return (*dues, Due(newest, after=None if dues else _begun(store, schedule, at)))
    after = skipped[-1] if skipped else _begun(store, schedule, at)
    return (Due(newest, after=after),)


def draft(
    store: Store, schedule: Schedule, now: datetime, *, edition: str | None = None
) -> Due:
    """Return the edition that is built when somebody asks for one.

    That of `edition`, its key; else that of today; where several are due a day, the last that
    was due or, if that is published, the next.
    """
    at = last_due(schedule, now)
    if edition is None and schedule.timed:
        edition = edition_at(schedule, at)
        kept = store.edition(edition)
        if kept is not None and kept.frozen:
            edition = edition_at(schedule, next_due(schedule, at))
    today = key_of(schedule.name, now.astimezone(schedule.zone))
    return Due(edition or today, after=_begun(store, schedule, at))


def _begun(store: Store, schedule: Schedule, at: datetime) -> datetime | None:
    """Return where a schedule's first edition begins, the one of `at`; None: at the beginning.

    One that joins others begins with its own last turn: what is older, often years, was theirs.
    """
    if store.last_edition(schedule.name, claims="frozen") is not None:
        return None
    joins = any(one.frozen for one in store.editions())
    return last_due(schedule, at - timedelta(minutes=1)) if joins else None


def _skipped(store: Store, schedule: Schedule, at: datetime) -> tuple[datetime, ...]:
    """Return the due times between the last frozen edition and that `at`, oldest first."""
    last = store.last_edition_before(edition_at(schedule, at), claims="frozen")
    found: list[datetime] = []
    while last is not None and len(found) < MOST - 1:
        at = last_due(schedule, at - timedelta(minutes=1))
        if edition_at(schedule, at) <= last.key:
            break
        found.append(at)
    return tuple(reversed(found))


def start(
    scheduler: BaseScheduler,
    job: Callable[[], object],
    *,
    schedules: Sequence[Schedule],
) -> None:
    """Have `scheduler` call `job` at once, at each due time, and every minute between.

    `job` builds what `missed` names, so that calling it too often does no harm.
    """
    from apscheduler.triggers.base import BaseTrigger

    class WallClock(BaseTrigger):  # type: ignore[misc]  # apscheduler has no types
        """Fires at the due times of `schedules`, and every `LOOK` between."""

        def get_next_fire_time(
            self, previous: datetime | None, now: datetime
        ) -> datetime:
            """Return now at first, then the next due time or the next minute."""
            dues = (next_due(one, now) for one in schedules)
            return min(*dues, now + LOOK) if previous else now

    scheduler.add_job(
        job, WallClock(), coalesce=True, misfire_grace_time=None, max_instances=1
    )
    scheduler.start()


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
