"""Two rounds of trees: the second knows what the first found of a sentence's neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from briefing.condense.forest import Forest
from briefing.condense.reading import Reading, Vector

_NEIGHBOURS: Final = (-4, -3, -2, -1, 1, 2, 3, 4)
_HIGHEST: Final = 6


@dataclass(frozen=True, slots=True)
class Rounds:
    """The trees of the first round, and those of the second."""

    sentences: Forest
    neighbours: Forest

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]], name: str) -> Self:
        """Return the rounds kept in `arrays` under `name`."""
        return cls(
            Forest.of(arrays, f"{name}.sentences"),
            Forest.of(arrays, f"{name}.neighbours"),
        )

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """Return what `of` reads."""
        return self.sentences.arrays(f"{name}.sentences") | self.neighbours.arrays(
            f"{name}.neighbours"
        )

    def likely(self, reading: Reading) -> Vector:
        """Return how likely each sentence is to be chosen, (n,)."""
        first = probability(self.sentences.sums(reading.features))
        return probability(self.neighbours.sums(beside(reading, first)))


def probability(sums: Vector) -> Vector:
    """Return the probabilities whose log-odds are `sums`."""
    return 1 / (1 + np.exp(-sums))


def beside(reading: Reading, likely: Vector) -> NDArray[np.float32]:
    """Return the features of the second round, (features, n): the first's, and what it found.

    Args:
        reading: the article.
        likely: what the first round found, (n,).
    """
    n = len(likely)
    rank = np.empty(n)
    rank[(-likely.round(9)).argsort(kind="stable")] = np.arange(n)
    far = max(_NEIGHBOURS)
    padded = np.full(n + 2 * far, -1.0)
    padded[far : far + n] = likely
    likeness, mass = reading.likeness, likely * reading.sizes
    above = likely > likely[:, None]
    before, total = likely.cumsum(), float(likely.sum())
    weight, all_weight = mass.cumsum(), float(mass.sum())
    highest = np.zeros(_HIGHEST)
    highest[: min(n, _HIGHEST)] = np.sort(likely)[::-1][:_HIGHEST]
    columns = [
        likely,
        rank,
        total - likely,
        before - likely,
        *(padded[far + by : far + by + n] for by in _NEIGHBOURS),
        (above * likeness).max(1),
        (likeness * likely).max(1),
        likeness @ likely / (total - likely + 1e-6),
        weight - mass,
        all_weight - weight,
        above @ reading.sizes,
        all_weight,
        mass / max(all_weight, 1e-9),
        *highest.tolist(),
    ]
    seen = len(reading.features)
    table = np.empty((seen + len(columns), n), np.float32)
    table[:seen] = reading.features
    for at, values in enumerate(columns, seen):
        table[at] = values
    return table
