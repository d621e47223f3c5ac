"""Where the terms of topic rules stand in a text: each word is looked up once, for all terms."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from briefing.group.forms import key, keys
from briefing.group.terms import Pattern, Term

_REMEMBERED: Final = 100_000
"""Words whose terms are kept at hand; a day's news in one language has fewer."""


class Matcher:
    """Finds many terms in texts of one language.

    What a word means to the rules is worked out when the word is first met, so that a text
    costs one look-up a word, however many terms there are.

    Args:
        terms: any number; those that are equal are looked for once.
        language: BCP 47 tag of the texts.
    """

    def __init__(self, terms: Iterable[Term], language: str) -> None:
        self._language = language
        self._made: dict[str, list[Pattern]] = {}
        self._itself: dict[str, list[Pattern]] = {}
        self._wild: list[Pattern] = []
        self._opened: defaultdict[Pattern, list[Term]] = defaultdict(list)
        for term in dict.fromkeys(terms):
            self._opened[term.patterns[0]].append(term)
        for pattern in dict.fromkeys(self._opened):
            self._file(pattern)
        self._begun_by: dict[str, tuple[Term, ...]] = {}

    def counts(self, tokens: Sequence[str]) -> Counter[Term]:
        """Return how often each term that occurs stands in `tokens`, folded words in order."""
        found: Counter[Term] = Counter()
        known = self._begun_by
        for place, word in enumerate(tokens):
            begun = known[word] if word in known else self._look_up(word)
            for term in begun:
                if len(term.patterns) == 1 or self._goes_on(term, tokens, place):
                    found[term] += 1
        return found

    def _look_up(self, word: str) -> tuple[Term, ...]:
        begun = self._begin(word)
        if len(self._begun_by) < _REMEMBERED:
            self._begun_by[word] = begun
        return begun

    def _file(self, pattern: Pattern) -> None:
        if pattern.open_start or pattern.open_end:
            self._wild.append(pattern)
        elif pattern.exact:
            self._itself.setdefault(pattern.word, []).append(pattern)
        else:
            made = key(pattern.word, self._language)
            self._made.setdefault(made, []).append(pattern)

    def _begin(self, word: str) -> tuple[Term, ...]:
        """Return the terms of which `word` may be the first word."""
        meant = [
            *self._itself.get(word, ()),
            *(one for one in self._wild if one.matches(word, self._language)),
            *(
                one
                for made in sorted(keys(word, self._language))
                for one in self._made.get(made, ())
            ),
        ]
        return tuple(term for one in meant for term in self._opened[one])

    def _goes_on(self, term: Term, tokens: Sequence[str], place: int) -> bool:
        following = tokens[place + 1 : place + len(term.patterns)]
        return len(following) == len(term.patterns) - 1 and all(
            pattern.matches(word, self._language)
            for pattern, word in zip(term.patterns[1:], following, strict=True)
        )
