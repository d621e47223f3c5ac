"""Who and where: the people, organisations and places that a story names most."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from briefing.group.mentions import Mentions, cut_offices, join_short_forms
from briefing.group.speech import verbs
from briefing.group.titles import (
    begins_titled,
    is_form,
    is_market,
    is_never,
    is_title,
    kind_of,
    office_and_person,
    without_titles,
)
from briefing.model import Article, Name, NameKind
from briefing.text import Language, fold, language, sentences_of, stop_words
from briefing.text.places import name_key

MOST: Final = 6
"""Names that a story shows."""

_READ: Final = 60
"""Sentences of an article that are read."""

_JOINTS: Final = (
    "of",
    "bin",
    "binti",
    "ibn",
    "al",
    "el",
    "de",
    "del",
    "van",
    "von",
    "der",
    "da",
    "la",
)
"""Words inside a name that need no capital, where one with a capital follows."""

_ARTICLES: Final = ("al", "el", "as", "ash", "ar", "an", "at", "ad", "az", "ul")
"""Arabic articles before a hyphen within a name, which need no capital either: "Ain al-Assad"."""

_CAPITAL: Final = r"[^\W\d_a-z](?:[^\W_]|[-'’.](?=[^\W_]))*"
_FURTHER: Final = rf"(?:(?:{'|'.join(_ARTICLES)})-)?{_CAPITAL}"
_NAME: Final = re.compile(
    rf"(?<![^\W_]){_CAPITAL}(?: (?:(?:{'|'.join(_JOINTS)}) )?{_FURTHER})*"
)
_BARE: Final = re.compile(rf"(?:{'|'.join(_ARTICLES)})-")
_PARTS: Final = re.compile("[ -]")
_ACRONYM: Final = re.compile(r"\s?\((?P<short>[A-Z][A-Za-z]{1,9})\)")
_BESIDE: Final = re.compile(r" (?:(?:juga|pun|kembali|lalu) )?(?P<word>[a-z]+)")
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")
_OPENING: Final = re.compile(r"[\W_]*")
_OPENS: Final = ('"', "“", "‘", ":", "«", "(")
"""What a quotation begins with, or something else that begins with a capital."""
_NEAR: Final = 100
"""Characters before a name in which its titles are sought: several times the longest."""


class _Mention(NamedTuple):
    """One name in a text, and whether it says something there."""

    name: str
    kind: NameKind
    speaks: bool = False


def most_named(articles: Sequence[Article], *, limit: int = MOST) -> tuple[Name, ...]:
    """Return whom and what the articles of a story name most, those in most articles first.

    Names are told by their capitals, so that languages without them name nobody. A name
    that only one of several articles has, and only once, does not count.

    Args:
        articles: without copies.
        limit: the most names.
    """
    found: defaultdict[str, Mentions] = defaultdict(Mentions)
    for article in articles:
        for each in _names(article):
            one = found[name_key(each.name)]
            one.spellings[each.name] += 1
            one.articles.add(article.id)
            one.kinds[each.kind] += 1
            one.speaks |= each.speaks
    cut_offices(found)
    join_short_forms(found)
    ranked = sorted(
        found.items(),
        key=lambda item: (-len(item[1].articles), -item[1].spellings.total(), item[0]),
    )
    often = (one for _, one in ranked if one.spellings.total() > 1)
    return tuple(_named(one, articles) for one in islice(often, limit))


def _named(one: Mentions, articles: Sequence[Article]) -> Name:
    told = [each for each in sorted(one.kinds) if each]
    kind: NameKind = max(told, key=lambda each: one.kinds[each]) if told else ""
    ids = tuple(each.id for each in articles if each.id in one.articles)
    return Name(one.spelling, kind, ids, one.spellings.total())


def _names(article: Article) -> Iterator[_Mention]:
    """Give each name in the text as often as it stands there."""
    sentences = [one.text for one in sentences_of(article, _READ)]
    # What a hyphen ties to a name is no word of its own: "al-Teladan" says nothing of "Al Contoh".
    small = {
        fold(word)
        for one in sentences
        for word in re.findall(r"\b[^\W\d_]+\b(?!-)", one)
        if word[0].islower()
    }
    spoken = language(article.language)
    never = {*small, *stop_words(article.language), *spoken.weekdays, *spoken.months}
    never.update(short for one in sentences for short in _terms(one))
    inner = {
        fold(word)
        for one in sentences
        for match, opens in _matches(one)
        if not opens
        for word in {*match[0].split(), *_PARTS.split(match[0])}
    }
    for sentence in sentences:
        if not _is_loud(sentence):
            yield from _in_sentence(sentence, never, inner, spoken)


def _in_sentence(
    sentence: str, never: set[str], inner: set[str], spoken: Language
) -> Iterator[_Mention]:
    for match, opens in _matches(sentence):
        words = match[0].split()
        if opens and not begins_titled(words):
            first = fold(words[0])
            if first in never or first not in inner:
                words = words[1:]
        before = _before(sentence, match.start())
        words, kind = without_titles(words, before)
        if kind == "person":
            office, words = office_and_person(words)
            words, told = without_titles(words, ())
            kind = told or kind
            yield from (_Mention(name, kind_of(name)) for name in office)
        name = _led(" ".join(_trimmed(words, never, spoken))).strip(".'’-")
        if (
            len(name) > 1
            and any(map(str.isalpha, name))
            and not (is_never(name) or is_title(name))
        ):
            behind = _BESIDE.match(sentence, match.end())
            # "kata Budi", and at the beginning "Kata Budi"
            ahead = {*before[-1:], fold(match[0].split()[0])}
            speaks = not spoken.attributions.isdisjoint(ahead) or (
                behind is not None and behind["word"] in verbs("telling")
            )
            # "Kepala Badan X", "Bupati X": who holds the office is not named.
            yield _Mention(name, kind_of(name) or kind, speaks)


def _trimmed(words: list[str], never: set[str], spoken: Language) -> list[str]:
    """Return `words` without those at either end that belong to no name."""
    start, end = 0, len(words)
    while start < end and (fold(words[start]) in never or is_form(words[start])):
        start += 1
    while start < end and (
        fold(words[end - 1]) in {*never, *_JOINTS} or is_form(words[end - 1])
    ):
        if (
            fold(words[end - 1]) in spoken.weekdays
            and end > 1
            and is_market(words[end - 2])
        ):
            break
        end -= 1
    return words[start:end]


def _terms(sentence: str) -> Iterator[str]:
    """Give the acronyms that stand for words and no name: "wajib pajak (WP)"."""
    for match in _ACRONYM.finditer(sentence):
        short = fold(match["short"])
        ahead = sentence[max(match.start() - _NEAR, 0) : match.start()]
        meant = _PARTS.split(ahead.strip(" -"))[-len(short) :]
        initials = "".join(word[:1] for word in meant)
        small = 2 * sum(map(str.islower, initials)) > len(initials)
        if small and fold(initials) == short:
            yield short


def _matches(sentence: str) -> Iterator[tuple[re.Match[str], bool]]:
    """Give each name, and whether it begins the sentence, or a quotation in it."""
    end = 0
    for match in _NAME.finditer(sentence):
        between = sentence[end : match.start()]
        first = not end and _OPENING.fullmatch(between) is not None
        yield match, first or between.rstrip().endswith(_OPENS)
        end = match.end()


def _before(sentence: str, at: int) -> list[str]:
    """Return the last two words before `at`, folded, as far as they stand close to it."""
    start = max(at - _NEAR, 0)
    whole = 1 if start else 0  # the first one may be the end of a word
    words = fold(sentence[start:at]).split()[whole:][-2:]
    return [word.strip("()") for word in words]


def _led(name: str) -> str:
    """Return a name without the small article that it begins with where its first word is cut."""
    found = _BARE.match(name)
    return name[found.end() :] if found else name


def _is_loud(sentence: str) -> bool:
    """Tell a line in capitals, where names stand out from nothing."""
    letters = _LATIN.findall(sentence)
    return 2 * sum(map(str.isupper, letters)) > len(letters)
