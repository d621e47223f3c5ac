"""Stories under the reader's topics, the most important first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, islice, zip_longest
from typing import Final

from briefing.group.disputes import disputes
from briefing.group.names import most_named
from briefing.group.quotations import quotations
from briefing.group.stories import story_id_of
from briefing.group.topics import topic_hits
from briefing.model import (
    OTHER,
    Article,
    Report,
    Section,
    Sentence,
    Story,
    Summary,
    Topic,
    TopicHit,
)

IN_TURN: Final = 3
"""Stories that one source alone has, after which other sources' next ones come: a source that
floods takes no more places than any other."""


READ: Final = 12
"""Articles of a story in which numbers and names are looked for."""


def report(article: Article, summary: Summary, *, copy_of: str | None = None) -> Report:
    """Return `article` as a brief shows it, with the sentences of `summary`."""
    return Report(
        article_id=article.id,
        revision=article.revision,
        url=article.url,
        source=article.source,
        outlet=article.outlet,
        language=article.language,
        sentences=summary.sentences,
        recipe=summary.recipe,
        title=article.title,
        link=article.link,
        origin=article.origin,
        author=article.author,
        published=article.published,
        place=article.place,
        truncated=article.truncated,
        copy_of=copy_of,
    )


def story(
    articles: Sequence[Article],
    summaries: Mapping[str, Summary],
    topics: Sequence[Topic],
    *,
    copies: Mapping[str, str],
    sentences: Sequence[Sentence] = (),
    ident: str | None = None,
    known: Collection[str] = (),
) -> Story:
    """Return one group of `group_articles` or `continued` as a story.

    For each topic it has the best score that any of its articles has.

    Args:
        articles: at least one, the leading one first; their order is kept.
        summaries: article id → summary, of all of them.
        topics: in the configured order.
        copies: article id → id of the article that stands for it.
        sentences: the story's summary.
        ident: its id; that of `story_id_of` if None.
        known: what earlier editions showed of it; no quotation is among them.

    Raises:
        KeyError: the summary of an article is missing.
    """
    own = [one for one in articles if one.id not in copies][:READ]
    several = own if len(own) > 1 else []
    shown = {one.text for one in sentences or summaries[articles[0].id].sentences}
    return Story(
        id=ident or story_id_of(articles),
        reports=tuple(
            report(article, summaries[article.id], copy_of=copies.get(article.id))
            for article in articles
        ),
        topics=_best_hits(articles, topics),
        sentences=tuple(sentences),
        disputes=disputes(several),
        names=most_named(several),
        quotations=quotations(own, known=shown.union(known)),
    )


def _best_hits(
    articles: Sequence[Article], topics: Sequence[Topic]
) -> tuple[TopicHit, ...]:
    best: dict[str, TopicHit] = {}
    for hit in chain.from_iterable(
        topic_hits(a.title, a.text, topics, language=a.language) for a in articles
    ):
        if hit.slug not in best or hit.score > best[hit.slug].score:
            best[hit.slug] = hit
    configured = [best[topic.slug] for topic in topics if topic.slug in best]
    return tuple(sorted(configured, key=lambda hit: -hit.score))


def arrange(
    stories: Sequence[Story], topics: Sequence[Topic], *, other_title: str
) -> tuple[Section, ...]:
    """Return one section for each topic in the configured order, and `OTHER` last.

    Each story stands once, under its strongest topic. Sections without stories are
    included. In a section the stories are ordered by number of independent origins
    (`Story.origins`), of outlets, score for its topic, newest publication (undated last), and id; but
    of the stories that one source alone has, `IN_TURN` are followed by those of others.

    Args:
        stories: in any order.
        topics: in the configured order.
        other_title: heading of the section for stories that fit no topic.
    """
    headings = [(topic.slug, topic.title) for topic in topics] + [(OTHER, other_title)]
    placed: dict[str, list[Story]] = {slug: [] for slug, _ in headings}
    for each in stories:
        placed[_place(each, placed)].append(each)
    return tuple(
        Section(slug, title, _in_turns(placed[slug], slug)) for slug, title in headings
    )


def _in_turns(stories: Sequence[Story], slug: str) -> tuple[Story, ...]:
    """Return `stories` by rank, with no source's own ones before too many others."""
    ranked = sorted(stories, key=lambda story: _rank(story, slug))
    before: Counter[str] = Counter()
    turns = {}
    for story in ranked:
        sources = {report.source for report in story.reports}
        alone = sources.pop() if len(sources) == 1 else None
        turns[story.id] = before[alone] // IN_TURN if alone is not None else 0
        if alone is not None:
            before[alone] += 1
    return tuple(sorted(ranked, key=lambda story: turns[story.id]))


def _place(story: Story, slugs: Mapping[str, object]) -> str:
    return next((hit.slug for hit in story.topics if hit.slug in slugs), OTHER)


def _rank(story: Story, slug: str) -> tuple[int, int, float, float, str]:
    """Return the key that puts the most important story first."""
    score = max((hit.score for hit in story.topics if hit.slug == slug), default=0.0)
    times = [r.published.moment.timestamp() for r in story.reports if r.published]
    return (
        -len(story.origins),
        -len(story.outlets),
        -score,
        -max(times, default=float("-inf")),
        story.id,
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
