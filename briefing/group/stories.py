"""Articles that tell of the same event become one story."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from heapq import nsmallest
from typing import Final

from briefing.group.vectors import Vector, cosine, total, vectors
from briefing.model import Article

ALIKE: Final = 0.33
"""Cosine from which two articles tell of the same event. Pair-F on id_stories.dev (530
articles) at .27, .30, .33, .36, .40: .90, .92, .92, .92, .74. Not for users to tune: the cliff
is near. Measured by ``pytest tests/quality/test_stories.py``."""

NEIGHBOURS: Final = 30
"""The most articles one article is linked to: its nearest. Bounds a flood of near-copies."""

DAYS_APART: Final = timedelta(days=5)
"""Articles published further apart tell of different events, however alike: what recurs
(exchange rates, weather, anniversaries) is no one story."""

_DIGITS: Final = 9
"""Decimals of a likeness that count; less is rounding error."""

_LAST: Final = datetime.max.replace(tzinfo=UTC)


def group_articles(articles: Sequence[Article]) -> tuple[tuple[Article, ...], ...]:
    """Return `articles` by event: each in exactly one group, whatever their order.

    Two articles are linked if their cosine is at least `ALIKE`, one is among the other's
    `NEIGHBOURS` nearest, and they were not published more than `DAYS_APART`; a story is
    what hangs together by links. Words link only articles of one language. An article
    without words stays alone.

    In a group the leading article stands first: the one most like all the others, then
    the earliest published (undated last), the longest, the least id. The others follow by
    publication (undated last) and id. Groups are ordered by their earliest article, then
    its id.

    The method is tf-idf nearest neighbours with connected components; stories are what
    the literature on topic detection and tracking calls topics.
    """
    fixed = sorted(articles, key=lambda article: (article.id, article.revision))
    weighed = vectors(fixed)
    groups = _components(len(fixed), _links(fixed, weighed))
    stories = [_led(members, fixed, weighed) for members in groups]
    return tuple(sorted(stories, key=lambda story: min(map(earliness, story))))


def earliness(article: Article) -> tuple[datetime, str]:
    """Return the key that sorts articles by publication, undated last, then by id."""
    moment = article.published.moment if article.published else _LAST
    return moment, article.id


def _links(
    articles: Sequence[Article], weighed: Sequence[Vector]
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of places that are linked."""
    near: list[list[tuple[float, int]]] = [[] for _ in articles]
    for one, other, likeness in _alike(weighed):
        if _close_in_time(articles[one], articles[other]):
            near[one].append((-likeness, other))
            near[other].append((-likeness, one))
    for place, neighbours in enumerate(near):
        for _, other in nsmallest(NEIGHBOURS, neighbours):
            yield place, other


def _alike(weighed: Sequence[Vector]) -> Iterator[tuple[int, int, float]]:
    """Yield each pair of places whose vectors are `ALIKE`, with their cosine.

    By an inverted index: only articles that share a term are ever compared. The time grows
    with the square of a flood of copies of one text.
    """
    index: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, vector in enumerate(weighed):
        products: defaultdict[int, float] = defaultdict(float)
        for term, weight in vector.items():
            posted = index[term]
            for other, others_weight in posted:
                products[other] += weight * others_weight
            posted.append((place, weight))
        for other, product in products.items():
            likeness = round(product, _DIGITS)
            if likeness >= ALIKE:
                yield other, place, likeness


def _close_in_time(one: Article, other: Article) -> bool:
    if one.published is None or other.published is None:
        return True
    return abs(one.published.moment - other.published.moment) <= DAYS_APART


def _components(count: int, links: Iterator[tuple[int, int]]) -> list[list[int]]:
    """Return the places 0 … `count` − 1 by connected component, ascending in each."""
    parent = list(range(count))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for one, other in links:
        first, second = sorted((root(one), root(other)))
        parent[second] = first
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for place in range(count):
        groups[root(place)].append(place)
    return list(groups.values())


def _led(
    members: Sequence[int], articles: Sequence[Article], weighed: Sequence[Vector]
) -> tuple[Article, ...]:
    """Return the articles at `members`, the leading one first."""
    common = total(weighed[place] for place in members)

    def standing(place: int) -> tuple[float, datetime, int, str]:
        article = articles[place]
        moment, ident = earliness(article)
        likeness = round(cosine(weighed[place], common), _DIGITS)
        return -likeness, moment, -len(article.text), ident

    leading = min(members, key=standing)
    others = sorted((articles[p] for p in members if p != leading), key=earliness)
    return articles[leading], *others
