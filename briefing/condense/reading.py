"""What the learned method sees of an article's sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from briefing.condense.budget import length as size
from briefing.condense.lead import MIN_WORDS
from briefing.text import Language, stem, stop_words, words
from briefing.text import language as known

MOST_SENTENCES: Final = 100
"""Sentences read, from the start. The longest of 2,780 news articles has 79. So the work on
a text of any length is bounded."""

MOST_CHARACTERS: Final = 1_000
"""Characters of a sentence that are read; its words are counted to the end."""

_QUOTES: Final = tuple("\"'“”„‟‘’‚‛«»‹›「」『』《》〝＂＇")
_MARK: Final = re.compile('["“”„‟«»‹›「」『』＂]')
_DIGIT: Final = re.compile(r"\d")
_ENDS: Final = (".", '"', "”", "’", "'", "。")
_TOKEN: Final = re.compile(r"\w+")
_DASH: Final = re.compile(r"\s[-–—]{1,2}\s|--")
_OPENER_WORDS: Final = 5
"""Words of the longest opener ("pada saat yang sama")."""

_HEAVIEST: Final = 10
_LIKE: Final = 0.1
_ROUNDS: Final = 15
_DAMPING: Final = 0.85
"""PageRank (Brin and Page 1998), over cosines as in LexRank (Erkan and Radev 2004)."""

Vector = NDArray[np.float64]
Columns = dict[str, Any]
"""Features by name: arrays, and single numbers where a feature is the same in all rows."""
Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Reading:
    """The sentences of one article in figures.

    Attributes:
        sizes: words of each sentence, (n,).
        features: (n, `FEATURES`), by name in `NAMES`.
        vectors: terms of each sentence, of length 1, (n, terms).
        likeness: cosines of the sentences' terms, 0 with itself, (n, n).
        words: whether a word stands in a sentence, (n, distinct words).
        pairs: the same for pairs of neighbouring words.
    """

    sizes: Vector
    features: Vector
    vectors: Vector
    likeness: Vector
    words: NDArray[np.float32]
    pairs: NDArray[np.float32]

    @classmethod
    def of(cls, sentences: Sequence[str], language: str) -> Self:
        """Return the reading of at most `MOST_SENTENCES` sentences, at least one.

        Args:
            sentences: the sentences of an article, in order.
            language: BCP 47 tag, ``und`` if unknown.
        """
        sentences = sentences[:MOST_SENTENCES]
        texts = [text[:MOST_CHARACTERS] for text in sentences]
        found = [words(text) for text in texts]
        stops = stop_words(language)
        items = _Items.of(found)
        counts = items.merged(
            [
                stem(word, language)
                if len(word) > 1 and word not in stops and not word.isdigit()
                else None
                for word in items.kinds
            ]
        ).counts()
        vectors = _unit(np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0))
        likeness = vectors @ vectors.T
        np.fill_diagonal(likeness, 0)
        length = np.array(
            [
                len(one)
                if text.isascii() and len(text) < MOST_CHARACTERS
                else size(text)
                for one, text in zip(found, sentences, strict=True)
            ],
            float,
        )
        columns: Columns = {
            **_places(length),
            **_shape(texts, found, known(language)),
            **_content(counts, vectors, likeness),
            "nst": items.sums([word in stops for word in items.kinds])
            / np.maximum(1, length),
            "awl": items.sums(list(map(len, items.kinds)))
            / np.maximum(1, list(map(len, found))),
        }
        columns |= _article(columns, length)
        return cls(
            length,
            table_of([columns[name] for name in NAMES], len(length)),
            vectors,
            likeness,
            (items.counts() > 0).astype(np.float32),
            (items.pairs().counts() > 0).astype(np.float32),
        )


@dataclass(frozen=True, slots=True)
class _Items(Generic[Kind]):
    """Words, terms or pairs of words, in the order of the text.

    Attributes:
        kinds: the distinct ones, in the order of their first places.
        numbers: which of them stands at each place.
        rows: the sentence of each place.
        sentences: how many there are.
    """

    kinds: Sequence[Kind]
    numbers: NDArray[np.int64]
    rows: NDArray[np.int64]
    sentences: int

    @staticmethod
    def of(sentences: Sequence[Sequence[str]]) -> _Items[str]:
        """Return the words of sentences."""
        known: dict[str, int] = {}
        flat = [known.setdefault(word, len(known)) for one in sentences for word in one]
        rows = np.repeat(np.arange(len(sentences)), [len(one) for one in sentences])
        return _Items(list(known), np.array(flat, np.int64), rows, len(sentences))

    def merged(self, names: Sequence[str | None]) -> _Items[str]:
        """Return the items called by `names`, one for each kind; None: not there."""
        known: dict[str, int] = {}
        number = np.array(
            [
                -1 if name is None else known.setdefault(name, len(known))
                for name in names
            ],
            np.int64,
        )[self.numbers]
        there = number >= 0
        return _Items(list(known), number[there], self.rows[there], self.sentences)

    def pairs(self) -> _Items[int]:
        """Return the pairs of neighbours in a sentence."""
        codes = self.numbers[:-1] * len(self.kinds) + self.numbers[1:]
        inside = self.rows[:-1] == self.rows[1:]
        kinds, numbers = np.unique(codes[inside], return_inverse=True)
        return _Items(kinds.tolist(), numbers, self.rows[:-1][inside], self.sentences)

    def counts(self) -> Vector:
        """Return how often each kind stands in each sentence, (sentences, kinds)."""
        width = max(1, len(self.kinds))
        counts = np.bincount(
            self.rows * width + self.numbers, minlength=self.sentences * width
        )
        return counts.reshape(self.sentences, width).astype(float)

    def sums(self, values: Sequence[float]) -> Vector:
        """Return the sum over each sentence of a value for each kind."""
        each = np.array(values, float)[self.numbers]
        return np.bincount(self.rows, each, minlength=self.sentences).astype(float)


def table_of(columns: Sequence[Vector | float], rows: int) -> Vector:
    """Return columns, one number standing for all its rows, beside each other."""
    table = np.empty((rows, len(columns)))
    for at, values in enumerate(columns):
        table[:, at] = values
    return table


def _unit(rows: Vector) -> Vector:
    norms = np.sqrt((rows * rows).sum(1))
    return rows / np.where(norms > 0, norms, 1)[:, None]


def _before(values: Vector) -> Vector:
    """Return the sum of the values before each."""
    return np.cumsum(values) - values


def _shifted(values: Vector, by: int) -> Vector:
    """Return the value `by` places further on; -1 where there is none."""
    moved = np.full(len(values), -1.0)
    if by > 0:
        moved[:-by] = values[by:]
    else:
        moved[-by:] = values[:by]
    return moved


def _places(length: Vector) -> Columns:
    n = len(length)
    place = np.arange(n, dtype=float)
    total = length.sum()
    first = [length[at] if at < n else -1.0 for at in range(3)]
    return {
        "pos": place,
        "relpos": place / n,
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


def _shape(
    texts: Sequence[str], found: Sequence[Sequence[str]], language: Language
) -> dict[str, Vector]:
    """Return what marks, capitals, digits and a few words of the language show."""
    rows = [
        _shape_of(text, sentence, language, at)
        for at, (text, sentence) in enumerate(zip(texts, found, strict=True))
    ]
    table = np.array([row for row, _ in rows], float)
    columns = {name: table[:, at] for at, name in enumerate(_SHAPE)}
    columns["newc"], columns["ncap"] = _news([names for _, names in rows])
    return columns


_SHAPE: Final = (
    "caps", "ncaps", "capf", "nums", "tokens", "q", "qstart", "paren", "colon", "comma",
    "ques", "excl", "endp", "endq", "say", "op", "dl",
)  # fmt: skip


def _shape_of(
    text: str, sentence: Sequence[str], language: Language, at: int
) -> tuple[tuple[float, ...], set[str]]:
    tokens = _TOKEN.findall(text)
    capitals = [token for token in tokens[1:] if token[0].isupper()]
    bare = text.strip()
    digits = _DIGIT.search(text) is not None
    count = max(1, len(tokens))
    shape = (
        len(capitals) / count,
        len(capitals),
        bool(tokens) and tokens[0][0].isupper(),
        sum(_DIGIT.search(token) is not None for token in tokens) if digits else 0,
        count,
        len(_MARK.findall(text)),
        bare.startswith(_QUOTES),
        text.count("("),
        ":" in text,
        text.count(","),
        "?" in text or "？" in text,
        "!" in text,
        bare.endswith(_ENDS),
        bare.endswith(_ENDS[1:5]),
        not language.attributions.isdisjoint(sentence),
        _opens(sentence, language),
        at < 3 and _DASH.search(text[:60]) is not None,
    )
    return shape, set(capitals)


@cache
def _starts(tag: str) -> frozenset[str]:
    """Return the first words of the language's openers."""
    return frozenset(opener.split(" ", 1)[0] for opener in known(tag).openers)


