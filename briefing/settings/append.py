"""Sources added to a settings file: what stands in it stays, comments too."""

from __future__ import annotations

import json
import os
import re
import tempfile
import unicodedata
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from briefing.errors import SettingsError
from briefing.settings.load import parse_settings
from briefing.settings.sources import SourceSettings

LONGEST_ID: Final = 40
"""Characters of an id that is made of a title."""

_KEYS: Final = (
    "id",
    "kind",
    "path",
    "url",
    "outlet",
    "language",
    "follow",
    "pattern",
    "private",
)


def source_id(title: str, taken: Collection[str]) -> str:
    """Return an id made of `title` that is not `taken`: small letters, digits, hyphens."""
    plain = unicodedata.normalize("NFKD", title.lower())
    ascii_only = plain.encode("ascii", "ignore").decode("ascii")
    name = re.sub("[^a-z0-9]+", "-", ascii_only).strip("-")[:LONGEST_ID].strip("-")
    name = name or "sumber"
    tries = (name if at == 1 else f"{name}-{at}" for at in range(1, len(taken) + 2))
    return next(one for one in tries if one not in taken)


def as_toml(source: SourceSettings) -> str:
    """Return a source as a table of a settings file; only keys that were set."""
    given = {
        key: getattr(source, key) for key in _KEYS if key in source.model_fields_set
    }
    lines = [
        f"{key} = {_value(value)}" for key, value in given.items() if value is not None
    ]
    return "\n".join(["[[source]]", *lines, ""])


def append_sources(path: Path, sources: Sequence[SourceSettings]) -> Path:
    """Write `sources` behind everything else in the file; return where its old text is.

    The file is replaced as a whole or not at all.

    Raises:
        SettingsError: the sources cannot stand in it, or it cannot be written.
    """
    real = Path(os.path.realpath(path))
    try:
        before = real.read_bytes()
        text = before.decode("utf-8")
        after = _appended(text, sources)
        parse_settings(after.removeprefix("\ufeff"), name=str(path), root=path.parent)
        backup = real.with_name(f"{real.name}.bak")
        _replace(backup, before, like=real)
        _replace(real, after.encode("utf-8"), like=real)
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not UTF-8 text") from error
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from error
    return backup


def _appended(text: str, sources: Sequence[SourceSettings]) -> str:
    added = "\n".join(as_toml(one) for one in sources)
    if "\r\n" in text:
        added = added.replace("\n", "\r\n")
    end = "\r\n" if "\r\n" in text else "\n"
    return f"{text.rstrip()}{end}{end}{added}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    # A JSON string is one of TOML, but for DEL, which TOML wants escaped.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _replace(path: Path, content: bytes, *, like: Path) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, like.stat().st_mode & 0o777)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
