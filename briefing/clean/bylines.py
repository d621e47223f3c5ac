"""Who wrote an article, by what the page states and by its byline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, Final

from lxml.html import HtmlElement

from briefing.clean.json_ld import Node
from briefing.clean.names import authors, begins_with_role
from briefing.clean.signatures import signatures
from briefing.clean.signs import Sign, ancestors, marked, parted

_META: Final = (
    *("author", "article:author", "og:author", "parsely-author", "sailthru.author"),
    *("byl", "byline", "dc.creator", "dcterms.creator", "dc.creator.personalname"),
    *("cxenseparse:author", "content_author", "content_author_name"),
)
"""Names of `meta` elements that hold an author, the surest first."""
_META_END: Final = re.compile(
    r"[.:_-](?:authors?|byline|creator|penulis|reporter|writer)\Z"
)
"""Ends of the names of others that do."""
_NOT_META: Final = re.compile(r"smartbanner|twitter|\bweb")
"""Names of those that hold who made an app or the site, or an account."""
_OWNERS: Final = ("copyright", "publisher", "dc.publisher")
_LABEL: Final = "twitter:label"
_VALUE: Final = "twitter:data"
"""What link previews show: a label such as “Written by”, and beside it the name."""
_HEADINGS: Final = 200
"""Most headings that are looked at for the article's own."""


def author_of(
    tree: HtmlElement,
    nodes: Iterable[Node],
    by_id: dict[str, Node],
    *,
    metas: Mapping[str, Sequence[str]],
    title: str | None,
    outlets: Iterable[str | None],
) -> str | None:
    """Return the names of the authors joined by “, ”, None if nobody is named.

    Args:
        tree: the whole page.
        nodes: its JSON-LD nodes that tell of a publication, the article's first.
        by_id: its JSON-LD nodes that others refer to.
        metas: contents of its `meta` elements, by name.
        title: the article's, None if it has none; its byline stands below the heading.
        outlets: names of the outlet, which is no person.
    """
    known = [name for name in outlets if name]
    stated = (stated_names(node, by_id) for node in nodes)
    found = chain(stated, _found(tree, metas, title))
    named = (authors(names, outlets=known) for names in found)
    return next(filter(None, named), None)


def stated_names(node: Node, by_id: dict[str, Node]) -> list[str]:
    """Return the names in a JSON-LD author: a name, a person, a reference, or several."""
    author: Any = node.get("author")
    names: list[str] = []
    for one in author if isinstance(author, list) else [author]:
        name = one
        if isinstance(one, dict):
            name = one.get("name") or by_id.get(str(one.get("@id")), {}).get("name")
        every = name if isinstance(name, list) else [name]
        names.extend(text for text in every if isinstance(text, str))
    return names


def _found(
    tree: HtmlElement, metas: Mapping[str, Sequence[str]], title: str | None
) -> Iterator[Sequence[str]]:
    """Give what the page shows or says in its head, the surest first."""
    heading = _heading(tree, title)
    above, below = parted(tree, heading)
    around = ancestors(heading)
    yield from marked(below, Sign.STATED, around=around)
    yield from marked(below, Sign.LINKED, around=around)
    yield from _of_metas(metas)
    yield from marked(below, Sign.NAMED, around=around)
    yield from signatures(below, around=around)
    for sign in Sign:
        yield from marked(above, sign, around=around)


def _heading(tree: HtmlElement, title: str | None) -> HtmlElement | None:
    """Return the heading that is the title, else the first of the first level."""
    first = list(islice(tree.iter("h1"), _HEADINGS))
    others = islice(tree.iter("h2", "h3"), _HEADINGS)
    wanted = _squeezed(title or "")
    own = (
        each
        for each in chain(first, others)
        if _squeezed(each.text_content()) == wanted
    )
    return next(own, first[0] if first else None)


def _of_metas(metas: Mapping[str, Sequence[str]]) -> Iterator[Sequence[str]]:
    """Give what `meta` elements hold as authors, but for who owns the site."""
    owners = "\n".join(
        _squeezed(text) for name in _OWNERS for text in metas.get(name, ())
    )
    for name in chain(filter(metas.__contains__, _META), filter(_holds_author, metas)):
        yield [text for text in metas[name] if _squeezed(text) not in owners]
    for name, labels in metas.items():
        if name.startswith(_LABEL) and begins_with_role(labels[0]):
            yield metas.get(name.replace(_LABEL, _VALUE), [])


def _holds_author(name: str) -> bool:
    return bool(_META_END.search(name)) and not _NOT_META.search(name)


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()
