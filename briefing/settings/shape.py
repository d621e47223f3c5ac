"""What may stand in a settings file. The reference in docs/reference.md lists the same keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from briefing.clean import own_rules
from briefing.condense import LENGTHS, METHODS, recipe
from briefing.gather.address import public
from briefing.gather.pattern import compiled
from briefing.group import PER_SOURCE, check_term, check_topic
from briefing.model import OTHER, Topic
from briefing.text import mailbox


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", value):
        raise ValueError("use small letters, digits and hyphens only")
    return value


def check_language(value: str) -> str:
    """Return `value` if it is the tag of a language (BCP 47) that Babel knows.

    Raises:
        ValueError: it is not.
    """
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(value, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise ValueError(f"unknown language {value!r}") from error
    return value


def check_zone(value: str) -> str:
    """Return `value` if it is the name of an IANA time zone.

    Raises:
        ValueError: it is not.
    """
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"unknown time zone {value!r}") from error
    return value


def _beside_settings(value: Path, info: ValidationInfo) -> Path:
    """Return a relative path as seen from the settings file's folder."""
    root: Path = (info.context or {}).get("root", Path())
    try:
        return root / value.expanduser()
    except RuntimeError as error:
        raise ValueError("no home folder of that user is known") from error


def _url(value: str) -> str:
    if not re.match(r"(https?|imaps?)://[^/\s]", value, re.IGNORECASE):
        raise ValueError("needs an http:// or https:// address")
    if value.lower().startswith("imap") and not _IMAP_URL.fullmatch(value):
        raise ValueError("needs an address like imaps://USER@HOST/FOLDER")
    return value


_IMAP_URL = re.compile(r"imaps?://[^@:/\s]+@[^@/\s]+(/\S*)?", re.IGNORECASE)
"""Without a password: it stands in the environment, not in the settings."""


def _pattern(value: str) -> str:
    compiled(value)
    return value


def _environment_name(value: str) -> str:
    if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", value):
        raise ValueError("needs the name of an environment variable")
    return value


def _contact(value: str) -> str:
    # It becomes part of a header of HTTP.
    if not (value.isascii() and value.isprintable()):
        raise ValueError("printable ASCII only")
    return value


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


def _term(value: str) -> str:
    check_term(value)
    return value


def _method(value: str) -> str:
    if value not in METHODS:
        raise ValueError(f"unknown method {value!r}; known are {', '.join(METHODS)}")
    return value


def _sender(value: str) -> str:
    """Return a name and an address, or an address, as a From header takes it."""
    from email.headerregistry import Address, HeaderRegistry

    wrong = ValueError("write it as Name <name@host>")
    if not value.isprintable():
        raise wrong
    try:
        found: Any = HeaderRegistry()("From", value)
        [one] = found.addresses
    except (ValueError, IndexError) as error:
        raise wrong from error
    address = mailbox(one.addr_spec)
    if not address.isascii():
        raise wrong
    return str(Address(one.display_name, addr_spec=address))


def _subject(value: str) -> str:
    names = re.findall(r"\{([^{}]*)\}", value)
    unknown = sorted(set(names) - {"title", "date", "headline", "stories"})
    if unknown:
        raise ValueError(
            f"no field {{{unknown[0]}}}; there are {{title}}, {{date}}, {{headline}}, {{stories}}"
        )
    return value


def _web(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"'@]+", value) or not value.isascii():
        raise ValueError("needs an http:// or https:// address, in ASCII")
    return value


def _domain_name(value: str) -> str:
    labels = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    if not re.fullmatch(rf"{labels}(\.{labels})*", value):
        raise ValueError("needs a name as in DNS, in small letters")
    return value


def _length(value: str) -> str:
    if value not in LENGTHS:
        raise ValueError(f"unknown length {value!r}; known are {', '.join(LENGTHS)}")
    return value


def _noise_rules(path: Path) -> Path:
    own_rules(path)
    return path


