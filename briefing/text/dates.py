"""When an article was published: from its text, or from what its page states."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from briefing.model import Published
from briefing.text.lexicon import Language
from briefing.text.lexicon import language as known
from briefing.text.stamps import (
    LONGEST_STAMP,
    OLDEST_YEAR,
    key,
    latest_day,
    read_stamp,
    whole_day,
)

_HEADER_LINES: Final = 15
"""Lines. A stamp by itself further down belongs to another article."""
_HEADER: Final = 6000
"""Characters in which those lines are looked for."""
_ISO: Final = re.compile(r"\d{4}-?\d\d-?\d\d(?:[T ]\d.*)?", re.DOTALL)
_BLANK_BEFORE_OFFSET: Final = re.compile(r" (?=[+-]\d\d:?\d\d$|Z$)")
_RFC_822: Final = re.compile(
    r"(?:[A-Za-z]{3},? )?\d{1,2} [A-Za-z]{3} \d{2,4} \d\d?:\d\d(?::\d\d)?"
    r"(?: (?:[+-]\d{4}|Z|UTC?|GMT|[ECMP][SD]T))?(?: \([^()]*\))?"
)
_BRACKETED: Final = re.compile(
    r"\(([\d/. -]{3,14}|\d\d? [^\W\d_]{3,12}\.?(?: \d{4})?)\)"
)
_LAST_WORD: Final = re.compile(r"\b([^\W\d_]+(?:['’‘`´ʼ][^\W\d_]+)*)[.,]?\s?$")
_LONGEST_WEEKDAY: Final = 20
"""Characters before the bracket in which the weekday is looked for."""
_AMOUNT: Final = re.compile(r"(?:(\d{1,4}) ?|(?:an?|one) )([^\W\d_]+)")
_DAY: Final = 86400


def find_published(
    text: str, *, language: str, zone: ZoneInfo, fetched: datetime
) -> Published | None:
    """Return when an article says in its text that it was published, None if it does not.

    A line near the top that is nothing but a date counts first ("Kamis, 15 Juli 2021,
    10:30 WIB"); then the first press stamp ("Kamis (15/7)"), whose weekday decides the
    year: the latest in which the day fell on it. Dates in running text never count.

    Args:
        text: the article, headers included.
        language: BCP 47 tag.
        zone: of the outlet; stamps that name WIB, WITA or WIT have their own.
        fetched: aware; nothing later is returned.
    """
    spoken = known(language)
    return _header(text, spoken, zone, fetched) or _press_stamp(
        text, spoken, zone, fetched
    )


def _header(
    text: str, language: Language, zone: ZoneInfo, fetched: datetime
) -> Published | None:
    lines = (line.strip() for line in text[:_HEADER].splitlines())
    for line in islice(filter(None, lines), _HEADER_LINES):
        stamp = read_stamp(line, language)
        if stamp is None or not stamp.agrees():
            continue
        found = stamp.published(zone)
        if found and found.moment <= fetched:
            return Published(found.moment, day_only=found.day_only, inferred=True)
    return None


def _press_stamp(
    text: str, language: Language, zone: ZoneInfo, fetched: datetime
) -> Published | None:
    until = fetched.astimezone(zone).date()
    for match in _BRACKETED.finditer(text):
        before = _LAST_WORD.search(
            text, max(match.start() - _LONGEST_WEEKDAY, 0), match.start()
        )
        if before is None or key(before[1]) not in language.weekdays:
            continue
        stamp = read_stamp(f"{before[1]} {match[1]}", language)
        if stamp is None or stamp.weekday is None:
            continue
        if stamp.year is None:
            day = latest_day(stamp.day, stamp.month, stamp.weekday, until=until)
        else:
            day = date(stamp.year, stamp.month, stamp.day) if stamp.agrees() else None
        if day and day <= until:
            return whole_day(day, zone, inferred=True)
    return None


def parse_date(
    value: str, *, language: str, zone: ZoneInfo, now: datetime | None = None
) -> Published | None:
    """Return the date that a page or feed states, None if it cannot be read.

    Understood are ISO 8601 (RFC 3339), RFC 822 (RFC 5322), and dates written in
    `language` or English: in words, in figures, with time and zone; with `now` also
    "3 jam yang lalu" and a day whose weekday decides the year ("Kamis (19/11)",
    inferred). A wrong weekday beside a full date is passed over.

    Args:
        value: the date alone, as metadata has it.
        language: BCP 47 tag.
        zone: of times without their own.
        now: aware; None where "yesterday" could be any day.
    """
    if len(value) > LONGEST_STAMP:
        return None
    value = " ".join(value.split())
    spoken = known(language)
    return (
        _iso(value, zone)
        or _rfc_822(value, zone)
        or _written(value, spoken, zone, now)
        or (_relative(value, spoken, zone, now) if now else None)
    )


def _iso(value: str, zone: ZoneInfo) -> Published | None:
    if not _ISO.fullmatch(value):
        return None
    try:
        moment = datetime.fromisoformat(_BLANK_BEFORE_OFFSET.sub("", value))
        if moment.year < OLDEST_YEAR:
            return None
        if len(value) <= 10:
            return whole_day(moment.date(), zone)
        return _moment(moment, zone)
    except (ValueError, OverflowError):
        return None


def _rfc_822(value: str, zone: ZoneInfo) -> Published | None:
    if not _RFC_822.fullmatch(value):
        return None
    try:
        moment = parsedate_to_datetime(value)
        if moment.tzinfo is None and value.endswith("-0000"):
            moment = moment.replace(tzinfo=UTC)  # RFC 5322 §3.3: UTC, place unknown
        return _moment(moment, zone)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _moment(moment: datetime, zone: ZoneInfo) -> Published:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return Published(moment.astimezone(UTC))


def _written(
    value: str, language: Language, zone: ZoneInfo, now: datetime | None
) -> Published | None:
    # "27 Jumadil Awwal 1436/18 Maret 2015": the common calendar stands last.
    stamp = read_stamp(value, language) or read_stamp(
        value.rpartition("/")[2], language
    )
    if stamp is None:
        return None
    if stamp.year is not None:
        return stamp.published(zone)
    if now is None or stamp.weekday is None:
        return None
    until = now.astimezone(zone).date()
    day = latest_day(stamp.day, stamp.month, stamp.weekday, until=until)
    return whole_day(day, zone, inferred=True) if day else None


def _relative(
    value: str, language: Language, zone: ZoneInfo, now: datetime
) -> Published | None:
    phrase = key(value)
    if phrase in language.clock:
        return Published(
            (now - timedelta(seconds=language.clock[phrase])).astimezone(UTC)
        )
    days = language.days.get(phrase)
    if days is None:
        seconds = _seconds_ago(phrase, language)
        if seconds is None:
            return None
        if seconds % _DAY:
            return Published((now - timedelta(seconds=seconds)).astimezone(UTC))
        days = seconds // _DAY
    return whole_day(now.astimezone(zone).date() - timedelta(days=days), zone)


def _seconds_ago(phrase: str, language: Language) -> int | None:
    for ago in sorted(language.ago, key=len, reverse=True):
        amount, found, rest = phrase.rpartition(f" {ago}")
        if found and not rest:
            if amount in language.clock:
                return language.clock[amount]
            match = _AMOUNT.fullmatch(amount)
            if match and match[2] in language.units:
                return int(match[1] or 1) * language.units[match[2]]
    return None
