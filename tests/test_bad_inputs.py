"""Each bad input gets one clear line or a failure in the footer; nothing is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from briefing.gather import Http
from tests.desk import Desk
from tests.tmpfs import small_disk, write_protected
from tests.web import Answer, web_server

FEED_SOURCE = """
[[source]]
id = "jauh"
kind = "feed"
private = true
url = "{url}"
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.with_articles(tmp_path)


def _no_folder(desk: Desk) -> None:
    desk.add('\n[[source]]\nid = "lain"\nkind = "folder"\npath = "tiada"\n')


def _empty(desk: Desk) -> None:
    desk.article("buruk").write_text("")


def _binary(desk: Desk) -> None:
    desk.article("buruk").write_bytes(bytes(range(256)) * 10)


def _only_noise(desk: Desk) -> None:
    desk.article("buruk").write_text("foto.jpg\n\n0\n272\n\nBaca Juga: Lain\n")


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (_no_folder, "lain"),
        (_empty, "buruk.txt"),
        (_binary, "buruk.txt"),
        (_only_noise, "buruk.txt"),
    ],
)
def test_files_that_cannot_be_used(
    desk: Desk, spoil: Callable[[Desk], None], named: str
) -> None:
    spoil(desk)
    result = desk.run("build")
    _left_out_but_nothing_lost(desk, result.exit_code, result.stderr, named)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(b"gone", 404), "404"),
        (Answer(b"oops", 500), "500"),
        (Answer(b"<?xml version='1.0'?><rss><chan"), "broken-feed"),
        (Answer(b"<!doctype html><html><body>Halo</body></html>"), "not-a-feed"),
        (Answer(b""), "empty"),
    ],
)
def test_feeds_that_cannot_be_used(desk: Desk, answer: Answer, told: str) -> None:
    with web_server({"/feed.xml": answer}) as site:
        desk.add(FEED_SOURCE.format(url=site.url("/feed.xml")))
        result = desk.run("build")
    _left_out_but_nothing_lost(desk, result.exit_code, result.stderr, told)


def test_a_server_that_is_not_there(desk: Desk) -> None:
    with web_server({}) as site:
        url = site.url("/feed.xml")
    desk.add(FEED_SOURCE.format(url=url))
    result = desk.run("build")
    _left_out_but_nothing_lost(desk, result.exit_code, result.stderr, "unreachable")


def test_a_server_that_never_answers(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty = partial(Http, deadline=0.3)
    monkeypatch.setattr("briefing.cli.wiring.network", lambda settings, slot: hasty())
    with web_server({"/feed.xml": Answer(wait_for=Event())}) as site:
        desk.add(FEED_SOURCE.format(url=site.url("/feed.xml")))
        result = desk.run("build")
    _left_out_but_nothing_lost(desk, result.exit_code, result.stderr, "timeout")


def _left_out_but_nothing_lost(desk: Desk, status: int, told: str, named: str) -> None:
    assert status == 3
    assert named in told
    text = desk.page().read_text()
    assert "Roket Menghantam" in text
    assert "Festival Kurma" in text


def _fails_plainly(desk: Desk, told: str, *, status: int = 1) -> None:
    result = desk.run("build")
    assert result.exit_code == status, result.output
    assert told in result.stderr
    assert result.stderr.startswith("briefing: ")
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.output


@pytest.mark.sqlite
def test_a_store_that_is_locked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    import briefing.store

    desk.run("collect")
    monkeypatch.setattr(briefing.store, "TIMEOUT", 0.2)
    lock = sqlite3.connect(desk.store, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        _fails_plainly(desk, "locked")
    finally:
        lock.close()
    assert desk.run("build").exit_code == 0


@pytest.mark.sqlite
def test_a_file_that_is_no_database(desk: Desk) -> None:
    desk.store.write_text("Ini bukan basis data. " * 100)
    _fails_plainly(desk, "briefing.db")
    assert desk.store.read_text().startswith("Ini bukan")


@pytest.mark.sqlite
def test_a_database_that_is_not_ours(desk: Desk) -> None:
    foreign = sqlite3.connect(desk.store)
    foreign.execute("CREATE TABLE recipes (name TEXT)")
    foreign.commit()
    foreign.close()
    before = desk.store.read_bytes()
    _fails_plainly(desk, "briefing.db")
    assert desk.store.read_bytes() == before


@pytest.mark.sqlite
def test_a_folder_in_the_place_of_the_store(desk: Desk) -> None:
    desk.store.mkdir()
    _fails_plainly(desk, "briefing.db")


def test_an_output_folder_that_is_a_file(desk: Desk) -> None:
    (desk.folder / "briefs").write_text("")
    _fails_plainly(desk, "briefs")


def test_an_output_folder_that_cannot_be_written(desk: Desk) -> None:
    with small_disk("64k") as disk, write_protected(disk):
        result = desk.run("build", "--output", str(disk))
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr
    assert result.stderr.count("\n") == 1
    assert desk.run("build").exit_code == 0


def test_a_full_disk_for_the_pages(desk: Desk) -> None:
    with small_disk("32k") as disk:
        (disk / "filler").write_bytes(b"x" * 24_000)
        result = desk.run("build", "--output", str(disk))
        assert result.exit_code == 1
        assert "No space left" in result.stderr
        assert "Traceback" not in result.output
        assert [path.name for path in disk.iterdir()] == ["filler"]
    assert desk.run("build").exit_code == 0
    assert "Roket Menghantam" in desk.page().read_text()


@pytest.mark.sqlite
def test_a_full_disk_for_the_store(desk: Desk) -> None:
    with small_disk("64k") as disk:
        result = desk.run("build", "--store", str(disk / "briefing.db"))
        assert result.exit_code == 1
        assert "full" in result.stderr
        assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("title = ", "not valid TOML"),
        ('title = "x"\nlanguage = "xx-unknown"\n', "unknown language"),
        ('title = "x"\nzone = "Mars/Base"\n', "unknown time zone"),
        ('titel = "x"\n', "did you mean 'title'"),
    ],
)
def test_wrong_settings(desk: Desk, settings: str, told: str) -> None:
    desk.settings.write_text(settings)
    result = desk.run("build")
    assert result.exit_code == 2
    assert told in result.stderr
    assert "briefing.toml" in result.stderr
    assert result.stderr.count("\n") == 1


def test_no_settings_at_all(tmp_path: Path) -> None:
    result = Desk(tmp_path).run("build")
    assert result.exit_code == 2
    assert "briefing init" in result.stderr
