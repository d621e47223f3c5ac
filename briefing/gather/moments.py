"""When an entry was published."""

from __future__ import annotations

import re
from calendar import timegm
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from briefing.gather.entries import Entry
from briefing.text import EARLIEST, moment_of, parse_date

_LOCAL: Final = re.compile(r"\bWI(?:B|TA|T)\b")
_LONGEST_UNCOMMON: Final = 200
"""Characters of what feedparser is asked about."""
_ZONES: Final = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
"""Indonesian zones."""

_LANGUAGE: Final = "id"
"""Of dates with these zones, and of those that the declared language cannot read: the
systems of many outlets declare English whatever they write. English is read too."""


def published(entry: Entry, *, language: str | None, now: datetime) -> datetime | None:
    """Return when `entry` was published; None if it does not say or cannot be right.

    A date without a zone is in UTC.

    Args:
        entry: the entry.
        language: BCP 47 tag of month names in it, None if not known.
        now: an entry cannot be published later than it was fetched.
    """
    stamp = entry.stamp
    if not stamp:
        return None
    moment = moment_of(stamp) or _written(stamp, language or "und", now)
    return moment if moment and EARLIEST <= moment <= now else None


def _written(stamp: str, language: str, now: datetime) -> datetime | None:
    local = _LOCAL.search(stamp) if "WI" in stamp else None
    zone = ZoneInfo(_ZONES[local[0]] if local else "UTC")
    for tag in dict.fromkeys((_LANGUAGE if local else language, _LANGUAGE)):
        stated = parse_date(stamp, language=tag, zone=zone, now=now)
        if stated:
            return stated.moment
    return _uncommon(stamp)


def _uncommon(stamp: str) -> datetime | None:
    """Return a date as feedparser understands it: Korean, Greek, Hungarian, a year alone."""
    from feedparser.datetimes import _parse_date

    parsed = _parse_date(stamp) if len(stamp) <= _LONGEST_UNCOMMON else None
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError):  # year 0 and the like
        return None
