"""Articles as weighted terms (tf-idf), so that likeness can be computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from briefing.group.background import rates
from briefing.group.profiles import Profile

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEAVIEST: Final = 200
"""Terms an article keeps. Mean of pair-F, B-cubed, cross-day pair-F and follow-up F on
id_stories.dev and both halves of its days with 60, 100 and 200, at the best threshold and .03
above: .91 and .90, .94 and .91, .94 and .92."""

COLLECTION: Final = 5_000
"""Articles that idf assumes at least. In a window of a few articles every term is rare or
common by chance; with this floor one threshold serves windows of any size, and an article
weighs today as it did yesterday. Pair-F of id_stories.dev, whole and by halves of its days, with
500, 1,000, 5,000 and 20,000 (before there was a `PRIOR`, threshold .45): .93/.96/.88,
.95/.96/.93, .96/.95/.93, .96/.94/.94."""

PRIOR: Final = 1_000
"""Articles at large that a collection is taken to hold besides its own, for counting terms. Pair-F
of id_stories.dev, whole and by halves, with 0, 500, 1,000 and 2,500: .952/.968/.925,
.955/.964/.920, .960/.977/.930, .958/.977/.925; with more, bare titles run together."""

OTHERS: Final = 10
"""Articles about anything else that a collection is taken to hold. Where all are about one
subject, its words tell nothing, however rare they are elsewhere. With more, two negotiations of
one subject become one story; with fewer, what several outlets tell of one event falls apart where
nothing else is told: of the pairs of each story of id_stories.dev alone, 15, 8 and 4 find .95,
.91 and .66."""

PAIR: Final = 2
"""Articles that share any term that is shared. The two that are compared do not make it common."""


@dataclass(frozen=True)
class Matrix:
    """Rows of weighted terms, one an article.

    Attributes:
        starts: intp, one more than rows: row ``r`` has the entries ``starts[r]:starts[r + 1]``.
        terms: intp, counted from 0, ascending in each row.
        weights: float64.
        width: number of different terms.
    """

    starts: NDArray[Any]
    terms: NDArray[Any]
    weights: NDArray[Any]
    width: int

    @cached_property
    def rows(self) -> NDArray[Any]:
        """The row of each entry."""
        import numpy as np

        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def row(self, number: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return terms and weights of one row."""
        entries = slice(self.starts[number], self.starts[number + 1])
        return self.terms[entries], self.weights[entries]

    def having(self, kept: NDArray[Any]) -> Matrix:
        """Return the same with the entries `kept` (booleans) alone."""
        import numpy as np

        (places,) = np.nonzero(kept)
        starts = np.searchsorted(places, self.starts)
        return Matrix(starts, self.terms[places], self.weights[places], self.width)

    def only(self, rows: NDArray[Any]) -> Matrix:
        """Return the same with the rows that are not among `rows` (booleans) made empty."""
        import numpy as np

        kept = rows[self.rows]
        return Matrix(
            starts_of(np.diff(self.starts) * rows),
            self.terms[kept],
            self.weights[kept],
            self.width,
        )

    def or_else(self, other: Matrix) -> Matrix:
        """Return the same with the rows of `other` where this has empty ones."""
        import numpy as np

        own = np.diff(self.starts) > 0
        theirs = ~own[other.rows]
        rows = np.concatenate([self.rows, other.rows[theirs]])
        order = np.argsort(rows, kind="stable")
        lengths = np.bincount(rows, minlength=len(own))
        return Matrix(
            starts_of(lengths),
            np.concatenate([self.terms, other.terms[theirs]])[order],
            np.concatenate([self.weights, other.weights[theirs]])[order],
            self.width,
        )

    def of_length_one(self) -> Matrix:
        """Return the same with each row's squares adding up to 1; empty rows stay empty."""
        import numpy as np

        squares = np.bincount(
            self.rows, self.weights * self.weights, len(self.starts) - 1
        )
        lengths = np.sqrt(np.maximum(squares, np.finfo(float).tiny))
        return Matrix(
            self.starts, self.terms, self.weights / lengths[self.rows], self.width
        )


@dataclass(frozen=True, slots=True)
class Vectors:
    """Articles as vectors.

    Attributes:
        texts: weighted terms of title and text, rows of length 1.
        headings: terms of the title, weighted by their share of its rarity: rows add up to 1.
    """

    texts: Matrix
    headings: Matrix


