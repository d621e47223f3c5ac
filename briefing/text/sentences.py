"""Text into sentences.

Where the language's data are complete, every full stop is a candidate and they decide
alone. Elsewhere the candidates are sentencex's boundaries, found on a copy of the text in
which marks of quotation are blank (one that was never closed would otherwise swallow the
rest, in time that grows with the square of the length). Which of them are real is decided
by the language's data: abbreviations, attributions, web addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from briefing.model import Article, Sentence, Span
from briefing.text.lexicon import Language, base
from briefing.text.lexicon import language as known
from briefing.text.marks import MARK, MARKS, QUOTATION, Marks, read_marks
from briefing.text.terms import stop_words

_LINE_ENDS: Final = re.compile(r"[\r\x0b\x0c\x1c-\x1e\x85\u2028]\n?")
_BLANK_LINE: Final = re.compile(r"\n[^\S\n]*\n\s*|\u2029\s*")
_BLANKS: Final = re.compile("[\t\n\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_REST: Final = re.compile(rf"[ {MARKS}]*")
_STOPS: Final = ".!?…。！？؟।"
_END: Final = re.compile(
    rf"[{_STOPS}](?!(?<=[0-9]\.)[0-9])[{_STOPS}]*"  # not the stop in a number
    rf"(?:[{MARKS}]+[{_STOPS}]+)*(?P<rest>{_REST.pattern})"
)
_GOES_ON: Final = ",;:%"
_GLUES: Final = "-–—/&=@_+*"
"""What goes on with a sentence: after a stop with or without blanks, or without only."""
_WORD: Final = re.compile(r"\w+")
_LOWER_START: Final = re.compile(
    r"[a-z]{1,3}-?[A-Z]|[a-z][.)] "
)  # al-Khazali, b. Beras
_LABEL: Final = re.compile(r"[0-9]+|[a-z]|[IVX]+")
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
    flat = _LINE_ENDS.sub(lambda found: "\n".rjust(len(found[0])), text)
    even = _BLANKS.sub(" ", flat)
    judge = _Judge(known(language), base(language))
    found: list[Span] = []
    for start, end in _paragraphs(flat):
        judge.split(even[start:end], start, found)
    return found


def sentences_of(article: Article, most: int | None = None) -> list[Sentence]:
    """Return the sentences of an article's text, in order; the first `most`, or all if None."""
    text = article.text
    spans = split_sentences(text, language=article.language)[:most]
    return [
        Sentence(article.id, span.start, span.end, at, text[span.start : span.end])
        for at, span in enumerate(spans)
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

    def split(self, paragraph: str, offset: int, found: list[Span]) -> None:
        """Add the sentences of `paragraph`, which has no line ends, to `found`.

        `offset` is where the paragraph stands in the text.
        """
        body = paragraph.rstrip()
        begin = len(body) - len(body.lstrip())
        if begin == len(body):
            return
        looked, words_end = begin, _words_end(body)
        marks = read_marks(body, self.language.attributions)
        for point, word in self._candidates(body):
            if word >= words_end:
                break
            first = body[word]
            if first.islower() and not self._may_start(body, point, word):
                continue
            if first in _GOES_ON or (word == point and first in _GLUES):
                continue
            gap = _placed(point, word, marks)
            if not _WORD.search(body, max(begin, looked), gap.stop):
                looked = gap.stop
                continue  # no sentence yet, only dots or marks
            looked = begin
            if not marks.enclose(gap.stop, gap.start) and self._ends(body, begin, gap):
                found.append(Span(offset + begin, offset + gap.stop))
                begin = gap.start
        found.append(Span(offset + begin, offset + len(body)))

    def _candidates(self, body: str) -> Iterator[tuple[int, int]]:
        """Give each place where a sentence may end, and where the next word begins."""
        if self.language.complete:
            return (found.span("rest") for found in _END.finditer(body))
        return _boundaries(body, self.tag)

    @staticmethod
    def _may_start(text: str, point: int, word: int) -> bool:
        """Tell whether a sentence may begin at `word` though its letter is a small one."""
        # A sign-off such as "(mm/fna)" stands alone.
        aside = "(" in text[point:word] or "[" in text[point:word]
        return aside or _LOWER_START.match(text, word) is not None

    def _ends(self, text: str, begin: int, gap: _Gap) -> bool:
        """Tell whether the sentence that began at `begin` ends at `gap`."""
        word = _WORD.match(text, gap.word)
        after = word[0] if word else ""
        if gap.stop > gap.point and after.lower() in self.language.attributions:
            return False
        if text[gap.point - 1] != "." or text[gap.point - 2 : gap.point] == "..":
            return not (gap.word == gap.point and after[:1].isdigit())
        return self._full_stop_ends(text, begin, gap, after)

    def _full_stop_ends(self, text: str, begin: int, gap: _Gap, after: str) -> bool:
        last = gap.point - 1
        blank = text.rfind(" ", max(begin, last - _LONGEST_TOKEN), last)
        token = text[max(blank + 1, begin, last - _LONGEST_TOKEN) : last].lstrip(
            "(\"“‘'[«"
        )
        ending = _last_part(token)
        if gap.word == gap.point and self._glued(text, gap, token, after):
            return False
        if last - len(token) == begin and _LABEL.fullmatch(token):
            return False  # "II. Perjanjian" in a list
        if token.isdigit() or (text[gap.point] in QUOTATION and gap.stop > gap.point):
            return True  # nobody quotes half a name
        for name in (token.lower(), ending.lower()):
            if name in self.known:
                return self._abbreviation_ends(text, gap, name, after)
        if len(ending) == 1 and ending.isalpha():
            return (
                not text.startswith(f"{after}.", gap.word) and self._starts(after)
            ) or self._letter_ends(text, max(blank, begin), token)
        return True

    def _glued(self, text: str, gap: _Gap, token: str, after: str) -> bool:
        """Tell whether a stop without a blank stands inside one word or number."""
        if text[gap.point - 2 : gap.point - 1].isdigit() and after[:1].isdigit():
            return True
        before = _last_part(token)
        beyond = text[gap.word + len(after) : gap.word + len(after) + 1]
        if len(before) == len(after) == 1 and beyond == ".":
            return True  # "U.S."
        if token != before and before[-1:].isdigit() and after.isupper():
            return len(after) < 4 and not token[0].isdigit()  # "G.30.S", "M.HH-01.AH"
        if after.lower() in self.language.domains and not beyond.isalnum():
            return True
        return f"{before}.{after}".lower() in self.language.closing

    @staticmethod
    def _letter_ends(text: str, blank: int, token: str) -> bool:
        """Tell whether a letter with a full stop ends a sentence: "J.", "S.H.", "2 C."."""
        near = max(blank - _LONGEST_TOKEN, 0)
        before = text[max(text.rfind(" ", near, blank) + 1, near) : blank]
        return token.islower() or any(char.isdigit() for char in before)

    def _abbreviation_ends(self, text: str, gap: _Gap, name: str, after: str) -> bool:
        """Tell whether the abbreviation `name` ends a sentence before the word `after`."""
        if name in self.language.titles:
            return after.lower() in self.language.openers
        if name in self.language.numbered:
            return not (after[:1].isdigit() or _ROMAN.issuperset(after))
        if name.replace(".", "") in self.language.halves:  # "at 5 p.m. Monday"
            return after.lower() not in self.language.weekdays
        another = len(after) == 1 and not self._starts(after)  # "S.H. M.H."
        return not another and text[gap.start] not in "(["

    def _starts(self, word: str) -> bool:
        """Tell whether `word` is one that begins sentences and is no name."""
        low = word.lower()
        return low in self.language.openers or low in stop_words(self.tag)


def _last_part(token: str) -> str:
    """Return what stands after the last stop or stroke: "RW" of "04/RW"."""
    return token[max(token.rfind("."), token.rfind("/")) + 1 :]


def _words_end(body: str) -> int:
    """Return where the last word ends: marks alone after it are no sentence."""
    end = len(body)
    while end and not body[end - 1].isalnum():
        end -= 1
    return end


def _boundaries(body: str, tag: str) -> Iterator[tuple[int, int]]:
    """Give sentencex's boundaries: where the stop ends, where the next word begins."""
    from sentencex import get_sentence_boundaries

    # Half a character, as broken JSON escapes give it, cannot be handed over.
    masked = MARK.sub(" ", _SURROGATE.sub("\ufffd", body))
    cuts = {found["start_index"] for found in get_sentence_boundaries(tag, masked)}
    seen = 0
    for cut in sorted(cuts):
        point = cut
        while point > seen and masked[point - 1] == " ":
            point -= 1
        blanks = _REST.match(body, cut)
        word = blanks.end() if blanks else cut
        if point > seen and word < len(body):
            yield point, word
            seen = word


def _placed(point: int, word: int, marks: Marks) -> _Gap:
    """Share out the marks between two sentences."""
    stop = point
    for at in range(point, word) if marks.opens else ():
        opens = marks.opens.get(at)
        if opens:
            return _Gap(point, stop, at, word)
        if opens is False:
            stop = at + 1
    return _Gap(point, stop, word, word)
