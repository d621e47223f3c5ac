from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from briefing.gather import Feed, Http, settled
from briefing.gather import reading as reading_module
from briefing.gather.pending import MAX_TRIES
from briefing.model import Gathered, Pending, SourceState
from tests.web import Answer, Request, Route, Site, web_server

CASES = Path(__file__).parent / "cases" / "gather"
NOW = datetime(2020, 11, 20, 1, 0, tzinfo=UTC)
FIRST = datetime(2020, 11, 19, 1, 15, tzinfo=UTC)
SECOND = datetime(2020, 11, 18, 21, 0, tzinfo=UTC)
PAGE = "<html><body><p>Seluruh berita.</p></body></html>"
ETAG = {"ETag": '"1"'}
FORMATS = ["rss2.xml", "rss1.xml", "atom.xml", "feed.json"]


@pytest.fixture(scope="module")
def http() -> Iterator[Http]:
    with Http(private=True, deadline=5) as client:
        yield client


@pytest.fixture
def site() -> Iterator[Site]:
    with web_server({}) as running:
        yield running


def rss(*items: str) -> str:
    inner = "".join(f"<item>{item}</item>" for item in items)
    return (
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
        f"<channel><title>Warta</title>{inner}</channel></rss>"
    )


def visit(
    http: Http,
    site: Site,
    feed: Route,
    *,
    follow: bool = False,
    known: frozenset[str] = frozenset(),
) -> Gathered:
    site.routes["/feed"] = feed
    source = Feed("warta", site.url("/feed"), follow=follow, http=http)
    return source.fetch(
        state=SourceState("warta"), known=lambda url: url in known, now=NOW
    )


def problems(visited: Gathered) -> list[tuple[str, str, str]]:
    return [(one.subject, one.reason, one.detail) for one in visited.failures]


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_says_the_same(http: Http, site: Site, name: str) -> None:
    text = (CASES / name).read_text("utf-8").replace("BASE", site.url(""))
    visited = visit(http, site, text)
    assert problems(visited) == []
    assert visited.answered
    assert [(one.url, one.title, one.published) for one in visited.documents] == [
        (site.url("/satu.html"), "Konvoi logistik diserang di Anbar", FIRST),
        (site.url("/dua.html"), "Parlemen membahas jadwal penarikan", SECOND),
    ]
    for document in visited.documents:
        assert (document.outlet, document.language) == ("Kabar & Warta", "id")
        assert (document.media_type, document.charset) == ("text/html", "utf-8")
        assert (document.source, document.fetched) == ("warta", NOW)
    assert b"dini hari" in visited.documents[0].body
    assert b"tertutup" in visited.documents[1].body


def test_settings_win_over_the_feeds_word(http: Http, site: Site) -> None:
    site.routes["/feed"] = (CASES / "rss2.xml").read_bytes()
    source = Feed(
        "warta",
        site.url("/feed"),
        outlet="Kami",
        language="ms",
        follow=False,
        http=http,
    )
    visited = source.fetch(state=SourceState("warta"), known=lambda url: False, now=NOW)
    assert {(one.outlet, one.language) for one in visited.documents} == {("Kami", "ms")}


def test_new_entries_are_followed_to_their_pages(http: Http, site: Site) -> None:
    site.routes["/satu"] = Answer(PAGE, media_type="text/html; charset=windows-1252")
    feed = rss(
        "<link>/satu</link><title>A</title><description>Ringkas.</description>",
        "<link>/lama</link><title>B</title>",
    )
    visited = visit(http, site, feed, follow=True, known=frozenset({site.url("/lama")}))
    [document] = visited.documents
    assert (document.body, document.charset) == (PAGE.encode(), "windows-1252")
    assert (document.url, document.title) == (site.url("/satu"), "A")
    assert site.paths == ["/feed", "/robots.txt", "/satu"]
    assert visited.failures == ()


def test_a_page_that_fails_leaves_the_feeds_own_text(http: Http, site: Site) -> None:
    feed = Answer(
        rss("<link>/satu</link><title>A</title><description>Ringkas.</description>"),
        headers={"ETag": '"1"'},
    )
    visited = visit(http, site, feed, follow=True)
    [document] = visited.documents
    assert b"<p>Ringkas.</p>" in document.body
    assert problems(visited) == [(site.url("/satu"), "http-status", "404")]
    assert visited.answered
    assert visited.state.etag == '"1"'


