"""Datelines: “Baghdad, MINA –” at the beginning of a first paragraph."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from briefing.text.agencies import is_agency
from briefing.text.dates import is_date
from briefing.text.lexicon import language as lexicon
from briefing.text.places import city, country
from briefing.text.terms import fold

_WINDOW: Final = 160
"""Characters in which a dateline must end with at least one character of text after it."""
_DASH: Final = re.compile(
    r"(?: ?--+ ?| - - ?| ?[–—] ?| - |- |(?P<weak>: | ?\| ?))(?=\S)"
)
"""Where a dateline ends. A weak mark ends other things as well: it needs a place before it,
or a web address."""
_DASH_AT_END: Final = re.compile(r"(?P<head>[^\n]*?) ?(?:--+|[–—-])")
_CREDIT: Final = re.compile(r"(?P<head>[^()]*)\((?P<credit>[^()]{2,60})\)")
_DOMAIN: Final = re.compile(
    r"(?:[\w-]{1,40}\.){1,3}(?:com?|id|net|org|tv|news|my)", re.I
)
_UNMARKED: Final = re.compile(
    rf"(?P<site>(?i:{_DOMAIN.pattern})), (?P<place>[^\W\d]+(?: [^\W\d]+){{0,2}}?) (?=[A-Z\"“])"
    rf"|(?P<before>[^\W\d]+(?: [^\W\d]+){{0,2}}), (?P<home>(?i:{_DOMAIN.pattern})) (?=[A-Z\"“])"
)
"""“Liputan6.com, Jakarta Presiden …”: no mark at all, told by the web address."""
_CAMEL: Final = re.compile(r"[A-Z][a-z]{2,20}[A-Z][a-z]{2,20}")
_ACRONYM: Final = 6
"""Letters of the longest acronym that is taken for an outlet."""
_PAIR_WINDOW: Final = 60
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
        stamp: the date in it as written, None if there is none.
    """

    length: int = 0
    place: str | None = None
    outlet: str | None = None
    credit: str | None = None
    stamp: str | None = None

    def or_else(self, other: Dateline) -> Dateline:
        """Return this one with what it does not say taken from `other`."""
        return Dateline(
            length=self.length or other.length,
            place=self.place or other.place,
            outlet=self.outlet or other.outlet,
            credit=self.credit or other.credit,
            stamp=self.stamp or other.stamp,
        )


@dataclass(frozen=True, slots=True)
class _Names:
    """Folded names from ``datelines.toml``."""

    outlets: frozenset[str]
    outlet_words: frozenset[str]
    qualifiers: frozenset[str]
    region_words: frozenset[str]
    labels: frozenset[str]


def find_dateline(
    text: str, *, outlet: str | None, language: str = "und"
) -> Dateline | None:
    """Return the dateline that opens `text`, or None when in any doubt.

    Args:
        text: the first paragraph or sentence of an article.
        outlet: name of the outlet if known: “Name –” is then a dateline.
        language: BCP 47 tag, of the date in it.
    """
    window = text[:_WINDOW]
    for match in _DASH.finditer(window):
        following = window[match.end() :]
        if (
            not _TEXT_BEGINS.match(following)
            or following.lstrip("\"'“‘«(")[0].islower()
        ):
            break
        head = window[: match.start()].strip()
        found = _read(head, outlet, language)
        if found is not None and match["weak"]:
            sure = found.place or _DOMAIN.fullmatch(head)
            found = found if sure else None
        if found is not None and not _is_pair(head, following):
            return replace(found, length=match.end())
        if not _CREDIT.match(head) and "," not in head:
            break  # a later dash belongs to the sentence
    return _unmarked(window)


def _unmarked(window: str) -> Dateline | None:
    """Read a web address and a place that no mark parts from the text."""
    found = _UNMARKED.match(window)
    if found is None:
        return None
    place = found["place"] or found["before"]
    outlet = found["site"] or found["home"]
    return Dateline(found.end(), place, outlet) if is_place(place) else None


def whole_dateline(
    text: str, *, outlet: str | None, language: str = "und"
) -> Dateline | None:
    """Return the dateline that is all of `text`, “Jakarta, CNN Indonesia --”.

    Args:
        text: one of the first paragraphs of an article.
        outlet: as for `find_dateline`.
        language: as for `find_dateline`.
    """
    if len(text) > _WINDOW:
        return None
    match = _DASH_AT_END.fullmatch(text)
    found = _read(match["head"].strip(), outlet, language) if match else None
    return replace(found, length=len(text)) if found else None


