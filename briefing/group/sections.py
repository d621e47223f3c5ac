"""Stories under the reader's topics, the most important first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice, zip_longest
from typing import Final

from briefing.group.disputes import disputes
from briefing.group.names import most_named
from briefing.group.quotations import quotations
from briefing.group.stories import story_id_of
from briefing.model import (
    OTHER,
    Article,
    Heading,
    Report,
    Section,
    Sentence,
    Shape,
    Standing,
    Story,
    Summary,
    Topic,
    TopicHit,
)

READ: Final = 12
"""Articles of a story in which numbers and names are looked for."""


def report(
    article: Heading, summary: Summary | None = None, *, copy_of: str | None = None
) -> Report:
    """Return `article` as a brief shows it, with the sentences of `summary` if there is one."""
    return Report(
        article_id=article.id,
        revision=article.revision,
        url=article.url,
        source=article.source,
        outlet=article.outlet,
        language=article.language,
        sentences=summary.sentences if summary else (),
        recipe=summary.recipe if summary else "",
        title=article.title,
        link=article.link,
        origin=article.origin,
        author=article.author,
        published=article.published,
        place=article.place,
        truncated=article.truncated,
        copy_of=copy_of,
    )


def candidate(
    articles: Sequence[Heading],
    topics: Sequence[Topic],
    hits: Mapping[str, Sequence[TopicHit]],
    *,
    copies: Mapping[str, str],
    ident: str | None = None,
) -> Story:
    """Return one group of `group_articles` or `continued` as a story without sentences.

    That is all that ranking and a one-liner need. For each topic it has the best score that
    any of its articles has.

    Args:
        articles: at least one, the leading one first; their order is kept.
        topics: in the configured order.
        hits: article id → the topics that it fits, of all of them.
        copies: article id → id of the article that stands for it.
        ident: its id; that of `story_id_of` if None.
    """
    return Story(
        id=ident or story_id_of(articles),
        reports=tuple(
            report(article, copy_of=copies.get(article.id)) for article in articles
        ),
        topics=_best_hits((hits[article.id] for article in articles), topics),
    )


def in_full(
    story: Story,
    articles: Sequence[Article],
    summaries: Mapping[str, Summary],
    *,
    sentences: Sequence[Sentence] = (),
    known: Collection[str] = (),
) -> Story:
    """Return a `candidate` with its sentences, and with what its articles dispute and name.

    Args:
        story: the candidate.
        articles: of which it was made, in the same order.
        summaries: article id → summary, of all of them.
        sentences: the story's summary.
        known: what earlier editions showed of it; no quotation is among them.

    Raises:
        KeyError: the summary of an article is missing.
    """
    copies = {one.article_id for one in story.reports if one.copy_of is not None}
    own = [one for one in articles if one.id not in copies][:READ]
    several = own if len(own) > 1 else []
    shown = {one.text for one in sentences or summaries[articles[0].id].sentences}
    return replace(
        story,
        reports=tuple(
            report(article, summaries[article.id], copy_of=told.copy_of)
            for article, told in zip(articles, story.reports, strict=True)
        ),
        sentences=tuple(sentences),
        disputes=disputes(several),
        names=most_named(own),
        quotations=quotations(own, known=shown.union(known)),
    )


def _best_hits(
    several: Iterable[Sequence[TopicHit]], topics: Sequence[Topic]
) -> tuple[TopicHit, ...]:
    best: dict[str, TopicHit] = {}
    for hit in chain.from_iterable(several):
        if hit.slug not in best or hit.score > best[hit.slug].score:
            best[hit.slug] = hit
    configured = [best[topic.slug] for topic in topics if topic.slug in best]
    return tuple(sorted(configured, key=lambda hit: -hit.score))


def arrange(
    standings: Sequence[Standing],
    stories: Mapping[str, Story],
    topics: Sequence[Topic],
    *,
    other_title: str,
) -> tuple[Section, ...]:
    """Return one section for each topic in the configured order, and `OTHER` last.

    Each story stands once, where its standing says; those that are only counted do not stand
    there. Sections without stories are included.

    Args:
        standings: by rank.
        stories: id → story: in full, or as a candidate for one line.
        topics: in the configured order.
        other_title: heading of the section for stories that fit no topic.
    """
    headings = [(topic.slug, topic.title) for topic in topics] + [(OTHER, other_title)]

    def shown(slug: str, shape: Shape) -> tuple[Story, ...]:
        return tuple(
            stories[each.story]
            for each in standings
            if (each.section, each.shape) == (slug, shape)
        )

    return tuple(
        Section(slug, title, shown(slug, "full"), shown(slug, "line"))
        for slug, title in headings
    )


def top_lines(sections: Sequence[Section], *, limit: int = 4) -> tuple[Sentence, ...]:
    """Return the most important sentences: each the first of its story, none twice.

    The sections take turns in their order, each with its next best story; `OTHER` only
    fills what the topics leave. A story without sentences is passed over.

    Args:
        sections: as `arrange` returns them.
        limit: the most sentences.
    """
    of_topics = [section for section in sections if section.slug != OTHER]
    others = [section for section in sections if section.slug == OTHER]
    lines = chain(_turns(of_topics), _turns(others))
    return tuple(islice(_distinct(lines), limit))


def _turns(sections: Sequence[Section]) -> Iterator[Sentence]:
    for turn in zip_longest(*map(_openings, sections)):
        yield from (sentence for sentence in turn if sentence is not None)


def _openings(section: Section) -> Iterator[Sentence]:
    """Yield the first sentence of each story, else of the leading report that has one."""
    for each in section.stories:
        passages = (each.sentences, *(one.sentences for one in each.reports))
        yield from islice(chain.from_iterable(passages), 1)


def _distinct(sentences: Iterator[Sentence]) -> Iterator[Sentence]:
    """Yield each wording once; copies of one article may lead two stories."""
    seen: set[str] = set()
    for sentence in sentences:
        wording = " ".join(sentence.text.split()).casefold()
        if wording not in seen:
            seen.add(wording)
            yield sentence
