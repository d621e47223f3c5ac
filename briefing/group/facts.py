"""What tells two reports of one form apart: their numerals, days and the names they are about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Final

from briefing.model import Article
from briefing.text import fold, language, words

ALIKE: Final = 0.6
"""Share of the numerals of one text, and of what its title is about, that a copy of it has
too. With .7 fewer copies with 5 words in a hundred changed are found than the .99 asked for.
Measured by ``pytest tests/quality/test_copies.py``."""

FEWEST: Final = 3
"""Numerals under which a text may agree with any other."""

SAME_DAY: Final = timedelta(hours=12)
"""Time after which an outlet does not publish its own text again, but the next of its kind."""

_NUMERAL: Final = re.compile(r"\d+(?:[.,:]\d+)*")
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’]\w+)*")
_MARKS: Final = str.maketrans("", "", ".,:")
_DAY: Final = re.compile(
    r"(?<![\d/.,])(\d{1,2})(?:/(\d{1,2})(?!\d)|\s([^\W\d_]{3,12}))"
)
"""Anything that may be one: a copy has it too."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text says besides its wording.

    Attributes:
        numerals: in title and text, without the marks in them ("8,31" is "831").
        days: weekdays, and days of a month as numbers of day and month.
        named: numerals and names of the title that stand in the text too.
        words: every word and numeral of title and text.
    """

    numerals: frozenset[str]
    days: frozenset[str | tuple[int, int]]
    named: frozenset[str]
    words: frozenset[str]


def same_event(part: Article, whole: Article, *, abridged: bool) -> bool:
    """Return whether what `part` says besides its wording agrees with `whole`.

    Daily reports of one outlet, bulletins on earthquakes, prices and weather share most of their
    words and are no copies.

    Args:
        part: the shorter of two texts that share their wording.
        whole: the longer.
        abridged: the shorter may leave out what the longer one's title is about.
    """
    one, other = (
        _facts(each.title or "", each.text, each.language) for each in (part, whole)
    )
    return (
        not (one.days and other.days and one.days.isdisjoint(other.days))
        and agree(one.numerals, other.numerals)
        and _holds(other.words, one.named)
        and (abridged or _holds(one.words, other.named))
    )


def agree(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether the numerals of two texts are the same, or too few to tell."""
    least = min(len(one), len(other))
    return least < FEWEST or len(one & other) >= ALIKE * least


def _holds(said: frozenset[str], named: frozenset[str]) -> bool:
    return len(said & named) >= ALIKE * len(named)


@lru_cache(maxsize=1024)
def _facts(title: str, text: str, tag: str) -> Facts:
    """Return the facts of an article; a longer one's are asked for again by each copy."""
    whole = f"{title}\n{text}"
    numerals, known = numerals_of(whole), frozenset(words(fold(whole)))
    names = _names(text) & frozenset(words(fold(title)))
    return Facts(
        numerals=numerals,
        days=_days(whole, known, tag),
        named=names | (numerals_of(title) & numerals_of(text)),
        words=known | numerals,
    )


def days_of(article: Article) -> frozenset[str | tuple[int, int]]:
    """Return the weekdays and the days of months (day, month) that an article names."""
    return _facts(article.title or "", article.text, article.language).days


def numerals_of(text: str) -> frozenset[str]:
    """Return the numerals in `text`, without the marks in them ("8,31" is "831")."""
    return frozenset(each.translate(_MARKS) for each in _NUMERAL.findall(text))


def _days(
    text: str, known: frozenset[str], tag: str
) -> frozenset[str | tuple[int, int]]:
    """Return the weekdays among the words and the days of months in `text`."""
    spoken = language(tag)
    stated = (
        (int(day), int(month) if month else spoken.months.get(fold(name), 0))
        for day, month, name in _DAY.findall(text)
    )
    return frozenset(each for each in stated if each[1]) | (
        known & spoken.weekdays.keys()
    )


def _names(text: str) -> frozenset[str]:
    """Return the folded words of `text` that it always writes with a capital."""
    read = _WORD.findall(text)
    small = {fold(word) for word in read if word[0].islower()}
    return frozenset(fold(word) for word in read if word[0].isupper()) - small
