"""Opening a store: new, old, foreign, damaged, locked, on a full disk."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

import briefing.store
from briefing.errors import StoreError
from briefing.store import Store, open_store
from briefing.store.database import unless_there
from briefing.store.migrate import REVISIONS
from briefing.store.schema import metadata
from tests.store_samples import (
    DAY,
    NOON,
    articles_for,
    sample_article,
    sample_brief,
    sample_document,
    sample_state,
)
from tests.tmpfs import small_disk, write_protected

pytestmark = pytest.mark.sqlite


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "briefing.db"


@pytest.fixture
def kept(path: Path) -> Path:
    """A store with an article and an edition in it."""
    with open_store(path) as store:
        store.keep([sample_document()], [sample_article()], [], sample_state())
        store.save_edition(sample_brief([sample_article()]), frozen=True)
    return path


def refused(place: Path | str, *, create: bool = True, timeout: float = 0.05) -> str:
    """Return the message with which opening fails: one line, without SQL."""
    with pytest.raises(StoreError) as caught:
        open_store(place, create=create, timeout=timeout)
    return plain(caught.value)


def plain(error: StoreError) -> str:
    message = str(error)
    assert message.isprintable()
    assert not any(
        word in message for word in ("SELECT", "INSERT", "sqlalche", "PRAGMA")
    )
    return message


def test_a_new_store_is_made_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "briefing.db"
    with open_store(path) as store:
        assert store.editions() == ()
        assert store.damage() == ()
    assert [file.name for file in path.parent.iterdir()] == ["briefing.db"]


def test_only_its_owner_may_read_it(path: Path) -> None:
    with open_store(path) as store:
        store.start_run("collect", NOON)
        modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == {0o600}


def test_a_commit_survives_a_power_cut_and_readers_do_not_wait(path: Path) -> None:
    with open_store(path) as store, store._database.reading() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_what_was_kept_is_there_when_opened_again(kept: Path) -> None:
    with open_store(kept, create=False) as store:
        assert store.edition(DAY) is not None
        assert articles_for(store, DAY, until=NOON) == (sample_article(),)
        assert store.knows_url(sample_document().url)


def test_a_file_name_may_hold_any_character(tmp_path: Path) -> None:
    path = tmp_path / "berita ?mode=ro#1 %20 ü.db"
    with open_store(f"sqlite:///{path}") as store:
        store.start_run("collect", NOON)
    with open_store(path, create=False) as store:
        assert store.last_run("collect") is not None


def test_a_store_that_must_be_there(path: Path) -> None:
    assert "does not exist" in refused(path, create=False)
    assert not path.exists()


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("nonsense", "no URL"),
        ("sqlite://", "must be a file"),
        ("sqlite:///:memory:\0", "no path"),
        ("oracle+nothing://host/db", "SQLite or PostgreSQL"),
        ("nosuch://user:secret@host/db", "SQLite or PostgreSQL"),
    ],
)
def test_an_address_that_is_none(place: str, told: str) -> None:
    message = refused(place)
    assert told in message
    assert "secret" not in message


def _text(path: Path) -> None:
    path.write_text("Bukan basis data.\n" * 300)


def _empty(path: Path) -> None:
    path.touch()


def _database_of_another(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE resep (nama TEXT)")


def _database_with_its_own_mark(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 7")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE articles (id TEXT)")


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (_text, "not a store"),
        (_empty, "is empty"),
        (_database_of_another, "another program"),
        (_database_with_its_own_mark, "another program"),
    ],
)
def test_a_foreign_file_is_refused_untouched(
    path: Path, make: Callable[[Path], None], told: str
) -> None:
    make(path)
    before = path.read_bytes()
    assert told in refused(path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_foreign_database_whose_content_is_still_in_its_log(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE resep (nama TEXT)")
        before = {file: file.read_bytes() for file in path.parent.iterdir()}
        assert "another program" in refused(path)
        assert {file: file.read_bytes() for file in path.parent.iterdir()} == before


def test_a_folder_in_its_place(path: Path) -> None:
    path.mkdir()
    assert "not a file" in refused(path)


def test_a_file_in_the_place_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert "not a folder" in refused(tmp_path / "a" / "briefing.db")
    assert "not a folder" in refused(tmp_path / "a" / "b" / "briefing.db")


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    assert "too long" in refused(tmp_path / ("a" * 300))


def test_a_name_that_would_break_the_line(tmp_path: Path) -> None:
    (tmp_path / "a\n\x1b[31mb").mkdir()
    assert "not a file" in refused(tmp_path / "a\n\x1b[31mb")


def test_a_store_of_a_newer_version(kept: Path) -> None:
    with closing(sqlite3.connect(kept)) as connection:
        connection.execute("UPDATE briefing_version SET version_num = '9999'")
        connection.commit()
    before = kept.read_bytes()
    assert "newer version" in refused(kept)
    assert kept.read_bytes() == before


@pytest.mark.parametrize(("length", "told"), [(1_000, ""), (40_000, "damaged")])
def test_a_store_that_was_cut_off(kept: Path, length: int, told: str) -> None:
    kept.write_bytes(kept.read_bytes()[:length])
    before = kept.read_bytes()
    assert told in refused(kept)
    assert kept.read_bytes() == before


def test_a_damaged_page_is_found(kept: Path) -> None:
    with kept.open("r+b") as file:
        file.seek(2 * 4096)
        file.write(b"\xff" * 4096 * 6)
    with open_store(kept) as store:
        try:
            found = store.damage()
        except StoreError as error:
            found = (plain(error),)
    assert found
    assert all(line.isprintable() for line in found)


def test_a_store_that_vanished_does_not_come_back_empty(kept: Path) -> None:
    store = open_store(kept)
    store.close()
    kept.unlink()
    with pytest.raises(StoreError, match="cannot be opened"):
        store.editions()
    assert not kept.exists()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


def test_a_locked_store_can_be_read_but_not_written(kept: Path) -> None:
    with locked(kept), open_store(kept, timeout=0.05) as store:
        assert store.edition(DAY) is not None
        with pytest.raises(StoreError) as caught:
            store.start_run("collect", NOON)
        assert "is locked" in plain(caught.value)
    with open_store(kept) as store:
        assert store.last_run("collect") is None


def test_a_store_that_another_holds_alone(kept: Path) -> None:
    with closing(sqlite3.connect(kept, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        assert "is locked" in refused(kept)


def test_the_usual_patience_is_a_constant(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(briefing.store, "TIMEOUT", 0.05)
    with locked(kept), open_store(kept) as store, pytest.raises(StoreError):
        store.start_run("collect", NOON)


def test_a_full_disk_when_it_is_made() -> None:
    with small_disk("64k") as disk:
        assert "full" in refused(disk / "briefing.db")
        assert list(disk.iterdir()) == []


def test_a_disk_that_fills_up_keeps_what_was_committed() -> None:
    with small_disk("512k") as disk:
        path = disk / "briefing.db"
        done = 0

        def fill(store: Store) -> None:
            nonlocal done
            for number in range(100):
                article = sample_article(number, text=os.urandom(8_000).hex())
                store.keep([], [article], [], sample_state(failures=number))
                done += 1

        with open_store(path) as store, pytest.raises(StoreError) as caught:
            fill(store)
        assert "full" in plain(caught.value)
        with open_store(path) as store:
            assert len(articles_for(store, DAY, until=NOON.replace(year=2025))) == done
            assert store.source_state("contoh").failures == done - 1
            assert store.damage() == ()


def test_a_write_protected_disk() -> None:
    with small_disk("1m") as disk:
        path = disk / "briefing.db"
        with write_protected(disk):
            assert "cannot be written" in refused(path)
        with open_store(path):
            pass
        with write_protected(disk):
            refused(path)
        with open_store(path) as store:
            assert store.damage() == ()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "permissions" in refused(tmp_path / "briefing.db")


def test_a_disk_without_hard_links(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    with open_store(path) as store:
        assert store.editions() == ()
    assert list(path.parent.iterdir()) == [path]


def test_eight_that_make_it_at_once_share_one_store(path: Path) -> None:
    def start(_: int) -> int:
        with open_store(path, timeout=30) as store:
            return store.start_run("collect", NOON)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(start, range(8))) == list(range(1, 9))
    assert list(path.parent.iterdir()) == [path]


def test_the_migrations_make_the_tables_of_the_schema(path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "briefing:store/migrations")
    steps = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(step.revision for step in steps)[::-1] == REVISIONS
    with open_store(path) as store, store._database.reading() as connection:
        options = {"version_table": "briefing_version", "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_postgresql_could_make_the_same_tables() -> None:
    dialect = postgresql.dialect()
    for table in metadata.sorted_tables:
        assert str(CreateTable(table).compile(dialect=dialect))
        for index in table.indexes:
            assert str(CreateIndex(index).compile(dialect=dialect))
    added = unless_there("postgresql", metadata.tables["articles"], "id", "revision")
    assert "ON CONFLICT (id, revision) DO NOTHING" in str(
        added.compile(dialect=dialect)
    )


def test_opening_a_store_of_today_does_not_load_alembic(kept: Path) -> None:
    code = (
        "import sys, pathlib; from briefing.store import open_store;"
        "assert 'sqlalchemy' not in sys.modules;"
        f"open_store(pathlib.Path({str(kept)!r})).close();"
        "assert 'sqlalchemy' in sys.modules; assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_class_is_there_for_those_who_ask() -> None:
    assert briefing.store.Store.__name__ == "Store"
    with pytest.raises(AttributeError, match="Stoer"):
        _ = briefing.store.Stoer


def test_errors_of_other_databases_are_one_line_too() -> None:
    from briefing.store.database import Database

    database = Database(create_engine("sqlite://"), place="elsewhere")
    with pytest.raises(StoreError) as caught, database.reading() as connection:
        connection.exec_driver_sql("nonsense\nhere")
    assert plain(caught.value).startswith("store elsewhere failed: ")
    database.close()
