"""The default method: the set of sentences that a person would most likely make.

Three rounds of decision trees, learned from people's summaries (``briefing.condense.train``):
how likely each sentence is to be chosen; the same, knowing that of its neighbours; and which
of the likeliest sets has the most words in common with a person's summary.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

from briefing.condense.budget import Budget

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from briefing.condense.forest import Forest
    from briefing.condense.reading import Reading, Vector

_KEPT: Final = "learned.npz"

_LETTERS: Final = 1_000
"""Characters that are looked at to tell the script."""

_NEIGHBOURS: Final = (-4, -3, -2, -1, 1, 2, 3, 4)
_HIGHEST: Final = 6

LEAST_WORDS: Final = 50
MOST_WORDS: Final = 90
"""Budgets, in words, for which whole sets are compared. People's summaries of 51 to 65 words
are what was learned from; for much less or more, sentences are taken one by one."""


@dataclass(frozen=True, slots=True)
class Model:
    """The rounds of trees: two for sentences, one for sets."""

    sentences: Forest
    neighbours: Forest
    sets: Forest

    def likely(self, reading: Reading) -> Vector:
        """Return how likely each sentence is to be chosen, (experts, n)."""
        import numpy as np

        table = reading.features.astype(np.float32)
        first = _probability(self.sentences.sums(table))
        return _probability(self.neighbours.sums(beside(reading, first)))

    def best(self, table: Vector) -> int:
        """Return the place of the best of the sets that `table` describes."""
        import numpy as np

        sums = self.sets.sums(table.astype(np.float32)).sum(0)
        return int(np.argmax(np.round(sums, 6)))


def _probability(sums: Vector) -> Vector:
    import numpy as np

    return 1 / (1 + np.exp(-sums))


def beside(reading: Reading, experts: Vector) -> NDArray[np.float32]:
    """Return the features of the second round: the first's, and what it found.

    Args:
        reading: the article.
        experts: what the first round found, (experts, n).
    """
    import numpy as np

    from briefing.condense.reading import table_of

    likely = experts.mean(0)
    n = len(likely)
    rank = np.empty(n)
    rank[np.argsort(-np.round(likely, 9), kind="stable")] = np.arange(n)
    padded = np.concatenate([np.full(4, -1.0), likely, np.full(4, -1.0)])
    above = likely > likely[:, None]
    likeness, mass = reading.likeness, likely * reading.sizes
    highest = np.concatenate([np.sort(likely)[::-1], np.zeros(_HIGHEST)])[:_HIGHEST]
    columns = [
        *experts,
        likely,
        rank,
        likely.sum() - likely,
        np.cumsum(likely) - likely,
        *(padded[4 + by : 4 + by + n] for by in _NEIGHBOURS),
        np.where(above, likeness, 0).max(1),
        (likeness * likely).max(1),
        likeness @ likely / (likely.sum() - likely + 1e-6),
        np.cumsum(mass) - mass,
        mass.sum() - np.cumsum(mass),
        above @ reading.sizes,
        mass.sum(),
        mass / max(float(mass.sum()), 1e-9),
        *highest,
    ]
    return np.concatenate([reading.features, table_of(columns, n)], 1, dtype=np.float32)


def speaks(sentences: Sequence[str]) -> bool:
    """Return whether the text is written in letters that the model was learned on.

    Elsewhere its features mean something else: no capitals, other marks, longer sentences.
    """
    start = " ".join(sentences[:10])[:_LETTERS]
    letters = [char for char in start if char.isalpha()]
    latin = sum(
        char.isascii() or unicodedata.name(char, "").startswith("LATIN")
        for char in letters
    )
    return 2 * latin > len(letters)


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
    import numpy as np

    from briefing.condense.candidates import Candidates, features

    experts = model.likely(reading)
    likely = experts.mean(0)
    ranked = [
        at
        for at in np.argsort(-np.round(likely, 9), kind="stable").tolist()
        if not barred[at]
    ]
    if compares_sets(budget):
        sets = Candidates.of(
            reading.sizes, likely, budget=budget, barred=barred, needs=needs
        )
        if len(sets):
            best = model.best(features(sets, reading, experts))
            return Choice(sets.sentences(best), ranked)
    return Choice(budget.fill(sentences, ranked, needs), ranked)


def compares_sets(budget: Budget) -> bool:
    """Return whether a summary of this budget is like those that were learned from."""
    if budget.words is None:
        return budget.sentences is not None and budget.sentences <= 3
    return LEAST_WORDS <= budget.words <= MOST_WORDS


@cache
def shipped() -> Model:
    """Return the model that comes with the package."""
    import numpy as np

    from briefing.condense.forest import Forest

    with (
        files("briefing.condense").joinpath(_KEPT).open("rb") as file,
        np.load(file, allow_pickle=False) as arrays,
    ):
        return Model(
            *(Forest.of(arrays, name) for name in ("sentences", "neighbours", "sets"))
        )
