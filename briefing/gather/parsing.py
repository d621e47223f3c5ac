"""Bytes → feed, whatever the format and however broken; never raises."""

from __future__ import annotations

from typing import Final

from briefing.gather.charset import decode, is_utf8
from briefing.gather.entries import ParsedFeed
from briefing.workers import Loss, Processes, Workers

SECONDS: Final = 20.0
"""Most time for feedparser, which takes 0.1 s for an ordinary feed, 1.2 s for the longest that
is read, up to five times that on a busy machine, and minutes for 5 MB of tags never closed."""

MEMORY: Final = 1_000_000_000
"""Most bytes for feedparser; those tags take 1.1 GB."""


def parsers() -> Workers:
    """Return the processes for `parse_feed`: two, so that one bad feed holds up no other."""
    return Processes(2, few=2, seconds=SECONDS, memory=MEMORY)


def parse_feed(
    body: bytes,
    *,
    url: str = "",
    charset: str | None = None,
    workers: Workers | None = None,
) -> ParsedFeed:
    """Return the feed in `body`: RSS 0.9 to 2.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1.

    Args:
        body: as it came; foreign.
        url: where it came from, to make its links absolute.
        charset: as declared by the transport.
        workers: where feedparser works, whose time and memory nothing else bounds; None for
            here, for feeds that are not foreign.

    What is no feed, or too broken to find an entry in, comes back with a `problem`.
    """
    from briefing.gather.strict_feed import parse_strict

    # Most feeds are in UTF-8, and read at once; where that fails, slowly and in full.
    whole = is_utf8(body, charset)
    feed = parse_strict(body, url=url) if whole else None
    return feed or _parse_text(decode(body, charset), url, workers, again=not whole)


def _parse_text(
    text: str, url: str, workers: Workers | None, *, again: bool
) -> ParsedFeed:
    """Return the feed in `text`; `again` if it may be well-formed."""
    if not text.strip(" \t\r\n\0\ufeff"):
        return ParsedFeed(problem=("empty", ""))
    if text.lstrip(" \t\r\n\ufeff").startswith("{"):
        from briefing.gather.json_feed import parse_json

        return parse_json(text, url=url)
    from briefing.gather.strict_feed import parse_strict

    body = text.encode("utf-8", "replace") if again else b""
    feed = parse_strict(body, url=url) if again else None
    if feed or workers is None:
        return feed or _broken((text, url))
    return next(workers.map(_broken, [(text, url)], lost=_lost))


def _broken(given: tuple[str, str]) -> ParsedFeed:
    """Return the feed in a text from an address, read by feedparser."""
    from briefing.gather.xml_feed import parse_xml

    text, url = given
    return parse_xml(text, url=url)


def _lost(_: tuple[str, str], why: Loss) -> ParsedFeed:
    return ParsedFeed(problem=(why, "by feedparser"))
