"""Connections go to public addresses only, unless the source says otherwise."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_network
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.gather import Http, guard
from briefing.gather.guard import is_public, names_private
from briefing.gather.response import FetchError
from tests.web import Answer, Route, web_server

CASES = (Path(__file__).parent / "cases" / "gather" / "addresses.txt").read_text(
    "utf-8"
)
ROWS = [
    line.split()[:2] for line in CASES.splitlines() if line and not line.startswith("#")
]


@pytest.mark.parametrize(("kind", "address"), ROWS, ids=[row[1] for row in ROWS])
def test_which_addresses_are_public(kind: str, address: str) -> None:
    assert is_public(address) == (kind == "public")


PRIVATE = [
    ip_network(one)
    for one in ("10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.168.0.0/16")
]


@settings(deadline=None)
@given(st.sampled_from(PRIVATE), st.integers(0, 2**16 - 1))
def test_an_inner_address_counts_in_every_wrapping(network: object, at: int) -> None:
    assert hasattr(network, "network_address")
    inner = IPv4Address(int(network.network_address) + at)
    number = int(inner)
    wrapped = [
        IPv6Address(0xFFFF << 32 | number),  # mapped
        IPv6Address(0x0064_FF9B << 96 | number),  # NAT64
        IPv6Address(0x2002 << 112 | number << 80),  # 6to4
        IPv6Address(0x2001_0000 << 96 | 0x0101_0101 << 64 | (number ^ 0xFFFF_FFFF)),
        IPv6Address(number),  # compatible
    ]
    assert not any(is_public(str(one)) for one in [inner, *wrapped])


@settings(deadline=None)
@given(st.text())
def test_what_is_no_address_is_not_public(text: str) -> None:
    try:
        socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)
    except (OSError, ValueError):
        assert not is_public(text)


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("http://127.0.0.1:8000/feed", True),
        ("http://localhost/", True),
        ("http://LOCALHOST./", True),
        ("http://uji.localhost/", True),
        ("http://2130706433/", True),
        ("http://0x7f.1/", True),
        ("http://0177.0.0.1/", True),
        ("http://[::1]/", True),
        ("http://192.168.1.1/", True),
        ("http://8.8.8.8/", False),
        ("http://[2606:4700::1111]/", False),
        ("http://contoh.example/", False),
        ("http://127.0.0.1.contoh.example/", False),
        ("http://[", False),
        ("http:///", False),
    ],
)
def test_who_types_a_private_address_means_it(url: str, private: bool) -> None:
    assert names_private(url) == private


def refused(http: Http, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        http.get(url)
    assert caught.value.reason == "refused"
    return caught.value.detail


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_no_connection_to_this_machine(host: str) -> None:
    with web_server({"/": "rahasia"}) as site, Http() as http:
        port = site.host.partition(":")[2]
        assert "not a public address" in refused(http, f"http://{host}:{port}/")
        assert site.requests == []


@pytest.mark.parametrize(
    "host",
    ["localhost.", "2130706433", "0x7f000001", "127.1", "0", "0177.0.0.1", "①②⑦.⓪.⓪.①"],
)
def test_however_it_is_spelt(host: str) -> None:
    with web_server({"/": "rahasia"}) as site, Http() as http:
        port = site.host.partition(":")[2]
        with pytest.raises(FetchError):
            http.get(f"http://{host}:{port}/")
        assert site.requests == []


def test_a_source_may_say_otherwise() -> None:
    with web_server({"/": "halo"}) as site, Http() as http:
        assert http.get(site.url("/"), private=True).body == b"halo"
        # The connection that was let through is not there for the others.
        refused(http, site.url("/"))


def test_an_answer_of_the_name_server_that_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = iter(["192.0.2.1", "127.0.0.1"])

    def rebinding(host: str, port: int, *_: object, **__: object) -> list[object]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port)),
        ]

    with web_server({"/": "rahasia"}) as site, Http() as http:
        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        port = site.host.partition(":")[2]
        for name, address in (("a", "192.0.2.1"), ("b", "127.0.0.1")):
            told = refused(http, f"http://{name}.contoh.example:{port}/")
            assert told == f"not a public address: {address}"
        assert site.requests == []


@pytest.fixture
def only_one_is_public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.1")


@pytest.mark.usefixtures("only_one_is_public")
def test_a_redirect_leads_to_public_addresses_only() -> None:
    routes: dict[str, Route] = {}
    with web_server(routes) as site, Http() as http:
        port = site.host.partition(":")[2]
        for status, host in ((301, "127.0.0.2"), (302, "[::1]"), (307, "127.9.9.9")):
            target = f"http://{host}:{port}/"
            site.routes["/"] = Answer(status=status, headers={"Location": target})
            assert "not a public address" in refused(http, site.url("/"))


@pytest.mark.usefixtures("only_one_is_public")
def test_ports_of_links_are_those_of_the_web() -> None:
    with web_server({"/": "halo"}) as site, Http() as http:
        assert http.get(site.url("/")).body == b"halo"  # as the settings name it
        with pytest.raises(FetchError) as caught:
            http.get(site.url("/"), link=True)
        assert (caught.value.reason, site.paths) == ("refused", ["/"])
        site.routes["/"] = Answer(
            status=302, headers={"Location": "http://127.0.0.1:22/"}
        )
        assert refused(http, site.url("/")) == "port 22 of a link"
