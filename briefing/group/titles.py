"""What stands around a person's name: titles, and what somebody is in office of."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from briefing.model import NameKind
from briefing.text import fold
from briefing.text.places import city, country, is_region

_LOUD: Final = re.compile(r"[A-Z]{2,8}")
_DATA: Final = Path(__file__).with_name("names.toml")


def is_title(name: str) -> bool:
    """Tell whether `name` is an office that somebody holds ("Gubernur"), and no name."""
    return fold(name) in _words()["titles"]


def is_never(name: str) -> bool:
    """Tell whether `name` names nobody and nothing: a term, an amount ("Rp310"), a field of work."""
    folded = fold(name)
    if set(folded.split()) <= _words()["fields"] or _is_location(name):
        return True
    return not {
        folded,
        folded.rstrip("0123456789.,"),
    }.isdisjoint(_words()["never"])


def is_form(word: str) -> bool:
    """Tell whether `word` belongs to papers and laws, not to the name beside it ("BAP Budi")."""
    return fold(word) in _words()["forms"]


def is_market(word: str) -> bool:
    """Tell whether a weekday behind `word` is the name of a place ("Pasar Minggu")."""
    return fold(word) in _words()["markets"]


def begins_titled(words: Sequence[str]) -> bool:
    """Tell whether the first words are a title."""
    return any(is_title(" ".join(words[:size])) for size in (1, 2, 3))


def without_titles(
    words: list[str], before: Sequence[str]
) -> tuple[list[str], NameKind]:
    """Return a name without the titles before it, and what they say it is."""
    kind: NameKind = ""
    for size in (1, 2):
        if is_title(" ".join(before[-size:])):
            kind = "person"
    if before and before[-1] in _words()["locations"]:
        kind = "place"
    bare = _cut(words)
    if len(bare) < len(words):
        words, kind = bare, "person"
    # "SEA Games" lies in no sea.
    if len(words) > 1 and not words[0].isupper() and _is_location(words[0]):
        words, kind = words[1:], "place"
    return words, kind


def office_and_person(words: list[str]) -> tuple[list[str], list[str]]:
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
    ranks = [at for at, word in enumerate(words[:-1]) if at and _is_rank(word)]
    if ranks:
        office.append(" ".join(words[: ranks[0]]))
        words = words[ranks[0] :]
    return office, _cut(words)


def person_words(label: str) -> frozenset[str]:
    """Return the folded words of a person's own name in `label`, without his office.

    None for an office without a name; "Menteri Luar Negeri, Budi Contoh" and "Gubernur Lembah
    Budi Contoh" have those of "Budi Contoh", as far as words tell what is no name.
    """
    named = label.rsplit(", ", 1)[-1].split()
    bare, _ = without_titles(named, ())
    if len(bare) == 1 and is_title(bare[0]):
        return frozenset()
    _, person = office_and_person(bare)
    known = _words()
    offices = known["titles"] | known["organisations"] | known["fields"]
    return frozenset(
        fold(word)
        for word in person
        if fold(word) not in offices | known["locations"]
        and not (_LOUD.fullmatch(word) or _is_place(word) or _is_seat(word))
    )


def kind_of(name: str) -> NameKind:
    """Return what `name` is by its words alone."""
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


def _cut(words: list[str]) -> list[str]:
    """Return `words` without the titles that they begin with; one word, or a whole title, stays."""
    at, cut = 0, True
    while cut and not (len(words) - at <= 3 and is_title(" ".join(words[at:]))):
        cut = False
        for size in (3, 2, 1):
            if len(words) - at > size and is_title(" ".join(words[at : at + size])):
                at, cut = at + size, True
                break
    return words[at:]


def _is_location(word: str) -> bool:
    return fold(word) in _words()["locations"]


def _is_rank(word: str) -> bool:
    return fold(word) in _words()["ranks"]


def _is_seat(name: str) -> bool:
    return fold(name) in _words()["seats"] | _words()["agencies"]


def _is_place(name: str) -> bool:
    return bool(country(name) or city(name)) or is_region(name)


@cache
def _words() -> Mapping[str, frozenset[str]]:
    return {
        key: frozenset(words)
        for key, words in tomllib.loads(_DATA.read_text("utf-8")).items()
    }
