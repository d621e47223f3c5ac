"""Which language a text is in."""

from __future__ import annotations

import re
from typing import Final

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
_NEAR: Final = frozenset({"id", "ms"})
"""Languages so near each other that the detector takes plain Indonesian for Malay."""
_READ: Final = 5_000
"""Characters the detector reads; more does not change its mind."""


def language_of(text: str, *, stated: str | None, prior: str = UNKNOWN) -> str:
    """Return the language of `text` as a BCP 47 tag without region, ``und`` if not known.

    What is stated counts, unless the text is long and clearly in another language;
    English, the default of site software, already gives way to the detector's word on a
    shorter one. Then that word counts, then `prior`.
    """
    claimed = tag(stated)
    if claimed not in {UNKNOWN, _TEMPLATE_DEFAULT}:
        return _clearly_other(text, claimed) or claimed
    if len(text) < _SURE_LENGTH:
        return claimed if claimed != UNKNOWN else tag(prior)
    import py3langid

    detected = str(py3langid.classify(text[:_READ])[0])
    expected = tag(prior)
    return expected if {detected, expected} <= _NEAR else detected


def _clearly_other(text: str, claimed: str) -> str | None:
    """Return the language of a long text if it is clearly not `claimed`, else None."""
    if len(text) < _OVERRULE_LENGTH:
        return None
    import py3langid

    read = text[:_READ]
    chances = dict(py3langid.rank(read))
    detected = max(sorted(chances), key=lambda language: chances[language])
    if claimed not in chances or {claimed, detected} <= _NEAR:
        return None
    clear = chances[detected] - chances[claimed] >= _CLEARLY * len(read)
    return str(detected) if clear else None


def tag(stated: str | None) -> str:
    """Return a stated language (``id-ID``, ``en_US``) as language and script only."""
    match = _TAG.fullmatch((stated or "").strip())
    if match is None:
        return UNKNOWN
    language = match["language"].lower()
    language = _RENAMED.get(language, language)
    return f"{language}-{match['script'].title()}" if match["script"] else language