def _opens(sentence: Sequence[str], language: Language) -> bool:
    openers = language.openers
    return bool(sentence and sentence[0] in _starts(language.tag)) and any(
        " ".join(sentence[:size]) in openers
        for size in range(1, min(_OPENER_WORDS, len(sentence)) + 1)
    )


def _news(sets: Iterable[set[str]]) -> tuple[Vector, Vector]:
    """Return how many members of each set are in none before, and how many there are."""
    seen: set[str] = set()
    fresh, all_of = [], []
    for members in sets:
        fresh.append(len(members - seen))
        all_of.append(len(members))
        seen |= members
    return np.array(fresh, float), np.array(all_of, float)


def _content(counts: Vector, vectors: Vector, likeness: Vector) -> dict[str, Vector]:
    n = len(counts)
    holds = counts > 0
    frequency, total = holds.sum(0), counts.sum(0)
    kinds = np.maximum(1, holds.sum(1))
    size = counts.sum(1)
    centroid = vectors.sum(0)
    weights = vectors @ centroid
    # Rounded, so that terms of equal weight stay in the order of the text.
    heaviest = np.argsort(-np.round(centroid, 9), kind="stable")[:_HEAVIEST]
    first = np.argmax(holds, axis=0)
    last = n - 1 - np.argmax(holds[::-1], axis=0)
    place = np.arange(n)[:, None]
    earlier = np.tril(likeness, -1)
    beside = np.diagonal(likeness, 1)
    nothing = np.zeros(min(1, n))
    return {
        "ncont": size,
        "cen": weights / _norm(centroid),
        "lead": vectors @ vectors[:3].sum(0) / _norm(vectors[:3].sum(0)),
        "pr": _pagerank(likeness) * n,
        "deg": (likeness > _LIKE).sum(1) / max(1, n - 1),
        "top": holds[:, heaviest].sum(1).astype(float),
        "prev": np.concatenate([nothing, beside]),
        "next": np.concatenate([beside, nothing]),
        "first": likeness[:, 0],
        "second": likeness[:, 1] if n > 1 else np.zeros(n),
        "maxprev": earlier.max(1),
        "maxall": likeness.max(1),
        "argprev": np.arange(n) - earlier.argmax(1),
        "newt": (holds & (first == place)).sum(1) / kinds,
        "later": (holds & (last > place)).sum(1) / kinds,
        "mdf": (counts @ frequency) / np.maximum(1, size),
        "mtf": (holds @ total) / np.maximum(1, size),
    }


