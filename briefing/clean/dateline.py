"""Datelines: “Baghdad, MINA –” at the beginning of a first paragraph."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from briefing.clean.agencies import is_agency
from briefing.clean.paragraphs import Paragraph
from briefing.text import fold

_WINDOW: Final = 160
"""Characters in which a dateline must end with at least one character of text after it."""
_DASH: Final = re.compile(r"(?: ?--+ ?| ?[–—] ?| - |- )(?=\S)")
_CREDIT: Final = re.compile(r"(?P<head>[^()]*)\((?P<credit>[^()]{2,60})\)")
_DOMAIN: Final = re.compile(
    r"(?:[\w-]{1,40}\.){1,3}(?:com?|id|net|org|tv|news|my)", re.I
)
_CAMEL: Final = re.compile(r"[A-Z][a-z]{2,20}[A-Z][a-z]{2,20}")
_TEXT_BEGINS: Final = re.compile(r"[\"'“‘«(]{0,2}[^\W_]")
_LOUD_LENGTH: Final = 5
"""Letters from which a word in capitals is a place: “NATO - Rusia” is no dateline."""
_DATA: Final = Path(__file__).with_name("datelines.toml")


@dataclass(frozen=True, slots=True)
class Dateline:
    """What a dateline says.

    Attributes:
        length: characters it takes with the dash and the blanks around it.
        place: where from, None if it names no place.
        outlet: who publishes, None if it does not say.
        credit: what it credits in brackets, “Reuters” in “BAGHDAD (Reuters) -”.
    """

    length: int = 0
    place: str | None = None
    outlet: str | None = None
    credit: str | None = None

    def or_else(self, other: Dateline) -> Dateline:
        """Return this one with what it does not say taken from `other`."""
        return Dateline(
            length=self.length or other.length,
            place=self.place or other.place,
            outlet=self.outlet or other.outlet,
            credit=self.credit or other.credit,
        )


@dataclass(frozen=True, slots=True)
class _Names:
    """Folded names from ``datelines.toml``."""

    places: frozenset[str]
    outlets: frozenset[str]
    outlet_words: frozenset[str]


def find_dateline(paragraph: Paragraph, *, outlet: str | None) -> Dateline | None:
    """Return the dateline that opens `paragraph`, or None when in any doubt.

    Args:
        paragraph: the first of a text.
        outlet: name of the outlet if known: “Name –” is then a dateline.
    """
    window = paragraph.head(_WINDOW)
    for match in _DASH.finditer(window):
        following = window[match.end() : match.end() + 3]
        if (
            not _TEXT_BEGINS.match(following)
            or following.lstrip("\"'“‘«(")[0].islower()
        ):
            return None
        head = window[: match.start()].strip()
        found = _read(head, outlet)
        if found is not None:
            return Dateline(match.end(), found.place, found.outlet, found.credit)
        if not _CREDIT.match(head) and "," not in head:
            return None  # a later dash belongs to the sentence
    return None


def _read(head: str, outlet: str | None) -> Dateline | None:
    """Return what the words before the dash say, None if they are no dateline."""
    credit = None
    bracket = _CREDIT.fullmatch(head)
    if bracket:
        head, credit = bracket["head"].strip(), bracket["credit"].strip()
    parts = [part.strip() for part in head.split(",")]
    parts = [
        part
        for part in parts
        if (part and not any(c.isdigit() for c in part)) or _DOMAIN.fullmatch(part)
    ]
    if not 1 <= len(parts) <= 3 or not all(_is_name(part) for part in parts):
        return None
    publishers = [part for part in parts if _is_outlet(part, outlet)]
    places = [part for part in parts if part not in publishers]
    if credit:
        return _credited(places, publishers, credit)
    if publishers:
        sure = places or len(publishers) == 1
        return Dateline(0, _first(places), publishers[0]) if sure else None
    return _unnamed(places)


def _credited(places: list[str], publishers: list[str], credit: str) -> Dateline | None:
    """Read “Baghdad, Irak (Xinhua/Indonesia Window)”: agencies first, then outlets."""
    credits = [part.strip() for part in credit.split("/")]
    agencies = [part for part in credits if is_agency(part)]
    others = publishers + [part for part in credits if part not in agencies]
    sure = agencies or publishers or any(map(_is_place, places))
    sure = sure or any(_is_outlet(part, None) for part in others)
    if not sure or not all(_is_name(part) for part in credits):
        return None
    return Dateline(0, _first(places), _first(others), _first(agencies))


def _unnamed(places: list[str]) -> Dateline | None:
    """Read names of which none is known to be an outlet's."""
    known = [_is_place(part) for part in places]
    if len(places) == 1:
        loud = places[0].isupper() and len(places[0]) >= _LOUD_LENGTH
        if known[0] or (loud and not _is_country(places[0])):
            return Dateline(0, places[0])
        return None
    if known[0]:
        second = places[1]
        outlet = None if known[1] or _is_country(second) else second
        return Dateline(0, places[0], outlet)
    if known[1]:
        return Dateline(0, places[1], places[0])
    loud = places[0].isupper() and len(places[0]) >= _LOUD_LENGTH
    return Dateline(0, places[0]) if loud and _is_country(places[1]) else None


def _is_name(part: str) -> bool:
    """Return whether every word is capitalised and there are few of them."""
    if _DOMAIN.fullmatch(part):
        return True
    tokens = [token for token in re.split(r"[ -]", part) if token]
    particles = {"al", "el", "an", "as", "de", "of"}
    return 1 <= len(tokens) <= 4 and all(
        (token[0].isupper() or token in particles)
        and all(character.isalpha() or character in "'’." for character in token)
        for token in tokens
    )


def _is_outlet(part: str, outlet: str | None) -> bool:
    names = _names()
    folded = fold(part)
    if folded in names.outlets or _DOMAIN.fullmatch(part):
        return True
    if outlet and folded == fold(outlet):
        return True
    spaced = (
        re.sub(r"(?<=[a-z])(?=[A-Z])", " ", part) if _CAMEL.fullmatch(part) else part
    )
    tokens = fold(spaced).split()
    return len(tokens) > 1 and not names.outlet_words.isdisjoint(tokens)


def _is_place(part: str) -> bool:
    return fold(part) in _names().places


def _first(parts: list[str]) -> str | None:
    return parts[0] if parts else None


@cache
def _names() -> _Names:
    table = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return _Names(**{key: frozenset(map(fold, table[key])) for key in table})


@cache
def _is_country(name: str) -> bool:
    """Return whether `name` is a country's, in Indonesian, Malay or English."""
    return fold(name) in _countries()


@cache
def _countries() -> frozenset[str]:
    from babel import Locale

    return frozenset(
        fold(name)
        for tag in ("id", "ms", "en")
        for code, name in Locale.parse(tag).territories.items()
        if code.isalpha()
    )
