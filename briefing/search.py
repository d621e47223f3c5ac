"""Words → the stories and articles that have them, of all that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from briefing.group import plain, topic_hits
from briefing.model import Article, Topic
from briefing.settings import Settings
from briefing.text import fold, words
from briefing.text.affixes import affixes

if TYPE_CHECKING:
    from briefing.store import Store


@dataclass(frozen=True, slots=True)
class Found:
    """A story that a published edition tells, or an article that none does.

    Attributes:
        story: the story's id, None for an article by itself.
        edition: key of the newest published edition that tells it, None if none does.
        score: of its best article, as of a topic's rules.
        articles: those that have the words, the best first; at least one.
    """

    story: str | None
    edition: str | None
    score: float
    articles: tuple[Article, ...]


def search(
    settings: Settings,
    store: Store,
    terms: Sequence[str],
    *,
    topic: str | None = None,
    outlet: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> tuple[Found, ...]:
    """Return what has all of some terms in its title or text, the best first, then the newest.

    A word finds what is made from it too, as in the rules of topics; an article is judged by its
    newest revision.

    Args:
        settings: topics and zone are used.
        store: holds the articles.
        terms: words and phrases, as in a topic's rules.
        topic: slug of a topic that the article has to fit.
        outlet: who has to have published it; case does not count.
        since: the first day on which it may have come out, or been fetched if that is not known.
        until: the last one.

    Raises:
        ValueError: a term is ill-formed.
        StoreError: the store cannot be read.
    """
    asked = Topic("asked", "", tuple(terms), need=tuple((one,) for one in terms))
    wanted = tuple(one for one in settings.topics if one.slug == topic)
    parts = [part for one in terms for part in _parts(one)]
    hits: list[tuple[float, Article]] = []
    for article in store.each_article(
        since=_begin(since, settings), until=_begin(until, settings, days=1)
    ):
        if (
            outlet
            and (article.outlet or article.source).casefold() != outlet.casefold()
        ):
            continue
        if not _may_have(article, parts):
            continue
        if (score := _score(article, asked)) is None:
            continue
        if wanted and _score(article, wanted[0]) is None:
            continue
        hits.append((score, article))
    hits.sort(key=lambda hit: (-hit[0], -hit[1].came_out.timestamp(), hit[1].id))
    return _together(store, hits)


def _parts(term: str) -> list[str]:
    """Return what a text has to have for a term to be in it: its words without the first letter.

    That is all of a word that is left in those made from it: "menyerang" from "serang".
    """
    return [word[1:] for word in words(fold(plain(term)))]


def _may_have(article: Article, parts: Sequence[str]) -> bool:
    """Return False only where the terms cannot be in an article; much faster than the rules."""
    if affixes(article.language) is None:
        return True  # by their stems words have less in common
    folded = fold(f"{article.title or ''} {article.text}")
    return all(part in folded for part in parts)


def _score(article: Article, topic: Topic) -> float | None:
    """Return how well an article fits a topic, None if it does not."""
    found = topic_hits(article.title, article.text, (topic,), language=article.language)
    return found[0].score if found else None


def _together(store: Store, hits: Sequence[tuple[float, Article]]) -> tuple[Found, ...]:
    """Return the articles of each story together, in the order of the best of them."""
    told = store.told_in(article.id for _, article in hits)
    found: dict[str, list[tuple[float, Article]]] = {}
    for score, article in hits:
        _, story = told.get(article.id, (None, None))
        found.setdefault(story or article.id, []).append((score, article))
    return tuple(
        Found(
            key if key != some[0][1].id else None,
            told.get(some[0][1].id, (None, None))[0],
            some[0][0],
            tuple(article for _, article in some),
        )
        for key, some in found.items()
    )


def _begin(day: date | None, settings: Settings, *, days: int = 0) -> datetime | None:
    """Return when a day begins for the reader, or one so many days later."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=days), time(), settings.tzinfo)
