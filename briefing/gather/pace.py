"""When a source is to be asked again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from briefing.gather.rhythm import next_written
from briefing.model import Rhythm, SourceState
from briefing.text import digest

INTERVAL: Final = timedelta(minutes=55)
"""The least time between two visits to a source: an hour, which is what feed readers are
asked for (https://rachelbythebay.com/fs/help.html), less what a run each hour may be early."""

LONGEST: Final = timedelta(hours=22)
"""No header and no failures keep a source waiting for longer: a day, less what a run each
day may be early, so that the daily brief never misses one."""

RAREST: Final = timedelta(hours=6)
"""The longest that a source waits because it seldom writes."""

LONGEST_LEFT: Final = timedelta(days=100)
"""What could not be read for so long is given up: a sitemap of an index that is broken for ever
must not make the search wider without end. Outages of sites last hours or days."""

_VISITS: Final = 4
"""Visits for each entry that is to be expected."""

FIRST_RETRY: Final = timedelta(minutes=5)
"""After a visit that reached nobody, as where this machine has no network."""

_WEEK: Final = timedelta(days=7)

_JITTER: Final = 20
"""Waits after answers are lengthened by up to a twentieth: those of an hourly run, 55 minutes,
stay under the hour."""

_SPREAD: Final = 4
"""Back-off is lengthened by up to a quarter, so that sources do not come back together."""


def due_after_answer(
    now: datetime,
    *,
    source: str,
    interval: timedelta,
    fresh: timedelta,
    rhythm: Rhythm,
    usual: timedelta = timedelta(0),
) -> datetime:
    """Return when to ask again a source that answered.

    Up to a twentieth is added that comes from the source's id, so that the sources of an
    installation are not all asked in one minute for ever.

    Args:
        now: the time of the visit, aware, UTC.
        source: the source's id.
        interval: the least time between two visits.
        fresh: how long the answer stays fresh by its headers.
        rhythm: what the feed says of itself; its skipped hours and days come on top.
        usual: how long it usually takes until something new is there.
    """
    stated = max(fresh, timedelta(minutes=rhythm.minutes), usual)
    wait = max(interval, min(stated, LONGEST))
    late = min(wait * (1 + _share(source) / _JITTER), max(wait, LONGEST))
    return next_written(now + late, rhythm)


def usual_wait(moments: Iterable[datetime | None], *, now: datetime) -> timedelta:
    """Return how long to wait for the next entry of a source that is sent whole each time.

    A quarter of the mean time between entries of the last week, up to `RAREST`; 0 if no date
    tells. (Miniflux calls this entry frequency.)

    Args:
        moments: when each of its entries was published, None where that is not known.
        now: the time of the visit.
    """
    dated = [moment for moment in moments if moment is not None]
    recent = sum(moment > now - _WEEK for moment in dated)
    if not dated:
        return timedelta(0)
    return min(_WEEK / (_VISITS * recent), RAREST) if recent else RAREST


def last_look(state: SourceState, now: datetime) -> datetime:
    """Return up to when all of a source was read: that need not be looked for again.

    However long it was off, and however many visits it takes to read what came meanwhile,
    nothing in between is passed over. Never visited: `now`.
    """
    return min(state.complete or state.answered or now, now)


def look_after_left(state: SourceState, now: datetime) -> datetime:
    """Return the same once a visit has left something, by its own limits or because it failed.

    Nothing more was read whole. After `LONGEST_LEFT` of such visits it moves on with the clock;
    the time in which the source was not visited at all is not cut.

    Args:
        state: before the visit.
        now: the time of the visit.
    """
    read = last_look(state, now)
    before = min(state.answered or read, now)
    if read < before and now - read > LONGEST_LEFT:
        return read + (now - before)
    return read


def due_after_failure(
    now: datetime,
    *,
    source: str,
    failures: int,
    interval: timedelta,
    retry: timedelta | None = None,
) -> datetime:
    """Return when to ask again a source that failed.

    The wait doubles with each failure, and is lengthened by up to a quarter, up to `LONGEST` in
    all. By how much comes from the source's id and the count of failures: the same in every
    run, another for each source.

    Args:
        now: the time of the visit.
        source: the source's id.
        failures: failed visits in a row, this one counted.
        interval: the wait after the first failure.
        retry: what the server asked for; counts instead, if it is longer than `interval`.
    """
    if retry is not None:
        return now + max(interval, retry)
    wait = min(interval * (1 << min(failures - 1, 30)), LONGEST)
    share = _share(f"{source} {failures}")
    return now + min(wait * (1 + share / _SPREAD), LONGEST)


def _share(name: str) -> float:
    """Return a number from 0 to 1 that follows from `name`."""
    return int(digest(name.encode())[:8], 16) / 0xFFFF_FFFF
