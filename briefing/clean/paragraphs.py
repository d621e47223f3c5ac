"""Raw text into paragraphs that remember where they stood."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from briefing.text import stop_words

_LINE_END: Final = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_WORD: Final = re.compile(r"\S+")
_SENTENCE_END: Final = re.compile(r"[.!?…؟][\"'”’»)\]]{0,3}\Z")
LIST_MARK: Final = re.compile(r"(?:\(?\w{1,3}[.)]|[-–—•●▪*·])\s")
_DOTTED: Final = re.compile(r"[\w-]{1,40}\.\w")
PROSE_LENGTH: Final = 120
"""Characters from which a line without an end is prose broken in two, not a title.

The longest title among the 530 in stories/id_stories.dev has 87, the broken line in
seed 004 has 186.
"""
TITLE_WORDS: Final = 20
"""Most words of a line that may be a title."""

Runs = tuple[tuple[int, int], ...]
"""Where stretches of a text begin and where each began in the raw text, both ascending."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of the raw text with its white space folded.

    Attributes:
        whole: the paragraph as it stood, before anything was cut off its ends.
        runs: offsets in `whole` and the offsets in the raw text they come from.
        start: where what is kept begins in `whole`.
        end: offset behind what is kept.
    """

    whole: str
    runs: Runs
    start: int
    end: int

    @property
    def text(self) -> str:
        """What is kept."""
        return self.whole[self.start : self.end]

    def head(self, size: int) -> str:
        """Return the first `size` characters at most."""
        return self.whole[self.start : min(self.end, self.start + size)]

    def tail(self, size: int) -> str:
        """Return the last `size` characters at most."""
        return self.whole[max(self.start, self.end - size) : self.end]

    def cut(self, *, start: int | None = None, end: int | None = None) -> Paragraph:
        """Return what is left between two offsets in `whole`, without blanks around it."""
        first = self.start if start is None else start
        last = self.end if end is None else end
        while first < last and self.whole[first].isspace():
            first += 1
        while last > first and self.whole[last - 1].isspace():
            last -= 1
        return Paragraph(self.whole, self.runs, first, last)

    def __len__(self) -> int:
        return self.end - self.start


def paragraphs(
    raw: str,
    *,
    language: str,
    is_noise: Callable[[str], bool],
    is_closed: Callable[[str], bool],
) -> list[Paragraph]:
    """Return the paragraphs of `raw` in order.

    Each line is one, except that a line broken inside a sentence goes on in the next.

    Args:
        raw: text as it came.
        language: BCP 47 tag; its stop words tell that a line cannot end there.
        is_noise: whether a line is noise: nothing is joined to such a line.
        is_closed: whether noise ends a line: nothing can go on behind it.
    """
    function_words = stop_words(language)
    found: list[Paragraph] = []
    begun: tuple[int, int, str, bool] | None = None
    for start, end, text in _lines(raw):
        noise = is_noise(text)
        if begun is not None:
            adjacent = len(_LINE_END.findall(raw, begun[1], start)) == 1
            joined = adjacent and not noise and not begun[3]
            if joined and _goes_on(begun[2], text, function_words):
                begun = (begun[0], end, text, False)
                continue
            found.append(_paragraph(raw, begun[0], begun[1]))
        begun = (start, end, text, noise or is_closed(text))
    if begun is not None:
        found.append(_paragraph(raw, begun[0], begun[1]))
    return found


def ends_sentence(text: str) -> bool:
    """Return whether `text` ends as a sentence does, closing quotes included."""
    return _SENTENCE_END.search(text[-8:]) is not None


def like_title(text: str) -> bool:
    """Return whether most longer words of `text` are capitalised and it has no full stop."""
    if len(text) > 2 * PROSE_LENGTH or text.endswith((".", "…", ':"', ".”", '."')):
        return False
    longer = [word for word in text.split() if len(word) > 3 and word[:1].isalpha()]
    return 10 * sum(word[0].isupper() for word in longer) >= 6 * len(longer)


def raw_offset(runs: Runs, offset: int) -> int:
    """Return the offset in the raw text of the character at `offset`."""
    at = bisect_right(runs, (offset, float("inf"))) - 1
    return runs[at][1] + offset - runs[at][0]


def _lines(raw: str) -> Iterator[tuple[int, int, str]]:
    """Give each line that is not blank: its offsets and its text, white space folded."""
    start = 0
    while start <= len(raw):
        match = _LINE_END.search(raw, start)
        end = match.start() if match else len(raw)
        text = " ".join(raw[start:end].split())
        if text:
            yield start, end, text
        start = match.end() if match else len(raw) + 1


def _goes_on(line: str, following: str, function_words: frozenset[str]) -> bool:
    """Return whether the sentence in `line` goes on in the line after it."""
    if ends_sentence(line) or line[-1] in ":;" or LIST_MARK.match(following):
        return False
    if following[0] in ",.;)%" or line[-1] in ",(":
        return True
    if following[0].islower():
        return not _DOTTED.match(following)  # "jpnn.com, BAGHDAD -" begins a text
    return following[0].isalnum() and _breaks_off(line, following, function_words)


def _breaks_off(line: str, following: str, function_words: frozenset[str]) -> bool:
    """Return whether `line` stops inside a sentence, though a capital comes after it."""
    last = line.rsplit(" ", 1)[-1]
    if last.islower() and last in function_words:
        return True
    prose = len(line) >= PROSE_LENGTH and line[-1].isalnum() and not like_title(line)
    return prose and following[-1] != ":" and not LIST_MARK.match(line)


def _paragraph(raw: str, start: int, end: int) -> Paragraph:
    """Return ``raw[start:end]`` as a paragraph."""
    piece = raw[start:end].strip()
    if piece == " ".join(piece.split()):
        return Paragraph(piece, ((0, raw.index(piece, start)),), 0, len(piece))
    words: list[str] = []
    runs: list[tuple[int, int]] = []
    length = 0  # of the words so far with their blanks
    behind = -2  # offset in `raw` behind the last word
    for match in _WORD.finditer(raw, start, end):
        if match.start() != behind + 1:  # more than one blank, or the first word
            runs.append((length, match.start()))
        words.append(match.group())
        length += len(match.group()) + 1
        behind = match.end()
    text = " ".join(words)
    return Paragraph(text, tuple(runs), 0, len(text))
