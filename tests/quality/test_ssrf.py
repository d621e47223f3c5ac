"""No address made to reach inner networks is connected to.

The addresses are read from ../shared/data/hostile/ssrf_urls.jsonl, never copied and never
opened: a socket that the guard lets through is closed before it connects. Every name is
answered with this machine's own address, the worst that a name server can do.
"""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from briefing.gather import Http, connection
from briefing.gather.guard import guarded_socket
from briefing.gather.response import FetchError

URLS = Path(__file__).parents[3] / "shared" / "data" / "hostile" / "ssrf_urls.jsonl"
PUBLIC = {"1.1.1.1"}
"""The only public address that stands in the file as a number."""

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not URLS.is_file(), reason="no ../shared/data/hostile"),
]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the addresses that are let through."""
    let_through: list[str] = []
    real = socket.getaddrinfo

    def inner_network(host: str, port: int, *rest: Any, **options: Any) -> Any:
        try:
            numeric = dict(options, flags=socket.AI_NUMERICHOST)
            return real(host, port, **numeric)
        except socket.gaierror:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    def noted(found: tuple[Any, ...]) -> socket.socket:
        guarded_socket(found).close()
        let_through.append(found[4][0])
        raise OSError("not connected to here")

    monkeypatch.setattr(socket, "getaddrinfo", inner_network)
    monkeypatch.setattr(connection, "guarded_socket", noted)
    return let_through


@pytest.mark.parametrize("link", [False, True], ids=["source", "link"])
def test_none_connects(asked: list[str], link: bool) -> None:
    payloads = [json.loads(line)["payload"] for line in URLS.read_text().splitlines()]
    assert len(payloads) == 288
    reasons = []
    with Http() as http:
        for payload in payloads:
            with pytest.raises(FetchError) as caught:
                http.get(payload, link=link)
            reasons.append(caught.value.reason)
    assert set(asked) <= PUBLIC
    assert set(reasons) <= {"refused", "robots", "unsupported", "unreachable"}
    assert reasons.count("refused") > 100
