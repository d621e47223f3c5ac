"""Which of the reader's topics an article fits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import chain
from typing import Final

from briefing.group.examples import NOTHING, learned
from briefing.group.matching import Matcher
from briefing.group.terms import Term, parse_term
from briefing.model import Article, Judged, Topic, TopicHit
from briefing.text import digest, fold, words

RECIPE: Final = "topics/1"
"""How an article is judged by rules. What was judged by another recipe is judged anew."""

IN_TITLE: Final = 3.0
"""Times its weight that a term adds by standing in the title, whatever the text says."""

SATURATION: Final = 5.0
"""Occurrences in the text that are worth half of infinitely many: k₁ of BM25 (Robertson and
Zaragoza, The Probabilistic Relevance Framework, 2009). With title and text counted apart 3, 5, 8
and 12 give macro-F1 .976/.902, .976/.898, .973/.898, .973/.887 on the earlier and the later half of
id_stories.dev, rules written for the earlier (`pytest tests/quality/test_topics.py`); with shorter
rules .904/.842, and with both in one count .919/.834 at best. Twenty words a topic, without
weights, written without the articles: .810/.754, before .788/.743."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well an article fits a topic, and why it does or does not.

    Attributes:
        topic: the topic.
        scores: the terms of `Topic.any` that occur, as written without their weights, in
            the rules' order, each with what it adds.
        examples: what likeness to the topic's examples adds, or takes.
        lacking: the lists of `Topic.need` of which no term occurs.
        excluded: the terms of `Topic.exclude` that occur.
    """

    topic: Topic
    scores: tuple[tuple[str, float], ...]
    examples: float = 0.0
    lacking: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """The sum of what terms and examples add."""
        return sum(score for _, score in self.scores) + self.examples

    @property
    def fits(self) -> bool:
        """Whether the article belongs under the topic."""
        return (
            not (self.lacking or self.excluded)
            and bool(self.scores)
            and self.score >= self.topic.min_score
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """A topic's rules, parsed."""

    topic: Topic
    any: tuple[Term, ...]
    need: tuple[tuple[Term, ...], ...]
    exclude: tuple[Term, ...]

    @property
    def terms(self) -> Iterator[Term]:
        """All terms in them."""
        return chain(self.any, *self.need, self.exclude)

    def verdict(
        self, title: Mapping[Term, int], text: Mapping[Term, int], examples: float = 0.0
    ) -> Verdict:
        """Return how well an article fits, given how often each term occurs."""
        occurring = title.keys() | text.keys()
        return Verdict(
            self.topic,
            tuple(
                (term.text, _score(term, title, text))
                for term in self.any
                if term in occurring
            ),
            examples,
            tuple(
                tuple(term.text for term in terms)
                for terms in self.need
                if occurring.isdisjoint(terms)
            ),
            tuple(term.text for term in self.exclude if term in occurring),
        )


class _Judge:
    """The rules of all topics and what their examples say, for texts of one language."""

    def __init__(self, topics: Sequence[Topic], language: str) -> None:
        self._language = language
        self._rules = [compile_topic(topic) for topic in topics]
        terms = chain.from_iterable(rules.terms for rules in self._rules)
        self._matcher = Matcher(terms, language)
        self._learned = NOTHING
        self._learned = learned(topics, self._on_examples(topics), language)

    def verdicts(self, title: str, text: str) -> tuple[Verdict, ...]:
        heading, body = words(fold(title)), words(fold(text))
        in_title, in_text = self._matcher.counts(heading), self._matcher.counts(body)
        added = (
            self._learned.added([*heading, *heading, *body], self._language)
            if self._learned.telling
            else {}
        )
        return tuple(
            rules.verdict(in_title, in_text, added.get(rules.topic.slug, 0.0))
            for rules in self._rules
        )

    def _on_examples(self, topics: Sequence[Topic]) -> dict[str, dict[str, float]]:
        """Return example → topic's slug → what the rules alone give it."""
        texts = chain.from_iterable((*topic.yes, *topic.no) for topic in topics)
        return {
            text: {each.topic.slug: each.score for each in self.verdicts(*parted(text))}
            for text in texts
        }


