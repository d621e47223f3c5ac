"""Who and where: the people, organisations and places that a story names most."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final

from briefing.model import Article, Name, NameKind
from briefing.text import fold, language, sentences_of, stop_words
from briefing.text.places import city, country, is_region, name_key

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
_LOUD: Final = re.compile(r"[A-Z]{2,8}")
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")
_OPENING: Final = re.compile(r"[\W_]*")
_OPENS: Final = ('"', "“", "‘", ":", "«", "(")
"""What a quotation begins with, or something else that begins with a capital."""
_NEAR: Final = 100
"""Characters before a name in which its titles are sought: several times the longest."""
_DATA: Final = Path(__file__).with_name("names.toml")


@dataclass(slots=True)
class _Found:
    """What was found out about one name."""

    spellings: Counter[str] = field(default_factory=Counter)
    articles: set[str] = field(default_factory=set)
    kinds: Counter[NameKind] = field(default_factory=Counter)


def most_named(articles: Sequence[Article], *, limit: int = MOST) -> tuple[Name, ...]:
    """Return whom and what the articles of a story name most, those in most articles first.

    Names are told by their capitals, so that languages without them name nobody. A name
    that only one of several articles has, and only once, does not count.

    Args:
        articles: without copies.
        limit: the most names.
    """
    found: defaultdict[str, _Found] = defaultdict(_Found)
    for article in articles:
        for name, kind in _names(article):
            one = found[name_key(name)]
            one.spellings[name] += 1
            one.articles.add(article.id)
            one.kinds[kind] += 1
    _join_short_forms(found)
    ranked = sorted(
        found.items(),
        key=lambda item: (-len(item[1].articles), -item[1].spellings.total(), item[0]),
    )
    often = (one for _, one in ranked if one.spellings.total() > 1)
    return tuple(_named(one, articles) for one in islice(often, limit))


def is_title(name: str) -> bool:
    """Tell whether `name` is an office that somebody holds ("Gubernur"), and no name."""
    return fold(name) in _words()["titles"]


def _named(one: _Found, articles: Sequence[Article]) -> Name:
    spelling = max(one.spellings, key=lambda name: (one.spellings[name], len(name)))
    told = [each for each in sorted(one.kinds) if each]
    kind: NameKind = max(told, key=lambda each: one.kinds[each]) if told else ""
    ids = tuple(each.id for each in articles if each.id in one.articles)
    return Name(spelling, kind, ids, one.spellings.total())


def _names(article: Article) -> Iterator[tuple[str, NameKind]]:
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
    inner = {
        fold(word)
        for one in sentences
        for match, opens in _matches(one)
        if not opens
        for word in {*match[0].split(), *_PARTS.split(match[0])}
    }
    for sentence in sentences:
        if not _is_loud(sentence):
            yield from _in_sentence(sentence, never, inner)


def _in_sentence(
    sentence: str, never: set[str], inner: set[str]
) -> Iterator[tuple[str, NameKind]]:
    for match, opens in _matches(sentence):
        words = match[0].split()
        if opens:
            first = fold(words[0])
            if first in never or first not in inner:
                words = words[1:]
        words, kind = _without_titles(words, _before(sentence, match.start()))
        if kind == "person":
            office, words = _office(words)
            yield from ((name, _kind(name)) for name in office)
        while words and fold(words[0]) in never:
            words = words[1:]
        while words and fold(words[-1]) in {*never, *_JOINTS}:
            words = words[:-1]
        name = _led(" ".join(words)).strip(".'’-")
        if (
            len(name) > 1
            and any(map(str.isalpha, name))
            and fold(name) not in _words()["never"]
        ):
            told = _kind(name)
            # "Kepala Badan X": the chief is not named.
            yield name, told if told == "organisation" else kind or told


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
    return fold(sentence[start:at]).split()[whole:][-2:]


def _led(name: str) -> str:
    """Return a name without the small article that it begins with where its first word is cut."""
    found = _BARE.match(name)
    return name[found.end() :] if found else name


def _without_titles(
    words: list[str], before: Sequence[str]
) -> tuple[list[str], NameKind]:
    """Return a name without the titles before it, and what they say it is."""
    data = _words()
    kind: NameKind = ""
    for size in (1, 2):
        if " ".join(before[-size:]) in data["titles"]:
            kind = "person"
    if before and before[-1] in data["locations"]:
        kind = "place"
    cut = True
    while cut and len(words) > 1:
        cut = False
        for size in (3, 2, 1):
            if len(words) > size and fold(" ".join(words[:size])) in data["titles"]:
                words, kind, cut = words[size:], "person", True
                break
    if len(words) > 1 and fold(words[0]) in data["locations"]:
        words, kind = words[1:], "place"
    return words, kind


def _office(words: list[str]) -> tuple[list[str], list[str]]:
    """Return what a person is in office of, and the person: "Presiden AS Donald Trump"."""
    office = []
    while len(words) > 1:
        two = " ".join(words[:2])
        if len(words) > 2 and (_is_place(two) or _is_seat(two)):
            office.append(two)
            words = words[2:]
        elif _is_place(words[0]) or _is_seat(words[0]) or _LOUD.fullmatch(words[0]):
            office.append(words[0])
            words = words[1:]
        elif fold(words[0]) in _words()["fields"]:
            words = words[1:]
        else:
            break
    return office, words


def _kind(name: str) -> NameKind:
    words = name.split()
    if _is_place(name):
        return "place"
    if _is_seat(name):
        return "organisation"
    if any(fold(word) in _words()["organisations"] for word in words):
        return "organisation"
    if len(words) == 1 and _LOUD.fullmatch(name):
        return "organisation"
    return ""


def _is_seat(name: str) -> bool:
    return fold(name) in _words()["seats"]


def _is_place(name: str) -> bool:
    return bool(country(name) or city(name)) or is_region(name)


def _join_short_forms(found: dict[str, _Found]) -> None:
    """Count "Trump" as "Donald Trump", "Assad" as "Ain al-Assad", where only one longer name ends so."""
    having: defaultdict[str, list[str]] = defaultdict(list)
    for key in found:
        for part in {*key.split(), *_PARTS.split(key)} - {key}:
            having[part].append(key)
    for key in sorted(found, key=len):
        if key.startswith("=") or " " in key:
            continue
        longer = [
            other
            for other in having.get(key, ())
            if (found[other].kinds["person"] or other.endswith((f" {key}", f"-{key}")))
            and not found[other].kinds["organisation"]
        ]
        if len(longer) == 1 and not found[key].kinds["place"]:
            into, one = found[longer[0]], found.pop(key)
            into.spellings[max(into.spellings)] += one.spellings.total()
            into.articles |= one.articles
            into.kinds += one.kinds


def _is_loud(sentence: str) -> bool:
    """Tell a line in capitals, where names stand out from nothing."""
    letters = _LATIN.findall(sentence)
    return 2 * sum(map(str.isupper, letters)) > len(letters)


@cache
def _words() -> Mapping[str, frozenset[str]]:
    return {
        key: frozenset(words)
        for key, words in tomllib.loads(_DATA.read_text("utf-8")).items()
    }
