"""Whether a sentence says what another one has said already, in other words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal, Self

from briefing.text import Language, fold, stem, stop_words, words
from briefing.text import language as known
from briefing.text.marks import read_quotations
from briefing.text.numbers import FIGURES, alike

ALIKE: Final = 0.4
"""Share of a sentence's words from which one other sentence says the same. Of sentences from
summaries of articles on one event (id_stories.dev), read one by one, nearly all repeat one
another from .5 on, half at .4 to .5, three in ten at .33 to .4. What is wrongly taken for a
repeat is only left out; its article is named all the same."""

SPREAD: Final = 0.6
"""The same, for the words of all other sentences taken together: half repeat at .6 to .7."""

AGAIN: Final = 0.5
"""The same of its words that are no names, where a repeat has to be sure, as of what earlier
editions said: there a sentence wrongly taken for a repeat is news that is lost."""

ALL_SAID: Final = 0.8
"""The same as `SPREAD` where a repeat has to be sure: what a story that goes on has said has most
words of its news in it."""

CONTRARY: Final = 0.8
"""Share of words from which two sentences of which one denies something tell the contrary of each
other. Of 193 such pairs that share .4 and more (id_stories.dev) none does: what is denied stands beside."""

NAMING: Final = 0.125
"""Share of a sentence's words that names have to be which nobody has said, to be news: one more
word in a long sentence ("di Indonesia") is none."""

PLAIN: Final = 3
"""Words besides the names that tell whether two sentences on the same people say the same."""

SEVERAL: Final = 2
"""Numbers that nobody tells of two things by chance: an amount and a year."""

QUOTED: Final = 4
"""Words of a quotation that says something by itself."""

MOST: Final = 100
"""Sentences that another one is compared with by itself; the words of all are remembered."""

_DAY: Final = re.compile(
    r"(?<![\d/.,])(\d{1,2})(?:/(\d{1,2})(?!\d)(?:/\d{2,4})?|\s([^\W\d_]{3,12}))"
)
_NUMBER: Final = re.compile(f"({FIGURES})")
_NAMED: Final = re.compile(
    r"(?:(?<=[\w,;)] )|(?<=\())[^\W\d_][^\W_]*(?:[-'’][^\W_]+)*"
    r"|(?<!\w)[^\W\d_]\w*(?= (?=[^\W\d_])[^a-z])"
)
"""A word that begins neither the sentence nor what is quoted in it, or stands before a capital."""

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
        names: those of the words that it writes with a capital, and not for their place.
        quoted: those that stand in a quotation.
    """

    words: frozenset[str]
    counted: frozenset[tuple[str, str]]
    days: frozenset[tuple[int, int]]
    denied: bool = False
    names: frozenset[str] = frozenset()
    quoted: frozenset[str] = frozenset()

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
        return cls(
            words=frozenset(stems),
            counted=frozenset(counted),
            days=days,
            denied=any(word in _DENYING for word, _ in tokens),
            names=_stems(_names(sentence), language) & stems,
            quoted=_stems(_quotation(sentence, spoken), language) & stems,
        )

    @property
    def numbers(self) -> frozenset[str]:
        """Its numbers, however they are written."""
        return frozenset(number for number, _ in self.counted)


def _names(sentence: str) -> Iterator[str]:
    return (one for one in _NAMED.findall(sentence) if one[0].isupper())


def _quotation(sentence: str, language: Language) -> Iterator[str]:
    """Yield what stands between quotation marks."""
    pairs, _ = read_quotations(sentence, language.attributions, longest=len(sentence))
    return (sentence[opening:closing] for opening, closing in pairs)


def _stems(texts: Iterable[str], language: str) -> frozenset[str]:
    return frozenset(
        stem(word, language) for text in texts for word in words(fold(text))
    )


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
            yield "", alike(part)
            continue
        for word in words(fold(part)):
            yield word, str(language.numbers.get(word, ""))


def _beside(tokens: Sequence[tuple[str, str]], at: int) -> str:
    """Return the word behind the number at `at`, else the one before it."""
    near = [*tokens[at + 1 : at + 2], *tokens[max(at - 1, 0) : at]]
    return next((word for word, number in near if not number), "")


