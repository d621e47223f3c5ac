"""Article → Summary: chooses sentences, keeps the budget, changes not one character.

text ─split→ sentences ─method→ indices, best first ─budget→ indices in order → Summary
Summaries of one story's articles ─said already?→ sentences that stand for the story
The same, and what earlier editions showed of it ─said already?→ what is new

`learned` compares whole sets of sentences, and so keeps the budget itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from briefing.condense.budget import LENGTHS, Budget
from briefing.condense.facts import covered
from briefing.condense.lead import lead
from briefing.condense.learned import learned, speaks
from briefing.condense.opening import without_dateline
from briefing.condense.repeats import without_repeats
from briefing.condense.standing import Standing, standings
from briefing.condense.story import condense_news, condense_story
from briefing.model import Article, Sentence, Summary
from briefing.ports import Summarizer
from briefing.text import split_sentences

METHODS: Final = (
    "learned",
    "lead",
    "lsa",
    "lexrank",
    "textrank",
    "luhn",
    "edmundson",
    "kl",
    "sumbasic",
    "reduction",
)
"""Names of the methods; `learned` is the default, those after `lead` are sumy's."""

_VERSIONS: Final = dict.fromkeys(METHODS, 3) | {"learned": 6}
"""Raised for a method whenever it would choose other sentences than before."""

_WHOLE: Final = "full/1"
"""Recipe of the whole article, from which no method chooses."""

__all__ = [
    "LENGTHS",
    "METHODS",
    "choose",
    "condense",
    "condense_as",
    "condense_news",
    "condense_story",
    "recipe",
    "without_dateline",
]


def recipe(
    method: str,
    *,
    words: int | None = None,
    sentences: int | None = None,
    length: str | None = None,
) -> str:
    """Return how sentences are chosen, as ``learned/6 words=66``.

    Args:
        method: one of `METHODS`.
        words: budget of words, None for no such budget.
        sentences: the most sentences, None for no such limit. If both are given both hold.
        length: the name of a length, one of `LENGTHS`, in their place; ``full`` is the whole
            article without what is no sentence of the news. If nothing is given, ``standard``.

    Raises:
        ValueError: the method or length is unknown, a number is less than 1, or a length is
            given beside the numbers.
    """
    _check(method)
    budget = Budget.of(words=words, sentences=sentences, length=length)
    return _WHOLE if budget.whole else f"{method}/{_VERSIONS[method]} {budget}"


def condense_as(wanted: Mapping[str, Mapping[str, Any]], article: Article) -> Summary:
    """Return the summary of an article with the options of its source (source → name → value)."""
    return condense(article, **wanted[article.source])


def condense(
    article: Article,
    *,
    method: str = "learned",
    words: int | None = None,
    sentences: int | None = None,
    length: str | None = None,
) -> Summary:
    """Return the summary of `article`: its own sentences, verbatim and in its order.

    A text with at least one sentence has at least one in its summary, however small
    the budget; an empty text has none. No text raises an error.

    Args:
        article: what to condense.
        method: one of `METHODS`.
        words: see `recipe`.
        sentences: see `recipe`.
        length: see `recipe`.

    Raises:
        ValueError: see `recipe`.
    """
    made_by = recipe(method, words=words, sentences=sentences, length=length)
    spans = split_sentences(article.text, language=article.language)
    split = [article.text[span.start : span.end] for span in spans]
    texts = without_dateline(split, language=article.language)
    chosen = choose(
        texts,
        method=method,
        words=words,
        sentences=sentences,
        length=length,
        title=article.title,
        language=article.language,
    )
    return Summary(
        article_id=article.id,
        revision=article.revision,
        recipe=made_by,
        sentences=tuple(
            _sentence(article, spans[i].end - len(texts[i]), spans[i].end, i)
            for i in chosen
        ),
    )


def choose(
    texts: Sequence[str],
    *,
    method: str = "learned",
    words: int | None = None,
    sentences: int | None = None,
    length: str | None = None,
    title: str | None = None,
    language: str = "und",
) -> list[int]:
    """Return which of the sentences `texts` make the summary: indices from 0, ascending.

    For callers that have split already. A sentence that stands there twice is taken
    at its first place only. A dateline that opens the first one is not read: who shows that
    sentence shows it as `without_dateline` returns it.

    Args:
        texts: the sentences of one article in order.
        method: one of `METHODS`.
        words: see `recipe`.
        sentences: see `recipe`.
        length: see `recipe`.
        title: the text's title, None if it has none; some methods look at it.
        language: BCP 47 tag, ``und`` if unknown.

    Raises:
        ValueError: see `recipe`.
    """
    _check(method)
    budget = Budget.of(words=words, sentences=sentences, length=length)
    texts = without_dateline(texts, language=language)
    places = without_repeats(texts)
    distinct = [texts[place] for place in places]
    found = standings(distinct, title=title, language=language)
    if budget.whole:
        # What leans on another sentence, or is a question, has it beside it.
        chosen = [at for at, one in enumerate(found) if one.fault != "noise"]
    else:
        chosen = _within(
            budget, method, distinct, found, title=title, language=language
        )
    return [places[index] for index in chosen]


def _within(
    budget: Budget,
    method: str,
    sentences: Sequence[str],
    standing: Sequence[Standing],
    *,
    title: str | None,
    language: str,
) -> list[int]:
    """Return what `method` chooses of the sentences, and what the headline's facts call for."""
    needs = {at: one.needs for at, one in enumerate(standing) if one.needs}
    chosen, ranked = _chosen(
        method,
        sentences,
        title=title,
        language=language,
        budget=budget,
        barred=[bool(one.fault) for one in standing],
        needs=needs,
    )
    if not title:
        return chosen
    return covered(
        chosen,
        sentences,
        title=title,
        language=language,
        budget=budget,
        ranked=ranked,
        needs=needs,
    )


def _chosen(
    method: str,
    sentences: Sequence[str],
    *,
    title: str | None,
    language: str,
    budget: Budget,
    barred: Sequence[bool],
    needs: Mapping[int, Sequence[int]],
) -> tuple[list[int], list[int]]:
    """Return what `method` chooses of the sentences, ascending, and all it may, best first."""
    if method == "learned" and speaks(sentences):
        choice = learned(
            sentences, language=language, budget=budget, barred=barred, needs=needs
        )
        if choice.chosen:
            return choice
    found = _summarizer(method)(sentences, title=title, language=language)
    ranked = [at for at in found if not barred[at]]
    ranked = ranked or [at for at, never in enumerate(barred) if not never]
    return budget.fill(sentences, ranked, needs), ranked


def _check(method: str) -> None:
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}; known are {', '.join(METHODS)}")


def _summarizer(method: str) -> Summarizer:
    if method in {"learned", "lead"}:
        return lead
    # sumy brings NumPy and NLTK along: half a second that `lead` need not pay.
    from briefing.condense.sumy_methods import summarizer

    return summarizer(method)


def _sentence(article: Article, start: int, end: int, position: int) -> Sentence:
    return Sentence(article.id, start, end, position, article.text[start:end])
