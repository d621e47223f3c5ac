"""Sentences that a text says twice in the same words."""

from __future__ import annotations

from collections.abc import Sequence


def without_repeats(sentences: Sequence[str]) -> list[int]:
    """Return the index of the first occurrence of each sentence, ascending.

    Blanks only are no sentence; a difference in white space is none.
    """
    first: dict[str, int] = {}
    for index, sentence in enumerate(sentences):
        first.setdefault(" ".join(sentence.split()), index)
    first.pop("", None)
    return list(first.values())
