"""Text into sentences.

The candidates are sentencex's boundaries, found on a copy of the text in which marks of
quotation are blank (one that was never closed would otherwise swallow the rest, in time
that grows with the square of the length). Which of them are real is decided by the
language's data: abbreviations, attributions, web addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from briefing.model import Span
from briefing.text.lexicon import Language, base
from briefing.text.lexicon import language as known
from briefing.text.marks import Marks, read_marks
from briefing.text.terms import stop_words

_LINE_ENDS: Final = re.compile(r"[\r\x0b\x0c\x1c-\x1e\x85\u2028]\n?")
_BLANK_LINE: Final = re.compile(r"\n[^\S\n]*\n\s*|\u2029\s*")
_BLANKS: Final = re.compile("[\t\n\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_STOP: Final = re.compile(r"[.!?…]++ *+")
_WORD: Final = re.compile(r"\w+")
_NAME_IN_LOWER: Final = re.compile(r"[a-z]{1,3}-?[A-Z]")  # al-Khazali, iPhone
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ROMAN: Final = frozenset("IVXLC")
_LONGEST_TOKEN: Final = 24
"""Characters. No abbreviation is longer."""


def split_sentences(text: str, *, language: str) -> list[Span]:
    """Return where the sentences of `text` stand, in order.

    Nothing but white space lies outside the spans, and none begins or ends with it.
    A blank line always ends a sentence; a single line break counts as a blank. A
    quotation with its attribution stays whole up to 400 characters. `language` is a
    BCP 47 tag; any other text gives the general rules.
    """
    # Half a character, as broken JSON escapes give it, cannot be handed to the splitter.
    whole = _SURROGATE.sub("\ufffd", text)
    flat = _LINE_ENDS.sub(lambda found: "\n".rjust(len(found[0])), whole)
    judge = _Judge(known(language), base(language))
    return [
        Span(start + first, start + last)
        for start, end in _paragraphs(flat)
        for first, last in judge.sentences(_BLANKS.sub(" ", flat[start:end]))
    ]


def _paragraphs(flat: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _BLANK_LINE.finditer(flat):
        yield start, gap.start()
        start = gap.end()
    yield start, len(flat)


class _Gap(NamedTuple):
    """A place where a sentence may end.

    Attributes:
        point: just after the full stop or whatever may end the sentence.
        stop: after the marks that still belong to it.
        start: where the next sentence would begin, with its opening marks.
        word: where its first word begins.
    """

    point: int
    stop: int
    start: int
    word: int


class _Judge:
    """Decides for one language where sentences end."""

    def __init__(self, language: Language, tag: str) -> None:
        self.language = language
        self.tag = tag
        self.known = language.titles | language.numbered | language.closing

    def sentences(self, paragraph: str) -> Iterable[tuple[int, int]]:
        """Yield start and end of each sentence in `paragraph`, which has no line ends."""
        body = paragraph.rstrip()
        begin = len(body) - len(body.lstrip())
        if begin == len(body):
            return
        looked, words_end = begin, _words_end(body)
        marks = read_marks(body, self.language.attributions)
        for gap in _gaps(marks, self._candidates(marks.masked)):
            if gap.word >= words_end:
                break
            if not _WORD.search(body, max(begin, looked), gap.stop):
                looked = gap.stop
                continue  # no sentence yet, only dots or marks
            looked = begin
            if not marks.enclose(gap.stop, gap.start) and self._ends(body, begin, gap):
                yield begin, gap.stop
                begin = gap.start
        yield begin, len(body)

    def _candidates(self, masked: str) -> list[int]:
        from sentencex import get_sentence_boundaries

        cuts = {
            found["start_index"] for found in get_sentence_boundaries(self.tag, masked)
        }
        if self.language.complete:
            ends = (found.end() for found in _STOP.finditer(masked))
            cuts.update(end for end in ends if masked[end : end + 1].isalnum())
        return sorted(cuts)

    def _ends(self, text: str, begin: int, gap: _Gap) -> bool:
        """Tell whether the sentence that began at `begin` ends at `gap`."""
        first = text[gap.word]
        aside = text[gap.start] in "(["  # a sign-off such as "(mm/fna)" stands alone
        if first.islower() and not aside and not _NAME_IN_LOWER.match(text, gap.word):
            return False
        word = _WORD.match(text, gap.word)
        after = word[0] if word else ""
        if gap.stop > gap.point and after.lower() in self.language.attributions:
            return False
        if text[gap.point - 1] != "." or text[gap.point - 2 : gap.point] == "..":
            return not (gap.word == gap.point and first.isdigit())
        return self._full_stop_ends(text, begin, gap, after)

    def _full_stop_ends(self, text: str, begin: int, gap: _Gap, after: str) -> bool:
        last = gap.point - 1
        blank = text.rfind(" ", max(begin, last - _LONGEST_TOKEN), last)
        token = text[max(blank + 1, begin, last - _LONGEST_TOKEN) : last].lstrip(
            "(\"“‘'[«"
        )
        ending = token.rpartition(".")[2]
        if gap.word == gap.point and self._glued(text, gap, ending, after):
            return False
        if token.isdigit():  # the number of an item in a list
            return last - len(token) > begin
        for name in (token.lower(), ending.lower()):
            if name in self.known:
                return self._abbreviation_ends(text, gap, name, after)
        if len(ending) == 1 and ending.isalpha():
            return self._letter_ends(text, max(blank, begin), token, after)
        return True

    def _glued(self, text: str, gap: _Gap, before: str, after: str) -> bool:
        """Tell whether a stop without a blank stands inside one word or number."""
        if text[gap.point - 2 : gap.point - 1].isdigit() and after[:1].isdigit():
            return True
        beyond = text[gap.word + len(after) : gap.word + len(after) + 1]
        if len(before) == len(after) == 1 and beyond == ".":
            return True  # "U.S."
        if after.lower() in self.language.domains and not beyond.isalnum():
            return True
        return f"{before}.{after}".lower() in self.language.closing

    def _letter_ends(self, text: str, blank: int, token: str, after: str) -> bool:
        """Tell whether a single letter with a full stop ends a sentence: "J." or "S.H."."""
        if self._starts(after):
            return True
        near = max(blank - _LONGEST_TOKEN, 0)
        before = text[max(text.rfind(" ", near, blank) + 1, near) : blank]
        return token.islower() or any(char.isdigit() for char in before)

    def _abbreviation_ends(self, text: str, gap: _Gap, name: str, after: str) -> bool:
        """Tell whether the abbreviation `name` ends a sentence before the word `after`."""
        if name in self.language.titles:
            return after.lower() in self.language.openers
        if name in self.language.numbered:
            return not (after[:1].isdigit() or _ROMAN.issuperset(after))
        another = len(after) == 1 and not self._starts(after)  # "S.H. M.H."
        return not another and text[gap.start] not in "(["

    def _starts(self, word: str) -> bool:
        """Tell whether `word` is one that begins sentences and is no name."""
        low = word.lower()
        return low in self.language.openers or low in stop_words(self.tag)


def _words_end(body: str) -> int:
    """Return where the last word ends: marks alone after it are no sentence."""
    end = len(body)
    while end and not body[end - 1].isalnum():
        end -= 1
    return end


def _gaps(marks: Marks, cuts: list[int]) -> Iterator[_Gap]:
    masked, seen = marks.masked, 0
    for cut in cuts:
        point, word = cut, cut
        while point > seen and masked[point - 1] == " ":
            point -= 1
        while word < len(masked) and masked[word] == " ":
            word += 1
        if point > seen and word < len(masked):
            yield _placed(point, word, marks)
            seen = word


def _placed(point: int, word: int, marks: Marks) -> _Gap:
    """Share out the marks between two sentences."""
    stop, start = point, word
    for at in range(point, word):
        opens = marks.opens.get(at)
        if opens:
            return _Gap(point, stop, at, word)
        if opens is False:
            stop = at + 1
    return _Gap(point, stop, start, word)
