"""What a page says of itself in JSON-LD (schema.org)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Final

from lxml.html import HtmlElement

Node = dict[str, Any]

ARTICLES: Final = ("Article", "Posting", "Report")
"""Ends of the names of types that are articles."""
_MOST: Final = 2_000_000
"""Most characters of one block that are read."""
_NODES: Final = 20_000
_TELLING: Final = frozenset({"articleBody", "datePublished", "headline"})
_OF_OTHERS: Final = frozenset(
    {"itemListElement", "mentions", "citation", "comment", "review", "isBasedOn"}
)
"""Keys under which other articles stand."""
_TAG: Final = re.compile(r"<(/?)(\w{1,10})[^<>]{0,500}>")
_INLINE: Final = frozenset({"a", "b", "em", "i", "span", "strong", "u"})


def json_ld(tree: HtmlElement) -> tuple[list[Node], dict[str, Node]]:
    """Return the nodes that tell of a publication, articles first, and all nodes with an id."""
    telling: list[Node] = []
    by_id: dict[str, Node] = {}
    for node in _nodes(tree):
        if _TELLING & node.keys():
            telling.append(node)
        if isinstance(node.get("@id"), str) and "name" in node:
            by_id.setdefault(node["@id"], node)
    return sorted(telling, key=lambda node: not is_kind(node, ARTICLES)), by_id


def is_kind(node: Node, endings: tuple[str, ...]) -> bool:
    """Return whether the node's type has one of the endings; without one it is an article."""
    kinds = node.get("@type", ARTICLES[0])
    return any(
        isinstance(kind, str) and kind.endswith(endings)
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def headline_of(node: Node) -> str | None:
    """Return the article's title as the node states it, None if it does not."""
    stated = node.get("headline")
    return " ".join(unescape(stated).split()) if isinstance(stated, str) else None


def body_of(node: Node) -> str | None:
    """Return the text of the article that the node holds, None if it holds none."""
    text = node.get("articleBody")
    if not isinstance(text, str):
        return None

    def blank(match: re.Match[str]) -> str:
        return "" if match[2].lower() in _INLINE else "\n"

    return _TAG.sub(blank, unescape(text)).strip() or None


def is_partial(node: Node) -> bool:
    """Return whether the node says that not everyone is shown all of the article."""
    return str(node.get("isAccessibleForFree")).strip().lower() in {
        *("false", "0", "no"),
        *("http://schema.org/false", "https://schema.org/false"),
    }


def _nodes(tree: HtmlElement) -> Iterator[Node]:
    """Give all objects in the page's blocks; what is no JSON is passed over."""
    for element in tree.iter("script"):
        kind = (element.get("type") or "").strip().lower()
        text = element.text or ""
        if kind == "application/ld+json" and len(text) <= _MOST:
            try:
                yield from _objects(json.loads(text, strict=False))
            except (ValueError, RecursionError):
                continue


def _objects(root: object) -> Iterator[Node]:
    stack = [root]
    for _ in range(_NODES):
        if not stack:
            return
        node = stack.pop()
        if isinstance(node, dict):
            yield node
            own = [value for key, value in node.items() if key not in _OF_OTHERS]
            stack.extend(reversed(own))
        elif isinstance(node, list):
            stack.extend(reversed(node))
