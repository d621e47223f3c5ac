"""RSS and Atom that are well-formed, or nearly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from lxml import etree

from briefing.gather.address import site_address
from briefing.gather.elements import XML_LANG, UnusualFeedError, name_of, word_in
from briefing.gather.entries import MAX_ENTRIES_READ, ParsedFeed, unread
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
_BASE64: Final = re.compile(rb"mode\s{0,9}=\s{0,9}[\"']base64")
_SCRAMBLED: Final = (
    re.compile(rb"\xc2[\x80-\x9f]"),
    re.compile(rb"\xc3[\x82-\xb4]\xc2"),
    re.compile(rb"&#(?:1[2-5][0-9];|[xX][89])"),
)
"""Signs of a charset that was taken for another."""


def parse_strict(body: bytes, *, url: str) -> ParsedFeed | None:
    """Return the feed in `body`; None if it is for feedparser to read.

    That is what is not well-formed, has no entries, or is arranged in an unusual way.

    Args:
        body: XML in UTF-8.
        url: where it came from.
    """
    if _has_many_tags(body) or _BASE64.search(body):
        return None
    root = tree(body)
    if root is None or name_of(root.tag) not in _ROOTS:
        return None
    heads = [root, *(one for one in root if name_of(one.tag) == _CHANNEL)]
    items = [one for head in heads for one in head if name_of(one.tag) in _ENTRY_NAMES]
    try:
        return _feed(heads, items, body, url) if items else None
    except UnusualFeedError:
        return None


def _has_many_tags(body: bytes) -> bool:
    return len(body) > MAX_TAGS * _SHORTEST_TAG and body.count(b"<") > MAX_TAGS


def _feed(
    heads: Sequence[etree._Element],
    items: Sequence[etree._Element],
    body: bytes,
    url: str,
) -> ParsedFeed:
    site = _site(heads[-1])
    is_atom = name_of(heads[0].tag) == "feed"
    reader = EntryReader(
        url if is_atom else site_address(site, url),
        is_atom=is_atom,
        has_attributes=b"xml:" in body,
        is_scrambled=any(sign.search(body) for sign in _SCRAMBLED),
    )
    title, language = _named(heads, reader)
    return ParsedFeed(
        title=title,
        link=site,
        language=language,
        entries=tuple(reader.entry(item) for item in items[:MAX_ENTRIES_READ]),
        unread=unread(len(items)),
    )


def _site(head: etree._Element) -> str:
    links = [one for one in head if name_of(one.tag) == "link"]
    stated = (
        word_in(one) or one.get("href", "")
        for one in links
        if one.get("rel", "alternate") == "alternate"
    )
    return next(filter(None, stated), "")


def _named(
    heads: Sequence[etree._Element], reader: EntryReader
) -> tuple[str | None, str | None]:
    """Return title and language of a feed."""
    title = None
    language = heads[0].get(XML_LANG) or heads[0].get("lang")
    for one in (one for head in heads for one in head):
        name = name_of(one.tag)
        if name in ("title", "dc:title"):
            title = title or title_text(reader.text(one))
        elif name in ("language", "dc:language"):
            language = reader.text(one) or language
    return title, language_tag(language)
