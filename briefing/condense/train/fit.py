"""Learns a model from samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final

import lightgbm
import numpy as np
from numpy.typing import NDArray

from briefing.condense.learned import Model
from briefing.condense.reading import Reading, Vector
from briefing.condense.rounds import Rounds, beside
from briefing.condense.train.grow import chances, forest, guessed
from briefing.condense.train.samples import Sample
from briefing.condense.train.words import Bags

FOLDS: Final = 5
"""Parts of the samples that validation leaves out in turn."""
INNER_FOLDS: Final = 3
"""Parts that are left out in turn to find what each round learns from the one before."""

Table = NDArray[np.float32]


def fold(sample: Sample, of: int = FOLDS) -> int:
    """Return which part of the samples `sample` belongs to, by its id."""
    return int(sha256(f"{of} {sample.id}".encode()).hexdigest()[:8], 16) % of


def fit(samples: Sequence[Sample], wanted: Sequence[Vector]) -> Model:
    """Return what is learned from `samples` and their targets, the same each time.

    What a round learns from the one before was found out of fold: by what has not seen the
    article.
    """
    parts = [fold(sample, INNER_FOLDS) for sample in samples]
    readings = [sample.reading for sample in samples]
    bags = Bags.of(readings, wanted)
    return Model(
        bags.reach(range(len(samples))),
        _rounds(_told(readings, bags, parts), wanted, parts),
        _rounds(readings, wanted, parts),
    )


def _rounds(
    readings: Sequence[Reading], wanted: Sequence[Vector], parts: Sequence[int]
) -> Rounds:
    tables = [reading.features for reading in readings]
    found = _out_of_fold(tables, wanted, parts)
    more = [beside(reading, one) for reading, one in zip(readings, found, strict=True)]
    return Rounds(forest(_grown(tables, wanted)), forest(_grown(more, wanted)))


def _grown(tables: Sequence[Table], wanted: Sequence[Vector]) -> lightgbm.Booster:
    return chances(np.concatenate(tables), np.concatenate(wanted))


def _told(
    readings: Sequence[Reading], bags: Bags, parts: Sequence[int]
) -> list[Reading]:
    """Return each reading with what is guessed from words that were learned without it."""
    told = list(readings)
    for inside, outside in _left_out(parts):
        reach = bags.reach(outside)
        for at in inside:
            told[at] = reach.told(told[at])
    return told


def _out_of_fold(
    tables: Sequence[Table], wanted: Sequence[Vector], parts: Sequence[int]
) -> list[Vector]:
    """Return for each sample what trees find that were grown without it."""
    found: list[Vector] = [np.empty(0)] * len(tables)
    for inside, outside in _left_out(parts):
        trees = _grown([tables[at] for at in outside], [wanted[at] for at in outside])
        guesses = guessed(trees, np.concatenate([tables[at] for at in inside]))
        sizes = [len(tables[at]) for at in inside]
        for at, guess in zip(inside, _parted(guesses, sizes), strict=True):
            found[at] = guess
    return found


def _left_out(parts: Sequence[int]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield for each part that there is the samples in it, and all others."""
    for part in sorted(set(parts)):
        inside = [at for at, one in enumerate(parts) if one == part]
        yield inside, [at for at, one in enumerate(parts) if one != part]


def _parted(values: Vector, sizes: Sequence[int]) -> Iterator[Vector]:
    """Yield so many of the values at a time."""
    at = 0
    for size in sizes:
        yield values[at : at + size]
        at += size
