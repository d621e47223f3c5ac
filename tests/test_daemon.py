"""briefing run: real processes, real signals."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from threading import Event

import pytest

from briefing.cli.daemon import Watch
from briefing.cli.wiring import Wiring
from briefing.settings import load_settings
from tests.desk import NOW, OTHER, Desk
from tests.web import Answer, web_server


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.with_articles(tmp_path)


def test_once_builds_what_is_due_and_freezes_it(desk: Desk) -> None:
    assert desk.run("run", "--once").exit_code == 0
    frozen = desk.page().read_bytes()
    desk.article("lain").write_text(OTHER.replace("Basra", "Najaf"))
    assert desk.run("run", "--once", now="2024-12-01T20:00+07:00").exit_code == 0
    assert desk.page().read_bytes() == frozen
    desk.run("run", "--once", now="2024-12-02T06:00+07:00")
    assert "Najaf" in desk.page("2024-12-02").read_text()


def test_before_the_hour_the_edition_of_the_day_before_is_due(desk: Desk) -> None:
    desk.run("run", "--once", now="2024-12-01T05:59+07:00")
    assert desk.page("2024-11-30").exists()


def test_after_days_off_one_edition_has_everything(desk: Desk) -> None:
    desk.run("run", "--once")
    desk.article("lain").write_text(OTHER.replace("Basra", "Najaf"))
    desk.run("run", "--once", now="2024-12-05T09:00+07:00")
    assert "Najaf" in desk.page("2024-12-05").read_text()
    assert not desk.page("2024-12-04").exists()


def _dated(name: str, day: str | None) -> str:
    head = f"---\ndate: {day}\n---\n" if day else ""
    return (
        f"{head}Pasar {name} Dibuka\n\nPasar di {name} dibuka oleh wali kota {name}.\n"
    )


def _missing_three_days(desk: Desk, policy: str, *, more: str = "") -> None:
    """Let 2 to 4 December pass; on 5 December at nine all their articles are found."""
    desk.add(f'[schedule]\nmissed = "{policy}"\n{more}')
    desk.run("run", "--once")
    for name, day in {
        "Amara": "2024-12-01T20:00+07:00",
        "Basra": "2024-12-02",  # at an hour that nobody knows
        "Cepu": "2024-12-03T06:00+07:00",
        "Demak": "2024-12-04T05:00+07:00",
        "Ende": "2024-12-05T05:00+07:00",
        "Fakfak": None,
    }.items():
        desk.article(name).write_text(_dated(name, day))
    result = desk.run("run", "--once", now="2024-12-05T09:00+07:00")
    assert result.exit_code == 0, result.output


def _told(desk: Desk, date: str) -> set[str]:
    page = desk.page(date).read_text()
    return {
        each
        for each in ("Amara", "Basra", "Cepu", "Demak", "Ende", "Fakfak")
        if f"wali kota {each}" in page
    }


def test_each_missed_date_gets_an_edition_with_its_articles(desk: Desk) -> None:
    _missing_three_days(desk, "each")
    assert _told(desk, "2024-12-02") == {"Amara"}
    assert _told(desk, "2024-12-03") == {"Basra", "Cepu"}
    assert _told(desk, "2024-12-04") == {"Demak"}
    assert _told(desk, "2024-12-05") == {"Ende", "Fakfak"}
    assert desk.run("verify").exit_code == 0


def test_late_articles_go_to_the_next_edition(desk: Desk) -> None:
    _missing_three_days(desk, "each")
    desk.article("Garut").write_text(_dated("Garut", "2024-12-02T20:00+07:00"))
    desk.run("run", "--once", now="2024-12-06T09:00+07:00")
    assert "wali kota Garut" in desk.page("2024-12-06").read_text()


def test_the_latest_alone_leaves_out_what_is_older_and_names_it(desk: Desk) -> None:
    _missing_three_days(desk, "latest")
    assert not desk.page("2024-12-04").exists()
    assert _told(desk, "2024-12-05") == {"Ende", "Fakfak"}
    assert "4 dari sebelum" in desk.page("2024-12-05").read_text()
    left_out = [one for one in desk.json("why") if one["cut"] == "missed"]
    assert {one["headline"].split()[1] for one in left_out} == {
        "Amara",
        "Basra",
        "Cepu",
        "Demak",
    }
    desk.run("run", "--once", now="2024-12-06T09:00+07:00")
    assert _told(desk, "2024-12-06") == set()


def test_what_a_quiet_day_left_out_stays_left_out(desk: Desk) -> None:
    quiet = '[brief]\nquiet = "roll"\nleast = 3\n'
    _missing_three_days(desk, "latest", more=quiet)
    assert not desk.page("2024-12-05").exists()
    assert len(desk.json("why")) == 4
    for name in ("Garut", "Hila"):
        desk.article(name).write_text(_dated(name, None))
    desk.run("run", "--once", now="2024-12-06T09:00+07:00")
    assert _told(desk, "2024-12-06") == {"Ende", "Fakfak"}


def test_the_service_builds_what_was_missed_and_stops_on_sigterm(desk: Desk) -> None:
    command = [sys.executable, "-m", "briefing", "run", "--config", str(desk.settings)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    # The names of the pages are printed when the missed edition is out.
    pages = [process.stdout.readline().strip() for _ in range(2)]
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    assert all(Path(page).exists() for page in pages)
    assert "Next edition" in told


def test_a_service_that_fails_says_so_and_stays(desk: Desk) -> None:
    (desk.folder / "briefs").write_text("")
    command = [sys.executable, "-m", "briefing", "run", "--config", str(desk.settings)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    lines = [process.stderr.readline(), process.stderr.readline()]
    assert any("briefs" in line for line in lines)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    process.communicate()


def test_a_delivery_that_failed_swallows_nothing(desk: Desk) -> None:
    (desk.folder / "briefs").write_text("")
    assert desk.run("run", "--once").exit_code == 1
    (desk.folder / "briefs").unlink()
    assert desk.run("run", "--once", now="2024-12-02T06:30+07:00").exit_code == 0
    assert "Roket Menghantam" in desk.page("2024-12-02").read_text()


def test_a_preview_takes_nothing_from_the_daily_edition(desk: Desk) -> None:
    desk.run("build", now="2024-11-30T20:00+07:00")
    assert desk.page("2024-11-30").exists()
    desk.run("run", "--once")
    assert "Roket Menghantam" in desk.page().read_text()


def test_what_was_left_out_is_said(desk: Desk) -> None:
    desk.article("kosong").write_text("")
    result = desk.run("run", "--once")
    assert result.exit_code == 3
    assert "kosong.txt" in result.stderr


def test_a_second_signal_changes_nothing(desk: Desk) -> None:
    command = [sys.executable, "-m", "briefing", "run", "--config", str(desk.settings)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    for _ in range(3):
        process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    assert "Traceback" not in told


FEED = """\
<rss version="2.0"><channel><title>Pena</title><item><title>Pasar {name} dibuka</title>
<link>/{name}</link><description>Pasar di {name} dibuka oleh wali kota {name}.</description>
</item></channel></rss>
"""
SOURCE = '[[source]]\nid = "pena"\nkind = "feed"\nfollow = false\nprivate = true\nurl = "{url}"\n'


def look(desk: Desk, day: str, hour: str) -> None:
    """Look as the service does every minute."""
    moment = datetime.fromisoformat(f"{day}T{hour}+07:00")
    Watch(Wiring(load_settings(desk.settings), lambda: moment), Event()).look()


def test_sources_are_visited_through_the_day(desk: Desk) -> None:
    """What a feed shows for a few hours alone is in the next edition."""
    with web_server({"/": FEED.format(name="Amara")}) as site:
        desk.add(SOURCE.format(url=site.url("/")))
        visits = []
        for hour in ("06:00", "06:01", "06:30", "08:00", "08:01", "08:15", "09:30"):
            look(desk, "2024-12-01", hour)
            visits.append((hour, len(site.requests)))
            name = "Basra" if hour == "06:30" else "Cepu"
            site.routes["/"] = FEED.format(name=name)
        assert visits == [
            ("06:00", 1),  # for the edition
            ("06:01", 1),
            ("06:30", 1),  # asked less than an hour ago
            ("08:00", 2),
            ("08:01", 2),
            ("08:15", 2),
            ("09:30", 3),
        ]
        look(desk, "2024-12-02", "05:15")  # soon the next edition asks
        assert len(site.requests) == 3
        look(desk, "2024-12-02", "06:00")
        assert len(site.requests) == 4
    assert _told(desk, "2024-12-01") == {"Amara"}
    assert _told(desk, "2024-12-02") == {"Basra", "Cepu"}


def test_a_source_that_answered_later_that_day_is_no_failure(desk: Desk) -> None:
    with web_server({"/": FEED.format(name="Amara")}) as site:
        desk.add(SOURCE.format(url=site.url("/")))
        look(desk, "2024-12-01", "06:00")
        site.routes["/"] = Answer(status=503)
        look(desk, "2024-12-01", "12:00")
        assert "http-status" in json.dumps(desk.json("sources"))
        site.routes["/"] = FEED.format(name="Basra")
        look(desk, "2024-12-01", "23:00")
        look(desk, "2024-12-02", "06:00")
    assert len(site.requests) == 4
    page = desk.page("2024-12-02").read_text()
    assert "503" not in page
    assert _told(desk, "2024-12-02") == {"Basra"}


def test_an_error_that_lasts_is_said_once(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk.folder / "briefs").write_text("")
    moment = datetime.fromisoformat(NOW)
    watch = Watch(Wiring(load_settings(desk.settings), lambda: moment), Event())
    watch.look()
    watch.look()
    assert capsys.readouterr().err.count("briefing: ") == 1
    (desk.folder / "briefs").unlink()
    watch.look()
    assert desk.page().exists()


def test_what_came_while_the_clock_was_ahead_is_in_the_next_edition(desk: Desk) -> None:
    desk.run("run", "--once")
    desk.article("maju").write_text(OTHER.replace("Basra", "Najaf"))
    desk.run("collect", now="2025-12-01T12:00+07:00")
    desk.article("maju").write_text(OTHER.replace("Basra", "Mosul"))
    desk.article("lain").write_text(OTHER.replace("Kurma", "Mangga"))
    desk.run("run", "--once", now="2024-12-02T06:30+07:00")
    page = desk.page("2024-12-02").read_text()
    assert "Festival Kurma Dibuka di Mosul" in page
    assert "Najaf" not in page
    assert "Festival Mangga Dibuka di Basra" in page
    desk.run("run", "--once", now="2024-12-03T06:30+07:00")
    [brief] = desk.json("show", "2024-12-03")
    assert brief["coverage"]["articles"] == 0
