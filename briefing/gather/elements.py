"""What the elements of RSS and Atom are called, and what stands in them.

The meaning of each name is feedparser's, so that both readers say the same of a feed.
"""

from __future__ import annotations

import html
import re
from contextlib import suppress
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin

from lxml import etree

from briefing.gather.address import MAX_LENGTH

PLAIN: Final = "text/plain"
HTML: Final = "text/html"
XHTML: Final = "application/xhtml+xml"

XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
XML_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"

_KINDS: Final = {
    "text": PLAIN,
    "plain": PLAIN,
    "html": HTML,
    "xhtml": XHTML,
    PLAIN: PLAIN,
    HTML: HTML,
    XHTML: XHTML,
}

_FEEDS: Final = (
    "",
    "http://www.w3.org/2005/atom",
    "http://purl.org/atom/ns#",
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://purl.org/rss/1.0/modules/rss091#",
    "http://blogs.law.harvard.edu/tech/rss",
    "http://purl.org/pie/",
    "http://purl.org/echo/",
)
"""Namespaces, in lower case, of feeds themselves; their elements mean the same in all."""

_PREFIXES: Final = {
    **dict.fromkeys(_FEEDS, ""),
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://search.yahoo.com/mrss": "media:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://www.w3.org/1999/xhtml": "xhtml:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
}
_USERLAND: Final = "backend.userland.com/rss"
_EXTRA_SLASHES: Final = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]{0,40}://)/+")
_OPAQUE: Final = ("tag:", "urn:")
_VOID: Final = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)
_CLOSED_OR_REFERENCE: Final = re.compile(r"</\w+>|&#?\w+;")
_TAG_NAME: Final = re.compile(r"</?(\w+)")
_REFERENCE: Final = re.compile(r"&(\w+);")
_C1: Final = {
    code: bytes([code]).decode("cp1252", "ignore") or "\ufffd"
    for code in range(0x80, 0xA0)
}


class UnusualFeedError(Exception):
    """Well-formed, but arranged in a way that only feedparser is known to read."""


@lru_cache(maxsize=2_000)
def name_of(tag: str) -> str:
    """Return an element's name in lower case, with the usual prefix of its module.

    Names of the feed formats themselves have none; those of other namespaces keep theirs
    in braces.
    """
    space, brace, local = tag.rpartition("}")
    space = space[1:].lower()
    if _USERLAND in space:
        space = ""
    prefix = _PREFIXES.get(space)
    return (f"{{{space}{brace}" if prefix is None else prefix) + local.lower()


def kind_of(element: etree._Element, default: str) -> str:
    """Return the media type of the text in `element`.

    Raises:
        UnusualFeedError: it is none of the three that hold text, or in base64 (Atom 0.3).
    """
    kind = _KINDS.get(element.get("type", default).lower())
    if kind is None or element.get("mode", "").startswith("base64"):
        raise UnusualFeedError
    return kind


def text_in(element: etree._Element) -> str:
    """Return the text or markup in `element`, without blanks around it."""
    text = _inner(element) if len(element) else element.text
    return text.strip() if text else ""


def word_in(element: etree._Element) -> str:
    """Return the text in `element`, which holds no others.

    Raises:
        UnusualFeedError: it does.
    """
    if len(element):
        raise UnusualFeedError
    text = element.text
    return text.strip() if text else ""


def _inner(element: etree._Element) -> str:
    parts = [html.escape(element.text or "", quote=False)]
    for child in element:
        name = etree.QName(child).localname
        stated = (
            f' {etree.QName(key).localname}="{html.escape(str(value))}"'
            for key, value in child.attrib.items()
        )
        parts.append(f"<{name}{''.join(stated)}>{_inner(child)}")
        if name.lower() not in _VOID:
            parts.append(f"</{name}>")
        parts.append(html.escape(child.tail or "", quote=False))
    return "".join(parts)


def is_whole(link: str) -> bool:
    """Tell whether `link` is an address in full, and none that joining tidies: “http:///a?”."""
    # Between these stands what begins with "https://" and a letter or figure ("0" comes after
    # "/"); comparing takes half the time of `startswith`, and every link is asked.
    if "https://0" <= link < "https:/0" or "http://0" <= link < "http:/0":
        return "[" not in link and link[-1] not in "?#"
    return link.startswith(_OPAQUE) and "//" not in link


def absolute(link: str, base: str) -> str:
    """Return `link` as seen from `base`; empty if it is no address at all."""
    if not link or is_whole(link):
        return link
    # A feed could have each of its thousand links joined to a megabyte.
    if len(base) > MAX_LENGTH:
        return ""
    try:
        return urljoin(base, _EXTRA_SLASHES.sub(r"\1", link))
    except ValueError:
        return ""


def stated_above(element: etree._Element, name: str) -> str | None:
    """Return the value of an attribute on `element` or the nearest one it is in."""
    place: etree._Element | None = element
    while place is not None:
        value = place.get(name)
        if value is not None:
            return value
        place = place.getparent()
    return None


def base_of(element: etree._Element, url: str) -> str:
    """Return what links in `element` are relative to (XML Base), from `url` on."""
    above = element.getparent()
    outer = url if above is None else base_of(above, url)
    own = element.get(XML_BASE)
    return (absolute(own, outer) or outer) if own else outer


def looks_like_html(text: str) -> bool:
    """Tell whether what is declared as plain text is HTML.

    It closes a tag or has an entity, and has no tags and entities but those of HTML.
    """
    if not _CLOSED_OR_REFERENCE.search(text):
        return False
    from html.entities import entitydefs

    from lxml.html.defs import tags

    known = all(name.lower() in tags for name in _TAG_NAME.findall(text))
    return known and all(name in entitydefs for name in _REFERENCE.findall(text))


def unscrambled(text: str) -> str:
    """Return `text` with what was decoded by the wrong charset decoded again.

    UTF-8 that somebody took for Latin-1, and characters of Windows-1252 that stand at
    places where Unicode has control characters.
    """
    with suppress(UnicodeError):
        text = text.encode("latin-1").decode("utf-8")
    return text.translate(_C1)
