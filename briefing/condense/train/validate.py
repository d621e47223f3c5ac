"""How good summaries of articles are that the model was not learned from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

import numpy as np
from rouge_score.rouge_scorer import RougeScorer

from briefing.condense import choose
from briefing.condense.budget import Budget
from briefing.condense.learned import Model, pick
from briefing.condense.reading import Vector
from briefing.condense.train.samples import Sample, rouge_words

MEASURES: Final = ("rouge1", "rouge2", "rougeLsum")
_DEFAULT: Final = Budget.of(words=None, sentences=None)
_THREE: Final = Budget(words=None, sentences=3)
_RESAMPLES: Final = 2_000


def scores(sample: Sample, model: Model) -> dict[str, Vector]:
    """Return for each way of choosing ROUGE-1, -2, -Lsum F1, words and sentences."""
    n = len(sample.sentences)
    free = partial(_picked, sample, model, barred=[False] * n, needs={})
    bound = partial(_picked, sample, model, barred=sample.barred, needs=sample.needs)
    ways = {
        "learned": bound(_DEFAULT),
        "learned, any sentence": free(_DEFAULT),
        "learned, at most 3": bound(_THREE),
        "learned, at most 3, any sentence": free(_THREE),
        "lead": choose(sample.sentences, method="lead", language="id"),
    }
    texts = {
        way: [sample.sentences[at] for at in chosen] for way, chosen in ways.items()
    }
    texts["first 3"] = sample.given[:3]  # as others measure it, with the dateline
    return {
        f"{way}{kind}": _score(lines, sample.reference, zeros=bool(kind))
        for way, lines in texts.items()
        for kind in ("", ", digits as 0")
    }


def _picked(
    sample: Sample,
    model: Model,
    budget: Budget,
    *,
    barred: Sequence[bool],
    needs: dict[int, tuple[int, ...]],
) -> list[int]:
    reading, sentences = sample.reading, sample.sentences
    choice = pick(model, reading, sentences, budget=budget, barred=barred, needs=needs)
    return choice.chosen


def _score(lines: Sequence[str], reference: str, *, zeros: bool) -> Vector:
    """Return the scores of chosen sentences.

    With `zeros`, as Kurniawan and Louvan (2018) measured all but NeuralSum: all digits of the
    choice are 0, and those of the reference are not.
    """
    if zeros:
        lines = [re.sub(r"\d", "0", line) for line in lines]
    found = RougeScorer(MEASURES).score(reference, "\n".join(lines))
    size = len(rouge_words(" ".join(lines)))
    return np.array(
        [*(100 * found[one].fmeasure for one in MEASURES), size, len(lines)]
    )


def table(rows: Sequence[dict[str, Vector]]) -> Iterator[str]:
    """Yield the lines of a table in Markdown: means, and gains over the first three and `lead`.

    An interval holds 95 of 100 means of resampled articles, pairs kept.
    """
    yield "| method | ROUGE-1 | ROUGE-2 | ROUGE-L | words | sentences | gain in ROUGE-1 over the first 3 | over `lead` |"
    yield "|---|---|---|---|---|---|---|---|"
    for way in rows[0]:
        means = np.mean([row[way] for row in rows], 0)
        zeros = ", digits as 0" if way.endswith("0") else ""
        gains = " | ".join(
            _gain(rows, way, f"{of}{zeros}") for of in ("first 3", "lead")
        )
        yield (
            f"| {way} | {means[0]:.2f} | {means[1]:.2f} | {means[2]:.2f} "
            f"| {means[3]:.1f} | {means[4]:.2f} | {gains} |"
        )


def _gain(rows: Sequence[dict[str, Vector]], way: str, other: str) -> str:
    gains = np.array([row[way][0] - row[other][0] for row in rows])
    low, high = _interval(gains)
    return f"{gains.mean():+.2f} [{low:+.2f}, {high:+.2f}]"


def _interval(gains: Vector) -> tuple[float, float]:
    drawn = np.random.default_rng(0).integers(0, len(gains), (_RESAMPLES, len(gains)))
    low, high = np.percentile(gains[drawn].mean(1), [2.5, 97.5])
    return float(low), float(high)
