"""A whole store copied: to a backup and back, to a server and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

from briefing.model import Subscriber
from briefing.store import open_store
from tests.alter import alter
from tests.desk import Desk, call
from tests.postgres import empty
from tests.store_samples import DAY, NOON


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with a published edition and a subscriber."""
    desk = Desk.with_articles(tmp_path)
    desk.add('[mail]\nfrom = "a@contoh.example"\n[[list]]\nslug = "harian"')
    for command in ("build", "publish"):
        result = desk.run(command)
        assert result.exit_code == 0, result.output
    asked(desk, "subscribers", "add", "--confirmed", "budi@contoh.example")
    return desk


def asked(desk: Desk, *words: str) -> Result:
    group, command, *rest = words
    result = call(group, command, "--config", str(desk.settings), *rest)
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture
def backup(desk: Desk, tmp_path: Path) -> Path:
    file = tmp_path / "cadangan.db"
    told = json.loads(asked(desk, "store", "backup", str(file), "--json").stdout)
    assert told["tables"]["articles"]["rows"] == 3
    assert told["tables"]["editions"]["rows"] == 1
    return file


@pytest.mark.sqlite
def test_what_was_put_by_comes_back(desk: Desk, backup: Path) -> None:
    page = desk.page().read_bytes()
    for ending in ("", "-wal", "-shm"):
        Path(f"{desk.store}{ending}").unlink(missing_ok=True)
    desk.page().unlink()
    asked(desk, "store", "restore", str(backup))
    assert desk.run("publish", DAY).exit_code == 0
    assert desk.page().read_bytes() == page
    assert desk.run("verify").exit_code == 0


def test_a_store_that_holds_something_is_left_alone(desk: Desk, backup: Path) -> None:
    before = backup.read_bytes()
    for command in ("backup", "restore"):
        place = ("--config", str(desk.settings), str(backup))
        result = call("store", command, *place)
        assert result.exit_code == 1
        assert "holds something already" in result.stderr
    assert backup.read_bytes() == before


@pytest.mark.parametrize("to_server", [False, True])
def test_the_number_of_one_who_was_forgotten_is_not_given_again(
    desk: Desk, tmp_path: Path, to_server: bool
) -> None:
    asked(desk, "subscribers", "add", "--confirmed", "citra@contoh.example")
    with open_store(desk.store) as store:
        last = max(one.number for one in store.subscribers())
        store.forget_subscriber(last)
    target = empty("lupa") if to_server else str(tmp_path / "lain.db")
    assert call("store", "copy", str(desk.store), target).exit_code == 0
    with open_store(target if to_server else Path(target)) as store:
        dewi = Subscriber(0, "harian", "dewi@contoh.example", "confirmed", NOON)
        [[new], _] = store.add_subscribers([dewi])
    assert new.number == last + 1


def test_a_store_that_is_not_there(tmp_path: Path) -> None:
    result = call("store", "copy", str(tmp_path / "a.db"), str(tmp_path / "b.db"))
    assert result.exit_code == 1
    assert "a.db does not exist" in result.stderr
    assert not (tmp_path / "b.db").exists()


def test_to_a_server_and_back_all_is_the_same(desk: Desk, tmp_path: Path) -> None:
    server, back = empty("salinan"), tmp_path / "kembali.db"
    for places in ((str(desk.store), server), (server, str(back))):
        result = call("store", "copy", *places)
        assert result.exit_code == 0, result.output
    with open_store(desk.store) as one, open_store(back) as other:
        assert one.edition(DAY) == other.edition(DAY)
        assert list(one.documents()) == list(other.documents())
        assert one.subscribers() == other.subscribers()
    with open_store(server) as store:  # numbers go on after the last
        run = store.start_run("collect", NOON)
        assert run > max(number for (number,) in alter(back, "SELECT number FROM runs"))


def test_a_backup_on_a_server_comes_back(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = empty("cadangan")
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.rglob("*"))
    asked(desk, "store", "backup", server)
    assert set(tmp_path.rglob("*")) == before  # an address is no file's name
    (tmp_path / "lain").mkdir()
    other = Desk.with_articles(tmp_path / "lain")
    asked(other, "store", "restore", server)
    with open_store(desk.store) as one, open_store(other.store) as two:
        assert one.edition(DAY) == two.edition(DAY)
