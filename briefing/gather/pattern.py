"""Which addresses are articles: a pattern that the operator writes."""

from __future__ import annotations

import re
from fnmatch import translate
from typing import Final
from urllib.parse import urlsplit

from briefing.gather.address import one_site

REGEX: Final = "re:"
"""What a pattern begins with that is a regular expression, not a glob."""


_HOST: Final = re.compile(r":(\\?/){2}")
"""``://``, also as habit writes it in a regular expression."""


def compiled(pattern: str) -> re.Pattern[str]:
    """Return what `matches` takes.

    Args:
        pattern: a glob (``/berita/*``, ``https://kabar.example/2024/*``), or ``re:`` and a
            regular expression, found anywhere in the address.

    Raises:
        ValueError: it is no regular expression.
    """
    try:
        if pattern.startswith(REGEX):
            return re.compile(pattern.removeprefix(REGEX))
        return re.compile(translate(pattern))
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error


def matches(pattern: str, url: str, *, site: str) -> bool:
    """Tell whether `url` fits; a glob that begins with a slash is for the path alone.

    A pattern without ``://`` names no host: only links to the site of `site`, the source's
    own address, fit it.
    """
    if not _HOST.search(pattern) and not one_site(url, site):
        return False
    if not pattern.startswith("/"):
        return compiled(pattern).search(url) is not None
    return compiled(pattern).match(urlsplit(url).path) is not None
