"""Sums of decision trees, evaluated all at once.

For each split of a tree, the leaves that it rules out are a mask of bits: those on its left
where the value is above the threshold. What all masks leave over begins with the leaf that
a sentence falls into (QuickScorer, Lucchese and others, SIGIR 2015). So no tree is walked, and
NumPy does all trees and sentences in a few operations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAVES: Final = 16
"""The most leaves of a tree: as many as the bits of its masks."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees whose sum is the output.

    Attributes:
        columns: which feature each split looks at, (LEAVES - 1, trees).
        thresholds: a value above its threshold goes right, same shape.
        masks: the leaves that remain when it does, same shape; all of them where a tree
            has fewer splits.
        leaves: the value of each leaf, (trees, LEAVES).
    """

    columns: NDArray[np.int16]
    thresholds: NDArray[np.float32]
    masks: NDArray[np.uint16]
    leaves: NDArray[np.float32]

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]], name: str) -> Self:
        """Return the forest kept in `arrays` under `name`."""
        return cls(
            arrays[f"{name}.columns"],
            arrays[f"{name}.thresholds"],
            arrays[f"{name}.masks"],
            arrays[f"{name}.leaves"],
        )

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """Return what `of` reads."""
        return {
            f"{name}.columns": self.columns,
            f"{name}.thresholds": self.thresholds,
            f"{name}.masks": self.masks,
            f"{name}.leaves": self.leaves,
        }

    def sums(self, table: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the output for each sentence of `table`, (features, sentences)."""
        import numpy as np

        trees = len(self.leaves)
        # All bits where the value is not above the threshold, so that nothing is ruled out.
        left = (
            table.take(self.columns.ravel(), 0) <= self.thresholds.reshape(-1, 1)
        ).astype(np.uint16)
        np.negative(left, left)
        left |= self.masks.reshape(-1, 1)
        left = np.bitwise_and.reduce(left.reshape(LEAVES - 1, trees, -1), 0)
        places = np.arange(0, trees * LEAVES, LEAVES)[:, None] + _lowest_bit().take(
            left
        )
        sums: NDArray[np.float64] = (
            self.leaves.ravel().take(places).sum(0, dtype=np.float64)
        )
        return sums


@cache
def _lowest_bit() -> NDArray[np.uint8]:
    """Return the place of the lowest bit of each number of 16 bits."""
    import numpy as np

    places = np.zeros(1 << LEAVES, np.uint8)  # small enough for a processor's cache
    for bit in reversed(range(LEAVES)):
        places[1 << bit :: 1 << (bit + 1)] = bit
    return places
