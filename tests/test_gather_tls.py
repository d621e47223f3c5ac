"""Pages from servers that speak TLS."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desk import NOW, OTHER, Desk
from tests.tls import server_context
from tests.web import web_server

PAGE = f"<html><body><article><p>{OTHER}</p></article></body></html>"


@pytest.mark.parametrize("trusted", [True, False])
def test_a_certificate_must_be_trusted(tmp_path: Path, *, trusted: bool) -> None:
    desk = Desk.with_articles(tmp_path)
    # What is trusted is read once, when a process starts.
    trust = {"SSL_CERT_FILE": str(tmp_path / "ca.pem")} if trusted else {}
    with web_server({"/kurma": PAGE}, tls=server_context(tmp_path)) as site:
        page = f'kind = "page"\nurl = "{site.url("/kurma")}"\nprivate = true\n'
        desk.add(f'[[source]]\nid = "kurma"\n{page}')
        command = [sys.executable, "-m", "briefing", "collect", "--json", "--now", NOW]
        done = subprocess.run(
            [*command, "-c", str(desk.settings)],
            env={**os.environ, **trust},
            capture_output=True,
            text=True,
            check=False,
        )
        paths = site.paths
    [collected] = map(json.loads, done.stdout.splitlines())
    if trusted:
        assert (collected["answered"], collected["failures"]) == (2, [])
        assert "/kurma" in paths
    else:
        [failure] = collected["failures"]
        assert (failure["subject"], failure["reason"]) == ("kurma", "unreachable")
        assert "certificate" in failure["detail"].lower()
        assert paths == []
