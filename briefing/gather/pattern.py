"""Which addresses are articles: a pattern that the operator writes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from briefing.gather.address import one_site
from briefing.text.patterns import Pattern, linear

REGEX: Final = "re:"
"""What a pattern begins with that is a regular expression, not a glob."""

_HOST: Final = re.compile(r":(\\?/){2}")
"""``://``, also as habit writes it in a regular expression."""

_TOKEN: Final = re.compile(r"\*+|\?|\[(!|(?!!))(\]?[^]]+|\])\]|.", re.DOTALL)
"""A part of a glob, as `fnmatch` has it: stars, ``?``, a set of characters, or one of them."""

_SPECIAL: Final = re.compile(r"[\\^\[\]]")
"""What would say something else in a set of an expression."""


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Pattern:
    """Return what `matches` takes.

    Args:
        pattern: a glob (``/berita/*``, ``https://kabar.example/2024/*``), or ``re:`` and a
            regular expression of RE2's, found anywhere in the address.

    Raises:
        ValueError: it is no such expression.
    """
    try:
        if pattern.startswith(REGEX):
            return linear(pattern.removeprefix(REGEX))
        return linear(f"(?s:{_TOKEN.sub(_expression, pattern)})\\z")
    except re.error as error:
        kind = "regular expression" if pattern.startswith(REGEX) else "pattern"
        raise ValueError(f"not a {kind}: {error}") from error


def _expression(token: re.Match[str]) -> str:
    """Return a part of a glob as an expression."""
    if token[2]:
        return f"[{'^' if token[1] else ''}{_SPECIAL.sub(_escaped, token[2])}]"
    return {"*": ".*", "?": "."}.get(token[0][0]) or re.escape(token[0])


def _escaped(sign: re.Match[str]) -> str:
    return f"\\{sign[0]}"


def matches(pattern: str, url: str, *, site: str) -> bool:
    """Tell whether `url` fits; a glob that begins with a slash is for the path alone.

    A pattern without ``://`` names no host: only links to the site of `site`, the source's
    own address, fit it.
    """
    # Of most links of a page this is all that needs to be known, and takes a tenth as long.
    if not _fits(pattern, url):
        return False
    return _HOST.search(pattern) is not None or one_site(url, site)


def _fits(pattern: str, url: str) -> bool:
    articles = compiled(pattern)
    try:
        if not pattern.startswith("/"):
            return articles.search(url) is not None
        return articles.match(urlsplit(url).path) is not None
    except ValueError:
        return False  # no address, or half a character in it
