"""Which stories come first: one sum of named terms, and what of it a brief has room for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import inf, log
from typing import Final

from briefing.group.matching import Matcher
from briefing.group.terms import parse_term
from briefing.model import OTHER, Shape, Standing, Story
from briefing.text import fold, words

PINNED: Final = 100.0
"""Of a story that the reader wants first: more than all else together."""

ORIGINS: Final = 1.5
"""Times ln(1 + independent origins): 1.0, 1.6, 2.1 … for one, two, three."""

SOURCE: Final = 0.6
"""Times the weight of its best source, which is 1 unless the settings say otherwise."""

TOPIC: Final = 1.0
"""Times score / (score + `HALF_TOPIC`)."""

HALF_TOPIC: Final = 10.0
"""Score of a topic that is worth half: a term of weight 3 in the title."""

RECENCY: Final = 1.0
"""Of a story whose newest article is of now; half after `HALF_LIFE`, a quarter after two."""

HALF_LIFE: Final = timedelta(hours=18)

NOVELTY: Final = 0.8
"""Of a story of which nothing was told before."""

CENTRALITY: Final = 0.5
"""Of a story that all sources of the edition have."""

CROWDING: Final = 0.25
"""Taken from a story for each better one that the same source alone has, up to `CROWDED`."""

CROWDED: Final = 8
"""Better stories of the same source from which on all are as far back."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a brief has room for.

    Attributes:
        stories: told in full, at most.
        of_topic: of these, in one section.
        words: about as many in them; one story is always told.
        lines: stories told in one line, at most.
        lines_of_topic: of these, in one section.
    """

    stories: float
    of_topic: float
    words: float
    lines: float
    lines_of_topic: float


ROOM: Final[Mapping[str, Room]] = {
    "short": Room(5, 2, 300, 6, 3),
    "standard": Room(12, 3, 900, 12, 4),
    "full": Room(inf, inf, inf, inf, inf),
}
"""Room by the name of a brief's length."""

PER_SOURCE: Final = 2
"""Stories that one source alone has, of those told in full and of the lines, while others wait."""


def ranked(
    stories: Sequence[Story],
    sections: Collection[str],
    *,
    now: datetime,
    weights: Mapping[str, float],
    novelty: Mapping[str, float],
    pins: Sequence[str] = (),
) -> tuple[Standing, ...]:
    """Return where each story stands, the first first; ties by id.

    Of the stories that one source alone has, each stands further back than by itself: a
    source that floods takes little more than others.

    Args:
        stories: in any order; what they say is not looked at.
        sections: the topics' slugs.
        now: the moment to which ages are reckoned.
        weights: source's id → its weight; 1 if it is not there.
        novelty: story's id → how much of it was not told before, 0 to 1; 1 if it is not there.
        pins: ids of stories, and terms of which one stands in the leading headline.
    """
    sources = {report.source for story in stories for report in story.reports}
    pinned = _pinned(stories, pins)
    standings = [
        _standing(
            story,
            _section(story, sections),
            {
                "pinned": PINNED * (story.id in pinned),
                "origins": ORIGINS * log(1 + len(story.origins)),
                "source": SOURCE
                * max(weights.get(one.source, 1.0) for one in story.reports),
                "topic": TOPIC * _fit(story, sections),
                "recency": RECENCY * _recency(story, now),
                "novelty": NOVELTY * novelty.get(story.id, 1.0),
                "centrality": CENTRALITY * len(_sources(story)) / len(sources),
            },
        )
        for story in stories
    ]
    crowding = CROWDING if len(sources) > 1 else 0.0
    crowded = _crowded(sorted(standings, key=_rank), crowding)
    return tuple(sorted(crowded, key=_rank))


def _rank(standing: Standing) -> tuple[float, str]:
    return -standing.score, standing.story


def _crowded(standings: Sequence[Standing], crowding: float) -> Iterator[Standing]:
    """Yield each of `standings`, by rank, with what others of its source take from it."""
    before: Counter[str] = Counter()
    for each in standings:
        better = 0
        if each.alone is not None:
            better = min(before[each.alone], CROWDED)
            before[each.alone] += 1
        yield replace(each, terms=(*each.terms, ("crowding", 0.0 - crowding * better)))


def _standing(story: Story, section: str, terms: Mapping[str, float]) -> Standing:
    sources = _sources(story)
    return Standing(
        story=story.id,
        section=section,
        headline=story.reports[0].title,
        outlets=story.outlets,
        terms=tuple((name, round(value, 4)) for name, value in terms.items()),
        articles=tuple((one.article_id, one.revision) for one in story.reports),
        alone=sources.pop() if len(sources) == 1 else None,
    )


