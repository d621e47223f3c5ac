"""What the learned method sees of an article's sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from briefing.condense.lead import MIN_WORDS
from briefing.condense.wording import Wording
from briefing.text import Language, stem, stop_words
from briefing.text import language as known

MOST_SENTENCES: Final = 100
"""Sentences read, from the start. The longest of 2,780 news articles has 79. So the work on
a text of any length is bounded."""

MOST_CHARACTERS: Final = 1_000
"""Characters of a sentence that are read; its words are counted to the end."""

_QUOTES: Final = frozenset("\"'“”„‟‘’‚‛«»‹›「」『』《》〝＂＇")
_MARK: Final = re.compile('["“”„‟«»‹›「」『』＂]')
_TOKEN: Final = re.compile(r"\w+")
_DASH: Final = re.compile(r"\s[-–—]{1,2}\s|--")
_ENDS: Final = frozenset(".\"”’'。")

_REMEMBERED: Final = 65_536
"""Words of a language whose terms are kept at hand: to look one up takes a third of the time that
`stem` takes to tell what it remembers."""

_LANGUAGES: Final = 8
"""Languages whose terms are kept at hand."""

_LONG: Final = 32
"""Characters from which on a word is not remembered."""

_WEIGHTS: Final = np.append(0, 1 + np.log(np.arange(1, MOST_CHARACTERS)))
"""By how often a term stands in a sentence that is read."""

_EARLIER: Final = np.tri(MOST_SENTENCES, k=-1)
"""1 where the column's sentence stands before the row's."""

_HEAVIEST: Final = 10
_ROUNDS: Final = 15
_DAMPING: Final = 0.85
"""PageRank (Brin and Page 1998), over cosines as in LexRank (Erkan and Radev 2004)."""

Vector = NDArray[np.float64]
Columns = dict[str, Any]
"""Features by name: arrays, and single numbers where one is the same for all sentences."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The sentences of one article in figures.

    Attributes:
        sizes: words of each sentence, (n,).
        features: (features, n), in the order of `NAMES`.
        likeness: cosines of the sentences' terms, 0 with itself, (n, n).
        words: the distinct words of all of them, in lower case.
    """

    sizes: Vector
    features: NDArray[np.float32]
    likeness: Vector
    words: Sequence[str]

    @classmethod
    def of(cls, sentences: Sequence[str], language: str) -> Self:
        """Return the reading of at most `MOST_SENTENCES` sentences, at least one.

        Args:
            sentences: the sentences of an article, in order.
            language: BCP 47 tag, ``und`` if unknown.
        """
        sentences = sentences[:MOST_SENTENCES]
        whole = list(map(Wording.of, sentences))
        length = np.array([one.size for one in whole], float)
        read = [
            one
            if len(one.text) <= MOST_CHARACTERS
            else Wording.of(one.text[:MOST_CHARACTERS])
            for one in whole
        ]
        low = [one.low for one in read]
        counts, stops = _counts(low, language)
        weights = _WEIGHTS.take(counts)
        vectors = weights / _norms(weights)[:, None]
        likeness = vectors @ vectors.T
        np.fill_diagonal(likeness, 0)
        columns: Columns = {
            **_places(length),
            **_shape(read, known(language)),
            **_content(counts, vectors, likeness),
            **_words(read, stops),
        }
        columns |= _article(columns, length)
        table = np.empty((len(NAMES), len(length)), np.float32)
        for at, name in enumerate(NAMES):
            table[at] = columns[name]
        words = list(dict.fromkeys(chain.from_iterable(low)))
        return cls(length, table, likeness, words)


_NO_TERM: Final = ""
_STOP: Final = "\0"
"""Stand for the words that have no term: numbers and single letters, and stop words."""


def _counts(
    sentences: Sequence[Sequence[str]], language: str
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how often each term and how often stop words stand in each sentence.

    Terms are the stems of words that are no stop words and no numbers, in the order of their
    first places: (n, terms), (n,).
    """
    words = chain.from_iterable(sentences)
    terms = list(map(_terms(language).__getitem__, words))
    kinds = dict.fromkeys([_NO_TERM, _STOP, *terms])
    numbers = dict(zip(kinds, range(len(kinds)), strict=True))
    places = np.fromiter(map(numbers.__getitem__, terms), np.int64, len(terms))
    n = len(sentences)
    starts = np.arange(0, n * len(kinds), len(kinds))
    places += starts.repeat(list(map(len, sentences)))
    counts = np.bincount(places, minlength=n * len(kinds)).reshape(n, -1)
    return counts[:, 2:], counts[:, 1]


