"""One summary of all articles of a story: the leading one's, and what the others add.

Of a story that goes on: what they add to what earlier editions showed of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Final

from briefing.condense.budget import DEFAULT_WORDS, length
from briefing.condense.leaning import Leaning
from briefing.condense.repeats import without_repeats
from briefing.condense.said import Judgement, Said
from briefing.condense.standing import standings
from briefing.condense.wording import Wording
from briefing.model import Article, Sentence, Summary
from briefing.text import language as known
from briefing.text import sentences_of

MOST_ARTICLES: Final = 50
"""Articles beside the leading one that are looked at, the newest ones."""

MOST_SENTENCES: Final = 5
"""Sentences of each of these, the first ones of its summary."""

MOST_READ: Final = 30
"""Sentences of an article, the first ones, among which what is new is looked for."""

Unit = tuple[Sentence, ...]
"""Sentences of one article of which none is shown without the others, in its order."""


def condense_story(
    articles: Sequence[Article], summaries: Mapping[str, Summary]
) -> tuple[Sentence, ...]:
    """Return the sentences that stand for a story: passages, each of one article.

    None where the leading article's summary is all there is to say.

    The leading article's summary stays whole. The others add what it does not say, in turns,
    the newest first: sentences of their own summaries with those they need, at most as many
    words as it has itself. What is said already in other words is left out, and what is not
    in its language, for nobody could tell. Articles that are newer than the leading one, and
    tell the same with other numbers or days, come before it; the others after it, the newest
    first.

    The work is bounded by `MOST_ARTICLES` and `MOST_SENTENCES`, however many there are.

    Args:
        articles: the leading one first, without copies, at least one.
        summaries: article id → summary, of all of them.
    """
    leading, *_ = articles
    opening = summaries[leading.id].sentences
    adding = _adding(articles)
    said = Said(leading.language)
    for text in (leading.title or "", *(sentence.text for sentence in opening)):
        said.add(text)
    units = list(_turns([_units(one, summaries[one.id].sentences) for one in adding]))
    ahead = _ahead(units, adding, said, leading=leading)
    room = _words(opening) or DEFAULT_WORDS
    taken = set(_taken([*ahead, *units], said, room=room))
    first = {unit[0].article_id for unit in ahead if taken.issuperset(unit)}
    added = [
        sentence
        for article in adding
        for sentence in summaries[article.id].sentences
        if sentence in taken
    ]
    if not added:
        return ()
    return (
        *(sentence for sentence in added if sentence.article_id in first),
        *opening,
        *(sentence for sentence in added if sentence.article_id not in first),
    )


def _ahead(
    units: Sequence[Unit], adding: Sequence[Article], said: Said, *, leading: Article
) -> list[Unit]:
    """Return those that tell what the leading article tells, later and otherwise."""
    newer = {one.id for one in adding if _is_newer(one, leading)}
    return [
        unit
        for unit in units
        if unit[0].article_id in newer and _judged(unit, said) == "differs"
    ]


def condense_news(
    articles: Sequence[Article],
    summaries: Mapping[str, Summary],
    *,
    told: Sequence[str],
    listed: Iterable[str] = (),
) -> tuple[Sentence, ...]:
    """Return the sentences of a story that goes on which say something new, in their order.

    The leading article's come first, then what the others add to them, as `condense_story`
    adds it. None where nothing is new.

    Args:
        articles: new ones, the leading one first, without copies, at least one.
        summaries: article id → summary, of all of them.
        told: sentences that earlier editions showed of the story, in the language of the
            leading article: what repeats or paraphrases them is left out.
        listed: other sentences of articles that earlier editions named: the same words are
            left out.
    """
    leading, *_ = articles
    said = Said(leading.language, sure=True)
    for text in told:
        said.add(text)
    for text in listed:
        said.hear(text)
    own = summaries[leading.id].sentences
    first = set(_taken(_fresh(leading, own, said, heads=True), said, room=_words(own)))
    said.add(leading.title or "")
    adding = _adding(articles)
    units = _turns([_fresh(one, summaries[one.id].sentences, said) for one in adding])
    taken = first.union(_taken(list(units), said, room=_words(first) or DEFAULT_WORDS))
    places = {article.id: at for at, article in enumerate((leading, *adding))}
    return tuple(sorted(taken, key=lambda one: (places[one.article_id], one.start)))


def _fresh(
    article: Article, summary: Sequence[Sentence], said: Said, *, heads: bool = False
) -> list[Unit]:
    """Return the units of a summary; where what is new in it leans on what is not, the article's.

    Then other sentences tell the new in its stead, the first ones that can be shown.
    """
    units = list(_units(article, summary, heads=heads))
    shown = {one for unit in units if _judged(unit, said) != "repeats" for one in unit}
    lost = any(
        one not in shown and said.judge(one.text) != "repeats" for one in summary
    )
    if not lost:
        return units
    whole = sentences_of(article, MOST_READ)
    return list(_units(article, whole, heads=heads, most=MOST_READ))


def _words(sentences: Iterable[Sentence]) -> int:
    return sum(length(sentence.text) for sentence in sentences)


def _adding(articles: Sequence[Article]) -> list[Article]:
    """Return the articles that may add to the leading one, the newest first."""
    leading, *others = articles
    same = (one for one in others if one.language == leading.language)
    return sorted(same, key=_newest_first)[:MOST_ARTICLES]


def _taken(units: Sequence[Unit], said: Said, *, room: int) -> Iterator[Sentence]:
    """Yield the sentences of units that say something new, as long as there is room.

    Args:
        units: the most important first.
        said: what the opening says; what is taken is added.
        room: words. Half of what is taken last may be over.
    """
    taken: set[Sentence] = set()
    for unit in units:
        fresh = [sentence for sentence in unit if sentence not in taken]
        words = _words(fresh)
        if words / 2 > room or _judged(fresh, said) == "repeats":
            continue
        for sentence in fresh:
            said.add(sentence.text)
        yield from fresh
        taken.update(fresh)
        room -= words
        if room <= 0:
            return


def _judged(unit: Sequence[Sentence], said: Said) -> Judgement:
    """Return what the sentences of a unit are together; nothing at all repeats."""
    found = {said.judge(one.text) for one in unit}
    if "repeats" in found or not found:
        return "repeats"
    return "differs" if "differs" in found else "new"


def _turns(units: Sequence[Iterable[Unit]]) -> Iterator[Unit]:
    """Yield the first unit of each article, then the second of each, and so on."""
    for turn in zip_longest(*units):
        yield from (unit for unit in turn if unit is not None)


def _units(
    article: Article,
    summary: Sequence[Sentence],
    *,
    heads: bool = False,
    most: int = MOST_SENTENCES,
) -> Iterator[Unit]:
    """Yield each sentence of the summary that may be shown, with those it needs.

    The first `most`, none that leans on the article's headline; of the article that `heads`
    what is shown, all.
    """
    texts = [one.text for one in sentences_of(article)]
    places = without_repeats(texts)
    found = standings(
        [texts[place] for place in places],
        title=article.title,
        language=article.language,
    )
    needs = {
        place: frozenset(places[at] for at in one.needs)
        for place, one in zip(places, found, strict=True)
        if not one.fault
    }
    leaning = Leaning(known(article.language))
    for sentence in summary if heads else summary[:most]:
        shown = {sentence.position, *needs.get(sentence.position, ())}
        unit = tuple(one for one in summary if one.position in shown)
        whole = sentence.position in needs and len(unit) == len(shown)
        if whole and (heads or not _leans(unit[0], leaning)):
            yield unit


def _leans(sentence: Sentence, leaning: Leaning) -> bool:
    """Return whether a sentence leans on its article's headline, which is not shown."""
    wording = Wording.of(sentence.text)
    return (
        leaning.opens(wording)
        or leaning.wants_name(wording)
        or leaning.points_to(wording) is not None
    )


def _newest_first(article: Article) -> tuple[float, str]:
    """Return the key that sorts the newest first, undated ones last, then by id."""
    moment = article.published.moment.timestamp() if article.published else None
    return (float("inf") if moment is None else -moment), article.id


def _is_newer(one: Article, other: Article) -> bool:
    return (
        one.published is not None
        and other.published is not None
        and one.published.moment > other.published.moment
    )
