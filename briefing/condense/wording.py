"""A sentence and its words, read once for all that look at them."""

from __future__ import annotations

from typing import NamedTuple, Self

from briefing.condense.budget import size_of
from briefing.text import cased_words


class Wording(NamedTuple):
    """A sentence without blanks around it, and its words.

    Attributes:
        text: the sentence.
        words: as written.
        low: in lower case.
        size: how many they are for a budget (`briefing.condense.budget.length`).
    """

    text: str
    words: list[str]
    low: list[str]
    size: int

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the wording of `text`."""
        text = text.strip()
        words = cased_words(text)
        low = " ".join(words).lower().split(" ") if words else []
        return cls(text, words, low, size_of(text, words))
