"""briefing serve --site: the static site as others will see it, always as it is now."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from briefing.cli import serve as serving
from briefing.cli.serve import server
from briefing.cli.wiring import Wiring
from briefing.settings import load_settings
from tests.desk import NOW, OTHER, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.with_articles(tmp_path)
    (tmp_path / "tema").mkdir()
    desk.add('[output]\ntemplates = "tema"\n')
    return desk


@pytest.fixture
def port(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(serving, "_FRESH", 0.0)
    wiring = Wiring(load_settings(desk.settings), lambda: datetime.fromisoformat(NOW))
    running = server(wiring, "127.0.0.1", 0, site=True)
    thread = threading.Thread(target=running.serve_forever, args=(0.02,))
    thread.start()
    yield running.server_address[1]
    running.shutdown()
    thread.join()
    running.server_close()


def asked(port: int, path: str, method: str = "GET") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path)
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


def test_it_follows_what_is_published_and_how_it_looks(desk: Desk, port: int) -> None:
    assert asked(port, "/")[0] == 404  # nothing is published yet
    desk.run("run", "--once")
    status, page = asked(port, "/")
    assert status == 200
    assert "Festival Kurma" in page
    desk.article("lain").write_text(OTHER.replace("Basra", "Najaf"))
    desk.run("run", "--once", now="2024-12-02T06:30+07:00")
    assert "Najaf" in asked(port, "/index.html")[1]
    assert "Najaf" in asked(port, "/editions/2024-12-02.md")[1]
    (desk.folder / "tema" / "site.css").write_text("main { color: black }")
    assert "color: black" in asked(port, "/site.css")[1]
    (desk.folder / "tema" / "site-story.html").write_text("{{ nothing.of.it }}")
    assert "Najaf" in asked(port, "/")[1]  # a theme that is broken changes no page


@pytest.mark.parametrize(
    "path",
    [
        "/.briefing",
        "/%2ebriefing",
        "/editions/",
        "/../briefing.db",
        "/%2e%2e/briefing.db",
        "/..%2fbriefing.toml",
        "/unsubscribe",
    ],
)
def test_nothing_else_is_shown(desk: Desk, port: int, path: str) -> None:
    desk.run("run", "--once")
    assert asked(port, "/topics/")[0] == 200
    assert asked(port, path)[0] == 404


def test_only_looking_is_allowed(desk: Desk, port: int) -> None:
    desk.run("run", "--once")
    assert asked(port, "/", "HEAD") == (200, "")
    assert asked(port, "/", "POST")[0] == 404
    assert asked(port, "/", "DELETE")[0] == 501
