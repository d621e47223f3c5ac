from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator

import pytest

from briefing.gather import Http
from briefing.gather.response import FetchError
from tests.web import Answer, Request, Route, web_server


@pytest.fixture(scope="module")
def http() -> Iterator[Http]:
    with Http(private=True, deadline=5, max_bytes=100_000) as client:
        yield client


@pytest.fixture(scope="module")
def hasty() -> Iterator[Http]:
    with Http(private=True, deadline=0.3, max_bytes=100_000) as client:
        yield client


def trouble(http: Http, url: str) -> tuple[str, str]:
    with pytest.raises(FetchError) as caught:
        http.get(url)
    return caught.value.reason, caught.value.detail


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_whole_answer(http: Http) -> None:
    page = Answer(
        "halo",
        media_type="Text/HTML; Charset='ISO-8859-1'",
        headers={"ETag": 'W/"a b"', "Last-Modified": "kapan saja"},
    )
    with web_server({"/": page}) as site:
        response = http.get(site.url("/"))
    assert response.body == b"halo"
    assert (response.status, response.url) == (200, site.url("/"))
    assert (response.media_type, response.charset) == ("text/html", "ISO-8859-1")
    assert (response.etag, response.last_modified) == ('W/"a b"', "kapan saja")


def test_what_is_sent() -> None:
    with (
        web_server({"/": "halo"}) as site,
        Http(private=True, contact="https://warta.example") as http,
    ):
        http.get(site.url("/"), headers={"If-None-Match": '"1"'})
        sent = site.requests[0].headers
    assert sent["user-agent"].startswith("briefing/")
    assert sent["user-agent"].endswith(" (+https://warta.example)")
    assert sent["accept-encoding"] == "gzip, br, zstd, deflate"
    assert sent["if-none-match"] == '"1"'
    assert {"cookie", "referer", "authorization"}.isdisjoint(sent)


def test_no_proxy_and_no_password_from_the_environment(
    http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port()}")
    with web_server({"/": "halo"}) as site:
        assert http.get(site.url("/")).body == b"halo"


def test_cookies_are_not_sent_back(http: Http) -> None:
    with web_server({"/": Answer("halo", headers={"Set-Cookie": "a=b"})}) as site:
        http.get(site.url("/"))
        http.get(site.url("/"))
        assert "cookie" not in site.requests[1].headers


@pytest.mark.parametrize("status", [400, 403, 404, 410, 429, 500, 503, 204, 304])
def test_other_statuses_are_errors(http: Http, status: int) -> None:
    with web_server({"/": Answer(status=status)}) as site:
        assert trouble(http, site.url("/")) == ("http-status", str(status))


def test_304_is_an_answer_to_a_conditional_request(http: Http) -> None:
    with web_server({"/": Answer(status=304)}) as site:
        response = http.get(site.url("/"), headers={"If-None-Match": '"1"'})
    assert (response.status, response.body) == (304, b"")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(http: Http, status: int) -> None:
    routes: dict[str, Route] = {
        "/a": Answer(status=status, headers={"Location": "b?x=1"}),
        "/b?x=1": "b",
    }
    with web_server(routes) as site:
        response = http.get(site.url("/a"))
        assert (response.url, response.body) == (site.url("/b?x=1"), b"b")


def test_a_redirect_loop_ends(http: Http) -> None:
    with web_server({"/": Answer(status=302, headers={"Location": "/"})}) as site:
        assert trouble(http, site.url("/")) == ("redirects", "over 5")
        assert len(site.requests) == 6


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://a.example/", "javascript:alert(1)"]
)
def test_redirects_lead_to_the_web_only(http: Http, target: str) -> None:
    with web_server({"/": Answer(status=302, headers={"Location": target})}) as site:
        assert trouble(http, site.url("/")) == ("unsupported", f"redirect to {target}")


def test_a_redirect_to_nowhere_is_an_error(http: Http) -> None:
    with web_server({"/": Answer(status=302)}) as site:
        assert trouble(http, site.url("/")) == ("http-status", "302")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://a.example/",
        "halo",
        "",
        "http://[::1",
        "http://a:x/",
    ],
)
def test_only_the_web_is_asked(http: Http, url: str) -> None:
    assert trouble(http, url) == ("unsupported", url)


