"""How sure it is that two articles tell of the same event."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from briefing.group.overlaps import Pairs, overlaps, spread
from briefing.group.vectors import Matrix, Vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALIKE: Final = 0.425
"""Likeness from which two articles tell of the same event; the same for every language, not for
users to tune. Pair-F of id_stories.dev, whole and by halves of its days, at .40, .41, .42, .43, .44:
.92/.95/.90, .96/.96/.90, .95/.97/.92, .96/.97/.93, .96/.96/.89."""

A_DAY: Final = 0.04
"""Share of the likeness that each day between two articles takes away. With .03, .04 and .05 the
mean of pair-F, B-cubed, cross-day pair-F and follow-up F on id_stories.dev is .924, .936, .922."""

UNDATED: Final = 3
"""Days that an article which does not say its date is taken to lie apart, at least: it came with the
others, but may be old. F of the pairs of telegram_pairs.dev, none of which is dated, with 0, 1, 2,
3, 4: .881, .881, .854, .875, .861."""

COVERED: Final = 0.2
"""Share of each one's title that stands in the other article, under which they are not
compared. From 0 to .3 nothing changes on any labelled set."""

COMMON_TERMS: Final = 4
"""The fewest terms that two linked articles share, unless all their terms are the same: what
differs by one word out of four ("leave", "attacked") is another event, though the cosine is
high. Measured by ``pytest tests/quality/test_stories.py``."""

_DIGITS: Final = 9
"""Decimals of a likeness that count; less is rounding error."""

_DAY: Final = 86_400
"""Seconds."""

_ROWS: Final = 64
"""Articles whose cosines are worked out together."""


def likenesses(
    vectors: Vectors,
    firsts: NDArray[Any],
    lasts: NDArray[Any],
    *,
    dated: NDArray[Any],
    within: float,
    new: NDArray[Any],
) -> Pairs:
    """Return the pairs of articles that tell of the same event, with their likeness.

    √(cosine · √(a · b)), less `A_DAY` for each day between them (`UNDATED`): the cosine of the texts, and
    how much of the one's title, by rarity, stands in the other article (a, b). What two
    articles of one subject share is mostly background; what their titles say is the event.

    Args:
        vectors: of the articles.
        firsts: when each was first published, in seconds, ascending; NaN, last, if undated.
        lasts: when its last copy was.
        dated: booleans; of others it is known only when they came.
        within: seconds; articles published further apart are no pair.
        new: booleans; of each pair at least one article is new.
    """
    import numpy as np

    pairs = _covered(vectors, firsts, within=within, new=new)
    cosines, shared = _cosines(vectors.texts, pairs)
    gap = np.maximum(firsts[pairs.other] - lasts[pairs.one], 0)
    gap = np.fmax(gap, firsts[pairs.one] - lasts[pairs.other])
    unsure = ~(dated[pairs.one] & dated[pairs.other])
    gap = np.where(unsure, np.maximum(gap, UNDATED * _DAY), gap)
    value = np.sqrt(cosines * pairs.value) * (1 - A_DAY * np.nan_to_num(gap) / _DAY)
    value = np.round(value, _DIGITS)
    sizes = np.diff(vectors.texts.starts)
    enough = (shared >= COMMON_TERMS) | (
        (shared == sizes[pairs.one]) & (shared == sizes[pairs.other])
    )
    return Pairs(pairs.one, pairs.other, value).where((value >= ALIKE) & enough)


def _covered(
    vectors: Vectors, firsts: NDArray[Any], *, within: float, new: NDArray[Any]
) -> Pairs:
    """Return the pairs, each once, that can be alike, with √(a · b)."""
    import numpy as np

    present = replace(vectors.texts, weights=np.ones_like(vectors.texts.weights))
    sought = partial(overlaps, firsts=firsts, least=COVERED, within=within)
    found = sought(vectors.headings.only(new), present)
    if not new.all():
        found = found.and_(sought(vectors.headings.only(~new), present.only(new)))
    count = len(firsts)
    keys = found.one * count + found.other
    pairs = found.where(found.one < found.other)
    turned = pairs.other * count + pairs.one
    places = np.minimum(np.searchsorted(keys, turned), max(len(keys) - 1, 0))
    product = pairs.value * found.value[places]
    # No cosine is above 1.
    both = (keys[places] == turned) & (product >= ALIKE**4)
    return Pairs(pairs.one, pairs.other, np.sqrt(product)).where(both)


def _cosines(matrix: Matrix, pairs: Pairs) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the cosine of each pair, and how many terms it shares.

    Args:
        matrix: rows of length 1.
        pairs: ordered by `Pairs.one`.
    """
    import numpy as np

    cosines: list[NDArray[Any]] = [np.empty(0)]
    shared: list[NDArray[Any]] = [np.empty(0, np.intp)]
    slots = np.full(matrix.width, -1)
    for first in range(0, len(matrix.starts) - 1, _ROWS):
        last = min(first + _ROWS, len(matrix.starts) - 1)
        chosen = slice(*np.searchsorted(pairs.one, (first, last)))
        entries = slice(matrix.starts[first], matrix.starts[last])
        terms = np.unique(matrix.terms[entries])
        slots[terms] = np.arange(len(terms))
        table = np.zeros((last - first, len(terms) + 1))
        table[matrix.rows[entries] - first, slots[matrix.terms[entries]]] = (
            matrix.weights[entries]
        )
        other = pairs.other[chosen]
        places, origin = spread(matrix.starts[other], matrix.starts[other + 1])
        row = (pairs.one[chosen] - first)[origin]
        products = table[row, slots[matrix.terms[places]]] * matrix.weights[places]
        cosines.append(np.bincount(origin, products, len(other)))
        shared.append(np.bincount(origin[products > 0], minlength=len(other)))
        slots[terms] = -1
    return np.concatenate(cosines), np.concatenate(shared)
