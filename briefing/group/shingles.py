"""Articles as sets of shingles (words in a row), so that copies can be found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from briefing.group.overlaps import spread
from briefing.group.profiles import Profile
from briefing.group.vectors import firsts_of, order_of
from briefing.model import Heading

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Shingles:
    """The shingles of an article.

    Attributes:
        article: the article.
        profile: its profile.
        size: number of its different shingles.
        bunches: intp, ascending, counted from 0: those that stand in other articles too, in
            bunches that stand in the same ones, as a sentence's do.
        counts: how many shingles each bunch has.
    """

    article: Heading
    profile: Profile
    size: int
    bunches: NDArray[Any]
    counts: NDArray[Any]


def shingles(
    articles: Sequence[Heading], profiles: Mapping[str, Profile]
) -> list[Shingles]:
    """Return the shingles of each of `articles`, in their order.

    Most stand in one article only. They are counted and forgotten.
    """
    import numpy as np

    read = [profiles[article.id] for article in articles]
    owners, bunches, counts = _bunches([one.shingles for one in read])
    ends = np.searchsorted(owners, np.arange(len(read) + 1)).tolist()
    return [
        Shingles(article, one, len(one.shingles), bunches[start:end], counts[start:end])
        for article, one, (start, end) in zip(
            articles, read, pairwise(ends), strict=True
        )
    ]


def _bunches(
    several: Sequence[NDArray[Any]],
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return for shingles that stand in more than one text in which, their bunch, its size.

    Ordered by text, then bunch. What is sorted by is put into one number of 64 bits, and takes
    a tenth of the time. In which texts a shingle stands is told by the sum of numbers drawn
    for these.
    """
    import numpy as np

    lengths = [len(each) for each in several]
    codes = np.concatenate([np.empty(0, np.uint32), *several]).astype(np.uint64)
    both = codes << 32 | np.repeat(np.arange(len(several), dtype=np.uint64), lengths)
    both.sort()
    starts = firsts_of(both >> 32)
    often = np.diff(starts, append=len(both))
    owners = (both & 0xFFFFFFFF).astype(np.intp)
    drawn = np.random.default_rng(0).integers(2**63, size=len(several), dtype=np.uint64)
    sums = np.add.reduceat(drawn[owners], starts)
    shared = often > 1
    starts, often, sums = starts[shared], often[shared], sums[shared]
    order = np.argsort(sums)  # any of those alike may stand for its bunch
    alike = firsts_of(sums[order])
    firsts, counts = order[alike], np.diff(alike, append=len(order))
    entries, bunch = spread(starts[firsts], starts[firsts] + often[firsts])
    order = order_of(owners[entries])
    return owners[entries][order], bunch[order], counts[bunch[order]]
