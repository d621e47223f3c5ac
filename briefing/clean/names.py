"""The names in a byline."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final

from briefing.text import fold, language
from briefing.text.agencies import is_agency
from briefing.text.datelines import is_outlet, is_place

_DATA: Final = Path(__file__).with_name("bylines.toml")
_LENGTH: Final = 500
"""Characters of a byline that are looked at."""
_NAME_WORDS: Final = 6
_NAME_LENGTH: Final = 60
_MOST_NAMES: Final = 10
_OUTLET_LENGTH: Final = 5
"""Letters from which an outlet's name shows its departments: “detikTravel”."""
_ADDRESS: Final = re.compile(r"(?i)(?:https?:/|www\.)\S+|[\w.+-]+@[\w-]+\.\w\S*|@\w*")
_DOMAIN: Final = re.compile(r"(?i)\.(?:com|co|id|net|org|tv)\b")
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_GENERATION: Final = re.compile(r",\s*(?=(?:Jr|Sr|II|III)\b)")
_PARTS: Final = re.compile(
    r"\s*(?:[,;|•·/\n]|(?<!\S)(?:and|dan|und|et|&|with|bersama|serta|[-–—])(?!\S))\s*",
    re.I,
)
_NO_BEGINNING: Final = re.compile(r"\A(?:(?:Jr|Sr|III?)\b[. ]*)+")
"""What only stands behind a name."""
_DIGIT: Final = re.compile(r"\d")
_SIGN: Final = re.compile(r"[\d_@<>=!?]")
"""What no name has in it."""
_DEGREE: Final = re.compile(r"(?:[A-Z][A-Za-z]{0,5}\.){1,3}[A-Z][A-Za-z]{0,5}")
"""“S.H”, “M.Si”, “Ph.D”; the last full stop is gone."""
_MANY: Final = re.compile(r"(?:Tim|TIM) [A-Z]{2,}\b|(?i:the) ")
"""How names of teams and of organisations begin."""
_COLON: Final = re.compile(r"[:：]")
_BY: Final = re.compile(r"(?i)\b(?:by|oleh)\s*\Z")
_WRITER: Final = "penulis"
_EDGES: Final = " .:-–—()[]\"'“”*"


@dataclass(frozen=True, slots=True)
class _Known:
    """What ``bylines.toml`` says, made ready.

    Attributes:
        role: a role at the beginning of a text, with the group ``other`` where whoever
            follows did not write.
        inner: a role before a colon, anywhere.
        double: two roles in one, a writer's among them: “Reporter/Editor:”.
        nobody: a word that no person's name has.
        particles: words in lower case that names have.
        degrees: degrees without full stops.
    """

    role: re.Pattern[str]
    inner: re.Pattern[str]
    double: re.Pattern[str]
    nobody: re.Pattern[str]
    particles: frozenset[str]
    degrees: frozenset[str]


def authors(stated: Iterable[str], *, outlets: Iterable[str] = ()) -> str | None:
    """Return the persons in `stated` joined by “, ”, None if there is none.

    “Oleh” and “By” go, and so do addresses, places, degrees, outlets, and who did
    something else (“Editor: …”). Agencies count where no person is named.
    """
    known = {_letters(name) for outlet in outlets for name in (outlet, _host(outlet))}
    found: dict[str, str] = {}
    for text in islice(stated, _MOST_NAMES):
        for name in _names(text):
            if not _is_own(name, known):
                found.setdefault(name.casefold(), name)
    people = [name for name in found.values() if not is_agency(name)]
    return ", ".join(islice(people or found.values(), _MOST_NAMES)) or None


def is_role(text: str) -> bool:
    """Return whether `text` is nothing but a role: “Editor”, “Written by”, “Penulis:”."""
    text = text.strip()
    match = _known().role.match(text)
    return match is not None and match.end() == len(text)


def begins_with_role(text: str) -> bool:
    """Return whether a writer's role stands at the beginning of `text`."""
    match = _known().role.match(text)
    return match is not None and match["other"] is None


def is_signature(text: str) -> bool:
    """Return whether a writer's role and a name stand at the beginning of `text`.

    Without a colon it takes “by” or “oleh”, and a name of two words: “Laporan Khusus”,
    “Penulis Lepas” and “By Topic” are none.
    """
    match = _known().role.match(text)
    if match is None or match["other"] is not None:
        return False
    name = _name(_PARTS.split(text[match.end() :], maxsplit=1)[0])
    by = " " in name and _BY.search(match[0])
    return _is_name(name) and bool(_COLON.search(match[0]) or by)


