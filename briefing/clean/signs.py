"""Elements that bear a sign of the byline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum, auto
from functools import lru_cache
from itertools import islice, pairwise
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from briefing.clean.blocks import INLINE, UNREAD
from briefing.clean.hints import is_unseen
from briefing.clean.names import is_role

VOID: Final = ("br", "img", "svg")
"""Elements behind which a line may begin."""
_HOLDERS: Final = (
    *(
        "a",
        "address",
        "b",
        "cite",
        "dd",
        "div",
        "dt",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
    ),
    *("h6", "header", "i", "li", "p", "section", "small", "span", "strong", "td", "ul"),
    *VOID,
)
_ELEMENTS: Final = 20_000
"""Most elements that are looked at."""
_MOST: Final = 50
"""Most elements with one sign that are looked at."""
_LENGTH: Final = 300
"""Characters that a byline has at most, with what stands beside it."""
_RAW_LENGTH: Final = 10 * _LENGTH
"""The same with the white space between elements."""
_TEASER_LENGTH: Final = 1_000
"""Characters that a teaser of another article has at most."""
_LEVELS: Final = 3
"""Levels up from a byline to what holds it together with other names, or with a title."""
_NAMED: Final = re.compile(
    r"(?i)(?:^|[\s_-])(?:(?:by)?-?_?(?:authors?|creator|jurnalis|kontributor|penulis|pewarta"
    r"|reporters?|wartawan|writers?)|by-?_?lines?|byl|(?:written|post(?:ed)?|published)-?_?by)"
    r"(?:$|[\s_-])"
)
"""Names that authors of pages give to bylines; “authorName” is read as “author-Name”."""
_NOT_NAMES: Final = re.compile(
    r"(?i)(?:^|[\s_-])(?:about|avatar|bio|box|comment\w*|desc(?:ription)?|follow|icon|image|img"
    r"|job|photo|pic(?:ture)?|related\w*|share|social|thumb\w*|twitter)(?:$|[\s_-])"
)
_BETWEEN: Final = " \t\r\n,;|/&·•-–—"
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PERSON: Final = re.compile(
    r"(?i)/(?:aut(?:h?ors?|ores|eur)|bylines?|column?ists?|contributors?|journalists?|jurnalis"
    r"|kolumnis|kontributor|penulis|people|person|profiles?|profil|reporters?|staff|wartawan"
    r"|writers?)/[^/?#]"
)
"""Addresses of pages about an author."""
_ELSEWHERE: Final = re.compile(
    r"(?i)//(?:[\w-]+\.)*(?:facebook|google|instagram|linkedin|tiktok|twitter|youtube)\."
)
_WITHIN: Final = frozenset({"article", "body", "main"})
_BESIDE: Final = frozenset({"aside", "footer", "nav"})
_OTHERS: Final = re.compile(
    r"(?i)(?:^|[\s_-])(?:nav(?:bar|igation)?|menu|side-?bar|widget|comment\w*|disqus\w*|respond"
    r"|komentar\w*|related\w*|recommend\w*|most-?read|read-?more|more-?(?:from|stories|news|on)"
    r"|popular|trending|taboola\w*|outbrain\w*|terkait|baca-?juga|lihat-?juga|rekomendasi"
    r"|(?:ter)?populer|cookies?|newsletters?)(?:$|[\s_-])"
)
"""Names of what holds other articles, comments and the like."""


class Sign(Enum):
    """How an element is marked, the surest first."""

    STATED = auto()
    """``rel`` or ``itemprop`` say that it is the author."""
    LINKED = auto()
    """It leads to a page about an author."""
    NAMED = auto()
    """Its class or id has the name of a byline."""


def parted(
    tree: HtmlElement, heading: HtmlElement | None
) -> tuple[list[HtmlElement], list[HtmlElement]]:
    """Return the elements above the heading and those below it that may hold bylines.

    Args:
        tree: the whole page.
        heading: of the article; without one all elements count as below it.
    """
    elements = list(islice(tree.iter(*_HOLDERS), _ELEMENTS))
    at = elements.index(heading) if heading in elements else 0
    return elements[:at], elements[at:]


def marked(
    elements: Iterable[HtmlElement], sign: Sign, *, around: frozenset[HtmlElement]
) -> Iterator[list[str]]:
    """Give the texts of elements that bear the sign; those that stand together are one byline.

    Lines of a text are parted by line ends.

    Args:
        elements: in document order.
        sign: of a byline.
        around: the elements around the article's heading.
    """
    rest = list(islice(filter(_TESTS[sign], elements), _MOST))
    while rest:
        if is_beside(rest[0], around):
            rest = rest[1:]
            continue
        holder = _holder(rest[0])
        size = 1
        while size < len(rest) and holder in rest[size].iterancestors():
            size += 1
        together, rest = rest[:size], rest[size:]
        inner = [
            one
            for one, following in pairwise([*together, None])
            if following is None or one not in following.iterancestors()
        ]
        yield [_byline(element) for element in inner]
        if together[0] is not inner[0]:
            yield [_byline(together[0])]


def ancestors(element: HtmlElement | None) -> frozenset[HtmlElement]:
    """Return the elements around `element`."""
    return frozenset(() if element is None else element.iterancestors())


def is_beside(element: HtmlElement, around: frozenset[HtmlElement]) -> bool:
    """Return whether an element belongs to another article, to comments or to the site.

    Args:
        element: the element.
        around: the elements around the article's heading.
    """
    for level, outer in enumerate(element.iterancestors()):
        if outer in around or outer.tag in _WITHIN:
            return False
        names = f"{outer.get('class') or ''} {outer.get('id') or ''}"
        tagged = outer.tag in _BESIDE and not _ends_article(outer)
        if tagged or _is_others(names):
            return True
        if level < _LEVELS and _is_teaser(outer, element):
            return True
    return False


def lines(element: HtmlElement, *, apart: bool = False) -> Iterator[str]:
    """Give the lines of text that readers see in `element`, none of them empty.

    A capital that follows another element without a blank begins a line.

    Args:
        element: the element.
        apart: elements within a line begin lines, too, but for letters: “<b>B</b>udi”.
    """
    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        if event == "start" and inner is not element and _is_unread(inner):
            walk.skip_subtree()
            continue
        text = (inner.text if event == "start" else inner.tail) or ""
        if event == "end" and inner is element:
            text = ""
        if inner.tag not in INLINE or (text and _begins_line(parts, text, apart=apart)):
            yield from _joined(parts)
            parts.clear()
        parts.append(text)
    yield from _joined(parts)


def _begins_line(parts: list[str], text: str, *, apart: bool) -> bool:
    """Return whether the `text` of another element begins a line."""
    glued = "".join(parts)[-1:].isalnum()
    return (glued and text[0].isupper()) or (
        apart and not (glued and text[0].islower())
    )


def _joined(parts: list[str]) -> Iterator[str]:
    text = " ".join("".join(parts).split())
    if text:
        yield text


def _is_unread(element: HtmlElement) -> bool:
    return element.tag in UNREAD or is_unseen(element)


def _is_stated(element: HtmlElement) -> bool:
    item, rel = element.get("itemprop"), element.get("rel")
    if not item and not rel:
        return False
    return "author" in (item or "").split() or "author" in (rel or "").lower().split()


def _is_linked(element: HtmlElement) -> bool:
    address = element.get("href")
    if not address:
        return False
    return _PERSON.search(address) is not None and not _ELSEWHERE.search(address)


def _is_named(element: HtmlElement) -> bool:
    kind, name = element.get("class"), element.get("id")
    return bool((kind and _is_byline(kind)) or (name and _is_byline(name)))


_TESTS: Final = {
    Sign.STATED: _is_stated,
    Sign.LINKED: _is_linked,
    Sign.NAMED: _is_named,
}


@lru_cache(4096)
def _is_byline(names: str) -> bool:
    names = _HUMP.sub("-", names)
    return _NAMED.search(names) is not None and not _NOT_NAMES.search(names)


@lru_cache(4096)
def _is_others(names: str) -> bool:
    return _OTHERS.search(names) is not None


def _ends_article(element: HtmlElement) -> bool:
    return (
        element.tag == "footer"
        and next(element.iterancestors("article"), None) is not None
    )


def _is_teaser(outer: HtmlElement, element: HtmlElement) -> bool:
    """Return whether `outer` holds a linked title beside `element`, and little else."""
    if len(outer.text_content()) > _TEASER_LENGTH:
        return False
    around = ancestors(element)
    return any(
        heading.getparent().tag == "a" or next(heading.iter("a"), None) is not None
        for heading in outer.iter("h2", "h3", "h4", "h5")
        if heading is not element and heading not in around
    )


def _holder(element: HtmlElement) -> HtmlElement:
    """Return the largest element around `element` that holds no more than a byline does."""
    holder = element
    for outer in islice(element.iterancestors(), _LEVELS):
        if not _is_short(outer):
            break
        holder = outer
    return holder


def _byline(element: HtmlElement) -> str:
    """Return its text, with the role before it; empty if it holds more than a byline does."""
    text = "\n".join(lines(element, apart=True)) if _is_short(element) else ""
    if not text:
        names = element.iterfind(".//meta[@itemprop='name']")
        text = next((name.get("content") or "" for name in names), "")
    return f"{_role_before(element)}\n{text}".strip()


def _role_before(element: HtmlElement) -> str:
    """Return the role directly before an element or what it begins, empty if none is."""
    for outer in [element, *islice(element.iterancestors(), _LEVELS)]:
        previous, parent = outer.getprevious(), outer.getparent()
        if previous is not None:
            before = (previous.tail or "").strip() or previous.text_content()
        else:
            before = (parent.text or "") if parent is not None else ""
        before = before.strip(_BETWEEN)
        if before:
            return before if is_role(before) else ""
    return ""


def _is_short(element: HtmlElement) -> bool:
    """Return whether it holds no more than a byline does."""
    text = element.text_content()
    return len(text) <= _RAW_LENGTH and len(" ".join(text.split())) <= _LENGTH
