from __future__ import annotations

import gzip
import os
import sys
import tracemalloc
import zlib
from collections.abc import Callable, Iterator

import brotli
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefing.gather import Http
from briefing.gather.body import Body
from briefing.gather.codings import STEP, decoder
from briefing.gather.response import FetchError
from tests.web import Answer, web_server

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


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
    ("br", brotli.compress(b"halo")),
    ("BR", brotli.compress(b"halo")),
    ("zstd", zstd.compress(b"halo")),
    ("zstd", zstd.compress(b"ha") + zstd.compress(b"lo")),
]


KINDS = [
    *("gzip", "x-gzip", "two streams", "padding", "zlib", "bare", "identity"),
    *("br", "BR", "zstd", "two frames"),
]


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


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_long_body_in_every_coding(coding: str) -> None:
    text = os.urandom(300_000) + bytes(300_000)
    coded = COMPRESS[coding](text)
    gathered = Body(coding, limit=len(text))
    for at in range(0, len(coded), 1_000):
        gathered.add(coded[at : at + 1_000])
    assert gathered.end() == text


@given(
    st.sampled_from([gzip.compress, zlib.compress, bare]),
    st.integers(0, 400_000),
    st.integers(1, 600),
)
@example(bare, 131_328, 600)
@example(bare, 65_537, 1)
@example(bare, 2 * STEP, 600)
def test_a_body_of_any_length_is_whole(
    compress: Callable[[bytes], bytes], length: int, size: int
) -> None:
    """What is packed may be taken in long before all that is in it has come out."""
    text = b"a" * length
    coded = compress(text)
    inflater = decoder("gzip" if compress is gzip.compress else "deflate")
    assert inflater is not None
    steps = [
        step
        for at in range(0, len(coded), size)
        for step in inflater.decoded(coded[at : at + size])
    ]
    assert b"".join(steps) == text
    assert inflater.ended
    assert max(map(len, steps)) <= STEP


COMPRESS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}
BOMBS = {coding: compress(bytes(50_000_000)) for coding, compress in COMPRESS.items()}


@pytest.mark.parametrize("coding", BOMBS)
def test_a_bomb_does_not_go_off(http: Http, coding: str) -> None:
    bomb = BOMBS[coding]
    assert len(bomb) < 100_000
    with web_server({"/": Answer(bomb, headers={"Content-Encoding": coding})}) as site:
        assert trouble(http, site.url("/")) == ("too-large", "over 100000 bytes")


@pytest.mark.parametrize("coding", BOMBS)
def test_a_bomb_takes_no_memory(coding: str) -> None:
    tracemalloc.start()
    try:
        gathered = Body(coding, limit=100_000)
        with pytest.raises(FetchError):
            gathered.add(BOMBS[coding])
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_the_largest_window_of_zstd() -> None:
    wide: dict[int, int] = {zstd.CompressionParameter.window_log: 27}
    coded = zstd.ZstdCompressor(options=wide).compress(os.urandom(9_000_000))
    with pytest.raises(FetchError, match="not zstd"):
        Body("zstd", limit=10_000_000).add(coded)


@pytest.mark.parametrize("coding", ["", *BOMBS])
def test_the_beginning_of_what_is_too_large(coding: str) -> None:
    gathered = Body(coding, limit=100_000)
    with pytest.raises(FetchError, match="too-large"):
        gathered.add(BOMBS.get(coding, bytes(200_000)))
    assert gathered.so_far() == bytes(100_000)


@pytest.mark.parametrize(
    ("coding", "body", "reason"),
    [
        ("gzip", gzip.compress(b"halo" * 50)[:-9], "unexpected"),
        ("gzip", b"halo", "unexpected"),
        ("gzip", gzip.compress(b"") * 101, "unexpected"),
        ("zstd", zstd.compress(b"") * 101, "unexpected"),
        ("zstd", zstd.compress(b"halo" * 50)[:-3], "unexpected"),
        ("zstd", b"halo", "unexpected"),
        ("br", brotli.compress(os.urandom(50))[:-3], "unexpected"),
        ("br", b"\xff" * 50, "unexpected"),
        ("compress", b"halo", "unsupported"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"halo")), "unsupported"),
    ],
    ids=[
        "cut",
        "not coded",
        "many streams",
        "many frames",
        "cut zstd",
        "no zstd",
        "cut br",
        "no br",
        "unannounced",
        "twice",
    ],
)
def test_bad_codings(http: Http, coding: str, body: bytes, reason: str) -> None:
    with web_server({"/": Answer(body, headers={"Content-Encoding": coding})}) as site:
        assert trouble(http, site.url("/"))[0] == reason
