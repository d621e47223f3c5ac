"""Values that several tables take, each checked where it is read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, ValidationInfo

from briefing.group import check_term
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


def _environment_name(value: str) -> str:
    if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", value):
        raise ValueError("needs the name of an environment variable")
    return value


def _term(value: str) -> str:
    check_term(value)
    return value


def _web(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"'@]+", value) or not value.isascii():
        raise ValueError("needs an http:// or https:// address, in ASCII")
    return value


Slug = Annotated[str, AfterValidator(_slug)]
Language = Annotated[str, AfterValidator(check_language)]
Zone = Annotated[str, AfterValidator(check_zone)]
LocalPath = Annotated[Path, AfterValidator(_beside_settings)]
Url = Annotated[str, AfterValidator(_url)]
EnvironmentName = Annotated[str, AfterValidator(_environment_name)]
Term = Annotated[str, AfterValidator(_term)]
Mailbox = Annotated[str, AfterValidator(mailbox)]
WebAddress = Annotated[str, AfterValidator(_web)]
