"""What may stand in a settings file. The reference in docs/reference.md lists the same keys."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from briefing.clean import own_rules
from briefing.errors import SettingsError
from briefing.gather.address import public
from briefing.group import PER_SOURCE
from briefing.model import OTHER, OutletCard, Schedule, Topic
from briefing.settings.mail import MailSettings
from briefing.settings.outlets import OutletSettings
from briefing.settings.schedule import ScheduleSettings
from briefing.settings.sources import SourceSettings
from briefing.settings.summary import SummarySettings
from briefing.settings.table import Table
from briefing.settings.topics import TopicSettings
from briefing.settings.values import (
    EnvironmentName,
    Language,
    LocalPath,
    Slug,
    Term,
    WebAddress,
    Zone,
)
from briefing.workers import check_scheduler


def _contact(value: str) -> str:
    # It becomes part of a header of HTTP.
    if not (value.isascii() and value.isprintable()):
        raise ValueError("printable ASCII only")
    return value


def _noise_rules(path: Path) -> Path:
    own_rules(path)
    return path


NoiseRules = Annotated[LocalPath, AfterValidator(_noise_rules)]
Contact = Annotated[str, AfterValidator(_contact)]


BriefLength = Literal["short", "standard", "full"]
"""How much of an edition's stories a brief shows, by name."""


class BriefSettings(Table):
    """How long a brief is, what stands first in it, and what becomes of quiet days."""

    length: BriefLength = "standard"
    per_source: int = Field(default=PER_SOURCE, ge=1, le=1000)
    pins: tuple[Term, ...] = ()
    quiet: Literal["say", "skip", "roll"] = "say"
    least: int = Field(default=1, ge=1, le=1000)

    @model_validator(mode="after")
    def _rolls(self) -> Self:
        if "least" in self.model_fields_set and self.quiet != "roll":
            raise ValueError('least goes with quiet = "roll"')
        return self


class StoreSettings(Table):
    """Where the store is: a SQLite file at `path`, or a database.

    The database's URL is `url`, or stands in the environment variable `url_env`: it may hold a
    password. Texts that no edition shows are kept for `keep_days`, None: for ever.
    """

    path: LocalPath = Field(default=Path("briefing.db"), validate_default=True)
    url: str | None = None
    url_env: EnvironmentName | None = None
    keep_days: int | None = Field(default=None, ge=30, le=36_500)

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.url is not None and self.url_env is not None:
            raise ValueError("give either url or url_env")
        return self

    @property
    def address(self) -> str:
        """The database's URL.

        Raises:
            SettingsError: the variable `url_env` is not there.
        """
        if self.url_env is None:
            return self.url or f"sqlite:///{self.path}"
        if not (found := os.environ.get(self.url_env)):
            raise SettingsError(
                f"store.url_env: {self.url_env} is not in the environment"
            )
        return found


class OutputSettings(Table):
    """Where pages go, and where the operator's own templates are."""

    folder: LocalPath = Field(default=Path("briefs"), validate_default=True)
    templates: LocalPath | None = None


class SiteSettings(Table):
    """Where the static site is written, and the address that it will stand below."""

    folder: LocalPath = Field(default=Path("site"), validate_default=True)
    base: WebAddress | None = None

    @field_validator("base")
    @classmethod
    def _a_folder(cls, value: str | None) -> str | None:
        return value if value is None or value.endswith("/") else f"{value}/"


Scheduler = Annotated[str, AfterValidator(check_scheduler)]


class ClusterSettings(Table):
    """Who does the heavy work: a Dask cluster by its scheduler's address, or this machine."""

    dask: Scheduler | None = None


class GatherSettings(Table):
    """How publishers' servers are treated."""

    interval: int = Field(default=55, ge=5, le=1320)
    spacing: float = Field(default=1.0, ge=0, le=60)


class AlertSettings(Table):
    """What the operator is told, and where."""

    to: tuple[str, ...] = ()
    to_env: EnvironmentName | None = None
    heartbeat: WebAddress | None = None
    grace: int = Field(default=30, ge=1, le=1440)
    silent: float = Field(default=0.5, gt=0, le=1)


class ListSettings(Table):
    """What people subscribe to: the editions of a schedule."""

    slug: Slug
    schedule: str | None = None
    title: str | None = Field(default=None, min_length=1)
    language: Language | None = None
    topics: tuple[Slug, ...] = ()


def _tables(value: object) -> object:
    """Return a list of a single table."""
    if value == []:
        raise ValueError("needs a table at least")
    return [value] if isinstance(value, dict) else value


Schedules = Annotated[tuple[ScheduleSettings, ...], BeforeValidator(_tables)]
Lists = Annotated[tuple[ListSettings, ...], BeforeValidator(_tables)]


