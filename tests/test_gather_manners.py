"""The manners of a feed reader, each against a real server: research's checklist, row by row.

Time is what the visits are told, so that days pass without waiting.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import monotonic

import pytest

from briefing.gather import Feed, Http, Page, gather
from briefing.gather import reading as reading_module
from briefing.gather.address import host_of
from briefing.gather.pace import FIRST_RETRY, INTERVAL, LONGEST
from briefing.gather.section import Section
from briefing.gather.site import Site as SiteSource
from briefing.gather.sitemap import Sitemap
from briefing.model import Gathered, SourceState
from briefing.store import open_store
from tests.web import Answer, Request, Site, web_server

NOW = datetime(2020, 11, 20, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FEED = (
    "<rss version='2.0'><channel><title>K</title>{}<item><link>/a</link>"
    "<description>Isi.</description></item></channel></rss>"
)


@pytest.fixture(scope="module")
def http() -> Iterator[Http]:
    with Http(private=True, deadline=5) as client:
        yield client


@pytest.fixture
def site() -> Iterator[Site]:
    with web_server({"/feed": FEED.format("")}) as running:
        yield running


class Reader:
    """A source that is visited again and again, its state kept between."""

    def __init__(self, url: str, *, id: str = "warta") -> None:
        self.url = url
        self.state = SourceState(id)

    def visit(
        self, now: datetime, *, force: bool = False, follow: bool = False
    ) -> Gathered:
        """Visit it by a client of its own, as each round has one."""
        with Http(private=True, deadline=5) as http:
            source = Feed(self.state.source, self.url, follow=follow, http=http)
            [visited] = gather(
                [source],
                state=lambda key: self.state,
                known=lambda url: False,
                now=now,
                force=force,
            )
        self.state = visited.state
        return visited


def waits(state: SourceState, wait: timedelta, *, since: datetime = NOW) -> bool:
    """Tell whether a source waits for so long, and up to a twentieth more."""
    assert state.due is not None
    return since + wait <= state.due <= since + max(wait, min(1.05 * wait, LONGEST))


def told(visited: Gathered) -> list[tuple[str, str]]:
    return [(one.reason, one.detail) for one in visited.failures]


# 1. Validators


def test_validators_go_back_byte_for_byte(site: Site) -> None:
    etag, modified = 'W/"a,  b\\"', "kemarin  sore"

    def feed(request: Request) -> Answer:
        same = request.headers.get("if-none-match") == etag
        headers = {"ETag": etag, "Last-Modified": modified}
        return Answer(FEED.format(""), status=304 if same else 200, headers=headers)

    site.routes["/feed"] = feed
    reader = Reader(site.url("/feed"))
    assert len(reader.visit(NOW).documents) == 1
    second = reader.visit(NOW + HOUR)
    assert (second.answered, second.documents) == (True, ())
    assert site.requests[1].headers["if-none-match"] == etag
    assert site.requests[1].headers["if-modified-since"] == modified


def test_no_validators_are_made_up(site: Site) -> None:
    site.routes["/feed"] = Answer(
        FEED.format(""), headers={"Date": "Fri, 20 Nov 2020 01:00:00 GMT"}
    )
    reader = Reader(site.url("/feed"))
    reader.visit(NOW)
    reader.visit(NOW + HOUR)
    assert {"if-none-match", "if-modified-since"}.isdisjoint(site.requests[1].headers)


def test_expires_0_means_that_nothing_is_to_be_kept(site: Site) -> None:
    headers = {"ETag": '"1"', "Last-Modified": "kemarin", "Expires": "0"}
    site.routes["/feed"] = Answer(FEED.format(""), headers=headers)
    state = Reader(site.url("/feed")).visit(NOW).state
    assert (state.etag, state.last_modified) == (None, None)
    assert waits(state, INTERVAL)


# 2, 3, 10. When it is due


def test_not_twice_within_the_interval_also_after_a_restart(site: Site) -> None:
    reader = Reader(site.url("/feed"))
    reader.visit(NOW)
    second = reader.visit(NOW + INTERVAL - timedelta(seconds=1))
    due = reader.state.due
    assert due is not None
    assert waits(reader.state, INTERVAL)
    assert (second.waits, second.answered, second.failures) == (due, True, ())
    assert second.documents == ()
    assert len(site.requests) == 1
    assert reader.visit(due).waits is None
    assert len(site.requests) == 2


def test_a_person_may_ask_anyway(site: Site) -> None:
    reader = Reader(site.url("/feed"))
    reader.visit(NOW)
    assert len(reader.visit(NOW, force=True).documents) == 1
    assert len(site.requests) == 2


def test_another_address_in_the_settings_is_due_at_once(site: Site) -> None:
    site.routes["/baru"] = FEED.format("")
    reader = Reader(site.url("/feed"))
    reader.visit(NOW)
    reader.url = site.url("/baru")
    assert reader.visit(NOW).waits is None
    assert site.paths == ["/feed", "/baru"]


@pytest.mark.parametrize(
    ("headers", "head", "wait"),
    [
        ({}, "", INTERVAL),
        ({"Cache-Control": "max-age=7200"}, "", 2 * HOUR),
        ({"Cache-Control": "max-age=7200, no-cache"}, "", INTERVAL),
        ({"Cache-Control": "max-age=31536000"}, "", LONGEST),
        ({"Expires": format_datetime(NOW + 3 * HOUR, usegmt=True)}, "", 3 * HOUR),
        ({}, "<ttl>180</ttl>", 3 * HOUR),
        ({}, "<ttl>1</ttl>", INTERVAL),
        ({}, "<sy:updatePeriod>daily</sy:updatePeriod>", LONGEST),
        ({}, "<skipHours><hour>1</hour><hour>2</hour></skipHours>", 2 * HOUR),
        ({}, "<skipDays><day>Friday</day></skipDays>", 23 * HOUR),
        ({"Cache-Control": "max-age=7200"}, "<ttl>60</ttl>", 2 * HOUR),
    ],
)
def test_when_it_is_due_again(
    site: Site, headers: dict[str, str], head: str, wait: timedelta
) -> None:
    site.routes["/feed"] = Answer(FEED.format(head), headers=headers)
    assert LONGEST < DAY
    assert waits(Reader(site.url("/feed")).visit(NOW).state, wait)


def test_sources_are_not_asked_in_one_minute_for_ever(site: Site) -> None:
    dues = {Reader(site.url("/feed"), id=str(n)).visit(NOW).state.due for n in range(5)}
    assert len(dues) == 5
    again = Reader(site.url("/feed"), id="0").visit(NOW).state.due
    assert again in dues  # the same in every run


def test_an_unchanged_feed_keeps_its_rhythm(site: Site) -> None:
    def feed(request: Request) -> Answer:
        same = "if-none-match" in request.headers
        body = FEED.format("<ttl>180</ttl>")
        return Answer(body, status=304 if same else 200, headers={"ETag": '"1"'})

    site.routes["/feed"] = feed
    reader = Reader(site.url("/feed"))
    reader.visit(NOW)
    later = NOW + 4 * HOUR
    assert waits(reader.visit(later).state, 3 * HOUR, since=later)


# 11. How often it is written counts where each answer is the whole


@pytest.mark.parametrize(
    ("ages", "headers", "wait"),
    [
        ([1, 2, 3, 4, 5, 6, 7] * 8, {}, INTERVAL),
        ([1, 2, 3, 4, 5, 6, 7] * 2, {}, 3 * HOUR),
        ([1, 30], {}, 6 * HOUR),
        ([30], {}, 6 * HOUR),
        ([], {}, INTERVAL),
        ([30], {"ETag": '"1"'}, INTERVAL),
        ([30], {"Last-Modified": format_datetime(NOW, usegmt=True)}, INTERVAL),
    ],
)
def test_a_feed_without_validators_is_asked_as_often_as_it_writes(
    site: Site, ages: list[int], headers: dict[str, str], wait: timedelta
) -> None:
    entries = "".join(
        f"<item><guid>{number}</guid><title>Kabar</title><description>Isi.</description>"
        f"<pubDate>{format_datetime(NOW - age * DAY + HOUR)}</pubDate></item>"
        for number, age in enumerate(ages)
    )
    body = f"<rss version='2.0'><channel><title>K</title>{entries}</channel></rss>"
    site.routes["/feed"] = Answer(body, headers=headers)
    assert waits(Reader(site.url("/feed")).visit(NOW).state, wait)


def test_a_daily_run_misses_no_day(site: Site) -> None:
    forever = {"Cache-Control": "max-age=31536000"}
    site.routes["/feed"] = Answer(FEED.format(""), headers=forever)
    reader = Reader(site.url("/feed"))
    for day in range(4):
        early = timedelta(minutes=90 * (day % 2))
        assert reader.visit(NOW + day * DAY - early).waits is None


# What is remembered counts for what the settings said then


def unchanging(body: str) -> Callable[[Request], Answer]:
    def route(request: Request) -> Answer:
        same = request.headers.get("if-none-match") == '"1"'
        return Answer(body, status=304 if same else 200, headers={"ETag": '"1"'})

    return route


def test_another_pattern_reads_what_had_not_changed(site: Site, http: Http) -> None:
    site.routes = {
        "/": unchanging("<a href='/berita/1'>B</a><a href='/opini/1'>O</a>"),
        "/berita/1": "<p>Isi</p>",
        "/opini/1": "<p>Isi</p>",
    }
    state, found = SourceState("warta"), []
    for pattern in ("/berita/*", "/berita/*", "/*/*"):
        source = Section("warta", site.url("/"), pattern, private=True, http=http)
        visited = source.fetch(state=state, known=lambda url: False, now=NOW)
        state = replace(visited.state, due=None)
        found.append(len(visited.documents))
    assert found == [1, 0, 2]


def test_another_kind_reads_what_had_not_changed(site: Site, http: Http) -> None:
    site.routes = {"/": unchanging("<a href='/a'>A</a>"), "/a": "<p>Isi</p>"}
    page = Page("warta", site.url("/"), private=True, http=http)
    first = page.fetch(state=SourceState("warta"), known=lambda url: False, now=NOW)
    section = Section("warta", site.url("/"), "/a", private=True, http=http)
    second = section.fetch(state=first.state, known=lambda url: False, now=NOW)
    assert [one.url for one in second.documents] == [site.url("/a")]


def test_pages_are_read_once_they_are_to_be_followed(site: Site) -> None:
    site.routes |= {"/feed": unchanging(FEED.format("")), "/a": "<p>Isi</p>"}
    reader = Reader(site.url("/feed"))
    reader.visit(NOW)
    assert reader.visit(NOW, follow=True).documents[0].body == b"<p>Isi</p>"


def test_what_was_kept_before_meanings_were_still_counts(site: Site) -> None:
    site.routes["/feed"] = unchanging(FEED.format(""))
    reader = Reader(site.url("/feed"))
    reader.visit(NOW)
    reader.state = replace(reader.state, meaning="")
    assert reader.visit(NOW + DAY).documents == ()
    assert reader.state.meaning


def test_a_clock_that_was_ahead_silences_nothing(site: Site) -> None:
    reader = Reader(site.url("/feed"))
    reader.visit(NOW + 3650 * DAY)
    reader.state = replace(
        reader.state, quiet=((site.host, NOW + 3651 * DAY),), failures=2, reason="x"
    )
    assert reader.visit(NOW).waits is None
    assert waits(reader.state, INTERVAL)
    assert reader.state.quiet == ()


# 4. Retry-After


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("7200", 2 * HOUR),
        ("1", INTERVAL),
        (format_datetime(NOW + 5 * HOUR, usegmt=True), 5 * HOUR),
        ("99999999", 2 * DAY),
    ],
)
def test_retry_after_is_kept_up_to_two_days(
    site: Site, status: int, value: str, wait: timedelta
) -> None:
    site.routes["/feed"] = Answer(status=status, headers={"Retry-After": value})
    reader = Reader(site.url("/feed"))
    assert told(reader.visit(NOW)) == [("http-status", str(status))]
    assert reader.state.due == NOW + wait
    early = reader.visit(NOW + wait - timedelta(minutes=1))
    assert not early.answered
    # In the same words, so that a brief tells it once.
    assert (told(early), early.waits) == ([("http-status", str(status))], NOW + wait)
    assert len(site.requests) == 1
    reader.visit(NOW + wait)
    assert len(site.requests) == 2


def test_it_survives_a_restart(site: Site, tmp_path: object) -> None:
    site.routes["/feed"] = Answer(status=429, headers={"Retry-After": "7200"})
    reader = Reader(site.url("/feed"))
    place = f"sqlite:///{tmp_path}/briefing.db"
    with open_store(place) as store:
        store.keep([], [], [], reader.visit(NOW).state)
    with open_store(place) as store:
        kept = store.source_state("warta")
    assert kept == reader.state
    assert kept.quiet == ((site.host, NOW + 2 * HOUR),)
    site.routes["/feed"] = FEED.format("")
    assert reader.visit(NOW + 2 * HOUR).state.quiet == ()


def both(first: Feed, second: Feed, states: dict[str, SourceState], now: datetime) -> list[Gathered]:  # fmt: skip
    visits = list(
        gather(
            [first, second],
            state=lambda key: states.get(key, SourceState(key)),
            known=lambda url: False,
            now=now,
        )
    )
    states |= {visit.source: visit.state for visit in visits}
    return visits


@pytest.mark.parametrize(("status", "shared"), [(429, True), (503, False)])
def test_429_counts_for_the_host_503_for_the_feed(
    site: Site, status: int, shared: bool
) -> None:
    site.routes["/b"] = FEED.format("")
    states: dict[str, SourceState] = {}
    with Http(private=True, per_host=1) as http:
        first = Feed("a", site.url("/feed"), follow=False, http=http)
        second = Feed("b", site.url("/b"), follow=False, http=http)
        both(first, second, states, NOW)
    site.routes["/feed"] = Answer(status=status, headers={"Retry-After": "14400"})
    with Http(private=True, per_host=1) as http:
        first = Feed("a", site.url("/feed"), follow=False, http=http)
        both(first, Feed("c", "http://127.0.0.1:1/", http=http), states, NOW + HOUR)
    asked = len(site.requests)
    with Http(private=True) as http:
        first = Feed("a", site.url("/feed"), follow=False, http=http)
        second = Feed("b", site.url("/b"), follow=False, http=http)
        _, visited = both(first, second, states, NOW + 2 * HOUR)
    assert visited.waits == (NOW + 5 * HOUR if shared else None)
    assert len(site.requests) == asked + (0 if shared else 1)


def test_a_new_source_at_a_host_that_wants_to_be_left_alone(site: Site) -> None:
    site.routes["/feed"] = Answer(status=429, headers={"Retry-After": "14400"})
    states: dict[str, SourceState] = {}
    with Http(private=True) as http:
        first = Feed("a", site.url("/feed"), http=http)
        second = Feed("b", "http://127.0.0.1:1/", http=http)
        both(first, second, states, NOW)
        new = Feed("c", site.url("/baru"), http=http)
        _, visited = both(first, new, states, NOW + HOUR)
    said = "not asked again before 2020-11-20 05:00Z"
    assert (visited.answered, told(visited)) == (False, [("waits", said)])
    assert site.paths == ["/feed"]


def test_pages_of_a_host_that_wants_to_be_left_alone(site: Site) -> None:
    items = "".join(f"<item><link>/{number}</link></item>" for number in range(9))
    site.routes["/feed"] = FEED.format(items)
    limit = Answer(status=429, headers={"Retry-After": "7200"})
    site.routes |= {f"/{number}": limit for number in range(9)}
    reader = Reader(site.url("/feed"))
    visited = reader.visit(NOW, follow=True)
    reasons = [reason for reason, _ in told(visited)]
    # Two at a time were under way when the host said so.
    assert reasons.count("http-status") <= 2
    assert reasons.count("waits") >= 8
    assert dict(visited.state.quiet) == {site.host: NOW + 2 * HOUR}
    asked = len(site.requests)
    assert reader.visit(NOW + HOUR, follow=True).waits == NOW + 2 * HOUR
    assert len(site.requests) == asked


def test_a_host_that_says_so_when_its_feed_is_looked_for(site: Site) -> None:
    limit = Answer(status=429, headers={"Retry-After": "86400"})
    site.routes = {"/": "<p>Depan</p>", "/feed": limit}
    with Http(private=True) as http:
        source = SiteSource("warta", site.url("/"), http=http)
        state = source.fetch(
            state=SourceState("warta"), known=lambda url: True, now=NOW
        ).state
        assert (state.reason, state.detail, state.due) == (
            "http-status",
            "429",
            NOW + DAY,
        )
        assert state.quiet == ((site.host, NOW + DAY),)
        assert site.paths == ["/", "/feed"]
        found = source.fetch(state=state, known=lambda url: True, now=NOW + HOUR)
        assert (found.waits, site.paths) == (NOW + DAY, ["/", "/feed"])


def test_a_host_of_sitemaps_that_says_so(site: Site) -> None:
    limit = Answer(status=429, headers={"Retry-After": "86400"})
    with web_server({"/a.xml": limit, "/b.xml": limit}) as other, Http(private=True) as http:  # fmt: skip
        below = [
            f"<sitemap><loc>{other.url(f'/{n}.xml')}</loc></sitemap>" for n in "ab"
        ]
        site.routes["/peta.xml"] = f"<sitemapindex>{''.join(below)}</sitemapindex>"
        source = Sitemap("warta", site.url("/peta.xml"), http=http)
        first = source.fetch(
            state=SourceState("warta"), known=lambda url: True, now=NOW
        )
        assert first.state.quiet == ((other.host, NOW + DAY),)
        assert other.paths == ["/robots.txt", "/a.xml"]
    with Http(private=True) as http:
        source = Sitemap("warta", site.url("/peta.xml"), http=http)
        found = source.fetch(
            state=first.state, known=lambda url: True, now=NOW + 2 * HOUR
        )
        assert [reason for reason, _ in told(found)] == ["waits", "waits"]
        assert len(other.paths) == 2


def test_robots_txt_may_say_so(site: Site) -> None:
    site.routes = {
        "/feed": FEED.format(""),
        "/robots.txt": Answer(status=429, headers={"Retry-After": "86400"}),
    }
    visited = Reader(site.url("/feed")).visit(NOW, follow=True)
    assert told(visited) == [("robots", "robots.txt: http-status 429")]
    assert visited.state.quiet == ((site.host, NOW + DAY),)


def test_one_name_for_a_host_however_it_is_written() -> None:
    for url, host in (
        ("http://münchen.example/a", "xn--mnchen-3ya.example:80"),
        ("HTTP://X.Example./a", "x.example:80"),
        ("https://x.example/", "x.example:443"),
        ("http://[::1]:8080/", "[::1]:8080"),
        ("http://[", ""),
    ):
        assert host_of(url) == host


# 5. Back-off


def test_failures_are_never_tried_again_at_once_and_ever_later(site: Site) -> None:
    site.routes["/feed"] = Answer(status=500)
    reader = Reader(site.url("/feed"))
    now, times = NOW, []
    for number in range(1, 8):
        assert not reader.visit(now).answered
        assert (len(site.requests), reader.state.failures) == (number, number)
        assert reader.state.due is not None
        times.append(reader.state.due - now)
        now = reader.state.due
    assert times == sorted(times)
    assert INTERVAL <= times[0] <= 1.25 * INTERVAL
    assert times[-1] == LONGEST
    site.routes["/feed"] = FEED.format("")
    state = reader.visit(now).state
    assert (state.failures, state.reason) == (0, None)
    assert waits(state, INTERVAL, since=now)


def test_who_could_not_be_reached_is_asked_sooner() -> None:
    reader = Reader("http://host.invalid/feed")
    reader.visit(NOW)
    assert reader.state.due is not None
    assert FIRST_RETRY <= reader.state.due - NOW <= 1.25 * FIRST_RETRY


def test_what_is_no_feed_is_asked_ever_later_too(site: Site) -> None:
    site.routes["/feed"] = "<!DOCTYPE html><html><body>Masuk</body></html>"
    reader = Reader(site.url("/feed"))
    assert told(reader.visit(NOW)) == [("not-a-feed", "html")]
    assert told(reader.visit(NOW + INTERVAL / 2)) == [("not-a-feed", "html")]
    assert len(site.requests) == 1


def test_redirects_without_an_end_are_no_trouble_of_the_network(site: Site) -> None:
    site.routes["/feed"] = Answer(status=302, headers={"Location": "/feed"})
    reader = Reader(site.url("/feed"))
    assert told(reader.visit(NOW)) == [("redirects", "over 5")]
    assert reader.state.due is not None
    assert reader.state.due - NOW >= INTERVAL


# 6. Moved and gone


@pytest.mark.parametrize(
    ("statuses", "kept"),
    [
        ((301,), True),
        ((308,), True),
        ((301, 308), True),
        ((302,), False),
        ((303,), False),
        ((307,), False),
        ((301, 302), False),
        ((302, 301), False),
    ],
)
def test_where_it_has_moved_for_good(
    site: Site, statuses: tuple[int, ...], kept: bool
) -> None:
    site.routes["/0"] = FEED.format("")
    for number, status in enumerate(reversed(statuses), 1):
        headers = {"Location": f"/{number - 1}"}
        site.routes[f"/{number}"] = Answer(status=status, headers=headers)
    reader = Reader(site.url(f"/{len(statuses)}"))
    assert reader.visit(NOW).state.moved == (site.url("/0") if kept else None)
    site.requests.clear()
    assert reader.visit(NOW + HOUR).answered
    assert site.paths[0] == ("/0" if kept else f"/{len(statuses)}")
    assert reader.visit(NOW + 2 * HOUR).state.moved == (
        site.url("/0") if kept else None
    )


def test_another_site_is_told_and_never_put_in_its_place(site: Site) -> None:
    site.routes["/lama"] = FEED.format("")
    elsewhere = site.url("/lama").replace("127.0.0.1", "localhost")
    site.routes["/feed"] = Answer(status=301, headers={"Location": elsewhere})
    reader = Reader(site.url("/feed"))
    first = reader.visit(NOW)
    assert len(first.documents) == 1
    [(reason, detail)] = told(first)
    assert (reason, elsewhere in detail) == ("moved", True)
    # Said once; the settings' address goes on being asked.
    assert told(reader.visit(NOW + HOUR)) == []
    assert site.paths == ["/feed", "/lama"] * 2
    assert reader.state.moved == elsewhere


def test_when_the_new_address_fails_the_old_one_counts_again(site: Site) -> None:
    site.routes["/baru"] = FEED.format("")
    site.routes["/feed"] = Answer(status=301, headers={"Location": "/baru"})
    reader = Reader(site.url("/feed"))
    reader.visit(NOW)
    site.routes["/baru"] = Answer(status=410)
    assert told(reader.visit(NOW + HOUR)) == [("http-status", "410")]
    assert (reader.state.moved, reader.state.gone) == (None, None)
    site.routes["/feed"] = FEED.format("")
    assert reader.visit(NOW + DAY).answered


def test_what_the_new_address_said_is_not_sent_to_the_old_one(site: Site) -> None:
    site.routes["/feed"] = Answer(status=301, headers={"Location": "/baru"})
    site.routes["/baru"] = Answer(FEED.format(""), headers={"ETag": '"baru"'})
    reader = Reader(site.url("/feed"))
    reader.visit(NOW)
    site.routes["/baru"] = Answer(status=404)
    reader.visit(NOW + DAY)
    assert (reader.state.etag, reader.state.moved) == (None, None)
    reader.visit(NOW + 3 * DAY)
    [last] = [one for one in site.requests if one.path == "/feed"][1:]
    assert "if-none-match" not in last.headers


def test_a_password_is_not_lost_to_a_new_address(site: Site) -> None:
    site.routes["/baru"] = FEED.format("")
    site.routes["/feed"] = Answer(status=301, headers={"Location": "/baru"})
    reader = Reader(site.url("/feed").replace("//", "//ani:rahasia@"))
    assert reader.visit(NOW).state.moved is None


def test_gone_is_gone_until_a_person_asks(site: Site) -> None:
    site.routes["/feed"] = Answer(status=410)
    reader = Reader(site.url("/feed"))
    said = ("gone", "410 since 2020-11-20; not asked any more")
    assert told(reader.visit(NOW)) == [said]
    later = reader.visit(NOW + 365 * DAY)
    assert told(later) == [said]
    assert not later.answered
    assert len(site.requests) == 1
    site.routes["/feed"] = FEED.format("")
    assert len(reader.visit(NOW + 366 * DAY, force=True).documents) == 1
    assert reader.state.gone is None
    assert reader.visit(NOW + 367 * DAY).answered


@pytest.mark.parametrize("status", [500, 410])
def test_what_is_asked_in_vain_stays_gone_and_quiet(site: Site, status: int) -> None:
    site.routes["/feed"] = Answer(status=410)
    reader = Reader(site.url("/feed"))
    reader.visit(NOW)
    other = (("lain.example:80", NOW + 3 * DAY),)
    reader.state = replace(reader.state, quiet=other)
    site.routes["/feed"] = Answer(status=status)
    reader.visit(NOW + DAY, force=True)
    assert (reader.state.gone is not None, reader.state.quiet) == (True, other)
    site.routes["/feed"] = FEED.format("")
    reader.visit(NOW + 2 * DAY, force=True)
    assert (reader.state.gone, reader.state.quiet) == (None, ())


def test_a_detour_says_nothing_for_good(site: Site) -> None:
    site.routes["/feed"] = Answer(status=302, headers={"Location": "/sementara"})
    site.routes["/sementara"] = Answer(status=410)
    reader = Reader(site.url("/feed"))
    assert told(reader.visit(NOW)) == [("http-status", "410")]
    assert reader.state.gone is None
    site.routes["/feed"] = Answer(status=301, headers={"Location": "/sementara"})
    [(reason, detail)] = told(reader.visit(NOW + DAY))
    assert (reason, detail) == ("gone", "410 since 2020-11-21; not asked any more")


# 8, 9. What is sent, and how fast


def test_nothing_that_could_follow_a_reader(site: Site) -> None:
    site.routes["/feed"] = Answer(
        FEED.format("<item><link>/a?x=1</link></item>"),
        headers={"Set-Cookie": "siapa=kamu"},
    )
    site.routes["/a?x=1"] = site.routes["/a"] = Answer("Isi", media_type="text/plain")
    reader = Reader(site.url("/feed"))
    reader.visit(NOW, follow=True)
    reader.visit(NOW + HOUR)
    assert set(site.paths) == {"/feed", "/robots.txt", "/a?x=1", "/a"}
    for request in site.requests:
        assert {"cookie", "referer"}.isdisjoint(request.headers)
        assert request.headers["user-agent"].startswith("briefing/")


def test_requests_to_a_host_are_spaced() -> None:
    with web_server({f"/{n}": "halo" for n in range(5)}) as site:
        began = monotonic()
        with Http(private=True, spacing=0.15) as http:
            http.get_many([site.url(f"/{n}") for n in range(5)], within=20)
        times = sorted(request.at for request in site.requests)
        # However late the others are, none is early.
        assert all(at >= began + 0.15 * n for n, at in enumerate(times))
        site.requests.clear()
        with Http(spacing=60) as http:
            # A source's own server, `private = true`, is not spared.
            found = http.get_many([site.url("/0")] * 5, within=20, private=True)
        assert None not in found


def test_hosts_do_not_wait_for_one_another() -> None:
    with web_server({"/": "a"}) as one, web_server({"/": "b"}) as other:
        with Http(private=True, spacing=600) as http:
            found = http.get_many([one.url("/"), other.url("/")], within=20)
        assert None not in found


def test_time_is_over_before_all_is_asked() -> None:
    with (
        web_server({"/": "a"}) as site,
        Http(private=True, spacing=600) as http,
    ):
        found = http.get_many([site.url("/")] * 3, within=1)
        assert [one is None for one in found] == [False, True, True]
        assert len(site.requests) == 1
        assert http.get_many([], within=1) == []


def test_pages_have_manners_too(http: Http, site: Site) -> None:
    headers = {"Cache-Control": "max-age=7200"}
    site.routes["/"] = Answer("Isi.", media_type="text/plain", headers=headers)
    page = Page("laman", site.url("/"), http=http)
    first = page.fetch(state=SourceState("laman"), known=lambda url: True, now=NOW)
    assert waits(first.state, 2 * HOUR)
    second = page.fetch(state=first.state, known=lambda url: True, now=NOW + HOUR)
    assert (second.waits, second.documents) == (first.state.due, ())
    assert site.paths == ["/"]


# What is left for later


def test_a_host_that_never_answers_is_not_asked_on_and_on(site: Site) -> None:
    items = "".join(f"<item><link>/{number}</link></item>" for number in range(9))
    site.routes["/feed"] = FEED.format(items)
    site.routes |= {f"/{n}": Answer(wait_for=threading.Event()) for n in range(9)}
    site.routes["/a"] = "Isi"
    with Http(private=True, deadline=0.5) as http:
        feed = Feed("warta", site.url("/feed"), http=http)
        visited = feed.fetch(
            state=SourceState("warta"), known=lambda url: False, now=NOW
        )
    details = [detail for _, detail in told(visited)]
    assert details.count("0.5 s") <= 4  # two at a time
    assert details.count("not asked: 3 before had no answer") >= 5
    assert visited.answered


def test_pages_for_which_there_is_no_time(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_module, "BUDGET", 0.3)
    site.routes["/feed"] = Answer(
        FEED.format("<item><link>/lama</link></item>"), headers={"ETag": '"1"'}
    )
    site.routes["/lama"] = Answer(wait_for=threading.Event())
    site.routes["/a"] = "<p>Isi</p>"
    visited = Reader(site.url("/feed")).visit(NOW, follow=True)
    assert [one.url for one in visited.documents] == [site.url("/a")]
    assert told(visited) == [("timeout", "0.3 s are over, left for the next visit: 1")]
    # The feed may stay unchanged: the page is asked for again all the same.
    assert [one.url for one in visited.state.pending if one.due == NOW] == [
        site.url("/lama")
    ]
    assert visited.state.etag == '"1"'


def test_a_page_that_is_none(site: Site) -> None:
    site.routes["/a"] = Answer(b"%PDF", media_type="application/pdf")
    visited = Reader(site.url("/feed")).visit(NOW, follow=True)
    assert told(visited) == [("unsupported", "application/pdf")]
    assert visited.documents[0].incomplete
