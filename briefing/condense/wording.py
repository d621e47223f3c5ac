"""A sentence and its words, read once for all that look at them."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from briefing.condense.budget import size_of
from briefing.text import cased_words

_REMEMBERED: Final = 128
"""Sentences that are kept at hand: an article's are asked for by several, one after the other."""

_SHORT: Final = 1_000
"""The most characters of a sentence that is remembered."""


class Wording(NamedTuple):
    """A sentence without blanks around it, and its words. Others share it: nobody changes it.

    Attributes:
        text: the sentence.
        words: as written.
        low: in lower case.
        joined: as written, with a blank between each two.
        size: how many they are for a budget (`briefing.condense.budget.length`).
    """

    text: str
    words: list[str]
    low: list[str]
    joined: str
    size: int

    @staticmethod
    def of(text: str) -> Wording:
        """Return the wording of `text`."""
        return _remembered(text) if len(text) <= _SHORT else _read(text)


def _read(text: str) -> Wording:
    text = text.strip()
    words = cased_words(text)
    joined = " ".join(words)
    lowered = joined.lower()
    low = words if lowered == joined else lowered.split(" ")
    return Wording(text, words, low, joined, size_of(text, words))


_remembered = lru_cache(maxsize=_REMEMBERED)(_read)


def forget() -> None:
    """Forget all sentences, so that what is measured next reads them itself."""
    _remembered.cache_clear()
