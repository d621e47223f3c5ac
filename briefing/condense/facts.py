"""Numbers and dates of a headline, which its summary should tell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from briefing.condense.budget import Budget
from briefing.text import Language, stop_words
from briefing.text import language as known
from briefing.text.numbers import AMOUNT, alike

MOST_FACTS: Final = 5
"""Facts of one headline that are looked for; no real one has more."""

MOST_TELLERS: Final = 3
"""Sentences with a fact that are tried, the best ones."""

MOST_GONE: Final = 2
"""Sentences that may give way to one of them."""

_WORD: Final = re.compile(rf"{AMOUNT}|[^\W\d_]+")
_SHORTEST_NAME: Final = 4
"""Letters from which the name of a day or month is believed: "Mei" and "Min" are names too."""


def covered(
    chosen: Sequence[int],
    sentences: Sequence[str],
    *,
    title: str,
    language: str,
    budget: Budget,
    ranked: Sequence[int],
    needs: Mapping[int, Sequence[int]],
) -> list[int]:
    """Return `chosen` with the numbers and dates of `title` that other sentences tell.

    A sentence that tells one is added if it fits, else it takes the place of those chosen that
    are ranked last and tell none; the first stays. What cannot be told without harm to the
    other sentences is left. Time is linear in the text.

    Args:
        chosen: numbers of sentences, ascending.
        sentences: what the numbers count.
        title: the headline.
        language: BCP 47 tag.
        budget: how long the result may be.
        ranked: numbers of the sentences that may be shown, the best first.
        needs: what a sentence may not be shown without; nothing if it is not there.
    """
    reader = _Reader(known(language), title)
    found = {at: reader.facts(sentences[at]) for at in ranked} if reader.wanted else {}
    order = {at: place for place, at in enumerate(ranked)}
    shown = frozenset(chosen)
    for fact in reader.wanted:
        tellers = [at for at in ranked if fact in found[at]]
        if shown.isdisjoint(tellers):
            spare = [at for at in shown - {min(shown, default=0)} if not found.get(at)]
            spare.sort(key=lambda at: order.get(at, len(order)), reverse=True)
            trials = (
                (shown - set(spare[:gone]) | {at, *needs.get(at, ())}, at)
                for at in tellers[:MOST_TELLERS]
                for gone in range(min(len(spare), MOST_GONE) + 1)
            )
            shown = next(
                (
                    trial
                    for trial, at in trials
                    if budget.holds(sentences, trial, last=at)
                    and all(trial.issuperset(needs.get(one, ())) for one in trial)
                ),
                shown,
            )
    return sorted(shown)


class _Reader:
    """Finds the facts of one headline in sentences.

    A sentence tells a fact only if it has another word of the headline too: that a number
    stands in it may be chance.
    """

    def __init__(self, language: Language, title: str) -> None:
        self.language = language
        stop = stop_words(language.tag)
        self.wanted = list(dict.fromkeys(self._all(title)))[:MOST_FACTS]
        self.words = frozenset(
            word
            for word in map(str.lower, _WORD.findall(title))
            if word not in stop and self._fact(word) is None
        )

    def facts(self, sentence: str) -> frozenset[str]:
        """Return the headline's facts that `sentence` tells."""
        told = frozenset(self.wanted).intersection(self._all(sentence))
        if not told or self.words.isdisjoint(_WORD.findall(sentence.lower())):
            return frozenset()
        return told

    def _all(self, text: str) -> list[str]:
        facts = map(self._fact, _WORD.findall(text))
        return [fact for fact in facts if fact is not None]

    def _fact(self, word: str) -> str | None:
        """Return what number or date `word` names, the same for each way to write it."""
        if word[0].isdigit():
            return alike(word)
        low = word.lower()
        if low in self.language.numbers:
            return str(self.language.numbers[low])
        named = word[0].isupper() and len(word) >= _SHORTEST_NAME
        if named and low in self.language.weekdays:
            return f"day {self.language.weekdays[low]}"
        if named and low in self.language.months:
            return f"month {self.language.months[low]}"
        return None
