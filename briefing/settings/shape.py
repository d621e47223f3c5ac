"""What may stand in a settings file. The reference in docs/reference.md lists the same keys."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from briefing.condense import METHODS
from briefing.group import check_term
from briefing.model import OTHER, Topic


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", value):
        raise ValueError("use small letters, digits and hyphens only")
    return value


def _language(value: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(value, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise ValueError(f"unknown language {value!r}") from error
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"unknown time zone {value!r}") from error
    return value


def _beside_settings(value: Path, info: ValidationInfo) -> Path:
    """Return a relative path as seen from the settings file's folder."""
    root: Path = (info.context or {}).get("root", Path())
    return root / value.expanduser()


def _http_url(value: str) -> str:
    if not re.match(r"https?://[^/\s]", value, re.IGNORECASE):
        raise ValueError("needs an http:// or https:// address")
    return value


def _term(value: str) -> str:
    check_term(value)
    return value


def _method(value: str) -> str:
    if value not in METHODS:
        raise ValueError(f"unknown method {value!r}; known are {', '.join(METHODS)}")
    return value


Slug = Annotated[str, AfterValidator(_slug)]
Language = Annotated[str, AfterValidator(_language)]
Zone = Annotated[str, AfterValidator(_zone)]
LocalPath = Annotated[Path, AfterValidator(_beside_settings)]
HttpUrl = Annotated[str, AfterValidator(_http_url)]
Term = Annotated[str, AfterValidator(_term)]
Method = Annotated[str, AfterValidator(_method)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class ScheduleSettings(_Table):
    """When a brief is due, in the brief's zone: `at` each day, or a `cron` rule."""

    at: time | None = None
    cron: str | None = None

    @field_validator("cron")
    @classmethod
    def _readable(cls, value: str | None) -> str | None:
        from datetime import UTC, datetime

        from cronsim import CronSim, CronSimError

        if value is not None:
            try:
                CronSim(value, datetime(2024, 1, 1, tzinfo=UTC))
            except CronSimError as error:
                raise ValueError(f"not a cron rule: {error}") from error
        return value

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


class SummarySettings(_Table):
    """How each article is condensed: the method and its budget."""

    method: Method = "lead"
    words: int | None = Field(default=None, ge=1, le=1000)
    sentences: int | None = Field(default=None, ge=1, le=50)


class StoreSettings(_Table):
    """Where the store is: a SQLite file at `path`, or a database `url`."""

    path: LocalPath = Field(default=Path("briefing.db"), validate_default=True)
    url: str | None = None

    @property
    def address(self) -> str:
        """The database's URL."""
        return self.url or f"sqlite:///{self.path}"


class OutputSettings(_Table):
    """Where pages go, and where the operator's own templates are."""

    folder: LocalPath = Field(default=Path("briefs"), validate_default=True)
    templates: LocalPath | None = None


class SourceSettings(_Table):
    """One configured place that articles come from."""

    id: Slug
    kind: Literal["folder", "file", "feed", "page"]
    path: LocalPath | None = None
    url: HttpUrl | None = None
    outlet: str | None = None
    language: Language | None = None
    follow: bool = True

    @model_validator(mode="after")
    def _right_place(self) -> Self:
        wanted = "path" if self.kind in {"folder", "file"} else "url"
        other = "url" if wanted == "path" else "path"
        if getattr(self, wanted) is None:
            raise ValueError(f"a source of kind {self.kind} needs {wanted}")
        if getattr(self, other) is not None:
            raise ValueError(f"a source of kind {self.kind} takes no {other}")
        return self


class TopicSettings(_Table):
    """A heading that readers choose, with its rules."""

    slug: Slug
    title: str = Field(min_length=1)
    any: tuple[Term, ...] = Field(min_length=1)
    need: tuple[tuple[Term, ...], ...] = ()
    exclude: tuple[Term, ...] = Field(default=(), alias="not")
    min_score: float = Field(default=1.0, ge=0)

    @field_validator("slug")
    @classmethod
    def _not_reserved(cls, value: str) -> str:
        if value == OTHER:
            raise ValueError(f"{OTHER!r} is kept for stories without a topic")
        return value

    def topic(self) -> Topic:
        """Return it as a `briefing.model.Topic`."""
        return Topic(
            slug=self.slug,
            title=self.title,
            any=self.any,
            need=self.need,
            exclude=self.exclude,
            min_score=self.min_score,
        )


class Settings(_Table):
    """The whole file."""

    title: str = Field(min_length=1)
    language: Language = "id"
    zone: Zone = "Asia/Jakarta"
    contact: str | None = None
    schedule: ScheduleSettings = ScheduleSettings()
    summary: SummarySettings = SummarySettings()
    store: StoreSettings = Field(default_factory=dict, validate_default=True)
    output: OutputSettings = Field(default_factory=dict, validate_default=True)
    source: tuple[SourceSettings, ...] = ()
    topic: tuple[TopicSettings, ...] = ()

    @model_validator(mode="after")
    def _no_twins(self) -> Self:
        for key, names in (
            ("source", [source.id for source in self.source]),
            ("topic", [topic.slug for topic in self.topic]),
        ):
            twins = sorted({name for name in names if names.count(name) > 1})
            if twins:
                raise ValueError(f"{key} {twins[0]!r} stands there twice")
        return self

    @property
    def tzinfo(self) -> ZoneInfo:
        """The reader's zone."""
        return ZoneInfo(self.zone)

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics in the configured order."""
        return tuple(topic.topic() for topic in self.topic)
