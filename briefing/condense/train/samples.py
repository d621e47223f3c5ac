"""Articles with summaries that people wrote."""

from __future__ import annotations

import json
import lzma
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from briefing.condense.opening import without_dateline
from briefing.condense.reading import MOST_SENTENCES, Reading, Vector
from briefing.condense.repeats import without_repeats
from briefing.condense.standing import standings

_WORD = re.compile("[a-z0-9]+")
_OPENING = "([{“‘"
_CLOSING = ")]}”’,.;:?!%…"
_ENDINGS = ("'s", "’s", "-nya")


@dataclass(frozen=True, slots=True)
class Sample:
    """One article, its summary, and what the method sees of it.

    Attributes:
        id: of the article.
        sentences: as they look in running text, without a dateline; repeated ones stand there
            once.
        given: the same with the dateline.
        reference: the summary, a sentence a line.
        gold: whether the extract that comes with the data holds a sentence, (n,).
        reading: see `Reading`.
        barred: whether a sentence may never be shown.
        needs: what a sentence may not be shown without.
        overlap: how often each sentence has each word, and each pair of words, of the summary.
        words: words of each sentence as ROUGE counts them, (n,).
    """

    id: str
    sentences: list[str]
    given: list[str]
    reference: str
    gold: Vector
    reading: Reading
    barred: list[bool]
    needs: dict[int, tuple[int, ...]]
    overlap: tuple[Overlap, Overlap]
    words: Vector

    @classmethod
    def of(cls, row: dict[str, Any], language: str) -> Self:
        """Return the sample of one line of IndoSum."""
        tokens = chain.from_iterable(row["paragraphs"])
        given = list(map(natural, tokens))
        split = without_dateline(given, language=language)
        labels = list(chain.from_iterable(row["gold_labels"]))
        places = without_repeats(split)[:MOST_SENTENCES]
        sentences = [split[place] for place in places]
        found = standings(sentences, language=language)
        reference = "\n".join(" ".join(tokens) for tokens in row["summary"])
        spoken = [rouge_words(sentence) for sentence in sentences]
        wanted = rouge_words(reference)
        return cls(
            row["id"],
            sentences,
            [given[place] for place in places],
            reference,
            np.array([labels[place] for place in places], float),
            Reading.of(sentences, language),
            [bool(one.fault) for one in found],
            {at: one.needs for at, one in enumerate(found) if one.needs},
            (
                Overlap.of(wanted, spoken),
                Overlap.of(
                    list(pairwise(wanted)), [list(pairwise(one)) for one in spoken]
                ),
            ),
            np.array([len(one) for one in spoken], float),
        )

    def rouge(self, members: Vector) -> Vector:
        """Return ROUGE-1 and ROUGE-2 F1 of sets of sentences, (2, sets).

        Pairs of words across sentences are not counted.

        Args:
            members: whether a set holds a sentence, (sets, n).
        """
        size = members @ self.words
        return np.stack(
            [
                one.f1(members, np.maximum(size - short, 1))
                for short, one in enumerate(self.overlap)
            ]
        )


@dataclass(frozen=True, slots=True)
class Overlap:
    """Items of a summary: how often they stand there, and in each sentence of the article."""

    wanted: NDArray[np.int64]
    held: NDArray[np.int64]

    @classmethod
    def of(
        cls, wanted: Sequence[object], sentences: Sequence[Sequence[object]]
    ) -> Self:
        """Return the overlap of a summary's items with those of sentences."""
        counts = Counter(wanted)
        numbers = {item: at for at, item in enumerate(counts)}
        held = np.zeros((len(sentences), len(numbers)), np.int64)
        for row, items in zip(held, sentences, strict=True):
            for item in items:
                if item in numbers:
                    row[numbers[item]] += 1
        return cls(np.array(list(counts.values()), np.int64), held)

    def f1(self, members: Vector, sizes: Vector) -> Vector:
        """Return F1 of sets of sentences that hold `sizes` items."""
        common = np.minimum(members @ self.held, self.wanted).sum(1)
        f1: Vector = 2 * common / (sizes + self.wanted.sum())
        return f1


def rouge_words(text: str) -> list[str]:
    """Return the words of `text` as ROUGE counts them."""
    return _WORD.findall(text.lower())


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of IndoSum, compressed by xz or not."""
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def natural(tokens: Iterable[str]) -> str:
    """Return tokens as running text: the blanks around punctuation go.

    Straight quotation marks open and close by turns.
    """
    text, glued, quoted = "", True, False
    for token in (" ".join(token.split()) for token in tokens):
        if not token:
            continue
        closes = token in _CLOSING or token in _ENDINGS or (token == '"' and quoted)
        dash = token == "-" and text.endswith("-")
        blank = "" if glued or closes or dash or token == "/" else " "
        text += blank + token
        if token == '"':
            quoted = not quoted
        glued = token in _OPENING or token == "/" or (token == '"' and quoted)
    return text
