"""How far down an article its summary reaches, guessed from the article's words.

A report is summed up by its first sentences, a review or a piece of advice is not; the words
tell which it is. It is a ridge regression (Hoerl and Kennard 1970) on which words there are,
whose guesses the trees see as features of each sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from briefing.condense.reading import Reading

_KEPT: Final = "reach"

_LEAST_KNOWN: Final = 0.4
"""Share of a text's words that must be known for a guess. Of 64 English pages none has more than
.19; of 100 Indonesian articles one has fewer than .49."""


@dataclass(frozen=True, slots=True)
class Reach:
    """A guess of how likely the first sentence is chosen, and of the mean place of all chosen.

    Attributes:
        rows: for each word that says something its row in `weights`.
        weights: (words, 2).
        usual: what is guessed of an article without these words, (2,).
    """

    rows: Mapping[str, int]
    weights: NDArray[np.float32]
    usual: NDArray[np.float32]

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return what is kept in `arrays`."""
        words = arrays[f"{_KEPT}.words"].tolist()
        return cls(
            {word: row for row, word in enumerate(words)},
            arrays[f"{_KEPT}.weights"],
            arrays[f"{_KEPT}.usual"],
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what `of` reads."""
        import numpy as np

        return {
            f"{_KEPT}.words": np.array(list(self.rows), np.str_),
            f"{_KEPT}.weights": self.weights,
            f"{_KEPT}.usual": self.usual,
        }

    def told_if_known(self, reading: Reading) -> Reading | None:
        """Return the same as `told`, None if too few words are known to guess from them.

        Then it is in another language, or hardly a text.
        """
        known = self._known(reading)
        enough = len(known) >= _LEAST_KNOWN * max(1, len(reading.words))
        return self._told(reading, known) if enough else None

    def told(self, reading: Reading) -> Reading:
        """Return `reading` with the two guesses as further features of each sentence."""
        return self._told(reading, self._known(reading))

    def _known(self, reading: Reading) -> list[int]:
        found = map(self.rows.get, reading.words)
        return [row for row in found if row is not None]

    def _told(self, reading: Reading, known: Sequence[int]) -> Reading:
        import numpy as np

        scale = max(1, len(reading.words)) ** 0.5
        guess = (
            self.usual + self.weights.take(known, 0).sum(0, dtype=np.float64) / scale
        )
        seen = reading.features
        table = np.empty((len(seen) + len(guess), seen.shape[1]), np.float32)
        table[: len(seen)] = seen
        table[len(seen) :] = guess[:, None]
        return replace(reading, features=table)