def test_whole_articles_in_the_feed_are_taken_from_it(http: Http, site: Site) -> None:
    text = "Kalimat yang cukup panjang. " * 50
    feed = rss(
        f"<link>/satu</link><content:encoded>&lt;p&gt;{text}&lt;/p&gt;</content:encoded>"
        "<description>Ringkas.</description>"
    )
    visited = visit(http, site, feed, follow=True)
    assert text.strip().encode() in visited.documents[0].body
    assert site.paths == ["/feed"]


def test_a_host_without_answers_is_left_alone(http: Http, site: Site) -> None:
    dead = "http://host.invalid/"  # never exists: RFC 2606
    feed = rss(
        *(
            f"<link>{dead}{number}</link><description>Ringkas.</description>"
            for number in range(5)
        )
    )
    visited = visit(http, site, feed, follow=True)
    assert len(visited.documents) == 5
    details = [one.detail for one in visited.failures]
    assert details == ["no such host: host.invalid"] * 5


def test_entries_without_text(http: Http, site: Site) -> None:
    visited = visit(http, site, rss("<link>/satu</link><title>A</title>"))
    assert problems(visited) == [(site.url("/satu"), "empty", "")]


def test_entries_that_share_a_link_are_all_kept(http: Http, site: Site) -> None:
    item = "<link>/satu</link><guid isPermaLink='false'>{}</guid><description>{}</description>"
    one, two, three = (
        item.format(*each) for each in ((1, "Satu."), (2, "Dua."), (3, "Tiga."))
    )
    first = visit(http, site, rss(two, one)).documents
    assert [b"Satu." in document.body for document in first] == [False, True]
    assert first[1].url == site.url("/satu")  # the oldest has it, and keeps it
    known = frozenset(document.url for document in first)
    second = visit(http, site, rss(three, two, two, one), known=known).documents
    assert [b"Tiga." in document.body for document in second] == [True]


def test_an_id_that_changes_makes_no_new_entry(http: Http, site: Site) -> None:
    item = "<link>/satu</link><guid isPermaLink='false'>{}</guid><description>Isi.</description>"
    [document] = visit(http, site, rss(item.format("a"))).documents
    again = visit(http, site, rss(item.format("b")), known=frozenset({document.url}))
    assert (again.documents, again.failures) == ((), ())


def test_entries_without_an_address_for_readers(http: Http, site: Site) -> None:
    feed = rss(
        "<guid isPermaLink='false'>warta-1</guid><description>Isi satu.</description>",
        "<link>mailto:redaksi@warta.example</link><description>Isi dua.</description>",
        "<description>Isi tiga.</description>",
        "<link>ftp://warta.example/a</link><title>Empat</title>",
        "<title>Lima</title>",
    )
    first, second = (visit(http, site, feed, follow=True) for _ in range(2))
    assert [one.url.partition("/")[0] for one in first.documents] == ["feed:warta"] * 3
    assert len({one.url for one in first.documents}) == 3
    assert first.documents == second.documents
    assert problems(first) == [
        ("warta", "unsupported", "ftp://warta.example/a"),
        ("warta", "empty", "Lima"),
    ]


def test_an_entry_taken_over_names_its_origin(http: Http, site: Site) -> None:
    feed = rss(
        "<link>/satu</link><description>Isi.</description>"
        "<source url='http://lain.example/feed'>Kantor &amp;amp; Lain</source>"
    )
    assert visit(http, site, feed).documents[0].outlet == "Kantor & Lain"


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("Thu, 19 Nov 2020 08:15:00 +0700", FIRST),
        ("2020-11-19T08:15:00+07:00", FIRST),
        ("Sat, 21 Nov 2020 00:00:00 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("0000-00-00 00:00:00", None),
        ("entah kapan", None),
        ("", None),
    ],
    ids=["RFC 822", "RFC 3339", "future", "unset clock", "zeros", "unknown", "none"],
)
def test_dates(http: Http, site: Site, stamp: str, expected: datetime | None) -> None:
    feed = rss(
        f"<link>/a</link><description>Isi.</description><pubDate>{stamp}</pubDate>"
    )
    assert visit(http, site, feed).documents[0].published == expected


