"""One entry of a well-formed feed, element by element."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lxml import etree

from briefing.gather.elements import (
    HTML,
    PLAIN,
    XHTML,
    XML_BASE,
    XML_LANG,
    UnusualFeedError,
    absolute,
    is_whole,
    kind_of,
    looks_like_html,
    name_of,
    text_in,
    unscrambled,
)
from briefing.gather.entries import Entry
from briefing.gather.markup import language_tag, paragraphs, title_text


class EntryReader:
    """Reads entries that stand in one element.

    Args:
        base: what links in that are relative to.
        language: of what is in it, as stated; None if it is not.
        is_atom: its plain text is plain text; elsewhere it may be HTML all the same.
        is_scrambled: some text was decoded by the wrong charset.
    """

    def __init__(
        self, base: str, *, language: str | None, is_atom: bool, is_scrambled: bool
    ) -> None:
        self._base = base
        self._around = language_tag(language)
        self._is_atom = is_atom
        self._is_scrambled = is_scrambled
        self._takers = _Takers()

    def entry(self, item: etree._Element) -> Entry:
        """Return what `item` says.

        Raises:
            UnusualFeedError: it is arranged in a way that is not known here.
        """
        self._id = self._link = self._guid_link = self._title = self._media_title = ""
        self._published = self._updated = self._content = self._summary = ""
        self._has_summary = self._has_content = False
        self._language: str | None = None
        self._outlet: str | None = None
        if item.keys():
            self._id = item.get(_ABOUT, "")
            self._take_within(item)
        else:
            self._take_all(item)
        title = self._title or self._media_title
        # Calling the class would take twice as long.
        return Entry._make(
            (
                self._id,
                self._link or self._guid_link,
                title_text(unscrambled(title) if self._is_scrambled else title),
                self._published or self._updated,
                self._content,
                self._summary,
                self._language,
                self._outlet,
            )
        )

    def _take_within(self, element: etree._Element) -> None:
        """Take all that is in an element that states something."""
        outside = self._base, self._around
        self._base = self._base_at(element)
        self._around = self._language_at(element)
        self._take_all(element)
        self._base, self._around = outside

    def _take_all(self, element: etree._Element) -> None:
        takers = self._takers
        # lxml makes a list in less time than it iterates; lxml-stubs know of no slices.
        for child in element[:]:  # type: ignore[index]  # stubs lack slices
            take = takers[child.tag]
            if len(child):
                self._take_nested(child, take)
            elif take is not None:
                text = child.text
                take(self, child, text.strip() if text else "")

    def _take_nested(self, element: etree._Element, take: _Taker | None) -> None:
        """Take an element that holds others."""
        name = name_of(element.tag)
        if name in _GROUPS:
            self._take_within(element)
        elif name in _WORDS or (take is None and _holds_known(element)):
            raise UnusualFeedError
        elif take is not None:
            take(self, element, text_in(element))

    def _base_at(self, element: etree._Element) -> str:
        """Return what links in `element` are relative to (XML Base)."""
        own = element.get(XML_BASE)
        return absolute(own, self._base) or self._base if own else self._base

    def _language_at(self, element: etree._Element) -> str | None:
        own = element.get(XML_LANG)
        return self._around if own is None else language_tag(own)

    def _take_title(self, element: etree._Element, text: str) -> None:
        if self._title:
            return
        self._title = text
        language = self._around
        if element.keys():
            kind_of(element, PLAIN)
            language = self._language_at(element)
        self._language = language or self._language

    def _take_media_title(self, element: etree._Element, text: str) -> None:
        self._media_title = self._media_title or text

    def _take_id(self, element: etree._Element, text: str) -> None:
        # feedparser's rule: it is an address unless it says that it is none.
        stated = element.get("isPermaLink") if element.keys() else None
        if stated is None or stated.lower() == "true":
            text = text if is_whole(text) else absolute(text, self._base_at(element))
            self._guid_link = self._guid_link or text
        self._id = text

    def _take_link(self, element: etree._Element, text: str) -> None:
        link = _href(element) if element.keys() else None
        if link is None:
            if len(element):
                raise UnusualFeedError
            link = text.replace("&amp;", "&") if "&" in text else text
        elif not _leads_to_page(element):
            return
        if link:
            whole = is_whole(link)
            self._link = link if whole else absolute(link, self._base_at(element))

    def _markup(self, element: etree._Element, text: str, default: str) -> str:
        """Return a text construct as HTML."""
        kind = kind_of(element, default) if element.keys() else default
        if len(element) and kind != XHTML:
            raise UnusualFeedError
        if self._is_scrambled:
            text = unscrambled(text)
        if kind != PLAIN or not text:
            return text
        as_html = not self._is_atom and looks_like_html(text)
        return text if as_html else paragraphs(text)

    def _take_published(self, _: etree._Element, text: str) -> None:
        self._published = text

    def _take_updated(self, _: etree._Element, text: str) -> None:
        self._updated = text

    def _take_source(self, element: etree._Element, text: str) -> None:
        titles = [one for one in element if name_of(one.tag) == "title"]
        if titles:
            element = titles[0]
            text = text_in(element)
        kind_of(element, PLAIN)
        if titles or not len(element):
            self._outlet = title_text(unscrambled(text) if self._is_scrambled else text)


_Taker = Callable[[EntryReader, etree._Element, str], None]


def _summary(default: str) -> _Taker:
    """Return what takes a summary whose media type is `default` unless it states one."""

    def take(reader: EntryReader, element: etree._Element, text: str) -> None:
        # A second one is the article, of which the first was the summary.
        if reader._has_summary and not reader._has_content:
            _take_second(reader, element, text)
        else:
            reader._summary = reader._markup(element, text, default)
            reader._has_summary = True

    return take


def _content(default: str) -> _Taker:
    """Return what takes an article whose media type is `default` unless it states one."""

    def take(reader: EntryReader, element: etree._Element, text: str) -> None:
        content = reader._markup(element, text, default)
        reader._has_content = True
        if len(content) > len(reader._content):
            reader._content = content

    return take


_take_second = _content(PLAIN)


def _holds_known(element: etree._Element) -> bool:
    return any(name_of(one.tag) in _KNOWN for one in element.iter("*"))


def _href(link: etree._Element) -> str | None:
    return link.get("href") or link.get("url") or link.get("uri") or None


def _leads_to_page(link: etree._Element) -> bool:
    is_alternate = link.get("rel", "alternate").lower() == "alternate"
    return is_alternate and link.get("type", HTML).lower() in _PAGES


_ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_PAGES: Final = (HTML, XHTML, "html", "xhtml")

_WORDS: Final[dict[str, _Taker]] = {
    "guid": EntryReader._take_id,
    "id": EntryReader._take_id,
    "pubdate": EntryReader._take_published,
    "published": EntryReader._take_published,
    "issued": EntryReader._take_published,
    "dcterms:issued": EntryReader._take_published,
    "updated": EntryReader._take_updated,
    "modified": EntryReader._take_updated,
    "lastbuilddate": EntryReader._take_updated,
    "dc:date": EntryReader._take_updated,
    "dcterms:modified": EntryReader._take_updated,
}
"""Elements that hold no others."""

_TAKERS: Final[dict[str, _Taker]] = {
    **_WORDS,
    "title": EntryReader._take_title,
    "dc:title": EntryReader._take_title,
    "media:title": EntryReader._take_media_title,
    "link": EntryReader._take_link,
    "description": _summary(HTML),
    "dc:description": _summary(HTML),
    "media:description": _summary(HTML),
    "abstract": _summary(PLAIN),
    "summary": _summary(PLAIN),
    "itunes:summary": _summary(PLAIN),
    "content": _content(PLAIN),
    "content:encoded": _content(HTML),
    "fullitem": _content(HTML),
    "body": _content(XHTML),
    "xhtml:body": _content(XHTML),
    "source": EntryReader._take_source,
}
_GROUPS: Final = frozenset({"media:group", "media:content"})
_KNOWN: Final = frozenset({*_TAKERS, *_GROUPS})


class _Takers(dict[str, _Taker | None]):
    """What takes an element, by its tag; a feed has few tags, and each is looked up once."""

    def __missing__(self, tag: str) -> _Taker | None:
        found = self[tag] = _TAKERS.get(name_of(tag))
        return found
