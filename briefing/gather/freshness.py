"""What the headers of an answer say about when to ask again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

HEADERS: Final = ("age", "cache-control", "date", "expires", "retry-after")
"""What is read here, in lower case."""

NONE: Final = timedelta(0)

LONGEST_RETRY: Final = timedelta(days=2)
"""A Retry-After counts for no longer (FreshRSS #7920: some servers say months)."""

_MAX_AGE: Final = re.compile(r"(?:^|[,\s])max-age\s{0,9}=\s{0,9}\"?(\d{1,10})")
_NO_CACHE: Final = re.compile(r"(?:^|[,\s])no-(?:cache|store)\b")


def fresh_for(headers: Mapping[str, str], *, now: datetime) -> timedelta:
    """Return how long an answer says it stays fresh, 0 if it does not (RFC 9111 §4.2).

    Args:
        headers: those in `HEADERS`.
        now: stands for a missing Date.
    """
    control = headers.get("cache-control", "").lower()
    if _NO_CACHE.search(control):
        return NONE
    if stated := _MAX_AGE.search(control):
        age = headers.get("age", "")
        old = int(age) if re.fullmatch("[0-9]{1,10}", age) else 0
        return timedelta(seconds=max(0, int(stated[1]) - old))
    expires = _moment(headers.get("expires", ""))
    sent = _moment(headers.get("date", "")) or now
    return max(NONE, expires - sent) if expires else NONE


def retry_after(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """Return how long not to ask again (RFC 9110 §10.2.3), None if that is not said.

    Args:
        headers: those in `HEADERS`.
        now: stands for a missing Date.
    """
    value = headers.get("retry-after", "").strip()
    if re.fullmatch("[0-9]{1,10}", value):
        return min(timedelta(seconds=int(value)), LONGEST_RETRY)
    until = _moment(value)
    if until is None:
        return None
    sent = _moment(headers.get("date", "")) or now
    return min(max(NONE, until - sent), LONGEST_RETRY)


def wants_no_cache(headers: Mapping[str, str]) -> bool:
    """Tell whether validators are to be left alone: ``Expires: 0``, as miniflux takes it."""
    return headers.get("expires", "").strip() == "0"


def _moment(value: str) -> datetime | None:
    """Return the time in a header, aware; None if there is none."""
    try:
        found = parsedate_to_datetime(value)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