def vectors(profiles: Sequence[Profile]) -> Vectors:
    """Return the vectors of `profiles`, in their order.

    Weight (1 + ln tf) · rarity (see `_rarity`); the `HEAVIEST` terms are kept and brought to
    length 1.
    """
    import numpy as np

    known, places, spread = _numbered(
        _joined([one.terms for one in profiles], np.uint32)
    )
    rarity = _rarity(known, spread, len(profiles))
    often = _joined([one.often for one in profiles], np.uint8)
    texts = Matrix(
        starts_of(np.array([len(one.terms) for one in profiles], np.intp)),
        places,
        (1 + np.log(np.maximum(np.arange(256), 1)))[often] * rarity[places],
        len(known),
    )
    headings = _joined([one.heading for one in profiles], np.uint32)
    heading = np.searchsorted(known, headings)
    return Vectors(
        _heaviest(texts).of_length_one(),
        _shares(
            Matrix(
                starts_of(np.array([len(one.heading) for one in profiles], np.intp)),
                heading,
                rarity[heading],
                len(known),
            )
        ),
    )


def _numbered(codes: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return each of `codes` once, ascending, the place of each there, and how often it is."""
    import numpy as np

    order = order_of(codes)
    ordered = codes[order]
    firsts = firsts_of(ordered)
    spread = np.diff(firsts, append=len(codes))
    places = np.empty(len(codes), np.intp)
    places[order] = np.repeat(np.arange(len(firsts)), spread)
    return ordered[firsts], places, spread


def _rarity(terms: NDArray[Any], spread: NDArray[Any], number: int) -> NDArray[Any]:
    """Return how much each of `terms` tells, above 0.

    (ln((1 + N) / (1 + df + `PRIOR` · rate)) + 1) · (1 - (df - `PAIR`) / (n - `PAIR` + `OTHERS`))

    Args:
        terms: as in `Profile`.
        spread: df, how many of the collection have each.
        number: n, how many there are; N is the same, at least `COLLECTION`.
    """
    import numpy as np

    common = spread + PRIOR * rates(terms)
    weights: NDArray[Any] = np.log((1 + max(number, COLLECTION)) / (1 + common)) + 1
    weights *= 1 - np.maximum(spread - PAIR, 0) / (number - PAIR + OTHERS)
    return weights


def _joined(several: Sequence[NDArray[Any]], kind: type) -> NDArray[Any]:
    import numpy as np

    return np.concatenate([np.empty(0, kind), *several])


def starts_of(lengths: NDArray[Any]) -> NDArray[Any]:
    """Return where each row starts, and the last ends, by how many entries each has."""
    import numpy as np

    return np.concatenate([np.zeros(1, np.intp), np.cumsum(lengths, dtype=np.intp)])


def firsts_of(ordered: NDArray[Any]) -> NDArray[Any]:
    """Return where each different one of `ordered` numbers stands first."""
    import numpy as np

    return np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])


def order_of(numbers: NDArray[Any]) -> NDArray[Any]:
    """Return the order in which `numbers`, none below 0, ascend; equal ones keep theirs.

    Number and place are put into one number of 64 bits where both have room there, which
    sorts several times as fast.
    """
    import numpy as np

    bits = len(numbers).bit_length()
    if int(numbers.max(initial=0)).bit_length() + bits > 64:
        return np.argsort(numbers, kind="stable")
    both = numbers.astype(np.uint64) << bits | np.arange(len(numbers), dtype=np.uint64)
    both.sort()
    return (both & ((1 << bits) - 1)).astype(np.intp)


def _heaviest(matrix: Matrix) -> Matrix:
    """Return the `HEAVIEST` entries of each row, between equals those of the least terms."""
    import numpy as np

    lengths = np.diff(matrix.starts)
    (long,) = np.nonzero((lengths > HEAVIEST)[matrix.rows])
    rows = matrix.rows[long]
    weights = matrix.weights[long]
    lightness = rows + 1 - weights / (weights.max(initial=0.0) + 1)
    order = np.argsort(lightness, kind="stable")
    rank = np.arange(len(long)) - np.searchsorted(rows, rows)
    kept = np.ones(len(matrix.terms), bool)
    kept[long[order[rank >= HEAVIEST]]] = False
    return Matrix(
        starts_of(np.minimum(lengths, HEAVIEST)),
        matrix.terms[kept],
        matrix.weights[kept],
        matrix.width,
    )


def _shares(matrix: Matrix) -> Matrix:
    import numpy as np

    sums = np.bincount(matrix.rows, matrix.weights, len(matrix.starts) - 1)
    weights = matrix.weights / sums[matrix.rows]
    return Matrix(matrix.starts, matrix.terms, weights, matrix.width)
