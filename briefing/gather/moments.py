"""When an entry was published."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from briefing.gather.entries import Entry
from briefing.text import parse_date

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
"""No article of the Web is older; earlier dates are clocks that were never set."""

_LOCAL: Final = re.compile(r"\bWI(?:B|TA|T)\b")
_ZONES: Final = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
"""Indonesian zones, which feedparser takes for UTC, seven hours and more off."""

_LANGUAGE: Final = "id"
"""Of dates with these zones, whatever language the feed declares; English is read too."""


def published(entry: Entry, *, language: str | None, now: datetime) -> datetime | None:
    """Return when `entry` was published; None if it does not say or cannot be right.

    A date without a zone is in UTC.

    Args:
        entry: the entry.
        language: BCP 47 tag of month names in it, None if not known.
        now: an entry cannot be published later than it was fetched.
    """
    moment = entry.published
    local = _LOCAL.search(entry.stamp)
    if moment is None or local:
        stated = parse_date(
            entry.stamp,
            language=_LANGUAGE if local else language or "und",
            zone=ZoneInfo(_ZONES[local[0]] if local else "UTC"),
            now=now,
        )
        moment = stated.moment if stated else None
    return moment if moment and EARLIEST <= moment <= now else None
