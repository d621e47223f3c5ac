"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from briefing.gather.entries import MAX_ENTRIES_READ, Entry, ParsedFeed, unread
from briefing.gather.markup import language_tag, paragraphs, title_text


def parse_json(text: str, *, url: str) -> ParsedFeed:
    """Return the feed in `text`; `url` is what its links are relative to."""
    try:
        feed = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        return ParsedFeed(problem=("broken-feed", str(error)))
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return ParsedFeed(problem=("not-a-feed", "JSON without items"))
    return ParsedFeed(
        title=title_text(_text(feed, "title")),
        link=_text(feed, "home_page_url"),
        language=language_tag(feed.get("language")),
        entries=tuple(
            _entry(item, url)
            for item in items[:MAX_ENTRIES_READ]
            if isinstance(item, dict)
        ),
        unread=unread(len(items)),
    )


def _entry(item: Mapping[str, Any], url: str) -> Entry:
    key = _text(item, "id")
    link = _text(item, "url") or (key if key.startswith(("http:", "https:")) else "")
    return Entry(
        id=key,
        link=_absolute(link or _text(item, "external_url"), url),
        title=title_text(_text(item, "title")),
        stamp=_text(item, "date_published") or _text(item, "date_modified"),
        content=_text(item, "content_html") or paragraphs(_text(item, "content_text")),
        summary=paragraphs(_text(item, "summary")),
        language=language_tag(item.get("language")),
    )


def _text(item: Mapping[str, Any], key: str) -> str:
    """Return a value as text; numbers as written, since some feeds have them as ids."""
    value = item.get(key)
    if isinstance(value, str):
        return value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return repr(value) if is_number else ""


def _absolute(link: str, base: str) -> str:
    try:
        return urljoin(base, link.strip()) if link else ""
    except ValueError:
        return link
