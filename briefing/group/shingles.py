"""Articles as sets of shingles (words in a row), so that copies can be found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from briefing.model import Article
from briefing.text import fold, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONG: Final = 40
"""Shingles from which a text can be an abridged copy. A shorter one is read together with its
title: "watch the video below" stands under many titles."""

_WORDS: Final = 3
"""Words of a shingle."""
_BITS: Final = 21
"""Bits of a word's number, of which three fit in an integer. Beyond two million different
words two shingles may fall together, which changes a likeness by nothing that counts."""


@dataclass(frozen=True, slots=True)
class Shingles:
    """The shingles of an article.

    Attributes:
        article: the article.
        size: number of its different shingles.
        shared: numbers of those that stand in other articles too, ascending.
        short: the text alone has fewer than `LONG`.
    """

    article: Article
    size: int
    shared: tuple[int, ...]
    short: bool


def shingles(articles: Sequence[Article]) -> list[Shingles]:
    """Return the shingles of each of `articles`, in their order.

    Most stand in one article only. They are counted and forgotten: what is left of 10,000
    articles takes a tenth of the memory.
    """
    import numpy as np

    if not articles:
        return []
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    coded = [_coded(article, numbers) for article in articles]
    codes = [each for each, _ in coded]
    _, places, often = np.unique(
        np.concatenate(codes), return_inverse=True, return_counts=True
    )
    own = np.split(places, np.cumsum([len(each) for each in codes])[:-1])
    return [
        Shingles(article, len(each), tuple(each[often[each] > 1].tolist()), short)
        for article, each, (_, short) in zip(articles, own, coded, strict=True)
    ]


def _coded(article: Article, numbers: Mapping[str, int]) -> tuple[NDArray[Any], bool]:
    """Return one integer for each different shingle, ascending, and if the text is short."""
    text = words(fold(article.text))
    short = len(text) < LONG + _WORDS - 1
    read = [*words(fold(article.title or "")), *text] if short else text
    return _codes([numbers[word] for word in read]), short


def _codes(read: Sequence[int]) -> NDArray[Any]:
    import numpy as np

    known = np.array(read, np.int64)
    if len(known) < _WORDS:
        return known[:0]
    return np.unique(known[:-2] << 2 * _BITS | known[1:-1] << _BITS | known[2:])
