"""Reading a settings file, and saying where in it a mistake stands."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from briefing.errors import SettingsError
from briefing.gather.address import masked
from briefing.resources import resource
from briefing.settings.lines import Location, line_of
from briefing.settings.shape import BriefLength, Settings, SiteSettings
from briefing.text import one_line


def load_settings(path: Path) -> Settings:
    """Return the settings in the TOML file at `path`; paths in it are relative to it.

    Raises:
        SettingsError: the file is missing or unreadable, is no TOML, or holds a key or
            value that is not allowed; the message names file, line and key.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise SettingsError(
            f"{path}: no such file (`briefing init` makes one)"
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not UTF-8 text") from error
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from error
    return parse_settings(text, name=str(path), root=path.parent)


def parse_settings(text: str, *, name: str, root: Path) -> Settings:
    """Return the settings that TOML `text` holds; `name` is the file's, for messages.

    Raises:
        SettingsError: see `load_settings`.
    """
    try:
        tables = tomllib.loads(text)
    except RecursionError as error:
        raise SettingsError(f"{name}: nested too deeply") from error
    except ValueError as error:
        raise SettingsError(one_line(f"{name}: not valid TOML: {error}")) from error
    try:
        return Settings.model_validate(tables, context={"root": root})
    except ValidationError as error:
        raise SettingsError(_explained(error, text, tables, name=name)) from error


def starter_settings(root: Path) -> Settings:
    """Return the starter's settings without its sources, for a build without a file.

    Store and output folder are in `root`.
    """
    tables = tomllib.loads((resource("seeds") / "briefing.toml").read_text("utf-8"))
    kept = {key: tables[key] for key in ("title", "language", "zone", "topic")}
    return Settings.model_validate(kept, context={"root": root})


def with_summary(settings: Settings, chosen: Mapping[str, Any]) -> Settings:
    """Return `settings` with the summary keys in `chosen` put over it, of all sources.

    Raises:
        SettingsError: an unknown method or an impossible budget.
    """
    if not chosen:
        return settings
    try:
        summary = settings.summary.but(chosen)
        sources = tuple(
            one.model_copy(update={"summary": one.summary and one.summary.but(chosen)})
            for one in settings.source
        )
    except ValidationError as error:
        raise SettingsError(_put_over("summary", error)) from error
    return settings.model_copy(update={"summary": summary, "source": sources})


def with_length(settings: Settings, length: BriefLength) -> Settings:
    """Return `settings` for a brief of another length."""
    brief = settings.brief.model_copy(update={"length": length})
    return settings.model_copy(update={"brief": brief})


def with_site(settings: Settings, **chosen: Any) -> Settings:
    """Return `settings` with those keys of its site put over it that are not None.

    Raises:
        SettingsError: the address is none.
    """
    kept = settings.site.model_dump()
    kept |= {key: value for key, value in chosen.items() if value is not None}
    try:
        site = SiteSettings.model_validate(kept)
    except ValidationError as error:
        raise SettingsError(_put_over("site", error)) from error
    return settings.model_copy(update={"site": site})


def _put_over(table: str, error: ValidationError) -> str:
    """Return the first mistake in keys that were put over a table of the settings."""
    first = error.errors(include_url=False)[0]
    key = ".".join([table, *map(str, first["loc"])])
    return one_line(f"{key}: {_what(first, first['loc'])}")


def _explained(
    error: ValidationError, text: str, tables: Mapping[str, Any], *, name: str
) -> str:
    """Return the first mistake as one line: file, line, key, what is wrong."""
    # A key that is not known is most often the one that is missing, misspelt.
    mistakes = sorted(
        error.errors(include_url=False),
        key=lambda one: one["type"] != "extra_forbidden",
    )
    first = mistakes[0]
    location = _as_written(first["loc"], tables)
    line = line_of(text, location)
    place = f"{name}:{line}" if line else name
    key = ".".join(str(part) for part in location)
    more = len(mistakes) - 1
    rest = f" (and {more} more)" if more else ""
    told = one_line(f"{place}: {key}: {_what(first, location)}{rest}", limit=500)
    return told.replace(": : ", ": ")


def _as_written(location: Location, tables: Mapping[str, Any]) -> Location:
    """Return `location` as the file has it, where one thing may stand for a list of it."""
    value: Any = tables
    found: list[str | int] = []
    for part in location:
        if part == "[key]" or (isinstance(part, int) and not isinstance(value, list)):
            continue
        found.append(part)
        try:
            value = value[part]
        except (LookupError, TypeError):
            value = None
    return tuple(found)


def _what(mistake: Mapping[str, Any], location: Location) -> str:
    if mistake["type"] == "extra_forbidden":
        close = difflib.get_close_matches(str(location[-1]), _known_keys(), 1, 0.7)
        return "unknown key" + (f", did you mean {close[0]!r}?" if close else "")
    if mistake["type"] == "missing":
        return "is missing"
    told = str(mistake["msg"]).removeprefix("Value error, ")
    given = mistake["input"]
    shown = isinstance(given, str | int | float) and repr(given) not in told
    return f"{told} (got {masked(repr(given))})" if shown else told


def _known_keys() -> list[str]:
    """Return every key that may stand anywhere in a settings file."""
    models: list[type[BaseModel]] = [Settings]
    keys = []
    while models:
        model = models.pop()
        for name, field in model.model_fields.items():
            keys.append(field.alias or name)
            inner = getattr(field.annotation, "__args__", (field.annotation,))
            models += [
                kind
                for kind in inner
                if isinstance(kind, type) and issubclass(kind, BaseModel)
            ]
    return keys
