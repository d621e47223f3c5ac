"""When to ask again: what headers and feeds say, and what failures make of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.gather.freshness import LONGEST_RETRY, fresh_for, retry_after
from briefing.gather.pace import (
    FIRST_RETRY,
    INTERVAL,
    LONGEST,
    due_after_answer,
    due_after_failure,
)
from briefing.gather.rhythm import next_written, rhythm
from briefing.model import Rhythm

NOW = datetime(2020, 11, 20, 1, 0, tzinfo=UTC)  # a Friday
NOTHING = timedelta(0)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, NOTHING),
        ({"cache-control": "max-age=7200"}, 2 * HOUR),
        ({"cache-control": "public, Max-Age = 7200"}, 2 * HOUR),
        ({"cache-control": 'max-age="60"'}, MINUTE),
        ({"cache-control": "s-maxage=7200"}, NOTHING),
        ({"cache-control": "max-age=7200, no-cache"}, NOTHING),
        ({"cache-control": "no-store, max-age=7200"}, NOTHING),
        ({"cache-control": "max-age=-1"}, NOTHING),
        ({"cache-control": "max-age=7200", "age": "3600"}, HOUR),
        ({"cache-control": "max-age=60", "age": "3600"}, NOTHING),
        ({"cache-control": "max-age=60", "age": "lama"}, MINUTE),
        ({"expires": "0"}, NOTHING),
        ({"expires": "-1"}, NOTHING),
        ({"expires": http_date(NOW + HOUR)}, HOUR),
        ({"expires": http_date(NOW - HOUR)}, NOTHING),
        # The server's own clock counts, not ours.
        ({"expires": http_date(NOW + DAY), "date": http_date(NOW + DAY - HOUR)}, HOUR),
        # max-age wins over Expires (RFC 9111 §5.3).
        ({"expires": http_date(NOW + DAY), "cache-control": "max-age=60"}, MINUTE),
        ({"expires": http_date(NOW + DAY), "cache-control": "no-cache"}, NOTHING),
    ],
)
def test_how_long_an_answer_is_fresh(
    headers: dict[str, str], expected: timedelta
) -> None:
    assert fresh_for(headers, now=NOW) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "nanti"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "0"}, NOTHING),
        ({"retry-after": " 120 "}, 2 * MINUTE),
        ({"retry-after": "9999999"}, LONGEST_RETRY),
        ({"retry-after": http_date(NOW + HOUR)}, HOUR),
        ({"retry-after": http_date(NOW - HOUR)}, NOTHING),
        ({"retry-after": http_date(NOW + 90 * DAY)}, LONGEST_RETRY),
        (
            {"retry-after": http_date(NOW + DAY), "date": http_date(NOW + DAY - HOUR)},
            HOUR,
        ),
    ],
)
def test_how_long_not_to_ask(
    headers: dict[str, str], expected: timedelta | None
) -> None:
    assert retry_after(headers, now=NOW) == expected


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["expires", "date", "retry-after"]), st.text()))
def test_no_header_breaks_anything(headers: dict[str, str]) -> None:
    assert fresh_for(headers, now=NOW) >= NOTHING
    assert NOTHING <= (retry_after(headers, now=NOW) or NOTHING) <= LONGEST_RETRY


CHANNEL = "<rss version='2.0'><channel><title>K</title>{}<item><title>A</title></item>"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", Rhythm()),
        ("<ttl>60</ttl>", Rhythm(60)),
        ("<ttl> 60\n</ttl>", Rhythm(60)),
        ("<ttl>lama</ttl>", Rhythm()),
        ("<ttl>-5</ttl>", Rhythm()),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", Rhythm(1440)),
        (
            "<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            Rhythm(15),
        ),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><ttl>90</ttl>", Rhythm(90)),
        ("<sy:updateFrequency>0</sy:updateFrequency>", Rhythm()),
        (
            "<skipHours><hour>0</hour><hour>23</hour><hour>24</hour><hour>77</hour></skipHours>",
            Rhythm(hours=(0, 23)),
        ),
        (
            "<skipDays><day>Sunday</day><day>saturday</day><day>Ahad</day></skipDays>",
            Rhythm(days=(5, 6)),
        ),
    ],
)
def test_what_a_feed_says_of_its_rhythm(head: str, expected: Rhythm) -> None:
    assert rhythm(CHANNEL.format(head).encode()) == expected


def test_entries_say_nothing_of_the_feeds_rhythm() -> None:
    body = CHANNEL.format("") + "<item><ttl>60</ttl></item></channel></rss>"
    assert rhythm(body.encode()) == Rhythm()


@settings(deadline=None)
@given(st.binary(max_size=500))
def test_the_rhythm_of_anything(body: bytes) -> None:
    found = rhythm(b"<rss><channel><ttl>" + body)
    assert found.minutes >= 0
    assert set(found.hours) <= set(range(24))


@pytest.mark.parametrize(
    ("moment", "pattern", "expected"),
    [
        (NOW, Rhythm(), NOW),
        (NOW + 30 * MINUTE, Rhythm(hours=(1, 2)), NOW + 2 * HOUR),
        (NOW, Rhythm(hours=(2,)), NOW),
        (NOW, Rhythm(days=(4, 5, 6)), datetime(2020, 11, 23, tzinfo=UTC)),
        (NOW, Rhythm(hours=(0, 1), days=(4,)), datetime(2020, 11, 21, 2, tzinfo=UTC)),
        (NOW, Rhythm(hours=tuple(range(24))), NOW),
        (NOW, Rhythm(days=tuple(range(7))), NOW),
    ],
)
def test_hours_and_days_that_are_skipped(
    moment: datetime, pattern: Rhythm, expected: datetime
) -> None:
    assert next_written(moment, pattern) == expected


def after_answer(
    fresh: timedelta = NOTHING, pattern: Rhythm | None = None
) -> timedelta:
    pattern = pattern or Rhythm()
    due = due_after_answer(
        NOW, source="", interval=INTERVAL, fresh=fresh, rhythm=pattern
    )
    return due - NOW


def test_the_longest_of_all_bounds_counts_up_to_a_day() -> None:
    for waited, wait in (
        (after_answer(), INTERVAL),
        (after_answer(MINUTE), INTERVAL),
        (after_answer(2 * HOUR), 2 * HOUR),
        (after_answer(2 * HOUR, Rhythm(180)), 3 * HOUR),
    ):
        assert wait <= waited <= 1.05 * wait
    assert after_answer(365 * DAY) == LONGEST < DAY
    assert after_answer(pattern=Rhythm(525_600)) == LONGEST
    assert after_answer(pattern=Rhythm(hours=(1,))) == HOUR


def after_failure(
    failures: int, source: str = "warta", retry: timedelta | None = None
) -> timedelta:
    due = due_after_failure(
        NOW, source=source, failures=failures, interval=FIRST_RETRY, retry=retry
    )
    return due - NOW


def test_back_off_doubles_up_to_a_day_and_is_the_same_each_time() -> None:
    waits = [after_failure(number) for number in range(1, 12)]
    for number, wait in enumerate(waits):
        least = min(FIRST_RETRY * 2**number, LONGEST)
        assert least <= wait <= min(least * 1.25, LONGEST)
    assert waits == [after_failure(number) for number in range(1, 12)]
    assert after_failure(10_000) == LONGEST


def test_sources_do_not_come_back_together() -> None:
    waits = {after_failure(3, f"sumber-{number}") for number in range(100)}
    assert len(waits) == 100


def test_what_the_server_asked_for_counts_instead() -> None:
    assert after_failure(9, retry=HOUR) == HOUR
    assert after_failure(1, retry=NOTHING) == FIRST_RETRY
