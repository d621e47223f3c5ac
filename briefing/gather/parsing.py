"""Bytes → feed, whatever the format and however broken; never raises."""

from __future__ import annotations

from briefing.gather.charset import decode
from briefing.gather.entries import ParsedFeed


def parse_feed(body: bytes, *, url: str = "", charset: str | None = None) -> ParsedFeed:
    """Return the feed in `body`: RSS 0.9 to 2.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1.

    Args:
        body: as it came; foreign.
        url: where it came from, to make its links absolute.
        charset: as declared by the transport.

    What is no feed, or too broken to find an entry in, comes back with a `problem`.
    """
    text = decode(body, charset)
    if not text.strip(" \t\r\n\0\ufeff"):
        return ParsedFeed(problem=("empty", ""))
    if text.lstrip(" \t\r\n\ufeff").startswith("{"):
        from briefing.gather.json_feed import parse_json

        return parse_json(text, url=url)
    from briefing.gather.xml_feed import parse_xml

    return parse_xml(text, url=url)
