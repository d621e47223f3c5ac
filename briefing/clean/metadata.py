"""What a page says about itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import chain, islice
from typing import Final

from lxml.html import HtmlElement

from briefing.clean.bylines import author_of
from briefing.clean.content import Metadata
from briefing.clean.json_ld import (
    ARTICLES,
    Node,
    body_of,
    headline_of,
    is_kind,
    is_partial,
    json_ld,
)
from briefing.clean.stated_dates import stated_dates
from briefing.clean.titles import is_site, without_site
from briefing.text import fold, words

_TITLES: Final = ("og:title", "twitter:title")
_TITLE_NAME: Final = re.compile(
    r"(?i)(?:post|entry|article|detail|read|news)-?_*title|headline|judul"
)
_MOST_HEADINGS: Final = 200
_SITES: Final = ("og:site_name", "application-name")
_ADDRESS: Final = re.compile(r"(?i)https?:|www\.|\S+@\S+\Z")
_HEADING_WORDS: Final = 3
_SHARED: Final = 0.2
"""Share of a heading's words that stand in the page's title too where both say the same: titles
are shortened and written for search engines."""
_H1_SHARE: Final = 0.5
"""Share of the page's title that a first heading must cover, else it is the site's logo."""


def page_metadata(
    tree: HtmlElement,
    *,
    site: str | None,
    fetched: datetime,
    url: str | None = None,
) -> Metadata:
    """Return what the page `tree` states about itself.

    Args:
        tree: the whole page.
        site: host name of the page if known; it is cut off the title.
        fetched: no day after this one is believed.
        url: its address if known.
    """
    metas = meta_contents(tree)
    meta = {name: contents[0] for name, contents in metas.items()}
    stated, by_id = json_ld(tree)
    outlet = _name(_first(meta, _SITES)) or _name(next(map(_publisher, stated), None))
    title = _title(tree, meta, stated, (outlet, site))
    nodes = [node for node in stated if _is_own(node, title)]
    articles = [node for node in nodes if is_kind(node, ARTICLES)]
    return Metadata(
        title=title,
        dates=tuple(
            stated_dates(tree, meta=meta, nodes=nodes, url=url, fetched=fetched)
        ),
        urls=tuple(_urls(tree, meta)),
        outlet=outlet,
        language=tree.get("lang") or tree.get("xml:lang") or None,
        author=author_of(
            tree, articles, by_id, metas=metas, title=title, outlets=(outlet, site)
        ),
        body=next(filter(None, map(body_of, articles)), None),
        partial=any(map(is_partial, articles)),
    )


def meta_contents(tree: HtmlElement) -> dict[str, list[str]]:
    """Return the contents of the page's `meta` elements by name, in the page's order."""
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = _folded(element.get("content") or "")
        for attribute in ("property", "name", "itemprop"):
            name = (element.get(attribute) or "").strip().lower()
            if name and content:
                found.setdefault(name, []).append(content)
    return found


def _name(stated: str | None) -> str | None:
    """Return an outlet's name without the mark of an account, None for an address."""
    name = (stated or "").removeprefix("@").strip()
    return None if not name or _ADDRESS.match(name) else name


def _publisher(node: Node) -> str | None:
    publisher = node.get("publisher")
    name = publisher.get("name") if isinstance(publisher, dict) else publisher
    return _folded(name) or None if isinstance(name, str) else None


def _title(
    tree: HtmlElement,
    meta: dict[str, str],
    nodes: list[Node],
    names: tuple[str | None, ...],
) -> str | None:
    """Return the heading that says what the page's title says, else that title."""
    head = next(tree.iter("title"), None)
    stated = _first(meta, _TITLES) or (_text(head) if head is not None else "")
    title = without_site(stated, names)
    first = [text for text in map(_text, tree.iter("h1")) if text]
    for heading in first:
        if len(heading.split()) >= _HEADING_WORDS and _shares(heading, title):
            return without_site(heading, names)
    named = map(_text, filter(_is_title, islice(tree.iter("h2", "h3"), _MOST_HEADINGS)))
    headlines = list(filter(None, map(headline_of, nodes)))
    for heading in chain(first, named, headlines):
        if len(heading) >= _H1_SHARE * len(title) and fold(heading) in fold(stated):
            return heading
    only = first[0] if len(first) == 1 else ""
    if is_site(title, names):
        return only or next(iter(headlines), "") or title or None
    if not title and len(only.split()) >= _HEADING_WORDS:
        return only
    return title or next(iter(headlines), "") or only or None


def _shares(heading: str, title: str) -> bool:
    """Return whether a heading shares enough of its words with the page's title."""
    ours = {*words(fold(heading))}
    return len(ours & {*words(fold(title))}) >= _SHARED * len(ours)


def _is_own(node: Node, title: str | None) -> bool:
    """Return whether a node of JSON-LD tells of the article with this title."""
    headline = headline_of(node)
    return not (headline and title) or _shares(headline, title)


def _is_title(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
    return _TITLE_NAME.search(names) is not None


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
