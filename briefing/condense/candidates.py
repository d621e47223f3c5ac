"""Sets of sentences that could be the summary, and what is seen of each set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from briefing.condense.budget import Budget
from briefing.condense.reading import NAMES, Columns, Reading, Vector, table_of

POOL: Final = 8
"""Sentences that sets are made of: those most likely to be chosen."""

MOST: Final = 5
"""The most sentences of a set. Of 2,780 people's summaries none has more."""

KEPT: Final = 32
"""Sets that are compared, those of the highest expected F1."""

USUAL: Final = 59.0
"""Words of people's summaries in IndoSum, mean; nine of ten have 51 to 65."""

_SURE: Final = 1e-4
"""Probabilities are kept so far from 0 and 1."""

_COLUMN: Final = {name: at for at, name in enumerate(NAMES)}
_COUNTED: Final = ("qstart", "op", "ques", "say", "nums", "dl")


@dataclass(frozen=True, slots=True)
class Candidates:
    """Sets of sentences.

    Attributes:
        pool: the sentences that they are made of, ascending, (m,).
        members: whether a set holds a sentence of the pool, (sets, m), 0 or 1.
    """

    pool: NDArray[np.int64]
    members: Vector

    @classmethod
    def of(
        cls,
        sizes: Vector,
        likely: Vector,
        *,
        budget: Budget,
        barred: Sequence[bool],
        needs: Mapping[int, Sequence[int]],
    ) -> Self:
        """Return the best sets within the budget, none of them empty; maybe no set at all.

        Args:
            sizes: words of each sentence.
            likely: how likely each is to be chosen.
            budget: what a set must keep; half of its longest sentence may be over.
            barred: sentences never to be chosen.
            needs: sentences that must be chosen with a sentence.
        """
        pool = _pool(likely, barred, needs)
        members = _subsets(len(pool))
        members = members[_complete(members, pool, needs)]
        words = members @ sizes[pool]
        longest = (members * sizes[pool]).max(1, initial=0)
        fits = np.ones(len(members), bool)
        if budget.words is not None:
            fits &= words - longest / 2 <= budget.words
        if budget.sentences is not None:
            fits &= members.sum(1) <= budget.sentences
        members, words = members[fits], words[fits]
        gained = members @ (likely * sizes)[pool]
        expected = 2 * gained / (words + _wanted(likely, sizes))
        best = np.argsort(-np.round(expected, 9), kind="stable")[:KEPT]
        return cls(pool, members[best])

    def __len__(self) -> int:
        """Return how many sets there are."""
        return len(self.members)

    def sentences(self, at: int) -> list[int]:
        """Return the sentences of the set `at`, ascending."""
        return [int(place) for place in self.pool[self.members[at] > 0]]


def _wanted(likely: Vector, sizes: Vector) -> float:
    """Return the words that the summary is expected to have in common with the article."""
    return max(float(likely @ sizes), USUAL / 3)


def _pool(
    likely: Vector, barred: Sequence[bool], needs: Mapping[int, Sequence[int]]
) -> NDArray[np.int64]:
    """Return the likeliest sentences with those that they need, ascending."""
    pool: set[int] = set()
    for at in np.argsort(-np.round(likely, 9), kind="stable").tolist():
        group = {at, *needs.get(at, ())}
        if not any(barred[one] for one in group) and len(pool | group) <= POOL:
            pool |= group
        if len(pool) == POOL:
            break
    return np.array(sorted(pool), np.int64)


@cache
def _subsets(count: int) -> Vector:
    chosen = [
        subset
        for size in range(1, min(MOST, count) + 1)
        for subset in combinations(range(count), size)
    ]
    members = np.zeros((len(chosen), count))
    for row, subset in enumerate(chosen):
        members[row, list(subset)] = 1
    return members


def _complete(
    members: Vector, pool: NDArray[np.int64], needs: Mapping[int, Sequence[int]]
) -> NDArray[np.bool_]:
    """Return which sets hold all that their sentences need."""
    complete = np.ones(len(members), bool)
    place = {sentence: at for at, sentence in enumerate(pool.tolist())}
    for sentence, at in place.items():
        for other in needs.get(sentence, ()):
            complete &= (members[:, at] == 0) | (members[:, place[other]] > 0)
    return complete


def features(sets: Candidates, reading: Reading, experts: Vector) -> Vector:
    """Return what is seen of each set, (sets, features).

    Args:
        sets: at least one.
        reading: the article.
        experts: how likely each sentence is to be chosen, by several estimates,
            (experts, n).
    """
    likely = experts.mean(0)
    columns: Columns = {
        **_expected(sets, reading, experts, likely),
        **_order(sets, reading, likely),
        **_content(sets, reading, likely),
    }
    columns |= _beside_the_others(columns, sets, reading)
    return table_of(list(columns.values()), len(sets))


