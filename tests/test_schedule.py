from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from briefing import schedule
from briefing.store import Store, open_store
from tests.briefs import sample_brief

JAKARTA = ZoneInfo("Asia/Jakarta")
SIX = "0 6 * * *"


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2024-12-01T05:59+07:00", "2024-11-30T06:00+07:00"),
        ("2024-12-01T06:00+07:00", "2024-12-01T06:00+07:00"),
        ("2024-12-01T06:00:00.5+07:00", "2024-12-01T06:00+07:00"),
        ("2024-12-01T23:00+07:00", "2024-12-01T06:00+07:00"),
    ],
)
def test_last_due(now: str, due: str) -> None:
    assert schedule.last_due(SIX, JAKARTA, _at(now)) == _at(due)


def test_next_due_is_later_than_now() -> None:
    now = _at("2024-12-01T06:00+07:00")
    assert schedule.next_due(SIX, JAKARTA, now) == _at("2024-12-02T06:00+07:00")


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Jakarta"])
@pytest.mark.parametrize("rule", ["30 2 * * *", "0 0 * * *", "30 1 * * *"])
def test_one_due_time_a_day_over_clock_changes(zone: str, rule: str) -> None:
    """The year has a spring gap and an autumn overlap; each date comes exactly once."""
    local, at = ZoneInfo(zone), datetime(2026, 1, 1, tzinfo=ZoneInfo(zone))
    dates: Counter[date] = Counter()
    while (at := schedule.next_due(rule, local, at)).astimezone(local).year == 2026:
        dates[at.astimezone(local).date()] += 1
    days = [date(2026, 1, 1) + timedelta(day) for day in range(365)]
    missing = [day for day in days if dates[day] != 1]
    # The start itself, midnight of 1 January, is not later than itself.
    assert missing in ([], [date(2026, 1, 1)])


def _days(dues: tuple[schedule.Due, ...]) -> list[int]:
    return [due.edition.day for due in dues]


def test_missed_names_the_due_edition_until_it_is_frozen(tmp_path: Path) -> None:
    now = _at("2024-12-01T08:00+07:00")
    with open_store(f"sqlite:///{tmp_path / 'b.db'}") as store:
        due = date(2024, 12, 1)
        assert schedule.missed(store, SIX, JAKARTA, now) == (schedule.Due(due),)
        store.save_edition(sample_brief(date=due), frozen=False)
        assert schedule.missed(store, SIX, JAKARTA, now) == (schedule.Due(due),)
        store.freeze(due)
        assert schedule.missed(store, SIX, JAKARTA, now) == ()
        later = now + timedelta(days=3)
        assert _days(schedule.missed(store, SIX, JAKARTA, later)) == [4]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    """A store with a frozen edition of Sunday, 1 December 2024."""
    with open_store(f"sqlite:///{tmp_path / 'b.db'}") as store:
        store.save_edition(sample_brief(date=date(2024, 12, 1)), frozen=True)
        yield store


def test_each_missed_date_is_due_with_what_came_until_its_time(kept: Store) -> None:
    now = _at("2024-12-04T08:00+07:00")
    dues = schedule.missed(kept, SIX, JAKARTA, now, policy="each")
    assert _days(dues) == [2, 3, 4]
    assert [due.until for due in dues] == [
        _at("2024-12-02T06:00+07:00"),
        _at("2024-12-03T06:00+07:00"),
        None,
    ]
    kept.save_edition(sample_brief(date=date(2024, 12, 2), sections=()), frozen=True)
    assert _days(schedule.missed(kept, SIX, JAKARTA, now, policy="each")) == [3, 4]


def test_only_the_latest_missed_date_is_due_without_what_came_before(
    kept: Store,
) -> None:
    now = _at("2024-12-04T08:00+07:00")
    [due] = schedule.missed(kept, SIX, JAKARTA, now, policy="latest")
    assert due.edition.day == 4
    assert due.after == _at("2024-12-03T06:00+07:00")


@pytest.mark.parametrize("policy", get_args(schedule.Policy))
def test_where_none_was_missed_all_policies_are_one(
    kept: Store, policy: schedule.Policy
) -> None:
    """Also over a weekend that is not due, and before the first edition."""
    monday = _at("2024-12-02T08:00+07:00")
    due = schedule.Due(date(2024, 12, 2))
    for rule in (SIX, "0 6 * * 1-5"):
        assert schedule.missed(kept, rule, JAKARTA, monday, policy=policy) == (due,)
    before = monday - timedelta(days=9)
    first = schedule.missed(kept, SIX, JAKARTA, before, policy=policy)
    assert first == (schedule.Due(date(2024, 11, 23)),)


def test_a_clock_years_ahead_is_no_flood_of_editions(kept: Store) -> None:
    now = _at("2034-12-04T08:00+07:00")
    dues = schedule.missed(kept, SIX, JAKARTA, now, policy="each")
    assert len(dues) == schedule.MOST
    assert dues[-1].edition == date(2034, 12, 4)


def test_start_calls_at_once_then_looks_each_minute_and_when_due() -> None:
    """Two fire times are asked of the real scheduler, without waiting for the second."""
    from threading import Event

    called = Event()
    scheduler = BackgroundScheduler(timezone=JAKARTA)
    schedule.start(scheduler, called.set, rule=SIX, zone=JAKARTA)
    try:
        assert called.wait(10)
        [job] = scheduler.get_jobs()
        look = job.trigger.get_next_fire_time
        long_before = _at("2024-12-01T03:00+07:00")
        assert look(long_before, long_before) == long_before + schedule.LOOK
        just_before = _at("2024-12-01T05:59:30+07:00")
        assert look(just_before, just_before) == _at("2024-12-01T06:00+07:00")
    finally:
        scheduler.shutdown()
