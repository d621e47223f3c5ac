"""Notices that the rest of an article is for those who pay or sign in."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

import re2

_FILE: Final = Path(__file__).with_name("paywall.toml")
_LENGTH: Final = 300
"""Most characters of a paragraph that is a notice."""


def keeps_rest_back(texts: Iterable[str], *, behind: bool = False) -> bool:
    """Return whether one of the paragraphs says that there is more for some readers.

    Args:
        texts: paragraphs.
        behind: they stand right behind the article, where less says so.
    """
    short = "\n".join(text for text in texts if len(text) <= _LENGTH).lower()
    places = ("anywhere", "behind") if behind else ("anywhere",)
    return any(_notice(place).search(short) is not None for place in places)


@cache
def _notice(place: str) -> Any:
    """Return one pattern of all that ``paywall.toml`` lists for `place`."""
    listed = tomllib.loads(_FILE.read_text(encoding="utf-8"))[place]["patterns"]
    return re2.compile(f"(?m){'|'.join(f'(?:{one})' for one in listed)}")
