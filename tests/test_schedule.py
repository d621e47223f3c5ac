from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from briefing import schedule
from briefing.store import open_store
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


def test_missed_names_the_due_edition_until_it_is_frozen(tmp_path: Path) -> None:
    now = _at("2024-12-01T08:00+07:00")
    with open_store(f"sqlite:///{tmp_path / 'b.db'}") as store:
        due = date(2024, 12, 1)
        assert schedule.missed(store, SIX, JAKARTA, now) == due
        store.save_edition(sample_brief(date=due), frozen=False)
        assert schedule.missed(store, SIX, JAKARTA, now) == due
        store.freeze(due)
        assert schedule.missed(store, SIX, JAKARTA, now) is None
        assert schedule.missed(store, SIX, JAKARTA, now + timedelta(days=3)) == date(
            2024, 12, 4
        )


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