class Said:
    """What has been said so far, in one language (BCP 47).

    A sentence repeats another if enough of its words stand in it, and it tells no number or day
    that the other lacks: `ALIKE` of all its words. If a repeat has to be `sure`, `AGAIN` of those
    that are no names, which stand in all that is said of one event; and names or a quotation
    that were not said before make it new.
    """

    def __init__(self, language: str, *, sure: bool = False) -> None:
        self._language = language
        self._sure = sure
        self._told: list[Told] = []
        self._words: set[str] = set()
        self._numbers: set[str] = set()
        self._wordings: set[tuple[str, ...]] = set()

    def add(self, sentence: str) -> None:
        """Remember what `sentence` tells."""
        told = Told.of(sentence, self._language)
        self._told.append(told)
        self._words |= told.words
        self._numbers |= told.numbers
        self.hear(sentence)

    def hear(self, sentence: str) -> None:
        """Remember the wording of `sentence`, so that it repeats if it comes again."""
        self._wordings.add(_wording(sentence))

    def judge(self, sentence: str) -> Judgement:
        """Return whether `sentence` is new, the same with other numbers or days, or a repeat.

        What repeats the words of a sentence, and agrees with it, is a repeat; so is what is
        spread over several sentences. A sentence without words says nothing.
        """
        if _wording(sentence) in self._wordings:
            return "repeats"
        told = Told.of(sentence, self._language)
        alike = [one for one in islice(self._told, MOST) if self._repeats(told, one)]
        if any(_same_fact(told, one) for one in alike):
            return "repeats"
        if not self._brings(told):
            if any(_agree(told, one) for one in alike):
                return "repeats"
            if self._is_spread(told, alike):
                return "repeats"
        return "differs" if any(_differ(told, one) for one in alike) else "new"

    def _repeats(self, told: Told, one: Told) -> bool:
        """Tell whether `told` repeats the words of `one`."""
        if not self._sure:
            return _share(told.words, one.words) >= ALIKE
        return _quotes(told, one.words) and _share(_plain(told), one.words) >= AGAIN

    def _brings(self, told: Told) -> bool:
        """Tell whether it names somebody or something that nobody has named."""
        fresh = told.names - self._words
        return self._sure and len(fresh) > NAMING * len(told.words)

    def _is_spread(self, told: Told, alike: Iterable[Told]) -> bool:
        """Tell whether all that is said together says it."""
        own, least = (_plain(told), ALL_SAID) if self._sure else (told.words, SPREAD)
        return (
            told.numbers <= self._numbers
            and _share(own, self._words) >= least
            and (not self._sure or _quotes(told, self._words))
            and all(_same_day(told, one) and told.denied == one.denied for one in alike)
        )


def _wording(sentence: str) -> tuple[str, ...]:
    return tuple(words(fold(sentence)))


def _quotes(told: Told, others: frozenset[str] | set[str]) -> bool:
    """Tell whether it quotes nothing, or what was said in such words."""
    return len(told.quoted) < QUOTED or _share(told.quoted, others) >= AGAIN


def _plain(told: Told) -> frozenset[str]:
    """Return its words that are no names; all if those are fewer than `PLAIN`."""
    own = told.words - told.names
    return own if len(own) >= PLAIN else told.words


def _share(own: frozenset[str], others: frozenset[str] | set[str]) -> float:
    return len(own & others) / len(own) if own else 1.0


def _agree(one: Told, other: Told) -> bool:
    """Return whether `one` tells no number that `other` lacks, and no other day.

    Days are of the event or of the report on it: where the numbers agree they say little.
    """
    if one.denied != other.denied:
        return False
    common = one.numbers <= other.numbers
    return common and (bool(one.numbers) or _same_day(one, other))


def _same_fact(one: Told, other: Told) -> bool:
    """Return whether `one` tells, of whomever, the same numbers, several, in the same words."""
    return (
        len(one.numbers) >= SEVERAL
        and _plain(one) <= other.words
        and _agree(one, other)
    )


def _same_day(one: Told, other: Told) -> bool:
    return not (one.days and other.days and one.days.isdisjoint(other.days))


def _differ(one: Told, other: Told) -> bool:
    """Return whether two that say the same count something otherwise, or name another day."""
    common = min(_share(one.words, other.words), _share(other.words, one.words))
    if common < ALIKE:
        return False
    if one.denied != other.denied:
        return common >= CONTRARY
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
