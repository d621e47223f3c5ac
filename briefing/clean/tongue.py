"""Which language a text is in."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from typing import Final

from briefing.text import cues, fold, words

UNKNOWN: Final = "und"
_TAG: Final = re.compile(
    r"(?P<language>[a-z]{2,3})(?:[-_](?P<script>[a-z]{4}))?(?:[-_].*)?", re.I
)
_RENAMED: Final = {"in": "id", "iw": "he", "ji": "yi", "jw": "jv"}
"""Codes that were changed, still stated by old software (IANA language subtag registry)."""
_SURE_LENGTH: Final = 80
"""Characters from which the detector is asked: single sentences are right in 87 % of
cases in Indonesian, whole articles in all 48 tried"""
_OVERRULE_LENGTH: Final = 200
"""Characters from which the detector may overrule a stated language."""
_CLEARLY: Final = 0.5
"""How much likelier another language must be, in nats a character: English is 1.5 and more
from Indonesian, Javanese 0.4 to 0.7."""
_TEMPLATE_DEFAULT: Final = "en"
"""What site software states when nobody set a language."""
_READ: Final = 1_000
"""Characters that are read. Of 2,780 whole Indonesian articles one is taken for Malay by
these, none by all, and the words mend that; it takes half the time of the whole text.
Measured by ``pytest tests/quality/test_language.py``."""
_TELLING: Final = 400
"""Characters for each of which a language must lead by one word of its own, to be told from
its near relations by words: in a long text a single word may be a quotation or a name."""
_STATED: Final = 3
"""Words by which it must lead at least to overrule a near relation that is stated."""


def language_of(text: str, *, stated: str | None, prior: str = UNKNOWN) -> str:
    """Return the language of `text` as a BCP 47 tag without region, ``und`` if not known.

    What is stated counts, unless the text is long and clearly in another language;
    English, the default of site software, already gives way to the detector's word on a
    shorter one. Then that word counts, then `prior`. Between near relations, which the
    detector takes for one another, words decide that only one of them has ("karena",
    "kerana"): they are data, `Language.cues`.
    """
    claimed = tag(stated)
    if claimed not in {UNKNOWN, _TEMPLATE_DEFAULT}:
        return _clearly_other(text, claimed) or claimed
    if len(text) < _SURE_LENGTH:
        return claimed if claimed != UNKNOWN else tag(prior)
    detected = max(_chances(text[:_READ]), key=_by_chance)[0]
    if detected not in _near():
        return detected
    expected = tag(prior)
    return _told_by_words(text[:_READ]) or (
        expected if expected in _near() else detected
    )


def _clearly_other(text: str, claimed: str) -> str | None:
    """Return the language of a long text if it is clearly not `claimed`, else None."""
    if len(text) < _OVERRULE_LENGTH:
        return None
    read = text[:_READ]
    chances = _chances(read)
    detected, chance = max(chances, key=_by_chance)
    if {claimed, detected} <= _near():
        return _told_by_words(read, lead=_STATED)
    stated_chance = dict(chances).get(claimed)
    if stated_chance is None:
        return None
    clear = chance - stated_chance >= _CLEARLY * len(read)
    return detected if clear else None


@lru_cache(maxsize=16)  # a text is asked for with its noise and without
def _chances(read: str) -> tuple[tuple[str, float], ...]:
    """Return each language with the logarithm of how likely it is."""
    import py3langid

    return tuple((str(one), float(chance)) for one, chance in py3langid.rank(read))


def _by_chance(one: tuple[str, float]) -> tuple[float, str]:
    return one[1], one[0]


@cache
def _near() -> frozenset[str]:
    return frozenset(cues().values())


def _told_by_words(read: str, *, lead: int = 1) -> str | None:
    """Return the language that more words speak for than for any other, None if too few."""
    known = cues()
    telling = {word for word in words(fold(read)) if word in known}
    found = Counter(known[word] for word in telling).most_common(2)
    best, second = [*found, ("", 0), ("", 0)][:2]
    enough = best[1] - second[1] >= max(lead, len(read) / _TELLING)
    return best[0] if enough else None


def tag(stated: str | None) -> str:
    """Return a stated language (``id-ID``, ``en_US``) as language and script only."""
    match = _TAG.fullmatch((stated or "").strip())
    if match is None:
        return UNKNOWN
    language = match["language"].lower()
    language = _RENAMED.get(language, language)
    return f"{language}-{match['script'].title()}" if match["script"] else language
