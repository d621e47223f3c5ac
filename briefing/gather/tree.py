"""Foreign XML as a tree: nothing in it is fetched, and nothing expands."""

from __future__ import annotations

from typing import Final

from lxml import etree

from briefing.gather.mending import mended
from briefing.gather.prolog import declared_entities, root_at

LONGEST_PROLOG: Final = 20_000
"""Bytes before the root element; feeds have fewer than 1,000."""

MAX_REFERENCES: Final = 300_000
"""Ampersands of XML that is mended, at 2 µs each; feedparser reads what has more."""


def tree(body: bytes) -> etree._Element | None:
    """Return the root element of XML in UTF-8, if need be mended; None if that fails too."""
    start = root_at(body[:LONGEST_PROLOG].decode("latin-1"))
    if start < 0:
        return None
    # A document type, whose entities could expand without end, is never parsed.
    inner = body[start:] if start else body
    try:
        return etree.fromstring(inner, _parser())
    except etree.XMLSyntaxError:
        if inner.count(b"&") > MAX_REFERENCES:
            return None
    try:
        entities = declared_entities(body[:start].decode())
        whole = mended(inner.decode(), entities=entities)
        return etree.fromstring(whole.encode(), _parser())
    except (etree.XMLSyntaxError, UnicodeError):
        return None


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
