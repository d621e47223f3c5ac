"""Parsing feeds, fifty times each, dates included, beside feedparser as it comes.

``python -m bench.feeds`` lets the two take turns, in CPU time: where the machine is shared, a
ratio of two runs of a minute each says little.
"""

from __future__ import annotations

import html
import io
import tarfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.articles import texts

TIMES: Final = 50
TURN: Final = 20
"""Parses that are ours in a turn, so that it takes about as long as one by feedparser."""
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


def atom() -> bytes:
    """Return a feed of 100 summaries in Atom, with a language and titles in HTML."""
    entries = "".join(
        f"<entry><id>tag:contoh.example,2024:{at}</id>"
        f"<title type='html'>Laporan nomor {at} &amp;amp; lainnya</title>"
        f"<link rel='alternate' type='text/html' href='https://contoh.example/{at}'/>"
        f"<published>2024-11-30T08:{at % 60:02}:00+07:00</published>"
        f"<updated>2024-11-30T09:{at % 60:02}:00.123Z</updated>"
        f"<author><name>Budi</name></author>"
        f"<summary type='html'>{html.escape(html.escape(text[:300]))}</summary></entry>"
        for at, text in enumerate(texts(100))
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='id'>"
        "<title>Kabar Contoh</title><link href='https://contoh.example/'/>"
        f"<id>tag:contoh.example,2024:0</id>{entries}</feed>"
    ).encode()


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
    made = {
        "50 full texts": full_texts,
        "200 summaries": summaries,
        "100 in Atom": atom,
    }
    names = ("large_rss.xml", "large_atom.xml") if READER_DATA.exists() else ()
    return made | {name: real(name) for name in names}


def parsing(feed: Callable[[], bytes], *, times: int = TIMES) -> Callable[[], Any]:
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
    return lambda: [once() for _ in range(times)]


def reading(feed: Callable[[], bytes], *, known: bool) -> Callable[[], Any]:
    """Make documents of the entries of a feed, or see that each is known."""
    from briefing.gather import Feed, Http
    from briefing.gather.parsing import parse_feed
    from briefing.gather.reading import read_entries
    from briefing.gather.visit import Visit
    from briefing.model import SourceState

    source = Feed("b", "https://contoh.example/feed", follow=False, http=Http())
    state = SourceState(source.id, source.url)
    visit = Visit.of(source, state, now=NOW)
    found = parse_feed(feed(), url=source.url)

    def work() -> None:
        for _ in range(TIMES):
            read_entries(
                source, found, visit=visit, state=state, known=lambda url: known
            )

    return work


def by_feedparser(
    feed: Callable[[], bytes], *, times: int = TIMES
) -> Callable[[], Any]:
    """Parse the same feed by feedparser, as it comes."""
    import feedparser

    body = feed()
    feedparser.parse(io.BytesIO(body))
    return lambda: [feedparser.parse(io.BytesIO(body)) for _ in range(times)]


def by_turns(feed: Callable[[], bytes]) -> tuple[list[float], list[float]]:
    """Return CPU seconds of a parse, ours and feedparser's, turn by turn."""
    ours, theirs = parsing(feed, times=TURN), by_feedparser(feed, times=1)
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(TIMES):
        for work, parses, seconds in ((ours, TURN, taken[0]), (theirs, 1, taken[1])):
            began = time.process_time()
            work()
            seconds.append((time.process_time() - began) / parses)
    return taken


def main() -> None:
    print(f"{'':16}{'ours, ms':>10}{'feedparser':>12}{'ratio':>8}{'of the best':>14}")
    for name, feed in feeds().items():
        ours, theirs = by_turns(feed)
        (usual, best), (slow, least) = (
            (median(one), min(one)) for one in (ours, theirs)
        )
        print(
            f"{name:16}{usual * 1000:10.2f}{slow * 1000:12.1f}"
            f"{slow / usual:8.1f}{least / best:14.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
