"""Which address names an article, and which one a reader opens."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urljoin, urlsplit

from briefing.clean.canonical import canonical_url, without_tracking
from briefing.clean.urls import is_web, same_site

_OF_AN_ARTICLE: Final = re.compile(
    r"""
      \?                            # a parameter chooses it
    | \d{5}                         # a number
    | \.[a-z]{3,5}\Z                # a file
    | /[^/]+(?:[-_][^/-_]+){3}[^/]*\Z  # a title of four words or more
    | \#                            # a route
    """,
    re.VERBOSE | re.IGNORECASE,
)


def addresses(url: str, *, stated: Iterable[str]) -> tuple[str, str | None]:
    """Return an article's canonical address and the one a reader can open, None without.

    What a page says of itself is believed for its own site only, and not if it names the
    front page or what may be a section: then all articles of a careless site would be
    taken for one. For a file, which has no site, it is believed as a link.

    Args:
        url: where the document came from.
        stated: the page's own statements of its address, the surest first.
    """
    own = canonical_url(url) if is_web(url) else None
    for written in stated:
        link = _absolute(url if own else "", written)
        if link is None:
            continue
        if own is None:
            return url, link
        canonical = canonical_url(link)
        if same_site(canonical, own) and _names_article(canonical, own):
            return canonical, link
    return (own, without_tracking(url)) if own else (url, None)


def _absolute(base: str, written: str) -> str | None:
    try:
        link = urljoin(base, written)
    except ValueError:
        return None
    return without_tracking(link) if is_web(link) else None


def _names_article(canonical: str, own: str) -> bool:
    """Return whether an address looks like an article's, or ends as the page's own does."""
    stated, mine = urlsplit(canonical), urlsplit(own)
    if canonical == own:
        return True
    rest = canonical.partition(stated.netloc)[2]
    if rest == "/":
        return False
    return (
        _OF_AN_ARTICLE.search(rest) is not None
        or stated.path.rpartition("/")[2] == mine.path.rpartition("/")[2]
    )
