"""The default method: the set of sentences that a person would most likely make.

Decision trees, learned from people's summaries (``briefing.condense.train``), say how likely
each sentence is to be chosen. The set of sentences with the highest expected F1 is taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

from briefing.condense.budget import Budget

if TYPE_CHECKING:
    from briefing.condense.reach import Reach
    from briefing.condense.reading import Reading, Vector
    from briefing.condense.rounds import Rounds

_KEPT: Final = "learned.npz"

_LETTERS: Final = 1_000
"""Characters that are looked at to tell the script."""

_FOREIGN: Final = re.compile(r"[^\x00-\x7f]+")

LEAST_WORDS: Final = 50
MOST_WORDS: Final = 90
"""Budgets, in words, for which whole sets are compared. People's summaries of 51 to 65 words
are what was learned from; for much less or more, sentences are taken one by one."""


@dataclass(frozen=True, slots=True)
class Model:
    """What the article's words tell, trees that are told it, and trees that are not."""

    reach: Reach
    told: Rounds
    untold: Rounds

    def likely(self, reading: Reading) -> Vector:
        """Return how likely each sentence is to be chosen, (n,)."""
        told = self.reach.told_if_known(reading)
        return self.untold.likely(reading) if told is None else self.told.likely(told)


def speaks(sentences: Sequence[str]) -> bool:
    """Return whether the text is written in letters that the model was learned on.

    Elsewhere its features mean something else: no capitals, other marks, longer sentences.
    """
    start = " ".join(sentences[:10])[:_LETTERS]
    if start.isascii():
        return any(map(str.isalpha, start))
    foreign = list(filter(str.isalpha, "".join(_FOREIGN.findall(start))))
    letters = list(filter(str.isalpha, start))
    latin = sum(unicodedata.name(char, "").startswith("LATIN") for char in foreign)
    return 2 * (latin + len(letters) - len(foreign)) > len(letters)


class Choice(NamedTuple):
    """Which sentences make the summary, ascending, and all that were ranked, best first."""

    chosen: list[int]
    ranked: list[int]


def learned(
    sentences: Sequence[str],
    *,
    language: str,
    budget: Budget,
    barred: Sequence[bool],
    needs: Mapping[int, Sequence[int]],
) -> Choice:
    """Return the sentences of the summary.

    Only the first `reading.MOST_SENTENCES` are read.

    Args:
        sentences: the sentences of one article in order, at least one.
        language: BCP 47 tag, ``und`` if unknown.
        budget: the most words and sentences.
        barred: for each sentence, whether it may never be chosen.
        needs: for a sentence, those that must be chosen with it.
    """
    from briefing.condense.reading import Reading

    reading = Reading.of(sentences, language)
    return pick(
        shipped(), reading, sentences, budget=budget, barred=barred, needs=needs
    )


def pick(
    model: Model,
    reading: Reading,
    sentences: Sequence[str],
    *,
    budget: Budget,
    barred: Sequence[bool],
    needs: Mapping[int, Sequence[int]],
) -> Choice:
    """Return what `model` chooses of the sentences that were read.

    If no set keeps the budget, the likeliest sentence that needs no other is taken all the
    same. The other arguments are those of `learned`.
    """
    from briefing.condense.candidates import best_set

    likely = model.likely(reading)
    # What leans on a sentence that was not read cannot be chosen with it.
    read = len(likely)
    barred = [
        one or any(to >= read for to in needs.get(at, ()))
        for at, one in enumerate(barred[:read])
    ]
    ranked = [
        at
        for at in (-likely.round(9)).argsort(kind="stable").tolist()
        if not barred[at]
    ]
    chosen: list[int] = []
    if compares_sets(budget):
        chosen = best_set(reading.sizes, likely, ranked, budget=budget, needs=needs)
    return Choice(chosen or budget.fill(sentences, ranked, needs), ranked)


def compares_sets(budget: Budget) -> bool:
    """Return whether a summary of this budget is like those that were learned from."""
    if budget.words is None:
        return budget.sentences is not None and budget.sentences <= 3
    return LEAST_WORDS <= budget.words <= MOST_WORDS


@cache
def shipped() -> Model:
    """Return the model that comes with the package."""
    import numpy as np

    from briefing.condense.reach import Reach
    from briefing.condense.rounds import Rounds

    with (
        files("briefing.condense").joinpath(_KEPT).open("rb") as file,
        np.load(file, allow_pickle=False) as arrays,
    ):
        return Model(
            Reach.of(arrays),
            Rounds.of(arrays, "told"),
            Rounds.of(arrays, "untold"),
        )
