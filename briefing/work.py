"""Work on many texts at once, here or on a cluster: clean, condense, count their terms, judge them.

What one text does to its process costs no other anything.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from briefing.clean import clean
from briefing.condense import condense, condense_as, recipe
from briefing.group import (
    RECIPE,
    Profile,
    judged,
    profile_from,
    profiled,
    rules_recipe,
)
from briefing.model import (
    Article,
    Document,
    Failure,
    Heading,
    Judged,
    Profiled,
    Summary,
    Topic,
    TopicHit,
)
from briefing.ports import Progress
from briefing.settings import Settings, SummarySettings
from briefing.workers import Loss, Workers, workers_at

if TYPE_CHECKING:
    from briefing.store import Store

log = logging.getLogger(__name__)

INSTEAD: Final = ", lead instead"
"""Marks the recipe of a summary by `lead` of an article on which the wanted method's process was
lost: it is not tried again until the recipe changes."""


def cleaned(
    settings: Settings,
    documents: Sequence[Document],
    workers: Workers,
    progress: Progress,
) -> tuple[list[tuple[Document, Article]], list[Failure]]:
    """Return the article of each document, and why others have none."""
    cleaner = partial(
        clean,
        zone=settings.tzinfo,
        language=settings.language,
        noise=settings.noise,
    )
    done: list[tuple[Document, Article]] = []
    failures: list[Failure] = []
    results = workers.map(cleaner, documents, lost=_uncleaned)
    for number, (document, result) in enumerate(
        zip(documents, results, strict=True), 1
    ):
        if isinstance(result, Article):
            done.append((document, result))
        else:
            failures.append(result)
        progress("articles", number, len(documents))
    return done, failures


def _uncleaned(document: Document, why: Loss) -> Failure:
    return Failure("clean", document.url, why)


def condensed(
    settings: Settings, articles: Sequence[Article], workers: Workers
) -> list[Summary]:
    """Return a summary for each article; `lead` for one that the method is lost on."""
    wanted = {
        source: how.model_dump() for source, how in _wanted(settings, articles).items()
    }

    def lost(article: Article, why: Loss) -> Summary:
        log.warning("event=condense article=%s reason=%s", article.id, why)
        how = wanted[article.source]
        summary = condense(article, **{**how, "method": "lead"})
        return replace(summary, recipe=recipe(**how) + INSTEAD)

    condenser = partial(condense_as, wanted)
    return list(workers.map(condenser, articles, lost=lost))


def _wanted(
    settings: Settings, articles: Sequence[Article]
) -> dict[str, SummarySettings]:
    """Return for each source of `articles` how its articles are condensed."""
    sources = {article.source for article in articles}
    return {source: settings.summary_of(source) for source in sources}


def summaries_of(
    settings: Settings, store: Store, articles: Sequence[Article]
) -> dict[str, Summary]:
    """Return a summary for each article id, working out those that are not kept yet."""
    recipes = {
        source: how.recipe for source, how in _wanted(settings, articles).items()
    }
    pairs: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for article in articles:
        pairs[recipes[article.source]].append((article.id, article.revision))
    kept: dict[tuple[str, str], Summary] = {}
    for made_by, some in pairs.items():
        for one in (made_by + INSTEAD, made_by):
            kept |= store.summaries(some, one)
    lacking = [one for one in articles if (one.id, one.revision) not in kept]
    with workers_at(settings.cluster.dask) as workers:
        fresh = condensed(settings, lacking, workers)
    store.add_summaries(fresh)
    return {summary.article_id: summary for summary in [*kept.values(), *fresh]}


def derived(
    settings: Settings, articles: Sequence[Article], workers: Workers
) -> tuple[list[Summary], list[Profiled], list[Judged]]:
    """Return all that is made of each article when it comes."""
    return (
        condensed(settings, articles, workers),
        profiled_by(articles, workers),
        judged_by(settings.topics, articles, workers),
    )


def profiled_by(articles: Sequence[Article], workers: Workers) -> list[Profiled]:
    """Return what is counted of each article; of its title alone if its text did harm."""

    def lost(article: Article, why: Loss) -> Profiled:
        log.warning("event=profile article=%s reason=%s", article.id, why)
        return profiled(replace(article, text=""))

    return list(workers.map(profiled, articles, lost=lost))


def profiles_of(
    settings: Settings, store: Store, headings: Sequence[Heading], *, shingles: bool
) -> dict[str, Profile]:
    """Return article id → profile, counting those that are not kept yet."""
    pairs = [(one.id, one.revision) for one in headings]
    kept = store.profiles(pairs, RECIPE, shingles=shingles)
    lacking = set(pairs) - {(one.article_id, one.revision) for one in kept}
    with workers_at(settings.cluster.dask) as workers:
        fresh = profiled_by(store.articles(lacking), workers)
    store.add_profiles(fresh)
    return {one.article_id: profile_from(one) for one in (*kept, *fresh)}


def judged_by(
    topics: Sequence[Topic], articles: Sequence[Article], workers: Workers
) -> list[Judged]:
    """Return the topics that each article fits; those of its title if its text did harm."""
    judge = partial(judged, topics=topics, recipe=rules_recipe(topics))

    def lost(article: Article, why: Loss) -> Judged:
        log.warning("event=judge article=%s reason=%s", article.id, why)
        return judge(replace(article, text=""))

    return list(workers.map(judge, articles, lost=lost))


def hits_of(
    settings: Settings, store: Store, headings: Sequence[Heading]
) -> dict[str, tuple[TopicHit, ...]]:
    """Return article id → the topics it fits, judging those that were not by these rules."""
    topics = settings.topics
    pairs = [(one.id, one.revision) for one in headings]
    kept = store.topic_hits(pairs, rules_recipe(topics))
    lacking = set(pairs) - {(one.article_id, one.revision) for one in kept}
    with workers_at(settings.cluster.dask) as workers:
        fresh = judged_by(topics, store.articles(lacking), workers)
    store.add_topic_hits(fresh)
    return {one.article_id: one.hits for one in (*kept, *fresh)}
