"""What is measured: each stage on its own, and the peer that does the same, each in a fresh process."""

from __future__ import annotations

import atexit
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench import feeds, mail
from bench.articles import REAL_PAGES, huge_page, pages, real_pages, texts
from briefing.gather.response import Response
from briefing.model import Article, Document, SourceState, Summary

COUNT = 1_000
MANY = 10_000
NOW = datetime(2024, 12, 1, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Jakarta")

Work = Callable[[], Any]


@dataclass(frozen=True)
class Measure:
    """A name, what prepares the work (not timed), and the measure it is compared with."""

    name: str
    prepare: Callable[[], Work]
    peer: str | None = None


def _documents(bodies: list[str], media_type: str) -> list[Document]:
    return [
        Document(
            f"file:b/{at}",
            "b",
            body.encode(),
            media_type,
            NOW + timedelta(seconds=at % 60),
        )
        for at, body in enumerate(bodies)
    ]


def _articles() -> list[Article]:
    from briefing.clean import clean

    results = [
        clean(one, zone=ZONE, language="id")
        for one in _documents(texts(COUNT), "text/plain")
    ]
    return [one for one in results if isinstance(one, Article)]


def _summaries(articles: list[Article]) -> list[Summary]:
    from briefing.condense import condense

    return [condense(article) for article in articles]


def gather_folder() -> Work:
    """Read 1,000 files from a folder."""
    from briefing.gather import Folder

    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    for at, text in enumerate(texts(COUNT)):
        (folder / f"{at:04}.txt").write_text(text)
    source = Folder("b", folder)
    return partial(
        source.fetch, state=SourceState("b"), known=lambda url: False, now=NOW
    )


def read_files() -> Work:
    """Read the same files and do nothing else."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    for at, text in enumerate(texts(COUNT)):
        (folder / f"{at:04}.txt").write_text(text)
    return lambda: [path.read_bytes() for path in sorted(folder.iterdir())]


def _feed() -> str:
    items = "".join(
        f"<item><link>https://contoh.example/{at}</link><title>Laporan {at}</title>"
        f"<pubDate>Sat, 30 Nov 2024 08:00:00 +0700</pubDate>"
        f"<description><![CDATA[{text}]]></description></item>"
        for at, text in enumerate(texts(500))
    )
    return f"<rss version='2.0'><channel><title>K</title>{items}</channel></rss>"


def gather_feed() -> Work:
    """Fetch a feed of 500 full texts from a server on this machine."""
    from briefing.gather import Feed, Http
    from tests.web import web_server

    body = _feed()

    def work() -> Any:
        with (
            web_server({"/feed.xml": body}) as site,
            Http(private=True, max_bytes=50_000_000) as http,
        ):
            feed = Feed("b", site.url("/feed.xml"), http=http, follow=False)
            return feed.fetch(state=SourceState("b"), known=lambda url: False, now=NOW)

    return work


def feedparser_alone() -> Work:
    """Parse the same feed by feedparser and nothing else."""
    import io

    import feedparser

    body = _feed().encode()
    return lambda: feedparser.parse(io.BytesIO(body))


def fetch_small() -> Work:
    """Fetch 2,000 documents of 19.5 kB from 40 hosts on this machine."""
    import briefing.gather.background  # noqa: F401  # loading it is not what is measured
    from briefing.gather import Http

    urls = _small_documents()

    def work() -> Any:
        with Http(private=True) as http:
            found = http.get_many(urls, within=600)
        assert all(isinstance(one, Response) for one in found)
        return len(found)

    return work


def aiohttp_alone() -> Work:
    """Fetch the same documents by aiohttp, 80 at a time, and nothing else."""
    import asyncio

    import aiohttp

    urls = _small_documents()

    async def fetch() -> list[bytes]:
        turns = asyncio.Semaphore(80)
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as session:

            async def one(url: str) -> bytes:
                async with turns, session.get(url) as answer:
                    return await answer.read()

            return await asyncio.gather(*(one(url) for url in urls))

    return lambda: len(asyncio.run(fetch()))


def _small_documents() -> list[str]:
    from bench.web import served

    servers = ExitStack()
    atexit.register(servers.close)
    return servers.enter_context(served(2_000))


def clean_text() -> Work:
    """Clean 1,000 plain texts."""
    return _cleaning(_documents(texts(COUNT), "text/plain"))


def clean_html() -> Work:
    """Clean 1,000 pages."""
    return _cleaning(_documents(pages(COUNT), "text/html"))


def _cleaning(documents: list[Document]) -> Work:
    from briefing.clean import clean

    clean(documents[0], zone=ZONE, language="id")
    return lambda: [clean(one, zone=ZONE, language="id") for one in documents]


def extract_pages(bodies: Callable[[], list[str]]) -> Work:
    """Get text and metadata out of pages, without cleaning the text."""
    from briefing.clean.page import read_page

    pages = bodies()
    read_page(pages[0], url="", fetched=NOW)
    return lambda: [
        read_page(body, url="https://a.example/b", fetched=NOW) for body in pages
    ]


def trafilatura_alone(bodies: Callable[[], list[str]]) -> Work:
    """Extract the same pages by trafilatura as it comes, without metadata."""
    import trafilatura

    pages = bodies()
    trafilatura.extract(pages[0])
    return lambda: [trafilatura.extract(body) for body in pages]


def clean_real() -> Work:
    """Clean the pages of the extraction benchmark."""
    return _cleaning(_documents(real_pages(), "text/html"))


def clean_huge() -> Work:
    """Clean a page of 50 MB."""
    return _cleaning(_documents([pages(1)[0], huge_page(50_000_000)], "text/html"))


def _page_folder() -> Path:
    root = Path(tempfile.mkdtemp(prefix="bench-"))
    (root / "artikel").mkdir()
    for at, page in enumerate(pages(MANY)):
        (root / "artikel" / f"{at:05}.html").write_text(page)
    return root


def collect_many(*, again: bool) -> Work:
    """Collect 10,000 stored pages; `again`: a second time, with nothing changed."""
    from briefing import pipeline
    from briefing.gather import Folder
    from briefing.settings import starter_settings
    from briefing.store import open_store

    root = _page_folder()
    settings = starter_settings(root)

    def work() -> Any:
        with open_store(settings.store.address) as store:
            sources = [Folder("artikel", root / "artikel")]
            return pipeline.collect(settings, store, sources, clock=lambda: NOW)

    if again:
        work()
    return work


def condense_by(method: str) -> Work:
    """Condense 1,000 articles by `method`."""
    from briefing.condense import condense

    articles = _articles()
    condense(articles[0], method=method)
    return lambda: [condense(article, method=method) for article in articles]


def group() -> Work:
    """Group 1,000 articles by story and topic."""
    from briefing.group import (
        ROOM,
        arrange,
        candidate,
        continued,
        copies,
        cut,
        in_full,
        judged,
        ranked,
    )
    from briefing.settings import starter_settings

    articles = _articles()
    summaries = {one.article_id: one for one in _summaries(articles)}
    topics = starter_settings(Path()).topics

    def work() -> Any:
        copied = copies(articles)
        groups = dict(continued(articles, (), copies=copied))
        hits = {one.id: judged(one, topics, recipe="").hits for one in articles}
        stories = {
            ident: candidate(each, topics, hits, copies=copied, ident=ident)
            for ident, each in groups.items()
        }
        slugs = [topic.slug for topic in topics]
        standings = cut(
            ranked(list(stories.values()), slugs, now=NOW, weights={}, novelty={}),
            ROOM["standard"],
        )
        for each in standings:
            if each.shape == "full":
                told = stories[each.story]
                stories[each.story] = in_full(told, groups[each.story], summaries)
        return arrange(standings, stories, topics, other_title="Lainnya")

    return work


def mixed(count: int) -> list[Article]:
    """Return articles of 350 words about nothing in common, of 20 outlets over four days."""
    from random import Random

    from briefing.model import Published

    random = Random(7)
    pool = [f"kata{at}" for at in range(30_000)]
    weights = [1 / (at + 300) for at in range(len(pool))]

    def text() -> str:
        said = random.choices(pool, weights, k=150)
        return " ".join(said + random.choices(said, k=200))

    return [
        Article(
            id=f"{at:016}",
            revision="r",
            url="",
            source=f"s{at % 20}",
            outlet=f"o{at % 20}",
            title=" ".join(random.choices(pool, weights, k=8)),
            text=text(),
            language="id",
            fetched=NOW,
            published=Published(NOW - timedelta(minutes=(count - at) * 5760 // count)),
        )
        for at in range(count)
    ]


def stories_from_terms() -> Work:
    """Group 5,000 articles of four days by event, their terms counted before."""
    from briefing.group import group_articles
    from briefing.group.profiles import profiles_of

    articles = mixed(5 * COUNT)
    counted = profiles_of(articles)
    return lambda: group_articles(articles, copies={}, profiles=counted)


def stories_go_on() -> Work:
    """Group 500 new articles into 5,000 that were told, their terms counted before."""
    from briefing.group import continued
    from briefing.group.profiles import profiles_of

    articles = mixed(5_500)
    counted = profiles_of(articles)
    told = [(one, one.id[-12:]) for one in articles[:5_000]]
    return lambda: continued(articles[5_000:], told, copies={}, profiles=counted)


def count_terms() -> Work:
    """Count the terms, names and shingles of 1,000 articles."""
    from briefing.group import profiled

    articles = mixed(COUNT)
    profiled(articles[0])
    return lambda: [profiled(one) for one in articles]


def stories_flood(near: int) -> Work:
    """Find copies and stories among 5,000 articles and `near` near-copies of one more."""
    from dataclasses import replace
    from random import Random

    from briefing.group import copies, group_articles
    from briefing.group.profiles import profiles_of

    random = Random(3)
    articles = mixed(5 * COUNT)
    read = articles[0].text.split()
    flood = []
    for at in range(near):
        changed = read[:]
        for place in random.sample(range(len(read)), 18):
            changed[place] = f"lain{at}x{place}"
        flood.append(
            replace(
                articles[0], id=f"f{at:015}", source="banjir", text=" ".join(changed)
            )
        )

    everything = [*articles, *flood]
    counted = profiles_of(everything)

    def work() -> Any:
        copied = copies(everything, counted)
        return group_articles(everything, copies=copied, profiles=counted)

    return work


def copies_flood() -> Work:
    """Find the copies among 10,000 articles of which half share a paragraph."""
    from random import Random

    from briefing.group import copies

    random = Random(7)
    pool = [f"kata{at}" for at in range(30_000)]
    weights = [1 / (at + 5) for at in range(len(pool))]
    shared = random.choices(pool, weights, k=80)
    articles = [
        Article(
            id=f"{at:016}",
            revision="r",
            url="",
            source="b",
            outlet="b",
            text=" ".join(
                random.choices(pool, weights, k=270)
                + (shared if at % 2 else random.choices(pool, weights, k=80))
            ),
            language="id",
            fetched=NOW,
        )
        for at in range(10 * COUNT)
    ]
    return partial(copies, articles)


def _addresses() -> list[str]:
    """Return 20,000 addresses in the style of Indonesian sites."""
    return [
        f"https://www.berita{at % 37}.example/nasional/read/2024/05/{at:08}/harga-beras"
        "-naik-di-pasar?page=all&utm_source=rss"
        if at % 2
        else f"https://news.kabar{at % 37}.example/berita/d-{at}/judul-berita-panjang"
        for at in range(20_000)
    ]


def canonical_urls() -> Work:
    """Bring 20,000 addresses into their canonical form."""
    from briefing.clean.canonical import canonical_url

    urls = _addresses()
    return lambda: [canonical_url(url) for url in urls]


def courlan_alone() -> Work:
    """Clean the same addresses by courlan, which knows fewer variants."""
    from courlan import clean_url

    urls = _addresses()
    return lambda: [clean_url(url) for url in urls]


def languages() -> Work:
    """Tell the language of 1,000 texts."""
    from briefing.clean.tongue import language_of

    given = texts(COUNT)
    language_of(given[0], stated=None)
    return lambda: [language_of(text, stated=None) for text in given]


def py3langid_alone() -> Work:
    """Tell it by the detector from the whole texts."""
    import py3langid

    given = texts(COUNT)
    py3langid.classify(given[0])
    return lambda: [py3langid.classify(text) for text in given]


def store_keep() -> Work:
    """Keep 1,000 documents, articles and summaries in one visit."""
    from briefing.store import open_store

    articles = _articles()
    documents = _documents(texts(COUNT), "text/plain")
    summaries = _summaries(articles)
    folder = tempfile.mkdtemp(prefix="bench-")

    def work() -> Any:
        with open_store(f"sqlite:///{folder}/b.db") as store:
            return store.keep(documents, articles, summaries, SourceState("b"))

    return work


def render() -> Work:
    """Render a brief of 1,000 articles, Markdown and HTML."""
    from briefing import pipeline
    from briefing import render as stage
    from briefing.settings import starter_settings
    from briefing.store import open_store

    articles = _articles()
    settings = starter_settings(Path(tempfile.mkdtemp(prefix="bench-")))
    with open_store(settings.store.address) as store:
        store.keep((), articles, _summaries(articles), SourceState("b"))
        brief = pipeline.build(
            settings, store, edition=date(2024, 12, 1), now=NOW + timedelta(days=1)
        )
    return lambda: stage.render(brief)


def build_all() -> Work:
    """Collect, build and publish 1,000 articles by the command line's own functions."""
    from briefing import pipeline
    from briefing.gather import Folder
    from briefing.settings import starter_settings
    from briefing.store import open_store

    root = Path(tempfile.mkdtemp(prefix="bench-"))
    (root / "artikel").mkdir()
    for at, text in enumerate(texts(COUNT)):
        (root / "artikel" / f"{at:04}.txt").write_text(text)
    settings = starter_settings(root)

    def work() -> Any:
        with open_store(settings.store.address) as store:
            sources = [Folder("artikel", root / "artikel")]
            pipeline.collect(settings, store, sources, clock=lambda: NOW)
            brief = pipeline.build(settings, store, edition=date(2024, 12, 1), now=NOW)
            return pipeline.publish(settings, store, brief, freeze=False)

    return work


def split() -> Work:
    """Split the sentences of 1,000 texts, four times."""
    from briefing.text import split_sentences

    news = texts(COUNT)
    split_sentences(news[0], language="id")
    return lambda: [
        split_sentences(text, language="id") for _ in range(4) for text in news
    ]


def sentencex_alone() -> Work:
    """Split the same texts by sentencex and nothing else."""
    from sentencex import segment

    news = texts(COUNT)
    return lambda: [list(segment("id", text)) for _ in range(4) for text in news]


made = partial(pages, COUNT)

REAL = (
    (
        Measure("clean: 181 real pages", clean_real, "trafilatura, real pages"),
        Measure(
            "extract: 181 real pages",
            partial(extract_pages, real_pages),
            "trafilatura, real pages",
        ),
        Measure("trafilatura, real pages", partial(trafilatura_alone, real_pages)),
    )
    if REAL_PAGES.is_file()
    else ()
)

MEASURES = (
    Measure("gather: read 1,000 files", gather_folder, "bare reading of files"),
    Measure("bare reading of files", read_files),
    Measure("gather: feed, 500 full texts", gather_feed, "feedparser alone"),
    Measure("feedparser alone", feedparser_alone),
    *(
        measure
        for name, feed in feeds.feeds().items()
        for measure in (
            Measure(
                f"feed: {name}", partial(feeds.parsing, feed), f"feedparser: {name}"
            ),
            Measure(f"feedparser: {name}", partial(feeds.by_feedparser, feed)),
            Measure(f"entries, new: {name}", partial(feeds.reading, feed, known=False)),
            Measure(
                f"entries, known: {name}", partial(feeds.reading, feed, known=True)
            ),
        )
    ),
    Measure("gather: fetch 2,000 documents", fetch_small, "aiohttp alone"),
    Measure("aiohttp alone", aiohttp_alone),
    Measure("clean: 1,000 plain texts", clean_text),
    Measure("clean: 1,000 pages", clean_html, "trafilatura alone"),
    Measure("extract: 1,000 pages", partial(extract_pages, made), "trafilatura alone"),
    Measure("trafilatura alone", partial(trafilatura_alone, made)),
    *REAL,
    Measure("split: 4 × 1,000 texts", split, "sentencex alone"),
    Measure("sentencex alone", sentencex_alone),
    Measure("clean: a page of 50 MB", clean_huge),
    Measure("collect 10,000 pages", partial(collect_many, again=False)),
    Measure("collect them again", partial(collect_many, again=True)),
    *(
        Measure(
            f"condense: {method}", partial(condense_by, method), "condense: textrank"
        )
        for method in ("learned", "lead")
    ),
    *(
        Measure(f"condense: {method}", partial(condense_by, method))
        for method in (
            "luhn",
            "edmundson",
            "textrank",
            "lexrank",
            "lsa",
            "reduction",
            "sumbasic",
            "kl",
        )
    ),
    Measure("clean: 20,000 addresses", canonical_urls, "courlan alone"),
    Measure("courlan alone", courlan_alone),
    Measure("clean: languages of 1,000", languages, "py3langid alone"),
    Measure("py3langid alone", py3langid_alone),
    Measure("group: copies, 10,000", copies_flood),
    Measure("group: stories and topics", group),
    Measure("group: count 1,000", count_terms),
    Measure("group: stories of 5,000, from terms", stories_from_terms),
    Measure("group: 500 new into 5,000 told", stories_go_on),
    Measure(
        "group: 5,000 and 5,000 near-copies",
        partial(stories_flood, 5_000),
        "group: 5,000 articles",
    ),
    Measure("group: 5,000 articles", partial(stories_flood, 0)),
    Measure("store: keep 1,000", store_keep),
    Measure("render: 1,000 articles", render),
    Measure("collect, build, publish", build_all),
    Measure("mail: queue 10,000", mail.queueing),
    *(
        Measure(
            f"mail: send 10,000, {number} connections",
            partial(mail.sending, number),
            "smtplib alone, 10,000",
        )
        for number in (1, 4, 16)
    ),
    Measure("smtplib alone, 10,000", mail.smtplib_alone),
)
