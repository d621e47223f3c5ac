"""Learns from an article's words how far down its summary reaches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from briefing.condense.reach import Reach
from briefing.condense.reading import Reading, Vector

_LEAST: Final = 20
_MOST: Final = 0.7
"""Articles that a word stands in: a number at least, a share of them at most."""

_RIDGE: Final = 5.0
_DECIMALS: Final = 6
"""Of the weights, so that they are the same on every machine."""


@dataclass(frozen=True, slots=True)
class Bags:
    """The words of articles, and what is to be guessed from them.

    Attributes:
        words: those that stand in enough articles and not in most.
        rows: 1 by the root of the article's words where it has a word, (articles, words).
        aims: what `Reach` guesses, (articles, 2).
    """

    words: Sequence[str]
    rows: Vector
    aims: Vector

    @classmethod
    def of(cls, readings: Sequence[Reading], wanted: Sequence[Vector]) -> Self:
        """Return the words of articles; `wanted` says how much each sentence is."""
        counts = Counter(word for reading in readings for word in reading.words)
        words = sorted(
            word
            for word, count in counts.items()
            if _LEAST <= count <= _MOST * len(readings) and not word.isdigit()
        )
        places = {word: at for at, word in enumerate(words)}
        rows = np.zeros((len(readings), len(words)))
        for row, reading in zip(rows, readings, strict=True):
            known = [places[word] for word in reading.words if word in places]
            row[known] = max(1, len(reading.words)) ** -0.5
        return cls(words, rows, np.array(list(map(_aims, wanted))))

    def reach(self, articles: Sequence[int]) -> Reach:
        """Return what is learned from some of the articles, at least one."""
        rows, aims = self.rows[articles], self.aims[articles]
        usual = aims.mean(0)
        alike = rows @ rows.T + _RIDGE * np.eye(len(rows))
        weights = rows.T @ np.linalg.solve(alike, aims - usual)
        return Reach(
            {word: row for row, word in enumerate(self.words)},
            np.round(weights, _DECIMALS).astype(np.float32),
            np.round(usual, _DECIMALS).astype(np.float32),
        )


def _aims(wanted: Vector) -> Vector:
    place = wanted @ np.arange(len(wanted)) / max(float(wanted.sum()), 1e-9)
    return np.array([wanted[0], place])
