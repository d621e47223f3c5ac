"""Lists of feeds as other readers write and read them: http://opml.org/spec2.opml."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from briefing.gather.address import public, web_address
from briefing.gather.charset import decode
from briefing.gather.markup import language_tag, title_text
from briefing.gather.tree import tree

_FEEDS: Final = frozenset({"rss", "atom"})
"""Types of outlines that must have an address."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list.

    Attributes:
        title: what the list shows, empty if it shows nothing.
        url: of the feed; None if what stands there is no http or https address.
        language: BCP 47 tag, None if it does not say.
        stated: the address as written.
        outlet: the feed's own name in the list, None if it has none.
    """

    title: str
    url: str | None
    language: str | None = None
    stated: str = ""
    outlet: str | None = None


def parse_opml(body: bytes) -> list[Outline] | None:
    """Return the feeds of a list, however deep in folders, in its order; None if it is none."""
    root = tree(decode(body, None).encode("utf-8", "replace"))
    if root is None or etree.QName(root).localname.lower() != "opml":
        return None
    return list(_outlines(root))


def write_opml(title: str, outlines: Sequence[Outline]) -> str:
    """Return a list of feeds as OPML 2.0; what an address holds of passwords is left out."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _printable(title)
    body = etree.SubElement(root, "body")
    for one in outlines:
        stated = {
            "type": "rss",
            "text": one.title,
            "title": one.outlet,
            "xmlUrl": public(one.url or ""),
            "language": one.language,
        }
        given = {key: _printable(value) for key, value in stated.items() if value}
        etree.SubElement(body, "outline", {"text": "", **given})
    written = etree.tostring(
        root, xml_declaration=True, encoding="UTF-8", pretty_print=True
    )
    return written.decode("utf-8")


def _outlines(root: etree._Element) -> Iterator[Outline]:
    for element in root.iter("*"):
        # Writers do not agree on capitals: xmlUrl, xmlurl, xmlURL.
        stated = {str(key).lower(): str(value) for key, value in element.attrib.items()}
        url = stated.get("xmlurl", "")
        is_feed = "xmlurl" in stated or stated.get("type", "").lower() in _FEEDS
        if etree.QName(element).localname.lower() == "outline" and is_feed:
            yield Outline(
                title=title_text(stated.get("title") or stated.get("text", "")) or "",
                url=web_address(url),
                language=language_tag(stated.get("language")),
                stated=url,
                outlet=title_text(stated.get("title", "")),
            )


def _printable(text: str) -> str:
    """Return `text` without what cannot stand in XML, or would not be seen."""
    return "".join(one if one.isprintable() else " " for one in text).strip()
