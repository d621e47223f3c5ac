"""Articles as counted terms: what is needed of a text to tell what it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from briefing.model import Article
from briefing.text import fold, stem, stop_words, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

TITLE_WEIGHT: Final = 2
"""How many times a term of the title counts; it also counts where the text repeats it."""

OPENING: Final = 12
"""First terms of the text that stand for the title of an article without one."""

_STOPPED: Final = 0
"""Number of the words that say nothing."""

_MOST: Final = 255
"""Occurrences from which on they are no longer counted."""


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """The terms of an article, each as the CRC-32 of its stem.

    Numbers that follow from the word alone need no list of all words ever seen. Among
    100,000 different stems one pair shares a number, which changes no likeness that counts.

    Attributes:
        terms: uint32, ascending, each once.
        often: uint8, occurrences of each, at most 255; those in the title count twice.
        heading: uint32, ascending: the terms of the title, or else of the opening.
    """

    terms: NDArray[Any]
    often: NDArray[Any]
    heading: NDArray[Any]


def profile(article: Article) -> Profile:
    """Return the terms of title and text; empty for an article without words."""
    import numpy as np

    text = _terms(article.text, article.language)
    title = _terms(article.title or "", article.language)
    counts = Counter(text)
    for term in title:
        counts[term] += TITLE_WEIGHT
    counts.pop(_STOPPED, None)
    heading = set(title) or set(islice(filter(None, text), OPENING))
    terms = np.array(sorted(counts), np.uint32)
    often = [min(counts[term], _MOST) for term in terms.tolist()]
    return Profile(
        terms,
        np.array(often, np.uint8),
        np.array(sorted(heading - {_STOPPED}), np.uint32),
    )


def _terms(text: str, language: str) -> list[int]:
    numbers = _numbers(language)
    return [numbers[word] for word in words(fold(text))]


@lru_cache(maxsize=64)
def _numbers(language: str) -> Mapping[str, int]:
    return _Numbers(language)


class _Numbers(dict[str, int]):
    """Word → number of its stem, `_STOPPED` for stop words; worked out when first asked."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._stops = frozenset(map(fold, stop_words(language)))

    def __missing__(self, word: str) -> int:
        number = _STOPPED
        if word not in self._stops:
            number = crc32(stem(word, self._language).encode("utf-8", "surrogatepass"))
        if len(self) < _REMEMBERED:
            self[word] = number
        return number


_REMEMBERED: Final = 200_000
"""Words of a language whose numbers are kept at hand."""