def _expected(
    sets: Candidates, reading: Reading, experts: Vector, likely: Vector
) -> Columns:
    """Return what the probabilities of the sentences say."""
    members, pool = sets.members, sets.pool
    count, words = members.sum(1), members @ reading.sizes[pool]
    mass = experts * reading.sizes
    totals, gains = mass.sum(1), members @ mass[:, pool].T
    gain, total = gains.mean(1), float(totals.mean())
    each = likely[pool]
    sure = np.clip(likely, _SURE, 1 - _SURE)
    yes, no = np.log(sure), np.log(1 - sure)
    outside = np.delete(likely, pool).max(initial=0)
    columns: Columns = {
        "count": count,
        "words": words,
        "total": total,
        "expected": 2 * gain / (words + total),
        "usual": 2 * gain / (words + USUAL),
        "precision": gain / words,
        "recall": gain / max(total, 1e-9),
        "least": np.where(members > 0, each, 2).min(1),
        "greatest": (members * each).max(1),
        "mean": members @ each / count,
        "likelihood": no.sum() + members @ (yes - no)[pool],
        "left": likely.sum() - members @ each,
        "mostleft": np.maximum(((1 - members) * each).max(1), outside),
        "entropy": -float(sure @ yes + (1 - sure) @ no),
    }
    for at, expert in enumerate(experts):
        columns[f"precision{at}"] = gains[:, at] / words
        columns[f"sum{at}"] = members @ expert[pool]
        columns[f"expected{at}"] = 2 * gains[:, at] / (words + totals[at])
    return columns


def _order(sets: Candidates, reading: Reading, likely: Vector) -> Columns:
    """Return where the sentences stand, and what they look like."""
    members, pool = sets.members, sets.pool
    count, n = members.sum(1), len(reading.sizes)
    sizes, table = reading.sizes[pool], reading.features
    order = np.argsort(-members, axis=1, kind="stable")
    rows = np.arange(len(sets))
    last = pool[order[rows, count.astype(int) - 1]]
    first = pool[order[:, 0]]
    beside = np.diff(pool, prepend=-2) == 1
    follows = members * np.roll(members, 1, 1) * beside
    opener = table[:, _COLUMN["op"]][pool] * (pool > 0)
    alone = table[:, _COLUMN["alone"]]
    columns: Columns = {
        "first": first,
        "last": last,
        "has0": (first == 0).astype(float),
        "gaps": last - first + 1 - count,
        "follows": follows.sum(1),
        "hanging": members @ opener - follows @ opener,
        "skipped": np.cumsum(alone)[last] - members @ alone[pool],
        "n": float(n),
        "lead": members @ sizes - reading.sizes[:3].sum(),
        "meansize": members @ sizes / count,
    }
    slots = order[:, np.minimum(np.arange(MOST), order.shape[1] - 1)]
    there = np.arange(MOST) < count[:, None]
    places = np.where(there, pool[slots], -1)
    lengths = np.where(there, sizes[slots], 0)
    chances = np.where(there, likely[pool][slots], -1)
    for at in range(MOST):
        columns[f"place{at}"] = places[:, at]
        columns[f"size{at}"] = lengths[:, at]
        columns[f"likely{at}"] = chances[:, at]
    for name in _COUNTED:
        columns[f"sum-{name}"] = members @ table[pool, _COLUMN[name]]
    return columns


def _content(sets: Candidates, reading: Reading, likely: Vector) -> Columns:
    """Return how the words of the sentences fit together, and what they cover."""
    members, pool = sets.members, sets.pool
    count = members.sum(1)
    likeness = reading.likeness[np.ix_(pool, pool)]
    alike = members @ likeness
    both = members[:, :, None] * members[:, None, :] * likeness
    columns: Columns = {
        "repeats": both.reshape(len(sets), -1).max(1),
        "alike": (alike * members).sum(1) / np.maximum(1, count * (count - 1)),
    }
    sums = members @ reading.vectors[pool]
    sums /= np.maximum(np.sqrt((sums * sums).sum(1)), 1e-9)[:, None]
    for name, weights in (
        ("all", np.ones(len(likely))),
        ("likely", likely),
        ("first3", (np.arange(len(likely)) < 3).astype(float)),
    ):
        centre = weights @ reading.vectors
        columns[f"cos-{name}"] = (
            sums @ centre / max(1e-9, float(np.sqrt(centre @ centre)))
        )
    no = np.log(1 - np.clip(likely, _SURE, 1 - _SURE)).astype(np.float32)
    for name, table in (("words", reading.words), ("pairs", reading.pairs)):
        covered = _covered(members, table[pool], likely=1 - np.exp(no @ table))
        columns |= {f"{name}-{what}": values for what, values in covered.items()}
    return columns


def _covered(
    members: Vector, table: NDArray[np.float32], *, likely: NDArray[np.float32]
) -> Columns:
    """Return the expected F1 of distinct items.

    An item is in the summary if one of its sentences is, each by itself with its probability.
    """
    holds = members.astype(np.float32) @ table > 0
    gain = (holds @ likely).astype(float)
    distinct = np.maximum(1, holds.sum(1))
    total = float(likely.sum())
    return {
        "f1": 2 * gain / (distinct + max(total, 1e-9)),
        "precision": gain / distinct,
        "recall": gain / max(total, 1e-9),
        "again": members @ table.sum(1) / distinct,
    }


def _beside_the_others(columns: Columns, sets: Candidates, reading: Reading) -> Columns:
    """Return each set beside the best one so far, and beside all of them."""
    members, sizes = sets.members, reading.sizes[sets.pool]
    best = int(np.argmax(np.round(columns["expected"], 9)))
    common = np.minimum(members, members[best]) @ sizes
    compared = ("expected", "words-f1", "pairs-f1", "likelihood", "sum0")
    return {
        **{f"{name}-below": columns[name] - columns[name].max() for name in compared},
        "longer": columns["words"] - columns["words"][best],
        "common": common / columns["words"],
        "usualness": members @ (members.mean(0) * sizes) / columns["words"],
    }