def _sources(story: Story) -> set[str]:
    return {report.source for report in story.reports}


def _section(story: Story, sections: Collection[str]) -> str:
    """Return the slug of its strongest topic that is there."""
    return next((hit.slug for hit in story.topics if hit.slug in sections), OTHER)


def _fit(story: Story, sections: Collection[str]) -> float:
    score = next((hit.score for hit in story.topics if hit.slug in sections), 0.0)
    return max(score, 0.0) / (max(score, 0.0) + HALF_TOPIC)


def _recency(story: Story, now: datetime) -> float:
    """Return 1 for a story of now, 0 for one without a date."""
    times = [one.published.moment for one in story.reports if one.published]
    if not times:
        return 0.0
    return float(0.5 ** (max(now - max(times), timedelta()) / HALF_LIFE))


def _pinned(stories: Sequence[Story], pins: Sequence[str]) -> set[str]:
    """Return the ids of the stories that one of `pins` means."""
    if not pins:
        return set()
    found = {story.id for story in stories if story.id in pins}
    matchers: dict[str, Matcher] = {}
    for story in stories:
        lead = story.reports[0]
        if lead.language not in matchers:
            matchers[lead.language] = Matcher(map(parse_term, pins), lead.language)
        if matchers[lead.language].counts(words(fold(lead.title or ""))):
            found.add(story.id)
    return found


def cut(
    standings: Sequence[Standing],
    room: Room,
    *,
    per_source: int = PER_SOURCE,
    unchanged: Collection[str] = (),
) -> tuple[Standing, ...]:
    """Return `standings` with how each is shown, and why not in full.

    Places are given by rank. What one source alone has gets at most `per_source` of them, and
    half as many in one section, as long as others have something for a place; what is left
    then goes by rank alone.

    Args:
        standings: by rank.
        room: what there is room for.
        per_source: at least 1.
        unchanged: ids of stories of which nothing is new: a line is all they get.
    """
    several = len({each.section for each in standings}) > 1
    fresh = [each for each in standings if each.story not in unchanged]
    in_full, why = _places(
        fresh, room.stories, room.of_topic if several else inf, per_source
    )
    rest = [each for each in standings if each.story not in in_full]
    lines, _ = _places(
        rest, room.lines, room.lines_of_topic if several else inf, per_source
    )
    return tuple(
        each
        if each.story in in_full
        else replace(
            each, shape=_shape(each, lines), cut=why.get(each.story, "unchanged")
        )
        for each in standings
    )


def _shape(standing: Standing, lines: Collection[str]) -> Shape:
    return "line" if standing.story in lines else "counted"


def _places(
    standings: Sequence[Standing], most: float, of_topic: float, per_source: int
) -> tuple[set[str], dict[str, str]]:
    """Return the stories that get a place, and why the others do not."""
    placed: set[str] = set()
    why: dict[str, str] = {}
    topics: Counter[str] = Counter()
    sources: Counter[tuple[str, str]] = Counter()
    several = len({each.alone for each in standings}) > 1 and most < inf
    for capped in (True, False) if several else (False,):
        for each in standings:
            if each.story in placed:
                continue
            full = _full(each, sources, per_source) if capped else ""
            if len(placed) >= most:
                full = full or "brief"
            elif topics[each.section] >= of_topic:
                full = full or "topic"
            if full:
                why.setdefault(each.story, full)
                continue
            placed.add(each.story)
            topics[each.section] += 1
            if each.alone is not None:
                sources[each.alone, ""] += 1
                sources[each.alone, each.section] += 1
    return placed, why


def _full(
    standing: Standing, sources: Mapping[tuple[str, str], int], per_source: int
) -> str:
    """Return ``source`` if the source that alone has it has had its share."""
    one = standing.alone
    if one is None or dict(standing.terms).get("pinned"):
        return ""
    here = sources.get((one, standing.section), 0)
    had = sources.get((one, ""), 0)
    return "source" if had >= per_source or here >= max(1, per_source // 2) else ""


def within(
    standings: Sequence[Standing], lengths: Mapping[str, int], room: Room
) -> tuple[Standing, ...]:
    """Return `standings` without the last ones told in full for which there are no words.

    They are told in one line. The first is always told; the last may be over by half of it.

    Args:
        standings: by rank, as `cut` returns them.
        lengths: story's id → words, of those told in full.
        room: its words count.
    """
    used = 0.0
    found = []
    for each in standings:
        length = lengths.get(each.story, 0)
        if each.shape == "full" and used and used + length / 2 > room.words:
            used = inf
            found.append(replace(each, shape="line", cut="words"))
        else:
            used += length if each.shape == "full" else 0
            found.append(each)
    return tuple(found)