def _names(text: str) -> Iterator[str]:
    """Give the names of those who wrote, in the order of the text."""
    known = _known()
    text = _BRACKETS.sub(" ", _ADDRESS.sub("\n", text[:_LENGTH]))
    text = known.double.sub(_WRITER, _GENERATION.sub(" ", text))
    wrote, named = True, False
    for part in _PARTS.split(known.inner.sub("\n\\g<0>", text)):
        rest = part
        while role := known.role.match(rest):
            wrote, rest = role["other"] is None, rest[role.end() :]
        name = _name(rest)
        if wrote and _is_name(name):
            named = True
            yield name
        elif named and (_DIGIT.search(part) or len(name.split()) > _NAME_WORDS):
            wrote = False  # what follows a date or a sentence is no byline


def _name(part: str) -> str:
    """Return what may be a name, once if it stands there twice, as beside a picture."""
    words = _NO_BEGINNING.sub("", part.strip(_EDGES)).split()
    half = len(words) // 2
    twice = half > 1 and words[:half] == words[half:]
    return " ".join(words[:half] if twice else words)


def _is_name(name: str) -> bool:
    return is_agency(name) or (
        1 < len(name) <= _NAME_LENGTH
        and len(name.split()) <= _NAME_WORDS
        and not _SIGN.search(name)
        and all(map(_is_name_word, name.split()))
        and not _is_nobody(name)
        and not is_place(name)
        and not is_outlet(name, None)
        and not any(fold(name) in language(tag).weekdays for tag in ("id", "en"))
    )


def _is_name_word(word: str) -> bool:
    """Return whether names have such a word: “Budi”, “bin”, “al-Khazali”, “d’Arc”."""
    first = re.split(r"[-.'’]", word, maxsplit=1)[0]
    return first in _known().particles or not word[0].islower()


def _is_nobody(name: str) -> bool:
    known = _known()
    return bool(
        known.nobody.search(name)
        or _DOMAIN.search(name)
        or _MANY.match(name)
        or _DEGREE.fullmatch(name)
        or name in known.degrees
    )


def _is_own(name: str, outlets: set[str]) -> bool:
    """Return whether it is one of the outlets, its team, or a department: “detikTravel”."""
    letters = _letters(name)
    return {letters, letters.removeprefix("tim")} & outlets != set() or any(
        len(outlet) >= _OUTLET_LENGTH and letters.startswith(outlet)
        for outlet in outlets
    )


def _letters(name: str) -> str:
    """Return only the letters and digits, in lower case: “CBSDetroit” is “CBS Detroit”."""
    return "".join(filter(str.isalnum, name.casefold()))


def _host(name: str) -> str:
    """Return the first part of a host name: the outlet of “kabar.example” is “Kabar”."""
    return name.partition(".")[0]


@cache
def _known() -> _Known:
    table = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    writer, other = (
        "|".join(role.rstrip(":") for role in table[key])
        for key in ("writers", "others")
    )
    either, also = f"{writer}|{other}", r"\s*(?:/|&|dan|and)\s*"
    return _Known(
        role=re.compile(
            rf"(?:(?P<other>{_any_of(table['others'])}|{_done(table['helping'])})"
            rf"|{_any_of(table['writers'])}|{_done(table['writing'])}"
            r"|(?:by|oleh)(?![^\s:]))\s*[:：]?\s*",
            re.I,
        ),
        inner=re.compile(rf"(?<!\S)(?:{either})(?=\s*[:：])", re.I),
        double=re.compile(
            rf"(?<!\w)(?:(?:{writer}){also}(?:{either})|(?:{either}){also}(?:{writer}))"
            r"(?=\s*[:：])",
            re.I,
        ),
        nobody=re.compile(rf"(?<!\w)(?:{'|'.join(table['nobody'])})(?!\w)", re.I),
        particles=frozenset(table["particles"]),
        degrees=frozenset(table["degrees"]),
    )


def _any_of(roles: list[str]) -> str:
    """Return a pattern of roles; one with a colon must stand before one, or alone."""
    return "|".join(
        role.removesuffix(":")
        + (r"(?=\s*(?:[:：]|\Z))" if role.endswith(":") else r"(?![^\s:：])")
        for role in sorted(roles, key=lambda role: (-len(role), role))
    )


def _done(deeds: list[str]) -> str:
    """Return a pattern of what was done, by its first letters: “Photos by”."""
    words = r"(?:[^\W\d_]{1,20}[ -]){0,2}"
    return rf"{words}(?:{'|'.join(deeds)})\w{{0,20}}\s+(?:by|oleh)(?![^\s:])"
