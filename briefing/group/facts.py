"""What a text says besides its wording: days and names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Final

from briefing.text import fold, language

_DIGITS: Final = re.compile(r"\d+")
_MONTH: Final = re.compile(r"/(\d{1,2})(?!\d)|\s([^\W\d_]{3,12})")
"""What stands behind a day. Anything that may be one: a copy has it too."""


def days_of(text: str, known: AbstractSet[str], tag: str) -> frozenset[str]:
    """Return the weekdays and the days of months ("3/11") that an article names.

    Args:
        text: title and text.
        known: its words, folded.
        tag: its language (BCP 47).
    """
    spoken = language(tag)
    found = set()
    for digits in _DIGITS.finditer(text):
        first, last = digits.span()
        month = _MONTH.match(text, last)
        if month and last - first <= 2 and text[max(first - 1, 0)] not in "/.,":
            number, name = month.groups()
            stated = int(number) if number else spoken.months.get(fold(name), 0)
            found.add(f"{int(digits[0])}/{stated}" if stated else "")
    return frozenset(found - {""}) | (known & spoken.weekdays.keys())


def names_of(read: Iterable[str], *, among: AbstractSet[str]) -> frozenset[str]:
    """Return those `among` some folded words that are always written with a capital in `read`.

    Args:
        read: the words of a text, in their own case.
        among: folded words.
    """
    found = {
        word: plain
        for word in set(read)
        if (plain := word.lower() if word.isascii() else fold(word)) in among
    }
    small = {plain for word, plain in found.items() if word[0].islower()}
    return (
        frozenset(plain for word, plain in found.items() if word[0].isupper()) - small
    )
