"""Articles that tell of the same event become one story."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce
from heapq import nsmallest
from itertools import islice
from typing import Final

from briefing.group.times import Times, earliness, times, together
from briefing.group.vectors import Vector, cosine, total, vectors
from briefing.model import Article
from briefing.text import story_id

ALIKE: Final = 0.33
"""Cosine from which two articles tell of the same event. Pair-F on id_stories.dev (530
articles) at .27, .30, .33, .36, .40: .91, .93, .93, .92, .75. Not for users to tune: the cliff
is near. Measured by ``pytest tests/quality/test_stories.py``."""

NEIGHBOURS: Final = 30
"""The most articles one article is linked to: its nearest. Bounds a flood of near-copies."""

COMMON_TERMS: Final = 4
"""The fewest terms that two linked articles share, unless all their terms are the same: what
differs by one word out of four ("leave", "attacked") is another event, though the cosine is
high. On the bare titles of id_stories.dev (8 terms) precision .94, recall .61 against .85, .70
without; a higher cosine there instead (.40) reached .90, .45. With the first sentence (17
terms) and on whole articles it changes nothing. Measured by ``pytest tests/quality/test_stories.py``."""

_DIGITS: Final = 9
"""Decimals of a likeness that count; less is rounding error."""

_Link = tuple[float, int, int]
"""Negative likeness and the places of two articles, the lower first."""


def group_articles(
    articles: Sequence[Article], *, copies: Mapping[str, str]
) -> tuple[tuple[Article, ...], ...]:
    """Return `articles` by event: each in exactly one group, whatever their order.

    A copy is in the group of the article that stands for it, and only those are compared:
    a text counts once, however many carry it. Two are linked if their cosine is at least
    `ALIKE`, they share `COMMON_TERMS`, one is among the other's `NEIGHBOURS` nearest, and
    they were not published more than `DAYS_APART`. Links join articles, the strongest link
    first, to stories whose dated members lie within `DAYS_APART`. Languages are not asked
    for: two share few words beyond names, and a language wrongly detected parts nothing.
    An article without words stays alone.

    In a group the leading article stands first: of those that are no copies the one most
    like all the others, then the earliest published (undated last), the longest, the least
    id. The others follow by publication (undated last) and id. Groups are ordered by their
    earliest article, then its id.

    The method is tf-idf nearest neighbours with single-link clustering; stories are what
    the literature on topic detection and tracking calls topics.

    Args:
        articles: in any order.
        copies: article id → id of the article that stands for it (`briefing.group.copies`).
    """
    carriers = _carriers(articles, copies)
    originals = [carried[0] for carried in carriers]
    weighed = vectors(originals)
    spans = [_span(carried) for carried in carriers]
    stories = [
        _led(members, carriers, weighed)
        for members in _joined(spans, _links(spans, weighed))
    ]
    return tuple(sorted(stories, key=lambda story: min(map(earliness, story))))


def _carriers(
    articles: Sequence[Article], copies: Mapping[str, str]
) -> list[list[Article]]:
    """Return each article that is no copy, by id, followed by its copies."""
    fixed = sorted(articles, key=lambda article: (article.id, article.revision))
    standing = {article.id for article in fixed if article.id not in copies}
    copied: defaultdict[str, list[Article]] = defaultdict(list)
    alone = []
    for article in fixed:
        if copies.get(article.id) in standing:
            copied[copies[article.id]].append(article)
        else:
            alone.append(article)
    return [[article, *copied.pop(article.id, ())] for article in alone]


def _span(articles: Iterable[Article]) -> Times:
    return reduce(lambda span, one: together(span, times(one)) or span, articles, ())


def story_id_of(articles: Sequence[Article]) -> str:
    """Return the id of a story: its earliest article's (undated last, then by id).

    Args:
        articles: at least one, in any order.
    """
    return story_id(min(articles, key=earliness).id)


def _links(spans: Sequence[Times], weighed: Sequence[Vector]) -> list[_Link]:
    """Return the pairs of places that are linked, the strongest first, then by place."""
    near: list[list[tuple[float, int]]] = [[] for _ in spans]
    for one, other, likeness in _alike(weighed):
        if together(spans[one], spans[other]) is not None:
            near[one].append((-likeness, other))
            near[other].append((-likeness, one))
    return sorted(
        {
            (distance, min(place, other), max(place, other))
            for place, neighbours in enumerate(near)
            for distance, other in nsmallest(NEIGHBOURS, neighbours)
        }
    )


def _alike(weighed: Sequence[Vector]) -> Iterator[tuple[int, int, float]]:
    """Yield each pair of places that are alike, with their cosine.

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
            if likeness >= ALIKE and _share_enough(vector, weighed[other]):
                yield other, place, likeness


def _share_enough(one: Vector, other: Vector) -> bool:
    return (
        sum(1 for _ in islice((t for t in one if t in other), COMMON_TERMS))
        == COMMON_TERMS
        or one.keys() == other.keys()
    )


def _joined(parts: Sequence[Times], links: Iterable[_Link]) -> list[list[int]]:
    """Return the places of `parts` by story, ascending in each.

    A link that would join what was published more than `DAYS_APART` is passed over.

    Args:
        parts: when the articles at each place were published.
        links: the strongest first, so that the order of the input never matters.
    """
    parent = list(range(len(parts)))
    spans = list(parts)

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for _, one, other in links:
        first, second = sorted((root(one), root(other)))
        joined = together(spans[first], spans[second])
        if first != second and joined is not None:
            parent[second] = first
            spans[first] = joined
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for place in range(len(parts)):
        groups[root(place)].append(place)
    return list(groups.values())


def _led(
    members: Sequence[int],
    carriers: Sequence[Sequence[Article]],
    weighed: Sequence[Vector],
) -> tuple[Article, ...]:
    """Return the articles at `members` and their copies, the leading one first."""
    common = total(weighed[place] for place in members)

    def standing(place: int) -> tuple[float, datetime, int, str]:
        article = carriers[place][0]
        moment, ident = earliness(article)
        likeness = round(cosine(weighed[place], common), _DIGITS)
        return -likeness, moment, -len(article.text), ident

    leading = carriers[min(members, key=standing)][0]
    everyone = (article for place in members for article in carriers[place])
    others = sorted((each for each in everyone if each is not leading), key=earliness)
    return leading, *others