@lru_cache(maxsize=32)
def _judge(topics: tuple[Topic, ...], language: str) -> _Judge:
    return _Judge(topics, language)


def parted(example: str) -> tuple[str, str]:
    """Return headline and text of an example: its first line, and what follows."""
    headline, _, text = example.strip().partition("\n")
    return headline, text


def verdicts(
    title: str | None, text: str, topics: Sequence[Topic], *, language: str = "und"
) -> tuple[Verdict, ...]:
    """Return for each of `topics`, in their order, how well an article fits it.

    A term of `Topic.any` adds 3 · weight if it stands in the title, and by f occurrences in
    the text weight · 6 · f / (f + 5): its weight for the first, never six times. Likeness to
    the topic's examples is added (`briefing.group.examples`). The sum counts from
    `Topic.min_score`, if any term occurs, of every `need` list too, and no `exclude` term does.

    There is no idf in it: the score of an article must not depend on what else came that
    day. How telling a term is, its weight says.

    Args:
        title: None if there is none.
        text: the article's text.
        topics: all that the reader has, in any order: examples of one say what others are not.
        language: BCP 47 tag of title and text; a term means also what is made from it.

    Raises:
        ValueError: a term is ill-formed (`check_term`).
    """
    return _judge(tuple(topics), language).verdicts(title or "", text)


def topic_hits(
    title: str | None, text: str, topics: Sequence[Topic], *, language: str = "und"
) -> tuple[TopicHit, ...]:
    """Return the topics an article fits, the strongest first, ties in the topics' order.

    `TopicHit.terms` are the terms that occur, in the rules' order, as written but without
    their weights. Arguments and errors as of `verdicts`.
    """
    hits = (
        TopicHit(each.topic.slug, each.score, tuple(term for term, _ in each.scores))
        for each in verdicts(title, text, topics, language=language)
        if each.fits
    )
    return tuple(sorted(hits, key=lambda hit: -hit.score))


def rules_recipe(topics: Sequence[Topic]) -> str:
    """Return what tells apart hits of other rules, other examples or another scorer."""
    written = json.dumps([asdict(topic) for topic in topics])
    return f"{RECIPE} {digest(written.encode())[:16]}"


def judged(article: Article, topics: Sequence[Topic], *, recipe: str) -> Judged:
    """Return the topics that an article fits as they are kept.

    Args:
        article: the article.
        topics: as of `verdicts`.
        recipe: `rules_recipe` of them.
    """
    hits = topic_hits(article.title, article.text, topics, language=article.language)
    return Judged(article.id, article.revision, recipe, hits)


def check_topic(topic: Topic) -> None:
    """Return nothing if an article can fit `topic`.

    However often a term occurs, what it adds stays below nine times its weight. So nine times
    the weights of `Topic.any` must add up to more than `Topic.min_score`.

    Raises:
        ValueError: a term is ill-formed, or no article can reach the least score; the
            message says why.
    """
    most = (IN_TITLE + SATURATION + 1) * sum(
        term.weight for term in compile_topic(topic).any
    )
    if most <= max(topic.min_score, 0.0):
        raise ValueError(
            f"topic {topic.slug!r} can never score {topic.min_score:g}: a score stays "
            f"below nine times the weights in any, which is {most:g}"
        )


@lru_cache(maxsize=512)
def compile_topic(topic: Topic) -> Rules:
    """Return the rules of `topic`, parsed once.

    Raises:
        ValueError: a term is ill-formed.
    """
    return Rules(
        topic=topic,
        any=_parsed(topic.any),
        need=tuple(_parsed(terms) for terms in topic.need),
        exclude=_parsed(topic.exclude),
    )


def _parsed(terms: Iterable[str]) -> tuple[Term, ...]:
    return tuple(parse_term(term) for term in terms)


def _score(term: Term, title: Mapping[Term, int], text: Mapping[Term, int]) -> float:
    often = text.get(term, 0)
    said = (SATURATION + 1) * often / (often + SATURATION)
    return term.weight * (IN_TITLE * (term in title) + said)
