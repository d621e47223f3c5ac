from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.model import Published
from briefing.text import find_published, parse_date
from briefing.text.dates import is_date

JAKARTA = ZoneInfo("Asia/Jakarta")
FETCHED = datetime.fromisoformat("2024-12-01T06:30+07:00")
CASES = Path(__file__).parent / "cases" / "text" / "stated_dates.txt"


def stated() -> list[tuple[str, str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    pairs = (line.rpartition(" = ") for line in lines if not line.startswith("#"))
    return [(value, expected) for value, _, expected in pairs if value]


def find(
    text: str, language: str = "id", fetched: datetime = FETCHED
) -> Published | None:
    return find_published(text, language=language, zone=JAKARTA, fetched=fetched)


def day(text: str, language: str = "id", fetched: datetime = FETCHED) -> str | None:
    found = find(text, language, fetched)
    if found is None:
        return None
    assert found.inferred
    assert found.day_only
    local = found.moment.astimezone(JAKARTA)
    assert (local.hour, local.minute) == (0, 0)
    return local.date().isoformat()


@pytest.mark.parametrize(("value", "expected"), stated())
def test_stated_dates(value: str, expected: str) -> None:
    found = parse_date(value, language="id", zone=JAKARTA, now=FETCHED)
    if expected == "-":
        assert found is None
        return
    assert found is not None
    assert found.day_only == (len(expected) == 10)
    moment = datetime.fromisoformat(expected)
    if found.day_only:
        moment = moment.replace(tzinfo=JAKARTA)
    assert found.moment == moment
    assert found.moment.tzinfo is UTC


@pytest.mark.parametrize("value", ["kemarin", "3 jam yang lalu", "Kamis (19/11)"])
def test_without_now_nothing_is_relative(value: str) -> None:
    assert parse_date(value, language="id", zone=JAKARTA) is None


@pytest.mark.parametrize(
    "value", ["3 jam yang lalu kata dia", "lalu", "x lalu", "5 lalu"]
)
def test_what_only_resembles_an_age(value: str) -> None:
    assert parse_date(value, language="id", zone=JAKARTA, now=FETCHED) is None


def test_a_year_worked_out_is_inferred() -> None:
    found = parse_date("Kamis (19/11)", language="id", zone=JAKARTA, now=FETCHED)
    assert found is not None
    assert found.inferred


def test_english_puts_the_month_first_unless_it_cannot() -> None:
    for value in ("07/15/2021", "15/07/2021"):
        found = parse_date(value, language="en", zone=JAKARTA)
        assert found is not None
        assert found.moment.astimezone(JAKARTA).date() == date(2021, 7, 15)
    first = parse_date("3/4/2021", language="en", zone=JAKARTA)
    assert first is not None
    assert first.moment.astimezone(JAKARTA).date() == date(2021, 3, 4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rapat digelar di kota itu, Kamis (19/11).", "2020-11-19"),
        ("Rapat digelar di kota itu, Kamis (15/7).", "2021-07-15"),
        ("Rapat digelar pada Jumat (3/11) pagi.", "2023-11-03"),
        ("Rapat digelar Jumat (3/11/2023).", "2023-11-03"),
        ("Rapat digelar Jumat (3/11/23).", "2023-11-03"),
        ("Rapat digelar Ahad (7/11).", "2021-11-07"),
        ("Rapat digelar Jum'at (5/11).", "2021-11-05"),
        ("Rapat digelar JUM’AT(5/11).", "2021-11-05"),
        ("Rapat digelar Rabu (15 Juli).", "2020-07-15"),
        ("Rapat digelar Rabu (15 Juli 2020).", "2020-07-15"),
        ("Lahir Kamis (29/2), kata ibunya.", "2024-02-29"),
        ("Lahir Selasa (29/2), kata ibunya.", "2000-02-29"),
        ("Kapal tiba Ahad (1/12).", "2024-12-01"),
    ],
)
def test_the_weekday_decides_the_year(text: str, expected: str) -> None:
    assert day(text) == expected


@pytest.mark.parametrize(
    ("stamp", "old", "lately"),
    [
        ("Jumat (28/11)", "2014-11-28", "2024-11-28"),  # a Thursday
        ("Kamis (29/11)", "2018-11-29", "2024-11-29"),  # a Friday
        ("Sabtu (1/12)", "2018-12-01", "2024-12-01"),
        ("Senin (28/11)", "2022-11-28", "2022-11-28"),  # not the day beside it
        ("Kamis (9/10)", "2014-10-09", "2014-10-09"),  # 53 days before
        ("Kamis (15/2)", "2024-02-15", "2024-02-15"),
        ("Jumat (28/11/2014)", "2014-11-28", "2014-11-28"),
    ],
)
def test_a_weekday_that_leads_far_back_is_a_slip_in_what_is_fresh(
    stamp: str, old: str, lately: str
) -> None:
    text = f"Rapat digelar pada {stamp}."
    assert day(text) == old
    found = find_published(
        text, language="id", zone=JAKARTA, fetched=FETCHED, fresh=True
    )
    assert found is not None
    assert found.inferred
    assert found.moment.astimezone(JAKARTA).date().isoformat() == lately


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rapat digelar pada Kamis malam (15/7).", "2021-07-15"),
        ("Rapat digelar pada Rabu dini hari (3/11).", "2021-11-03"),
        ("Rapat digelar pada Jumat pagi waktu setempat (3/11).", "2023-11-03"),
        ("Rapat digelar Kamis (15.7).", "2021-07-15"),
        ("Rapat digelar Kamis (15.07), kata dia.", "2021-07-15"),
        ("Rapat digelar Kamis (15/7, waktu setempat).", "2021-07-15"),
        ("Rapat digelar Kamis (15/7/2021 malam).", "2021-07-15"),
        ("Pada Kamis, kata menteri, rapat ketiga (15/7) digelar.", None),
        ("Kamis lalu (15/7) rapat digelar.", None),
    ],
)
def test_words_around_the_day_of_a_press_stamp(text: str, expected: str | None) -> None:
    assert day(text) == expected


