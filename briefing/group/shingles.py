"""Articles as sets of shingles (words in a row), so that copies can be found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from briefing.group.profiles import Profile
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
        shared: intp, those that stand in other articles too, counted from 0; the rarest first,
            between equals that of the least number.
    """

    article: Heading
    profile: Profile
    size: int
    shared: NDArray[Any]


def shingles(
    articles: Sequence[Heading], profiles: Mapping[str, Profile]
) -> list[Shingles]:
    """Return the shingles of each of `articles`, in their order.

    Most stand in one article only. They are counted and forgotten.
    """
    import numpy as np

    read = [profiles[article.id] for article in articles]
    sizes = [len(one.shingles) for one in read]
    owners, numbers = _shared([one.shingles for one in read])
    own = np.split(numbers, np.searchsorted(owners, np.arange(1, len(read))))
    return [
        Shingles(article, one, size, each)
        for article, one, size, each in zip(articles, read, sizes, own, strict=False)
    ]


def _shared(several: Sequence[NDArray[Any]]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return for shingles that stand in more than one text in which, and which, from 0.

    Ordered by text, the rarest first. What is sorted by is put into one number of 64 bits, and
    takes a tenth of the time.
    """
    import numpy as np

    lengths = [len(each) for each in several]
    codes = np.concatenate([np.empty(0, np.uint32), *several]).astype(np.uint64)
    places = np.repeat(np.arange(len(several), dtype=np.uint64), lengths)
    both = np.sort(codes << 32 | places)
    starts = np.flatnonzero(np.append(True, np.diff(both >> 32))[: len(both)])
    often = np.diff(starts, append=len(both))
    shared = often > 1
    found: NDArray[Any] = both[np.repeat(shared, often)] & 0xFFFFFFFF
    often = often[shared]
    keys = np.minimum(often, 255) << 32 | np.arange(len(often))
    both = np.sort(found << 40 | np.repeat(keys.astype(np.uint64), often))
    return (both >> 40).astype(np.intp), (both & 0xFFFFFFFF).astype(np.intp)
