"""Many small web servers in a process of their own, for measures of fetching."""

from __future__ import annotations

import asyncio
import gzip
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

HOSTS = 40
BODY = 19_500
"""Bytes of a document, 1.7 kB with gzip, as in research on HTTP clients."""


def _answer() -> bytes:
    words = " ".join(f"kata{at % 400}" for at in range(4_000))[:BODY]
    body = gzip.compress(f"<p>{words}</p>".encode())
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Server(asyncio.Protocol):
    answer = _answer()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._transport.write(self.answer * data.count(b"\r\n\r\n"))


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(_Server, "127.0.0.1", 0) for _ in range(HOSTS)]
    print(*(one.sockets[0].getsockname()[1] for one in servers), flush=True)
    await asyncio.Event().wait()


@contextmanager
def served(count: int) -> Iterator[list[str]]:
    """Yield the addresses of `count` documents, spread over `HOSTS` running servers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.web"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    ports = process.stdout.readline().split()
    try:
        yield [f"http://127.0.0.1:{ports[at % HOSTS]}/{at}" for at in range(count)]
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


if __name__ == "__main__":
    asyncio.run(_serve())
