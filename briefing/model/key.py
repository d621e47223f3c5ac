"""The key of an edition: what it is known by, in the store, in file names and on the command line.

``2024-12-01`` is the edition of a date, ``2024-12-01-0600`` that of 06:00 where a schedule is due
more than once a day; before them stands the name of their schedule, if it has one:
``pekan-2024-12-01``. In an hour that comes twice, as clocks are set back, the second one is marked:
``2024-10-27-02B30``. Keys of one schedule sort by time.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import lru_cache
from typing import Final

_AT_HAND: Final = 1_024
"""Keys that are kept taken apart: pages repeat the same few."""

_KEY: Final = re.compile(
    r"(?:(?P<schedule>[a-z][a-z0-9-]{0,63})-)?"
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:-(?P<hour>[0-9]{2})(?P<again>B?)(?P<minute>[0-9]{2}))?"
)


def key_of(schedule: str, day: date | datetime, *, timed: bool = False) -> str:
    """Return the key of an edition.

    Args:
        schedule: the schedule's name, empty if it has none.
        day: its date, or when it is due, in the schedule's zone.
        timed: the schedule is due more than once a day; `day` has a time.
    """
    named = f"{schedule}-" if schedule else ""
    if timed and isinstance(day, datetime):
        return f"{named}{day:%Y-%m-%d-%H}{'B' if day.fold else ''}{day:%M}"
    return f"{named}{day:%Y-%m-%d}"


def is_key(text: str) -> bool:
    """Return whether `text` is the key of an edition that may be."""
    try:
        date_of(text), time_of(text)
    except ValueError:
        return False
    return True


def schedule_of(key: str) -> str:
    """Return the name of the schedule that an edition belongs to, empty if it has none."""
    return _parts(key)["schedule"] or ""


def date_of(key: str) -> date:
    """Return the date of an edition, in its schedule's zone."""
    return date.fromisoformat(_parts(key)["date"])


def time_of(key: str) -> time | None:
    """Return when on its date an edition is due; None where only the date is said."""
    parts = _parts(key)
    if parts["hour"] is None:
        return None
    return time(int(parts["hour"]), int(parts["minute"]), fold=bool(parts["again"]))


@lru_cache(maxsize=_AT_HAND)
def _parts(key: str) -> re.Match[str]:
    found = _KEY.fullmatch(key)
    if found is None:
        raise ValueError(f"{key!r} is no key of an edition like 2024-12-01")
    return found
