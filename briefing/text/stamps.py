"""Written dates, word by word: "SENIN, 06 JULI 2020 | 07:28 WIB"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from briefing.model import Published
from briefing.text.lexicon import Language
from briefing.text.terms import fold

LONGEST_STAMP: Final = 120
"""Characters. A longer line is prose, not a stamp."""
OLDEST_YEAR: Final = 1900
"""Year. What claims to be older is a placeholder or a misreading."""
_LATEST_YEAR: Final = 9998
"""Year. In the next, a zone could push the moment beyond what can be told."""
_COMING: Final = 60
"""Days in which a weekday and day name an event to come, not one years ago."""
_LONG_AGO: Final = 300
"""Days before `until` from which a weekday is rather a slip than a day of an earlier year."""
_LATELY: Final = 45
"""Days before `until` within which such a slip is looked for. Of 39 stamps without a
year whose weekday leads over `_LONG_AGO` back (IndoSum, fetched the day after), 25 are of the
last 12 days with the weekday of the day beside; 5 have another slip, mostly in the month."""
_YEARS_BACK: Final = 40
"""Years. Any day and month meets any weekday within 11 years, 29 February within 40."""
_PIECE: Final = re.compile(
    r"(?P<ymd>\d{4}[-/.]\d{1,2}[-/.]\d{1,2})(?!\d)"
    r"|(?P<dmy>\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2}[-/]\d{1,2}[-/]\d\d)(?!\d)"
    r"|(?P<time>\d{1,2}[:.]\d\d(?:[:.]\d\d)?)(?!\d)"
    r"|(?P<offset>(?<![^\W\d_])[+-]\d\d:?\d\d|(?i:utc|gmt) ?[+-]\d\d?(?::?\d\d)?)(?!\d)"
    r"|(?P<daymonth>\d{1,2}/\d{1,2})(?![\d/])"
    r"|(?P<half>(?i:[ap]\.m)\b\.?)"
    r"|(?P<number>\d+)(?:st|nd|rd|th)?(?![^\W_])"
    r"|(?P<word>[^\W\d_]+(?:['’‘`´ʼ][^\W\d_]+)*)"
    r"|(?P<other>[^\s,.|()\[\]–—•·:@/-])"
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """The parts of one written date, None where it does not say.

    Attributes:
        day, month: as written; the day may not exist.
        year: in full; never None without a weekday.
        weekday: Monday 0.
        clock: hour, minute, second.
        offset: hours east of UTC, or the zone's name in the IANA database.
        half: first of the twelve hours that "am" or "pm" names.
    """

    day: int
    month: int
    year: int | None = None
    weekday: int | None = None
    clock: tuple[int, int, int] | None = None
    offset: float | str | None = None
    half: int | None = None

    def published(self, zone: tzinfo) -> Published | None:
        """Return when that was, None if no year is written or there is no such moment.

        A time without an offset is in `zone`; a date without a time is the whole day.
        """
        if self.year is None or not self.agrees():
            return None
        try:
            if self.clock is None:
                return whole_day(date(self.year, self.month, self.day), zone)
            place = zone if self.offset is None else _east(self.offset)
            hour, minute, second = self.clock
            if self.half is not None and 1 <= hour <= 12:
                hour = (self.half + (hour - self.half) % 12) % 24
            moment = datetime(
                self.year, self.month, self.day, hour, minute, second, tzinfo=place
            )
        except ValueError:
            return None
        return Published(moment.astimezone(UTC))

    def agrees(self) -> bool:
        """Tell whether weekday and date, if both are whole, are of the same day."""
        if self.weekday is None or self.year is None:
            return True
        try:
            return date(self.year, self.month, self.day).weekday() == self.weekday
        except ValueError:
            return False

    def whole(self, *, until: date, fresh: bool = False) -> Stamp | None:
        """Return the stamp with its year, None for a day after `until`.

        The weekday decides a year that is not written: the latest in which the day fell
        on it. A day that falls on it within `_COMING` days after `until` is one to come.

        Args:
            until: the last day that it can be.
            fresh: it is likely of the days before `until`: where the weekday leads to a year
                long ago, and the day was lately and on a weekday beside it, that is a slip;
                then the stamp has no weekday.
        """
        if self.year is not None or self.weekday is None:
            return self
        ahead = until + timedelta(days=_COMING)
        day = latest_day(self.day, self.month, self.weekday, until=ahead)
        if not day or day > until:
            return None
        lately = self._lately(until) if fresh else None
        if lately and (until - day).days > _LONG_AGO:
            return replace(self, year=lately.year, weekday=None)
        return replace(self, year=day.year)

    def _lately(self, until: date) -> date | None:
        """Return the day if it was lately and on a weekday beside the one written."""
        day = latest_day(self.day, self.month, until=until)
        if self.weekday is None or day is None or (until - day).days > _LATELY:
            return None
        return day if (day.weekday() - self.weekday) % 7 in {1, 6} else None


EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
"""No article of the Web is older; earlier dates are clocks that were never set."""


def whole_day(day: date, zone: tzinfo, *, inferred: bool = False) -> Published:
    """Return `day` in `zone` as a publication date without a time."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return Published(midnight.astimezone(UTC), day_only=True, inferred=inferred)


