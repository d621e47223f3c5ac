"""How sure it is that two articles tell of the same event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from briefing.group.overlaps import (
    AT_ONCE,
    MOST,
    Pairs,
    overlaps,
    ranges,
    reach,
    spread,
)
from briefing.group.vectors import Matrix, Vectors, order_of

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
"""Days by which the time of an article that does not say its date is unsure: it came with the
others, but may be old. The root of the squares counts, of these and of the days that lie between. F of the pairs of telegram_pairs.dev, none of which is dated, with 0, 1, 2,
3, 4: .881, .881, .854, .875, .861."""

COVERED: Final = 0.3
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

_ROUNDING: Final = 1e-9
"""By how much sums of shares may be off."""

_MANY: Final = 64
"""Times that a term's articles must make up all of them to be a common one: bounds what is looked up."""


Beside = Callable[..., Callable[[], Pairs]]
"""Begins a call, given first, with arguments; what it returns waits for the result."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is compared.

    Attributes:
        vectors: of the articles.
        firsts: when each was first published, in seconds, ascending.
        lasts: when its last copy was.
        dated: booleans; of others it is known only when they came.
        within: seconds; articles published further apart are no pair.
        new: booleans; of each pair at least one article is new.
    """

    vectors: Vectors
    firsts: NDArray[Any]
    lasts: NDArray[Any]
    dated: NDArray[Any]
    within: float
    new: NDArray[Any]

    def halves(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return which new articles are early, and which late; both take about as long."""
        import numpy as np

        lows, _ = reach(self.firsts, self.within)
        compared = np.cumsum((np.arange(len(lows)) - lows) * self.new)
        early = 2 * compared <= compared[-1:]
        return self.new & early, self.new & ~early


def likenesses(search: Search, *, beside: Beside | None = None) -> Pairs:
    """Return the pairs of articles that tell of the same event, with their likeness.

    √(cosine · √(a · b)), less `A_DAY` for each day between them (`UNDATED`): the cosine of the texts, and
    how much of the one's title, by rarity, stands in the other article (a, b). What two
    articles of one subject share is mostly background; what their titles say is the event.

    Args:
        search: what is compared.
        beside: does half of it; None: it is done whole.
    """
    if beside is None:
        return _found(search, search.new)
    early, late = search.halves()
    others = beside(_found, search, late)
    return Pairs.together([_found(search, early), others()])


def _found(search: Search, sought: NDArray[Any]) -> Pairs:
    """Return the pairs of new articles that are `sought`, with old ones and those before them."""
    import numpy as np

    vectors, firsts, lasts = search.vectors, search.firsts, search.lasts
    pairs = _covered(search, sought)
    cosines = _cosines(vectors.texts, pairs)
    gap = np.maximum(firsts[pairs.other] - lasts[pairs.one], 0)
    gap = np.fmax(gap, firsts[pairs.one] - lasts[pairs.other])
    unsure = ~(search.dated[pairs.one] & search.dated[pairs.other])
    gap = np.where(unsure, np.hypot(gap, UNDATED * _DAY), gap)
    value = np.sqrt(cosines * pairs.value) * (1 - A_DAY * np.nan_to_num(gap) / _DAY)
    value = np.round(value, _DIGITS)
    alike = Pairs(pairs.one, pairs.other, value).where(value >= ALIKE)
    present = replace(vectors.texts, weights=np.ones_like(vectors.texts.weights))
    shared = _cosines(present, alike)
    sizes = np.diff(vectors.texts.starts)
    return alike.where(
        (shared >= COMMON_TERMS)
        | (shared == sizes[alike.one]) & (shared == sizes[alike.other])
    )


def _covered(search: Search, sought: NDArray[Any]) -> Pairs:
    """Return the pairs that can be alike, one of which is new, with √(a · b).

    Whoever has `COVERED` of a title has one of its rarest terms: all but those that weigh
    less together. So pairs are found by these, and then the common terms are looked up. Of
    articles under one title, which may be a flood, each is compared with the `MOST` before it.

    Source: the prefix filter of Bayardo, Ma and Srikant, Scaling up all pairs similarity
    search (2007).
    """
    import numpy as np

    texts = search.vectors.texts
    rare, common = _parted(search.vectors)
    title, rank = _titles(search.vectors.headings)
    present = replace(texts, weights=np.ones_like(texts.weights))
    found = []
    for part in overlaps(
        [(rare, present), (present, rare)],
        firsts=search.firsts,
        least=np.finfo(float).tiny,
        within=search.within,
        new=search.new,
        sought=sought,
    ):
        near = (title[part.one] != title[part.other]) | (
            rank[part.one] - rank[part.other] <= MOST
        )
        one, other = part.one[near], part.other[near]
        of_one, of_other = (each[near] for each in part.sums)
        of_one = of_one + common.standing(one, other)
        near = of_one >= COVERED
        one, other, of_one = one[near], other[near], of_one[near]
        of_other = of_other[near] + common.standing(other, one)
        pairs = Pairs(one, other, np.sqrt(of_one * of_other))
        found.append(pairs.where(of_other >= COVERED).highest())
    return Pairs.together(found)


def _titles(headings: Matrix) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return a number for the terms of each title, and how many before it have the same."""
    import numpy as np

    numbers: dict[bytes, int] = {}
    title, rank = np.empty((2, len(headings.starts) - 1), np.intp)
    often: list[int] = []
    for row in range(len(title)):
        number = numbers.setdefault(headings.row(row)[0].tobytes(), len(numbers))
        if number == len(often):
            often.append(0)
        title[row], rank[row] = number, often[number]
        often[number] += 1
    return title, rank


@dataclass(frozen=True, slots=True)
class _Common:
    """The terms of titles that many articles have.

    Attributes:
        headings: of these alone, numbered from 0.
        has: booleans, a row a term: which articles have it.
    """

    headings: Matrix
    has: NDArray[Any]

    def standing(self, one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
        """Return how much of each title of `one`, by these, stands in the article `other`."""
        import numpy as np

        headings = self.headings
        places, origin = spread(headings.starts[one], headings.starts[one + 1])
        stands = self.has[headings.terms[places], other[origin]]
        return np.bincount(origin, headings.weights[places] * stands, len(one))


def _parted(vectors: Vectors) -> tuple[Matrix, _Common]:
    """Return the titles' rarest terms, of which any that is near has one, and the others."""
    import numpy as np

    headings, texts = vectors.headings, vectors.texts
    often = np.bincount(texts.terms, minlength=texts.width)
    order = order_of(headings.rows * (often.max(initial=0) + 1) + often[headings.terms])
    ordered = replace(
        headings, terms=headings.terms[order], weights=headings.weights[order]
    )
    # What this term and all commoner ones of the title weigh together.
    left = np.cumsum(ordered.weights[::-1])[::-1]
    after = np.append(left, 0.0)[ordered.starts[1:]][ordered.rows]
    common = left - after < COVERED - _ROUNDING
    common &= often[ordered.terms] * _MANY > len(often)
    known, numbers = np.unique(ordered.terms[common], return_inverse=True)
    number = np.full(texts.width, -1)
    number[known] = np.arange(len(known))
    has = np.zeros((len(known), len(texts.starts) - 1), bool)
    held = number[texts.terms] >= 0
    has[number[texts.terms[held]], texts.rows[held]] = True
    return ordered.having(~common), _Common(
        replace(ordered.having(common), terms=numbers), has
    )


def _cosines(matrix: Matrix, pairs: Pairs) -> NDArray[Any]:
    """Return the product of the two rows of each pair.

    Args:
        matrix: any.
        pairs: ordered by `Pairs.one`.
    """
    import numpy as np

    found: list[NDArray[Any]] = [np.empty(0)]
    rows, starts = np.unique(pairs.one, return_index=True)
    starts = np.append(starts, len(pairs.one))
    step = max(1, AT_ONCE // max(1, matrix.width))
    table = np.zeros(step * matrix.width)
    for first in range(0, len(rows), step):
        some = rows[first : first + step]
        entries, row = spread(matrix.starts[some], matrix.starts[some + 1])
        cells = row * matrix.width + matrix.terms[entries]
        table[cells] = matrix.weights[entries]
        chosen = slice(starts[first], starts[first + len(some)])
        other = pairs.other[chosen]
        lengths = matrix.starts[other + 1] - matrix.starts[other]
        places = ranges(matrix.starts[other], lengths)
        line = (np.searchsorted(some, pairs.one[chosen])) * matrix.width
        products = table[matrix.terms[places] + np.repeat(line, lengths)]
        products *= matrix.weights[places]
        found.append(
            np.bincount(np.repeat(np.arange(len(other)), lengths), products, len(other))
        )
        table[cells] = 0
    return np.concatenate(found)
