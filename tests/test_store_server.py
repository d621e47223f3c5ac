"""A store on a PostgreSQL server: what a file does not have to bear."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import psycopg
import pytest
from sqlalchemy import text

from briefing.errors import StoreError
from briefing.store import Store, open_store
from tests.desk import OTHER, Desk
from tests.postgres import empty, server
from tests.store_samples import (
    DAY,
    HOUR,
    NOON,
    articles_for,
    sample_article,
    sample_document,
    sample_state,
)


@pytest.fixture
def address() -> str:
    return empty("toko")


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with open_store(address) as store:
        yield store


def cut_off(address: str) -> None:
    """End all connections, as a server does that is stopped."""
    ended = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(ended)


def test_the_same_articles_give_the_same_pages(tmp_path: Path, address: str) -> None:
    pages = []
    for name, table in (("berkas", ""), ("peladen", f'[store]\nurl = "{address}"')):
        (tmp_path / name).mkdir()
        desk = Desk.with_articles(tmp_path / name)
        desk.add(table)
        for day in (1, 2):
            desk.article(f"baru{day}").write_text(f"{OTHER}Berita hari ke-{day}.\n")
            for command in ("build", "publish"):
                now = f"2024-12-0{day}T06:30+07:00"
                assert desk.run(command, now=now).exit_code == 0
        assert desk.run("verify").exit_code == 0
        pages.append(
            [
                desk.page(f"2024-12-0{day}", kind).read_bytes()
                for day in (1, 2)
                for kind in ("md", "html")
            ]
        )
    assert pages[0] == pages[1]


def _write_and_lose(store: Store, address: str) -> None:
    with store._database.writing() as connection:
        connection.execute(
            text("INSERT INTO alerts VALUES ('late', 'x', '2024-12-01')")
        )
        cut_off(address)
        connection.execute(text("SELECT 1"))


def test_what_is_cut_off_is_not_kept_and_the_next_try_goes_well(
    store: Store, address: str
) -> None:
    with pytest.raises(StoreError, match="was cut off"):
        _write_and_lose(store, address)
    assert store.alerts() == {}
    cut_off(address)
    article = sample_article()
    assert store.keep([sample_document()], [article], [], sample_state()) == 1
    assert len(articles_for(store, DAY, until=NOON + HOUR)) == 1


def test_what_two_keep_at_once_is_numbered_apart(address: str) -> None:
    def keep(writer: int) -> int:
        new = 0
        with open_store(address) as store:
            for at in range(10):
                number = 100 * writer + at
                state = sample_state(source=f"sumber-{writer}")
                article = sample_article(number)
                new += store.keep([sample_document(number)], [article], [], state)
        return new

    open_store(address).close()
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(keep, range(4))) == 40
    with open_store(address) as store:
        assert store.count_documents() == 40


def test_one_program_at_a_time_has_the_turn(address: str) -> None:
    began = Event()

    def wait() -> str:
        with open_store(address) as other:
            began.set()
            with other.turn():
                return "after"

    with ThreadPoolExecutor(1) as pool, open_store(address) as store:
        with store.turn():
            waiting = pool.submit(wait)
            assert began.wait(60)
            assert not waiting.done()
        assert waiting.result(timeout=60) == "after"


def test_a_turn_ends_with_the_connection_of_its_holder(address: str) -> None:
    with open_store(address) as store, open_store(address) as other, store.turn():
        cut_off(address)
        with other.turn():
            assert other.editions() == ()


def test_what_goes_wrong_in_a_turn_keeps_its_own_words(store: Store) -> None:
    with pytest.raises(ValueError, match="Expecting"), store.turn():
        json.loads("{")


def test_what_the_address_asks_for_is_heeded(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA kabar")
    open_store(f"{address}&options=-csearch_path%3Dkabar").close()
    asked = "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename = 'articles'"
    with psycopg.connect(address) as connection:
        assert connection.execute(asked).fetchall() == [("kabar",)]


def test_claims_of_the_dead_are_let_go_only_while_nobody_sends(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(Store, "void_claims", lambda self: told.append("let go"))
    with open_store(address) as store, open_store(address) as other:
        with store.sending():
            assert told == ["let go"]
            with other.sending():
                assert told == ["let go"]
        with other.sending():
            assert told == ["let go", "let go"]


def test_texts_are_ordered_by_their_bytes_whatever_the_language(address: str) -> None:
    open_store(address).close()
    asked = (
        "SELECT table_name, collation_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type IN ('text', 'character varying')"
    )
    with psycopg.connect(address) as connection:
        found = connection.execute(asked).fetchall()
    assert len(found) > 50
    assert {order for table, order in found if table != "briefing_version"} == {"C"}


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql://budi:rahasia@127.0.0.1:1/toko", "Connection refused"),
        ("postgresql://budi:rahasia@db.invalid/toko", "resolve host"),
        ("mysql://budi:rahasia@127.0.0.1/toko", "not in mysql"),
        ("postgresql+nix://budi:rahasia@127.0.0.1/toko", "its driver is psycopg"),
        ("postgresql://127.0.0.1:1/toko?user=b&password=rahasia", "Connection refused"),
        ("postgresql://budi:ra@rahasia@db.invalid/toko", "as %40"),
        ("postgresql://budi:rahasia@db:port/toko", "no URL"),
        ("postgresql//budi:rahasia@db/toko", "no URL"),
    ],
)
def test_a_server_that_cannot_be_had(address: str, told: str) -> None:
    with pytest.raises(StoreError, match=told) as caught:
        open_store(address)
    assert "rahasia" not in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_database_that_is_not_there() -> None:
    with pytest.raises(StoreError, match='database "nihil" does not exist'):
        open_store(server().replace("/postgres?", "/nihil?"))
