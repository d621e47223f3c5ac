"""Items of a series: exchange rates, weather, what recurs under one form of title."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from briefing.group.agreement import SAME_DAY, agree, other_days
from briefing.group.profiles import Profile
from briefing.model import Heading
from briefing.text import fold, words
from briefing.text.numbers import numerals

_DATA: Final = Path(__file__).with_name("series.toml")

ALIKE: Final = 0.5
"""Share of the words of two titles, taken together and without numerals, that both have if they
are of one form ("Dolar AS tekuk rupiah ke Rp 16.216", "Dolar AS tekuk rupiah, jadi Rp 16.262")."""


def next_in_series(
    one: Heading, other: Heading, counted: tuple[Profile, Profile]
) -> bool:
    """Return whether two articles that are alike tell of the same thing on another day.

    Their titles are of one form, they lie half a day apart or are undated, and another number
    stands in the titles; where none does, the texts name other days and other numbers. A
    number that grows within one event (`series.toml`) tells nothing.

    Args:
        one: an article.
        other: another.
        counted: their profiles.
    """
    if not _apart(one, other):
        return False
    first, second = _read(one.title or ""), _read(other.title or "")
    return (
        _of_one_form(first, second)
        and not (first.grows or second.grows)
        and _differ(first, second, counted)
    )


def _apart(one: Heading, other: Heading) -> bool:
    if one.published is None or other.published is None:
        return True
    return abs(one.published.moment - other.published.moment) >= SAME_DAY


@dataclass(frozen=True, slots=True)
class _Title:
    """What is read of a title: its words without numerals, its numerals, whether one may grow."""

    form: frozenset[str]
    numerals: frozenset[str]
    grows: bool


@lru_cache(maxsize=65_536)
def _read(title: str) -> _Title:
    read = words(fold(title))
    return _Title(
        frozenset(word for word in read if not word[0].isdigit()),
        numerals(title),
        not _growing().isdisjoint(read),
    )


def _of_one_form(one: _Title, other: _Title) -> bool:
    both = len(one.form & other.form)
    return both >= max(1, ALIKE * (len(one.form) + len(other.form) - both))


def _differ(one: _Title, other: _Title, counted: tuple[Profile, Profile]) -> bool:
    if one.numerals or other.numerals:
        return bool(one.numerals and other.numerals) and one.numerals.isdisjoint(
            other.numerals
        )
    return other_days(*counted) and not agree(*counted)


@cache
def _growing() -> frozenset[str]:
    table = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return frozenset(map(fold, table["growing"]))