def written_place(name: str) -> str:
    """Return a place as names are written: “BAGHDAD” is Baghdad, “SANA'A” Sana'a."""
    if not name.isupper():
        return name
    return city(name) or name.title()


def _is_pair(head: str, following: str) -> bool:
    """Return whether two places stand around a dash: “Teheran – Baghdad sepakat …”."""
    if not (is_place(head) or country(head)):
        return False
    tokens = re.findall(r"[\w'’-]+", following[:_PAIR_WINDOW])
    names = (" ".join(tokens[:size]) for size in (1, 2, 3) if size <= len(tokens))
    return any(
        (is_place(name) or country(name)) and head.isupper() <= name.isupper()
        for name in names
    )


def _read(head: str, outlet: str | None, language: str) -> Dateline | None:
    """Return what the words before the dash say, None if they are no dateline."""
    credit = None
    bracket = _CREDIT.fullmatch(head)
    if bracket:
        head, credit = bracket["head"].strip(), bracket["credit"].strip()
        if is_date(credit, language=language):
            head, credit = f"{head}, ({credit})", None
    # "Jan. 5, 2024" is one part.
    pieces = re.split(r",(?!\s*\d{4}\b)", head)
    parts = [part for part in map(str.strip, pieces) if part]
    weekdays = lexicon(language).weekdays
    dates = [
        part
        for part in parts
        if fold(part) in weekdays or is_date(part, language=language)
    ]
    parts = [part for part in parts if part not in dates]
    if not 1 <= len(parts) <= 3 or not all(_is_name(part) for part in parts):
        return None
    found = _named(parts, credit, outlet)
    stamp = " ".join(dates)
    dated = any(character.isdigit() for character in stamp)
    return replace(found, stamp=stamp) if found and dated else found


def _named(parts: list[str], credit: str | None, outlet: str | None) -> Dateline | None:
    """Return what the names before the dash say, None if they are no dateline."""
    if len(parts) == 1 and not credit and fold(parts[0]) in _names().labels:
        return Dateline()
    publishers = [part for part in parts if is_outlet(part, outlet)]
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
    if not all(_is_name(part) for part in credits):
        return None
    agencies = [part for part in credits if is_agency(part)]
    others = [part for part in credits if part not in agencies]
    sure = agencies or publishers or any(map(is_place, places))
    if not sure and not any(is_outlet(part, None) for part in others):
        return None
    named = [part for part in others if _may_be_outlet(part)]
    return Dateline(0, _first(places), _first(publishers + named), credit)


def _unnamed(parts: list[str]) -> Dateline | None:
    """Read names of which none is known to be an outlet's."""
    at = next((at for at, part in enumerate(parts) if is_place(part)), None)
    if at is not None:
        others = [part for part in parts if part != parts[at]]
        return Dateline(0, parts[at], _first([*filter(_may_be_outlet, others)]))
    loud = parts[0].isupper() and len(parts[0]) >= _LOUD_LENGTH
    located = len(parts) == 1 or _is_region(parts[1])
    named = not _is_region(parts[0]) or country(parts[0])
    return Dateline(0, parts[0]) if loud and located and named else None


def _may_be_outlet(part: str) -> bool:
    """Return whether a name beside a place is an outlet's, by what it looks like.

    It is an acronym or has several words, and it is no place, region, office or agency.
    """
    if is_outlet(part, None):
        return True
    if _is_region(part) or is_place(part) or is_agency(part):
        return False
    acronym = part.isupper() and part.isalpha() and 2 < len(part) <= _ACRONYM
    return acronym or len(part.split()) > 1


def _is_region(part: str) -> bool:
    """Return whether `part` is a country, or a region or office by its data or last word."""
    names = _names()
    last = fold(part).rpartition(" ")[2]
    return (
        fold(part) in names.qualifiers
        or last in names.region_words
        or last in names.qualifiers
        or bool(country(part) or country(last))
    )


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


def is_outlet(part: str, outlet: str | None) -> bool:
    """Return whether `part` is an outlet's name, that of `outlet` or a known one."""
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


def is_place(part: str) -> bool:
    """Return whether `part` is a city that datelines name."""
    return city(part) is not None


def _first(parts: list[str]) -> str | None:
    return parts[0] if parts else None


@cache
def _names() -> _Names:
    return _Names(
        **{key: frozenset(map(fold, names)) for key, names in _table().items()}
    )


@cache
def _table() -> dict[str, list[str]]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))
