"""Articles as weighted terms (tf-idf), so that likeness can be computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import log, sqrt
from typing import Final

from briefing.model import Article
from briefing.text import fold, stop_words, words

TITLE_WEIGHT: Final = 2
"""How many times a term of the title counts; it also counts where the text repeats it."""

HEAVIEST: Final = 100
"""Terms an article keeps. Pair-F with 60, 100 and 200 on the later days of an Indonesian
set of 909 articles: .81, .85, .84 (threshold chosen on its earlier days)."""

FEWEST: Final = 500
"""Articles that idf assumes at least. In a window of a few articles every term is rare or
common by chance; with this floor one threshold serves windows of any size. Pair-F on
id_stories.dev cut into windows of 5, 20, 80 articles: .89, .90, .94 with the floor, .80, .87,
.91 without. Measured by ``pytest tests/quality/test_stories.py``."""

Vector = Mapping[str, float]
"""Term → weight, of length 1, the heaviest first; empty for an article without terms."""


def vectors(articles: Sequence[Article]) -> list[Vector]:
    """Return the vector of each of `articles`, in their order.

    Weight (1 + ln tf) · (ln((1 + N) / (1 + df)) + 1), with N at least `FEWEST`; the
    `HEAVIEST` terms are kept and brought to length 1.
    """
    counts = [_counts(article) for article in articles]
    spread = Counter(term for count in counts for term in count)
    number = 1 + max(len(articles), FEWEST)
    rarity = {term: log(number / (1 + df)) + 1 for term, df in spread.items()}
    return [_vector(count, rarity) for count in counts]


def cosine(one: Vector, other: Vector) -> float:
    """Return the likeness of two vectors of length 1: 0 for nothing in common, 1 for equal."""
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())


def total(several: Iterable[Vector]) -> dict[str, float]:
    """Return the sum of vectors: what they have in common weighs most. Not of length 1."""
    result: dict[str, float] = {}
    for vector in several:
        for term, weight in vector.items():
            result[term] = result.get(term, 0.0) + weight
    return result


def _counts(article: Article) -> Counter[str]:
    stops = _folded_stop_words(article.language)
    counts = Counter(words(fold(article.text)))
    for term in words(fold(article.title or "")):
        counts[term] += TITLE_WEIGHT
    for term in stops & counts.keys():
        del counts[term]
    return counts


@lru_cache(maxsize=64)
def _folded_stop_words(language: str) -> frozenset[str]:
    return frozenset(fold(word) for word in stop_words(language))


def _vector(counts: Mapping[str, int], rarity: Mapping[str, float]) -> Vector:
    weights = [(-(1 + log(tf)) * rarity[term], term) for term, tf in counts.items()]
    heaviest = sorted(weights)[:HEAVIEST]
    size = sqrt(sum(weight * weight for weight, _ in heaviest))
    return {term: -weight / size for weight, term in heaviest}
