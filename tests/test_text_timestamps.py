"""Dates as programs write them, read quickly and in full."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.text import moment_of, parse_date

JAKARTA = ZoneInfo("Asia/Jakarta")
MORNING = datetime(2021, 7, 15, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "stamp",
    [
        "Thu, 15 Jul 2021 10:30:00 +0700",
        "Thu, 15 Jul 2021 03:30:00 GMT",
        "thu 15 JUL 2021 03:30:00 Z",
        "15 Jul 21 03:30:00 UT",
        "Fri, 15 Jul 2021 00:00:00 -0330",  # a Thursday
        "Wed, 14 Jul 2021 23:30:00 EDT",
        "2021-07-15T10:30:00+07:00",
        "2021-07-15T03:30:00Z",
        "2021-07-15T03:30:00.000Z",
        "2021-07-15T10:30+0700",
    ],
)
def test_stamps_as_most_feeds_write_them(stamp: str) -> None:
    assert moment_of(stamp) == MORNING


@pytest.mark.parametrize(
    "stamp",
    [
        "",
        "15 Jul 2021",
        "Thu, 15 Jul 2021 10:30:00",
        "Thu, 15 Jul 2021 10:30 +0700",
        "Thu, 15 Jul 2021 1030.000 +0700",
        "Thu, 15 Jul 2021 10:30.50 +0700",
        "Thu, 15 Jul 2021 24:00:00 +0700",
        "Thu, 15 Jul 2021 23:59:60 +0700",
        "Thu, 15 Jul 2021 10:30:00 +2400",
        "Thu, 15 Jul 2021 10:30:00 WIB",
        "Thu, 15 Jul 2021 10:30:00 +0700 (WIB)",
        "Kam, 15 Agu 2021 10:30:00 +0700",
        "Thu, 31 Jun 2021 10:30:00 +0700",
        "Fri, 31 Dec 9999 23:30:00 -0700",
        "2021-07-15",
        "2021-07-15T10:30:00",
        "2021-W28-4T10:30:00Z",
        "1899-07-15T10:30:00Z",
        "9999-12-31T23:30:00-07:00",
        "2021-07-15T10:30:00.000" + "0" * 100 + "Z",
        " 2021-07-15T10:30:00Z",
    ],
)
def test_all_others_are_left_to_the_whole_grammar(stamp: str) -> None:
    assert moment_of(stamp) is None


FIGURES = st.integers(0, 99).map(lambda number: f"{number:02}") | st.sampled_from(
    ["5", "24", "59", "60", "٣", "005"]
)
DAYS = st.tuples(
    st.sampled_from(["", "Thu, ", "thu ", "Thu,", "Kamis, "]),
    FIGURES,
    st.sampled_from([" ", " Jul ", " feb ", " DEC ", " Agu ", "-", "/"]),
    st.sampled_from(["2021", "21", "69", "1899", "0001", "9999", "02-15", "07-15"]),
).map("".join)
ISO_DAYS = st.dates().map(str) | st.sampled_from(["2021-W28-4", "20210715", "2021-7-5"])
CLOCKS = st.lists(FIGURES, min_size=1, max_size=4).flatmap(
    lambda parts: st.sampled_from([":", ".", ""]).map(lambda point: point.join(parts))
)
OFFSETS = st.sampled_from(
    ["", "Z", " Z", " GMT", " UTC", " EST", " WIB", " gmt", "+07:00", " +0700", " -0330",
     "+0700", " +2359", " +2400", " +9999", ".5Z", ",50Z", " (x)", " +0700 (WIB)", "\n"]
)  # fmt: skip
STAMPS = st.tuples(DAYS | ISO_DAYS, st.sampled_from("T "), CLOCKS, OFFSETS)


@given(STAMPS.map("".join) | st.text(max_size=40), st.sampled_from(["id", "en", "und"]))
@settings(max_examples=500)
def test_what_is_read_quickly_is_read_the_same_in_full(
    stamp: str, language: str
) -> None:
    moment = moment_of(stamp)
    if moment is not None:
        found = parse_date(stamp, language=language, zone=JAKARTA)
        assert found is not None
        assert (found.moment, found.day_only) == (moment, False)
        assert moment.tzinfo is UTC


@given(
    st.datetimes(datetime(1900, 1, 2), datetime(9998, 12, 30), timezones=st.just(UTC))
)
def test_stamps_that_were_written_are_read(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    assert moment_of(moment.isoformat()) == moment
    assert moment_of(format_datetime(moment)) == moment
    assert moment_of(format_datetime(moment, usegmt=True)) == moment
