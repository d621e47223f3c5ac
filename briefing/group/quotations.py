"""Who says what: quotations whose speaker is named for sure, in the same sentence."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence, Set
from typing import Final

from briefing.group.speech import verbs
from briefing.group.titles import begins_titled, is_never, is_title, person_words
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
_SHORT: Final = r" \((?P<short>[A-Z][A-Za-z]{1,19})\)"
_ENDS: Final = r"(?=[\s,.;(]|\Z)"
_BEHIND: Final = re.compile(rf", {_NAME}{_ENDS}")
_BEHIND_SEAT: Final = re.compile(
    rf"{_SHORT}(?: {_CAPITAL}){{1,4}}, {_NAME}{_ENDS}"
)  # "Kepala Dinas Air (Disair) Lembah, Budi"
_BEHIND_SHORT: Final = re.compile(
    rf"{_SHORT},? {_NAME}{_ENDS}"
)  # "Kepala Dinas Air (Disair) Budi"
_BEHIND_TEAM: Final = re.compile(
    rf"(?P<more>(?: [^\W\d_]+){{1,6}}), {_NAME}{_ENDS}"
)  # "Manajer tim Lembah, Budi"


def quotations(
    articles: Sequence[Article], *, known: Collection[str] = ()
) -> tuple[Quotation, ...]:
    """Return the first quotation of each of at most `MOST` speakers, in the articles' order.

    Only where the words directly behind the quotation name who said it: a pronoun, an office
    without a name or a speaker further on does not count. Who shares a word of the name with
    another speaker is taken for the same one ("Basuki", "Gubernur Basuki Contoh").

    Args:
        articles: of one story, without copies.
        known: sentences that are shown anyway, or were.
    """
    found: list[Quotation] = []
    shown = [_wording(one) for one in known if len(words(one)) >= FEWEST]
    speakers: list[Set[str]] = []
    for article in articles:
        for each, quoted in _of(article):
            who = person_words(each.speaker) or {*words(fold(each.speaker))}
            wording = _wording(quoted)
            if not (
                any(wording in other or other in wording for other in shown)
                or any(map(who.intersection, speakers))
            ):
                found.append(each)
                shown.append(wording)
                speakers.append(who)
    return tuple(found[:MOST])


def _wording(text: str) -> str:
    """Return the words of `text`, so that one wording is found in another."""
    return f" {' '.join(words(fold(text)))} "


def _of(article: Article) -> Iterator[tuple[Quotation, str]]:
    """Give each quotation, and the words in it."""
    spoken = language(article.language)
    for sentence in sentences_of(article, _READ):
        told = _speaker(sentence.text, spoken)
        if told:
            speaker, closing = told
            yield Quotation(speaker, sentence), sentence.text[:closing]


def _speaker(sentence: str, spoken: Language) -> tuple[str, int] | None:
    """Return who says the one quotation that `sentence` begins with, as it names him, and its end."""
    told = spoken.attributions - spoken.pronouns
    pairs, loose = read_quotations(
        sentence, spoken.attributions | verbs("closing"), longest=_LONGEST
    )
    if len(pairs) != 1 or loose or len(sentence) > _LONGEST:
        return None
    [(opening, closing)] = pairs
    if opening or len(words(sentence[:closing])) < FEWEST:
        return None
    if not verbs("relaying").isdisjoint(words(sentence[closing:])):
        return None
    for pattern, said in zip(_SPOKEN, (told | verbs("closing"), told), strict=True):
        match = pattern.match(sentence, closing + 1)
        if match and match["word"].lower() in said:
            name = _named(sentence, match, spoken)
            return (name, closing) if name else None
    return None


def _named(sentence: str, match: re.Match[str], spoken: Language) -> str | None:
    """Return the name in `match`, with the one behind an office ("Menteri Luar Negeri, Budi")."""
    name, behind = match["name"], sentence[match.end() :]
    nobody = {*stop_words(spoken.tag), *spoken.pronouns, *spoken.weekdays}
    if not name[0].isupper() or fold(name.split()[-1]) in nobody or is_never(name):
        return None
    after = "".join(words(behind)[:1])
    if not behind.startswith((",", ".")) and (
        after in {*spoken.pointers, *_JOINING} or after.isdecimal()
    ):
        return None  # "Ketua Komisi III ini": an office, nobody is named
    for office in _behind(name, behind, spoken):
        if not (
            fold(office["name"]) in nobody
            or city(office["name"])
            or country(office["name"])
        ):
            return name + office[0]
    return None if is_title(name) else name


def _behind(name: str, behind: str, spoken: Language) -> Iterator[re.Match[str]]:
    """Give what may stand behind the office `name` up to the name of who holds it."""
    office = name.split()
    titled = begins_titled(office)
    for pattern in (_BEHIND_SEAT, _BEHIND_SHORT):
        found = pattern.match(behind)
        if found and (titled or found["short"] == "".join(word[0] for word in office)):
            yield found
    team = _BEHIND_TEAM.match(behind)
    nobody = titled and not person_words(name)
    if team and nobody and stop_words(spoken.tag).isdisjoint(words(team["more"])):
        yield team
    plain = _BEHIND.match(behind)
    if plain and (" " in name or is_title(name)):
        yield plain
