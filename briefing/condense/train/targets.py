"""What each sentence should be found to be, from a summary that a person wrote."""

from __future__ import annotations

from itertools import combinations
from typing import Final

import numpy as np

from briefing.condense.reading import Vector
from briefing.condense.train.samples import Sample

_CONSIDERED: Final = 9
_LARGEST: Final = 5
_SHARPNESS: Final = 0.02
"""Mean of ROUGE-1 and ROUGE-2 F1 by which a set must be worse to count e times less. With .05
the choice is 0.6 ROUGE-1 worse, and too long."""


def target(sample: Sample) -> Vector:
    """Return how much each sentence belongs into the summary, 0 to 1: (n,).

    It is the share of the good sets of sentences that hold it.
    """
    words, pairs = sample.overlap
    precision = np.minimum(pairs.held, pairs.wanted).sum(1) / np.maximum(
        1, sample.words - 1
    )
    fit = np.minimum(words.held, words.wanted).sum(1) / np.maximum(1, sample.words)
    return _shared(sample, fit + precision + 2 * _greedy(sample) + sample.gold)


def _greedy(sample: Sample) -> Vector:
    """Return the set that ROUGE finds best, added to one by one."""
    chosen = np.zeros(len(sample.sentences))
    best = 0.0
    while True:
        trials = np.maximum(chosen, np.eye(len(chosen)))
        scores = sample.rouge(trials).sum(0)
        at = int(np.argmax(scores))
        if scores[at] <= best + 1e-9:
            return chosen
        best, chosen = scores[at], trials[at]


def _shared(sample: Sample, weight: Vector) -> Vector:
    pool = np.sort(np.argsort(-weight, kind="stable")[:_CONSIDERED])
    subsets = [
        subset
        for size in range(1, min(_LARGEST, len(pool)) + 1)
        for subset in combinations(pool, size)
    ]
    members = np.zeros((len(subsets), len(sample.sentences)))
    for row, subset in zip(members, subsets, strict=True):
        row[list(subset)] = 1
    scores = sample.rouge(members).mean(0)
    shares = np.exp((scores - scores.max()) / _SHARPNESS)
    shared: Vector = np.clip(shares @ members / shares.sum(), 0, 1)
    return shared
