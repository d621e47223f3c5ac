"""How near a summary is to a person's: ROUGE (Lin 2004), with confidence intervals."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from briefing.errors import BriefingError
from briefing.text import fold, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

MEASURES: Final = ("rouge1", "rouge2", "rougeLsum")
"""F1 of words, of pairs of words, and of longest common subsequences sentence by sentence."""

RESAMPLES: Final = 2_000
_SURE: Final = (2.5, 97.5)
"""Percentiles of the means of `RESAMPLES` that a 95 % interval lies between."""


class Interval(NamedTuple):
    """A mean, and between what it lies with 95 % confidence."""

    mean: float
    low: float
    high: float


def rouge(summary: Sequence[str], reference: Sequence[str]) -> tuple[float, ...]:
    """Return F1 × 100 by each of `MEASURES` of the sentences `summary`.

    Words are runs of ``[a-z0-9]`` in lower case, without stemming, as in published figures.
    Where less than half of the reference's letters are such, they are those of
    `briefing.text.words`: in Chinese, Japanese and Thai pairs of neighbouring letters.

    Raises:
        BriefingError: rouge-score is not installed.
    """
    scorer = _scorer(plain=_is_plain("".join(reference)))
    found = scorer.score("\n".join(reference), "\n".join(summary))
    return tuple(100 * found[measure].fmeasure for measure in MEASURES)


def intervals(scores: NDArray[Any]) -> list[Interval]:
    """Return the mean of each column of `scores`, (articles, columns), with its interval.

    By the bootstrap (Efron 1979): articles are drawn with replacement, all columns together,
    the same each time.

    Args:
        scores: at least one row.
    """
    import numpy as np

    dice = np.random.default_rng(0)
    count = len(scores)
    means = np.array(
        [scores[dice.integers(0, count, count)].mean(0) for _ in range(RESAMPLES)]
    )
    low, high = np.percentile(means, _SURE, axis=0)
    return [
        Interval(*map(float, one))
        for one in zip(scores.mean(0), low, high, strict=True)
    ]


def _is_plain(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return 2 * sum(map(str.isascii, letters)) >= len(letters)


class _Words:
    """Other scripts than Latin for rouge-score."""

    def tokenize(self, text: str) -> list[str]:
        return words(fold(text))


@cache
def _scorer(*, plain: bool) -> Any:
    try:
        from rouge_score.rouge_scorer import RougeScorer
    except ImportError as error:
        raise BriefingError(
            "this needs rouge-score: pip install 'briefing[evaluate]'"
        ) from error
    return RougeScorer(
        list(MEASURES), use_stemmer=False, tokenizer=None if plain else _Words()
    )
