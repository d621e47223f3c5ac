"""Sums over the terms that two articles share, for all pairs that may be near, by NumPy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from briefing.group.vectors import Matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST: Final = 200
"""The most others one article is compared with: its highest, between equals those published
next to it. Bounds a flood of articles of one form."""

_AT_ONCE: Final = 250_000
"""Cells of a table, or products, that are worked out together: 2 MB, which a processor keeps at hand."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of rows and a value of each, ordered by `one`, then `other`."""

    one: NDArray[Any]
    other: NDArray[Any]
    value: NDArray[Any]

    def where(self, kept: NDArray[Any]) -> Pairs:
        """Return those at the places `kept`, numbers or booleans."""
        return Pairs(self.one[kept], self.other[kept], self.value[kept])

    def and_(self, others: Pairs) -> Pairs:
        """Return these and `others`, in order; none is in both."""
        import numpy as np

        one = np.concatenate([self.one, others.one])
        other = np.concatenate([self.other, others.other])
        value = np.concatenate([self.value, others.value])
        return Pairs(one, other, value).where(np.lexsort((other, one)))


def overlaps(
    left: Matrix, right: Matrix, *, firsts: NDArray[Any], least: float, within: float
) -> Pairs:
    """Return the sums of left[i, t] · right[j, t] over t that reach `least`, for i ≠ j.

    Both matrices have a row for each article and the same terms. At most `MOST` for each i.

    Args:
        left: rows i.
        right: rows j.
        firsts: when each article was published, in seconds, ascending; NaN, last, if undated.
        least: above 0.
        within: seconds; articles published further apart are no pair; undated ones lie nowhere.
    """
    import numpy as np

    asked = np.zeros(left.width, bool)
    asked[left.terms] = True
    found = [
        each
        for rows, others in _stretches(firsts, within)
        if others and left.starts[rows.start] < left.starts[rows.stop]
        for each in _compared(left, _Index.of(right, others, asked), rows, least)
    ]
    return _nearest(_together(found, firsts, within))


def _stretches(firsts: NDArray[Any], within: float) -> Iterator[tuple[range, range]]:
    """Yield rows, and the rows near any of them, so that each pair comes in both orders.

    A stretch is as long as articles may lie apart; so each row is compared twice at most.
    """
    import numpy as np

    dated = int(np.count_nonzero(~np.isnan(firsts)))
    first = 0
    while first < dated:
        low = int(np.searchsorted(firsts[:dated], firsts[first] - within))
        last = int(np.searchsorted(firsts[:dated], firsts[first] + within, "right"))
        yield range(low, first), range(first, last)
        yield range(first, last), range(low, last)
        first = last
    yield range(dated), range(dated, len(firsts))
    yield range(dated, len(firsts)), range(len(firsts))


@dataclass(frozen=True, slots=True)
class _Index:
    """For each term the rows that have it, ascending, with its weight there."""

    first: int
    last: int
    starts: NDArray[Any]
    rows: NDArray[Any]
    weights: NDArray[Any]

    @classmethod
    def of(cls, matrix: Matrix, rows: range, asked: NDArray[Any]) -> _Index:
        """Return the index of some rows, for terms that are `asked` for (booleans)."""
        import numpy as np

        first, last = matrix.starts[rows.start], matrix.starts[rows.stop]
        entries = first + np.flatnonzero(asked[matrix.terms[first:last]])
        terms = matrix.terms[entries]
        order = np.argsort(terms, kind="stable")
        counts = np.bincount(terms, minlength=matrix.width)
        return cls(
            rows.start,
            rows.stop,
            np.concatenate([[0], np.cumsum(counts)]),
            matrix.rows[entries][order],
            matrix.weights[entries][order],
        )


def _compared(
    left: Matrix, index: _Index, rows: range, least: float
) -> Iterator[Pairs]:
    """Yield the pairs of `rows` of `left` and the rows in `index`."""
    import numpy as np

    width = index.last - index.first
    often = np.diff(index.starts)
    work = np.concatenate([[0], np.cumsum(often[left.terms])])[left.starts]
    first = rows.start
    while first < rows.stop:
        # As many rows as fit, at least one.
        most = min(rows.stop, first + max(1, _AT_ONCE // width))
        fit = int(np.searchsorted(work, work[first] + _AT_ONCE, "right")) - 1
        last = max(first + 1, min(most, fit))
        yield _table(left, index, range(first, last), least)
        first = last


def _table(left: Matrix, index: _Index, rows: range, least: float) -> Pairs:
    """Return the pairs of a few rows."""
    import numpy as np

    width = index.last - index.first
    entries = slice(left.starts[rows.start], left.starts[rows.stop])
    terms = left.terms[entries]
    places, origin = spread(index.starts[terms], index.starts[terms + 1])
    cells = (left.rows[entries] - rows.start)[origin] * width
    cells += index.rows[places] - index.first
    products = left.weights[entries][origin] * index.weights[places]
    sums = np.bincount(cells, products, len(rows) * width)
    (found,) = np.nonzero(sums >= least)
    one, other = found // width + rows.start, found % width + index.first
    return _nearest(Pairs(one, other, sums[found]).where(one != other))


def spread(
    starts: NDArray[Any], ends: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return all places from each start to its end, and which of the ranges each is of."""
    import numpy as np

    lengths = ends - starts
    origin = np.repeat(np.arange(len(lengths)), lengths)
    skipped = starts - (np.cumsum(lengths) - lengths)
    return np.arange(len(origin)) + skipped[origin], origin


def _nearest(pairs: Pairs) -> Pairs:
    """Return `pairs` without those of a row beyond its `MOST` highest; their order is kept."""
    import numpy as np

    often = np.bincount(pairs.one)
    (many,) = np.nonzero((often > MOST)[pairs.one])
    if len(many) == 0:
        return pairs
    one, other = pairs.one[many], pairs.other[many]
    order = np.lexsort((other, abs(one - other), -pairs.value[many], one))
    one = one[order]
    rank = np.arange(len(one)) - np.searchsorted(one, one)
    kept = np.ones(len(pairs.one), bool)
    kept[many[order[rank >= MOST]]] = False
    return pairs.where(kept)


def _together(several: Sequence[Pairs], firsts: NDArray[Any], within: float) -> Pairs:
    """Return all pairs that were published near each other, in order."""
    import numpy as np

    one = np.concatenate([np.empty(0, np.intp), *(each.one for each in several)])
    other = np.concatenate([np.empty(0, np.intp), *(each.other for each in several)])
    value = np.concatenate([np.empty(0), *(each.value for each in several)])
    found = Pairs(one, other, value).where(~(abs(firsts[one] - firsts[other]) > within))
    # One key sorts several times as fast as two.
    return found.where(np.argsort(found.one * len(firsts) + found.other))