@pytest.mark.parametrize(
    "stamp",
    [
        "Kamis, 19 November 2020 08:15 WIB",
        "Thu, 19 Nov 2020 08:15:00 WIB",
        "Kam, 19 Nov 2020 10:15 WIT",
        "Kamis, 19 Nopember 2020 01:15",
        "Rab, 19 Nov 2020 01:15:00",  # a Thursday
    ],
)
@pytest.mark.parametrize(
    "language", ["<language>id</language>", "<language>en-US</language>", ""]
)
def test_indonesian_dates(http: Http, site: Site, stamp: str, language: str) -> None:
    feed = rss(
        f"<link>/a</link><description>Isi.</description><pubDate>{stamp}</pubDate>"
    ).replace("<title>Warta", f"{language}<title>Warta")
    assert visit(http, site, feed).documents[0].published == FIRST


def test_more_new_entries_than_one_visit_reads(
    http: Http, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest come first, the others at the next visit; nothing is lost in silence."""
    monkeypatch.setattr(reading_module, "MAX_ENTRIES", 2)
    item = "<link>/{0}</link><description>Isi.</description><pubDate>{0} Nov 2020 08:15:00 GMT</pubDate>"
    undated = "<link>/x</link><description>Isi.</description>"
    feed = rss(undated, *(item.format(day) for day in (3, 1, 2)))
    first = visit(http, site, feed)
    assert [one.url for one in first.documents] == [site.url("/3"), site.url("/2")]
    assert [(one.reason, one.detail) for one in first.failures] == [
        ("too-large", "2 entries were read, left for the next visit: 2")
    ]
    assert (first.state.etag, first.state.last_modified) == (None, None)
    read = frozenset(one.url for one in first.documents)
    second = visit(http, site, feed, known=read)
    assert [one.url for one in second.documents] == [site.url("/x"), site.url("/1")]
    assert second.failures == ()


def visits(source: Feed, *moments: datetime) -> Iterator[Gathered]:
    """Yield the visits of `source`, each with what the one before remembered."""
    state, kept = SourceState(source.id), set[str]()
    for now in moments:
        visited = source.fetch(state=state, known=kept.__contains__, now=now)
        kept |= {one.url for one in visited.documents}
        state = settled(visited.state, visited.documents, unread=(), now=now)
        yield replace(visited, state=state)


@pytest.mark.parametrize("status", [503, 404, 403])
@pytest.mark.parametrize("text", ["<description>Ringkas.</description>", ""])
def test_a_page_that_cannot_be_read_is_tried_again_though_the_feed_is_unchanged(
    http: Http, site: Site, status: int, text: str
) -> None:
    feed = rss(f"<link>/satu</link><title>Judul</title>{text}")

    def unchanged(request: Request) -> Answer:
        known = "if-none-match" in request.headers
        return Answer(b"" if known else feed, 304 if known else 200, headers=ETAG)

    site.routes |= {"/feed": unchanged, "/satu": Answer(status=status)}
    source = Feed("warta", site.url("/feed"), http=http)
    later = [NOW + timedelta(minutes=minutes) for minutes in (0, 55, 110, 250)]
    found = visits(source, *later)
    first = next(found)
    assert [one.incomplete for one in first.documents] == ([True] if text else [])
    assert [(one.url, one.tries) for one in first.state.pending] == [
        (site.url("/satu"), 1)
    ]
    second = next(found)  # its wait is the source's, and a little more
    assert (second.documents, second.failures) == ((), ())
    third = next(found)
    assert [one.tries for one in third.state.pending] == [2]
    site.routes["/satu"] = "<p>Semua.</p>"
    last = next(found)
    [whole] = last.documents
    assert (whole.title, whole.outlet, whole.incomplete) == ("Judul", "Warta", False)
    assert last.state.pending == ()
    assert site.paths.count("/satu") == 3


def test_a_page_that_never_can_be_read_is_given_up(http: Http, site: Site) -> None:
    site.routes["/feed"] = Answer(rss("<link>/satu</link><title>A</title>"))
    site.routes["/satu"] = Answer(status=403)
    source = Feed("warta", site.url("/feed"), http=http)
    days = [NOW + timedelta(days=day) for day in range(MAX_TRIES + 3)]
    told = [problems(visited) for visited in visits(source, *days)]
    assert site.paths.count("/satu") == MAX_TRIES
    assert [one[0][2] for one in told[: MAX_TRIES - 1]] == ["403"] * (MAX_TRIES - 1)
    assert told[MAX_TRIES - 1 :] == [
        [(site.url("/satu"), "http-status", "403; given up after 6 tries")], [], [], []
    ]  # fmt: skip


def test_what_was_given_up_is_forgotten_with_its_entry(http: Http, site: Site) -> None:
    gone = Pending("https://lama.example/a", tries=MAX_TRIES)
    site.routes["/feed"] = Answer(
        rss("<link>/satu</link><description>Isi.</description>")
    )
    source = Feed("warta", site.url("/feed"), follow=False, http=http)
    state = SourceState("warta", source.url, pending=(gone,))
    visited = source.fetch(state=state, known=lambda url: False, now=NOW)
    assert visited.state.pending == ()


def test_a_feed_that_was_cut_off_is_read_again(http: Http, site: Site) -> None:
    whole = rss("<link>/a</link><description>Isi.</description>")
    half = whole[: whole.index("</channel>")]
    site.routes["/feed"] = Answer(half, headers=ETAG)
    source = Feed("warta", site.url("/feed"), follow=False, http=http)
    visited = source.fetch(state=SourceState("warta"), known=lambda url: False, now=NOW)
    assert (len(visited.documents), visited.state.etag) == (1, None)


def test_conditional_requests(http: Http, site: Site) -> None:
    def feed(request: Request) -> Answer:
        if request.headers.get("if-none-match") == 'W/"a  b"':
            return Answer(status=304)
        headers = {"ETag": 'W/"a  b"', "Last-Modified": "Thu, 19 Nov 2020"}
        return Answer(
            rss("<link>/a</link><description>Isi.</description>"), headers=headers
        )

    site.routes["/feed"] = feed
    source = Feed("warta", site.url("/feed"), follow=False, http=http)
    first = source.fetch(state=SourceState("warta"), known=lambda url: False, now=NOW)
    assert len(first.documents) == 1
    assert first.state == SourceState(
        "warta",
        source.url,
        'W/"a  b"',
        "Thu, 19 Nov 2020",
        NOW,
        NOW,
        due=first.state.due,
        meaning=first.state.meaning,
        listed=first.state.listed,
    )
    later = datetime(2020, 11, 21, tzinfo=UTC)
    second = source.fetch(state=first.state, known=lambda url: False, now=later)
    assert site.requests[1].headers["if-modified-since"] == "Thu, 19 Nov 2020"
    assert (second.documents, second.answered) == ((), True)
    assert (second.state.etag, second.state.last_modified) == (
        'W/"a  b"',
        "Thu, 19 Nov 2020",
    )
    assert second.state.checked == second.state.answered == later


def test_validators_of_another_address_are_not_sent(http: Http, site: Site) -> None:
    site.routes["/feed"] = rss()
    state = SourceState("warta", "http://lain.example/", '"1"')
    source = Feed("warta", site.url("/feed"), http=http)
    visited = source.fetch(state=state, known=lambda url: False, now=NOW)
    assert "if-none-match" not in site.requests[0].headers
    assert (visited.state.address, visited.state.etag) == (source.url, None)


def test_a_feed_without_entries_is_all_right(http: Http, site: Site) -> None:
    visited = visit(http, site, rss())
    assert (visited.documents, visited.failures, visited.answered) == ((), (), True)


def test_a_failed_visit_keeps_what_was_remembered(http: Http, site: Site) -> None:
    state = SourceState("warta", site.url("/feed"), '"1"', None, NOW, NOW, failures=1)
    source = Feed("warta", site.url("/feed"), http=http)
    later = datetime(2020, 11, 21, tzinfo=UTC)
    visited = source.fetch(state=state, known=lambda url: False, now=later)
    assert not visited.answered
    assert visited.state == SourceState(
        "warta",
        site.url("/feed"),
        '"1"',
        None,
        later,
        NOW,
        failures=2,
        reason="http-status",
        detail="404",
        due=visited.state.due,
        meaning=visited.state.meaning,
    )
    assert problems(visited) == [("warta", "http-status", "404")]


def test_a_redirected_feed_has_links_relative_to_where_it_is(
    http: Http, site: Site
) -> None:
    with web_server(
        {"/b/feed": rss("<link>a</link><description>Isi.</description>")}
    ) as other:
        moved = Answer(status=301, headers={"Location": other.url("/b/feed")})
        assert visit(http, site, moved).documents[0].url == other.url("/b/a")
