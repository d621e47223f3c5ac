"""Short names for things, the same on every machine and in every run."""

from __future__ import annotations

import os
import re
from hashlib import sha256
from typing import Final

_TITLE_END: Final = "\x1f"
"""Stands between title and text, so that moving a word across changes the revision."""

_MARK: Final = 6
"""Digits that tell places of one name apart."""


def digest(data: bytes) -> str:
    """Return the SHA-256 of `data` as 64 hexadecimal digits."""
    return sha256(data).hexdigest()


def article_id(url: str) -> str:
    """Return the id of the article at canonical address `url`: 16 hexadecimal digits."""
    return _short(url, 16)


def revision(title: str | None, text: str) -> str:
    """Return 12 hexadecimal digits that change whenever title or text does.

    No title (None) and an empty title count as the same.
    """
    return _short(f"{title or ''}{_TITLE_END}{text}", 12)


def story_id(article_id: str) -> str:
    """Return the id of the story that began with article `article_id`: 12 hexadecimal digits."""
    return _short(f"story:{article_id}", 12)


def place_id(name: str, place: str) -> str:
    """Return the id of a source that has a place and no settings: its name, and a mark of it.

    Args:
        name: what a reader may call it; many places share one.
        place: all of its path or address.
    """
    readable = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-") or "place"
    return f"{readable}-{digest(os.fsencode(place))[:_MARK]}"


def place_name(source: str) -> str:
    """Return the name in the id of such a source; other ids are names."""
    return re.sub(f"(?<=.)-[0-9a-f]{{{_MARK}}}$", "", source)


def _short(text: str, length: int) -> str:
    # Foreign text can hold lone surrogates, which UTF-8 alone would refuse.
    return digest(text.encode("utf-8", "surrogatepass"))[:length]
