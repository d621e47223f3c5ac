"""RSS and Atom that are well-formed, or nearly."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from lxml import etree

from briefing.gather.address import site_address
from briefing.gather.elements import (
    PLAIN,
    XML_LANG,
    UnusualFeedError,
    base_of,
    kind_of,
    name_of,
    stated_above,
    text_in,
    unscrambled,
    word_in,
)
from briefing.gather.entries import MAX_ENTRIES_READ, Entry, ParsedFeed, unread
from briefing.gather.markup import language_tag, title_text
from briefing.gather.strict_entry import EntryReader
from briefing.gather.tree import tree

MAX_TAGS: Final = 300_000
"""Tags of a document that is held as a tree, which takes 120 bytes for each; a feed of 500
whole articles has 60,000. feedparser, which holds none, reads those with more."""

_SHORTEST_TAG: Final = len("<a/>")
_CHANNEL: Final = "channel"
_ENTRY_NAMES: Final = frozenset({"item", "entry"})
_ROOTS: Final = frozenset({"rss", "rdf:rdf", "feed"})
_SCRAMBLED: Final = {
    b"\xc2": re.compile(rb"\xc2[\x80-\x9f]"),
    b"\xc3": re.compile(rb"\xc3[\x82-\xb4]\xc2"),
    b"#": re.compile(rb"#(?<=&#)(?:1[2-5][0-9];|[xX][89])"),
}
"""Signs of a charset that was taken for another, by the byte each begins with."""

_RARE: Final = 500
"""Bytes of a feed to each of which one byte is looked for by itself, which takes a fiftieth of
the time of a pattern where there is none, and half a microsecond for each there is."""


class _Head(NamedTuple):
    """The root of a feed, or a channel in it.

    Attributes:
        element: itself.
        items: the entries in it.
        others: what else is in it, each after its name.
    """

    element: etree._Element
    items: list[etree._Element]
    others: list[tuple[str, etree._Element]]


def parse_strict(body: bytes, *, url: str) -> ParsedFeed | None:
    """Return the feed in `body`; None if it is for feedparser to read.

    That is what is not well-formed, has no entries, or is arranged in an unusual way.

    Args:
        body: XML in UTF-8.
        url: where it came from.
    """
    root = None if _has_many_tags(body) else tree(body)
    if root is None or name_of(root.tag) not in _ROOTS:
        return None
    first = _head(root)
    heads = [first, *(_head(one) for name, one in first.others if name == _CHANNEL)]
    if not any(head.items for head in heads):
        return None
    try:
        return _feed(heads, url, is_scrambled=_is_scrambled(body))
    except UnusualFeedError:
        return None


def _has_many_tags(body: bytes) -> bool:
    return len(body) > MAX_TAGS * _SHORTEST_TAG and body.count(b"<") > MAX_TAGS


def _is_scrambled(body: bytes) -> bool:
    return any(_holds(body, byte, sign) for byte, sign in _SCRAMBLED.items())


def _holds(body: bytes, byte: bytes, sign: re.Pattern[bytes]) -> bool:
    """Tell whether `sign`, which begins with `byte`, stands in `body`."""
    at = -1
    for _ in range(len(body) // _RARE):
        at = body.find(byte, at + 1)
        if at < 0 or sign.match(body, at):
            return at >= 0
    return sign.search(body, at + 1) is not None


def _head(element: etree._Element) -> _Head:
    items, others = [], []
    for one in element:
        name = name_of(one.tag)
        if name in _ENTRY_NAMES:
            items.append(one)
        else:
            others.append((name, one))
    return _Head(element, items, others)


def _feed(heads: Sequence[_Head], url: str, *, is_scrambled: bool) -> ParsedFeed:
    site = _site(heads[-1])
    is_atom = name_of(heads[0].element.tag) == "feed"
    base = url if is_atom else site_address(site, url)
    entries: list[Entry] = []
    for head in heads:
        reader = EntryReader(
            base_of(head.element, base),
            language=stated_above(head.element, XML_LANG),
            is_atom=is_atom,
            is_scrambled=is_scrambled,
        )
        entries += map(reader.entry, head.items[: MAX_ENTRIES_READ - len(entries)])
    title, language = _title_and_language(heads, unscrambled if is_scrambled else str)
    return ParsedFeed(
        title=title,
        link=site,
        language=language_tag(language),
        entries=tuple(entries),
        unread=unread(sum(len(head.items) for head in heads)),
    )


def _site(head: _Head) -> str:
    stated = (
        word_in(one) or one.get("href", "")
        for name, one in head.others
        if name == "link" and one.get("rel", "alternate") == "alternate"
    )
    return next(filter(None, stated), "")


def _title_and_language(
    heads: Sequence[_Head], decoded: Callable[[str], str]
) -> tuple[str | None, str | None]:
    """Return title and language of a feed."""
    title = None
    root = heads[0].element
    language = root.get(XML_LANG) or root.get("lang")
    for name, one in (pair for head in heads for pair in head.others):
        if name in ("title", "dc:title"):
            kind_of(one, PLAIN)
            title = title or title_text(decoded(text_in(one)))
        elif name in ("language", "dc:language"):
            language = decoded(text_in(one)) or language
    return title, language
