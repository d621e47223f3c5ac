"""When a brief is due."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from itertools import islice
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from briefing.settings.table import Table


def _time_of_day(value: object) -> object:
    """Return a time of whole minutes; a number or an offset would be misread."""
    if isinstance(value, str) and re.fullmatch("[0-9]{2}:[0-9]{2}", value):
        return value
    if isinstance(value, time) and value == time(value.hour, value.minute):
        return value
    raise ValueError('write it as "HH:MM"')


def _rule(value: str) -> str:
    """Return a cron rule of five fields that is due at most once a day."""
    from cronsim import CronSim, CronSimError

    if len(value.split()) != 5:
        raise ValueError("not a cron rule: needs five fields")
    eve = datetime(2023, 12, 31, 23, 59, 59, tzinfo=UTC)
    try:
        dues = [due.date() for due in islice(CronSim(value, eve), 2)]
    except CronSimError as error:
        raise ValueError(f"not a cron rule: {error}") from error
    if not dues:
        raise ValueError("not a cron rule: never due")
    # Days and times are chosen apart, so the first day stands for all.
    if len(set(dues)) < len(dues):
        raise ValueError(
            "one edition a day: an edition is known by its date, so name one minute and "
            "one hour"
        )
    return value


TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
CronRule = Annotated[str, AfterValidator(_rule)]


class ScheduleSettings(Table):
    """When a brief is due, in the brief's zone: `at` each day, or a `cron` rule.

    `missed` says what becomes of due dates at which nothing ran.
    """

    at: TimeOfDay | None = None
    cron: CronRule | None = None
    missed: Literal["merge", "each", "latest"] = "merge"

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if self.at is not None and self.cron is not None:
            raise ValueError("give either at or cron, not both")
        return self

    @property
    def rule(self) -> str:
        """The cron rule, five fields; 06:00 each day where nothing is set."""
        if self.cron is not None:
            return self.cron
        at = self.at or time(6)
        return f"{at.minute} {at.hour} * * *"
