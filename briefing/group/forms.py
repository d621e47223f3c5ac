"""Which words are made from which: "menyerang", "penyerangan" and "serangannya" from "serang"."""

from __future__ import annotations

from functools import lru_cache

from briefing.text import stem
from briefing.text.affixes import affixes


def key(word: str, language: str) -> str:
    """Return what a rule's `word` has to be among `keys` of, for a text's word to be meant."""
    return word if affixes(language) else stem(word, language)


@lru_cache(maxsize=65536)
def keys(word: str, language: str) -> frozenset[str]:
    """Return what a text's `word` may be made from, itself included.

    By the affixes of `briefing/text/affixes.toml`; in a language that is not there, its Snowball stem. The
    way leads from the longer word to the shorter only: who asks for "adil" is given
    "pengadilan", who asks for "pengadilan" not "adil".

    Args:
        word: folded.
        language: BCP 47 tag.
    """
    known = affixes(language)
    if known is None:
        return frozenset({word, stem(word, language)})
    parts = word.split("-")
    return frozenset({word}.union(*(known.roots(part) for part in parts)))
