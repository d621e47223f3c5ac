"""Titles: compared, and freed from the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from briefing.text import fold
from briefing.text.sites import registrable_domain

_SITE: Final = re.compile(
    r"\s*(?P<mark>\||»|·|::|\s[-–—]\s)\s*(?P<name>[^|»·]{2,60})\Z"
)
_PREFIX: Final = re.compile(
    r"\s*(?P<name>[^|»·]{2,60}?)\s*(?:\||»|·|::|\s[-–—]\s)\s*(?=\S)"
)
_DOMAIN: Final = re.compile(
    r"(?:[\w-]{1,40}\.){1,3}(?:com?|id|net|org|tv|news|info|me)", re.I
)
_HOST: Final = re.compile(r"(?:[\w-]{1,63}\.){1,5}[a-z]{2,24}", re.I)
_TAIL: Final = 80


def same_title(one: str, other: str) -> bool:
    """Return whether two titles differ in nothing but case, marks and white space."""
    return _letters(one) == _letters(other) != ""


def without_site(title: str, names: Iterable[str | None]) -> str:
    """Return `title` without the site's name (“… - Kompas.com”, “… | News”, “Kompas | …”).

    Args:
        title: as the page or feed states it.
        names: what the site is known to be called; None and empty ones are passed over.
    """
    known = _known(names)
    start = _PREFIX.match(title)
    if start and _letters(start["name"]) in known:
        title = title[start.end() :]
    while match := _SITE.search(title, max(0, len(title) - _TAIL)):
        name, head = match["name"].strip(), title[: match.start()]
        stated = _letters(name) in known or _DOMAIN.fullmatch(name)
        barred = "|" in match["mark"] and len(name.split()) <= 3 < len(head.split())
        if not head.strip() or not (stated or barred):
            break
        title = head.rstrip()
    return title


def is_site(title: str, names: Iterable[str | None]) -> bool:
    """Return whether `title` is nothing but the site's name."""
    return _letters(title) in _known(names)


def _known(names: Iterable[str | None]) -> set[str]:
    """Return the letters of the names; of a host also without its domain's ending."""
    found = set()
    for name in filter(None, names):
        found.add(_letters(name))
        if _HOST.fullmatch(name) and (domain := registrable_domain(name.lower())):
            found.add(_letters(domain.partition(".")[0]))
    return found - {""}


def _letters(text: str) -> str:
    """Return only the letters and digits, folded."""
    return "".join(character for character in fold(text) if character.isalnum())
