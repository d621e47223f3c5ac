"""Learns a model from samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final

import lightgbm
import numpy as np
from numpy.typing import NDArray

from briefing.condense.budget import Budget
from briefing.condense.candidates import Candidates, features
from briefing.condense.learned import Model, beside
from briefing.condense.reading import Vector
from briefing.condense.train.grow import chances, forest, preferences, rewards
from briefing.condense.train.samples import Sample

FOLDS: Final = 5
"""Parts of the samples that validation leaves out in turn."""
INNER_FOLDS: Final = 3
"""Parts that are left out in turn to find what the next round learns from."""
_ANY: Final = Budget(words=90, sentences=None)
"""Sets are learned from with somewhat more words than the default allows."""

Table = NDArray[np.float32]


def fold(sample: Sample, of: int = FOLDS) -> int:
    """Return which part of the samples `sample` belongs to, by its id."""
    return int(sha256(f"{of} {sample.id}".encode()).hexdigest()[:8], 16) % of


def fit(samples: Sequence[Sample], wanted: Sequence[dict[str, Vector]]) -> Model:
    """Return what is learned from `samples` and their targets, the same each time.

    What one round learns from the round before was found out of fold: by trees that have
    not seen the article.
    """
    opinions = {name: [one[name] for one in wanted] for name in wanted[0]}
    tables = [sample.reading.features.astype(np.float32) for sample in samples]
    first, likely = _round(samples, tables, opinions)
    tables = [
        beside(sample.reading, one) for sample, one in zip(samples, likely, strict=True)
    ]
    second, likely = _round(samples, tables, opinions)
    return Model(
        forest([(trees, 1.0) for trees in first]),
        forest([(trees, 1.0) for trees in second]),
        forest(_sets(samples, likely)),
    )


def _round(
    samples: Sequence[Sample],
    tables: Sequence[Table],
    opinions: dict[str, list[Vector]],
) -> tuple[list[lightgbm.Booster], list[Vector]]:
    """Return trees for each opinion, and for each sample what others found, (experts, n)."""
    every = range(len(samples))
    grown = [
        chances(np.concatenate(tables), np.concatenate(values), seed=at)
        for at, values in enumerate(opinions.values())
    ]
    found: list[list[Vector]] = [[] for _ in samples]
    for at, values in enumerate(opinions.values()):
        for part in range(INNER_FOLDS):
            inside = [one for one in every if fold(samples[one], INNER_FOLDS) == part]
            outside = [one for one in every if fold(samples[one], INNER_FOLDS) != part]
            trees = chances(
                np.concatenate([tables[one] for one in outside]),
                np.concatenate([values[one] for one in outside]),
                seed=at,
            )
            guesses = trees.predict(np.concatenate([tables[one] for one in inside]))
            for one, guess in zip(
                inside, _parted(guesses, [tables[one] for one in inside]), strict=True
            ):
                found[one].append(guess)
    return grown, [np.stack(one) for one in found]


def _parted(values: Vector, tables: Sequence[Table | Vector]) -> Iterator[Vector]:
    """Yield the values of each table in turn."""
    at = 0
    for table in tables:
        yield values[at : at + len(table)]
        at += len(table)


def _sets(
    samples: Sequence[Sample], likely: Sequence[Vector]
) -> list[tuple[lightgbm.Booster, float]]:
    """Return trees that judge sets, weighted so that each says as much."""
    seen, scores = [], []
    for sample, experts in zip(samples, likely, strict=True):
        sets = Candidates.of(
            sample.reading.sizes,
            experts.mean(0),
            budget=_ANY,
            barred=sample.barred,
            needs=sample.needs,
        )
        if len(sets) > 1:
            seen.append(features(sets, sample.reading, experts).astype(np.float32))
            members = np.zeros((len(sets), len(sample.sentences)))
            members[:, sets.pool] = sets.members
            scores.append(sample.rouge(members).mean(0))
    table = np.concatenate(seen)
    judges = [rewards(table, scores, seed=1), preferences(table, scores, seed=2)]
    return [(judge, 1 / _spread(judge, table, seen)) for judge in judges]


def _spread(judge: lightgbm.Booster, table: Table, seen: Sequence[Table]) -> float:
    found = judge.predict(table)
    return float(np.mean([one.std() for one in _parted(found, seen)]))