Slug = Annotated[str, AfterValidator(_slug)]
Language = Annotated[str, AfterValidator(check_language)]
Zone = Annotated[str, AfterValidator(check_zone)]
LocalPath = Annotated[Path, AfterValidator(_beside_settings)]
NoiseRules = Annotated[LocalPath, AfterValidator(_noise_rules)]
Url = Annotated[str, AfterValidator(_url)]
Pattern = Annotated[str, AfterValidator(_pattern)]
EnvironmentName = Annotated[str, AfterValidator(_environment_name)]
Term = Annotated[str, AfterValidator(_term)]
Method = Annotated[str, AfterValidator(_method)]
Length = Annotated[str, AfterValidator(_length)]
Contact = Annotated[str, AfterValidator(_contact)]
Mailbox = Annotated[str, AfterValidator(mailbox)]
Sender = Annotated[str, AfterValidator(_sender)]
Subject = Annotated[str, AfterValidator(_subject)]
WebAddress = Annotated[str, AfterValidator(_web)]
DomainName = Annotated[str, AfterValidator(_domain_name)]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
CronRule = Annotated[str, AfterValidator(_rule)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class ScheduleSettings(_Table):
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


class SummarySettings(_Table):
    """How each article is condensed: the method and its budget."""

    method: Method = "learned"
    length: Length | None = None
    words: int | None = Field(default=None, ge=1, le=1000)
    sentences: int | None = Field(default=None, ge=1, le=50)

    @model_validator(mode="after")
    def _usable(self) -> Self:
        _ = self.recipe
        return self

    @property
    def recipe(self) -> str:
        """The recipe of the summaries."""
        return recipe(**self.model_dump())

    def but(self, chosen: Mapping[str, Any]) -> SummarySettings:
        """Return these settings with the keys in `chosen` put over them.

        A budget that was chosen takes the place of all that was said of it here.

        Raises:
            ValidationError: an unknown method or an impossible budget.
        """
        kept = self.model_dump(exclude_unset=True)
        if not _BUDGET.isdisjoint(chosen):
            kept = {key: kept[key] for key in kept.keys() - _BUDGET}
        return SummarySettings.model_validate({**kept, **chosen})


_BUDGET = frozenset({"length", "words", "sentences"})


BriefLength = Literal["short", "standard", "full"]
"""How much of an edition's stories a brief shows, by name."""


class BriefSettings(_Table):
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


class GatherSettings(_Table):
    """How publishers' servers are treated."""

    interval: int = Field(default=55, ge=5, le=1320)
    spacing: float = Field(default=1.0, ge=0, le=60)


SourceKind = Literal[
    "folder",
    "file",
    "feed",
    "page",
    "site",
    "sitemap",
    "section",
    "mbox",
    "maildir",
    "imap",
]

_KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "folder": (("path",), ()),
    "file": (("path",), ()),
    "feed": (("url",), ()),
    "page": (("url",), ()),
    "site": (("url",), ()),
    "sitemap": (("url",), ("pattern", "days")),
    "section": (("url", "pattern"), ()),
    "mbox": (("path",), ()),
    "maildir": (("path",), ()),
    "imap": (("url", "password_env"), ("days",)),
}
"""Keys that each kind of source needs, and those that it takes besides."""

_ANY_KIND = {
    "id",
    "kind",
    "outlet",
    "language",
    "follow",
    "private",
    "weight",
    "summary",
}


class SourceSettings(_Table):
    """One configured place that articles come from."""

    id: Slug
    kind: SourceKind
    path: LocalPath | None = None
    url: Url | None = None
    outlet: str | None = None
    language: Language | None = None
    follow: bool = True
    pattern: Pattern | None = None
    days: int | None = Field(default=None, ge=1, le=3650)
    password_env: EnvironmentName | None = None
    private: bool = False
    weight: float = Field(default=1.0, ge=0, le=3)
    summary: SummarySettings | None = None

    @model_validator(mode="after")
    def _right_keys(self) -> Self:
        needed, allowed = _KEYS[self.kind]
        given = self.model_fields_set - _ANY_KIND
        for key in needed:
            if key not in given:
                raise ValueError(f"a source of kind {self.kind} needs {key}")
        for key in sorted(given):
            if key not in needed + allowed and getattr(self, key) is not None:
                raise ValueError(f"a source of kind {self.kind} takes no {key}")
        return self

    @model_validator(mode="after")
    def _right_scheme(self) -> Self:
        if self.url is not None:
            is_mail = self.url.lower().startswith("imap")
            if is_mail and self.kind != "imap":
                raise ValueError("url: needs an http:// or https:// address")
            if self.kind == "imap" and not is_mail:
                raise ValueError("url: needs an imaps:// address")
        return self


class ExampleSettings(_Table):
    """Headlines or texts to try a topic's rules on, and to learn from."""

    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()


class TopicSettings(_Table):
    """A heading that readers choose, with its rules."""

    slug: Slug
    title: str = Field(min_length=1)
    any: tuple[Term, ...] = Field(min_length=1)
    need: tuple[tuple[Term, ...], ...] = ()
    exclude: tuple[Term, ...] = Field(default=(), alias="not")
    min_score: float = Field(default=1.0, ge=0)
    examples: ExampleSettings = ExampleSettings()

    @field_validator("slug")
    @classmethod
    def _not_reserved(cls, value: str) -> str:
        if value == OTHER:
            raise ValueError(f"{OTHER!r} is kept for stories without a topic")
        return value

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        check_topic(self.topic())
        return self

    def topic(self) -> Topic:
        """Return it as a `briefing.model.Topic`."""
        return Topic(
            slug=self.slug,
            title=self.title,
            any=self.any,
            need=self.need,
            exclude=self.exclude,
            min_score=self.min_score,
            yes=self.examples.yes,
            no=self.examples.no,
        )


class DkimSettings(_Table):
    """What mails are signed with (RFC 6376)."""

    selector: DomainName
    domain: DomainName | None = None
    key: LocalPath | None = None
    key_env: EnvironmentName | None = None

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if (self.key is None) == (self.key_env is None):
            raise ValueError("give either key or key_env")
        return self


