"""Quotation marks and brackets: which open, which close, which belong together."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

_OPENING: Final = "“„«‹([{（「『【《〈"
_CLOSING: Final = "”»›)]}）」』】》〉"
_BRACKETS: Final = "()[]{}（）「」『』【】《》〈〉"
_PARTNER: Final = {
    _BRACKETS[at + 1]: _BRACKETS[at] for at in range(0, len(_BRACKETS), 2)
}
_SINGLE: Final = "'‘’`"
QUOTATION: Final = '"‟“”„«»‹›'
"""Quotation marks that are nothing else."""
MARKS: Final = re.escape("".join(sorted({*QUOTATION, *_OPENING, *_CLOSING, *_SINGLE})))
"""All marks, to stand in a class of a pattern."""
MARK: Final = re.compile(f"[{MARKS}]")
_WORD: Final = re.compile(r"\w+")
_LONGEST_QUOTATION: Final = 400
"""Characters. A longer stretch between quotation marks is split, and a mark that has
waited longer for its partner has lost it. Chosen by hand: four long sentences."""
_LONGEST_ASIDE: Final = 250
"""Characters. The same for brackets."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one paragraph.

    Attributes:
        opens: for the position of each mark, whether it opens.
        pairs: positions of marks that belong together, not inside one another, in order.
    """

    opens: dict[int, bool]
    pairs: list[tuple[int, int]]

    def enclose(self, start: int, stop: int) -> bool:
        """Tell whether ``start`` and ``stop`` lie between the marks of one pair."""
        at = bisect_right(self.pairs, (start, -1)) - 1
        return at >= 0 and self.pairs[at][0] < start and stop <= self.pairs[at][1]


def read_marks(paragraph: str, attributions: frozenset[str]) -> Marks:
    """Return the marks of `paragraph`, those used carelessly too.

    `attributions` are words that follow a quotation ("ujarnya"). An apostrophe inside
    a word is no mark.
    """
    reader = _read(paragraph, attributions, _LONGEST_QUOTATION)
    return Marks(reader.opens, _outermost(reader.pairs))


def read_quotations(
    text: str, attributions: frozenset[str], *, longest: int
) -> tuple[list[tuple[int, int]], list[int]]:
    """Return where quotations stand in `text`, and the marks of half ones, in order.

    A pair is the positions of its marks, which are at most `longest` characters apart.
    """
    reader = _read(text, attributions, longest)
    reader.lose()
    quoted = [pair for pair in reader.pairs if text[pair[0]] in QUOTATION]
    return sorted(quoted), sorted(reader.loose)


def _read(text: str, attributions: frozenset[str], longest: int) -> _Reader:
    reader = _Reader(text, attributions, longest)
    for match in MARK.finditer(text):
        reader.read(match.start(), match[0])
    return reader


def _outermost(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    outer: list[tuple[int, int]] = []
    for first, last in sorted(pairs):
        if not outer or first > outer[-1][1]:
            outer.append((first, last))
    return outer


class _Reader:
    """Goes through a paragraph's marks once, remembering what is open."""

    def __init__(
        self, paragraph: str, attributions: frozenset[str], longest: int
    ) -> None:
        self.text = paragraph
        self.attributions = attributions
        self.longest = longest
        self.opens: dict[int, bool] = {}
        self.pairs: list[tuple[int, int]] = []
        self.loose: list[int] = []
        self.quotation: int | None = None
        self.brackets: dict[str, int] = {}

    def read(self, at: int, char: str) -> None:
        """Take in the mark `char` at `at`."""
        if char in _BRACKETS:
            self._bracket(at, char)
        elif char not in _SINGLE:
            self._quotation_mark(at, char)
        elif not (
            self.text[at - 1 : at].isalnum() and self.text[at + 1 : at + 2].isalnum()
        ):
            self.opens[at] = self._looks(at) is True

    def _bracket(self, at: int, char: str) -> None:
        opening = _PARTNER.get(char)
        self.opens[at] = opening is None
        if opening is None:
            self.brackets[char] = at
        else:
            first = self.brackets.pop(opening, None)
            if first is not None and at - first <= _LONGEST_ASIDE:
                self.pairs.append((first, at))

    def _quotation_mark(self, at: int, char: str) -> None:
        if self.quotation is not None and at - self.quotation > self.longest:
            self.lose()
        opens = self._opens(at, char)
        self.opens[at] = opens
        if opens:
            self.lose()
            self.quotation = at
        elif self.quotation is not None:
            self.pairs.append((self.quotation, at))
            self.quotation = None
        else:
            self.loose.append(at)

    def lose(self) -> None:
        """Give up waiting for the partner of the mark that opened last."""
        if self.quotation is not None:
            self.loose.append(self.quotation)
            self.quotation = None

    def _opens(self, at: int, char: str) -> bool:
        """Tell whether a quotation mark opens: by its shape, its blanks, what is open."""
        expected = self.quotation is None
        looks = self._looks(at)
        shape = char in _OPENING if char in _OPENING + _CLOSING else looks
        if shape is None or shape == expected:
            return expected
        if char not in _OPENING + _CLOSING:
            return shape and not self._attributed(at)
        return shape if looks is None else looks

    def _looks(self, at: int) -> bool | None:
        """Tell by the blanks around a mark whether it opens; None if they do not say."""
        before = at == 0 or self.text[at - 1].isspace() or self.text[at - 1] in _OPENING
        after = at + 1 == len(self.text) or not self.text[at + 1].isalnum()
        return None if before == after else before

    def _attributed(self, at: int) -> bool:
        """Tell whether a word such as "ujarnya" follows the mark."""
        match = _WORD.match(self.text, at + 1)
        return match is not None and match[0].lower() in self.attributions
