"""How many of what a sentence says: "sedikitnya 12 orang tewas" is at least 12 dead."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import inf
from pathlib import Path
from typing import Any, Final

from briefing.text import Language, fold
from briefing.text import language as known
from briefing.text.numbers import AMOUNT, in_figures, in_words

_DATA: Final = Path(__file__).with_name("counted.toml")
_TOKEN: Final = re.compile(
    rf"(?:[A-Z]\.){{2,}}|(?P<number>{AMOUNT}(?![\w/:-]))|(?P<word>[^\W\d_]+(?:[-'’][^\W\d_]+)*)|(?P<mark>\S)"
)
_ABOUT: Final = 0.1
"""Share by which "about 100" may miss."""
_LONGEST: Final = 3
"""Words of the longest phrase in the data."""
_BETWEEN: Final = 3
"""Words that may stand between a number and what became of the counted, nationalities say."""
_JOINING: Final = frozenset({"dan", "serta", "atau", "and", "or", ","})
_RELATIVE: Final = frozenset({"yang", "who", "that", "which"})
_YEARS: Final = range(1900, 2100)


@dataclass(frozen=True, slots=True)
class Count:
    """A number that a sentence states.

    Attributes:
        what: the kind counted, ``dead`` or ``rockets fired AS``: equal where the same is meant.
        value: the number as stated.
        least: the least that is meant: 12 of "at least 12".
        most: the most that is meant, infinite there.
    """

    what: str
    value: int
    least: float
    most: float

    def clashes(self, other: Count) -> bool:
        """Tell whether both cannot be true."""
        return self.what == other.what and (
            self.least > other.most or other.least > self.most
        )


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    after: frozenset[str]
    before: frozenset[str]
    things: frozenset[str]
    doing: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Words:
    language: Language
    hedges: Mapping[str, str]
    fillers: frozenset[str]
    counted: frozenset[str]
    elsewhere: frozenset[str]
    unsure: frozenset[str]
    anybody: frozenset[str]
    denying: frozenset[str]
    kinds: tuple[_Kind, ...]


@dataclass(frozen=True, slots=True)
class _Number:
    """A number at tokens ``start`` to ``end`` (its hedge included)."""

    start: int
    end: int
    value: int
    hedge: str


def counts(sentence: str, *, language: str) -> list[Count]:
    """Return what `sentence` counts, each kind once; none of a kind it counts twice.

    Numbers of another time ("tahun lalu", a year) are not told from those of today, so a
    sentence that names one states nothing.

    Args:
        sentence: one sentence.
        language: BCP 47 tag; languages without data count nothing.
    """
    spoken = _spoken(language.partition("-")[0])
    if spoken is None:
        return []
    reader = _Reader(sentence, spoken)
    if not reader.numbers or reader.of_another_time():
        return []
    found: dict[str, list[Count]] = {}
    for number, whats in zip(reader.numbers, reader.read(), strict=True):
        for what in whats:
            found.setdefault(what, []).append(_count(what, number))
    return [each[0] for each in found.values() if len({one.value for one in each}) == 1]


def _count(what: str, number: _Number) -> Count:
    value = number.value
    least, most = {
        "least": (value, inf),
        "more": (value + 1, inf),
        "most": (0, value),
        "about": (value * (1 - _ABOUT), value * (1 + _ABOUT)),
    }.get(number.hedge, (value, value))
    return Count(what, value, least, most)


class _Reader:
    """Reads one sentence.

    Attributes:
        numbers: those in it, in order.
    """

    def __init__(self, sentence: str, spoken: _Words) -> None:
        self._spoken = spoken
        self._tokens = list(_TOKEN.finditer(sentence))
        self._low = [fold(token[0]) for token in self._tokens]
        self.numbers = _numbers(self._tokens, self._low, spoken)
        self._starts = {one.start for one in self.numbers}
        self._happening: dict[str, list[str]] = {}

    def of_another_time(self) -> bool:
        """Tell whether the sentence names a year or a time before."""
        years = (one for one in self.numbers if one.end == one.start + 1)
        return any(one.value in _YEARS for one in years) or any(
            _phrase(self._low, at, self._spoken.elsewhere)
            for at in range(len(self._low))
        )

    def read(self) -> list[list[str]]:
        """Return what each number counts."""
        whats = [list(self._whats(one)) for one in self.numbers]
        return [
            [] if self._is_part(at, whats) else found for at, found in enumerate(whats)
        ]

    def _is_part(self, at: int, whats: Sequence[Sequence[str]]) -> bool:
        """Tell whether a number is one of several that make the count together.

        "Empat polisi dan tiga warga tewas" counts neither 4 nor 3.
        """
        for one, two in ((at - 1, at), (at, at + 1)):
            if one < 0 or two >= len(self.numbers):
                continue
            other = one if two == at else two
            joined = self._low[self.numbers[two].start - 1] in _JOINING
            people = _phrase(self._low, self.numbers[other].end, self._spoken.counted)
            if joined and people and not whats[other]:
                return True
        return False

    def _whats(self, number: _Number) -> Iterator[str]:
        for kind in self._spoken.kinds:
            if kind.things:
                yield from self._things(number, kind)
            elif self._people(number, kind):
                size = _phrase(self._low, number.end, self._spoken.counted)
                who = " ".join(self._low[number.end : number.end + size])
                whole = not who or who in self._spoken.anybody
                yield kind.name if whole else f"{kind.name} {who}"

    def _people(self, number: _Number, kind: _Kind) -> bool:
        """Tell whether people are counted that became `kind`."""
        names = _phrase(self._low, number.end, self._spoken.counted)
        if names and self._led_by(number, kind):
            return not self._denied(number)
        behind = number.end + names
        room = _BETWEEN if names else 1
        for at in range(behind, min(behind + room, len(self._low))):
            if _phrase(self._low, at, kind.after):
                denied = (
                    self._denied(number) or self._low[at - 1] in self._spoken.denying
                )
                return not denied and not any(
                    self._led_by(number, other) for other in self._spoken.kinds
                )
            if at in self._starts or not self._joins_on(at):
                break
        return False

    def _denied(self, number: _Number) -> bool:
        """Tell whether it only almost happened, or did not: "hampir menewaskan 12 orang"."""
        first = max(number.start - 2 * _LONGEST, 0)
        return not self._spoken.denying.isdisjoint(self._low[first : number.start])

    def _joins_on(self, at: int) -> bool:
        word = self._low[at]
        return word[:1].isalpha() and word not in _JOINING | _RELATIVE

    def _led_by(self, number: _Number, kind: _Kind) -> bool:
        """Tell whether what became of them stands before it: "menewaskan 12 orang"."""
        at = number.start
        while at and self._low[at - 1] in self._spoken.fillers - kind.before:
            at -= 1
        return any(
            " ".join(self._low[at - size : at]) in kind.before
            for size in range(1, _LONGEST + 1)
            if size <= at
        )

    def _things(self, number: _Number, kind: _Kind) -> Iterator[str]:
        """Give the kind with what happens to the things and whose they are."""
        at = number.end
        last = min(at + _BETWEEN, len(self._low))
        while at < last and self._tokens[at][0][:1].isupper():
            at += 1
        size = _phrase(self._low, at, kind.things)
        doing = self._doing(kind) if size else ()
        if len(doing) == 1:  # "fired five, of which three hit": not told apart
            names = self._tokens[number.end : at] or self._tokens[at + size :][:1]
            whose = [fold(name[0]) for name in names if name[0][:1].isupper()]
            thing = [self._low[at]] if kind.name == "rockets" else []
            yield " ".join([kind.name, *thing, doing[0], *whose])

    def _doing(self, kind: _Kind) -> Sequence[str]:
        """Return what the sentence says anywhere that things of `kind` do."""
        if kind.name not in self._happening:
            self._happening[kind.name] = [
                name
                for name, verbs in kind.doing.items()
                if any(_phrase(self._low, at, verbs) for at in range(len(self._low)))
            ]
        return self._happening[kind.name]


def _phrase(low: Sequence[str], at: int, phrases: frozenset[str]) -> int:
    """Return how many words of a phrase stand at `at`, 0 if none does; the longest."""
    for size in range(min(_LONGEST, len(low) - at), 0, -1):
        if " ".join(low[at : at + size]) in phrases:
            return size
    return 0


def _numbers(
    tokens: Sequence[re.Match[str]], low: Sequence[str], spoken: _Words
) -> list[_Number]:
    found = []
    at = 0
    while at < len(tokens):
        value, end = _number(tokens, low, at, spoken)
        if value is not None:
            start, hedge = _hedge(low, at, spoken)
            around = {*low[max(start - 1, 0) : start], *low[end : end + 1]}
            if around.isdisjoint(spoken.unsure):
                found.append(_Number(start, end, value, hedge))
        at = end
    return found


def _number(
    tokens: Sequence[re.Match[str]], low: Sequence[str], at: int, spoken: _Words
) -> tuple[int | None, int]:
    """Return the number that begins at `at`, None if none does, and where it ends."""
    read = in_figures if tokens[at]["number"] else in_words
    return read(low, at, spoken.language)


def _hedge(low: Sequence[str], at: int, spoken: _Words) -> tuple[int, str]:
    for size in range(min(_LONGEST, at), 0, -1):
        found = spoken.hedges.get(" ".join(low[at - size : at]))
        if found is not None:
            return at - size, found
    return at, ""


@cache
def _spoken(language: str) -> _Words | None:
    found = _read().get(language)
    if found is None:
        return None
    return _Words(
        language=known(language),
        hedges=found["hedges"],
        fillers=frozenset(found["fillers"]),
        counted=frozenset(found["counted"]),
        elsewhere=frozenset(found["elsewhere"]),
        unsure=frozenset(found["unsure"]),
        anybody=frozenset(found["anybody"]),
        denying=frozenset(found["denying"]),
        kinds=tuple(
            _Kind(
                name,
                frozenset(kind.get("after", ())),
                frozenset(kind.get("before", ())),
                frozenset(kind.get("things", ())),
                {
                    does: frozenset(verbs)
                    for does, verbs in kind.get("doing", {}).items()
                },
            )
            for name, kind in found["kinds"].items()
        ),
    )


@cache
def _read() -> Mapping[str, Any]:
    return tomllib.loads(_DATA.read_text("utf-8"))