def test_an_event_to_come_is_no_date_of_publication() -> None:
    coming = "Rapat akan digelar Selasa (3/12)."
    assert day(coming) is None
    assert day(f"{coming} Itu diumumkan Jumat (29/11).") == "2024-11-29"
    assert parse_date("Selasa (3/12)", language="id", zone=JAKARTA, now=FETCHED) is None
    assert day("Konser akan digelar Senin (16/12) mendatang.") is None
    assert day("Festival itu dibuka Sabtu (28/12).") is None
    later = "Pelantikan berlangsung Kamis (20/2) tahun depan."
    assert day(f"{later} Itu kata KPU, Jumat (29/11).") == "2024-11-29"


def test_the_first_press_stamp_wins() -> None:
    assert day("Pada Kamis (2/11) mulai. Pada Rabu (1/11) belum.") == "2023-11-02"


def test_history_is_no_date_of_publication() -> None:
    history = "AS menyerbu Irak pada Kamis (20/3/2003)."
    assert day(f"{history} Rapat digelar Jumat (29/11/2024).") == "2024-11-29"
    assert day(f"{history} Rapat digelar Jumat (29/11).") == "2024-11-29"
    assert day("Rapat Kamis (28/11/2024), lalu Jumat (29/11/2024).") == "2024-11-28"


def test_a_stamp_whose_weekday_disagrees_is_passed_over() -> None:
    assert day("Jumat (4/11/2023) keliru, Jumat (3/11) benar.") == "2023-11-03"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Pada 8 Januari 2020 pangkalan itu diserang.",
        "Tewas pada 3 Januari. Sejak 30 Oktober, dan 27 Januari, tenang.",
        "Jumlahnya (19/11) tidak pasti.",
        "Skor (3/1) mengecewakan, kata Senin.",
        "Jumat (4/11/2023)",
        "Kamis (45/45) dan Kamis (31/2) dan Kamis (99 Juli)",
        "Kamis (1/2/3/4/5)",
        "Kamis (30/2/2023)",
        "Minggu (1/12/2030)",
        "2500",
        "Senin\n\n0\n272",
        "5 November 2030",
        "Sabtu, 5 November 2021",
        "31 Februari 2021",
        "Kamis, 19 November",
    ],
)
def test_what_is_no_stamp(text: str) -> None:
    assert find(text) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Kamis, 15 Juli 2021, 10:30 WIB", "2021-07-15T10:30+07:00"),
        ("SENIN, 06 JULI 2020 | 07:28 WITA", "2020-07-06T07:28+08:00"),
        ("6 Juli 2020 07.28", "2020-07-06T07:28+07:00"),
        ("Kamis, 15/02/2024 07:28 WIB", "2024-02-15T07:28+07:00"),
        ("Sari Contoh - Kamis, 15 Februari 2024 | 07:28 WIB", "2024-02-15T07:28+07:00"),
        ("Sari Contoh | Kamis, 15 Februari 2024 pukul 07.28", "2024-02-15T07:28+07:00"),
        ("Diterbitkan pada 15 Februari 2024 07:28 WIB", "2024-02-15T07:28+07:00"),
        ("Terbit: Kamis, 15 Februari 2024, 07:28", "2024-02-15T07:28+07:00"),
        ("Diperbarui: Kamis, 15 Februari 2024, 07:28", "2024-02-15T07:28+07:00"),
        ("Thursday, February 15, 2024 10:30 AM", "2024-02-15T10:30+07:00"),
    ],
)
def test_a_header_line_with_a_time_is_a_moment(line: str, expected: str) -> None:
    found = find(f"Judul berita\n\n{line}\n\nIsi berita, tanpa hari.")
    assert found is not None
    assert found == Published(datetime.fromisoformat(expected), inferred=True)


