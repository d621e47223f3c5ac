"""How well a grouping agrees with a labelled one. Both map ids to groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from math import exp, lgamma, log

Groups = Mapping[str, Hashable]
Counts = tuple[int, int, int]
"""What is rightly found, found, and to be found."""


def f1(counts: Counts) -> float:
    right, found, wanted = counts
    return 2 * right / (found + wanted) if found + wanted else 1.0


def added(several: Iterable[Counts]) -> Counts:
    right, found, wanted = zip(*several, strict=True)
    return sum(right), sum(found), sum(wanted)


def pairs(gold: Groups, found: Groups) -> Counts:
    """Return the pairs of articles that are in one group."""
    return (
        _pairs((gold[each], found[each]) for each in gold),
        _pairs(found[each] for each in gold),
        _pairs(gold.values()),
    )


def pairs_across(gold: Groups, found: Groups, days: Mapping[str, date]) -> Counts:
    """Return the pairs of articles of different days that are in one group."""
    whole = pairs(gold, found)
    inside = (
        _pairs((gold[each], found[each], days[each]) for each in gold),
        _pairs((found[each], days[each]) for each in gold),
        _pairs((gold[each], days[each]) for each in gold),
    )
    return tuple(a - b for a, b in zip(whole, inside, strict=True))  # type: ignore[return-value]  # three


def follow_ups(gold: Groups, found: Groups, order: Sequence[str]) -> Counts:
    """Return the articles that are not the first of their group."""
    real, said = _later(gold, order), _later(found, order)
    return len(real & said), len(said), len(real)


def _later(groups: Groups, order: Sequence[str]) -> set[str]:
    seen: set[Hashable] = set()
    later = set()
    for each in order:
        if groups[each] in seen:
            later.add(each)
        seen.add(groups[each])
    return later


def b_cubed(gold: Groups, found: Groups) -> float:
    """Return B-cubed F (Bagga and Baldwin, 1998)."""
    both = Counter((gold[each], found[each]) for each in gold)
    real, said = Counter(gold.values()), Counter(found[each] for each in gold)
    precision = sum(n * n / said[group] for (_, group), n in both.items()) / len(gold)
    recall = sum(n * n / real[group] for (group, _), n in both.items()) / len(gold)
    return 2 * precision * recall / (precision + recall)


def adjusted_mutual_information(gold: Groups, found: Groups) -> float:
    """Return AMI with the arithmetic mean (Vinh, Epps and Bailey, JMLR 2010)."""
    count = len(gold)
    both = Counter((gold[each], found[each]) for each in gold)
    real, said = Counter(gold.values()), Counter(found[each] for each in gold)
    shared = sum(
        n / count * log(count * n / (real[a] * said[b])) for (a, b), n in both.items()
    )
    entropy = sum(
        -n / count * log(n / count) for each in (real, said) for n in each.values()
    )
    chance = _expected(Counter(real.values()), Counter(said.values()), count)
    return (shared - chance) / (entropy / 2 - chance)


def _expected(real: Counter[int], said: Counter[int], count: int) -> float:
    factorial = [lgamma(n + 1) for n in range(count + 1)]
    return sum(
        times
        * also
        * sum(
            n
            / count
            * log(count * n / (a * b))
            * exp(
                factorial[a]
                + factorial[b]
                + factorial[count - a]
                + factorial[count - b]
                - factorial[count]
                - factorial[n]
                - factorial[a - n]
                - factorial[b - n]
                - factorial[count - a - b + n]
            )
            for n in range(max(1, a + b - count), min(a, b) + 1)
        )
        for a, times in real.items()
        for b, also in said.items()
    )


def _pairs(groups: Iterable[Hashable]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(groups).values())
