"""What a page says about itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import datetime
from itertools import chain, islice
from typing import Final

from lxml.html import HtmlElement

from briefing.clean.bylines import author_of
from briefing.clean.content import Metadata
from briefing.clean.json_ld import ARTICLES, Node, body_of, is_kind, is_partial, json_ld
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
_TITLE_NAME: Final = re.compile(
    r"(?i)(?:post|entry|article|detail|read|news)-?_*title|headline|judul"
)
_MOST_HEADINGS: Final = 200
_SITES: Final = ("og:site_name", "application-name")
_ARTICLE: Final = frozenset({"article", "main"})
_BESIDE: Final = frozenset({"aside", "nav", "footer"})
"""Elements whose dates are those of other articles."""
_MOST_TIMES: Final = 200
_DATED: Final = ("div", "li", "p", "span", "time")
_DATE_NAME: Final = re.compile(
    r"(?i)(?:^|[\s_-])(?:date|datetime|published|pubdate|publish-?date|timestamp|tanggal|waktu)"
    r"(?:$|[\s_-])"
)
_CLOCK: Final = re.compile(r"\d[:.]\d\d")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_MOST_ELEMENTS: Final = 20_000
_MOST_WRITTEN: Final = 3
_STAMP_LENGTH: Final = 80
_ADDRESS: Final = re.compile(r"(?i)https?:|www\.|\S+@\S+\Z")
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
    nodes, by_id = json_ld(tree)
    outlet = _name(_first(meta, _SITES)) or _name(next(map(_publisher, nodes), None))
    articles = [node for node in nodes if is_kind(node, ARTICLES)]
    title = _title(tree, meta, nodes, (outlet, site))
    return Metadata(
        title=title,
        dates=tuple(_dates(tree, meta, nodes, fetched)),
        urls=tuple(_urls(tree, meta)),
        outlet=outlet,
        language=tree.get("lang") or tree.get("xml:lang") or None,
        author=author_of(tree, articles, by_id, title=title, outlets=(outlet, site)),
        body=next(filter(None, map(body_of, articles)), None),
        partial=any(map(is_partial, articles)),
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


def _stated_days(nodes: Iterable[Node]) -> Iterator[str]:
    """Give the dates of publication in JSON-LD nodes."""
    for node in nodes:
        if isinstance(node.get("datePublished"), str):
            yield _folded(node["datePublished"])


def _times(tree: HtmlElement) -> Iterator[str]:
    """Give the moments that `time` elements of the article itself hold."""
    for element in islice(tree.iter("time"), _MOST_TIMES):
        around = {ancestor.tag for ancestor in element.iterancestors()}
        stamp = _folded(element.get("datetime") or "")
        if stamp and around & _ARTICLE and not around & _BESIDE:
            yield stamp


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
    articles: list[Node],
    names: tuple[str | None, ...],
) -> str | None:
    """Return the heading or headline that the page's title contains, else that title."""
    head = next(tree.iter("title"), None)
    stated = _first(meta, _TITLES) or (_text(head) if head is not None else "")
    title = without_site(stated, names)
    first = [text for text in map(_text, tree.iter("h1")) if text]
    named = map(_text, filter(_is_title, islice(tree.iter("h2", "h3"), _MOST_HEADINGS)))
    headlines = [
        _folded(node["headline"])
        for node in articles
        if isinstance(node.get("headline"), str)
    ]
    for heading in chain(first, named, headlines):
        if len(heading) >= _H1_SHARE * len(title) and fold(heading) in fold(stated):
            return heading or None
    only = first[0] if len(first) == 1 else ""
    return title or next(iter(headlines), "") or only or None


def _is_title(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
    return _TITLE_NAME.search(names) is not None


def _dates(
    tree: HtmlElement,
    meta: dict[str, str],
    nodes: list[Node],
    fetched: datetime,
) -> Iterator[str]:
    """Give the dates of publication that the page states, the surest first."""
    articles = [node for node in nodes if is_kind(node, ARTICLES)]
    others = [node for node in nodes if is_kind(node, ("Page",))]
    found = [
        *_stated_days(articles),
        *(meta[name] for name in _DATES if name in meta),
        # Later ones belong to comments and other articles.
        *islice(_times(tree), 1),
    ]
    if not any(map(_CLOCK.search, found)):
        found += _written(tree)
    found += _stated_days(others)
    yield from found
    dated = any(map(_YEAR.search, found))
    day = None if dated else _day(tree, fetched, known=bool(nodes))
    if day:
        yield day


def _written(tree: HtmlElement) -> Iterator[str]:
    """Give what elements named as a date hold, the first few outside other articles."""
    marked = (
        element
        for element in islice(tree.iter(*_DATED), _MOST_ELEMENTS)
        if element.get("itemprop") == "datePublished"
        or _DATE_NAME.search(f"{element.get('class') or ''} {element.get('id') or ''}")
    )
    for element in islice(marked, _MOST_WRITTEN):
        if not any(around.tag in _BESIDE for around in element.iterancestors()):
            stamp = element.get("content") or element.text_content()
            if len(stamp) <= _STAMP_LENGTH:
                yield _folded(stamp)


def _day(tree: HtmlElement, fetched: datetime, *, known: bool) -> str | None:
    """Return the day that htmldate finds, which knows the habits of many sites.

    In JSON-LD that was understood (`known`) it does not look: it would take any date there.
    """
    from htmldate import find_date

    tree = deepcopy(tree)
    notes = tree.iterfind(".//script[@type='application/ld+json']") if known else ()
    for element in [*tree.iter(*_BESIDE), *notes]:
        element.drop_tree()
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