def _norm(vector: Vector) -> float:
    return float(np.sqrt((vector * vector).sum())) or 1.0


def _pagerank(likeness: Vector) -> Vector:
    n = len(likeness)
    sums = likeness.sum(1, keepdims=True)
    moves = np.where(sums > 0, likeness / np.where(sums > 0, sums, 1), 1 / n).T
    rank = np.full(n, 1 / n)
    for _ in range(_ROUNDS):
        rank = (1 - _DAMPING) / n + _DAMPING * (moves @ rank)
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
        "nextop": _shifted(columns["op"], 1),
        "nextnew": _shifted(columns["newt"], 1),
        "Q0": quoted[:5].sum(),
        "QS": quoted.mean(),
        "QU": asked.mean(),
        "dl0": columns["dl"][0],
        "capm": columns["ncaps"].sum() / tokens.sum(),
        "numm": columns["nums"].sum() / tokens.sum(),
    }


NAMES: Final = (
    "pos", "relpos", "fromend", "n", "docw", "cumw", "ecum", "en", "alone", "len", "lenr",
    "ncont", "cen", "lead", "pr", "deg", "top", "prev", "next", "first", "second",
    "maxprev", "maxall", "argprev", "caps", "ncaps", "capf", "nums", "q", "qstart",
    "paren", "colon", "comma", "ques", "endp", "endq", "excl", "say", "op", "dl", "nst",
    "awl", "newt", "newc", "ncap", "later", "mdf", "mtf", "nextq", "prevq", "next2q",
    "nextL", "prevL", "nextop", "nextnew", "L0", "L1", "L2", "Q0", "QS", "QU", "dl0",
    "capm", "numm",
)  # fmt: skip
"""Names of the features, in their order."""
