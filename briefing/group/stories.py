"""Articles that tell of the same event become one story."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce
from itertools import chain
from typing import Final, TypeVar

from briefing.group.crowds import crowd_links, crowded
from briefing.group.joining import Link, joined
from briefing.group.likeness import Beside, Search, likenesses
from briefing.group.overlaps import Pairs
from briefing.group.profiles import Profile, profiles_of
from briefing.group.series import next_in_series
from briefing.group.times import DAYS_APART, Times, earliness, times, together
from briefing.group.vectors import Matrix, Vectors, vectors
from briefing.model import Heading
from briefing.text import story_id

Headed = TypeVar("Headed", bound=Heading)
"""An article, or its heading alone where its profile is known."""

NEIGHBOURS: Final = 30
"""The most articles one article is linked to: its nearest. Bounds a flood of near-copies."""

_DIGITS: Final = 9
"""Decimals of a likeness that count; less is rounding error."""


def group_articles(
    articles: Sequence[Headed],
    *,
    copies: Mapping[str, str],
    profiles: Mapping[str, Profile] | None = None,
) -> tuple[tuple[Headed, ...], ...]:
    """Return `articles` by event: each in exactly one group, whatever their order.

    A copy is in the group of the article that stands for it, and only those are compared:
    a text counts once, however many carry it. Two are linked if they are alike
    (`likenesses`, for headlines of which many tell of one event `crowd_links`), one is
    among the other's `NEIGHBOURS` nearest, and they were not published (or, without a date,
    did not come) more than `DAYS_APART`. Links join articles to stories, the strongest first (`joined`); items of a
    series stay apart (`next_in_series`). Languages are not asked for: two share few words
    beyond names. An article without words stays alone.

    In a group the leading article stands first: of those that are no copies the one most
    like all the others, then the earliest published (undated last), the longest, the least
    id. The others follow by publication (undated last) and id. Groups are ordered by their
    earliest article, then its id.

    The method is nearest neighbours by tf-idf, joined by single links that the mean over
    all pairs must confirm; stories are what the literature on topic detection and tracking
    calls topics.

    Args:
        articles: in any order.
        copies: article id → id of the article that stands for it (`briefing.group.copies`).
        profiles: article id → profile; if None, they are counted from the articles' texts.
    """
    stories = continued(articles, (), copies=copies, profiles=profiles)
    found = [story for _, story in stories]
    return tuple(sorted(found, key=lambda story: min(map(earliness, story))))


def continued(
    articles: Sequence[Headed],
    told: Sequence[tuple[Headed, str]],
    *,
    copies: Mapping[str, str],
    profiles: Mapping[str, Profile] | None = None,
    beside: Beside | None = None,
) -> tuple[tuple[str, tuple[Headed, ...]], ...]:
    """Return new `articles` by event, as `group_articles` does, each with its story's id.

    A story goes on while its new articles are linked to some that were told and lie within
    `DAYS_APART` of its last one; it keeps its id. Two stories that were told are never
    joined and none is taken apart, whatever is linked to both. The id of a new story is that
    of `story_id_of`. Ordered by id.

    Args:
        articles: new, in any order.
        told: articles of earlier editions with their stories' ids, in any order; those
            published more than `DAYS_APART` before the first new one count for rarity only.
        copies: of new articles, as in `group_articles`.
        profiles: of both, as in `group_articles`.
        beside: as in `likenesses`.
    """
    new = {article.id for article in articles}
    earlier = [(article, story) for article, story in told if article.id not in new]
    story_of = {article.id: story for article, story in earlier}
    everyone = [*articles, *(article for article, _ in earlier)]
    counted = profiles_of(everyone) if profiles is None else profiles
    carriers = _carriers(everyone, copies)
    running: defaultdict[str, list[int]] = defaultdict(list)
    for place, carried in enumerate(carriers):
        if carried[0].id in story_of:
            running[story_of[carried[0].id]].append(place)
    stories = []
    for members, texts in _groups(carriers, counted, running, beside):
        known = {story_of.get(carriers[place][0].id) for place in members} - {None}
        fresh = [place for place in members if carriers[place][0].id not in story_of]
        if fresh:
            story = _led(fresh, carriers, counted, texts)
            stories.append((next(iter(known), None) or story_id_of(story), story))
    return tuple(sorted(stories, key=lambda each: each[0]))


def _groups(
    carriers: Sequence[Sequence[Heading]],
    profiles: Mapping[str, Profile],
    running: Mapping[str, Sequence[int]],
    beside: Beside | None,
) -> Iterator[tuple[list[int], Matrix]]:
    """Yield the places of each story, with the vectors of all."""
    spans = [_span(carried) for carried in carriers]
    read = [profiles[carried[0].id] for carried in carriers]
    weighed = vectors(read)
    dated = [any(map(times, carried)) for carried in carriers]
    told = {*chain.from_iterable(running.values())}
    links, close = _links(spans, weighed, dated, told, beside=beside)
    apart = {
        (one, other)
        for _, one, other in links
        if next_in_series(
            carriers[one][0], carriers[other][0], (read[one], read[other])
        )
    }
    for places in running.values():
        last = max(span[-1:] for place in places for span in [spans[place]])
        for place in places:
            spans[place] = last
    kept = list(running.values())
    for members in joined(spans, links, close, apart=apart, told=kept):
        yield members, weighed.texts


def _carriers(
    articles: Sequence[Headed], copies: Mapping[str, str]
) -> list[list[Headed]]:
    """Return each article that is no copy, followed by its copies; the earliest first."""
    fixed = sorted(articles, key=lambda article: (article.id, article.revision))
    standing = {article.id for article in fixed if article.id not in copies}
    copied: defaultdict[str, list[Headed]] = defaultdict(list)
    alone = []
    for article in fixed:
        if copies.get(article.id) in standing:
            copied[copies[article.id]].append(article)
        else:
            alone.append(article)
    carriers = [[article, *copied.pop(article.id, ())] for article in alone]
    return sorted(carriers, key=_span)


def _span(articles: Sequence[Heading]) -> Times:
    """Return when a text was published; one that does not say it, when it came.

    Else it would be linked to articles of any year.
    """
    if not any(map(times, articles)):
        return (min(article.fetched for article in articles),)
    if len(articles) == 1:
        return times(articles[0])
    return reduce(lambda span, one: together(span, times(one)) or span, articles, ())


def story_id_of(articles: Sequence[Heading]) -> str:
    """Return the id of a story: its earliest article's (undated last, then by id).

    Args:
        articles: at least one, in any order.
    """
    return story_id(min(articles, key=earliness).id)


def _links(
    spans: Sequence[Times],
    texts: Vectors,
    dated: Sequence[bool],
    told: Collection[int],
    *,
    beside: Beside | None,
) -> tuple[list[Link], Matrix]:
    """Return the pairs of places that are linked, the strongest first, then by place.

    Links between places that were `told` before say nothing and are not sought. Also the vectors by which groups are to be close: crowded headlines are read together.
    """
    import numpy as np

    firsts, lasts = (
        np.array([_seconds(span, end) for span in spans]) for end in (0, -1)
    )
    within = DAYS_APART.total_seconds()
    new = np.array([place not in told for place in range(len(spans))], bool)
    search = Search(texts, firsts, lasts, np.array(dated, bool), within, new)
    found = likenesses(search, beside=beside)
    crowd = crowded(texts.texts, firsts, within=within)
    linked = {
        (-value, min(one, other), max(one, other))
        for pairs in (found, crowd_links(crowd, firsts, within=within))
        for one, other, value in _nearest(pairs)
    }
    return sorted(linked), crowd.or_else(texts.texts)


def _seconds(span: Times, end: int) -> float:
    return span[end].timestamp()


def _nearest(pairs: Pairs) -> Iterable[tuple[int, int, float]]:
    """Return the pairs of which one is among the `NEIGHBOURS` nearest of the other."""
    import numpy as np

    kept = np.zeros(len(pairs.one), bool)
    for place in (pairs.one, pairs.other):
        order = np.lexsort((pairs.one, pairs.other, -pairs.value, place))
        ordered = place[order]
        kept[order] |= (
            np.arange(len(order)) - np.searchsorted(ordered, ordered) < NEIGHBOURS
        )
    chosen = (pairs.one[kept], pairs.other[kept], pairs.value[kept])
    return zip(*(each.tolist() for each in chosen), strict=True)


def _led(
    members: Sequence[int],
    carriers: Sequence[Sequence[Headed]],
    profiles: Mapping[str, Profile],
    texts: Matrix,
) -> tuple[Headed, ...]:
    """Return the articles at `members` and their copies, the leading one first."""
    if len(members) == 1:
        leading, *others = carriers[members[0]]
        return leading, *sorted(others, key=earliness)
    likeness = _likeness_to_all(members, texts)

    def standing(place: int) -> tuple[float, datetime, int, str]:
        article = carriers[place][0]
        moment, ident = earliness(article)
        return -likeness[place], moment, -profiles[article.id].length, ident

    leading = carriers[min(members, key=standing)][0]
    everyone = (article for place in members for article in carriers[place])
    others = sorted((each for each in everyone if each is not leading), key=earliness)
    return leading, *others


def _likeness_to_all(members: Sequence[int], texts: Matrix) -> dict[int, float]:
    """Return how much each row has in common with all of `members`."""
    import numpy as np

    rows = [texts.row(place) for place in members]
    total = np.bincount(
        np.concatenate([each for each, _ in rows]),
        np.concatenate([weights for _, weights in rows]),
    )
    return {
        place: round(float(total[each] @ weights), _DIGITS)
        for place, (each, weights) in zip(members, rows, strict=True)
    }
