"""Who says what: quotations whose speaker is named for sure, in the same sentence."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from briefing.group.names import is_title
from briefing.model import Article, Quotation
from briefing.text import Language, fold, language, sentences_of, stop_words, words
from briefing.text.marks import read_quotations
from briefing.text.places import city, country

MOST: Final = 3
"""Quotations of a story, each by somebody else."""

FEWEST: Final = 5
"""Words of a quotation that says something by itself."""

_READ: Final = 60
"""Sentences of an article that are read."""

_LONGEST: Final = 400
"""Characters of a quotation that is worth its place."""

_CAPITAL: Final = r"[^\W\d_a-z](?:[^\W_]|[-'’.](?=[^\W_]))*"
_NAME: Final = (
    rf"(?P<name>{_CAPITAL}(?: (?:(?:al|bin|binti|van|von|de) )?{_CAPITAL}){{0,6}})"
)
_WORD: Final = r"(?P<word>[^\W\d_]+)"
_JOINING: Final = ("dan", "serta", "and")
_SPOKEN: Final = (
    re.compile(rf"[\s,]*{_WORD} {_NAME}(?=[\s,.;(]|\Z)"),  # "…," kata Budi
    re.compile(rf"[\s,]*{_NAME} {_WORD}(?=[\s,.;:]|\Z)"),  # "…," Budi said
)
_BEHIND: Final = re.compile(rf", {_NAME}(?=[\s,.;(]|\Z)")


def quotations(
    articles: Sequence[Article], *, known: Collection[str] = ()
) -> tuple[Quotation, ...]:
    """Return the first quotation of each of at most `MOST` speakers, in the articles' order.

    Only where the words directly behind the quotation name who said it: a pronoun, an office
    without a name or a speaker further on does not count.

    Args:
        articles: of one story, without copies.
        known: sentences that are shown anyway, or were.
    """
    found: dict[str, Quotation] = {}
    for article in articles:
        for each in _of(article):
            if each.sentence.text not in known:
                found.setdefault(fold(each.speaker).split()[-1], each)
    return tuple(found.values())[:MOST]


def _of(article: Article) -> Iterator[Quotation]:
    spoken = language(article.language)
    for sentence in sentences_of(article, _READ):
        speaker = _speaker(sentence.text, spoken)
        if speaker:
            yield Quotation(speaker, sentence)


def _speaker(sentence: str, spoken: Language) -> str | None:
    """Return who says the one quotation that `sentence` begins with, as it names him."""
    pairs, loose = read_quotations(sentence, spoken.attributions, longest=_LONGEST)
    if len(pairs) != 1 or loose or len(sentence) > _LONGEST:
        return None
    [(opening, closing)] = pairs
    if opening or len(words(sentence[:closing])) < FEWEST:
        return None
    for pattern in _SPOKEN:
        match = pattern.match(sentence, closing + 1)
        if match and match["word"].lower() in spoken.attributions - spoken.pronouns:
            return _named(sentence, match, spoken)
    return None


def _named(sentence: str, match: re.Match[str], spoken: Language) -> str | None:
    """Return the name in `match`, with the one behind an office ("Menteri Luar Negeri, Budi")."""
    name, behind = match["name"], sentence[match.end() :]
    nobody = {*stop_words(spoken.tag), *spoken.pronouns, *spoken.weekdays}
    if not name[0].isupper() or fold(name.split()[-1]) in nobody:
        return None
    after = "".join(words(behind)[:1])
    if not behind.startswith((",", ".")) and (
        after in {*spoken.pointers, *_JOINING} or after.isdecimal()
    ):
        return None  # "Ketua Komisi III ini": an office, nobody is named
    office = _BEHIND.match(behind) if " " in name else None
    if office and not (
        fold(office["name"]) in nobody
        or city(office["name"])
        or country(office["name"])
    ):
        return name + office[0]
    return None if is_title(name) else name
