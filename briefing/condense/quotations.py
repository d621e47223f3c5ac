"""Where the quotations of an article stand, seen from its sentences."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Self

from briefing.text.marks import QUOTATION, read_quotations

LONGEST: Final = 1_200
"""Characters. Of two marks that are further apart, one has lost its partner."""


@dataclass(frozen=True, slots=True)
class Quotations:
    """The quotations of one article.

    Attributes:
        units: for each sentence the first and the last one of the quotation that it shares
            with others; its own number twice if it shares none.
        half: numbers of sentences with a mark that has no partner.
        outside: for each sentence with a quotation what stands outside of it.
    """

    units: list[tuple[int, int]]
    half: frozenset[int]
    outside: dict[int, str]

    @classmethod
    def read(cls, sentences: Sequence[str], attributions: frozenset[str]) -> Self:
        """Return the quotations in `sentences`, which stand in the article's order."""
        pieces = [_tight(sentence) for sentence in sentences]
        starts = list(accumulate((len(piece) + 1 for piece in pieces), initial=0))
        pairs, loose = read_quotations("\n".join(pieces), attributions, longest=LONGEST)
        shared: list[tuple[int, int]] = []
        outside: dict[int, str] = {}
        ends: dict[int, int] = {}
        for opening, closing in pairs:
            first = bisect_right(starts, opening) - 1
            last = bisect_right(starts, closing) - 1
            shared.append((first, last))
            for at in range(first, last + 1):
                begin = max(opening - starts[at], 0)
                before = pieces[at][ends.get(at, 0) : begin]
                outside[at] = f"{outside.get(at, '')} {before}"
                ends[at] = closing - starts[at] + 1
        for at, end in ends.items():
            outside[at] += f" {pieces[at][end:]}"
        return cls(
            _units(len(pieces), shared),
            frozenset(bisect_right(starts, at) - 1 for at in loose),
            outside,
        )


def _tight(sentence: str) -> str:
    """Return `sentence` on one line without the blanks that tokenizers put inside marks."""
    piece = " ".join(sentence.split())
    if piece[:1] in QUOTATION:
        piece = piece[:1] + piece[1:].lstrip()
    if piece[-1:] in QUOTATION:
        piece = piece[:-1].rstrip() + piece[-1:]
    return piece


def _units(count: int, shared: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the unit of each of `count` sentences; what shares a sentence is one."""
    units = [(at, at) for at in range(count)]
    merged: list[tuple[int, int]] = []
    for first, last in shared:
        if merged and first <= merged[-1][1]:
            begin, end = merged.pop()
            merged.append((begin, max(last, end)))
        else:
            merged.append((first, last))
    for first, last in merged:
        units[first : last + 1] = [(first, last)] * (last - first + 1)
    return units
