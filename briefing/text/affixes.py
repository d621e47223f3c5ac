"""How words are made from others, by language."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_DATA: Final = Path(__file__).with_name("affixes.toml")

_LEAST: Final = 3
"""Letters that a root has at least."""

_VOWELS: Final = ("a", "e", "i", "o", "u")
"""Before these a root's first letter is hidden."""

_LAYERS: Final = 3
"""Affixes on each side of a root at most: "mempertanggungjawabkannya"."""


@dataclass(frozen=True, slots=True)
class Affixes:
    """How words are made in one language.

    Attributes:
        prefixes: what stands before a root.
        suffixes: what stands behind it.
        hiding: prefix → the first letter of a root that it hides: "menyerang" from "serang".
    """

    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]
    hiding: Mapping[str, str]

    def roots(self, word: str) -> set[str]:
        """Return `word` and all that is left of it without affixes."""
        bare = _repeated(self._without_suffix, {word})
        return _repeated(self._without_prefix, bare)

    def _without_suffix(self, word: str) -> Iterator[str]:
        for suffix in self.suffixes:
            if word.endswith(suffix):
                yield word.removesuffix(suffix)

    def _without_prefix(self, word: str) -> Iterator[str]:
        for prefix in self.prefixes:
            if word.startswith(prefix):
                yield word.removeprefix(prefix)
        for prefix, hidden in self.hiding.items():
            rest = word.removeprefix(prefix)
            if rest != word and rest.startswith(_VOWELS):
                yield hidden + rest


def _repeated(shorten: Callable[[str], Iterator[str]], known: set[str]) -> set[str]:
    found, last = set(known), set(known)
    for _ in range(_LAYERS):
        last = {each for word in last for each in shorten(word) if len(each) >= _LEAST}
        found |= last
    return found


@cache
def affixes(language: str) -> Affixes | None:
    """Return the affixes of `language` (BCP 47), None if they are not known."""
    tables = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    tag = language.partition("-")[0].lower()
    table = tables.get(tag)
    if table is None:
        return None
    table = tables[table["like"]] if "like" in table else table
    return Affixes(
        tuple(table["prefixes"]), tuple(table["suffixes"]), dict(table["hiding"])
    )
