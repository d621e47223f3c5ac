"""Whether an article goes on on further pages."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final
from urllib.parse import urljoin

from lxml.html import HtmlElement

from briefing.clean.urls import is_web

_LINKS: Final = 5_000
"""Most links of a page that are looked at."""
_NAMED: Final = r"[?&](?:page|hal|halaman|pagenum|pg)=(\d{1,2})|/(?:page|halaman|hal)[/-](\d{1,2})/?"
_OWN: Final = re.compile(rf"(?:{_NAMED})\Z", re.I)
_FURTHER: Final = re.compile(rf"/?(?:{_NAMED})|/(\d{{1,2}})/?", re.I)
"""What the address of a further page adds to the first one's: ``?page=2``, ``/2``."""
_ALL: Final = re.compile(r"(?i)[?&](?:page|hal|halaman|single|show|showpage)=all\b")
_BARE: Final = re.compile(r"\Ahttps?://(?:www\.)?|#.*\Z")


def goes_on(tree: HtmlElement, *, url: str) -> bool:
    """Return whether the page links to the next page of the same article.

    Args:
        tree: the page.
        url: where it came from; an address that ends in ``page=all`` shows all of it.
    """
    if _ALL.search(url):
        return False
    own = _canonical(tree, url)
    number = _number(_OWN.search(_BARE.sub("", url))) or 1
    first = _OWN.sub("", _BARE.sub("", own)).rstrip("/")
    links = islice((one.get("href") or "" for one in tree.iter("a", "link")), _LINKS)
    ending = re.compile(rf"[=/-]{number + 1}/?(?:#.*)?\Z")
    following = {link for link in links if ending.search(link)}
    return any(_further(link, own, first) == number + 1 for link in following)


def _canonical(tree: HtmlElement, url: str) -> str:
    """Return the address the page states for itself, else `url`; empty if neither is one."""
    links = tree.iterfind(".//link[@rel='canonical']")
    stated = next((link.get("href") or "" for link in links), "").strip()
    for address in (_joined(url, stated), url):
        if is_web(address):
            return address
    return ""


def _further(link: str, own: str, first: str) -> int:
    """Return the number of the article's page that `link` leads to, 0 if it is none."""
    address = _BARE.sub("", _joined(own, link))
    if not address.startswith(first) or not (first or address.startswith("?")):
        return 0
    return _number(_FURTHER.fullmatch(address, len(first)))


def _number(match: re.Match[str] | None) -> int:
    return int(next(filter(None, match.groups()))) if match else 0


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return ""
