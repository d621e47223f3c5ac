"""Small answers that are much work: whatever comes, the other sources are read."""

from __future__ import annotations

import gzip
import threading
from datetime import UTC, datetime

import pytest

from briefing.gather import Feed, Http, connection, gather, links, parsing
from briefing.gather.address import web_address
from briefing.gather.entries import MAX_ENTRIES_READ
from briefing.gather.outcome import MAX_TOLD
from briefing.gather.section import Section
from briefing.gather.sitemap import Sitemap
from briefing.model import Gathered, SourceState
from briefing.workers import Processes
from tests.web import Answer, Route, web_server

NOW = datetime(2024, 11, 20, 1, 0, tzinfo=UTC)
HEAD = "<rss version='2.0'><channel><title>K</title>"
GOOD = f"{HEAD}<item><title>J</title><link>/a</link></item></channel></rss>"
BROKEN = f"{HEAD}<item><title>J</b></title><link>/a</link></item>"


def packed(body: str, media_type: str = "application/rss+xml") -> Answer:
    """Return an answer that is small on the way."""
    return Answer(
        gzip.compress(body.encode()),
        media_type=media_type,
        headers={"Content-Encoding": "gzip"},
    )


def told(visit: Gathered) -> list[tuple[str, str]]:
    return [(one.reason, one.detail) for one in visit.failures]


@pytest.mark.parametrize(
    "piece", ["<b>", "<a ", "&"], ids=["tags", "half a tag", "references"]
)
def test_a_feed_that_is_too_much_work(
    piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        parsing, "parsers", lambda: Processes(2, few=2, seconds=1, memory=400_000_000)
    )
    bomb = packed(HEAD + piece * (4_900_000 // len(piece)))
    routes: dict[str, Route] = {"/bomb": bomb, "/good": GOOD, "/a": "<p>Isi"}
    with web_server(routes) as site, Http(private=True) as http:
        feeds = [
            Feed(name, site.url(f"/{name}"), http=http, private=True)
            for name in ("bomb", "good")
        ]
        bad, good = gather(feeds, state=SourceState, known=lambda url: False, now=NOW)
    assert len(good.documents) == 1
    assert not bad.documents
    [(reason, _)] = told(bad)
    assert reason in {"too-slow", "too-big", "too-large"}


MANY = MAX_ENTRIES_READ + 3
LONG = {
    "strict": (Feed, HEAD + "<item><link>/a</link></item>" * MANY + "</channel></rss>"),
    "json": (Feed, '{"items":[' + ",".join(['{"id":"1","url":"/a"}'] * MANY) + "]}"),
    "section": (Section, "".join(f"<a href=/a/{n}>" for n in range(MANY))),
    "sitemap": (
        Sitemap,
        "<urlset>"
        + "".join(f"<url><loc>http://a.example/{n}</loc></url>" for n in range(MANY))
        + "</urlset>",
    ),
}


def test_a_broken_feed_is_read_in_another_process() -> None:
    with web_server({"/feed": BROKEN, "/a": "<p>Isi"}) as site, Http() as http:
        feed = Feed("s", site.url("/feed"), http=http, private=True)
        [visit] = gather([feed], state=SourceState, known=lambda url: False, now=NOW)
    assert len(visit.documents) == 1


def test_of_a_broken_feed_without_end_the_first_are_looked_at() -> None:
    feed = parsing.parse_feed((HEAD + "<item><link>/a</link></item>" * MANY).encode())
    assert (len(feed.entries), feed.unread) == (MAX_ENTRIES_READ, 3)


@pytest.mark.parametrize("kind", sorted(LONG))
def test_of_a_list_without_end_the_first_are_looked_at(kind: str) -> None:
    source, body = LONG[kind]
    media_type = "text/html" if kind == "section" else "application/xml"
    asked: set[str] = set()

    def known(url: str) -> bool:
        asked.add(url)
        return True

    options = {"pattern": "/a/*"} if kind == "section" else {}
    with web_server({"/list": packed(body, media_type)}) as site, Http() as http:
        [visit] = gather(
            [source("s", site.url("/list"), http=http, private=True, **options)],
            state=SourceState,
            known=known,
            now=NOW,
        )
    assert visit.answered
    detail = f"{MAX_ENTRIES_READ} entries were looked at, 3 were not"
    assert told(visit)[-1] == ("too-large", detail)
    assert 0 < len(asked) <= MAX_ENTRIES_READ


def test_of_a_page_of_links_without_end_the_first_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[str] = []

    def counted(link: str, *, base: str) -> str | None:
        looked.append(link)
        return web_address(link, base=base)

    monkeypatch.setattr(links, "web_address", counted)
    many = "".join(f"<a href=/b/{n}>" for n in range(links.MAX_LINKS + 7))
    page = packed("<a href=/a/1><a href=/a/1#isi>" + many, "text/html")
    detail = f"{links.MAX_LINKS} links were looked at, 9 were not"
    with web_server({"/list": page}) as site, Http() as http:
        for pattern, told_too in (("/a/*", []), ("/c/*", ["no link fits /c/*"])):
            looked.clear()
            source = Section("s", site.url("/list"), pattern, http=http, private=True)
            [visit] = gather(
                [source], state=SourceState, known=lambda url: True, now=NOW
            )
            assert visit.answered
            assert [detail for _, detail in told(visit)] == [detail, *told_too]
            assert len(looked) == links.MAX_LINKS - 1  # one is there twice


def test_failures_of_one_kind_are_told_together() -> None:
    items = "<item></item>" * 99 + "<item><link>mailto:a@b.example</link></item>"
    body = f"{HEAD}{items}<item><link>/a</link></item></channel></rss>"
    with web_server({"/feed": body}) as site, Http() as http:
        [visit] = gather(
            [Feed("s", site.url("/feed"), http=http, private=True)],
            state=SourceState,
            known=lambda url: True,
            now=NOW,
        )
    reasons = [reason for reason, _ in told(visit)]
    assert reasons.count("empty") == MAX_TOLD + 1
    assert reasons.count("unsupported") == 1
    assert ("empty", f"and {99 - MAX_TOLD} more") in told(visit)


def test_pages_of_one_visit_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MAX_HELD", 5_000)
    monkeypatch.setattr(connection, "AT_A_TIME", 1)
    items = "".join(f"<item><link>/{n}</link></item>" for n in range(6))
    routes: dict[str, Route] = {f"/{n}": packed("<p>Isi " * 500, "text/html") for n in range(6)}  # fmt: skip
    routes["/feed"] = Answer(f"{HEAD}{items}</channel></rss>", headers={"ETag": '"1"'})
    with web_server(routes) as site, Http() as http:
        [visit] = gather(
            [Feed("s", site.url("/feed"), http=http, private=True)],
            state=SourceState,
            known=lambda url: False,
            now=NOW,
        )
    assert len(visit.documents) == 2
    assert told(visit) == [("too-large", "64 MB were read, left for the next visit")] * 4  # fmt: skip
    assert len(visit.state.pending) == 4


def test_a_visit_takes_no_more_than_its_share_of_requests() -> None:
    with web_server({}) as site, Http(private=True, per_host=200) as http:
        site.routes = {f"/{n}": Answer(wait_for=threading.Event()) for n in range(60)}
        found = http.get_many([site.url(path) for path in site.routes], within=1)
        assert found == [None] * 60
        assert 0 < len(site.requests) <= connection.AT_A_TIME
