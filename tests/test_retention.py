"""Old texts are thrown away; what editions show, and what is known of the rest, stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from briefing.model import Brief, Standing
from briefing.retention import forget
from briefing.settings import Settings, starter_settings
from briefing.store import Store, open_store
from briefing.verify import verify
from tests.desk import ATTACK, OTHER, WITHDRAWAL, Desk, call
from tests.store_samples import (
    DAY,
    NOON,
    sample_article,
    sample_brief,
    sample_document,
    sample_state,
    sample_summary,
)

YEAR = timedelta(days=365)
LATER = NOON + 2 * YEAR


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "briefing.db") as store:
        yield store


def kept(store: Store, number: int, **changes: object) -> None:
    article = sample_article(number, text=f"Hujan nomor {number} turun.", **changes)
    document = replace(sample_document(number), fetched=article.fetched)
    store.keep([document], [article], [sample_summary(article)], sample_state())


def texts(store: Store, *numbers: int) -> list[str]:
    ids = [sample_article(number).id for number in numbers]
    found = store.texts(ids)
    return [found[one] for one in ids]


def edition(store: Store, *, shown: int, cut: int) -> Brief:
    """Return an edition that shows one article, and claims another one."""
    both = store.latest([sample_article(number).id for number in (shown, cut)])
    one, other = (both[sample_article(number).id] for number in (shown, cut))
    ids = ((other.id, other.revision),)
    left = Standing(other.id[:12], "cuaca", None, ("Contoh",), (), ids, "counted")
    return replace(sample_brief([one], until=LATER), standings=(left,))


def forgotten(
    store: Store, now: datetime = LATER, settings: Settings | None = None
) -> dict[str, int]:
    settings = settings or starter_settings(Path())
    run = forget(settings, store, older=YEAR, clock=lambda: now)
    return {name: number for name, number in run.counts if name != "until"}


def test_what_no_edition_shows_is_thrown_away(store: Store, tmp_path: Path) -> None:
    for number in range(3):
        kept(store, number)
    store.save_edition(edition(store, shown=0, cut=1), frozen=True)
    before = verify(store, DAY, folder=tmp_path)
    assert forgotten(store) == {"texts": 1, "documents": 3}
    assert texts(store, 0, 1, 2) == ["Hujan nomor 0 turun.", "", "Hujan nomor 2 turun."]
    assert verify(store, DAY, folder=tmp_path) == before
    assert store.knows_url(sample_document(1).url)
    assert list(store.documents()) == [[]]


def test_what_is_thrown_away_is_neither_read_nor_told_again(store: Store) -> None:
    for number in range(2):
        kept(store, number)
    store.save_edition(edition(store, shown=0, cut=1), frozen=True)
    forgotten(store)
    document = sample_document(1)
    assert list(store.digests([document.url])) == [document.url]
    again = sample_article(1, text="Hujan nomor 1 turun.", fetched=LATER)
    assert store.keep([document], [again], [], sample_state()) == 0
    assert store.headings_for("2024-12-02", until=LATER, claims="frozen") == ()


def test_what_belongs_to_no_published_edition_yet_stays(store: Store) -> None:
    for number in range(2):
        kept(store, number)
    store.save_edition(edition(store, shown=0, cut=1), frozen=False)
    assert forgotten(store) == {"texts": 0, "documents": 0}


def test_what_is_younger_stays_until_it_is_old(store: Store) -> None:
    kept(store, 0)
    kept(store, 1, fetched=NOON + YEAR)
    store.save_edition(edition(store, shown=0, cut=1), frozen=True)
    assert forgotten(store) == {"texts": 0, "documents": 1}
    assert forgotten(store) == {"texts": 0, "documents": 0}
    day_more = LATER + timedelta(days=1)
    assert forgotten(store, day_more) == {"texts": 1, "documents": 1}
    assert forgotten(store, NOON) == {"texts": 0, "documents": 0}


def test_all_wordings_of_what_was_shown_stay(store: Store) -> None:
    """A correction shows a later one in an edition that does not claim the article."""
    kept(store, 0)
    kept(store, 1)
    store.save_edition(edition(store, shown=0, cut=1), frozen=True)
    edited = sample_article(0, text="Hujan nomor 0 reda.", fetched=NOON + YEAR / 2)
    store.keep([], [edited], [], sample_state())
    assert forgotten(store)["texts"] == 1
    assert texts(store, 0) == ["Hujan nomor 0 reda."]


def test_what_another_schedule_still_has_to_tell_stays(tmp_path: Path) -> None:
    desk = Desk.with_articles(tmp_path)
    desk.add(
        '[store]\nkeep_days = 30\n[[schedule]]\ntopics = ["serangan"]\n'
        '[[schedule]]\nname = "kuartal"\ncron = "0 9 1 */3 *"\n'
    )
    for day in ("2024-12-01", "2024-12-02", "2025-01-05", "2025-02-05"):
        desk.run("run", "--once", now=f"{day}T10:00+07:00")
        desk.article(f"kabar{day}").write_text(OTHER.replace("Basra", f"Kota {day}"))
    desk.run("run", "--once", now="2025-04-01T10:00+07:00")
    assert desk.run("verify", "--all").exit_code == 0
    assert "Festival Kurma" in desk.page("kuartal-2025-04-01").read_text()


def test_run_does_it_where_the_settings_say_so(tmp_path: Path) -> None:
    desk = Desk.with_articles(tmp_path, tarik=WITHDRAWAL, roket=ATTACK)
    desk.add("[store]\nkeep_days = 30\n")
    desk.run("run", "--once")
    desk.article("lain").write_text(OTHER)
    assert desk.run("run", "--once", now="2025-02-01T06:30+07:00").exit_code == 0
    with open_store(desk.store) as store:
        run = store.last_run("forget")
    assert run is not None
    assert dict(run.counts)["documents"] == 2
    assert desk.run("verify", "--all").exit_code == 0


def test_on_the_command_line(tmp_path: Path) -> None:
    desk = Desk.with_articles(tmp_path)
    desk.run("run", "--once")
    given = ("store", "forget", "--config", str(desk.settings))
    told = call(*given)
    assert told.exit_code == 2
    assert "--older-than" in told.stderr
    later = ("--now", "2026-02-01T06:30+07:00", "--older-than", "365")
    desk.run("run", "--once", now="2024-12-02T06:30+07:00")
    told = call(*given, *later)
    assert told.stdout == "0 texts and 3 documents thrown away\n"
    told = call(*given, *later, "--json")
    assert json.loads(told.stdout) == {"texts": 0, "documents": 0}
    assert desk.run("verify", "--all").exit_code == 0
