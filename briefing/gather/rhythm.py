"""How often a feed says it is written, and when it never is."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from briefing.model import Rhythm

_HEAD: Final = 65_536
"""Bytes of a feed that are looked through; what is sought stands before the first entry."""

_FIRST_ENTRY: Final = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s>/]", re.I)
_TTL: Final = re.compile(rb"<ttl[^>]{0,99}>\s{0,99}(\d{1,7})\s{0,99}</ttl>", re.I)
_PERIOD: Final = re.compile(
    rb"<[\w.-]{1,40}:updatePeriod[^>]{0,99}>\s{0,99}(hourly|daily|weekly|monthly|yearly)",
    re.I,
)
_FREQUENCY: Final = re.compile(
    rb"<[\w.-]{1,40}:updateFrequency[^>]{0,99}>\s{0,99}([1-9]\d{0,5})\s{0,99}<", re.I
)
_HOUR: Final = re.compile(rb"<hour>\s{0,99}(\d{1,2})\s{0,99}</hour>", re.I)
_DAY: Final = re.compile(rb"<day>\s{0,99}(\w{6,9})\s{0,99}</day>", re.I)

_END: Final = re.compile(rb"</(?:[\w.-]{1,40}:)?(?:rss|feed|rdf)\s{0,99}>", re.I)
_TAIL: Final = 4_096
"""Bytes in which the end of a feed is looked for: comments may follow it."""

_MINUTES: Final = {
    b"hourly": 60,
    b"daily": 1_440,
    b"weekly": 10_080,
    b"monthly": 43_200,
    b"yearly": 525_600,
}
_DAYS: Final = (
    b"monday", b"tuesday", b"wednesday", b"thursday", b"friday", b"saturday", b"sunday",
)  # fmt: skip


def rhythm(body: bytes) -> Rhythm:
    """Return what the feed in `body`, which is foreign, says of its rhythm; never raises.

    That is ttl, skipHours and skipDays of RSS, and updatePeriod with updateFrequency of its
    syndication module, whichever asks for more.
    """
    first = _FIRST_ENTRY.search(body, 0, _HEAD)
    head = body[: first.start() if first else _HEAD]
    minutes = int(ttl[1]) if (ttl := _TTL.search(head)) else 0
    if period := _PERIOD.search(head):
        often = _FREQUENCY.search(head)
        each = _MINUTES[period[1].lower()] // (int(often[1]) if often else 1)
        minutes = max(minutes, each)
    hours = {int(one) % 24 for one in _HOUR.findall(head) if int(one) <= 24}
    days = {
        _DAYS.index(one.lower()) for one in _DAY.findall(head) if one.lower() in _DAYS
    }
    return Rhythm(minutes, tuple(sorted(hours)), tuple(sorted(days)))


def is_ended(body: bytes) -> bool:
    """Tell whether the feed in `body` has its end: XML could be cut off on the way."""
    tail = body[-_TAIL:].replace(b"\0", b"")  # UTF-16
    return b"<" not in body[:_TAIL] or _END.search(tail) is not None


def next_written(moment: datetime, rhythm: Rhythm) -> datetime:
    """Return the first time from `moment` on that falls in none of the skipped hours and days.

    A feed that skips all of them is taken not to mean it.

    Args:
        moment: aware, UTC, as the hours and days of RSS are.
        rhythm: of the feed.
    """
    at = moment
    for _ in range(8 * 24):
        if at.hour not in rhythm.hours and at.weekday() not in rhythm.days:
            return at
        at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return moment
