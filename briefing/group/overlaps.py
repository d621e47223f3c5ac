"""Sums over the terms that two articles share, for all pairs that may be near, by NumPy."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any, Final

from briefing.group.vectors import Matrix, order_of, starts_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST: Final = 100
"""The most others one article is compared with: its highest, between equals those published
next to it. Bounds a flood of articles of one form."""

AT_ONCE: Final = 250_000
"""Cells of a table that are worked out together: 2 MB, which a processor keeps at hand."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of rows, each once, and a value of each; ordered by `one`, then `other`."""

    one: NDArray[Any]
    other: NDArray[Any]
    value: NDArray[Any]

    def where(self, kept: NDArray[Any]) -> Pairs:
        """Return those at the places `kept`, numbers or booleans."""
        return Pairs(self.one[kept], self.other[kept], self.value[kept])

    @classmethod
    def together(cls, several: Iterable[Pairs]) -> Pairs:
        """Return all pairs of `several`, in their order."""
        import numpy as np

        none = np.empty(0, np.intp)
        all_of = [cls(none, none, np.empty(0)), *several]
        return cls(
            np.concatenate([each.one for each in all_of]),
            np.concatenate([each.other for each in all_of]),
            np.concatenate([each.value for each in all_of]),
        )

    def highest(self) -> Pairs:
        """Return these without those of `one` beyond its `MOST` highest."""
        import numpy as np

        often = np.bincount(self.one)
        if len(often) == 0 or often.max() <= MOST:
            return self
        (many,) = np.nonzero((often > MOST)[self.one])
        some = self.where(many)
        order = np.lexsort((abs(some.other - some.one), -some.value, some.one))
        one = some.one[order]
        rank = np.arange(len(one)) - np.searchsorted(one, one)
        kept = np.ones(len(self.one), bool)
        kept[many[order[rank >= MOST]]] = False
        return self.where(kept)


@dataclass(frozen=True, slots=True)
class Shared:
    """Pairs of rows, each once, with a sum for each of several products of matrices."""

    one: NDArray[Any]
    other: NDArray[Any]
    sums: Sequence[NDArray[Any]]


def overlaps(
    products: Sequence[tuple[Matrix, Matrix]],
    *,
    firsts: NDArray[Any],
    least: float,
    within: float,
    new: NDArray[Any],
    sought: NDArray[Any] | None = None,
) -> Iterator[Shared]:
    """Yield, in parts, the pairs of which each product's sum reaches `least`.

    The sum of (i, j) is that of left[i, t] · right[j, t] over t; i is new, j is old or before i.
    Rows enter an index and leave it again: only what is near in time is multiplied.

    Args:
        products: left and right matrices: a row for each article, all with the same terms.
        firsts: when each article was published, in seconds, ascending.
        least: above 0.
        within: seconds; articles published further apart are no pair.
        new: booleans.
        sought: booleans; the new rows that i is of. None: of all.
    """
    import numpy as np

    indices = [_indices(left, right, new) for left, right in products]
    with_old = not new.all()
    (wanted,) = np.nonzero(new if sought is None else sought)
    lows, highs = reach(firsts, within)
    ends = highs[wanted] if with_old else wanted + 1
    at = 0
    while at < len(wanted):
        low = int(lows[wanted[at]])
        some = wanted[at : at + _fitting(ends, at, low)]
        at += len(some)
        others = range(low, int(ends[at - 1]))
        tables = [
            _table(left, of, some, others)
            for (left, _), of in zip(products, indices, strict=True)
        ]
        (cells,) = np.nonzero(reduce(and_, (each >= least for each in tables)))
        row, other = np.divmod(cells, len(others))
        one, other = some[row], other + low
        kept = (other < one) | ~new[other]
        kept &= (other >= lows[one]) & (other < highs[one])
        yield Shared(one[kept], other[kept], [each[cells[kept]] for each in tables])


def _fitting(ends: NDArray[Any], at: int, low: int) -> int:
    """Return how many rows from `at` on fit into a table, at least one.

    It reaches from `low` to the end of the last of them.
    """
    rows = range(1, len(ends) - at + 1)
    many = bisect_right(rows, AT_ONCE, key=lambda n: n * int(ends[at + n - 1] - low))
    return max(1, many)


def reach(firsts: NDArray[Any], within: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return for each row the first that lies `within` it, and the first after those."""
    import numpy as np

    lows = np.searchsorted(firsts, firsts - within)
    return lows, np.searchsorted(firsts, firsts + within, "right")


class _Index:
    """For each term the rows within reach that have it, ascending, with its weight there."""

    def __init__(self, matrix: Matrix) -> None:
        import numpy as np

        order = order_of(matrix.terms)
        self.rows = matrix.rows[order]
        self.weights = matrix.weights[order]
        starts = starts_of(np.bincount(matrix.terms, minlength=matrix.width))[:-1]
        self.firsts, self.lasts = starts, starts.copy()
        self._matrix = matrix
        self._reach = range(0)

    def reach(self, rows: range) -> None:
        """Let `rows` be within reach; they never begin or end before those that were."""
        import numpy as np

        for places, before, now in (
            (self.firsts, self._reach.start, rows.start),
            (self.lasts, self._reach.stop, rows.stop),
        ):
            entries = slice(self._matrix.starts[before], self._matrix.starts[now])
            np.add.at(places, self._matrix.terms[entries], 1)
        self._reach = rows


def _indices(left: Matrix, right: Matrix, new: NDArray[Any]) -> list[_Index]:
    """Return an index of `right`, and of its old rows if any, by the terms of new rows of `left`."""
    import numpy as np

    sought = np.zeros(left.width, bool)
    sought[left.terms[new[left.rows]]] = True
    found = right.having(sought[right.terms])
    return [_Index(found), *([] if new.all() else [_Index(found.only(~new))])]


def _table(
    left: Matrix, indices: Sequence[_Index], rows: NDArray[Any], others: range
) -> NDArray[Any]:
    """Return the sums of `rows` of `left` and `others`, one row of the table after the other.

    Lets `others` be within reach of the indices.
    """
    import numpy as np

    last = int(rows[-1]) + 1
    reach = range(others.start, last), range(last, max(last, others.stop))
    for index, within in zip(indices, reach, strict=False):
        index.reach(within)
    entries, row = spread(left.starts[rows], left.starts[rows + 1])
    terms, weights = left.terms[entries], left.weights[entries]
    starts = row * len(others) - others.start
    cells, products = [], []
    for index in indices:
        firsts = index.firsts[terms]
        often = index.lasts[terms] - firsts
        places = ranges(firsts, often)
        cells.append(index.rows[places] + np.repeat(starts, often))
        products.append(index.weights[places] * np.repeat(weights, often))
    return np.bincount(
        np.concatenate(cells), np.concatenate(products), len(rows) * len(others)
    )


def spread(
    starts: NDArray[Any], ends: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return all places from each start to its end, and which of the ranges each is of."""
    import numpy as np

    lengths = ends - starts
    return ranges(starts, lengths), np.repeat(np.arange(len(lengths)), lengths)


def ranges(starts: NDArray[Any], lengths: NDArray[Any]) -> NDArray[Any]:
    """Return all places from each start on, so many as its length says."""
    import numpy as np

    ends = np.cumsum(lengths)
    places = np.repeat(starts - ends + lengths, lengths)
    places += np.arange(len(places))
    return places
