"""Learns a model from samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray

from briefing.condense.forest import Forest
from briefing.condense.learned import Model
from briefing.condense.reading import Reading, Vector
from briefing.condense.rounds import Rounds, beside, probability
from briefing.condense.train.grow import chances
from briefing.condense.train.samples import Sample
from briefing.condense.train.words import Bags

FOLDS: Final = 5
"""Parts of the samples that validation leaves out in turn."""
INNER_FOLDS: Final = 3
"""Parts that are left out in turn to find what the second round learns from the first."""
WORD_FOLDS: Final = 10
"""Parts that are left out in turn to find what both learn from the guess from the words."""
UNTOLD_SEEDS: Final = 4
"""Times that trees are grown which are told no guess. They read texts of kinds that were not
learned from, of which one growth says by chance now more, now less than `lead`."""

_DECIMALS: Final = 4
"""Of what the second round learns from, so that the trees are the same on every machine."""

Table = NDArray[np.float32]
"""Of one article, (features, sentences)."""


def fold(sample: Sample, of: int = FOLDS) -> int:
    """Return which part of the samples `sample` belongs to, by its id."""
    return int(sha256(f"{of} {sample.id}".encode()).hexdigest()[:8], 16) % of


def fit(samples: Sequence[Sample], wanted: Sequence[Vector]) -> Model:
    """Return what is learned from `samples` and their targets, the same each time.

    What is learned from a guess was guessed out of fold: by what has not seen the article.
    """
    parts, word_parts = (
        [fold(sample, of) for sample in samples] for of in (INNER_FOLDS, WORD_FOLDS)
    )
    readings = [sample.reading for sample in samples]
    bags = Bags.of(readings, wanted)
    return Model(
        bags.reach(range(len(samples))),
        _rounds(_told(readings, bags, word_parts), wanted, parts, seeds=1),
        _rounds(readings, wanted, parts, seeds=UNTOLD_SEEDS),
    )


def _rounds(
    readings: Sequence[Reading],
    wanted: Sequence[Vector],
    parts: Sequence[int],
    *,
    seeds: int,
) -> Rounds:
    tables = [reading.features for reading in readings]
    found = _out_of_fold(tables, wanted, parts, seeds=seeds)
    more = [beside(reading, one) for reading, one in zip(readings, found, strict=True)]
    return Rounds(
        _grown(tables, wanted, seeds=seeds), _grown(more, wanted, seeds=seeds)
    )


def _grown(tables: Sequence[Table], wanted: Sequence[Vector], *, seeds: int) -> Forest:
    return chances(np.concatenate(tables, 1), np.concatenate(wanted), seeds=seeds)


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
    tables: Sequence[Table],
    wanted: Sequence[Vector],
    parts: Sequence[int],
    *,
    seeds: int,
) -> list[Vector]:
    """Return for each sample what trees find that were grown without it."""
    found: list[Vector] = [np.empty(0)] * len(tables)
    for inside, outside in _left_out(parts):
        trees = _grown(
            [tables[at] for at in outside], [wanted[at] for at in outside], seeds=seeds
        )
        table = np.concatenate([tables[at] for at in inside], 1)
        guesses = probability(trees.sums(table))
        sizes = [tables[at].shape[1] for at in inside]
        for at, guess in zip(inside, _parted(guesses, sizes), strict=True):
            found[at] = np.round(guess, _DECIMALS)
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
