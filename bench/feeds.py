"""Parsing feeds, twenty times each, dates included, beside feedparser as it comes."""

from __future__ import annotations

import html
import io
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bench.articles import texts

TIMES: Final = 20
NOW = datetime(2026, 12, 1, tzinfo=UTC)
READER_DATA = (
    Path(__file__).parents[2] / "shared/data/feeds/miniflux_reader_testdata.tar.xz"
)

_HEAD: Final = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/' "
    "xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>Kabar Contoh</title>"
    "<link>https://contoh.example/</link><language>id</language>"
)


def full_texts() -> bytes:
    """Return a feed of 50 whole articles, as WordPress writes them."""
    return _rss(
        f"<dc:creator><![CDATA[Budi]]></dc:creator><category><![CDATA[Nasional]]></category>"
        f"<description><![CDATA[{text[:200]}]]></description>"
        f"<content:encoded><![CDATA[{_paragraphs(text)}]]></content:encoded>"
        for text in texts(50)
    )


def summaries() -> bytes:
    """Return a feed of 200 summaries of 200 characters."""
    return _rss(
        f"<description>{html.escape(text[:200])}</description>" for text in texts(200)
    )


def _rss(inner: Any) -> bytes:
    items = "".join(
        f"<item><title>Laporan nomor {at} dari Jakarta</title>"
        f"<link>https://contoh.example/{at}</link>"
        f"<guid isPermaLink='false'>https://contoh.example/?p={at}</guid>"
        f"<pubDate>Sat, 30 Nov 2024 08:{at % 60:02}:00 +0700</pubDate>{text}</item>"
        for at, text in enumerate(inner)
    )
    return f"{_HEAD}{items}</channel></rss>".encode()


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{part}</p>\n" for part in text.split("\n\n"))


def real(name: str) -> Callable[[], bytes]:
    """Return what reads a feed of Miniflux's tests."""

    def read() -> bytes:
        with tarfile.open(READER_DATA) as files:
            member = next(one for one in files if one.name.endswith(f"/{name}"))
            content = files.extractfile(member)
            return content.read() if content else b""

    return read


def feeds() -> dict[str, Callable[[], bytes]]:
    """Return the feeds that are measured; those of others only where they are."""
    made = {"50 full texts": full_texts, "200 summaries": summaries}
    names = ("large_rss.xml", "large_atom.xml") if READER_DATA.exists() else ()
    return made | {name: real(name) for name in names}


def parsing(feed: Callable[[], bytes]) -> Callable[[], Any]:
    """Parse a feed, and the date of each of its entries."""
    from briefing.gather.moments import published
    from briefing.gather.parsing import parse_feed

    body = feed()

    def once() -> list[datetime | None]:
        found = parse_feed(body, url="https://contoh.example/feed")
        return [
            published(one, language=found.language, now=NOW) for one in found.entries
        ]

    once()
    return lambda: [once() for _ in range(TIMES)]


def by_feedparser(feed: Callable[[], bytes]) -> Callable[[], Any]:
    """Parse the same feed by feedparser, as it comes."""
    import feedparser

    body = feed()
    feedparser.parse(io.BytesIO(body))
    return lambda: [feedparser.parse(io.BytesIO(body)) for _ in range(TIMES)]
