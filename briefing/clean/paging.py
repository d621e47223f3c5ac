"""Whether an article goes on on further pages."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from briefing.clean.canonical import canonical_url
from briefing.clean.urls import is_web

_LINKS: Final = 5_000
"""Most links of a page that are looked at."""
_PARAMETER: Final = re.compile(r"(?i)(?P<name>page|hal|halaman|pagenum|pg|p)=(\d{1,2})")
_SHORT: Final = "p"
"""On the front page it names an article: “/?p=2”."""
_SEGMENT: Final = re.compile(r"(?i)(?<=.)/(?:(?:page|halaman|hal)[/-]|p)(\d{1,2})\Z")
_BARE: Final = re.compile(r"(?<=.)/(\d{1,2})\Z")
"""A number alone, which may as well be an article's: it counts behind a known address."""
_ALL: Final = re.compile(r"(?i)[?&](?:page|hal|halaman|single|show|showpage)=all\b")
_COMMENTS: Final = re.compile(r"(?i)#[^#]*(?:comment|komentar|disqus|respond)")


def goes_on(tree: HtmlElement, *, url: str) -> bool:
    """Return whether the page links to the next page of the same article, or to all of it.

    Args:
        tree: the page.
        url: where it came from; an address that ends in ``page=all`` shows all of it.
    """
    if _ALL.search(url):
        return False
    own = _own_address(tree, url)
    first = _numbered(own)[0]
    following = (_numbered(url)[1] if is_web(url) else 1) + 1
    told = re.compile(rf"[=/-][pP]?{following}(?![\w.-])|=all\b").search
    links = islice((each.get("href") for each in tree.iter("a", "link")), _LINKS)
    telling = {link for link in links if link and told(link)}
    return any(_leads_on(link, own, first, following) for link in telling)


def _own_address(tree: HtmlElement, url: str) -> str:
    """Return the address the page states for itself, else `url`; empty if neither is one."""
    links = tree.iterfind(".//link[@rel='canonical']")
    stated = next((link.get("href") or "" for link in links), "").strip()
    for address in (_joined(url, stated), url):
        if is_web(address):
            return address
    return ""


def _leads_on(link: str, own: str, first: str, following: int) -> bool:
    """Return whether `link` leads to page `following` of the article at `first`, or to all."""
    if _COMMENTS.search(link):
        return False
    address = _joined(own, link)
    named, number = _numbered(address)
    if named == first:
        return number == following or bool(_ALL.search(link))
    bare = _BARE.search(named)
    if bare is None or int(bare[1]) != following:
        return False
    return named[: bare.start()] == first


def _numbered(address: str) -> tuple[str, int]:
    """Return the canonical address of the article alone, and which of its pages it is."""
    try:
        parts = urlsplit(canonical_url(address))
    except ValueError:
        return address, 1
    pairs = parts.query.split("&")
    pages = [(pair, page) for pair in pairs if (page := _PARAMETER.fullmatch(pair))]
    for pair, page in pages:
        if page["name"].lower() != _SHORT or parts.path != "/":
            pairs.remove(pair)
            return _rejoined(parts.netloc, parts.path, pairs), int(page[2])
    segment = _SEGMENT.search(parts.path)
    path = parts.path[: segment.start()] if segment else parts.path
    return _rejoined(parts.netloc, path, pairs), int(segment[1]) if segment else 1


def _rejoined(host: str, path: str, pairs: list[str]) -> str:
    return f"{host}{path}?{'&'.join(filter(None, pairs))}".rstrip("?")


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return ""
