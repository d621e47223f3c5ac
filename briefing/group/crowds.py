"""Headlines of which many tell of one event: each is read together with those next to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from briefing.group.overlaps import Pairs, overlaps, spread
from briefing.group.vectors import Matrix, starts_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW_TERMS: Final = 20
"""Terms under which an article is a headline: too few to be alike by themselves."""

NEXT_TO: Final = 0.15
"""Cosine from which headlines stand next to each other. B-cubed of uci_headlines.dev and F of the
titles of id_stories.dev at .15 and .2, crowds of 10 and 8: .83/.78, .83/.78."""

CROWD: Final = 10
"""Headlines next to one that make a crowd. With 8 precision on the titles of id_stories.dev falls
from .94 to .84: a newspaper has its words of the week."""

READ_WITH: Final = 10
"""Headlines that one is read together with: its nearest. With 12 and 15 B-cubed of
uci_headlines.dev falls by .003 and .01."""

ALIKE: Final = 0.45
"""Cosine from which headlines, so read, tell of one event. From .4 to .5 B-cubed of
uci_headlines.dev is the same: `CLOSE` decides."""


def crowded(texts: Matrix, firsts: NDArray[Any], *, within: float) -> Matrix:
    """Return `texts` with each headline of a crowd read together with its nearest.

    To its vector those of its `READ_WITH` nearest are added, by their cosine. Eight words of a
    headline rarely meet those of another; what a crowd says together does. Other rows are
    empty.

    Args:
        texts: rows of length 1.
        firsts: when each was published, in seconds, ascending.
        within: seconds from which articles are no pair.
    """
    import numpy as np

    short = _evened(texts.only(np.diff(texts.starts) < FEW_TERMS))
    found = _near(short, firsts, least=NEXT_TO, within=within)
    next_to = Pairs.together(
        [found, Pairs(found.other, found.one, found.value)]  # each stands by the other
    )
    count = len(firsts)
    near = _in_crowds(next_to, count)
    return _added(short, near, count).of_length_one()


def crowd_links(crowd: Matrix, firsts: NDArray[Any], *, within: float) -> Pairs:
    """Return the pairs of rows of `crowd` that tell of one event, with their cosine."""
    return _near(crowd, firsts, least=ALIKE, within=within)


def _near(
    matrix: Matrix, firsts: NDArray[Any], *, least: float, within: float
) -> Pairs:
    """Return the pairs of rows whose cosine is at least `least`, with it."""
    import numpy as np

    found = overlaps(
        [(matrix, matrix)],
        firsts=firsts,
        least=least,
        within=within,
        new=np.diff(matrix.starts) > 0,
    )
    return Pairs.together(
        Pairs(each.one, each.other, *each.sums).highest() for each in found
    )


def _evened(matrix: Matrix) -> Matrix:
    """Return `matrix` with the square roots of its weights.

    The words of what a crowd tells of are common just because of it, and weigh too little.
    """
    import numpy as np

    return replace(matrix, weights=np.sqrt(matrix.weights)).of_length_one()


def _in_crowds(pairs: Pairs, count: int) -> Pairs:
    """Return the nearest of each row that stands in a crowd."""
    import numpy as np

    order = np.lexsort((pairs.other, -pairs.value, pairs.one))
    one = pairs.one[order]
    rank = np.arange(len(one)) - np.searchsorted(one, one)
    many = np.bincount(one, minlength=count)[one] >= CROWD
    kept = order[many & (rank < READ_WITH)]
    return pairs.where(kept)


def _added(matrix: Matrix, near: Pairs, count: int) -> Matrix:
    """Return for each row in `near` its own entries and those of the rows near it, weighed."""
    import numpy as np

    itself = np.unique(near.one)
    one = np.concatenate([itself, near.one])
    other = np.concatenate([itself, near.other])
    weight = np.concatenate([np.ones(len(itself)), near.value])
    places, origin = spread(matrix.starts[other], matrix.starts[other + 1])
    cells = one[origin] * matrix.width + matrix.terms[places]
    known, cell = np.unique(cells, return_inverse=True)
    sums = np.bincount(cell, weight[origin] * matrix.weights[places], len(known))
    rows, terms = np.divmod(known, matrix.width)
    lengths = np.bincount(rows, minlength=count)
    return Matrix(starts_of(lengths), terms, sums, matrix.width)