class _Terms(dict[str, str]):
    """Word → its term, or what stands for it; what was asked once is remembered."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._stops = stop_words(language)

    def __missing__(self, word: str) -> str:
        term = _NO_TERM
        if word in self._stops:
            term = _STOP
        elif len(word) > 1 and not word.isdigit():
            term = stem(word, self._language)
        if len(word) < _LONG and len(self) < _REMEMBERED:
            self[word] = term
        return term


@lru_cache(maxsize=_LANGUAGES)
def _terms(language: str) -> Mapping[str, str]:
    return _Terms(language)


def _norms(rows: Vector) -> Vector:
    norms: Vector = np.sqrt((rows * rows).sum(1))
    norms[norms == 0] = 1
    return norms


def _before(values: Vector) -> Vector:
    """Return the sum of the values before each."""
    return values.cumsum() - values


def _shifted(values: Vector, by: int) -> Vector:
    """Return the value `by` places further on; -1 where there is none."""
    moved = np.empty(len(values))
    if by > 0:
        moved[:-by], moved[-by:] = values[by:], -1
    else:
        moved[-by:], moved[:-by] = values[:by], -1
    return moved


def _places(length: Vector) -> Columns:
    n = len(length)
    place = np.arange(n, dtype=float)
    total = float(length.sum())
    first = [float(length[at]) if at < n else -1.0 for at in range(3)]
    return {
        "pos": place,
        "fromend": n - 1 - place,
        "n": n,
        "docw": total,
        "cumw": _before(length),
        "len": length,
        "lenr": length / max(1e-9, total / n),
        **{f"L{at}": size for at, size in enumerate(first)},
        "nextL": _shifted(length, 1),
        "prevL": _shifted(length, -1),
    }


def _shape(read: Sequence[Wording], language: Language) -> Columns:
    """Return what marks, capitals, digits and words of speech show."""
    tokens = list(map(_tokens, read))
    capitals = [[token for token in one[1:] if token[0].isupper()] for one in tokens]
    names = list(map(frozenset, capitals))
    rows = [
        (
            text.count('"') if text.isascii() else len(_MARK.findall(text)),
            text[:1] in _QUOTES,
            ":" in text,
            "?" in text or "？" in text,
            text[-1:] in _ENDS,
            not language.attributions.isdisjoint(low),
            len(parts) - sum(map(str.isalpha, parts)),
            len(parts) or 1,
            len(named),
            len(kinds),
        )
        for (text, _, low, _, _), parts, named, kinds in zip(
            read, tokens, capitals, names, strict=True
        )
    ]
    table = dict(zip(_SHAPE, np.array(rows, float).T, strict=True))
    return {
        **table,
        "caps": table["ncaps"] / table["tokens"],
        "newc": _new(names),
        "dl0": _DASH.search(read[0].text[:60]) is not None,
    }


def _words(read: Sequence[Wording], stops: NDArray[Any]) -> Columns:
    """Return the share of stop words and the mean length of words."""
    words = np.maximum(1, [len(one.words) for one in read])
    joined = np.array([len(one.joined) for one in read])
    return {"nst": stops / words, "awl": (joined - (words - 1)) / words}


def _tokens(one: Wording) -> list[str]:
    """Return the parts of words that hyphens and apostrophes join."""
    joined = one.joined
    if not joined.isascii():
        return _TOKEN.findall(joined)
    if "-" not in joined and "'" not in joined:
        return one.words
    return joined.replace("-", " ").replace("'", " ").split()


_SHAPE: Final = (
    "q", "qstart", "colon", "ques", "endp", "say", "nums", "tokens", "ncaps", "ncap",
)  # fmt: skip


def _new(sets: Iterable[frozenset[str]]) -> Vector:
    """Return how many members of each set are in none before."""
    seen: set[str] = set()
    fresh = []
    for members in sets:
        fresh.append(len(members - seen))
        seen |= members
    return np.array(fresh, float)


def _content(counts: NDArray[np.int64], vectors: Vector, likeness: Vector) -> Columns:
    n = len(counts)
    holds = counts > 0
    kinds = holds.sum(1)
    centroid, lead = vectors.sum(0), vectors[:3].sum(0)
    # Rounded, so that terms of equal weight stay in the order of the text.
    heaviest = (-centroid.round(9)).argsort(kind="stable")[:_HEAVIEST]
    first = holds.argmax(0)
    last = n - 1 - holds[::-1].argmax(0)
    prev = np.zeros(n)
    prev[1:] = likeness.diagonal(1)
    return {
        "ncont": counts.sum(1),
        "cen": vectors @ centroid / _norm(centroid),
        "lead": vectors @ lead / _norm(lead),
        "pr": _pagerank(likeness) * n,
        "top": holds[:, heaviest].sum(1),
        "prev": prev,
        "first": likeness[:, 0],
        "maxprev": (likeness * _EARLIER[:n, :n]).max(1),
        "newt": np.bincount(first, minlength=n) / np.maximum(1, kinds),
        "later": (kinds - np.bincount(last, minlength=n)) / np.maximum(1, kinds),
    }


def _norm(vector: Vector) -> float:
    return float(np.sqrt(vector @ vector)) or 1.0


def _pagerank(likeness: Vector) -> Vector:
    n = len(likeness)
    sums = likeness.sum(1)
    moves = likeness.T * (_DAMPING / np.where(sums > 0, sums, 1))
    moves[:, sums == 0] = _DAMPING / n
    rank = np.full(n, 1 / n)
    for _ in range(_ROUNDS):
        rank = moves.dot(rank)
        rank += (1 - _DAMPING) / n
    return rank


def _article(columns: Columns, length: Vector) -> Columns:
    """Return what follows from the other columns: neighbours, and the article as a whole."""
    quoted, asked, tokens = columns["qstart"], columns["ques"], columns["tokens"]
    alone = ((quoted == 0) & (asked == 0) & (length >= MIN_WORDS)).astype(float)
    return {
        "ecum": _before(length * alone),
        "en": _before(alone),
        "alone": alone,
        "nextq": _shifted(quoted, 1),
        "next2q": _shifted(quoted, 2),
        "prevq": _shifted(quoted, -1),
        "nextnew": _shifted(columns["newt"], 1),
        "Q0": quoted[:5].sum(),
        "QS": quoted.sum() / len(length),
        "QU": asked.sum() / len(length),
        "capm": columns["ncaps"].sum() / tokens.sum(),
        "numm": columns["nums"].sum() / tokens.sum(),
    }


NAMES: Final = (
    "pos", "fromend", "n", "docw", "cumw", "ecum", "en", "alone", "len", "lenr", "ncont",
    "cen", "lead", "pr", "top", "prev", "first", "maxprev", "caps", "ncaps", "nums", "q",
    "qstart", "colon", "endp", "say", "nst", "awl", "newt", "newc", "ncap", "later",
    "nextq", "prevq", "next2q", "nextL", "prevL", "nextnew", "L0", "L1", "L2", "Q0", "QS",
    "QU", "dl0", "capm", "numm",
)  # fmt: skip
"""Names of the features, in their order."""
