"""Several schedules in one store: editions a day and a week, each with its own articles."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from briefing import mailing, watch
from briefing.model import Brief, Subscriber
from briefing.settings import load_settings
from briefing.store import open_store
from tests.briefs import UNTIL, sample_brief
from tests.desk import OTHER, Desk
from tests.office import Office

WEEK = '[[schedule]]\nname = "pekan"\ntitle = "Kabar sepekan"\ncron = "0 9 * * 0"\n'
TWICE = '[[schedule]]\nat = ["06:00", "18:00"]\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with a morning, an evening and a weekly edition, on a Sunday morning."""
    desk = Desk.with_articles(tmp_path)
    desk.add(TWICE + WEEK)
    return desk


def keys(desk: Desk) -> list[str]:
    return sorted(one["key"] for one in desk.json("show", "--list"))


def test_each_schedule_shares_out_all_articles(desk: Desk) -> None:
    desk.run("run", "--once")
    desk.article("lain").write_text(OTHER.replace("Basra", "Najaf"))
    desk.run("run", "--once", now="2024-12-01T18:10+07:00")
    assert keys(desk) == [
        "2024-12-01-0600",
        "2024-12-01-1800",
        "pekan-2024-11-24",
        "pekan-2024-12-01",
    ]
    evening = desk.page("2024-12-01-1800").read_text()
    assert "Najaf" in evening
    [brief] = desk.json("show", "2024-12-01-1800")
    assert brief["coverage"]["articles"] == 1
    assert "**Minggu, 1 Desember 2024, 18.00**" in evening
    assert "Perubahan sejak edisi 1 Desember, 06.00" in evening
    assert "`briefing verify 2024-12-01-1800`" in evening
    week = desk.page("pekan-2024-12-01").read_text()
    assert week.startswith("# Kabar sepekan")
    assert "Najaf" in week
    assert desk.run("run", "--once", now="2024-12-01T18:20+07:00").stdout == ""
    assert desk.run("verify", "--all").exit_code == 0


def test_a_date_alone_is_the_only_edition_of_it(desk: Desk) -> None:
    desk.run("run", "--once", now="2024-12-01T18:10+07:00")
    desk.run("build", "--date", "2024-12-01-0600", now="2024-12-01T18:10+07:00")
    several = desk.run("show", "2024-12-01")
    assert several.exit_code == 1
    assert (
        "several editions are of 2024-12-01: 2024-12-01-0600, 2024-12-01-1800, "
        "pekan-2024-12-01" in several.stderr
    )
    desk.run("build", "--schedule", "pekan", "--date", "2024-11-20")
    assert "Kabar sepekan" in desk.run("show", "2024-11-20").stdout
    assert desk.run("verify", "pekan-2024-12-01").exit_code == 0
    assert desk.json("why", "--edition", "pekan-2024-12-01")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--schedule", "bulan"), "no schedule 'bulan'"),
        (("--schedule", "pekan", "--date", "bulan-2024-12-01"), "no schedule 'pekan'"),
        (("--date", "2024-12-01"), "is named like 2024-12-01-0600"),
        (("--date", "pekan-2024-12-01-0600"), "is named like 2024-12-01"),
        (("--date", "2024-12-01-2560"), "is not a date like"),
        (("--date", "../2024-12-01"), "is not a date like"),
    ],
)
def test_what_cannot_be_built(desk: Desk, options: tuple[str, ...], told: str) -> None:
    result = desk.run("build", *options)
    assert result.exit_code == 2
    assert told in result.stderr


def test_a_draft_is_the_last_that_was_due_or_else_the_next(desk: Desk) -> None:
    [first] = desk.json("build", now="2024-12-01T10:00+07:00")
    assert first["edition"] == "2024-12-01-0600"
    desk.run("publish")
    [second] = desk.json("build", now="2024-12-01T11:00+07:00")
    assert second["edition"] == "2024-12-01-1800"
    [week] = desk.json("build", "--schedule", "pekan", now="2024-12-04T11:00+07:00")
    assert week["edition"] == "pekan-2024-12-04"


