"""How long a summary may be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Final, Self

from briefing.text import has_unspaced, unspaced
from briefing.text import words as words_of

DEFAULT_WORDS: Final = 66
"""Words. The best of 58, 62, 66, 70, 74, 82 for `lead` on 706 development articles of IndoSum
(ROUGE-1 69.7, 70.2, 70.3, 69.8, 69.0, 67.4); people's summaries there have 68 on average."""

LENGTHS: Final[Mapping[str, int | None]] = MappingProxyType(
    {"short": 30, "standard": DEFAULT_WORDS, "full": None}
)
"""Lengths that have a name, in words; None: the whole article."""

FULL_ENOUGH: Final = 0.8
"""Share of the budget from which a sentence that does not fit ends the summary instead of
being passed over: the next ones are less good and would only fill the last words."""


def length(sentence: str) -> int:
    """Return the number of words of `sentence`.

    Where no blanks part the words, two letters count as one, as in Chinese; Thai words are
    longer, so Thai summaries turn out somewhat shorter.
    """
    return size_of(sentence, words_of(sentence))


def size_of(sentence: str, words: Collection[str]) -> int:
    """Return the same of a sentence whose words are known."""
    if not has_unspaced(sentence):
        return len(words)
    # There a "word" is a pair of neighbouring letters, so each letter stands in two.
    pairs = sum(map(unspaced, words))
    return len(words) - pairs // 2


@dataclass(frozen=True, slots=True)
class Budget:
    """The most words and the most sentences of a summary; None: no such limit."""

    words: int | None
    sentences: int | None

    @classmethod
    def of(
        cls,
        *,
        words: int | None = None,
        sentences: int | None = None,
        length: str | None = None,
    ) -> Self:
        """Return the budget; `DEFAULT_WORDS` if nothing is given.

        Args:
            words: the most words.
            sentences: the most sentences; if both are given both hold.
            length: one of `LENGTHS` in their place.

        Raises:
            ValueError: a limit is less than 1, `length` has no such name, or it is given
                beside the others.
        """
        for name, value in (("words", words), ("sentences", sentences)):
            if value is not None and value < 1:
                raise ValueError(f"{name} must be at least 1, not {value}")
        if words is None and sentences is None:
            return cls(LENGTHS[_known(length or "standard")], None)
        if length is not None:
            raise ValueError("give either length, or words and sentences, not both")
        return cls(words, sentences)

    def __str__(self) -> str:
        """Return the limits as ``words=66 sentences=3``, without those that are None."""
        limits = (("words", self.words), ("sentences", self.sentences))
        return " ".join(
            f"{name}={value}" for name, value in limits if value is not None
        )

    @property
    def whole(self) -> bool:
        """Whether there is no limit: the whole article is wanted."""
        return self.words is None and self.sentences is None

    def holds(
        self, sentences: Sequence[str], chosen: Collection[int], last: int
    ) -> bool:
        """Return whether the sentences `chosen` fit, of which `last` was added last.

        Half of that one may be over the words, and one alone always fits.
        """
        if len(chosen) == 1:
            return True
        words = sum(length(sentences[at]) for at in chosen)
        return self._allows(words - length(sentences[last]) / 2, len(chosen))

    def fill(
        self,
        sentences: Sequence[str],
        ranked: Sequence[int],
        needs: Mapping[int, Sequence[int]],
    ) -> list[int]:
        """Return the indices from `ranked` that fit, ascending.

        Taken best first, each with those it needs. What would pass the words by more than
        half the sentence's length is passed over, or ends the summary once the budget is
        `FULL_ENOUGH`. If nothing fits, the best that needs no other is taken all the same.

        Args:
            sentences: what the indices count.
            ranked: indices, the best first.
            needs: what a sentence may not be shown without; nothing if it is not there.
        """
        chosen: set[int] = set()
        used = 0
        for index in ranked:
            if self._spent(used, len(chosen)):
                break
            group = {index, *needs.get(index, ())} - chosen
            after = used + sum(length(sentences[at]) for at in group)
            slack = length(sentences[index]) / 2
            if self._allows(after - slack, len(chosen) + len(group)):
                chosen |= group
                used = after
            elif self.words is not None and used >= FULL_ENOUGH * self.words:
                break
        alone = (index for index in ranked if not needs.get(index))
        return sorted(chosen) or list(islice(alone, 1))

    def _spent(self, used: int, count: int) -> bool:
        return (
            self.words is not None and used >= self.words
        ) or count == self.sentences

    def _allows(self, words: float, count: int) -> bool:
        return (self.words is None or words <= self.words) and (
            self.sentences is None or count <= self.sentences
        )


def _known(length: str) -> str:
    if length not in LENGTHS:
        raise ValueError(f"unknown length {length!r}; known are {', '.join(LENGTHS)}")
    return length
