"""Where articles come from."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from briefing.gather.pattern import compiled
from briefing.settings.summary import SummarySettings
from briefing.settings.table import Table
from briefing.settings.values import EnvironmentName, Language, LocalPath, Slug, Url


def _pattern(value: str) -> str:
    compiled(value)
    return value


Pattern = Annotated[str, AfterValidator(_pattern)]


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


class SourceSettings(Table):
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