def test_a_schedule_that_joins_begins_with_its_own_last_turn(tmp_path: Path) -> None:
    desk = Desk.with_articles(tmp_path)
    desk.run("run", "--once", now="2024-11-12T06:30+07:00")
    desk.article("lain").write_text(OTHER.replace("Basra", "Najaf"))
    desk.run("run", "--once")
    desk.add(WEEK)
    desk.run("run", "--once", now="2024-12-02T10:00+07:00")
    [brief] = desk.json("show", "pekan-2024-12-01")
    assert (brief["coverage"]["articles"], brief["window"]["since"]) == (
        1,
        "2024-11-24T02:00:00Z",
    )
    assert dict(brief["coverage"]["left_out"])["missed"] == 3


def test_a_schedule_may_show_some_topics_alone(tmp_path: Path) -> None:
    desk = Desk.with_articles(tmp_path)
    desk.add(f'{WEEK}topics = ["serangan"]\n')
    desk.run("run", "--once")
    page = desk.page("pekan-2024-11-24").read_text()
    assert "Roket Menghantam" in page
    assert "Penarikan Pasukan" not in page
    cuts = [one["cut"] for one in desk.json("why", "--edition", "pekan-2024-11-24")]
    assert cuts == [None, "elsewhere", "elsewhere"]
    desk.run("run", "--once", now="2024-12-01T10:00+07:00")
    [later] = desk.json("show", "pekan-2024-12-01")
    assert later["coverage"]["articles"] == 0


def test_status_tells_each_schedule(desk: Desk) -> None:
    desk.run("run", "--once")
    told = desk.run("status", now="2024-12-01T09:10+07:00")
    assert told.exit_code == 0
    assert told.stdout.splitlines() == [
        "last 2024-12-01-0600, next 2024-12-01 18:00 WIB",
        "pekan: last pekan-2024-11-24, next 2024-12-08 09:00 WIB"
        "; due and not there: pekan-2024-12-01",
    ]
    [summary] = desk.json("status", now="2024-12-01T09:10+07:00")
    assert summary["due"] == "2024-12-01T18:00:00+07:00"
    assert summary["schedules"][1] == {
        "schedule": "pekan",
        "edition": "pekan-2024-11-24",
        "due": "2024-12-08T09:00:00+07:00",
        "missed": ["pekan-2024-12-01"],
    }


def test_a_late_edition_is_told_with_its_schedule(desk: Desk) -> None:
    desk.run("run", "--once")
    settings, told = load_settings(desk.settings), list[str]()
    with open_store(desk.store) as store:
        for hour in ("09", "10", "11"):
            now = datetime.fromisoformat(f"2024-12-01T{hour}:45+07:00")
            watch.tell(
                settings, store, now=now, send=lambda title, _: told.append(title)
            )
    assert told == ["Kabar uji: late pekan"]


def _queued(office: Office, brief: Brief) -> list[str]:
    with office.store() as store:
        store.save_edition(brief, frozen=False)
        store.freeze(brief.key, mailing.mails_of(office.settings, store, brief))
        return [one.address for one in store.recipients(brief.key)]


def test_a_list_gets_the_editions_of_its_schedule(tmp_path: Path) -> None:
    lists = '[[list]]\nslug = "brief"\n[[list]]\nslug = "minggu"\nschedule = "pekan"\n'
    office = Office(tmp_path, more=TWICE + WEEK + lists)
    office.subscribe("ani")
    with office.store() as store:
        both = ("ani@contoh.example", "budi@contoh.example")
        store.add_subscribers(
            Subscriber(0, "minggu", each, "confirmed", UNTIL) for each in both
        )
    evening = sample_brief(edition="2024-12-01-1800")
    assert _queued(office, evening) == ["ani@contoh.example"]
    week = replace(sample_brief(), edition="pekan-2024-12-01", title="Kabar sepekan")
    assert _queued(office, week) == [*both]
    with office.store() as store:
        subjects = {
            letter.words.subject
            for one in store.recipients()
            if (letter := store.letter(one.occasion, one.letter))
        }
    assert subjects == {
        "Kabar Lembah Kapur, Minggu, 1 Desember 2024, 18.00",
        "Kabar sepekan, Minggu, 1 Desember 2024",
    }
