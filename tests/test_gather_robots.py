"""robots.txt is heeded for links, not for the sources' own addresses (RFC 9309)."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

import pytest

from briefing.gather import Http, robots
from briefing.gather.response import FetchError, Response
from briefing.gather.robots import (
    MAX_BYTES,
    MAX_DELAY,
    MAX_RULES,
    MAX_WILD_RULES,
    Rules,
)
from tests.web import Answer, Request, Route, Site, web_server

FORBIDDEN = ("robots", "robots.txt forbids it")


@pytest.fixture
def site() -> Iterator[Site]:
    with web_server(
        {"/a": "a", "/b": "b", "/b?x=1": "b", "/robots.txt": ""}
    ) as running:
        yield running


@pytest.fixture
def http() -> Iterator[Http]:
    with Http(private=True, deadline=5) as client:
        yield client


def outcome(http: Http, url: str) -> str | tuple[str, str]:
    """Return the body of a link, or why there is none."""
    try:
        return http.get(url, link=True).body.decode()
    except FetchError as error:
        return error.reason, error.detail


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /a", "/b", True),
        ("User-agent: *\nDisallow: /", "/b", False),
        ("User-agent: *\nDisallow:", "/b", True),
        ("User-agent: lain\nDisallow: /", "/a", True),
        ("User-agent: Briefing\nDisallow: /a", "/a", False),
        # The group for this program counts, not the one for all.
        ("User-agent: *\nDisallow: /\n\nUser-agent: briefing\nAllow: /", "/a", True),
        # Wildcards, and the longest rule whatever its place: urllib.robotparser has neither.
        ("User-agent: *\nDisallow: /*?x=", "/b?x=1", False),
        ("User-agent: *\nDisallow: /\nAllow: /b", "/b", True),
        ("User-agent: *\nDisallow: /b$", "/b?x=1", True),
        ("\ufeffUser-agent: *\nDisallow: /a", "/a", False),
        # Groups: of several programs, told apart by what stands between them, put together.
        ("User-agent: lain\nUser-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: *\nUser-agent: lain\n\nDisallow: /a", "/a", False),
        ("User-agent: *\nSitemap: /s\nUser-agent: lain\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /b\nUser-agent: lain\nDisallow: /a", "/a", True),
        ("User-agent: *\nDisallow:\nUser-agent: briefing\nDisallow: /a", "/a", False),
        (
            "User-agent: briefing\nDisallow: /b\nUser-agent: *\nDisallow: /\n"
            "User-agent: briefing\nDisallow: /a",
            "/a",
            False,
        ),
        ("User-agent: briefing\n\nUser-agent: lain\nDisallow: /a", "/a", False),
        (
            "User-agent: briefing\nCrawl-delay: 0\nUser-agent: *\nDisallow: /a",
            "/a",
            True,
        ),
        ("USER AGENT briefing/1.0 # kami\nDisallow: /a", "/a", False),
        ("User-agent: brief\nDisallow: /a", "/a", True),
        ("User-agent: *\n# halo\nDisallow: /a # bukan", "/a", False),
        ("Disallow: /a", "/a", True),
        ("<html><body>bukan aturan</body></html>", "/a", True),
    ],
)
def test_rules(*, http: Http, site: Site, rules: str, path: str, allowed: bool) -> None:
    site.routes["/robots.txt"] = Answer(rules, media_type="text/plain")
    expected = path[1] if allowed else FORBIDDEN
    assert outcome(http, site.url(path)) == expected


def test_it_is_read_once_a_host(http: Http, site: Site) -> None:
    urls = [site.url("/a"), site.url("/b")] * 5
    assert all(
        isinstance(one, Response) for one in http.get_many(urls, within=5, link=True)
    )
    assert site.paths.count("/robots.txt") == 1


def test_a_sources_own_address_is_no_link(http: Http, site: Site) -> None:
    site.routes["/robots.txt"] = "User-agent: *\nDisallow: /"
    assert http.get(site.url("/a")).body == b"a"
    assert site.paths == ["/a"]


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(401, True), (403, True), (404, True), (410, True), (429, False), (500, False), (503, False)],
)  # fmt: skip
def test_without_it(http: Http, site: Site, status: int, allowed: bool) -> None:
    site.routes["/robots.txt"] = Answer(status=status)
    expected = "a" if allowed else ("robots", f"robots.txt: http-status {status}")
    assert outcome(http, site.url("/a")) == expected


def test_redirects_to_it_are_followed(http: Http, site: Site) -> None:
    site.routes["/robots.txt"] = Answer(status=301, headers={"Location": "/aturan"})
    site.routes["/aturan"] = "User-agent: *\nDisallow: /a"
    assert outcome(http, site.url("/a")) == FORBIDDEN


def test_after_too_many_redirects_there_is_none(http: Http, site: Site) -> None:
    site.routes["/robots.txt"] = Answer(status=302, headers={"Location": "/robots.txt"})
    assert outcome(http, site.url("/a")) == "a"


def test_a_redirect_of_a_link_is_checked_too(http: Http, site: Site) -> None:
    site.routes["/robots.txt"] = "User-agent: *\nDisallow: /b"
    site.routes["/a"] = Answer(status=302, headers={"Location": "/b"})
    assert outcome(http, site.url("/a")) == FORBIDDEN
    assert "/b" not in site.paths


@pytest.mark.parametrize("lengthy", [True, False], ids=["length", "chunks"])
def test_only_its_beginning_is_read(
    *, http: Http, site: Site, monkeypatch: pytest.MonkeyPatch, lengthy: bool
) -> None:
    monkeypatch.setattr(robots, "MAX_BYTES", 200)
    rules = "User-agent: *\nDisallow: /a\n" + "# halo\n" * 100 + "Disallow: /b\n"
    body = rules.encode()
    site.routes["/robots.txt"] = Answer(body if lengthy else [body])
    assert outcome(http, site.url("/a")) == FORBIDDEN
    assert outcome(http, site.url("/b")) == "b"
    assert MAX_BYTES == 500 * 1024


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: *\n" + "".join(f"Disallow: /*a*a*a{n}*b\n" for n in range(20_000)),
        "".join(f"User-agent: a{n}\n" for n in range(15_000))
        + "User-agent: *\n"
        + "Disallow: /x\n" * 15_000,
    ],
    ids=["wildcards", "programs"],
)
def test_one_that_is_much_work(http: Http, site: Site, text: str) -> None:
    """What it costs is bounded: how many rules are looked through for a link."""
    rules = robots.parsed(text[:MAX_BYTES])
    [held] = rules._user_agents.values()
    assert len(held._rules) <= MAX_RULES
    assert sum("*" in rule.value._pattern for rule in held._rules) <= MAX_WILD_RULES
    site.routes["/robots.txt"] = text
    site.routes |= {f"/{'a' * 3_000}{n}": "a" for n in range(5)}
    urls = [site.url(path) for path in list(site.routes)[-5:]]
    found = http.get_many(urls, within=60, link=True)
    assert all(isinstance(one, Response) for one in found)


def test_the_first_rules_of_too_many_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "MAX_WILD_RULES", 1)
    text = "User-agent: *\nDisallow: /*a\nDisallow: /*b\nDisallow: /c"
    rules = robots.parsed(text)
    allowed = [rules.can_fetch(f"http://a.example/{one}", "x") for one in "abc"]
    assert allowed == [False, True, False]


def test_an_endless_one_is_cut(http: Http, site: Site) -> None:
    def endless(request: Request) -> Answer:
        def pieces() -> Iterator[bytes]:
            yield b"User-agent: *\nDisallow: /a\n"
            while True:
                yield b"# halo\n" * 1_000

        return Answer(pieces())

    site.routes["/robots.txt"] = endless
    assert outcome(http, site.url("/a")) == FORBIDDEN


@pytest.mark.parametrize(
    ("line", "delay"),
    [("Crawl-delay: 3", 3), ("Crawl-delay: 3600", MAX_DELAY), ("", 0), ("Crawl-delay: -1", 0), ("Crawl-delay: lama", 0)],
)  # fmt: skip
def test_the_delay_that_is_asked_for(line: str, delay: float) -> None:
    from protego import Protego

    assert Rules(Protego.parse(f"User-agent: *\n{line}\n")).delay == delay


def test_the_delay_is_kept() -> None:
    routes: dict[str, Route] = {
        "/robots.txt": "User-agent: *\nCrawl-delay: 0.2",
        **{f"/{number}": "halo" for number in range(4)},
    }
    with web_server(routes) as site, Http(private=True) as http:
        urls = [site.url(f"/{number}") for number in range(4)]
        began = monotonic()
        http.get_many(urls, within=10, link=True)
        times = sorted(request.at for request in site.requests[1:])
    # However late the others are, none is early.
    assert all(at >= began + 0.2 * n for n, at in enumerate(times))
