"""RSS and Atom, however broken, read by feedparser."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from briefing.gather.address import site_address
from briefing.gather.entries import MAX_ENTRIES_READ, Entry, ParsedFeed, unread
from briefing.gather.markup import language_tag, paragraphs, title_text

_ROOT: Final = re.compile(
    r"<(?:[\w.-]{1,40}:)?(?:rss|rdf|feed|channel)[\s>/]", re.IGNORECASE
)
_ENTRY: Final = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_FIRST_TAG: Final = re.compile(r"<([A-Za-z][\w.:-]{0,40})")
_FEED_LINK: Final = re.compile(
    r"<link>\s{0,99}(?:<!\[CDATA\[)?\s{0,99}(https?://[^\s<>\]]{1,2000})", re.IGNORECASE
)
_HTML_TYPES: Final = ("text/html", "application/xhtml+xml")
_UTF8: Final = "application/xml; charset=utf-8"


def parse_xml(text: str, *, url: str) -> ParsedFeed:
    """Return the feed in `text`; `url` is where it came from."""
    root = _ROOT.search(text)
    first = _FIRST_TAG.search(text)
    name = first[1].lower() if first else "text"
    if root is None:
        return ParsedFeed(problem=("not-a-feed", name))
    starts = [entry.start() for entry in _ENTRY.finditer(text)]
    left = unread(len(starts))
    end = starts[MAX_ENTRIES_READ] if left else len(text)
    # What stands before the root is left out: a document type with entities that expand
    # without end, and text on which feedparser's patterns take quadratic time.
    try:
        found = _parse(text[root.start() : end], site_address(_link(text), url))
        entries = tuple(_entry(entry) for entry in found["entries"])
    except Exception as error:  # noqa: BLE001  # another's parser on hostile text
        return ParsedFeed(problem=("broken-feed", f"{type(error).__name__}: {error}"))
    feed = found["feed"]
    return ParsedFeed(
        title=title_text(_text(feed, "title")),
        link=_text(feed, "link"),
        language=language_tag(feed.get("language")),
        entries=entries,
        unread=left,
        problem=_problem(found, name, entries),
    )


def _link(text: str) -> str:
    """Return the link of an RSS feed itself; empty if there is none."""
    item = _ENTRY.search(text)
    found = _FEED_LINK.search(text, 0, item.start() if item else len(text))
    return found[1] if found else ""


def _parse(text: str, url: str) -> Mapping[str, Any]:
    # Never bytes or str: feedparser would take them for the name of a file or an address.
    found: Mapping[str, Any] = _feedparser().parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        response_headers={"content-type": _UTF8, "content-location": url},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    return found


@cache
def _feedparser() -> Any:
    import feedparser
    from feedparser import mixin

    # Authors are not used, and its pattern for them takes quadratic time: 3.6 s for a name
    # of 16,000 letters (https://github.com/kurtmckee/feedparser/issues/562).
    mixin._FeedParserMixin._sync_author_detail = _leave_author
    return feedparser


def _leave_author(parser: object, key: str = "author") -> None:
    """Stand in for feedparser's search for mail addresses in authors."""


def _problem(
    found: Mapping[str, Any], name: str, entries: Sequence[Entry]
) -> tuple[str, str] | None:
    """Return why a feed has no entry that can be used; None if that is all right."""
    if any(entry.link or entry.text for entry in entries):
        return None
    if name == "html":
        return "not-a-feed", name
    if found.get("bozo"):
        return "broken-feed", str(found.get("bozo_exception", ""))
    return None if entries or found.get("version") else ("not-a-feed", name)


def _entry(entry: dict[str, Any]) -> Entry:
    contents = [_html(part) for part in entry.get("content") or ()]
    dated = "published" if dict.get(entry, "published") else "updated"
    source = entry.get("source")
    return Entry(
        id=_text(entry, "id"),
        link=_text(entry, "link"),
        title=title_text(_text(entry, "title")),
        stamp=_text(entry, dated),
        content=max(contents, key=len, default=""),
        summary=_html(entry.get("summary_detail") or {}),
        language=language_tag((entry.get("title_detail") or {}).get("language")),
        outlet=title_text(_text(source, "title")) if isinstance(source, dict) else None,
    )


def _text(entry: dict[str, Any], key: str) -> str:
    # dict.get, because feedparser's own warns where "updated" is not stated.
    value = dict.get(entry, key)
    return value if isinstance(value, str) else ""


def _html(part: dict[str, Any]) -> str:
    """Return a text construct as HTML; empty if it is of another kind."""
    value = _text(part, "value")
    kind = _text(part, "type")
    # What stays of it once its base64 is decoded: text has blanks, base64 none.
    decoded = kind == "application/octet-stream" and " " in value
    if kind in _HTML_TYPES or decoded:
        return value
    return paragraphs(value) if kind == "text/plain" else ""
