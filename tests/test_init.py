"""init: a starter, and nothing of the user's lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desk import call
from tests.tmpfs import small_disk

SAMPLE = "01-rencana-penarikan.txt"


def _everything(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_starter_that_builds(tmp_path: Path) -> None:
    folder = tmp_path / "saya"
    assert call("init", str(folder)).exit_code == 0
    result = call(
        "build", "-c", str(folder / "briefing.toml"), "--now", "2024-12-01T06:30+07:00"
    )
    assert result.exit_code == 0, result.output
    assert (folder / "briefs" / "2024-12-01.html").exists()
    assert (folder / "briefing.db").exists()


def test_settings_that_are_there_are_replaced_by_force_only(tmp_path: Path) -> None:
    (tmp_path / "briefing.toml").write_text("title = 'milik saya'")
    result = call("init", str(tmp_path))
    assert result.exit_code == 2
    assert "--force" in result.stderr
    assert _everything(tmp_path) == {"briefing.toml": "title = 'milik saya'"}
    assert call("init", str(tmp_path), "--force").exit_code == 0
    assert "milik saya" not in (tmp_path / "briefing.toml").read_text()


def test_articles_that_are_there_are_replaced_by_force_only(tmp_path: Path) -> None:
    (tmp_path / "artikel").mkdir()
    mine, other = tmp_path / "artikel" / SAMPLE, tmp_path / "artikel" / "lain.txt"
    mine.write_text("milik saya")
    other.write_text("juga milik saya")
    assert call("init", str(tmp_path)).exit_code == 0
    assert mine.read_text() == "milik saya"
    assert len(_everything(tmp_path)) > 10
    assert call("init", str(tmp_path), "--force").exit_code == 0
    assert mine.read_text() != "milik saya"
    assert other.read_text() == "juga milik saya"


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_nothing_is_written_through_a_link(tmp_path: Path, force: list[str]) -> None:
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "saya"
    elsewhere.mkdir()
    folder.mkdir()
    (folder / "artikel").symlink_to(elsewhere)
    result = call("init", str(folder), *force)
    assert result.exit_code == 2
    assert "link" in result.stderr
    assert result.stderr.count("\n") == 1
    assert _everything(tmp_path) == {}


def test_a_link_in_place_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "briefing.toml").symlink_to(tmp_path / "tiada")
    assert call("init", str(tmp_path)).exit_code == 2
    assert not (tmp_path / "tiada").exists()
    assert not (tmp_path / "artikel").exists()


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = call("init", str(tmp_path / "file" / "brief"))
    assert result.exit_code == 2
    assert result.stderr.startswith("briefing: ")
    assert result.stderr.count("\n") == 1


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    with small_disk("16k") as disk:
        result = call("init", str(disk / "satu" / "dua"))
        assert result.exit_code == 2
        assert "No space left" in result.stderr
        assert result.stderr.count("\n") == 1
        assert list(disk.iterdir()) == []


def test_a_full_disk_leaves_what_was_there() -> None:
    with small_disk("16k") as disk:
        (disk / "artikel").mkdir()
        (disk / "artikel" / SAMPLE).write_text("milik saya")
        (disk / "briefing.toml").write_text("milik saya")
        before = _everything(disk)
        assert call("init", str(disk), "--force").exit_code == 2
        assert _everything(disk) == before
