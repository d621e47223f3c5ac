"""A real web server on the loopback interface, for tests.

    with web_server({"/feed.xml": Answer(body=FEED, media_type="application/rss+xml")}) as site:
        http.get(site.url("/feed.xml"))
        assert site.requests[0].headers["user-agent"].startswith("briefing/")

A route is what is sent: bytes or text, an `Answer`, or a function from the `Request` to one
of these. Other paths get 404. Nothing sleeps: an answer that waits is let go by its event, or
when the server is closed.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.tls import TlsServer


@dataclass(frozen=True)
class Request:
    """A request as it came; names of headers in lower case; when, by a clock that only runs."""

    path: str
    headers: Mapping[str, str]
    body: bytes = b""
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class Answer:
    """What is sent.

    Attributes:
        body: whole, or in pieces (sent without a length, each at once); not sent with 204 and 304.
        status: the status code.
        media_type: the Content-Type, None for none.
        headers: others; they win over those made here.
        wait_for: sent only when this is set.
        drip: seconds between the single bytes of the body.
        drip_headers: seconds between the single bytes of the head.
    """

    body: bytes | str | Iterable[bytes] = b""
    status: int = 200
    media_type: str | None = "text/html"
    headers: Mapping[str, str] = field(default_factory=dict)
    wait_for: threading.Event | None = None
    drip: float = 0.0
    drip_headers: float = 0.0


Route = bytes | str | Answer | Callable[[Request], "bytes | str | Answer"]


class Site:
    """A running server.

    Attributes:
        requests: those that came, in order.
        routes: may be changed while it runs.
    """

    def __init__(
        self, routes: Mapping[str, Route], tls: ssl.SSLContext | None = None
    ) -> None:
        self.routes = dict(routes)
        self.requests: list[Request] = []
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.site = self
        self._server.tls = tls
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}
        )
        self._thread.start()

    @property
    def host(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [request.path for request in self.requests]

    def url(self, path: str) -> str:
        """The address of a path."""
        scheme = "https" if self._server.tls else "http"
        return f"{scheme}://{self.host}{path}"

    def answer(self, request: Request) -> Answer:
        """What a request is answered with."""
        self.requests.append(request)
        route = self.routes.get(request.path)
        if route is None:
            return Answer("not here", 404)
        what = route(request) if callable(route) else route
        return what if isinstance(what, Answer) else Answer(what)

    def close(self) -> None:
        """Stop, letting go of every answer that still waits."""
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextmanager
def web_server(
    routes: Mapping[str, Route], *, tls: ssl.SSLContext | None = None
) -> Iterator[Site]:
    """Yield a running server with these routes."""
    site = Site(routes, tls)
    try:
        yield site
    finally:
        site.close()


class _Server(ThreadingHTTPServer, TlsServer):
    daemon_threads = False  # closing waits for them, so that no test leaves one behind
    site: Site

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what many tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        site = self.server.site
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        answer = site.answer(Request(self.path, headers, body))
        self.close_connection = True
        if answer.wait_for is not None:
            while not (answer.wait_for.wait(0.02) or site.closing.is_set()):
                pass
        self._drip([self._head(answer)], answer.drip_headers)
        if answer.status not in (204, 304):
            sent = answer.body.encode() if isinstance(answer.body, str) else answer.body
            self._drip([sent] if isinstance(sent, bytes) else sent, answer.drip)

    def do_POST(self) -> None:
        self.do_GET()

    def _head(self, answer: Answer) -> bytes:
        headers = {"Connection": "close"}
        if answer.media_type is not None:
            headers["Content-Type"] = answer.media_type
        if isinstance(answer.body, (bytes, str)):
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            headers["Content-Length"] = str(len(body))
        headers.update(answer.headers)
        lines = [f"HTTP/1.1 {answer.status} As Told"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _drip(self, pieces: Iterable[bytes], pause: float) -> None:
        for piece in pieces:
            parts = [bytes([one]) for one in piece] if pause else [piece]
            for part in parts:
                if pause and self.server.site.closing.wait(pause):
                    return
                self.wfile.write(part)

    def log_message(self, format: str, *args: Any) -> None:  # inherited name
        """Keep quiet."""
