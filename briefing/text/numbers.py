"""Numbers in figures and in words → their values.

What is read depends on what is asked. Whether two texts name one number is asked of texts in
any language: there a mark's meaning is told by its place (`alike`), or marks say nothing
(`numerals`). What a number is worth is asked where the language is known (`in_figures`,
`in_words`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from briefing.text.lexicon import Language

AMOUNT: Final = r"\d+(?:[.,]\d+)*"
"""Figures with marks in them, as a regular expression; a time of day is two."""

FIGURES: Final = r"\d+(?:[.,:]\d+)*"
"""The same; a time of day ("12:30") is one."""

_FIGURES: Final = re.compile(FIGURES)
_THOUSANDS: Final = re.compile(r"[.,](?=\d{3}(?!\d))")
_MARKS: Final = str.maketrans("", "", ".,:")

_LONGEST: Final = 18
"""Characters of the longest figures that count anything; longer ones name an account."""

_THOUSAND: Final = 1000


def alike(figures: str) -> str:
    """Return figures the same for each way to write them: "1.500" is "1500", "8,31" is "8.31".

    A mark before the last three digits, or before such a mark, parts thousands; any other is
    a decimal point.
    """
    return _THOUSANDS.sub("", figures).replace(",", ".")


def numerals(text: str) -> frozenset[str]:
    """Return the figures in `text`, without the marks in them ("8,31" is "831")."""
    return frozenset(each.translate(_MARKS) for each in set(_FIGURES.findall(text)))


def in_figures(
    words: Sequence[str], at: int, language: Language
) -> tuple[int | None, int]:
    """Return the whole number whose figures stand at `at`, and where it ends.

    A word behind them may make it larger: "1,5 juta".

    Args:
        words: folded words and figures.
        at: the place of figures.
        language: one whose mark for thousands is known.
    """
    value = _value(words[at], language.thousands)
    times = language.times.get(words[at + 1]) if at + 1 < len(words) else None
    end = at + (2 if times else 1)
    if value is None:
        return None, end
    value *= times or 1
    return (int(value) if value == int(value) else None), end


def in_words(
    words: Sequence[str], at: int, language: Language
) -> tuple[int | None, int]:
    """Return the number whose words begin at `at`, None if none do, and where they end.

    "dua ratus lima puluh ribu" is 250,000. Arguments as for `in_figures`, any word at `at`.
    """
    total, part, end = 0, 0, at
    while end < len(words):
        word = words[end]
        if times := language.times.get(word):
            if times >= _THOUSAND:
                total, part = total + max(part, 1) * times, 0
            else:
                part += (part % 10 or 1) * times - part % 10
        elif value := language.numbers.get(word) or language.parts.get(word):
            part += value
        else:
            break
        end += 1
    return (total + part, end) if end > at else (None, at + 1)


def _value(figures: str, thousands: str) -> Decimal | None:
    """Return what figures are worth, None if their marks or length make them something else."""
    point = "," if thousands == "." else "."
    whole, _, fraction = figures.partition(point)
    first, *groups = whole.split(thousands)
    if len(figures) > _LONGEST or point in fraction or thousands in fraction:
        return None
    if any(len(group) != 3 for group in groups) or (groups and len(first) > 3):
        return None
    return Decimal(f"{first}{''.join(groups)}.{fraction or 0}")
