"""Articles as counted terms: all that is needed of a text to tell what it is about."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from briefing.group.facts import days_of, names_of
from briefing.model import Article, Heading, Profiled
from briefing.text import cased_words, fold, folded_words, stem, stop_words
from briefing.text.numbers import numerals

if TYPE_CHECKING:
    from numpy.typing import NDArray

RECIPE: Final = "profile/2"
"""What is counted, and how. What was counted by another recipe is counted anew."""

TITLE_WEIGHT: Final = 2
"""How many times a term of the title counts; it also counts where the text repeats it."""

OPENING: Final = 14
"""First terms of the text that stand for the title of an article without one. Precision and recall
of pairs of id_stories.dev with all titles taken away, with 8, 12, 14, 16, 20 and 24: .91 and .91,
.93 and .92, .93 and .93, .94 and .94, .94 and .92, .94 and .84; with 16 two of the five samples
run together."""

LONG: Final = 40
"""Shingles from which a text can be an abridged copy. A shorter one is read together with its
title: "watch the video below" stands under many titles."""

_SHINGLE: Final = 3
"""Words of a shingle."""

_MIXED: Final = (0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35)
"""Odd numbers by which the words of a shingle are multiplied, so that their order counts."""

_STOPPED: Final = 0
"""Number of the words that say nothing."""

_MOST: Final = 255
"""Occurrences from which on they are no longer counted."""

_SIZES: Final = struct.Struct("<7I")
"""What stands before a kept profile: how long each part is, but `often`, length, short."""

_KINDS: Final = ("<u4", "u1", "<u4", "<u4", "<u4", "<u4")
"""Its parts: terms, often, heading, numerals, days, named."""


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What is counted of an article; words, names and shingles as 32-bit numbers.

    A stem's number is its CRC-32: numbers that follow from the word alone need no list of all
    words ever seen. Among 100,000 different stems one pair shares a number, which changes no
    likeness that counts.

    Attributes:
        terms: uint32, ascending, each once: the stems of title and text.
        often: uint8, occurrences of each, at most 255; those in the title count twice.
        heading: uint32, ascending: the terms of the title, or else of the opening.
        numerals: uint32, ascending: the numerals of title and text.
        days: uint32, ascending: the weekdays and days of months that it names.
        named: uint32, ascending: numerals and names of the title that stand in the text too.
        length: characters of the text.
        shingles: uint32, ascending, each once: words in a row; of the text, or if it is
            `short` of title and text. Empty where they were left out.
        short: the text alone has fewer than `LONG` shingles.
    """

    terms: NDArray[Any]
    often: NDArray[Any]
    heading: NDArray[Any]
    numerals: NDArray[Any]
    days: NDArray[Any]
    named: NDArray[Any]
    length: int
    shingles: NDArray[Any]
    short: bool


def profile(article: Article) -> Profile:
    """Return what is counted of an article; nothing for one without words."""
    import numpy as np

    title, text = folded_words(article.title or ""), folded_words(article.text)
    plain, stems = _numbers([*title, *text], article.language)
    ahead, body = stems[: len(title)], stems[len(title) :]
    terms, often = _counted(ahead, body)
    heading = ahead if ahead.any() else body[body != _STOPPED][:OPENING]
    figures = numerals(article.title or ""), numerals(article.text)
    names = names_of(cased_words(article.text), among=set(title))
    whole = f"{article.title or ''}\n{article.text}"
    short = len(text) < LONG + _SHINGLE - 1
    return Profile(
        terms,
        often,
        _spoken(np.unique(heading)),
        numerals=_codes(figures[0] | figures[1]),
        days=_codes(days_of(whole, {*title, *text}, article.language)),
        named=np.union1d(
            _codes(figures[0] & figures[1]),
            _spoken(_numbers(sorted(names), article.language)[1]),
        ),
        length=len(article.text),
        shingles=_shingles(plain if short else plain[len(title) :]),
        short=short,
    )


def profiles_of(articles: Iterable[Heading]) -> dict[str, Profile]:
    """Return article id → profile, of those of `articles` whose text is there."""
    return {one.id: profile(one) for one in articles if isinstance(one, Article)}


def profiled(article: Article) -> Profiled:
    """Return the profile of an article as it is kept."""
    one = profile(article)
    counted = (one.heading, one.numerals, one.days, one.named)
    parts = (one.terms, one.often, *counted)
    sizes = _SIZES.pack(len(one.terms), *map(len, counted), one.length, one.short)
    return Profiled(
        article.id,
        article.revision,
        RECIPE,
        terms=sizes + b"".join(part.tobytes() for part in parts),
        shingles=one.shingles.tobytes(),
    )


def profile_from(kept: Profiled) -> Profile:
    """Return the profile that was kept by `profiled`."""
    import numpy as np

    *sizes, length, short = _SIZES.unpack_from(kept.terms)
    read, at = list[Any](), _SIZES.size
    for kind, size in zip(_KINDS, [sizes[0], *sizes], strict=True):
        read.append(np.frombuffer(kept.terms, kind, size, at))
        at += read[-1].nbytes
    terms, often, heading, numerals, days, named = read
    return Profile(
        terms,
        often,
        heading,
        numerals=numerals,
        days=days,
        named=named,
        length=length,
        shingles=np.frombuffer(kept.shingles or b"", "<u4"),
        short=bool(short),
    )


def _counted(
    title: NDArray[Any], text: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the terms, and how often each stands there."""
    import numpy as np

    terms, often = np.unique(
        np.concatenate([text, *[title] * TITLE_WEIGHT]), return_counts=True
    )
    spoken = terms != _STOPPED
    return terms[spoken], np.minimum(often[spoken], _MOST).astype(np.uint8)


def _spoken(stems: NDArray[Any]) -> NDArray[Any]:
    """Return `stems` without `_STOPPED`."""
    spoken: NDArray[Any] = stems[stems != _STOPPED]
    return spoken


def _shingles(plain: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    if len(plain) < _SHINGLE:
        return plain[:0]
    last = len(plain) - _SHINGLE + 1
    mixed: Any = sum(
        plain[at : last + at] * np.uint32(odd) for at, odd in enumerate(_MIXED)
    )
    shingles: NDArray[Any] = np.unique(mixed)
    return shingles


def _codes(facts: Iterable[str]) -> NDArray[Any]:
    import numpy as np

    return np.unique(np.array([_crc(fact) for fact in facts], np.uint32))


def _numbers(read: Sequence[str], language: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return for each word its own number, and that of its stem."""
    import numpy as np

    both = np.fromiter(map(_known(language).__getitem__, read), np.uint64, len(read))
    return both.astype(np.uint32), (both >> np.uint64(32)).astype(np.uint32)


def _crc(word: str) -> int:
    return crc32(word.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=64)
def _known(language: str) -> Mapping[str, int]:
    return _Numbers(language)


class _Numbers(dict[str, int]):
    """Word → its number and, 32 bits higher, that of its stem (`_STOPPED` for stop words)."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._stops = frozenset(map(fold, stop_words(language)))

    def __missing__(self, word: str) -> int:
        number = _STOPPED
        if word not in self._stops:
            number = _crc(stem(word, self._language))
        both = number << 32 | _crc(word)
        if len(self) < _REMEMBERED:
            self[word] = both
        return both


_REMEMBERED: Final = 200_000
"""Words of a language whose numbers are kept at hand."""