class Settings(Table):
    """The whole file."""

    title: str = Field(min_length=1)
    language: Language = "id"
    zone: Zone = "Asia/Jakarta"
    contact: Contact | None = None
    noise: NoiseRules | None = None
    schedule: Schedules = (ScheduleSettings(),)
    brief: BriefSettings = BriefSettings()
    summary: SummarySettings = SummarySettings()
    gather: GatherSettings = GatherSettings()
    store: StoreSettings = Field(default_factory=dict, validate_default=True)
    output: OutputSettings = Field(default_factory=dict, validate_default=True)
    site: SiteSettings = Field(default_factory=dict, validate_default=True)
    source: tuple[SourceSettings, ...] = ()
    topic: tuple[TopicSettings, ...] = ()
    outlet: tuple[OutletSettings, ...] = ()
    mail: MailSettings | None = None
    list: Lists = (ListSettings(slug="brief"),)
    alert: AlertSettings = AlertSettings()
    cluster: ClusterSettings = ClusterSettings()

    @model_validator(mode="after")
    def _no_twins(self) -> Self:
        ids, asked = set[str](), set[tuple[str, str | None, str | None]]()
        for at, source in enumerate(self.source):
            asks = _asks(source)
            if source.id in ids:
                raise _twin(("source", at, "id"), source.id)
            if source.url and asks in asked:
                raise _twin(("source", at, "url"), public(source.url))
            ids.add(source.id)
            asked.add(asks)
        _check_distinct("topic", "slug", [one.slug for one in self.topic])
        _check_distinct("outlet", "name", [one.name for one in self.outlet])
        _check_distinct("list", "slug", [one.slug for one in self.list])
        return self

    @model_validator(mode="after")
    def _schedules_known(self) -> Self:
        names = [one.name for one in self.schedule]
        for at, one in enumerate(self.schedule):
            if one.name in names[:at]:
                told = f"schedule {one.name!r} stands there twice"
                place = ("schedule", at, "name")
                raise _mistake(place, told if one.name else "a second one needs a name")
            self._check_topics(("schedule", at, "topics"), one.topics)
        for at, each in enumerate(self.list):
            self._check_topics(("list", at, "topics"), each.topics)
            if each.schedule is not None and each.schedule not in names:
                place = ("list", at, "schedule")
                raise _mistake(place, f"there is no schedule {each.schedule!r}")
        return self

    def _check_topics(
        self, place: tuple[str | int, ...], topics: Sequence[str]
    ) -> None:
        unknown = set(topics) - {OTHER, *(topic.slug for topic in self.topic)}
        if unknown:
            raise _mistake(place, f"there is no topic {min(unknown)!r}")

    @property
    def schedules(self) -> tuple[Schedule, ...]:
        """The schedules, the one that is meant where none is named first."""
        found = [one.schedule(self.zone) for one in self.schedule]
        return tuple(sorted(found, key=lambda one: one.name != ""))

    def of(self, schedule: str) -> Settings:
        """Return the settings for editions of a schedule: with its own title and zone."""
        own = self._own(schedule)
        said = {"title": own.title, "zone": own.zone} if own else {}
        return self.model_copy(update={key: it for key, it in said.items() if it})

    def topics_of(self, schedule: str) -> tuple[str, ...]:
        """Return the slugs of the topics that a schedule's editions show; () for all."""
        own = self._own(schedule)
        return own.topics if own else ()

    def lists_of(self, schedule: str) -> tuple[ListSettings, ...]:
        """Return the lists whose subscribers get a schedule's editions."""
        first = self.schedules[0].name
        return tuple(
            one
            for one in self.list
            if (first if one.schedule is None else one.schedule) == schedule
        )

    def _own(self, schedule: str) -> ScheduleSettings | None:
        return next(
            (one for one in self.schedule if (one.name or "") == schedule), None
        )

    @property
    def tzinfo(self) -> ZoneInfo:
        """The reader's zone."""
        return ZoneInfo(self.zone)

    def summary_of(self, source: str) -> SummarySettings:
        """Return how articles of the source with this id are condensed."""
        own = next((one.summary for one in self.source if one.id == source), None)
        if own is None:
            return self.summary
        return self.summary.but(own.model_dump(exclude_unset=True))

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics in the configured order."""
        return tuple(topic.topic() for topic in self.topic)

    @property
    def cards(self) -> tuple[OutletCard, ...]:
        """What is stated of outlets."""
        return tuple(outlet.card() for outlet in self.outlet)


def _asks(source: SourceSettings) -> tuple[str, str | None, str | None]:
    """Return what a source asks for; a page of links may hold two sections."""
    return source.kind, source.url, source.pattern


def _check_distinct(table: str, key: str, names: Sequence[str]) -> None:
    """Raise the error of the second of two tables of one name; capitals do not count."""
    known = set[str]()
    for at, name in enumerate(names):
        if name.casefold() in known:
            raise _twin((table, at, key), name)
        known.add(name.casefold())


def _twin(place: tuple[str | int, ...], name: str) -> ValidationError:
    """Return the error of the second of two; raised as it is, it keeps its place."""
    return _mistake(place, f"{place[0]} {name!r} stands there twice", name)


def _mistake(
    place: tuple[str | int, ...], told: str, given: object = None
) -> ValidationError:
    """Return an error at a place; raised as it is, it keeps its place."""
    error = PydanticCustomError("mistake", "{told}", {"told": told})
    return ValidationError.from_exception_data(
        "Settings", [InitErrorDetails(type=error, loc=place, input=given)]
    )
