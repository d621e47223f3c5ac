"""The links of a page: to feeds, and to articles."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final
from urllib.parse import urljoin

from lxml import etree

from briefing.gather.address import web_address
from briefing.gather.charset import decode
from briefing.gather.response import Response

FEED_TYPES: Final = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
)
"""Media types of feeds, as ``<link rel="alternate">`` states them."""

MAX_LINKS: Final = 20_000
"""Links of a page that are looked at; the longest front pages of papers have some hundreds."""


def feed_links(page: Response) -> list[str]:
    """Return the addresses of the feeds that a page names, in its order, each once.

    Feeds of comments stand last.
    """
    root, base = _parsed(page)
    found = []
    for link in root.iter("link"):
        relations = link.get("rel", "").lower().split()
        stated = link.get("type", "").split(";")[0].strip().lower()
        if "alternate" in relations and stated in FEED_TYPES:
            found.append(link)
    found.sort(key=lambda link: "comment" in _words(link) or "komentar" in _words(link))
    return _once(web_address(link.get("href", ""), base=base) for link in found)


def page_links(page: Response) -> list[str]:
    """Return the addresses that a page links to, without fragments, in its order, each once.

    Of a page with more than `MAX_LINKS` links the first are looked at.
    """
    return counted_links(page)[0]


def counted_links(page: Response) -> tuple[list[str], int]:
    """Return the same, and how many links were not looked at."""
    root, base = _parsed(page)
    anchors = root.iter("a")
    links = [link.get("href", "") for link in islice(anchors, MAX_LINKS)]
    stated = dict.fromkeys(link.partition("#")[0] for link in links)
    found = _once(web_address(link, base=base) if link else None for link in stated)
    return found, sum(1 for _ in anchors)


def _parsed(page: Response) -> tuple[etree._Element, str]:
    """Return a page as a tree, and what its links are relative to."""
    text = decode(page.body, page.charset).replace("\0", "")
    parser = etree.HTMLParser(no_network=True, huge_tree=False, encoding="utf-8")
    root = etree.fromstring(text.encode("utf-8", "replace") or b"<p>", parser)
    if root is None:
        root = etree.Element("html")
    stated = next((one.get("href", "") for one in root.iter("base")), "")
    try:
        return root, urljoin(page.url, stated)
    except ValueError:
        return root, page.url


def _words(link: etree._Element) -> str:
    return f"{link.get('title', '')} {link.get('href', '')}".lower()


def _once(urls: Iterator[str | None]) -> list[str]:
    return list(dict.fromkeys(url for url in urls if url))
