"""Items of a series: exchange rates, weather, what recurs under one form of title."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from briefing.group.agreement import SAME_DAY, agree, other_days
from briefing.group.facts import numerals_of
from briefing.group.profiles import Profile
from briefing.group.times import times
from briefing.model import Heading
from briefing.text import fold, words

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
    first, second = one.title or "", other.title or ""
    return (
        _apart(one, other)
        and _of_one_form(first, second)
        and not _grows(first, second)
        and _differ(first, second, counted)
    )


def _apart(one: Heading, other: Heading) -> bool:
    moments = times(one) + times(other)
    return len(moments) < 2 or max(moments) - min(moments) >= SAME_DAY


def _of_one_form(one: str, other: str) -> bool:
    first, second = _form(one), _form(other)
    return len(first & second) >= max(1, ALIKE * len(first | second))


@lru_cache(maxsize=4096)
def _form(title: str) -> frozenset[str]:
    return frozenset(word for word in words(fold(title)) if not word[0].isdigit())


def _grows(one: str, other: str) -> bool:
    return not _growing().isdisjoint([*words(fold(one)), *words(fold(other))])


def _differ(one: str, other: str, counted: tuple[Profile, Profile]) -> bool:
    first, second = numerals_of(one), numerals_of(other)
    if first or second:
        return bool(first and second) and first.isdisjoint(second)
    return other_days(*counted) and not agree(*counted)


@cache
def _growing() -> frozenset[str]:
    table = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return frozenset(map(fold, table["growing"]))
