"""Articles as sets of shingles (words in a row), so that copies can be found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from briefing.group.profiles import Profile
from briefing.model import Heading


@dataclass(frozen=True, slots=True)
class Shingles:
    """The shingles of an article.

    Attributes:
        article: the article.
        profile: its profile.
        size: number of its different shingles.
        shared: numbers of those that stand in other articles too, ascending.
    """

    article: Heading
    profile: Profile
    size: int
    shared: tuple[int, ...]


def shingles(
    articles: Sequence[Heading], profiles: Mapping[str, Profile]
) -> list[Shingles]:
    """Return the shingles of each of `articles`, in their order.

    Most stand in one article only. They are counted and forgotten.
    """
    import numpy as np

    if not articles:
        return []
    read = [profiles[article.id] for article in articles]
    codes = [one.shingles for one in read]
    _, places, often = np.unique(
        np.concatenate(codes), return_inverse=True, return_counts=True
    )
    own = np.split(places, np.cumsum([len(each) for each in codes])[:-1])
    return [
        Shingles(article, one, len(each), tuple(each[often[each] > 1].tolist()))
        for article, one, each in zip(articles, read, own, strict=True)
    ]
