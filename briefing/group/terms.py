"""The terms of topic rules: words and phrases with wildcards and weights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Final

from briefing.group.forms import key, keys
from briefing.text import fold, words

_WILD: Final = "*"
_EXACT: Final = "="


@dataclass(frozen=True, slots=True)
class Pattern:
    """A word, folded, and all that are made from it.

    Attributes:
        word: the word.
        open_start: any beginning will do.
        open_end: any ending will do.
        exact: the word itself only.
    """

    word: str
    open_start: bool = False
    open_end: bool = False
    exact: bool = False

    def matches(self, word: str, language: str) -> bool:
        """Return whether `word` (folded) is meant."""
        if self.open_start and self.open_end:
            return self.word in word
        if self.open_start:
            return word.endswith(self.word)
        if self.open_end:
            return word.startswith(self.word)
        if self.exact:
            return word == self.word
        return key(self.word, language) in keys(word, language)


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A rule's term: patterns for consecutive words, at least one. Equal to itself alone.

    Attributes:
        text: as written, without the weight.
        weight: above 0; 1 if none is written.
        patterns: one for each word.
    """

    text: str
    weight: float
    patterns: tuple[Pattern, ...]


def check_term(term: str) -> None:
    """Return nothing if `term` can be used in a rule.

    Raises:
        ValueError: it cannot; the message says why.
    """
    parse_term(term)


def plain(term: str) -> str:
    """Return a term as written, without its weight."""
    return parse_term(term).text


@lru_cache(maxsize=4096)
def parse_term(term: str) -> Term:
    """Return what ``"tarik* pasukan^3"`` means: words or a phrase, and its weight.

    Words are folded (case, diacritics) and must follow one another in the text. A word means
    itself and what is made from it in the article's language: "serang" finds "menyerang" and
    "serangannya". ``=serang`` means just that. A ``*`` at the end of a word stands for any
    ending, at its start for any beginning (nothing included). ``^3`` at the end gives the
    term the weight 3.

    Raises:
        ValueError: there is no word in it, a ``*`` or ``=`` stands alone or inside a word,
            both stand at one word, or the weight is not a number above 0.
    """
    text, caret, weight = term.partition("^")
    text = " ".join(text.split())
    patterns = tuple(
        pattern for part in text.split() for pattern in _patterns(part, term)
    )
    if not patterns:
        raise ValueError(f"term {term!r} holds no word")
    return Term(text, _weight(weight, term) if caret else 1.0, patterns)


def _patterns(part: str, term: str) -> Iterable[Pattern]:
    """Return the patterns of one blank-free part; several if it holds "-" or the like."""
    exact = part.startswith(_EXACT)
    core = part.removeprefix(_EXACT).removeprefix(_WILD).removesuffix(_WILD)
    if _WILD in core or _EXACT in core:
        raise ValueError(f"term {term!r}: * may only begin or end a word, = begin it")
    if exact and core != part.removeprefix(_EXACT):
        raise ValueError(f"term {term!r}: a word has either = or *")
    found = words(fold(core))
    if not found and core != part:
        raise ValueError(f"term {term!r}: {part[0]} needs letters beside it")
    last = len(found) - 1
    return [
        Pattern(
            word,
            open_start=index == 0 and not exact and part.startswith(_WILD),
            open_end=index == last and not exact and part.endswith(_WILD),
            exact=exact,
        )
        for index, word in enumerate(found)
    ]


def _weight(written: str, term: str) -> float:
    try:
        weight = float(written)
    except ValueError:
        weight = 0.0
    if not (isfinite(weight) and weight > 0):
        raise ValueError(f"term {term!r}: the weight after ^ must be a number above 0")
    return weight