def latest_day(
    day: int, month: int, weekday: int | None = None, *, until: date
) -> date | None:
    """Return the latest `day`/`month` on that weekday (Monday 0; None: any), not after `until`."""
    for year in range(until.year, until.year - _YEARS_BACK - 1, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= until and weekday in {None, found.weekday()}:
            return found
    return None


def key(word: str) -> str:
    """Return `word` as the language data lists it: folded, without apostrophes."""
    return fold(word).replace("'", "")


def read_stamp(value: str, language: Language) -> Stamp | None:
    """Return the parts of a date that fills `value` wholly, None if it holds more or less.

    Understood are a day, month and year in figures or words, with weekday, time, zone
    and words that say nothing ("pukul"), in any sensible order.
    """
    if len(value) > LONGEST_STAMP:
        return None
    reader = _Reader(language)
    for kind, text in _pieces(value):
        if not reader.take(kind, text):
            return None
    return reader.finished()


def _pieces(value: str) -> Iterator[tuple[str, str]]:
    for match in _PIECE.finditer(value):
        kind = match.lastgroup or "other"
        yield kind, match[kind]


def _east(offset: float | str) -> tzinfo:
    if isinstance(offset, str):
        return ZoneInfo(offset)
    return timezone(timedelta(hours=offset))


class _Reader:
    """Puts the pieces of a written date in their places, each at most once."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.parts: dict[str, Any] = {}
        self.numbers: list[str] = []

    def take(self, kind: str, text: str) -> bool:
        """Take one piece; tell whether it belongs in a date."""
        if kind == "other":
            return False
        if kind in {"word", "half"}:
            return self._word(key(text.replace(".", "")))
        if kind == "number":
            self.numbers.append(text)
            return len(self.numbers) <= 2 and len(text) <= 4
        if kind == "time":
            clock = [int(part) for part in re.split("[:.]", text)]
            return self._set("clock", (*clock, 0)[:3])
        if kind == "offset":
            hours = _hours(text)
            return hours is not None and self._set("offset", hours)
        return self._figures(kind, re.split("[-/.]", text))

    def finished(self) -> Stamp | None:
        """Return the stamp once every piece is taken; None if the date is not whole."""
        parts = self.parts
        if not self._place_numbers() or "day" not in parts:
            return None
        if not 1 <= parts.get("month", 0) <= 12:
            return None
        stamp = Stamp(**parts)
        if stamp.year is None:
            return stamp if stamp.weekday is not None else None
        return stamp if OLDEST_YEAR <= stamp.year <= _LATEST_YEAR else None

    def _set(self, part: str, value: object) -> bool:
        if part in self.parts:
            return False
        self.parts[part] = value
        return True

    def _word(self, word: str) -> bool:
        for part, names in (
            ("month", self.language.months),
            ("weekday", self.language.weekdays),
            ("offset", self.language.zones),
            ("half", self.language.halves),
        ):
            if word in names and self._set(part, names[word]):
                return True
        return word in self.language.fillers or (word == "t" and not self.numbers)

    def _figures(self, kind: str, parts: list[str]) -> bool:
        year = None
        if kind == "ymd":
            year, parts = parts[0], parts[:0:-1]
            first, second = map(int, parts)
        else:
            first, second = map(int, parts[:2])
            year = parts[2] if kind == "dmy" else None
            if not self.language.day_first:
                first, second = second, first
            if second > 12 >= first:
                first, second = second, first
        day_month = self._set("day", first) and self._set("month", second)
        return day_month and (year is None or self._set("year", full_year(year)))

    def _place_numbers(self) -> bool:
        """Tell day and year apart: the day comes first unless it cannot be one."""
        numbers = sorted(self.numbers, key=lambda number: len(number) > 2)
        if "day" not in self.parts and numbers:
            self.parts["day"] = int(numbers.pop(0))
        elif numbers and len(numbers[0]) < 4:
            return False
        if not numbers:
            return True
        return self._set("year", full_year(numbers.pop(0))) and not numbers


def full_year(figures: str) -> int:
    """Return a year of two figures in full (POSIX: 69 is 1969, 68 is 2068)."""
    year = int(figures)
    if len(figures) > 2:
        return year
    return year + (1900 if year >= 69 else 2000)


def _hours(offset: str) -> float | None:
    """Return hours east of UTC for "+07:00", "-0330" or "UTC+7"; None beyond a day."""
    sign, figures = re.sub("[^-+0-9]", "", offset)[0], re.sub(r"\D", "", offset)
    hours, minutes = int(figures[:2]), int(figures[2:] or 0)
    east = hours + minutes / 60
    return (east if sign == "+" else -east) if hours < 24 and minutes < 60 else None
