"""Whether a sentence says what another one has said already, in other words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal, Self

from briefing.text import Language, fold, stem, stop_words, words
from briefing.text import language as known

ALIKE: Final = 0.4
"""Share of a sentence's words from which one other sentence says the same. Of sentences from
summaries of articles on one event (id_stories.dev), read one by one, nearly all repeat one
another from .5 on, half at .4 to .5, three in ten at .33 to .4. What is wrongly taken for a
repeat is only left out; its article is named all the same."""

SPREAD: Final = 0.6
"""The same, for the words of all other sentences taken together: half repeat at .6 to .7."""

MOST: Final = 100
"""Sentences that another one is compared with by itself; the words of all are remembered."""

_DAY: Final = re.compile(
    r"(?<![\d/.,])(\d{1,2})(?:/(\d{1,2})(?!\d)(?:/\d{2,4})?|\s([^\W\d_]{3,12}))"
)
_NUMBER: Final = re.compile(r"(\d+(?:[.,:]\d+)*)")
_THOUSANDS: Final = re.compile(r"[.,](?=\d{3}(?!\d))")

_DENYING: Final = frozenset(
    ["tidak", "bukan", "belum", "tak", "tanpa", "batal", "menolak", "membantah", "not", "no",
     "never", "without", "denied", "refused", "refuses", "rejects", "rejected"]
)  # fmt: skip
"""Words with which a sentence tells the contrary of what it shares its words with."""

Judgement = Literal["new", "differs", "repeats"]


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence tells.

    Attributes:
        words: stems of its words that are no stop words, numbers or weekdays.
        counted: its numbers, each with the stem of the word behind it, else before it.
        days: days of a month.
        denied: it holds a word that denies ("tidak").
    """

    words: frozenset[str]
    counted: frozenset[tuple[str, str]]
    days: frozenset[tuple[int, int]]
    denied: bool = False

    @classmethod
    def of(cls, sentence: str, language: str) -> Self:
        """Return what `sentence` tells, in `language` (BCP 47)."""
        spoken, stop = known(language), stop_words(language)
        days, text = _days(sentence, spoken)
        tokens = list(_tokens(text, spoken))
        stems = {
            stem(word, language)
            for word, number in tokens
            if not number and word not in stop and word not in spoken.weekdays
        }
        counted = (
            (number, stem(_beside(tokens, at), language))
            for at, (_, number) in enumerate(tokens)
            if number
        )
        denied = any(word in _DENYING for word, _ in tokens)
        return cls(frozenset(stems), frozenset(counted), days, denied)

    @property
    def numbers(self) -> frozenset[str]:
        """Its numbers, however they are written."""
        return frozenset(number for number, _ in self.counted)


def _days(sentence: str, language: Language) -> tuple[frozenset[tuple[int, int]], str]:
    """Return the days that `sentence` names, and the rest of it."""
    days, rest, end = set[tuple[int, int]](), [], 0
    for found in _DAY.finditer(sentence):
        day, month, name = found.groups()
        number = int(month) if month else language.months.get(fold(name), 0)
        if number:
            days.add((int(day), number))
            rest.append(sentence[end : found.start()])
            end = found.end()
    return frozenset(days), " ".join([*rest, sentence[end:]])


def _tokens(text: str, language: Language) -> Iterator[tuple[str, str]]:
    """Yield each word with an empty string, each number word with its number, and numbers."""
    for part in _NUMBER.split(text):
        if part[:1].isdigit():
            yield "", _THOUSANDS.sub("", part).replace(",", ".")
            continue
        for word in words(fold(part)):
            yield word, str(language.numbers.get(word, ""))


def _beside(tokens: Sequence[tuple[str, str]], at: int) -> str:
    """Return the word behind the number at `at`, else the one before it."""
    near = [*tokens[at + 1 : at + 2], *tokens[max(at - 1, 0) : at]]
    return next((word for word, number in near if not number), "")


class Said:
    """What has been said so far, in one language (BCP 47)."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._told: list[Told] = []
        self._words: set[str] = set()
        self._numbers: set[str] = set()

    def add(self, sentence: str) -> None:
        """Remember what `sentence` tells."""
        told = Told.of(sentence, self._language)
        self._told.append(told)
        self._words |= told.words
        self._numbers |= told.numbers

    def judge(self, sentence: str) -> Judgement:
        """Return whether `sentence` is new, the same with other numbers or days, or a repeat.

        What repeats the words of a sentence, and agrees with it, is a repeat; so is what is
        spread over several sentences. A sentence without words says nothing.
        """
        told = Told.of(sentence, self._language)
        alike = [
            one for one in islice(self._told, MOST) if _share(told, one.words) >= ALIKE
        ]
        if any(_agree(told, one) for one in alike):
            return "repeats"
        if told.numbers <= self._numbers and (
            _share(told, self._words) >= SPREAD
            and all(_same_day(told, one) and told.denied == one.denied for one in alike)
        ):
            return "repeats"
        return "differs" if any(_differ(told, one) for one in alike) else "new"


def _share(told: Told, others: frozenset[str] | set[str]) -> float:
    return len(told.words & others) / len(told.words) if told.words else 1.0


def _agree(one: Told, other: Told) -> bool:
    """Return whether `one` tells no number that `other` lacks, and no other day.

    Days are of the event or of the report on it: where the numbers agree they say little.
    """
    if one.denied != other.denied:
        return False
    common = one.numbers <= other.numbers
    return common and (bool(one.numbers) or _same_day(one, other))


def _same_day(one: Told, other: Told) -> bool:
    return not (one.days and other.days and one.days.isdisjoint(other.days))


def _differ(one: Told, other: Told) -> bool:
    """Return whether two that say the same count something otherwise, or name another day."""
    if min(_share(one, other.words), _share(other, one.words)) < ALIKE:
        return False
    if one.denied != other.denied:
        return True
    mine, theirs = _counts(one), _counts(other)
    counted = any(
        mine[thing].isdisjoint(theirs[thing]) for thing in mine.keys() & theirs.keys()
    )
    vouched = one.numbers and one.numbers == other.numbers
    return counted or not (vouched or _same_day(one, other))


def _counts(told: Told) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for number, thing in told.counted:
        found[thing].add(number)
    return found
