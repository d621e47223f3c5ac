"""briefing run: real processes, real signals."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desk import OTHER, Desk


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
