"""Which ways to name somebody in a story are one: "Rizki" and "Rizki Contoh"."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from briefing.model import NameKind
from briefing.text import fold
from briefing.text.places import name_key

_PARTS: Final = re.compile("[ -]")
_LONGEST: Final = 3
"""Words of an office that is cut off, and of a name that is short for a longer one."""


@dataclass(slots=True)
class Mentions:
    """What was found out about one name.

    Attributes:
        spellings: how often it is written how.
        articles: ids of those that have it.
        kinds: how often it was told to be what.
        speaks: whether it says something somewhere.
    """

    spellings: Counter[str] = field(default_factory=Counter)
    articles: set[str] = field(default_factory=set)
    kinds: Counter[NameKind] = field(default_factory=Counter)
    speaks: bool = False

    @property
    def spelling(self) -> str:
        """How it is written most often; never "Amerika" where "Amerika Serikat" stands too."""
        most = max(self.spellings, key=lambda one: (self.spellings[one], len(one)))
        whole = [one for one in self.spellings if one.startswith(f"{most} ")]
        return max(whole, key=lambda one: (self.spellings[one], one), default=most)

    def add(self, other: Mentions) -> None:
        """Count `other` as this name too, spelled as this one is."""
        self.spellings[max(self.spellings)] += other.spellings.total()
        self.articles |= other.articles
        self.kinds += other.kinds
        self.speaks |= other.speaks


def cut_offices(found: dict[str, Mentions]) -> None:
    """Cut from a person's name what he is in office of, where the story names that as well.

    "Bupati Lembah Budi Contoh" is "Budi Contoh" where "Lembah" is a place of the story.
    """
    for key in sorted(found):
        kinds = found[key].kinds
        if kinds["person"] and not kinds["organisation"]:
            words = found[key].spelling.split()
            for at in range(min(len(words) - 1, _LONGEST), 0, -1):
                office, person = " ".join(words[:at]), " ".join(words[at:])
                if _is_office(office, person, found):
                    _cut(key, person, found)
                    break


def _is_office(office: str, person: str, found: Mapping[str, Mentions]) -> bool:
    known = found.get(name_key(office))
    if known is None:
        return False
    if known.kinds["place"] + known.kinds["organisation"] > known.kinds["person"]:
        return True
    words = [found[key] for key in map(name_key, person.split()) if key in found]
    called = any(one.speaks for one in words) and not known.speaks
    return called or (" " in person and name_key(person) in found)


def _cut(key: str, person: str, found: dict[str, Mentions]) -> None:
    one = found.pop(key)
    one.spellings = Counter({person: one.spellings.total()})
    known = found.setdefault(name_key(person), one)
    if known is not one:
        known.add(one)


def join_short_forms(found: dict[str, Mentions]) -> None:
    """Count "Trump" as "Donald Trump", "Assad" as "Ain al-Assad", where only one longer name is meant."""
    having: defaultdict[str, list[str]] = defaultdict(list)
    for key, one in found.items():
        for part in _parts(key, one) - {key}:
            having[part].append(key)
    alone = frozenset(found)
    for key in sorted(found, key=len):
        if not (key.startswith("=") or found[key].kinds["place"]):
            longer = [
                whole
                for whole in having[key]
                if whole in found
                and alone.isdisjoint({*whole.split("-")} - {key, whole})
                and _is_short(key, whole, found, alone)
            ]
            meant = _one_of(longer)
            if meant:
                found[meant].add(found.pop(key))


def _parts(key: str, one: Mentions) -> set[str]:
    if key.startswith("="):
        return {fold(spelling.split()[0]) for spelling in one.spellings}
    words = key.split()
    begun = (" ".join(words[:size]) for size in range(2, _LONGEST + 1))
    return {*words, *_PARTS.split(key), *begun}


def _is_short(
    key: str, whole: str, found: Mapping[str, Mentions], alone: Collection[str]
) -> bool:
    """Tell whether `key`, which shares a word with the name `whole`, may be short for it."""
    one, longer = found[key], found[whole]
    if longer.kinds["organisation"]:
        return False
    if whole.startswith("="):
        return " " not in key and not (one.speaks or one.kinds["person"])
    called = one.speaks or one.kinds["person"] > 0
    begins = whole.startswith(f"{key} ")
    if not begins:
        ends = whole.endswith((f" {key}", f"-{key}"))
        return " " not in key and (ends or longer.kinds["person"] > 0)
    if " " in key and not called:
        return False
    # A firm stands before its chief as well, who is called by his last word then.
    if longer.kinds["person"] and not called:
        return whole.rsplit(maxsplit=1)[-1] not in alone
    # Of a firm the first word is not short for what it makes.
    return (called or longer.speaks) and not one.kinds["organisation"]


def _one_of(keys: list[str]) -> str | None:
    """Return the shortest of `keys` if all others are longer forms of it."""
    shortest = min(keys, key=lambda key: (len(key), key), default=None)
    if shortest is None or not all(f" {shortest} " in f" {key} " for key in keys):
        return None
    return shortest
