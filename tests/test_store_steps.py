"""A store of an earlier schema is brought up to date, with all that is in it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from briefing.model import Pending, Rhythm, Run, SourceState
from briefing.store import Store, migrate, open_store
from briefing.store.migrate import REVISIONS, VERSION_TABLE
from briefing.store.sqlite import APPLICATION_ID
from tests.desk import OTHER, Desk
from tests.store_samples import NOON, sample_article, sample_state

HOUR = timedelta(hours=1)


def store_of(folder: Path, step: str) -> Path:
    """Make a store as the program made it when `step` was the last one."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine

    folder.mkdir(exist_ok=True)
    path = folder / "briefing.db"
    config = Config()
    steps = Path(migrate.__file__).parent / "migrations"
    config.set_main_option("script_location", str(steps))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        config.attributes["connection"] = connection
        command.upgrade(config, step)
    engine.dispose()
    return path


pytestmark = pytest.mark.sqlite


@pytest.fixture
def of_0001(tmp_path: Path) -> Path:
    """A store as the first version of the program made it, with a source in it."""
    path = store_of(tmp_path, "0001")
    row = ("lama", "https://contoh.test/feed", 'W/"1"', "kemarin", NOON.isoformat(timespec="microseconds"))  # fmt: skip
    with closing(sqlite3.connect(path)) as other, other:
        other.execute(
            "INSERT INTO source_states"
            " (source, address, etag, last_modified, checked, failures)"
            " VALUES (?, ?, ?, ?, ?, 2)",
            row,
        )
    return path


def version(path: Path) -> str:
    with closing(sqlite3.connect(path)) as other:
        found = other.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()
    return str(found[0])


def test_an_earlier_store_keeps_what_it_knew(of_0001: Path) -> None:
    assert version(of_0001) == "0001"
    before = SourceState(
        "lama",
        "https://contoh.test/feed",
        'W/"1"',
        "kemarin",
        checked=NOON,
        failures=2,
    )
    with open_store(of_0001) as store:
        assert store.source_state("lama") == before
        after = sample_state(due=NOON + HOUR)
        store.keep([], [], [], after)
        assert store.source_states() == (after, before)
        assert store.damage() == ()
    assert version(of_0001) == REVISIONS[-1]


def test_a_state_is_kept_whole(tmp_path: Path) -> None:
    state = SourceState(
        "warta",
        "https://contoh.test/feed",
        'W/"a,  b"',
        "kemarin",
        checked=NOON,
        answered=NOON - HOUR,
        complete=NOON - 2 * HOUR,
        failures=3,
        reason="http-status",
        detail="503",
        due=NOON + HOUR,
        moved="https://contoh.test/baru",
        gone=NOON,
        rhythm=Rhythm(60, (0, 23), (5, 6)),
        quiet=(("contoh.test:443", NOON + HOUR), ("lain.test:80", NOON)),
        pending=(
            Pending("https://contoh.test/a", "Judul", NOON, "id", "Warta", 2, NOON),
            Pending("https://contoh.test/b"),
        ),
        listed={"0123456789ab": "ba9876543210"},
    )
    with open_store(tmp_path / "briefing.db") as store:
        store.keep([], [], [], state)
    with open_store(tmp_path / "briefing.db") as store:
        assert store.source_state("warta") == state


def test_what_a_source_has_brought(tmp_path: Path) -> None:
    old = [sample_article(number, fetched=NOON) for number in range(3)]
    new = [sample_article(number, fetched=NOON + HOUR) for number in range(3, 5)]
    edited = sample_article(0, fetched=NOON + HOUR, text="Teks yang disunting.")
    with open_store(tmp_path / "briefing.db") as store:
        assert store.health() == ()
        store.keep([], old, [], sample_state(checked=NOON, answered=NOON))
        later = sample_state(checked=NOON + HOUR, answered=NOON + HOUR)
        store.keep([], [*new, edited], [], later)
        store.keep([], [], [], SourceState("lain", checked=NOON, failures=1))
        first, second = store.health()
    assert (first.state, first.articles, first.new) == (later, 5, 2)
    assert (second.state.source, second.articles, second.new) == ("lain", 0, 0)


def test_editions_of_a_date_are_known_by_it_as_a_key(tmp_path: Path) -> None:
    """Built and published by a program that knew one edition a day; moved back to its tables."""
    desk = Desk.with_articles(tmp_path)
    desk.run("run", "--once")
    desk.article("lain").write_text(OTHER.replace("Basra", "Najaf"))
    desk.run("build", now="2024-12-02T06:30+07:00")
    new, old = desk.store, store_of(tmp_path / "lama", "0010")
    with closing(sqlite3.connect(old)) as other, other:
        other.execute("ATTACH ? AS new", (str(new),))
        for table in ("documents", "articles", "summaries", "profiles", "runs"):
            other.execute(f"INSERT INTO {table} SELECT * FROM new.{table}")
        other.execute(
            "INSERT INTO editions SELECT date, frozen, until, articles, sha256, brief"
            " FROM new.editions"
        )
        for table in ("edition_articles", "edition_pages"):
            other.execute(f"INSERT INTO {table} SELECT * FROM new.{table}")
    shutil.copy(old, new)
    with open_store(new) as store:
        assert [one.key for one in store.editions()] == ["2024-12-02", "2024-12-01"]
        assert store.damage() == ()
        kept = store.edition("2024-12-01")
    assert kept is not None
    assert kept.frozen
    assert desk.run("verify", "--all").exit_code == 0
    assert "published and stays" in desk.run("build").stderr
    [again] = desk.json("build", now="2024-12-02T06:30+07:00")
    assert (again["edition"], again["articles"]) == ("2024-12-02", 1)


def test_runs_of_an_earlier_store_are_found_by_their_kind(tmp_path: Path) -> None:
    path = store_of(tmp_path, "0015")
    times = [
        (NOON + hours * HOUR).isoformat(timespec="microseconds") for hours in range(3)
    ]
    rows = [(kind, time) for time in times for kind in ("collect", "forget")]
    with closing(sqlite3.connect(path)) as other, other:
        other.executemany(
            "INSERT INTO runs (kind, started, finished, status, counts, failures)"
            " VALUES (?, ?, NULL, 'done', '[]', '[]')",
            rows,
        )
    with open_store(path) as store:
        plans = asked_of(store)
        last = store.last_run("forget", done=True)
        between = store.runs_between("collect", NOON, NOON + 2 * HOUR)
        store.run_counts()
    assert last == Run("forget", NOON + 2 * HOUR, status="done")
    assert [run.started - NOON for run in between] == [HOUR, 2 * HOUR]
    newest, window, counted = plans
    assert "ix_runs_kind (kind=?)" in newest
    assert "B-TREE" not in newest
    assert window.count("ix_runs_ended (kind=? AND finished") == 2
    assert "COVERING INDEX ix_runs_kind" in counted


def asked_of(store: Store) -> list[str]:
    """Return a list that is filled with SQLite's plan of each question to `store`."""
    plans = list[str]()

    def note(connection: Connection, cursor: sqlite3.Cursor, asked: str, given: Any, *_: object) -> None:  # fmt: skip
        if asked.startswith("SELECT"):
            steps = cursor.execute(f"EXPLAIN QUERY PLAN {asked}", given)
            plans.append("\n".join(step[3] for step in steps))

    event.listen(store._database._engine, "before_cursor_execute", note)
    return plans
