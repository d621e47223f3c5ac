"""What a page says about itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from lxml.html import HtmlElement

from briefing.clean.content import Metadata
from briefing.clean.titles import without_site
from briefing.text import fold

_DATES: Final = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "publishdate",
    "pubdate",
    "publish_date",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "date",
)
"""Names of `meta` elements that hold the moment of publication, the surest first."""
_TITLES: Final = ("og:title", "twitter:title")
_SITES: Final = ("og:site_name", "application-name")
_JSON_LD_MOST: Final = 2_000_000
"""Most characters of one JSON-LD block that are read."""
_JSON_LD_NODES: Final = 20_000
_H1_SHARE: Final = 0.5
"""Share of the page's title that a first heading must cover, else it is the site's logo."""


def page_metadata(
    tree: HtmlElement, *, site: str | None, fetched: datetime
) -> Metadata:
    """Return what the page `tree` states about itself.

    Args:
        tree: the whole page.
        site: host name of the page if known; it is cut off the title.
        fetched: no day after this one is believed.
    """
    meta = _meta(tree)
    articles = list(_json_ld(tree))
    outlet = _first(meta, _SITES) or next(map(_publisher, articles), None)
    return Metadata(
        title=_title(tree, meta, articles, (outlet, site)),
        dates=tuple(_dates(tree, meta, articles, fetched)),
        urls=tuple(_urls(tree, meta)),
        outlet=outlet,
        language=tree.get("lang") or tree.get("xml:lang") or None,
    )


def _meta(tree: HtmlElement) -> dict[str, str]:
    """Return the contents of the page's `meta` elements by name, the first of each."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = _folded(element.get("content") or "")
        for attribute in ("property", "name", "itemprop"):
            name = (element.get(attribute) or "").strip().lower()
            if name and content:
                found.setdefault(name, content)
    return found


def _json_ld(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Give the page's JSON-LD nodes that say when or under what title they were published."""
    for element in tree.iter("script"):
        kind = (element.get("type") or "").strip().lower()
        text = element.text or ""
        if kind == "application/ld+json" and len(text) <= _JSON_LD_MOST:
            try:
                yield from _published_nodes(json.loads(text, strict=False))
            except (ValueError, RecursionError):
                continue


def _published_nodes(root: object) -> Iterator[dict[str, Any]]:
    """Give the objects in `root` that have a date of publication or a headline."""
    stack = [root]
    for _ in range(_JSON_LD_NODES):
        if not stack:
            return
        node = stack.pop()
        if isinstance(node, dict):
            if "datePublished" in node or "headline" in node:
                yield node
            stack.extend(reversed(node.values()))
        elif isinstance(node, list):
            stack.extend(reversed(node))


def _publisher(node: dict[str, Any]) -> str | None:
    publisher = node.get("publisher")
    name = publisher.get("name") if isinstance(publisher, dict) else publisher
    return _folded(name) or None if isinstance(name, str) else None


def _title(
    tree: HtmlElement,
    meta: dict[str, str],
    articles: list[dict[str, Any]],
    names: tuple[str | None, ...],
) -> str | None:
    """Return the first heading if the page's title contains it, else the page's title."""
    head = next(tree.iter("title"), None)
    stated = _first(meta, _TITLES) or (_text(head) if head is not None else "")
    title = without_site(stated, names)
    headings = [text for text in map(_text, tree.iter("h1")) if text]
    for heading in headings:
        if len(heading) >= _H1_SHARE * len(title) and fold(heading) in fold(stated):
            return heading
    headlines = (node.get("headline") for node in articles)
    headline = next((_folded(text) for text in headlines if isinstance(text, str)), "")
    only = headings[0] if len(headings) == 1 else ""
    return title or headline or only or None


def _dates(
    tree: HtmlElement,
    meta: dict[str, str],
    articles: list[dict[str, Any]],
    fetched: datetime,
) -> Iterator[str]:
    """Give the dates of publication that the page states, the surest first."""
    for node in articles:
        if isinstance(node.get("datePublished"), str):
            yield _folded(node["datePublished"])
    yield from (meta[name] for name in _DATES if name in meta)
    for element in tree.iter("time"):
        stamp = _folded(element.get("datetime") or "")
        if stamp:
            yield stamp
            break  # later ones belong to comments and other articles
    day = _day(tree, fetched)
    if day:
        yield day


def _day(tree: HtmlElement, fetched: datetime) -> str | None:
    """Return the day that htmldate finds, which knows the habits of many sites."""
    from htmldate import find_date

    # Its extensive search would also take the year of a copyright line for a date.
    found = find_date(
        tree,
        extensive_search=False,
        original_date=True,
        max_date=fetched.isoformat()[:10],
    )
    return found if isinstance(found, str) else None


def _urls(tree: HtmlElement, meta: dict[str, str]) -> Iterator[str]:
    for element in tree.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split():
            yield (element.get("href") or "").strip()
    yield meta.get("og:url", "")


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((meta[name] for name in names if name in meta), None)


def _text(element: HtmlElement) -> str:
    return _folded(element.text_content())


def _folded(text: str) -> str:
    return " ".join(text.split())
