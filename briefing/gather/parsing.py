"""Bytes → feed, whatever the format and however broken; never raises."""

from __future__ import annotations

from briefing.gather.charset import decode, is_utf8
from briefing.gather.entries import ParsedFeed


def parse_feed(body: bytes, *, url: str = "", charset: str | None = None) -> ParsedFeed:
    """Return the feed in `body`: RSS 0.9 to 2.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1.

    Args:
        body: as it came; foreign.
        url: where it came from, to make its links absolute.
        charset: as declared by the transport.

    What is no feed, or too broken to find an entry in, comes back with a `problem`.
    """
    from briefing.gather.strict_feed import parse_strict

    # Most feeds are in UTF-8, and read at once; where that fails, slowly and in full.
    whole = is_utf8(body, charset)
    feed = parse_strict(body, url=url) if whole else None
    return feed or _parse_text(decode(body, charset), url, again=not whole)


def _parse_text(text: str, url: str, *, again: bool) -> ParsedFeed:
    """Return the feed in `text`; `again` if it may be well-formed."""
    if not text.strip(" \t\r\n\0\ufeff"):
        return ParsedFeed(problem=("empty", ""))
    if text.lstrip(" \t\r\n\ufeff").startswith("{"):
        from briefing.gather.json_feed import parse_json

        return parse_json(text, url=url)
    from briefing.gather.strict_feed import parse_strict
    from briefing.gather.xml_feed import parse_xml

    body = text.encode("utf-8", "replace") if again else b""
    feed = parse_strict(body, url=url) if again else None
    return feed or parse_xml(text, url=url)