@pytest.mark.parametrize("host", ["a" * 64 + "..example", "xn--", "a_b.invalid"])
def test_odd_host_names_are_refused(http: Http, host: str) -> None:
    assert trouble(http, f"http://{host}/")[0] in ("unsupported", "unreachable")


def test_a_password_goes_to_its_own_host_only(
    http: Http, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with web_server({"/": "there"}) as other:
        moved = Answer(status=302, headers={"Location": other.url("/")})
        with web_server({"/": moved}) as site:
            response = http.get(f"http://ani:rahasia@{site.host}/")
            assert site.requests[0].headers["authorization"].startswith("Basic ")
            assert "authorization" not in other.requests[0].headers
            assert response.url == other.url("/")
            assert "rahasia" not in caplog.text


def test_a_silent_server(hasty: Http) -> None:
    with web_server({"/": Answer("late", wait_for=threading.Event())}) as site:
        assert trouble(hasty, site.url("/")) == ("timeout", "0.3 s")


@pytest.mark.parametrize(
    "answer",
    [
        Answer("x" * 1_000, drip=0.05),
        Answer("x", headers={"X-Long": "x" * 1_000}, drip_headers=0.05),
    ],
    ids=["body", "headers"],
)
def test_bytes_one_by_one_do_not_stretch_the_deadline(
    hasty: Http, answer: Answer
) -> None:
    with web_server({"/": answer}) as site:
        assert trouble(hasty, site.url("/"))[0] == "timeout"


def test_redirects_share_one_deadline() -> None:
    held = threading.Event()

    def slowly(request: Request) -> Answer:
        held.wait(0.25)
        return Answer(status=302, headers={"Location": request.path + "x"})

    with (
        web_server({"/" + "x" * n: slowly for n in range(9)}) as site,
        Http(private=True, deadline=0.4) as http,
    ):
        assert trouble(http, site.url("/"))[0] == "timeout"
        assert len(site.requests) <= 2


def test_nobody_there(http: Http) -> None:
    reason, detail = trouble(http, f"http://127.0.0.1:{closed_port()}/")
    assert reason == "unreachable"
    assert "refused" in detail.lower() or "connect" in detail.lower()


def test_no_such_host(http: Http) -> None:
    # A name under .invalid never exists (RFC 2606), with a network or without.
    assert trouble(http, "http://host.invalid/") == (
        "unreachable",
        "no such host: host.invalid",
    )


@pytest.mark.parametrize("headers", [{"Content-Length": "50"}, {"X-Long": "x" * 9_000}])
def test_a_broken_answer(http: Http, headers: dict[str, str]) -> None:
    with web_server({"/": Answer("short", headers=headers)}) as site:
        assert trouble(http, site.url("/"))[0] == "unreachable"


def test_a_connection_closed_at_once(http: Http) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def hang_up() -> None:
            for _ in range(2):  # aiohttp may try once more
                listener.settimeout(0.5)
                try:
                    client = listener.accept()[0]
                    client.recv(65_536)
                    client.close()
                except TimeoutError:
                    return

        thread = threading.Thread(target=hang_up)
        thread.start()
        reason, detail = trouble(http, f"http://127.0.0.1:{port}/")
        thread.join()
    assert reason == "unreachable"
    assert detail == "the connection was closed without an answer"


def test_a_declared_length_over_the_cap_is_not_read(http: Http) -> None:
    with web_server({"/": Answer("", headers={"Content-Length": "100001"})}) as site:
        assert trouble(http, site.url("/")) == ("too-large", "100001 bytes")


def test_an_endless_body_is_cut_off(http: Http) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 10_000

    with web_server({"/": Answer(endless())}) as site:
        assert trouble(http, site.url("/")) == ("too-large", "over 100000 bytes")


@pytest.mark.parametrize("etag", ["", '"\xe9"'])
def test_validators_that_cannot_be_kept_are_dropped(http: Http, etag: str) -> None:
    with web_server({"/": Answer("halo", headers={"ETag": etag})}) as site:
        assert http.get(site.url("/")).etag is None
