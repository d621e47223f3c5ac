"""Sets of sentences that could be the summary, and which of them is expected to be best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from briefing.condense.budget import Budget
from briefing.condense.reading import Vector

POOL: Final = 8
"""Sentences that sets are made of: those most likely to be chosen."""

MOST: Final = 5
"""The most sentences of a set. Of 2,780 people's summaries none has more."""

_LEAST_WANTED: Final = 20.0
"""Words that people's summaries have in common with their article at least: a third of 59,
their mean in IndoSum."""


def best_set(
    sizes: Vector,
    likely: Vector,
    ranked: Sequence[int],
    *,
    budget: Budget,
    needs: Mapping[int, Sequence[int]],
) -> list[int]:
    """Return the set with the highest expected F1 of words, ascending; empty if none may be.

    Expected are the words that a set has in common with a person's summary: those of each
    sentence, as far as it is likely to be chosen (Kupiec and others, SIGIR 1995, for the
    chance of each; the sum of expected gains over the sum of lengths is F1).

    Args:
        sizes: words of each sentence.
        likely: how likely each is to be chosen.
        ranked: those that may be chosen, the likeliest first.
        budget: what a set must keep; half of its longest sentence may be over.
        needs: sentences that must be chosen with a sentence.
    """
    pool = _pool(ranked, needs)
    members = _subsets(len(pool))
    lengths = sizes[pool]
    words = lengths @ members
    fits = _complete(members, pool, needs)
    if budget.words is not None:
        longest = (members * lengths[:, None]).max(0, initial=0)
        fits &= words - longest / 2 <= budget.words
    if budget.sentences is not None:
        fits &= members.sum(0) <= budget.sentences
    if not fits.any():
        return []
    gained = (likely[pool] * lengths) @ members
    wanted = max(float(likely @ sizes), _LEAST_WANTED)
    expected = np.where(fits, 2 * gained / (words + wanted), -1)
    best = members[:, expected.round(9).argmax()]
    chosen: list[int] = pool[best > 0].tolist()
    return chosen


def _pool(
    ranked: Sequence[int], needs: Mapping[int, Sequence[int]]
) -> NDArray[np.int64]:
    """Return the likeliest sentences with those that they need, ascending."""
    pool: set[int] = set()
    allowed = frozenset(ranked)
    for at in ranked:
        group = {at, *needs.get(at, ())}
        if group <= allowed and len(pool | group) <= POOL:
            pool |= group
        if len(pool) == POOL:
            break
    return np.array(sorted(pool), np.int64)


@cache
def _subsets(count: int) -> Vector:
    """Return the sets of 1 to `MOST` of `count` sentences, (count, sets), 0 or 1."""
    chosen = [
        subset
        for size in range(1, min(MOST, count) + 1)
        for subset in combinations(range(count), size)
    ]
    members = np.zeros((count, len(chosen)))
    for column, subset in enumerate(chosen):
        members[list(subset), column] = 1
    return members


def _complete(
    members: Vector, pool: NDArray[np.int64], needs: Mapping[int, Sequence[int]]
) -> NDArray[np.bool_]:
    """Return which sets hold all that their sentences need."""
    complete = np.ones(members.shape[1], bool)
    place = {sentence: at for at, sentence in enumerate(pool.tolist())}
    for sentence, at in place.items():
        for other in needs.get(sentence, ()):
            complete &= members[at] <= members[place[other]]
    return complete
