"""Learns a model from samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final

import lightgbm
import numpy as np
from numpy.typing import NDArray

from briefing.condense.learned import Model, beside
from briefing.condense.reading import Vector
from briefing.condense.train.grow import chances, forest, guessed
from briefing.condense.train.samples import Sample

FOLDS: Final = 5
"""Parts of the samples that validation leaves out in turn."""
INNER_FOLDS: Final = 3
"""Parts that are left out in turn to find what the second round learns from."""

Table = NDArray[np.float32]


def fold(sample: Sample, of: int = FOLDS) -> int:
    """Return which part of the samples `sample` belongs to, by its id."""
    return int(sha256(f"{of} {sample.id}".encode()).hexdigest()[:8], 16) % of


def fit(samples: Sequence[Sample], wanted: Sequence[Vector]) -> Model:
    """Return what is learned from `samples` and their targets, the same each time.

    What the second round learns from the first was found out of fold: by trees that have
    not seen the article.
    """
    tables = [sample.reading.features for sample in samples]
    found = _out_of_fold(samples, tables, wanted)
    more = [
        beside(sample.reading, one) for sample, one in zip(samples, found, strict=True)
    ]
    return Model(forest(_grown(tables, wanted)), forest(_grown(more, wanted)))


def _grown(tables: Sequence[Table], wanted: Sequence[Vector]) -> lightgbm.Booster:
    return chances(np.concatenate(tables), np.concatenate(wanted))


def _out_of_fold(
    samples: Sequence[Sample], tables: Sequence[Table], wanted: Sequence[Vector]
) -> list[Vector]:
    """Return for each sample what trees find that were grown without it."""
    parts = [fold(sample, INNER_FOLDS) for sample in samples]
    found: list[Vector] = [np.empty(0)] * len(samples)
    for part in range(INNER_FOLDS):
        inside = [at for at, one in enumerate(parts) if one == part]
        outside = [at for at, one in enumerate(parts) if one != part]
        trees = _grown([tables[at] for at in outside], [wanted[at] for at in outside])
        if inside:
            guesses = guessed(trees, np.concatenate([tables[at] for at in inside]))
            sizes = [len(tables[at]) for at in inside]
            for at, guess in zip(inside, _parted(guesses, sizes), strict=True):
                found[at] = guess
    return found


def _parted(values: Vector, sizes: Sequence[int]) -> Iterator[Vector]:
    """Yield so many of the values at a time."""
    at = 0
    for size in sizes:
        yield values[at : at + size]
        at += size
