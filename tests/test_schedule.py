from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from hypothesis import given
from hypothesis import strategies as st

from briefing import schedule
from briefing.model import (
    Policy,
    Schedule,
    date_of,
    is_key,
    key_of,
    schedule_of,
    time_of,
)
from briefing.store import Store, open_store
from tests.briefs import sample_brief

JAKARTA, BERLIN = ZoneInfo("Asia/Jakarta"), ZoneInfo("Europe/Berlin")
SIX = Schedule("", ("0 6 * * *",), JAKARTA)
TWICE = Schedule("", ("30 2 * * *", "0 18 * * *"), BERLIN, timed=True)


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
    assert schedule.last_due(SIX, _at(now)) == _at(due)


def test_next_due_is_later_than_now() -> None:
    now = _at("2024-12-01T06:00+07:00")
    assert schedule.next_due(SIX, now) == _at("2024-12-02T06:00+07:00")


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Jakarta"])
@pytest.mark.parametrize("rule", ["30 2 * * *", "0 0 * * *", "30 1 * * *"])
def test_one_due_time_a_day_over_clock_changes(zone: str, rule: str) -> None:
    """The year has a spring gap and an autumn overlap; each date comes exactly once."""
    local, at = ZoneInfo(zone), datetime(2026, 1, 1, tzinfo=ZoneInfo(zone))
    dates: Counter[date] = Counter()
    while (at := schedule.next_due(Schedule("", (rule,), local), at)).astimezone(
        local
    ).year == 2026:
        dates[at.astimezone(local).date()] += 1
    days = [date(2026, 1, 1) + timedelta(day) for day in range(365)]
    missing = [day for day in days if dates[day] != 1]
    # The start itself, midnight of 1 January, is not later than itself.
    assert missing in ([], [date(2026, 1, 1)])


def _days(dues: tuple[schedule.Due, ...]) -> list[int]:
    return [int(due.edition[-2:]) for due in dues]


def test_missed_names_the_due_edition_until_it_is_frozen(tmp_path: Path) -> None:
    now = _at("2024-12-01T08:00+07:00")
    with open_store(f"sqlite:///{tmp_path / 'b.db'}") as store:
        due = "2024-12-01"
        assert schedule.missed(store, SIX, now) == (schedule.Due(due),)
        store.save_edition(sample_brief(), frozen=False)
        assert schedule.missed(store, SIX, now) == (schedule.Due(due),)
        store.freeze(due)
        assert schedule.missed(store, SIX, now) == ()
        later = now + timedelta(days=3)
        assert _days(schedule.missed(store, SIX, later)) == [4]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    """A store with a frozen edition of Sunday, 1 December 2024."""
    with open_store(f"sqlite:///{tmp_path / 'b.db'}") as store:
        store.save_edition(sample_brief(date=date(2024, 12, 1)), frozen=True)
        yield store


def test_each_missed_date_is_due_with_what_came_until_its_time(kept: Store) -> None:
    now = _at("2024-12-04T08:00+07:00")
    dues = schedule.missed(kept, replace(SIX, missed="each"), now)
    assert _days(dues) == [2, 3, 4]
    assert [due.until for due in dues] == [
        _at("2024-12-02T06:00+07:00"),
        _at("2024-12-03T06:00+07:00"),
        None,
    ]
    kept.save_edition(sample_brief(date=date(2024, 12, 2), sections=()), frozen=True)
    assert _days(schedule.missed(kept, replace(SIX, missed="each"), now)) == [3, 4]


def test_only_the_latest_missed_date_is_due_without_what_came_before(
    kept: Store,
) -> None:
    now = _at("2024-12-04T08:00+07:00")
    [due] = schedule.missed(kept, replace(SIX, missed="latest"), now)
    assert due.edition == "2024-12-04"
    assert due.after == _at("2024-12-03T06:00+07:00")


@pytest.mark.parametrize("policy", get_args(Policy))
def test_where_none_was_missed_all_policies_are_one(
    kept: Store, policy: Policy
) -> None:
    """Also over a weekend that is not due, and before the first edition."""
    monday = _at("2024-12-02T08:00+07:00")
    due = schedule.Due("2024-12-02")
    daily = replace(SIX, missed=policy)
    for each in (daily, replace(daily, rules=("0 6 * * 1-5",))):
        assert schedule.missed(kept, each, monday) == (due,)
    before = monday - timedelta(days=9)
    first = schedule.missed(kept, daily, before)
    assert first == (schedule.Due("2024-11-23"),)


