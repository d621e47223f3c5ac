"""Short names for things, the same on every machine and in every run."""

from __future__ import annotations

from hashlib import sha256

_TITLE_END = "\x1f"
"""Stands between title and text, so that moving a word across changes the revision."""


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


def _short(text: str, length: int) -> str:
    # Foreign text can hold lone surrogates, which UTF-8 alone would refuse.
    return digest(text.encode("utf-8", "surrogatepass"))[:length]
