"""Titles: compared, and freed from the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from briefing.text import fold

_SITE: Final = re.compile(
    r"\s*(?P<mark>\||»|·|::|\s[-–—]\s)\s*(?P<name>[^|»·]{2,60})\Z"
)
_DOMAIN: Final = re.compile(
    r"(?:[\w-]{1,40}\.){1,3}(?:com?|id|net|org|tv|news|info|me)", re.I
)
_TAIL: Final = 80


def same_title(one: str, other: str) -> bool:
    """Return whether two titles differ in nothing but case, marks and white space."""
    return _letters(one) == _letters(other) != ""


def without_site(title: str, names: Iterable[str | None]) -> str:
    """Return `title` without the site's name at its end (“… - Kompas.com”, “… | News”).

    Args:
        title: as the page or feed states it.
        names: what the site is known to be called; None and empty ones are passed over.
    """
    known = {_letters(name) for name in names if name} - {""}
    while match := _SITE.search(title, max(0, len(title) - _TAIL)):
        name, head = match["name"].strip(), title[: match.start()]
        stated = _letters(name) in known or _DOMAIN.fullmatch(name)
        barred = "|" in match["mark"] and len(name.split()) <= 3 < len(head.split())
        if not head.strip() or not (stated or barred):
            break
        title = head.rstrip()
    return title


def _letters(text: str) -> str:
    """Return only the letters and digits, folded."""
    return "".join(character for character in fold(text) if character.isalnum())
