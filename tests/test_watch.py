"""What an operator is told: by status, a monitor, alerts and heartbeats."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event

import pytest

from briefing.cli.daemon import Watch
from briefing.cli.notify import notify
from briefing.cli.serve import server
from briefing.cli.wiring import Wiring
from briefing.settings import load_settings
from tests.desk import OTHER, Desk
from tests.web import Answer, Site, web_server

DUE = "2024-12-01T06:30+07:00"
SOON = "2024-12-02T06:20+07:00"
LATE = "2024-12-02T06:31+07:00"
MONITORED = {"/alert": "", "/beat": "", "/beat/start": "", "/beat/fail": ""}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.with_articles(tmp_path)


@pytest.fixture
def monitor() -> Iterator[Site]:
    with web_server(MONITORED) as site:
        yield site


def look(desk: Desk, now: str) -> None:
    moment = datetime.fromisoformat(now)
    Watch(Wiring(load_settings(desk.settings), lambda: moment), Event()).look()


def alerted(site: Site) -> list[str]:
    return [
        json.loads(request.body)["title"]
        for request in site.requests
        if request.path == "/alert"
    ]


def concerns(desk: Desk, now: str) -> list[str]:
    return [one["kind"] for one in desk.json("status", now=now)[0]["concerns"]]


def blocked(desk: Desk) -> Path:
    """Put a file where the pages should go."""
    folder = desk.folder / "briefs"
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("")
    return folder


def test_nothing_is_late_before_the_first_edition(desk: Desk) -> None:
    desk.run("build")
    assert concerns(desk, "2024-12-09T12:00+07:00") == []


def test_an_edition_is_late_after_the_grace(desk: Desk) -> None:
    desk.run("run", "--once", now=DUE)
    assert (concerns(desk, SOON), concerns(desk, LATE)) == ([], ["late"])
    result = desk.run("status", now=LATE)
    assert result.exit_code == 3
    assert "2024-12-02 was due at 06:00 WIB" in result.stdout
    desk.run("run", "--once", now=LATE)
    assert "late" not in concerns(desk, LATE)


def test_an_empty_edition_is_told(desk: Desk) -> None:
    desk.run("run", "--once", now=DUE)
    desk.run("run", "--once", now=LATE)
    assert concerns(desk, LATE) == ["empty"]


def test_half_of_the_sources_are_silent(desk: Desk) -> None:
    desk.add('[[source]]\nid = "hilang"\nkind = "folder"\npath = "hilang"\n')
    desk.run("run", "--once", now=DUE)
    assert concerns(desk, DUE) == ["silent"]
    desk.add("[alert]\nsilent = 0.6\n")
    assert concerns(desk, DUE) == []


def test_a_source_that_answered_this_morning_is_not_silent_yet(desk: Desk) -> None:
    (desk.folder / "lain").mkdir()
    desk.add('[[source]]\nid = "lain"\nkind = "folder"\npath = "lain"\n')
    desk.run("run", "--once", now=DUE)
    (desk.folder / "lain").rmdir()
    for now, expected in {
        "2024-12-01T12:00+07:00": [],
        "2024-12-01T18:30+07:00": ["silent"],
    }.items():
        desk.run("collect", now=now)
        assert concerns(desk, now) == expected


def test_status_says_when_the_next_edition_is_due(desk: Desk) -> None:
    desk.run("build")
    assert desk.json("status", now=DUE)[0]["due"] == "2024-12-02T06:00:00+07:00"


def test_one_alert_when_it_begins_and_one_when_it_is_over(
    desk: Desk, monitor: Site
) -> None:
    desk.add(f'[alert]\nto = ["json://{monitor.host}/alert"]\n')
    look(desk, DUE)
    assert alerted(monitor) == []
    folder = blocked(desk)
    for _ in range(3):
        look(desk, LATE)
    assert alerted(monitor) == ["Kabar uji: late"]
    folder.unlink()
    desk.article("lain").write_text(OTHER.replace("Basra", "Najaf"))
    look(desk, LATE)
    assert alerted(monitor) == ["Kabar uji: late", "Kabar uji: no longer late"]


def test_an_alert_that_nobody_took_is_tried_again(
    desk: Desk, monitor: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.add(f'[alert]\nto = ["json://ani:rahasia@{monitor.host}/alert"]\n')
    look(desk, DUE)
    blocked(desk)
    monitor.routes["/alert"] = Answer("busy", 503)
    look(desk, LATE)
    told = capsys.readouterr().err
    assert "an alert to json:// could not be delivered" in told
    assert "rahasia" not in told
    monitor.routes["/alert"] = ""
    look(desk, LATE)
    assert len(alerted(monitor)) == 2


def test_alerts_go_where_the_environment_says(
    desk: Desk, monitor: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KABARI", f"json://{monitor.host}/alert")
    desk.add('[alert]\nto_env = "KABARI"\n')
    desk.run("run", "--once", now=DUE)
    desk.run("run", "--once", now=LATE)
    assert alerted(monitor) == ["Kabar uji: empty"]
    assert "alerts: 1 addresses" in desk.run("doctor").stdout
    monkeypatch.delenv("KABARI")
    assert "alert.to_env: KABARI" in desk.run("doctor").stdout


def test_an_unknown_address_is_named_without_its_secret(desk: Desk) -> None:
    desk.add('[alert]\nto = ["tidakada://rahasia@host"]\n')
    told = desk.run("doctor").stdout
    assert "tidakada://" in told
    assert "rahasia" not in told


def test_heartbeats_tell_of_work_and_of_failure(desk: Desk, monitor: Site) -> None:
    desk.add(f'[alert]\nheartbeat = "{monitor.url("/beat")}"\n')
    look(desk, DUE)
    assert monitor.paths == ["/beat/start", "/beat"]
    look(desk, DUE)
    assert len(monitor.paths) == 2
    blocked(desk)
    look(desk, LATE)
    assert monitor.paths[2:] == ["/beat/start", "/beat/fail"]


def test_cron_hears_of_a_failure_as_the_service_does(desk: Desk, monitor: Site) -> None:
    desk.add(
        f'[alert]\nto = ["json://{monitor.host}/alert"]\n'
        f'heartbeat = "{monitor.url("/beat")}"\n'
    )
    assert desk.run("run", "--once", now=DUE).exit_code == 0
    blocked(desk)
    result = desk.run("run", "--once", now=LATE)
    assert result.exit_code == 1
    assert result.stderr.count("briefing: ") == 1
    assert monitor.paths[2:] == ["/beat/start", "/beat/fail", "/alert"]
    assert alerted(monitor) == ["Kabar uji: late"]


def test_a_heartbeat_that_nobody_hears_keeps_no_edition_back(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.add('[alert]\nheartbeat = "http://127.0.0.1:1/beat"\n')
    look(desk, DUE)
    assert desk.page().exists()
    assert "the heartbeat was not heard" in capsys.readouterr().err


@contextmanager
def serving(desk: Desk, now: str) -> Iterator[http.client.HTTPConnection]:
    moment = datetime.fromisoformat(now)
    wiring = Wiring(load_settings(desk.settings), lambda: moment)
    running = server(wiring, "127.0.0.1", 0)
    thread = threading.Thread(target=running.serve_forever, args=(0.02,))
    thread.start()
    port = running.server_address[1]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        yield connection
    finally:
        connection.close()
        running.shutdown()
        thread.join()
        running.server_close()


@pytest.mark.parametrize(
    ("now", "status", "found"), [(SOON, 200, []), (LATE, 503, ["late"])]
)
def test_a_monitor_is_answered(
    desk: Desk, now: str, status: int, found: list[str]
) -> None:
    desk.run("run", "--once", now=DUE)
    with serving(desk, now) as connection:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        told = json.load(answer)
    assert answer.status == status
    assert told == {"ok": status == 200, "concerns": found}


def test_a_monitor_learns_that_the_store_is_gone(desk: Desk) -> None:
    with serving(desk, DUE) as connection:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        assert (answer.status, json.load(answer)["concerns"]) == (503, ["store"])


def test_the_service_manager_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        notify("READY=1")
        assert manager.recv(100) == b"READY=1"
    notify("WATCHDOG=1")  # nobody listens any more


UNITS = sorted((Path(__file__).parents[1] / "docs/service").glob("briefing*"))


@pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd-analyze is not here"
)
@pytest.mark.parametrize("unit", [one for one in UNITS if one.suffix == ".service"])
def test_units_expose_little(unit: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=15", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-500:] + done.stderr
