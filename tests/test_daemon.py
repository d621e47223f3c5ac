"""briefing run: real processes, real signals."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from threading import Event

import pytest

from briefing.cli.daemon import Watch
from briefing.cli.wiring import Wiring
from tests.desk import NOW, OTHER, Desk


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


def test_an_error_that_lasts_is_said_once(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    from briefing.settings import load_settings

    (desk.folder / "briefs").write_text("")
    moment = datetime.fromisoformat(NOW)
    watch = Watch(Wiring(load_settings(desk.settings), lambda: moment), Event())
    watch.look()
    watch.look()
    assert capsys.readouterr().err.count("briefing: ") == 1
    (desk.folder / "briefs").unlink()
    watch.look()
    assert desk.page().exists()
