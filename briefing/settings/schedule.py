"""When editions are due."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from itertools import islice
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from briefing.model import Policy, Schedule
from briefing.settings.table import Table
from briefing.settings.values import Slug, Zone


def _times_of_day(value: object) -> object:
    """Return times of whole minutes, of one or of several."""
    times = value if isinstance(value, list) else [value]
    if not times or len(set(map(str, times))) < len(times):
        raise ValueError("name each time once")
    return [_time_of_day(one) for one in times]


def _time_of_day(value: object) -> object:
    """Return a time of whole minutes; a number or an offset would be misread."""
    if isinstance(value, str) and re.fullmatch("[0-9]{2}:[0-9]{2}", value):
        return value
    if isinstance(value, time) and value == time(value.hour, value.minute):
        return value
    raise ValueError('write it as "HH:MM"')


def _rule(value: str) -> str:
    """Return a cron rule of five fields that is due at some time."""
    from cronsim import CronSimError

    if len(value.split()) != 5:
        raise ValueError("not a cron rule: needs five fields")
    try:
        dues = _first_two(value)
    except CronSimError as error:
        raise ValueError(f"not a cron rule: {error}") from error
    if not dues:
        raise ValueError("not a cron rule: never due")
    return value


def _first_two(rule: str) -> list[datetime]:
    from cronsim import CronSim

    eve = datetime(2023, 12, 31, 23, 59, 59, tzinfo=UTC)
    return list(islice(CronSim(rule, eve), 2))


def _name(value: str) -> str:
    if not value[0].isalpha():
        raise ValueError("begin with a letter")
    return value


TimesOfDay = Annotated[tuple[time, ...], BeforeValidator(_times_of_day)]
CronRule = Annotated[str, AfterValidator(_rule)]
ScheduleName = Annotated[Slug, AfterValidator(_name)]


class ScheduleSettings(Table):
    """When editions are due: `at` one or several times each day, or by a `cron` rule.

    `missed` says what becomes of due times at which nothing ran. Zone, title and topics are the
    brief's where nothing else is said.
    """

    name: ScheduleName | None = None
    title: str | None = Field(default=None, min_length=1)
    zone: Zone | None = None
    at: TimesOfDay | None = None
    cron: CronRule | None = None
    missed: Policy = "merge"
    topics: tuple[Slug, ...] = ()

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if self.at is not None and self.cron is not None:
            raise ValueError("give either at or cron, not both")
        return self

    def schedule(self, zone: str) -> Schedule:
        """Return the schedule; 06:00 each day where nothing is set.

        Args:
            zone: that of the brief.
        """
        times = sorted(self.at or [time(6)])
        rules = tuple(f"{at.minute} {at.hour} * * *" for at in times)
        return Schedule(
            name=self.name or "",
            rules=rules if self.cron is None else (self.cron,),
            zone=ZoneInfo(self.zone or zone),
            timed=self._is_timed(),
            missed=self.missed,
        )

    def _is_timed(self) -> bool:
        """Whether it is due more than once a day."""
        if self.cron is None:
            return len(self.at or ()) > 1
        # Days and times are chosen apart, so the first day stands for all.
        dates = [due.date() for due in _first_two(self.cron)]
        return len(set(dates)) < len(dates)
