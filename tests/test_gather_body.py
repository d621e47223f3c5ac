from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

import pytest

from briefing.gather import Http
from briefing.gather.body import Body
from briefing.gather.response import FetchError
from tests.web import Answer, web_server


@pytest.fixture(scope="module")
def http() -> Iterator[Http]:
    with Http(private=True, deadline=5, max_bytes=100_000) as client:
        yield client


def trouble(http: Http, url: str) -> tuple[str, str]:
    with pytest.raises(FetchError) as caught:
        http.get(url)
    return caught.value.reason, caught.value.detail


def bare(text: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(text) + deflater.flush()


CODED = [
    ("gzip", gzip.compress(b"halo")),
    ("x-gzip", gzip.compress(b"halo")),
    ("gzip", gzip.compress(b"ha") + gzip.compress(b"lo")),
    ("gzip", gzip.compress(b"halo") + b"\0padding"),
    ("deflate", zlib.compress(b"halo")),
    ("deflate", bare(b"halo")),
    ("identity", b"halo"),
]


KINDS = ["gzip", "x-gzip", "two streams", "padding", "zlib", "bare", "identity"]


@pytest.mark.parametrize(("coding", "body"), CODED, ids=KINDS)
def test_coded_bodies_are_decoded(http: Http, coding: str, body: bytes) -> None:
    with web_server({"/": Answer(body, headers={"Content-Encoding": coding})}) as site:
        assert http.get(site.url("/")).body == b"halo"


@pytest.mark.parametrize(("coding", "body"), CODED, ids=KINDS)
def test_pieces_may_end_anywhere(coding: str, body: bytes) -> None:
    gathered = Body(coding, limit=100)
    for one in body:
        gathered.add(bytes([one]))
    assert gathered.end() == b"halo"


def test_a_bomb_does_not_go_off(http: Http) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < 100_000
    with web_server({"/": Answer(bomb, headers={"Content-Encoding": "gzip"})}) as site:
        assert trouble(http, site.url("/")) == ("too-large", "over 100000 bytes")


@pytest.mark.parametrize(
    ("coding", "body", "reason"),
    [
        ("gzip", gzip.compress(b"halo" * 50)[:-9], "unexpected"),
        ("gzip", b"halo", "unexpected"),
        ("gzip", gzip.compress(b"") * 101, "unexpected"),
        ("compress", b"halo", "unsupported"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"halo")), "unsupported"),
    ],
    ids=["cut", "not coded", "many streams", "unannounced", "twice"],
)
def test_bad_codings(http: Http, coding: str, body: bytes, reason: str) -> None:
    with web_server({"/": Answer(body, headers={"Content-Encoding": coding})}) as site:
        assert trouble(http, site.url("/"))[0] == reason
