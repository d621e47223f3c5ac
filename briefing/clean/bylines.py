"""Who wrote an article, by what the page states and by its byline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from operator import itemgetter
from typing import Any, Final

from lxml.html import HtmlElement

from briefing.clean.json_ld import Node

_META: Final = (
    *("author", "article:author", "og:author", "parsely-author", "sailthru.author"),
    *("byl", "byline", "dc.creator", "dcterms.creator", "dc.creator.personalname"),
    *("cxenseparse:author", "content_author", "content_author_name"),
)
"""Names of `meta` elements that hold an author, the surest first."""
_BYLINE: Final = re.compile(
    r"(?i)(?:^|[\s_-])(?:author|byline|penulis|reporter|writer|jurnalis|wartawan|byl)"
    r"(?:$|[\s_-])|(?:author|byline)-?_*name|by-?_?author"
)
_NOT_NAMES: Final = re.compile(
    r"(?i)(?:^|[\s_-])(?:bio|avatar|image|img|photo|comment\w*|related\w*|social|share|meta"
    r"|date|desc(?:ription)?)(?:$|[\s_-])"
)
_BESIDE: Final = frozenset({"aside", "footer", "nav"})
_HOLDERS: Final = ("a", "address", "div", "h4", "h5", "li", "p", "span", "strong")
_ELEMENTS: Final = 20_000
"""Most elements that are looked at for a byline."""
_MOST_BYLINES: Final = 10
_LEAD: Final = re.compile(
    r"(?i)\A(?:(?:written|posted|reported|story|words|published)\s+)?(?:by|oleh|penulis|reporter"
    r"|pewarta|wartawan|jurnalis|laporan|author|kontributor|di(?:tulis|posting|post|unggah|terbitkan)\s+oleh)\b\s*[:\-–]?\s*"
)
_PARTS: Final = re.compile(
    r"\s*(?:[,;|•·/]|\s(?:and|dan|&|with|bersama)\s|\n)\s*", re.I
)
_ADDRESS: Final = re.compile(r"(?i)https?:|www\.|\S+@\S+|\.(?:com|co\.id|id|net|org)\b")
_NO_PERSON: Final = re.compile(
    r"(?i)\b(?:redaksi|admin(?:istrator)?|editor(?:ial)?|editors?|staff|team|tim|newsroom|desk|news"
    r"|writers?|reporters?|correspondents?|contributor|kontributor|penulis|media|online|agency"
    r"|magazine|associated press|none|null|unknown|anonymous|guest|user|webmaster|updated?"
    r"|published|posted|follow|share|subscribe|jurnalis|wartawan|pewarta)\b|\d"
)
_NAME_WORDS: Final = 6
_NAME_LENGTH: Final = 60
_MOST_NAMES: Final = 10


def author_of(
    tree: HtmlElement,
    meta: dict[str, str],
    nodes: Iterable[Node],
    by_id: dict[str, Node],
    *,
    outlets: Iterable[str | None],
) -> str | None:
    """Return the names of the authors joined by “, ”, None if no person is named.

    Args:
        tree: the whole page.
        meta: contents of its `meta` elements by name.
        nodes: its JSON-LD nodes that tell of a publication, the article's first.
        by_id: its JSON-LD nodes that others refer to.
        outlets: names of the outlet, which is no person.
    """
    known = [name for name in outlets if name]
    stated = [_stated(node.get("author"), by_id) for node in nodes]
    candidates = chain(
        stated,
        ([meta[name]] for name in _META if name in meta),
        ([text] for text in _bylines(tree)),
    )
    for candidate in candidates:
        names = authors(candidate, outlets=known)
        if names:
            return names
    return None


def authors(stated: Iterable[str], *, outlets: Iterable[str] = ()) -> str | None:
    """Return the persons in `stated` joined by “, ”, None if there is none.

    “Oleh” and “By” go, and so do addresses, roles and the names of outlets.
    """
    known = {_letters(name) for outlet in outlets for name in (outlet, _host(outlet))}
    found: dict[str, str] = {}
    for text in islice(stated, _MOST_NAMES):
        for part in _PARTS.split(_LEAD.sub("", text.strip())):
            name = " ".join(_LEAD.sub("", part).strip(" .:-–—()[]\"'“”").split())
            if _is_person(name) and _letters(name) not in known:
                found.setdefault(name.casefold(), name)
    return ", ".join(islice(found.values(), _MOST_NAMES)) or None


def _letters(name: str) -> str:
    """Return only the letters and digits, in lower case: “CBSDetroit” is “CBS Detroit”."""
    return "".join(filter(str.isalnum, name.casefold()))


def _host(name: str) -> str:
    """Return the first part of a host name: the outlet of “kabar.example” is “Kabar”."""
    return name.partition(".")[0]


def _is_person(name: str) -> bool:
    return (
        1 < len(name) <= _NAME_LENGTH
        and len(name.split()) <= _NAME_WORDS
        and name[0].isalpha()
        and not name.islower()
        and not _ADDRESS.search(name)
        and not _NO_PERSON.search(name)
    )


def _stated(author: Any, by_id: dict[str, Node]) -> list[str]:
    """Return the names in a JSON-LD author: a name, a person, a reference, or several."""
    names: list[str] = []
    for one in author if isinstance(author, list) else [author]:
        name = one
        if isinstance(one, dict):
            name = one.get("name") or by_id.get(str(one.get("@id")), {}).get("name")
        every = name if isinstance(name, list) else [name]
        names.extend(text for text in every if isinstance(text, str))
    return names


def _bylines(tree: HtmlElement) -> Iterator[str]:
    """Give the texts of elements that are marked as the byline, the surest first."""
    marked = (
        (element, sure)
        for element in islice(tree.iter(*_HOLDERS), _ELEMENTS)
        for sure in [_is_byline(element)]
        if sure is not None
    )
    found = [
        (not sure, " ".join(element.text_content().split()))
        for element, sure in islice(marked, _MOST_BYLINES)
        if not any(around.tag in _BESIDE for around in element.iterancestors())
    ]
    yield from (text for _, text in sorted(found, key=itemgetter(0)) if text)


def _is_byline(element: HtmlElement) -> bool | None:
    """Return True if the element is surely the byline, False if by its name, None if not."""
    if element.get("rel") == "author" or element.get("itemprop") == "author":
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    named = _BYLINE.search(names) and not _NOT_NAMES.search(names)
    return False if named else None
