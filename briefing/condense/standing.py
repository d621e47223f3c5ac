"""Which sentences of an article may be shown, and together with which others.

A verbatim sentence misleads where it leans on one that is not shown ("Namun, dia menolak"),
where it is half a quotation, or where it is no sentence of the news at all. Decided from
words of the language (``text/languages``) and from marks of quotation; where the words are
not known, by marks and shape alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from briefing.condense.leaning import Leaning
from briefing.condense.quotations import Quotations
from briefing.condense.wording import Wording
from briefing.text import Language
from briefing.text import language as known

MIN_WORDS: Final = 4
"""Words; anything shorter is a heading, a byline or an exclamation."""

MOST_NEEDED: Final = 3
"""Sentences. What needs more others than that is not worth them."""

_LONGEST_HEADING: Final = 10
"""Words of a line without a full stop that is still taken for a heading."""

_FAULTS: Final = ("", "leaning", "quotation", "stub", "question", "part", "noise")
"""The least first."""

_ENDS: Final = frozenset(".!?…。！？؟।\"'”’»›)]）」』】")
_INTRODUCES: Final = (":", "：")
_ASIDE: Final = re.compile(r"\W*[(\[（【][^()\[\]（）【】]*[)\]）】]\W*")
_ITEM: Final = re.compile(
    r"\s*(?:\d{1,2}\s?[.)]|\(?[a-z]\s?[.)]|[-–—•*·▪●])\s*(?=[^\W\d])"
)
_LABEL: Final = re.compile(
    r"\W*(?P<label>\w+(?: \w+)?)\s?:|\W*(?P<link>\w+ \w+)\s?[-–—]\s"
)
_CREDIT: Final = re.compile(r"[(\[]\s?(?P<label>\w+(?: \w+)?)\s?:")
_LONGEST_CAPTION: Final = 15
"""Words."""

_SLACK: Final = 8
"""Characters. A title repeated may have so many more, for marks and blanks."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a sentence may be shown.

    Attributes:
        fault: why it may not be: ``noise``, ``part`` (an introduction, an item of a list, an
            aside: all of a text has them), ``question``, ``stub``, ``quotation`` (half of
            one, or of one that is too long) or ``leaning`` (on what may not be shown, or is
            not there); empty if it may.
        needs: the sentences it may not be shown without, ascending, at most `MOST_NEEDED`.
            What those need is among them.
    """

    fault: str = ""
    needs: tuple[int, ...] = ()


_ALONE: Final = {fault: Standing(fault) for fault in _FAULTS}
"""By fault, the standing of a sentence that needs no other."""


class _Own(NamedTuple):
    """What one sentence says of itself: its fault, and the sentences it leans on."""

    fault: str
    leans: frozenset[int]


def standings(
    sentences: Sequence[str], *, title: str | None = None, language: str = "und"
) -> list[Standing]:
    """Return the standing of each sentence of an article.

    At least one stands by itself if there is any: if none really does, the first one with
    the least fault. Time is linear in the text.

    Args:
        sentences: all of them in order; what is left out would be leaned on unseen.
        title: of the article, None if it has none.
        language: BCP 47 tag, ``und`` if unknown.
    """
    lexicon = known(language)
    quotations = Quotations.read(sentences, lexicon.attributions)
    own = _Reader(sentences, quotations, lexicon).read(title or "")
    found: list[Standing] = []
    for first, last in dict.fromkeys(quotations.units):
        found += _unit(range(first, last + 1), own, found)
    if found and _ALONE[""] not in found:
        least = min(found, key=lambda one: _FAULTS.index(one.fault))
        found[found.index(least)] = _ALONE[""]
    return found


def stands(chosen: Iterable[int], found: Sequence[Standing]) -> bool:
    """Return whether the sentences `chosen`, and no others, may be shown together."""
    shown = set(chosen)
    return all(
        not found[at].fault and shown.issuperset(found[at].needs) for at in shown
    )


def _unit(
    unit: range, own: Sequence[_Own], found: Sequence[Standing]
) -> list[Standing]:
    """Return the standings of sentences that are only shown together.

    `found` are the standings of those before them.
    """
    if len(unit) == 1 and not own[unit[0]].leans:
        return [_ALONE[own[unit[0]].fault]]
    outer = {to for at in unit for to in own[at].leans if to not in unit}
    fault = max((own[at].fault for at in unit), key=_FAULTS.index)
    needs = outer.union(*(found[to].needs for to in outer))
    if not fault and any(found[to].fault for to in outer):
        fault = "leaning"
    if not fault and len(needs) + len(unit) - 1 > MOST_NEEDED:
        fault = "leaning" if len(unit) == 1 else "quotation"
    if fault:
        return [Standing(own[at].fault or fault) for at in unit]
    return [Standing("", tuple(sorted({*needs, *unit} - {at}))) for at in unit]


class _Reader:
    """Reads an article's sentences in order, remembering what was said."""

    def __init__(
        self, sentences: Sequence[str], quotations: Quotations, language: Language
    ) -> None:
        self.sentences = sentences
        self.quotations = quotations
        self.labels = language.labels
        self.announcing = language.announcing
        self.leaning = Leaning(language)
        ended = sum(one.rstrip()[-1:] in _ENDS for one in sentences)
        self.ends = 2 * ended > len(sentences)  # Thai, for one, has no full stop

    def read(self, title: str) -> list[_Own]:
        """Return what each sentence says of itself."""
        found: list[_Own] = []
        said: dict[str, int] = {}
        before: int | None = None
        for at, text in enumerate(self.sentences):
            sentence = Wording.of(text)
            fault = self._fault(at, sentence, title)
            if fault in {"part", "noise"}:
                found.append(_Own(fault, frozenset()))
                if sentence.text.endswith(_INTRODUCES):
                    before = at  # whose words follow, and what is not shown says so
                continue
            if before is None:
                unnamed = "leaning" if self._unnamed(at) else ""
                found.append(_Own(fault or unnamed, frozenset()))
            else:
                found.append(_Own(fault, self._leans(at, sentence, before, said)))
            before = at
            if not found[-1].fault:
                for word in sentence.low:
                    said.setdefault(word, at)
        return found

    def _fault(self, at: int, wording: Wording, title: str) -> str:
        sentence, size = wording.text, wording.size
        if self._is_noise(sentence, size) or _same(sentence, title):
            return "noise"
        if self._is_part(wording):
            return "part" if size > _LONGEST_HEADING else "noise"
        if "?" in sentence or "？" in sentence or "؟" in sentence:
            return "question"
        if size < MIN_WORDS:
            return "stub"
        return "quotation" if at in self.quotations.half else ""

    def _is_noise(self, sentence: str, size: int) -> bool:
        """Tell captions, bylines, cross links, sign-offs and headings; `size` is in words."""
        heading = self.ends and sentence[-1:] not in _ENDS
        return (
            not size
            or (heading and size <= _LONGEST_HEADING)
            or self._labelled(sentence, size)
        )

    def _is_part(self, wording: Wording) -> bool:
        """Tell what introduces something, items of lists, and what stands in brackets."""
        sentence = wording.text
        if sentence.endswith(_INTRODUCES) or not self.announcing.isdisjoint(
            wording.low[:1]
        ):
            return True
        if sentence[:1].isupper():
            return False  # as most do: neither a number nor a bracket
        return (
            _ITEM.match(sentence) is not None or _ASIDE.fullmatch(sentence) is not None
        )

    def _labelled(self, sentence: str, size: int) -> bool:
        """Tell "Baca juga: …", "Simak juga - …" and "Jembatan itu (Foto: Antara)"."""
        found = _LABEL.match(sentence)
        if found is None and size <= _LONGEST_CAPTION:
            found = _CREDIT.search(sentence)
        if found is None:
            return False
        label = " ".join(filter(None, found.groups()))
        return label.lower() in self.labels

    def _leans(
        self, at: int, sentence: Wording, before: int, said: dict[str, int]
    ) -> frozenset[int]:
        """Return the sentences that the one at `at` leans on; `before` is the one before it.

        `said` has the first sentence that each word stands in.
        """
        outside = self.quotations.outside.get(at)
        if (
            self.leaning.opens(sentence)
            or self.leaning.wants_name(Wording.of(outside) if outside else sentence)
            or self._unnamed(at)
        ):
            return frozenset({before})
        pointed = self.leaning.points_to(sentence)
        if pointed is None:
            return frozenset()
        return frozenset(said.get(word, before) for word in pointed) or frozenset(
            {before}
        )

    def _unnamed(self, at: int) -> bool:
        """Tell whether the sentence at `at` is a quotation that does not say whose it is."""
        outside = self.quotations.outside.get(at)
        if outside is None:
            return False
        if 2 * Wording.of(outside).size > Wording.of(self.sentences[at]).size:
            return False
        first, last = self.quotations.units[at]
        return not any(
            self.leaning.names_speaker(self.quotations.outside.get(one, ""))
            for one in range(first, last + 1)
        )


def _same(sentence: str, title: str) -> bool:
    """Tell whether the sentence is the title, but for case, marks and blanks."""
    if len(sentence) > 2 * len(title) + _SLACK:
        return False
    return _letters(sentence) == _letters(title)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))