class InboxSettings(_Table):
    """The mailbox that subscribers write to: a maildir, or a folder on a mail server."""

    path: LocalPath | None = None
    url: Url | None = None
    password_env: EnvironmentName | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.path is None) == (self.url is None):
            raise ValueError("give either path or url")
        if (self.url is None) != (self.password_env is None):
            raise ValueError("url and password_env belong together")
        if self.url is not None and not self.url.lower().startswith("imap"):
            raise ValueError("url: needs an imaps:// address")
        return self


class MailSettings(_Table):
    """Who sends the mails, through which server, and what they lead to."""

    sender: Sender = Field(alias="from")
    server: str | None = None
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password_env: EnvironmentName | None = None
    authorities: LocalPath | None = None
    timeout: float = Field(default=60.0, ge=1, le=600)
    connections: int = Field(default=4, ge=1, le=50)
    subject: Subject = "{title}, {date}"
    page: WebAddress | None = None
    base: WebAddress | None = None
    reply: Mailbox | None = None
    key: LocalPath = Field(default=Path("briefing.key"), validate_default=True)
    dkim: DkimSettings | None = None
    log: LocalPath | None = None
    copy_to: Mailbox | None = Field(default=None, alias="copy")
    archive: LocalPath | None = None
    inbox: InboxSettings | None = None
    keep: int = Field(default=30, ge=1, le=3650)
    uncertain: Literal["hold", "resend"] = "hold"
    empty: bool = False

    @model_validator(mode="after")
    def _aligned(self) -> Self:
        signed = self.dkim and self.dkim.domain
        if signed and not f".{self.domain}".endswith(f".{signed}"):
            raise ValueError("dkim.domain is not that of from, nor one above it")
        return self

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.user is None) != (self.password_env is None):
            raise ValueError("user and password_env belong together")
        if self.user is not None and self.security == "none":
            raise ValueError("a password goes over no open connection; set security")
        if self.archive is not None and self.copy_to is None:
            raise ValueError("archive needs copy, the address that delivers into it")
        return self

    @property
    def address(self) -> str:
        """The address in `sender` alone."""
        from email.utils import parseaddr

        return parseaddr(self.sender)[1]

    @property
    def domain(self) -> str:
        """The domain of `sender`."""
        return self.address.rpartition("@")[2]

    @property
    def where(self) -> int:
        """The port: as given, or what belongs to `security`."""
        usual = {"starttls": 587, "tls": 465, "none": 25}
        return self.port or usual[self.security]


class AlertSettings(_Table):
    """What the operator is told, and where."""

    to: tuple[str, ...] = ()
    to_env: EnvironmentName | None = None
    heartbeat: WebAddress | None = None
    grace: int = Field(default=30, ge=1, le=1440)
    silent: float = Field(default=0.5, gt=0, le=1)


class ListSettings(_Table):
    """What people subscribe to."""

    slug: Slug
    title: str | None = Field(default=None, min_length=1)
    language: Language | None = None
    topics: tuple[Slug, ...] = ()


class Settings(_Table):
    """The whole file."""

    title: str = Field(min_length=1)
    language: Language = "id"
    zone: Zone = "Asia/Jakarta"
    contact: Contact | None = None
    noise: NoiseRules | None = None
    schedule: ScheduleSettings = ScheduleSettings()
    brief: BriefSettings = BriefSettings()
    summary: SummarySettings = SummarySettings()
    gather: GatherSettings = GatherSettings()
    store: StoreSettings = Field(default_factory=dict, validate_default=True)
    output: OutputSettings = Field(default_factory=dict, validate_default=True)
    source: tuple[SourceSettings, ...] = ()
    topic: tuple[TopicSettings, ...] = ()
    mail: MailSettings | None = None
    list: tuple[ListSettings, ...] = (ListSettings(slug="brief"),)
    alert: AlertSettings = AlertSettings()

    @model_validator(mode="after")
    def _no_twins(self) -> Self:
        for at, source in enumerate(self.source):
            if source.id in {one.id for one in self.source[:at]}:
                raise _twin(("source", at, "id"), source.id)
            if source.url and _asks(source) in map(_asks, self.source[:at]):
                raise _twin(("source", at, "url"), public(source.url))
        for at, topic in enumerate(self.topic):
            if topic.slug in {one.slug for one in self.topic[:at]}:
                raise _twin(("topic", at, "slug"), topic.slug)
        for at, one in enumerate(self.list):
            if one.slug in {each.slug for each in self.list[:at]}:
                raise _twin(("list", at, "slug"), one.slug)
        return self

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


def _asks(source: SourceSettings) -> tuple[str, str | None, str | None]:
    """Return what a source asks for; a page of links may hold two sections."""
    return source.kind, source.url, source.pattern


def _twin(place: tuple[str | int, ...], name: str) -> ValidationError:
    """Return the error of the second of two; raised as it is, it keeps its place."""
    told = PydanticCustomError("twin", f"{place[0]} {name!r} stands there twice")
    return ValidationError.from_exception_data(
        "Settings", [InitErrorDetails(type=told, loc=place, input=name)]
    )
