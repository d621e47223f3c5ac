"""The dates of publication that a page states or shows, as they are written there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice, takewhile
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from briefing.clean.json_ld import ARTICLES, Node, is_kind

_META: Final = (
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
_ELSEWHERE: Final = frozenset({"aside", "nav", "footer"})
_OTHERS: Final = re.compile(
    r"(?:^|[\s_-])(?:side-?bar|related|recommend\w*|popular|populer|terpopuler|terkait|trending"
    r"|rekomendasi|most-?read|comments?|komentar|menu|nav(?:bar)?|widget|carousel|ticker)"
    r"(?:$|[\s_-])",
    re.I,
)
"""Names of what holds other articles and what readers say."""
_BOXES: Final = ("div", "section", "ul")
_DATED: Final = frozenset({"div", "li", "p", "small", "span", "time"})
_NAMED: Final = re.compile(
    r"(?:^|[\s_-])(?:date|datetime|published|pubdate|publish-?date|timestamp|tanggal|waktu)"
    r"(?:$|[\s_-])",
    re.I,
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_STAMP: Final = re.compile(r"\d.*(?:19|20)\d\d|(?:19|20)\d\d.*\d")
_MARKS: Final = (re.compile("[·•]"), re.compile("[|·•]"))
"""What stands between names and dates; the bar also between a date and its time."""
_IN_ADDRESS: Final = re.compile(r"/(20\d\d)[/-]?(\d\d)[/-]?(\d\d)(?=\D|\d{6}(?:\D|\Z))")
_MOST_ELEMENTS: Final = 20_000
_MOST_SHOWN: Final = 5
_STAMP_LENGTH: Final = 80
_MOST_INSIDE: Final = 250
"""Elements inside one that may hold a date and little else."""
_RUNNING: Final = 200
"""Characters of the text of a block that is no line of dates and names any more."""
_KEPT: Final = 4096


def stated_dates(
    tree: HtmlElement,
    *,
    meta: Mapping[str, str],
    nodes: list[Node],
    url: str | None,
    fetched: datetime,
) -> Iterator[str]:
    """Give the dates of publication that the page states, the surest first.

    Args:
        tree: the whole page.
        meta: contents of its `meta` elements, by name.
        nodes: its JSON-LD, as far as it tells of this page.
        url: its address if known; many hold the day.
        fetched: no day after this one is sought.
    """
    found = [
        *_of_nodes(node for node in nodes if is_kind(node, ARTICLES)),
        *(meta[name] for name in _META if name in meta),
        *_shown(tree),
        *_of_nodes(node for node in nodes if is_kind(node, ("Page",))),
        *_in_address(url or ""),
    ]
    yield from found
    if not any(map(_YEAR.search, found)):
        day = _by_htmldate(tree, fetched, known=bool(nodes))
        if day:
            yield day


def _of_nodes(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node.get("datePublished"), str):
            yield _folded(node["datePublished"])


def _in_address(url: str) -> Iterator[str]:
    if match := _IN_ADDRESS.search(url):
        yield "-".join(match.groups())


def _shown(tree: HtmlElement) -> Iterator[str]:
    """Give the dates to be seen, those under the heading first, then those just above it.

    Under the heading any short line may be one, until the text runs; elsewhere only what is
    named as a date. Above it stand the page's clock and other articles, so there only what
    stands close to it counts.
    """
    elements = list(islice(tree.iter(etree.Element), _MOST_ELEMENTS))
    heading = next((one for one in elements if one.tag == "h1"), None)
    others = _Others(tree)
    if heading is None:
        own = (one for one in elements if one.tag != "time" or _is_inside(one))
        yield from islice(_stamps(filter(_is_named, own), others), _MOST_SHOWN)
        return
    place = elements.index(heading) + 1
    under = chain(
        _stamps(takewhile(_is_line, elements[place:]), others),
        _stamps(filter(_is_named, elements[place:]), others),
    )
    yield from islice(dict.fromkeys(islice(under, 2 * _MOST_SHOWN)), _MOST_SHOWN)
    close = {*islice(heading.iterancestors("article", "div", "header", "section"), 2)}
    above = (one for one in reversed(elements[:place]) if close & {*_around(one)})
    yield from islice(_stamps(filter(_is_named, above), others), _MOST_SHOWN)


def _is_inside(element: HtmlElement) -> bool:
    return next(element.iterancestors("article", "main"), None) is not None


def _stamps(elements: Iterable[HtmlElement], others: _Others) -> Iterator[str]:
    """Give what looks like a date of those elements that are not of other articles."""
    for element in elements:
        if element.tag not in _DATED:
            continue
        written = element.get("datetime") or element.get("content")
        stamp = _folded(written) if written else _line(element)
        is_short = len(stamp) <= _STAMP_LENGTH
        if is_short and _STAMP.search(stamp) and not others.surround(element):
            yield stamp
            for mark in _MARKS:
                yield from filter(_STAMP.search, map(str.strip, mark.split(stamp)))


def _line(element: HtmlElement) -> str:
    """Return the text of an element, folded; of one too long for a date not all, or none."""
    found = ""
    if next(islice(element.iterdescendants(), _MOST_INSIDE, None), None) is not None:
        return found
    for text in element.itertext():
        found = " ".join(f"{found} {text}".split(None, _STAMP_LENGTH))
        if len(found) > _STAMP_LENGTH:
            break
    return found


def _is_line(element: HtmlElement) -> bool:
    return len(element.text or "") < _RUNNING and len(element.tail or "") < _RUNNING


def _is_named(element: HtmlElement) -> bool:
    return (
        element.tag == "time"
        or element.get("itemprop") == "datePublished"
        or _names_date(_names(element))
    )


def _names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


@lru_cache(_KEPT)
def _names_date(names: str) -> bool:
    return _NAMED.search(names) is not None


class _Others:
    """Tells what of a page is not of its article.

    Each element is judged once: pages may nest thousands deep.

    Attributes:
        above: the elements around any heading of the first level.
    """

    def __init__(self, tree: HtmlElement) -> None:
        self.above = _above_headings(tree)
        self._surrounded: dict[HtmlElement, bool] = {}

    def hold(self, element: HtmlElement) -> bool:
        """Return whether an element holds what is not of this article."""
        if element.tag in _ELSEWHERE:
            return True
        named = element.tag in _BOXES and _OTHERS.search(_names(element)) is not None
        # Whatever its name says ("no-sidebar"), what holds the heading holds the article.
        return named and element not in self.above

    def surround(self, element: HtmlElement) -> bool:
        """Return whether an element, or one around it, holds what is not of this article."""
        inside, found = [], False
        for one in chain([element], element.iterancestors()):
            if one in self._surrounded:
                found = self._surrounded[one]
                break
            inside.append(one)
            if found := self.hold(one):
                break
        self._surrounded.update(dict.fromkeys(inside, found))
        return found


def _above_headings(tree: HtmlElement) -> set[HtmlElement]:
    found: set[HtmlElement] = set()
    for heading in tree.iter("h1"):
        found.update(takewhile(lambda one: one not in found, heading.iterancestors()))
    return found


def _around(element: HtmlElement) -> Iterator[HtmlElement]:
    return islice(element.iterancestors(), 4)


def _by_htmldate(tree: HtmlElement, fetched: datetime, *, known: bool) -> str | None:
    """Return the day that htmldate finds, which knows the habits of many sites.

    In JSON-LD that was understood (`known`) it does not look: it would take any date there.
    """
    from htmldate import find_date

    tree = deepcopy(tree)
    notes = tree.iterfind(".//script[@type='application/ld+json']") if known else ()
    others = _Others(tree)
    held = [*filter(others.hold, tree.iter(etree.Element))]
    clocks = [one for one in tree.iter("header") if one not in others.above]
    for element in [*held, *clocks, *notes]:
        if element.getparent() is not None:
            element.drop_tree()
    # Its extensive search would also take the year of a copyright line for a date.
    found = find_date(
        tree,
        extensive_search=False,
        original_date=True,
        max_date=fetched.isoformat()[:10],
    )
    return found if isinstance(found, str) else None


def _folded(text: str) -> str:
    return " ".join(text.split())
