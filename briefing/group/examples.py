"""What a reader's examples of a topic say beyond its rules."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from math import log, log1p, sqrt
from statistics import fmean, pstdev
from typing import Final

from briefing.model import Topic
from briefing.text import fold, stem, stop_words, words

ENOUGH: Final = 5
"""Examples from which on they are learned from, on either side: fewer say more of themselves
than of the topic."""

SHARE: Final = 0.5
"""How much examples say beside rules, in spreads of the rules' scores. Macro-F1 on the earlier and
the later half of id_stories.dev with ten headlines a topic of the other half, rules of 268 terms:
.924/.848, with 1.0 .928/.842, rules alone .904/.842. Twenty plain words a topic: .819/.771 and .823/.775,
rules alone .813/.757. Where rules are right nearly always examples add nothing: those of
`tests/quality/topics.toml` .975/.891, alone .976/.898."""

OPENING: Final = 30
"""Words of an example that are learned from, of its first line: what else stands in a text is less
to the point. The whole text gave .925/.830, the first 60 words .923/.840."""

Vector = dict[str, float]


@dataclass(frozen=True, slots=True)
class Learned:
    """What the examples of some topics say.

    Attributes:
        rarity: stem → how telling it is among all the examples.
        telling: topic's slug → stem → how much it tells of that topic against the others'
            examples; of length 1.
        worth: what a likeness of 1 adds to a score.
    """

    rarity: Mapping[str, float]
    telling: Mapping[str, Vector]
    worth: float

    def added(self, tokens: Sequence[str], language: str) -> dict[str, float]:
        """Return topic's slug → what the examples add to an article's score, or take from it.

        The cosine of the article's stems with what tells of the topic, times `worth`.

        Args:
            tokens: folded words of title and text.
            language: BCP 47 tag.
        """
        vector = _vector(_stems(tokens, language), self.rarity)
        return {
            slug: self.worth
            * sum(part * tells.get(one, 0.0) for one, part in vector.items())
            for slug, tells in self.telling.items()
        }


NOTHING: Final = Learned({}, {}, 0.0)
"""Of topics without examples enough."""


def learned(
    topics: Sequence[Topic],
    scores: Mapping[str, Mapping[str, float]],
    language: str,
) -> Learned:
    """Return what the examples of `topics` say.

    A topic is learned that has `ENOUGH` examples, if there are as many of what it is not: its
    own ``no`` and the other topics' ``yes``. What tells of it is the mean of its examples less
    the mean of the others (Rocchio 1971), by tf-idf within the examples. What that is worth
    follows from the examples too: `SHARE` of the spread that the rules' scores have on them,
    over the spread of their likenesses.

    Args:
        topics: all of a reader's.
        scores: example → topic's slug → what its rules give it.
        language: BCP 47 tag of the examples.
    """
    texts = list(
        dict.fromkeys(chain.from_iterable((*one.yes, *one.no) for one in topics))
    )
    stems = {text: _stems(_opening(text), language) for text in texts}
    spread = Counter(chain.from_iterable(stems.values()))
    rarity = {one: log((1 + len(texts)) / (1 + n)) + 1 for one, n in spread.items()}
    vectors = {text: _vector(stems[text], rarity) for text in texts}
    telling = {
        topic.slug: _unit(_less(_mean(yes, vectors), _mean(no, vectors)))
        for topic, yes, no in sides(topics)
        if min(len(yes), len(no)) >= ENOUGH
    }
    if not telling:
        return NOTHING
    likenesses = [
        [_product(vectors[text], tells) for text in texts] for tells in telling.values()
    ]
    given = [[scores[text][slug] for text in texts] for slug in telling]
    apart = fmean(map(pstdev, likenesses))
    worth = SHARE * fmean(map(pstdev, given)) / apart if apart else 0.0
    return Learned(rarity, telling, worth)


def sides(topics: Sequence[Topic]) -> list[tuple[Topic, list[str], list[str]]]:
    """Return each topic with its examples, and what is none of it."""
    return [
        (
            topic,
            list(topic.yes),
            [
                text
                for text in dict.fromkeys(
                    (*topic.no, *chain.from_iterable(one.yes for one in topics))
                )
                if text not in topic.yes
            ],
        )
        for topic in topics
    ]


def _opening(example: str) -> list[str]:
    return words(fold(example.strip().partition("\n")[0]))[:OPENING]


def _stems(tokens: Sequence[str], language: str) -> Counter[str]:
    """Return how often each stem occurs that says something."""
    stops = _stops(language)
    counted: Counter[str] = Counter()
    for word, often in Counter(tokens).items():
        if word not in stops:
            counted[stem(word, language)] += often
    return counted


@cache
def _stops(language: str) -> frozenset[str]:
    return frozenset(map(fold, stop_words(language)))


def _vector(stems: Mapping[str, int], rarity: Mapping[str, float]) -> Vector:
    """Return tf-idf of the stems whose rarity is known, of length 1."""
    return _unit(
        {
            one: log1p(often) * rarity[one]
            for one, often in stems.items()
            if one in rarity
        }
    )


def _unit(vector: Vector) -> Vector:
    length = sqrt(_product(vector, vector))
    return {one: part / length for one, part in vector.items()} if length else {}


def _mean(texts: Sequence[str], vectors: Mapping[str, Vector]) -> Vector:
    total: defaultdict[str, float] = defaultdict(float)
    for text in texts:
        for one, part in vectors[text].items():
            total[one] += part
    return {one: part / len(texts) for one, part in total.items()}


def _less(vector: Vector, other: Vector) -> Vector:
    return {
        one: vector.get(one, 0.0) - other.get(one, 0.0) for one in {**vector, **other}
    }


def _product(one: Vector, other: Vector) -> float:
    return sum(part * other.get(each, 0.0) for each, part in one.items())
