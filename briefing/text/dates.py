"""When an article was published: from its text, or from what its page states."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from briefing.model import Published
from briefing.text.lexicon import Language
from briefing.text.lexicon import language as known
from briefing.text.stamps import LONGEST_STAMP, Stamp, key, read_stamp, whole_day
from briefing.text.timestamps import read_timestamp

_HEADER_LINES: Final = 15
"""Lines. A stamp by itself further down belongs to another article."""
_SENTENCE_END: Final = re.compile(r"[.!?…][\"'”’»)\]]{0,3}\Z")
_BYLINE: Final = re.compile(r"(?<=[^\W\d_]) ?(?:\||• | [-–—] )")
_LEAP_YEAR: Final = 2000
_BYLINE_WORDS: Final = 5
_CHANGED: Final = re.compile(
    r"(?i)\W{0,3}(?:terakhir |last )?(?:di(?:perbaru|perbaharu|mutakhirkan|update)|update)"
)
_BRACKETED: Final = re.compile(r"\((\d[^()\n]{2,39})\)")
_DOTTED_DAY: Final = re.compile(r"^(\d{1,2})\.(\d{1,2})(?=,|$)")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’‘`´ʼ][^\W\d_]+)*")
_LONGEST_WEEKDAY: Final = 60
"""Characters before the bracket in which the weekday is looked for."""
_MOST_WORDS: Final = 4
"""Words of a stamp before the bracket: "Jumat pagi waktu setempat (3/11)"."""
_BACKGROUND: Final = timedelta(days=365)
"""What a text tells of a year and more before its last stamp is history, not its date."""
_AMOUNT: Final = re.compile(r"(?:(\d{1,4}) ?|(?:an?|one) )([^\W\d_]+)")
_DAY: Final = 86400


def find_published(
    text: str,
    *,
    language: str,
    zone: ZoneInfo,
    fetched: datetime,
    fresh: bool = False,
) -> Published | None:
    """Return when an article says in its text that it was published, None if it does not.

    A line above the first sentence that is nothing but a date counts first ("Kamis, 15
    Juli 2021, 10:30 WIB"); then the first press stamp ("Kamis (15/7)"), whose weekday
    decides the year: the latest in which the day fell on it; of several, the first of the
    last twelve months they tell of; then a line that says when the article was changed. Dates in running text never count. It is always inferred.

    Args:
        text: the article, headers included.
        language: BCP 47 tag.
        zone: of the outlet; stamps that name WIB, WITA or WIT have their own.
        fetched: aware; nothing later is returned.
        fresh: it was likely published shortly before: then a weekday that leads to a year
            long ago may be a slip (`Stamp.whole`).
    """
    spoken = known(language)
    lines = [line.strip() for line in text.splitlines()]
    first: list[Published] = []
    changed: list[Published] = []
    for at in stamp_lines(lines, language=language):
        stamp = _line_stamp(lines[at], spoken)
        found = stamp.published(zone) if stamp else None
        if found and found.moment <= fetched:
            later = _CHANGED.match(lines[at])
            (changed if later else first).append(replace(found, inferred=True))
    press = None if first else _press_stamp(text, spoken, zone, fetched, fresh=fresh)
    return next((found for found in (*first, press, *changed) if found), None)


def stamp_lines(lines: Sequence[str], *, language: str) -> list[int]:
    """Return the indices of the lines above a text's first sentence that only give its date.

    A byline may stand before it ("Budi Contoh - Kamis, 15 Juli 2021"). Where lines below
    are bare days as well, it is a chronicle, and only a line with a time is a stamp.

    Args:
        lines: of the text, or its paragraphs; blank ones are passed over.
        language: BCP 47 tag.
    """
    spoken = known(language)
    header: dict[int, Stamp] = {}
    below = len(lines)
    seen = 0
    for at, line in enumerate(lines):
        stamp = _line_stamp(line, spoken)
        if stamp:
            header[at] = stamp
        elif _SENTENCE_END.search(line[-8:]) or seen >= _HEADER_LINES:
            below = at
            break
        seen += bool(line)
    else:
        return []  # no text that it could be the date of
    days = (_line_stamp(line, spoken) for line in lines[below:])
    chronicle = header and any(stamp and stamp.clock is None for stamp in days)
    return [at for at, stamp in header.items() if stamp.clock or not chronicle]


def is_date(value: str, *, language: str) -> bool:
    """Return whether `value` is a day, its year perhaps not written: “15/7”.

    A weekday or a month without a number is none.

    Args:
        value: the day alone.
        language: BCP 47 tag.
    """
    if not any(map(str.isdigit, value)):
        return False
    spoken = known(language)
    ways = (value, value.rpartition("/")[2], f"{value} {_LEAP_YEAR}")
    return any(read_stamp(way, spoken) for way in ways)


def _line_stamp(line: str, language: Language) -> Stamp | None:
    """Return the full date that `line` is, but for a byline before it."""
    if len(line) > LONGEST_STAMP:
        return None
    bylines = (
        match.end()
        for match in _BYLINE.finditer(line)
        if len(line[: match.start()].split()) <= _BYLINE_WORDS
    )
    for start in (0, *bylines):
        # "27 Jumadil Awwal 1436/18 Maret 2015": the common calendar stands last.
        rest = line[start:]
        stamp = read_stamp(rest, language) or read_stamp(
            rest.rpartition("/")[2], language
        )
        if stamp and stamp.year is not None:
            return stamp
    return None


def _press_stamp(
    text: str, language: Language, zone: ZoneInfo, fetched: datetime, *, fresh: bool
) -> Published | None:
    until = fetched.astimezone(zone).date()
    dated: list[Published] = []
    for stamp in _press_stamps(text, language):
        whole = stamp.whole(until=until, fresh=fresh)
        found = whole.published(zone) if whole else None
        if found and found.moment <= fetched:
            dated.append(replace(found, inferred=True))
    recent = max((found.moment for found in dated), default=fetched) - _BACKGROUND
    return next((found for found in dated if found.moment > recent), None)


def _press_stamps(text: str, language: Language) -> Iterator[Stamp]:
    """Give the days of "Jumat pagi (3/11)" with their weekdays, in the text's order."""
    for match in _BRACKETED.finditer(text):
        before = text[max(match.start() - _LONGEST_WEEKDAY, 0) : match.start()]
        words = [*_WORD.finditer(before)][: -_MOST_WORDS - 1 : -1]
        first = next((w for w in words if key(w[0]) in language.weekdays), None)
        if first is None:
            continue
        inside = _DOTTED_DAY.sub(r"\1/\2", match[1])
        stamp = read_stamp(f"{before[first.start() :]} {inside}", language)
        if stamp and stamp.weekday is not None:
            yield replace(stamp, clock=None)


def parse_date(
    value: str, *, language: str, zone: ZoneInfo, now: datetime | None = None
) -> Published | None:
    """Return the date that a page or feed states, None if it cannot be read.

    Understood are ISO 8601 (RFC 3339), RFC 822 (RFC 5322), and dates written in
    `language` or English: in words, in figures, with time and zone; with `now` also
    "3 jam yang lalu" and a day whose weekday decides the year ("Kamis (19/11)",
    inferred). A whole date counts, whatever weekday stands beside it: that is the part
    that feeds and pages get wrong, and a reader would not miss the article for it.

    Args:
        value: the date alone, as metadata has it.
        language: BCP 47 tag.
        zone: of times without their own.
        now: aware; None where "yesterday" could be any day.
    """
    if len(value) > LONGEST_STAMP:
        return None
    value = " ".join(value.split())
    stated = read_timestamp(value, zone)
    if stated:
        return stated
    spoken = known(language)
    return _written(value, spoken, zone, now) or (
        _relative(value, spoken, zone, now) if now else None
    )


def _written(
    value: str, language: Language, zone: ZoneInfo, now: datetime | None
) -> Published | None:
    # "27 Jumadil Awwal 1436/18 Maret 2015": the common calendar stands last.
    stamp = read_stamp(value, language) or read_stamp(
        value.rpartition("/")[2], language
    )
    if stamp is None or (stamp.year is None and now is None):
        return None
    if stamp.year is not None or now is None:
        return replace(stamp, weekday=None).published(zone)
    stamp = stamp.whole(until=now.astimezone(zone).date())
    found = stamp.published(zone) if stamp else None
    return replace(found, inferred=True) if found else None


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
