"""What a sentence leans on: words that mean nothing without what was said before."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from itertools import pairwise
from typing import Final

from briefing.condense.wording import Wording
from briefing.text import Language, cased_words, stop_words
from briefing.text import language as known

_LOOSE_COMMA: Final = re.compile(r"\s+(?=[,.:;])")
_MARKS: Final = " \t\n\"'“”„‟‘’«»‹›「」『』([（【-–—"
_OPENING: Final = 120
"""Characters in which an opener stands, with blanks and marks."""
_SUBJECT: Final = 9
"""Words in which the subject stands that points back: "Penyerang berusia 34 tahun itu"."""
_SUBJECT_WITHIN: Final = 200
"""Characters of the beginning in which it is looked for, """
_CLAUSES: Final = 2
"""and parts between commas: "Usai laga, penyerang itu …"."""
_CLAUSE: Final = 12
"""Words in which a pronoun stands that wants a name before it: "Usai laga, dia …"."""


class Leaning:
    """Tells for one language what leans on what was said before."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.openers = _by_first_word(language.tag)
        self.nameless = _nameless(language.tag)

    def opens(self, sentence: Wording) -> bool:
        """Tell whether `sentence` begins with words that lean: "Namun", "Hal itu"."""
        first = sentence.low[0] if sentence.low else ""
        if first.endswith(self.language.endings) and first not in self.language.unowned:
            return True  # "kasusnya": somebody's
        openers = [
            opener
            for opener, words in self.openers.get(first, ())
            if sentence.low[: len(words)] == words
        ]
        if not openers:
            return False
        head = _LOOSE_COMMA.sub("", " ".join(sentence.text[:_OPENING].split()))
        head = head.lstrip(_MARKS).lower()
        return any(
            head.startswith(opener) and not _goes_on(head, len(opener))
            for opener in openers
        )

    def wants_name(self, sentence: Wording) -> bool:
        """Tell whether a pronoun comes before any name: "Usai laga, dia …", "…, katanya"."""
        if self.language.pronouns.isdisjoint(sentence.low):
            return False
        named, before = False, ""
        for at, word in enumerate(sentence.low):
            if word in self.language.pronouns:
                said = before in self.language.attributions
                if said or word in self.language.attributions:
                    return True
                if at < _CLAUSE and not named:
                    return True
            named = named or word in self.language.indefinite
            named = named or (at > 0 and self._is_name(sentence.words[at]))
            before = word
        return False

    def points_to(self, sentence: Wording) -> list[str] | None:
        """Return the words in which `sentence` points back at its beginning, None if none.

        In lower case, as "bek" and "jepang" of "Usai laga, bek asal Jepang itu …": what they
        mean is known where they were said before. An empty list points to what was said
        last, whatever it was: "Keputusan itu …".
        """
        if self.language.pointers.isdisjoint(sentence.low):
            return None
        clauses = sentence.text.lstrip(_MARKS)[:_SUBJECT_WITHIN].split(",")[:_CLAUSES]
        for number, clause in enumerate(clauses):
            words = cased_words(clause)[:_SUBJECT]
            pointer = self._pointer([word.lower() for word in words])
            if pointer is not None:
                return self._pointed(words[:pointer], at_start=number == 0)
        return None

    def _pointed(self, phrase: list[str], *, at_start: bool) -> list[str]:
        """Return what must have been said before for `phrase` and a pointer to be known."""
        if at_start and len(phrase) == 1:
            return []
        stop = stop_words(self.language.tag)
        nouns = [word for word in phrase if word.lower() not in stop] or phrase
        plain = all(word.islower() for word in nouns[at_start:])
        if len(nouns) == 2 and plain:
            nouns = nouns[1:]  # "penyerahan pangkalan itu": the base is known
        return [nouns[0].lower(), nouns[-1].lower()]

    def _pointer(self, low: list[str]) -> int | None:
        """Return the place of the word that points back, None if none does."""
        for at, (noun, word) in enumerate(pairwise(low), 1):
            if word in self.language.pointers:
                return None if f"{noun} {word}" in self.language.deictic else at
        return None

    def names_speaker(self, outside: str) -> bool:
        """Tell whether what stands outside of a quotation says whose it is."""
        rest = Wording.of(outside)
        if outside.lower() == outside.upper():
            return len("".join(rest.words)) > 1  # a script without capitals
        if any(map(self._is_name, rest.words)):
            return True
        return self.language.pointers.isdisjoint(rest.low) and not (
            self.language.indefinite.isdisjoint(rest.low)
        )

    def _is_name(self, word: str) -> bool:
        return word[0].isupper() and word.lower() not in self.nameless


def _goes_on(text: str, at: int) -> bool:
    """Tell whether the word that ends at `at` goes on there: "itu-itu"."""
    after = text[at : at + 2]
    return after[:1].isalnum() or (after[:1] in ("-", "'", "’") and after[1:].isalnum())


@cache
def _by_first_word(tag: str) -> dict[str, list[tuple[str, list[str]]]]:
    """Return the openers, each with its words, by the first of these."""
    found = defaultdict(list)
    for opener in sorted(known(tag).openers):
        words = cased_words(opener)
        found[words[0]].append((opener, words))
    return dict(found)


@cache
def _nameless(tag: str) -> frozenset[str]:
    """Return words that are no names though they may have a capital."""
    spoken = known(tag)
    return frozenset([*spoken.weekdays, *spoken.months, *spoken.attributions]).union(
        spoken.pronouns, spoken.openers
    )
