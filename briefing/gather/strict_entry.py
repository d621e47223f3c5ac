"""One entry of a well-formed feed, element by element."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from lxml import etree

from briefing.gather.elements import (
    HTML,
    PLAIN,
    XHTML,
    XML_LANG,
    UnusualFeedError,
    absolute,
    base_of,
    kind_of,
    looks_like_html,
    name_of,
    stated_above,
    text_in,
    unscrambled,
    word_in,
)
from briefing.gather.entries import Entry
from briefing.gather.markup import language_tag, paragraphs, title_text


class EntryReader:
    """Reads entries of one feed.

    Args:
        url: what links are relative to.
        is_atom: its plain text is plain text; elsewhere it may be HTML all the same.
        has_attributes: some element states a base or a language of its own.
        is_scrambled: some text was decoded by the wrong charset.
    """

    def __init__(
        self,
        url: str,
        *,
        is_atom: bool,
        has_attributes: bool,
        is_scrambled: bool,
    ) -> None:
        self._url = url
        self._is_atom = is_atom
        self._has_attributes = has_attributes
        self._is_scrambled = is_scrambled

    def entry(self, item: etree._Element) -> Entry:
        """Return what `item` says.

        Raises:
            UnusualFeedError: it is arranged in a way that is not known here.
        """
        self._id = item.get(_ABOUT, "") if item.attrib else ""
        self._link = self._guid_link = self._title = self._media_title = ""
        self._published = self._updated = self._content = self._summary = ""
        self._has_summary = self._has_content = False
        self._language: str | None = None
        self._outlet: str | None = None
        self._take_all(item)
        return Entry(
            self._id,
            self._link or self._guid_link,
            title_text(self._title or self._media_title),
            self._published or self._updated,
            self._content,
            self._summary,
            self._language,
            self._outlet,
        )

    def text(self, element: etree._Element) -> str:
        """Return the text or markup in `element`."""
        text = text_in(element)
        return unscrambled(text) if self._is_scrambled and text else text

    def _take_all(self, element: etree._Element) -> None:
        for child in element:
            take = _taker(child.tag)
            if take is not None:
                take(self, child)
            elif len(child) and any(_taker(one.tag) for one in child.iter("*")):
                raise UnusualFeedError

    def _base(self, element: etree._Element) -> str:
        return base_of(element, self._url) if self._has_attributes else self._url

    def _take_title(self, element: etree._Element) -> None:
        if self._title:
            return
        kind_of(element, PLAIN)
        self._title = self.text(element)
        if self._has_attributes:
            stated = stated_above(element, XML_LANG)
            self._language = language_tag(stated) or self._language

    def _take_media_title(self, element: etree._Element) -> None:
        self._media_title = self._media_title or self.text(element)

    def _take_id(self, element: etree._Element) -> None:
        name = word_in(element)
        # feedparser's rule: it is an address unless it says that it is none.
        if element.get("isPermaLink", "true").lower() == "true":
            name = absolute(name, self._base(element))
            self._guid_link = self._guid_link or name
        self._id = name

    def _take_link(self, element: etree._Element) -> None:
        href = element.get("href") or element.get("url") or element.get("uri")
        if not href:
            text = word_in(element).replace("&amp;", "&")
            self._link = absolute(text, self._base(element)) if text else self._link
        elif _leads_to_page(element):
            self._link = absolute(href, self._base(element))

    def _take_description(self, element: etree._Element) -> None:
        self._read_summary(element, HTML)

    def _take_abstract(self, element: etree._Element) -> None:
        self._read_summary(element, PLAIN)

    def _read_summary(self, element: etree._Element, default: str) -> None:
        # A second one is the article, of which the first was the summary.
        if self._has_summary and not self._has_content:
            self._read_content(element, PLAIN)
        else:
            self._summary = self._markup(element, default)
            self._has_summary = True

    def _take_content(self, element: etree._Element) -> None:
        self._read_content(element, PLAIN)

    def _take_encoded(self, element: etree._Element) -> None:
        self._read_content(element, HTML)

    def _take_body(self, element: etree._Element) -> None:
        self._read_content(element, XHTML)

    def _read_content(self, element: etree._Element, default: str) -> None:
        content = self._markup(element, default)
        self._has_content = True
        if len(content) > len(self._content):
            self._content = content

    def _markup(self, element: etree._Element, default: str) -> str:
        """Return a text construct as HTML."""
        kind = kind_of(element, default)
        if len(element) and kind != XHTML:
            raise UnusualFeedError
        text = self.text(element)
        if kind != PLAIN or not text:
            return text
        as_html = not self._is_atom and looks_like_html(text)
        return text if as_html else paragraphs(text)

    def _take_published(self, element: etree._Element) -> None:
        self._published = word_in(element)

    def _take_updated(self, element: etree._Element) -> None:
        self._updated = word_in(element)

    def _take_source(self, element: etree._Element) -> None:
        titles = [one for one in element if name_of(one.tag) == "title"]
        named = titles[0] if titles else element
        kind_of(named, PLAIN)
        if len(element) == 0 or titles:
            self._outlet = title_text(self.text(named))


def _leads_to_page(link: etree._Element) -> bool:
    is_alternate = link.get("rel", "alternate").lower() == "alternate"
    return is_alternate and link.get("type", HTML).lower() in _PAGES


_ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_PAGES: Final = (HTML, XHTML, "html", "xhtml")

_TAKERS: Final[dict[str, Callable[[EntryReader, etree._Element], None]]] = {
    "title": EntryReader._take_title,
    "dc:title": EntryReader._take_title,
    "media:title": EntryReader._take_media_title,
    "media:group": EntryReader._take_all,
    "media:content": EntryReader._take_all,
    "guid": EntryReader._take_id,
    "id": EntryReader._take_id,
    "link": EntryReader._take_link,
    "description": EntryReader._take_description,
    "dc:description": EntryReader._take_description,
    "media:description": EntryReader._take_description,
    "abstract": EntryReader._take_abstract,
    "summary": EntryReader._take_abstract,
    "itunes:summary": EntryReader._take_abstract,
    "content": EntryReader._take_content,
    "content:encoded": EntryReader._take_encoded,
    "fullitem": EntryReader._take_encoded,
    "body": EntryReader._take_body,
    "xhtml:body": EntryReader._take_body,
    "pubdate": EntryReader._take_published,
    "published": EntryReader._take_published,
    "issued": EntryReader._take_published,
    "dcterms:issued": EntryReader._take_published,
    "updated": EntryReader._take_updated,
    "modified": EntryReader._take_updated,
    "lastbuilddate": EntryReader._take_updated,
    "dc:date": EntryReader._take_updated,
    "dcterms:modified": EntryReader._take_updated,
    "source": EntryReader._take_source,
}


@lru_cache(maxsize=2_000)
def _taker(tag: str) -> Callable[[EntryReader, etree._Element], None] | None:
    return _TAKERS.get(name_of(tag))
