"""Dates, times and numbers as the reader writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_datetime, format_skeleton, format_time
from babel.numbers import format_decimal

from briefing.model import Published, date_of, time_of

_AT_HAND: Final = 1_024
"""Dates that are kept as they are written: lists repeat the same few."""


@dataclass(frozen=True, slots=True)
class Dates:
    """Writes dates for one reader.

    Attributes:
        locale: how they are written.
        zone: where the reader's clock hangs.
    """

    locale: Locale
    zone: ZoneInfo

    def day(self, value: date | str) -> str:
        """Return a date with its weekday: ``Minggu, 1 Desember 2024``.

        Of an edition, by its key, also the time where there are several a day.
        """
        return self._written(_date(value), "full") + self._due(value)

    def short(self, value: date | str, beside: date) -> str:
        """Return as ``1 Desember`` what `day` takes, with the year if it is not that of `beside`."""
        day = _date(value)
        if day.year != beside.year:
            return self._written(day, "long") + self._due(value)
        written = format_skeleton("MMMMd", day, locale=self.locale)
        return f"{written}{self._due(value)}"

    def long(self, value: date) -> str:
        """Return a date without its weekday: ``1 Desember 2024``."""
        return self._written(value, "long")

    def moment(self, value: datetime) -> str:
        """Return date and time with the zone: ``Minggu, 1 Desember 2024, 06.30 WIB``."""
        return f"{self.day(value.astimezone(self.zone))}, {self._time(value)}"

    def published(self, value: Published) -> str:
        """Return a publication date, with the time only if it is known."""
        day = self._written(value.moment.astimezone(self.zone), "long")
        return day if value.day_only else f"{day}, {self._time(value.moment)}"

    def machine(self, value: Published | str) -> str:
        """Return a publication date, or an edition's by its key, for ``<time datetime>``."""
        if isinstance(value, str):
            due = time_of(value)
            return f"{date_of(value)}{f'T{due:%H:%M}' if due is not None else ''}"
        local = value.moment.astimezone(self.zone)
        return local.date().isoformat() if value.day_only else local.isoformat()

    def month(self, value: date) -> str:
        """Return the month of a date with its year: ``Desember 2024``."""
        return format_skeleton("yMMMM", value, locale=self.locale)

    def weekdays(self) -> list[tuple[str, str]]:
        """Return the days of a week from Monday on, short and in full: ``Sen``, ``Senin``."""
        short, full = (
            self.locale.days["stand-alone"][form] for form in ("abbreviated", "wide")
        )
        return [(short[day], full[day]) for day in range(7)]

    def number(self, value: int) -> str:
        """Return a number with its thousands apart."""
        return format_decimal(value, locale=self.locale)

    def _written(self, value: date, form: str) -> str:
        """Write the day without the leading zero that some locales put in long dates."""
        return _written(value, form, self.locale)

    def _due(self, value: date | str) -> str:
        """Return ``, 06.00``: on the clock of the schedule's zone, which the reader knows."""
        due = time_of(value) if isinstance(value, str) else None
        return (
            f", {format_time(due, 'short', locale=self.locale)}"
            if due is not None
            else ""
        )

    def _time(self, value: datetime) -> str:
        clock = format_time(value, "short", tzinfo=self.zone, locale=self.locale)
        name = format_datetime(value, "z", tzinfo=self.zone, locale=self.locale)
        if name.startswith(("+", "-")):
            name = format_datetime(value, "ZZZZ", tzinfo=self.zone, locale=self.locale)
        return f"{clock} {name}"


@lru_cache(maxsize=_AT_HAND)
def _written(value: date, form: str, locale: Locale) -> str:
    pattern = locale.date_formats[form].pattern.replace("dd", "d")
    return format_date(value, pattern, locale=locale)


def _date(value: date | str) -> date:
    return date_of(value) if isinstance(value, str) else value