def test_a_clock_years_ahead_is_no_flood_of_editions(kept: Store) -> None:
    now = _at("2034-12-04T08:00+07:00")
    dues = schedule.missed(kept, replace(SIX, missed="each"), now)
    assert len(dues) == schedule.MOST
    assert dues[-1].edition == "2034-12-04"


def test_start_calls_at_once_then_looks_each_minute_and_when_due() -> None:
    """Two fire times are asked of the real scheduler, without waiting for the second."""
    from threading import Event

    called = Event()
    scheduler = BackgroundScheduler(timezone=JAKARTA)
    schedule.start(scheduler, called.set, schedules=[TWICE, SIX])
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


ZONES = ("Asia/Jakarta", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
RULES = ("30 2 * * *", "0 18 * * *", "15 */2 * * 1-5", "0 3 * * 0", "45 1,2 * * *")


@given(
    st.sets(st.sampled_from(RULES), min_size=1),
    st.sampled_from(ZONES),
    st.sampled_from(["2025-10-26", "2025-11-02", "2026-03-29", "2026-04-05"]),
    st.integers(-4000, 4000),
)
def test_the_last_due_time_is_that_after_which_the_next_is_later(
    rules: set[str], zone: str, day: str, minutes: int
) -> None:
    """Around the days on which clocks are set; keys of due times differ and ascend."""
    one = Schedule("pagi", tuple(rules), ZoneInfo(zone), timed=True)
    now = datetime.fromisoformat(f"{day}T02:00+00:00") + timedelta(minutes=minutes)
    last = schedule.last_due(one, now)
    assert last <= now < schedule.next_due(one, last)
    dues = [last]
    while len(dues) < 20:
        dues.append(schedule.next_due(one, dues[-1]))
    keys = [schedule.edition_at(one, due) for due in dues]
    assert keys == sorted(set(keys))
    assert [schedule_of(key) for key in keys] == ["pagi"] * 20
    assert [date_of(key) for key in keys] == [
        due.astimezone(one.zone).date() for due in dues
    ]


def test_the_second_of_an_hour_that_comes_twice_has_a_key_of_its_own() -> None:
    hourly = Schedule("", ("30 * * * *",), BERLIN, timed=True)
    at, keys = _at("2025-10-25T23:35+00:00"), []
    for _ in range(4):
        at = schedule.next_due(hourly, at)
        keys.append(schedule.edition_at(hourly, at))
    assert keys == [
        "2025-10-26-0230",
        "2025-10-26-02B30",
        "2025-10-26-0330",
        "2025-10-26-0430",
    ]
    assert [str(time_of(key))[:5] for key in keys[:2]] == ["02:30", "02:30"]


def test_each_schedule_knows_its_own_editions(kept: Store) -> None:
    now = _at("2024-12-01T19:00+01:00")
    week = Schedule("pekan", ("0 9 * * 0",), BERLIN)
    [twice], [weekly] = (schedule.missed(kept, one, now) for one in (TWICE, week))
    assert (twice.edition, twice.after) == ("2024-12-01-1800", None)
    assert (weekly.edition, weekly.after) == (
        "pekan-2024-12-01",
        _at("2024-11-24T09:00+01:00"),
    )
    brief = replace(sample_brief(sections=()), edition=weekly.edition)
    kept.save_edition(brief, frozen=True)
    assert schedule.missed(kept, week, now) == ()
    assert schedule.missed(kept, TWICE, now) == (twice,)


@pytest.mark.parametrize("text", ["2024-12-01", "a-2024-12-01-02B30", "b2-2024-12-01"])
def test_a_key_is_read_as_it_is_written(text: str) -> None:
    day = datetime.combine(date_of(text), time_of(text) or time(), BERLIN)
    timed = time_of(text) is not None
    assert key_of(schedule_of(text), day, timed=timed) == text


@pytest.mark.parametrize(
    "text",
    ["", "2024-13-01", "2024-12-01-2460", "x", "../2024-12-01", "2024-12-01\n", "A-2024-12-01", "x-/2024-12-01", "٢٠٢٤-12-01"],
)  # fmt: skip
def test_what_is_no_key(text: str) -> None:
    assert not is_key(text)
