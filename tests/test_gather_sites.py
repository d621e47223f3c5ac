"""Sites, sections and sitemaps, on real servers."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fnmatch import translate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.gather import Http, guard
from briefing.gather import reading as reading_module
from briefing.gather import sitemap as sitemap_module
from briefing.gather.discovery import find_feed
from briefing.gather.links import feed_links, page_links
from briefing.gather.pace import LONGEST_LEFT, last_look, look_after_left
from briefing.gather.pattern import compiled, matches
from briefing.gather.response import FetchError, Response
from briefing.gather.section import Section
from briefing.gather.site import Site as SiteSource
from briefing.gather.sitemap import Sitemap, parse_sitemap
from briefing.model import Gathered, SourceState
from tests.web import Answer, Request, Site, web_server

NOW = datetime(2024, 12, 1, tzinfo=UTC)
PAGE = "<html><body><p>Seluruh berita.</p></body></html>"
FEED = (
    "<rss version='2.0'><channel><title>Warta</title><item><title>A</title>"
    "<link>/a</link><description>Isi.</description></item></channel></rss>"
)


@pytest.fixture(scope="module")
def http() -> Iterator[Http]:
    with Http(deadline=5, private=True) as client:
        yield client


@pytest.fixture
def site() -> Iterator[Site]:
    with web_server({}) as running:
        yield running


def visit(
    source: SiteSource | Section | Sitemap,
    state: SourceState | None = None,
    *,
    known: tuple[str, ...] = (),
) -> Gathered:
    before = state or SourceState(source.id)
    now = before.due or NOW
    return source.fetch(state=before, known=lambda url: url in known, now=now)


def paths(visited: Gathered) -> list[str]:
    return ["/" + one.url.split("/", 3)[3] for one in visited.documents]


def problems(visited: Gathered) -> list[tuple[str, str]]:
    return [(one.reason, one.detail) for one in visited.failures]


# --- sites ---------------------------------------------------------------------------------


def front(*links: str) -> str:
    return f"<html><head>{''.join(links)}</head><body>Depan</body></html>"


def link(href: str, kind: str = "application/rss+xml", title: str = "") -> str:
    return f"<link rel='alternate' type='{kind}' href='{href}' title='{title}'>"


def test_a_feed_elsewhere_is_a_link(http: Http, site: Site) -> None:
    """Its robots.txt counts; that of the site, which offers its feed, does not."""
    with web_server({"/feed": FEED}) as other:
        site.routes["/"] = front(link(other.url("/feed")))
        for rules, found in (("", True), ("User-agent: *\nDisallow: /", False)):
            other.routes["/robots.txt"] = site.routes["/robots.txt"] = rules
            with Http(private=True) as reader:
                feed = find_feed(reader, site.url("/"))
            assert (feed is not None) == found
    site.routes["/rss"] = FEED
    found_here = find_feed(http, site.url("/"))
    assert found_here is not None
    assert found_here.url == site.url("/rss")


def test_a_feed_at_an_odd_port_is_not_asked(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "is_public", lambda address: True)
    with web_server({"/feed": FEED}) as other, Http() as reader:
        site.routes["/"] = front(link(other.url("/feed")))
        assert find_feed(reader, site.url("/")) is None
        assert not other.requests


def test_the_feed_that_the_front_page_names(http: Http, site: Site) -> None:
    site.routes = {
        "/": front(link("/komentar.xml", title="Komentar"), link("umpan.xml")),
        "/umpan.xml": FEED,
    }
    source = SiteSource("warta", site.url("/"), follow=False, http=http)
    first = visit(source)
    assert (paths(first), first.failures) == (["/a"], ())
    assert site.paths == ["/", "/umpan.xml", "/umpan.xml"]
    second = visit(source, first.state, known=(site.url("/a"),))
    assert site.paths[3:] == ["/umpan.xml"]  # it is remembered
    assert (second.documents, second.failures) == ((), ())


def test_a_site_behind_a_password(http: Http, site: Site) -> None:
    def asked(request: Request, then: Answer | str) -> Answer | str:
        return then if "authorization" in request.headers else Answer(status=401)

    site.routes = {
        "/": lambda one: asked(one, front(link("/umpan"))),
        "/umpan": lambda one: asked(
            one, Answer(status=302, headers={"Location": "/umpan/"})
        ),
        "/umpan/": lambda one: asked(one, FEED),
    }
    url = site.url("/").replace("//", "//ani:rahasia@")
    source = SiteSource("warta", url, follow=False, http=http)
    first = visit(source)
    assert (paths(first), first.failures) == (["/a"], ())
    assert visit(source, first.state).answered
    assert "rahasia" not in repr(first)


def test_a_password_is_for_one_origin(http: Http, site: Site) -> None:
    with web_server({"/umpan": FEED}) as other:
        away = Answer(status=302, headers={"Location": other.url("/umpan")})
        site.routes = {"/": front(link(other.url("/umpan"))), "/umpan": away}
        for path in ("/", "/umpan"):
            url = site.url(path).replace("//", "//ani:rahasia@")
            assert visit(SiteSource("warta", url, follow=False, http=http)).answered
        assert all("authorization" not in one.headers for one in other.requests)
        assert all("authorization" in one.headers for one in site.requests)


def test_the_usual_paths_where_no_feed_is_named(http: Http, site: Site) -> None:
    site.routes = {"/": front(link("/tiada")), "/rss": FEED}
    source = SiteSource("warta", site.url("/"), follow=False, http=http)
    assert paths(visit(source)) == ["/a"]


def test_an_address_that_is_a_feed_itself(http: Http, site: Site) -> None:
    site.routes = {"/": FEED}
    source = SiteSource("warta", site.url("/"), follow=False, http=http)
    assert paths(visit(source)) == ["/a"]


@pytest.mark.parametrize("now_there", [Answer(status=410), PAGE])
def test_a_feed_that_is_gone_is_looked_for_again(
    http: Http, site: Site, now_there: Answer | str
) -> None:
    site.routes = {"/": front(link("/lama.xml")), "/lama.xml": FEED}
    source = SiteSource("warta", site.url("/"), follow=False, http=http)
    first = visit(source)
    site.routes = {
        "/": front(link("/baru.xml")),
        "/lama.xml": now_there,
        "/baru.xml": FEED,
    }
    second = visit(source, first.state)
    assert second.answered
    assert second.state.address == site.url("/")
    assert second.state.feed == site.url("/baru.xml")


def test_a_feed_that_fails_for_a_while_is_not_looked_for(
    http: Http, site: Site
) -> None:
    site.routes = {"/": front(link("/umpan.xml")), "/umpan.xml": FEED}
    source = SiteSource("warta", site.url("/"), follow=False, http=http)
    first = visit(source)
    site.routes["/umpan.xml"] = Answer(status=500)
    second = visit(source, first.state)
    assert problems(second) == [("http-status", "500")]
    assert site.paths[-1] == "/umpan.xml"


def test_a_site_without_a_feed(http: Http, site: Site) -> None:
    source = SiteSource("warta", site.url("/"), http=http)
    assert problems(visit(source)) == [("http-status", "404")]
    site.routes = {"/": front()}
    detail = f"no feed found at {site.url('/')}"
    assert problems(visit(source)) == [("not-a-feed", detail)]


# --- sections ------------------------------------------------------------------------------


def test_links_that_fit_are_articles(http: Http, site: Site) -> None:
    site.routes = {
        "/nasional": "<a href='/berita/1'>Satu</a> <a href='/berita/1#isi'>lagi</a>"
        "<a href='/tentang'>Kami</a><a href='berita/2'>Dua</a><a>x</a><a href='#'>x</a>",
        "/berita/1": PAGE,
        "/berita/2": PAGE,
    }
    source = Section("warta", site.url("/nasional"), "/berita/*", http=http)
    first = visit(source)
    assert (paths(first), first.failures) == (["/berita/1", "/berita/2"], ())
    assert first.documents[0].body == PAGE.encode()
    again = visit(source, first.state, known=(site.url("/berita/1"),))
    assert paths(again) == ["/berita/2"]


def test_a_section_where_nothing_fits_says_so(http: Http, site: Site) -> None:
    site.routes = {"/nasional": Answer("<a href='/x'>X</a>", headers={"ETag": '"1"'})}
    source = Section("warta", site.url("/nasional"), "/berita/*", http=http)
    visited = visit(source)
    assert problems(visited) == [("empty", "no link fits /berita/*")]
    assert visited.state.etag is None


def test_a_section_that_has_not_changed_or_fails(http: Http, site: Site) -> None:
    source = Section("warta", site.url("/nasional"), "/berita/*", http=http)
    assert problems(visit(source)) == [("http-status", "404")]
    site.routes = {"/nasional": Answer(status=304)}
    state = SourceState("warta", site.url("/nasional"), '"1"')
    assert visit(source, state).answered


@pytest.mark.parametrize(
    ("pattern", "url", "fits"),
    [
        ("/berita/*", "https://a.example/berita/x/y?z=1", True),
        ("/berita/*", "https://a.example/x/berita/y", False),
        ("https://a.example/20??/*", "https://a.example/2024/x", True),
        ("https://a.example/20??/*", "https://b.example/2024/x", False),
        (r"re:/\d{4}/\d{2}/", "https://a.example/2024/11/x", True),
        (r"re:/\d{4}/\d{2}/", "https://a.example/arsip", False),
        ("re:^https://a", "https://a.example/", True),
        ("/berita/*", "http://news.a.example/berita/x", True),
        ("/berita/*", "https://iklan.example/berita/x", False),
        ("re:/berita/", "https://iklan.example/berita/x", False),
        ("https://lain.example/berita/*", "https://lain.example/berita/x", True),
        (r"re:^https?:\/\/lain\.", "https://lain.example/berita/x", True),
        ("/berita/*", "http://[/berita/x", False),
        ("*/berita/*", "http://[/berita/x", False),
    ],
)
def test_patterns(pattern: str, url: str, fits: bool) -> None:
    assert matches(pattern, url, site="https://www.a.example/daerah") is fits


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("re:(", "not a regular expression: missing ): ("),
        ("re:(?<!x)y", "not a regular expression: invalid perl operator: (?<"),
        (r"re:(a)\1", "not a regular expression: invalid escape sequence: \\1"),
        (r"re:/\d+\Z", r"the end of a text is \z"),
        ("re:(?:(?:x{1000}){1000}){1000}", "not a regular expression: "),
    ],
)
def test_a_pattern_that_is_none(pattern: str, told: str) -> None:
    with pytest.raises(ValueError, match="not a regular expression") as caught:
        compiled(pattern)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@given(
    st.text(alphabet="a-b[]!^*?\\\\.(>é\n", max_size=8),
    st.text(alphabet="a-b[]!^*?\\\\.(>é\n", max_size=8),
)
def test_globs_mean_what_they_do_in_a_shell(glob: str, text: str) -> None:
    wanted = re.compile(translate(glob))
    try:
        fits = compiled(glob)
    except ValueError as error:
        told = str(error)
    else:
        assert (fits.match(text) is not None) == (wanted.match(text) is not None)
        return
    assert "character class range" in told


@pytest.mark.parametrize(
    "pattern",
    ["*a*a*a*!", "re:(a+)+!", "re:(a|a)*!", "re:(.*a){30}!", "re:(?:a?){60}a{60}!"],
)
def test_no_pattern_makes_a_visit_hang(pattern: str) -> None:
    """Each of these takes `re` longer than anyone can wait."""
    url = "https://a.example/" + "a" * 3_000
    assert not matches(pattern, url, site="https://a.example/")
    assert matches(pattern, f"{url}!", site="https://a.example/")


@given(
    st.text(max_size=80) | st.binary(max_size=80).map(lambda raw: raw.decode("latin-1"))
)
def test_links_of_any_page(text: str) -> None:
    page = Response("http://a.example/", 200, text.encode("utf-8", "replace"))
    assert all(url.startswith("http") for url in feed_links(page) + page_links(page))


def test_links_are_relative_to_the_base() -> None:
    body = b"<base href='/b/'><a href='c'>C</a><link rel='alternate' type='application/atom+xml' href='d'>"
    page = Response("http://a.example/x/y", 200, body)
    assert page_links(page) == ["http://a.example/b/c"]
    assert feed_links(page) == ["http://a.example/b/d"]
    bad = Response("http://a.example/x/y", 200, b"<base href='http://['><a href='c'>")
    assert page_links(bad) == ["http://a.example/x/c"]


def test_a_base_without_end_is_joined_to_no_link() -> None:
    body = f"<base href='http://a.example/{'b' * 100_000}/'><a href='c'><a href='http://b.example/d'>"
    found = page_links(Response("http://a.example/", 200, body.encode()))
    assert found == ["http://b.example/d"]


# --- sitemaps ------------------------------------------------------------------------------

SPACES = (
    "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
    "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9' "
    "xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'"
)


def urls(*inner: str) -> str:
    return f"<?xml version='1.0'?><urlset {SPACES}>{''.join(f'<url>{one}</url>' for one in inner)}</urlset>"


def index(*inner: str) -> str:
    return f"<sitemapindex {SPACES}>{''.join(f'<sitemap>{one}</sitemap>' for one in inner)}</sitemapindex>"


def test_a_sitemap_for_news(http: Http, site: Site) -> None:
    site.routes = {
        "/berita.xml": urls(
            f"<loc>{site.url('/a')}</loc><image:image><image:title>Foto</image:title></image:image>"
            "<news:news><news:publication><news:name>Kabar Contoh</news:name>"
            "<news:language>id</news:language></news:publication>"
            "<news:publication_date>2024-11-30T08:00:00+07:00</news:publication_date>"
            "<news:title>Harga &amp; upah</news:title></news:news>",
            f"<loc>{site.url('/lama')}</loc><lastmod>2024-11-01</lastmod>",
        ),
        "/a": PAGE,
    }
    [document] = visit(Sitemap("warta", site.url("/berita.xml"), http=http)).documents
    assert (document.url, document.title) == (site.url("/a"), "Harga & upah")
    assert (document.outlet, document.language) == ("Kabar Contoh", "id")
    assert document.published == datetime(2024, 11, 30, 1, tzinfo=UTC)
    assert site.paths == ["/berita.xml", "/robots.txt", "/a"]


def test_an_index_of_packed_sitemaps(http: Http, site: Site) -> None:
    packed = gzip.compress(urls(f"<loc>{site.url('/berita/1')}</loc>").encode())
    site.routes = {
        "/peta.xml": Answer(
            index(
                f"<loc>{site.url('/satu.xml.gz')}</loc><lastmod>2024-11-30</lastmod>",
                f"<loc>{site.url('/lama.xml')}</loc><lastmod>2020-01-01</lastmod>",
                f"<loc>{site.url('/tiada.xml')}</loc>",
            ),
            headers={"ETag": '"1"'},
        ),
        "/satu.xml.gz": Answer(packed, media_type="application/gzip"),
        "/berita/1": PAGE,
    }
    visited = visit(Sitemap("warta", site.url("/peta.xml"), http=http))
    assert paths(visited) == ["/berita/1"]
    assert problems(visited) == [("http-status", "404")]
    assert visited.state.etag is None
    assert "/lama.xml" not in site.paths


def test_an_index_within_an_index_is_no_article(http: Http, site: Site) -> None:
    site.routes = {
        "/peta.xml": index(f"<loc>{site.url('/dalam.xml')}</loc>"),
        "/dalam.xml": index(f"<loc>{site.url('/satu.xml')}</loc>"),
        "/satu.xml": PAGE,
    }
    visited = visit(Sitemap("warta", site.url("/peta.xml"), http=http))
    assert problems(visited) == [("unsupported", "an index within an index")]
    assert "/satu.xml" not in site.paths


def test_patterns_and_caps(
    http: Http, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_module, "MAX_ENTRIES", 1)
    monkeypatch.setattr(sitemap_module, "MAX_SITEMAPS", 1)
    places = [f"<loc>{site.url(path)}</loc>" for path in ("/b/1", "/b/2", "/tag/x")]
    site.routes = {
        "/peta.xml": index(*(f"<loc>{site.url('/satu.xml')}</loc>",) * 2),
        "/satu.xml": urls(*places),
        "/b/1": PAGE,
        "/b/2": PAGE,
    }
    visited = visit(Sitemap("warta", site.url("/peta.xml"), "/b/*", http=http))
    assert len(visited.documents) == 1
    assert problems(visited) == [
        ("too-large", "1 of 2 sitemaps not read"),
        ("too-large", "1 entries were read, left for the next visit: 1"),
    ]


def test_a_sitemap_that_has_not_changed_or_fails(http: Http, site: Site) -> None:
    source = Sitemap("warta", site.url("/peta.xml"), http=http)
    assert problems(visit(source)) == [("http-status", "404")]
    site.routes = {"/peta.xml": PAGE}
    assert problems(visit(source)) == [("not-a-feed", "html, not a sitemap")]
    site.routes = {"/peta.xml": Answer(status=304)}
    state = SourceState("warta", site.url("/peta.xml"), '"1"')
    assert visit(source, state).answered


def test_bodies_that_are_no_sitemap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap_module, "MAX_BYTES", 1_000)
    for body, reason in (
        (b"", "not-a-feed"),
        (b"Isi", "not-a-feed"),
        (b"\x1f\x8bx", "broken-feed"),
        (gzip.compress(b" " * 2_000), "too-large"),
    ):
        with pytest.raises(FetchError) as caught:
            parse_sitemap(Response("http://a.example/", 200, body))
        assert caught.value.reason == reason


def dated(site: Site, *days: int) -> str:
    """Return a sitemap with a page of each of these days of November, which are served too."""
    for day in days:
        site.routes[f"/b/{day}"] = PAGE
    return urls(
        *(
            f"<loc>{site.url(f'/b/{day}')}</loc><lastmod>2024-11-{day:02}</lastmod>"
            for day in days
        )
    )


def catching_up(
    source: Sitemap, state: SourceState, *, known: set[str], visits: int
) -> tuple[list[int], SourceState]:
    """Return the days whose pages so many visits bring, one after another, and the state then."""
    found = []
    for _ in range(visits):
        now = max(NOW, state.due or NOW)
        visited = source.fetch(state=state, known=known.__contains__, now=now)
        known.update(one.url for one in visited.documents)
        found += [int(one.url.rpartition("/")[2]) for one in visited.documents]
        state = visited.state
    return found, state


def test_all_of_a_long_absence_is_read_however_many_visits_it_takes(
    http: Http, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_module, "MAX_ENTRIES", 4)
    site.routes["/peta.xml"] = dated(site, *range(1, 16))
    source = Sitemap("warta", site.url("/peta.xml"), http=http)
    state = SourceState("warta", answered=datetime(2024, 11, 5, tzinfo=UTC))
    known = {site.url("/b/2"), site.url("/b/3")}
    found, state = catching_up(source, state, known=known, visits=2)
    assert state.complete == datetime(2024, 11, 5, tzinfo=UTC)
    more, state = catching_up(source, state, known=known, visits=2)
    assert sorted(found + more) == list(range(4, 16))
    site.routes["/peta.xml"] = dated(site, *range(1, 30))
    last, state = catching_up(source, state, known=known, visits=1)
    assert (last, state.complete) == ([29], None)


def test_of_an_index_with_a_sitemap_a_day_all_that_were_missed_are_read(
    http: Http, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap_module, "MAX_SITEMAPS", 4)
    days = range(1, 30)
    for day in days:
        site.routes[f"/{day}.xml"] = dated(site, day)
    site.routes["/peta.xml"] = index(
        *(
            f"<loc>{site.url(f'/{day}.xml')}</loc><lastmod>2024-11-{day:02}</lastmod>"
            for day in days
        )
    )
    source = Sitemap("warta", site.url("/peta.xml"), http=http)
    state = SourceState("warta", answered=datetime(2024, 11, 8, tzinfo=UTC))
    found, state = catching_up(source, state, known=set(), visits=1)
    assert sorted(found) == list(range(5, 30))
    assert state.complete is None


def test_a_first_visit_goes_on_at_the_next(
    http: Http, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_module, "MAX_ENTRIES", 1)
    site.routes["/peta.xml"] = dated(site, 20, 28, 29, 30)
    source = Sitemap("warta", site.url("/peta.xml"), http=http)
    before = SourceState("warta")
    found, state = catching_up(source, before, known=set(), visits=1)
    assert state.complete == NOW
    state = replace(state, due=NOW + timedelta(days=5))
    more, state = catching_up(source, state, known={site.url("/b/30")}, visits=3)
    assert (found + more, state.complete) == ([30, 29, 28], None)


def test_the_news_of_a_sitemap_that_failed_after_a_long_absence(
    http: Http, site: Site
) -> None:
    names = [f"<loc>{site.url(path)}</loc>" for path in ("/satu.xml", "/dua.xml")]
    site.routes = {"/peta.xml": index(*names), "/dua.xml": Answer(status=503)}
    site.routes["/satu.xml"] = dated(site, 10, 30)
    source = Sitemap("warta", site.url("/peta.xml"), http=http)
    state = SourceState("warta", answered=datetime(2024, 11, 5, tzinfo=UTC))
    known: set[str] = set()
    found, state = catching_up(source, state, known=known, visits=3)
    site.routes["/dua.xml"] = dated(site, 1, 11, 29)
    more, state = catching_up(source, state, known=known, visits=1)
    assert (found, more) == ([10, 30], [11, 29])
    assert (state.complete, state.answered) == (None, state.checked)


def test_a_failure_at_another_address_loses_no_time(http: Http, site: Site) -> None:
    state = SourceState("warta", "http://lain.example/", answered=NOW - timedelta(20))
    source = Sitemap("warta", site.url("/peta.xml"), http=http)
    nothing, state = catching_up(source, state, known=set(), visits=1)
    site.routes["/peta.xml"] = dated(site, 15)
    found, state = catching_up(source, state, known=set(), visits=1)
    assert (nothing, found) == ([], [15])


def left(state: SourceState, now: datetime) -> SourceState:
    mark = look_after_left(state, now)
    return replace(state, checked=now, answered=now, complete=mark)


def test_what_fails_for_ever_does_not_widen_the_search_without_end() -> None:
    state = SourceState("warta", answered=NOW)
    for day in range(1, 400):
        now = NOW + timedelta(days=day)
        state = left(state, now)
        widest = min(timedelta(days=day), LONGEST_LEFT)
        assert widest <= now - last_look(state, now) <= widest + timedelta(days=1)


def test_an_absence_counts_however_long_it_was() -> None:
    now = NOW + 5 * LONGEST_LEFT
    state = left(SourceState("warta", answered=NOW), now)
    assert last_look(state, now) == NOW
    assert last_look(left(state, now + timedelta(hours=1)), now) <= NOW + timedelta(
        hours=1
    )


def test_clocks_that_were_ahead() -> None:
    ahead = NOW + timedelta(days=365)
    state = SourceState("warta", checked=ahead, answered=ahead)
    assert last_look(state, NOW) == NOW
    state = left(left(SourceState("warta", answered=NOW), ahead), NOW)
    assert (state.complete, last_look(state, NOW)) == (NOW, NOW)
    assert left(SourceState("warta"), NOW).complete == NOW