def test_a_header_line_without_a_time_is_a_day() -> None:
    assert (
        day("Judul berita\n5 Nopember 2021\nIsi berita, Kamis (19/11).") == "2021-11-05"
    )


def test_a_stamp_far_down_belongs_to_something_else() -> None:
    assert find("Baris isi.\n" * 30 + "5 November 2021") is None


def test_a_line_that_says_when_it_was_changed_never_wins() -> None:
    changed = "Diperbarui: Jumat, 16 Februari 2024 10:30"
    assert day(f"{changed}\nKamis, 15 Februari 2024\nIsi berita.") == "2024-02-15"
    assert day(f"{changed}\nIsi berita, Kamis (15/2).") == "2024-02-15"


def test_the_days_of_a_chronicle_are_no_date_of_publication() -> None:
    days = "Jejak Perang\n1 Januari 2020\nPasukan tiba.\n2 Maret 2020\nPasukan pergi."
    assert day(days) is None
    assert day(f"Jejak Perang\nPasukan datang dan pergi.\n{days}") is None
    dated = find(days.replace("1 Januari 2020", "1 Januari 2020, 10:30"))
    assert dated is not None
    assert dated.moment == datetime.fromisoformat("2020-01-01T10:30+07:00")


def test_a_header_of_the_future_is_passed_over() -> None:
    assert day("1 Desember 2024, 06:31 WIB\nIsi, Kamis (19/11).") == "2020-11-19"


def test_the_zone_decides_what_today_is() -> None:
    late = datetime(2024, 11, 30, 20, tzinfo=UTC)  # already the first in Jakarta
    assert day("Kapal tiba Ahad (1/12).", fetched=late) == "2024-12-01"
    assert day("Kapal tiba Ahad (1/12).", fetched=late - timedelta(hours=6)) is None


def test_other_languages() -> None:
    assert day("They met on Friday (11/3).", "en") == "2023-11-03"
    assert day("They met on Friday (3 November).", "qq") == "2023-11-03"


PIECES = st.sampled_from(
    ["Kamis", "Jumat", "Senin, ", " (", "(", ")", "19/11", "3/11", "/2023", "15 Juli", " 2021",
     "\n", "10:30", " WIB", "29/2", "0", "99", "9999", ", ", "|", "2024-12-01", "T", "Z"]
)  # fmt: skip


@given(
    st.one_of(st.lists(PIECES, max_size=15).map("".join), st.text(max_size=80)),
    st.datetimes(min_value=datetime(1950, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(["id", "en", "und"]),
)
@settings(deadline=None, max_examples=300)
def test_nothing_is_published_after_it_was_fetched(
    text: str, fetched: datetime, language: str
) -> None:
    try:
        fetched.astimezone(JAKARTA)
    except OverflowError:
        return
    found = find(text, language, fetched)
    assert found is None or found.moment <= fetched


@given(st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=130)))
@settings(deadline=None, max_examples=300)
def test_any_value_can_be_parsed(value: str) -> None:
    found = parse_date(value, language="id", zone=JAKARTA, now=FETCHED)
    assert found is None or found.moment.tzinfo is UTC


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["Kamis (", "(", "1/", "Kamis ", "a'", "2021-"])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    text = (unit * 500_000)[:500_000]
    assert find(text) is None
    assert parse_date(text, language="id", zone=JAKARTA, now=FETCHED) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [("15/7", True), ("8 Mei", True), ("Senin", False), ("Senin Januari", False)],
)
def test_a_day_has_a_number(value, expected):
    assert is_date(value, language="id") is expected
