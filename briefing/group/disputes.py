"""Where outlets that tell one story give different numbers for the same thing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import cache
from itertools import chain, combinations
from typing import Final

from briefing.group.counts import Count, counts
from briefing.model import Article, Claim, Dispute
from briefing.text import fold, language, sentences_of

LEADING: Final = 8
"""Sentences of an article that tell the event; further down stands what happened before."""

SAME_TIME: Final = timedelta(hours=24)
"""Time between two reports within which a toll that has risen is no longer the reason."""


_NAME: Final = re.compile(r"(?<=\w )[A-Z][\w'’-]+")
"""A word with a capital inside a sentence."""


def disputes(articles: Sequence[Article]) -> tuple[Dispute, ...]:
    """Return what the outlets of a story do not agree on, by what is counted.

    Only when sure: an article that gives two numbers for a thing gives none; of an outlet's
    articles the newest counts; "at least 12" and 15 agree. A false alarm is worse than none.

    Args:
        articles: of one story, without copies.
    """
    stated = [_stated(one) for one in _newest_of_each(articles)]
    by_kind: defaultdict[str, list[tuple[Article, Count, Claim]]] = defaultdict(list)
    for article, claims in stated:
        for count, claim in claims:
            by_kind[count.what].append((article, count, claim))
    return tuple(
        Dispute(what, tuple(claim for _, _, claim in sorted(found, key=_by_time)))
        for what, found in sorted(by_kind.items())
        if _disagree(found)
    )


def _disagree(found: Sequence[tuple[Article, Count, Claim]]) -> bool:
    return any(
        one.clashes(other)
        and _same_time(first, second)
        and _same_place(here.sentence.text, there.sentence.text)
        for (first, one, here), (second, other, there) in combinations(found, 2)
    )


def _same_place(one: str, other: str) -> bool:
    """Tell whether two sentences can be of one place: a toll of a town is not its province's."""
    mine, theirs = _names(one), _names(other)
    return not (mine and theirs) or not mine.isdisjoint(theirs)


def _names(sentence: str) -> set[str]:
    return {fold(name) for name in _NAME.findall(sentence)} - _names_of_days()


@cache
def _names_of_days() -> frozenset[str]:
    """Return what is written with a capital and is no place."""
    spoken = [language(tag) for tag in ("id", "ms", "en")]
    return frozenset(
        chain.from_iterable((*one.weekdays, *one.months) for one in spoken)
    )


def _same_time(one: Article, other: Article) -> bool:
    if one.published is None or other.published is None:
        return False
    return abs(one.published.moment - other.published.moment) <= SAME_TIME


def _by_time(found: tuple[Article, Count, Claim]) -> tuple[float, str, str]:
    """Order the newest first."""
    article, _, claim = found
    moment = article.published.moment.timestamp() if article.published else 0.0
    return -moment, claim.outlet, article.id


def _newest_of_each(articles: Iterable[Article]) -> list[Article]:
    newest: dict[str, Article] = {}
    for one in sorted(articles, key=_age):
        newest[fold(one.outlet)] = one
    return [newest[outlet] for outlet in sorted(newest)]


def _age(article: Article) -> tuple[float, str]:
    moment = article.published.moment.timestamp() if article.published else 0.0
    return moment, article.id


def _stated(article: Article) -> tuple[Article, list[tuple[Count, Claim]]]:
    """Return what an article counts, each with the first sentence that says so."""
    found: dict[str, list[tuple[Count, Claim]]] = {}
    for sentence in sentences_of(article, LEADING):
        for count in counts(sentence.text, language=article.language):
            claim = Claim(count.value, article.outlet, sentence)
            found.setdefault(count.what, []).append((count, claim))
    sure = (
        each[0]
        for each in found.values()
        if len({count.value for count, _ in each}) == 1
    )
    return article, list(sure)
