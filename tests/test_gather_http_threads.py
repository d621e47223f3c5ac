from __future__ import annotations

import threading

import pytest
from yarl import URL

import briefing
from briefing.gather import Http, connection
from briefing.gather.response import FetchError, Response
from tests.web import Answer, Request, web_server


def test_two_requests_a_host_at_a_time() -> None:
    release = threading.Event()
    counting = threading.Lock()
    now = [0, 0]

    def counted(request: Request) -> str:
        with counting:
            now[0] += 1
            now[1] = max(now)
        release.wait(0.05)
        with counting:
            now[0] -= 1
        return "halo"

    with web_server({"/": counted}) as site, Http(private=True) as http:
        readers = [
            threading.Thread(target=http.get, args=[site.url("/")]) for _ in range(6)
        ]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        assert len(site.requests) == 6
    assert now[1] == 2


def test_closing_stops_what_is_under_way() -> None:
    caught: list[FetchError] = []
    asked = threading.Event()

    def waiting(request: Request) -> Answer:
        asked.set()
        return Answer("late", wait_for=threading.Event())

    def read(http: Http, url: str) -> None:
        try:
            http.get(url)
        except FetchError as error:
            caught.append(error)

    with web_server({"/": waiting}) as site:
        with Http(private=True) as http:
            reader = threading.Thread(target=read, args=[http, site.url("/")])
            reader.start()
            assert asked.wait(5)
        reader.join(5)
    assert [(error.reason, error.detail) for error in caught] == [
        ("unreachable", "stopped")
    ]


def test_closing_stops_many_at_once() -> None:
    found: list[object] = []
    asked = threading.Event()

    def waiting(request: Request) -> Answer:
        asked.set()
        return Answer("late", wait_for=threading.Event())

    with web_server({"/": waiting}) as site:
        with Http(private=True) as http:
            urls = [site.url("/")] * 3
            reader = threading.Thread(
                target=lambda: found.extend(http.get_many(urls, within=60))
            )
            reader.start()
            assert asked.wait(5)
        reader.join(5)
    assert [str(one) for one in found] == ["unreachable: stopped"] * 3


def test_one_that_cannot_be_asked_costs_the_others_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fault(url: str) -> URL:
        if url.endswith("/x"):
            raise KeyError(url)
        return URL(url)

    monkeypatch.setattr(connection, "to_url", fault)
    with web_server({"/": "halo"}) as site, Http(private=True) as http:
        good, bad = http.get_many([site.url("/"), site.url("/x")], within=60)
    assert isinstance(good, Response)
    assert isinstance(bad, FetchError)
    assert (bad.reason, bad.detail[:8]) == ("unexpected", "KeyError")


def test_outside_its_with_statement() -> None:
    http = Http()
    with pytest.raises(RuntimeError, match="with statement"):
        http.get("http://127.0.0.1/")
    http.__exit__()


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("redaksi@contoh.test", " (+redaksi@contoh.test)"),
        ("a\r\nX: y", " (+aX: y)"),
        ("é", " (+%C3%A9)"),
        ("\n", ""),
        (None, ""),
    ],
)
def test_a_contact_is_one_printable_line(contact: str | None, shown: str) -> None:
    assert Http(contact=contact).agent == f"briefing/{briefing.__version__}{shown}"


def test_a_client_that_was_not_used_closes() -> None:
    with Http():
        pass
