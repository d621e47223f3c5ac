"""Servers that break the rules: each answer is a script that writes to a bare socket.

    with rude_server(endless_headers) as url:
        ...

Nothing sleeps: a script that waits is let go when the server is closed, or when the client
hangs up.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count

OK = b"HTTP/1.1 200 OK\r\n"
HTML = b"Content-Type: text/html\r\n"
CHUNKED = OK + HTML + b"Transfer-Encoding: chunked\r\n\r\n"


class Line:
    """The connection to one client, after its request was read."""

    def __init__(self, client: socket.socket, closing: threading.Event) -> None:
        self._client = client
        self._closing = closing

    @property
    def open(self) -> bool:
        """Whether the server still runs."""
        return not self._closing.is_set()

    def send(self, data: bytes) -> None:
        """Send `data`."""
        self._client.sendall(data)

    def receive(self) -> bytes:
        """Return what the client says next, empty once it has hung up."""
        return self._client.recv(65_536)

    def drip(self, data: bytes) -> None:
        """Send `data` byte by byte, for as long as the server runs."""
        for one in data:
            if self._closing.wait(0.05):
                return
            self.send(bytes([one]))

    def hold(self) -> None:
        """Say nothing more, until the server is closed."""
        self._closing.wait()

    def half_close(self) -> None:
        """Say that nothing more comes, but stay."""
        self._client.shutdown(socket.SHUT_WR)
        self.hold()

    def reset(self) -> None:
        """Hang up without a word."""
        linger = (1).to_bytes(4, "little") + (0).to_bytes(4, "little")
        self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._client.close()


Script = Callable[[Line], None]


@contextmanager
def rude_server(script: Script, *, greets: bool = False) -> Iterator[str]:
    """Yield the address of a server that answers each request by `script`.

    One that `greets` does not wait for a request.
    """
    closing = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def serve() -> None:
        while not closing.is_set():
            client = listener.accept()[0]
            threads.append(threading.Thread(target=answer, args=[client]))
            threads[-1].start()

    def answer(client: socket.socket) -> None:
        # A client that hangs up is what these servers are for.
        with client, suppress(OSError):
            client.settimeout(60)
            if not greets:
                client.recv(65_536)
            script(Line(client, closing))

    server = threading.Thread(target=serve)
    server.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        closing.set()
        socket.create_connection(listener.getsockname()).close()
        server.join()
        for thread in threads:
            thread.join()
        listener.close()


def endless_headers(line: Line) -> None:
    """One header after the other."""
    line.send(OK)
    for number in count():
        line.send(b"X-%d: halo\r\n" % number)


def endless_header(line: Line) -> None:
    """One header without an end."""
    line.send(OK + b"X-Panjang: ")
    while line.open:
        line.send(b"x" * 10_000)


def endless_continue(line: Line) -> None:
    """Interim answers without an end."""
    while line.open:
        line.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def endless_chunks(line: Line) -> None:
    """A body without an end, in chunks."""
    line.send(CHUNKED)
    while line.open:
        line.send(b"2710\r\n" + b"x" * 10_000 + b"\r\n")


def endless_body(line: Line) -> None:
    """A body without a length and an end."""
    line.send(OK + HTML + b"Connection: close\r\n\r\n")
    while line.open:
        line.send(b"x" * 10_000)


def endless_extension(line: Line) -> None:
    """A chunk that never gets to its content."""
    line.send(CHUNKED + b"5;")
    while line.open:
        line.send(b"x" * 10_000)


def endless_trailers(line: Line) -> None:
    """Headers behind the body, without an end."""
    line.send(CHUNKED + b"0\r\n")
    while line.open:
        line.send(b"X-Lagi: halo\r\n" * 100)


def endless_padding(line: Line) -> None:
    """Bytes behind a gzip body, without an end."""
    import gzip

    head = OK + HTML + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n"
    line.send(head + gzip.compress(b"halo"))
    while line.open:
        line.send(bytes(10_000))


def dripping_head(line: Line) -> None:
    """Headers, byte by byte."""
    line.drip(OK + HTML + b"X-Panjang: " + b"x" * 8_000)


def dripping_body(line: Line) -> None:
    """A body, byte by byte."""
    line.send(OK + HTML + b"Content-Length: 8000\r\n\r\n")
    line.drip(b"x" * 8_000)


def dripping_chunks(line: Line) -> None:
    """Chunks of one byte, one after the other."""
    line.send(CHUNKED)
    line.drip(b"1\r\nx\r\n" * 2_000)


def silence(line: Line) -> None:
    """Nothing at all."""
    line.hold()


def silent_body(line: Line) -> None:
    """Headers, and nothing more."""
    line.send(OK + HTML + b"Content-Length: 100\r\n\r\n")
    line.hold()


def half_closed(line: Line) -> None:
    """Half an answer, then nothing more will come."""
    line.send(OK + HTML + b"Content-Length: 100\r\n\r\nhalo")
    line.half_close()


def half_closed_head(line: Line) -> None:
    """Half a head, then nothing more will come."""
    line.send(OK + b"X-Sete")
    line.half_close()


def longer_than_it_said(line: Line) -> None:
    """More than the length it stated."""
    line.send(OK + HTML + b"Content-Length: 9\r\n\r\n<p>halo</p>" + b"x" * 10_000)


def shorter_than_it_said(line: Line) -> None:
    """Less than the length it stated."""
    line.send(OK + HTML + b"Content-Length: 100\r\n\r\nhalo")


def two_lengths(line: Line) -> None:
    """Two lengths."""
    line.send(OK + b"Content-Length: 4\r\nContent-Length: 9\r\n\r\nhalo")


def negative_length(line: Line) -> None:
    """A length below nothing."""
    line.send(OK + b"Content-Length: -1\r\n\r\nhalo")


def huge_length(line: Line) -> None:
    """A length over every cap."""
    line.send(OK + HTML + b"Content-Length: 99999999999\r\n\r\n")
    line.hold()


def broken_chunk(line: Line) -> None:
    """A chunk whose length is no number."""
    line.send(CHUNKED + b"halo\r\nhalo\r\n")


def no_http(line: Line) -> None:
    """Another protocol."""
    line.send(b"SSH-2.0-OpenSSH_9.6\r\n")


def hang_up(line: Line) -> None:
    """Hang up at once."""
    line.reset()


def reset_in_the_body(line: Line) -> None:
    """Hang up in the middle."""
    line.send(OK + HTML + b"Content-Length: 100\r\n\r\nhalo")
    line.reset()


RUDE: tuple[tuple[Script, str], ...] = (
    (endless_headers, "unreachable"),
    (endless_header, "unreachable"),
    (endless_continue, "timeout"),
    (endless_chunks, "too-large"),
    (endless_body, "too-large"),
    (endless_extension, "timeout"),
    (endless_trailers, "unreachable"),
    (endless_padding, "too-large"),
    (dripping_head, "timeout"),
    (dripping_body, "timeout"),
    (dripping_chunks, "timeout"),
    (silence, "timeout"),
    (silent_body, "timeout"),
    (half_closed, "unreachable"),
    (half_closed_head, "unreachable"),
    (longer_than_it_said, "unreachable"),
    (shorter_than_it_said, "unreachable"),
    (two_lengths, "unreachable"),
    (negative_length, "unreachable"),
    (huge_length, "too-large"),
    (broken_chunk, "unreachable"),
    (no_http, "unreachable"),
    (hang_up, "unreachable"),
    (reset_in_the_body, "unreachable"),
)
"""Each script with the reason of the failure that it ends in."""
