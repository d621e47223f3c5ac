"""Plain text: paragraphs, broken lines, titles, and where everything came from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.clean import clean_text
from briefing.clean.paragraphs import Paragraph, raw_offset
from briefing.clean.rules import all_rules
from briefing.clean.titles import without_site

CASES = sorted((Path(__file__).parent / "cases" / "clean").glob("*.in.txt"))
LEAD = "Pemerintah daerah menutup jembatan lama karena retakan di tiang ketiga."
BODY = "Warga diminta memakai jalan memutar selama perbaikan yang memakan dua bulan."


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name.partition(".")[0])
def test_case(case):
    raw = case.read_bytes().decode("utf-8")
    wanted = json.loads(
        case.with_name(case.name.replace(".in.txt", ".out.json")).read_text("utf-8")
    )
    found = clean_text(raw, language="id")
    assert found.text.split("\n\n") == wanted.pop("paragraphs")
    for field in ("title", "outlet", "place", "agency"):
        assert getattr(found, field) == wanted.pop(field, None), field
    assert not wanted


def test_a_line_broken_inside_a_sentence_goes_on():
    raw = "Mereka berbicara tentang nasib\nribuan pengungsi. Rapat itu lama."
    assert clean_text(raw, language="id").text == raw.replace("\n", " ")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Bantuan untuk para korban gempa akan dikirim ke", "Lombok pada hari Senin."),
        ("Rapat itu dihadiri wakil dari Mesir,", "Yordania dan Turki."),
        (
            "Gelombang pengungsi terus berdatangan ke kota pelabuhan itu sejak pertempuran "
            "di pegunungan utara memburuk dan pemerintah pusat di bawah tekanan x",
            "Suriah menutup perbatasannya tanpa pemberitahuan lebih dulu.",
        ),
    ],
)
def test_a_line_may_go_on_with_a_capital(first, second):
    assert clean_text(f"{first}\n{second}", language="id").text == f"{first} {second}"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Jembatan Lama Ditutup", "Pemerintah daerah menutup jembatan lama."),
        ("Jembatan Lama Ditutup", "jpnn.com, JAKARTA - Pemerintah menutup jembatan."),
        ("Syaratnya:", "surat izin dan uang jaminan."),
        ("Syaratnya ada dua", "a. surat izin;"),
        ("Syaratnya ada dua", "• surat izin"),
        ("Rapat selesai.", "warga pulang."),
        (
            "1. Surat izin dari kepala dinas yang masih berlaku" + " dan sah" * 12,
            "Uang jaminan.",
        ),
    ],
)
def test_other_lines_stay_paragraphs(first, second):
    text = clean_text(f"{first}\n{second}", language="id", title="x").text
    assert "\n\n" in text


def test_nothing_is_joined_over_noise():
    raw = "Pasukan itu ditarik dari\nBaca Juga: Harga Beras Naik\nbarat negeri itu."
    text = clean_text(raw, language="id").text
    assert text == "Pasukan itu ditarik dari\n\nbarat negeri itu."


def test_a_first_line_is_the_title():
    found = clean_text(f"Jembatan Lama Ditutup\n{LEAD}\n{BODY}", language="id")
    assert found.title == "Jembatan Lama Ditutup"
    assert found.text == f"{LEAD}\n\n{BODY}"


def test_a_question_in_title_case_is_a_title():
    found = clean_text(f"Mengapa Jembatan Lama Ditutup?\n{LEAD}\n{BODY}", language="id")
    assert found.title == "Mengapa Jembatan Lama Ditutup?"


@pytest.mark.parametrize(
    "first",
    [
        LEAD,
        "Mengapa jembatan itu ditutup?",
        "Syarat yang berlaku:",
        "1. Jembatan lama",
        "kata " * 21 + "tanpa akhir",
        "k" * 300,
    ],
)
def test_other_first_lines_are_no_title(first):
    found = clean_text(f"{first}\n\n{LEAD}\n\n{BODY}", language="id")
    assert found.title is None
    assert found.text.startswith(first.strip())


@pytest.mark.parametrize("raw", ["Jembatan Lama", f"Jembatan Lama\n\n{'Ya.'}", ""])
def test_a_title_needs_a_longer_text_after_it(raw):
    found = clean_text(raw, language="id")
    assert (found.title, found.text) == (None, raw)


def test_a_stated_title_is_not_repeated_in_the_text():
    raw = f"JEMBATAN LAMA DITUTUP\n\nJembatan lama ditutup\n\n{LEAD}\n\n{BODY}"
    found = clean_text(raw, language="id", title="Jembatan Lama Ditutup")
    assert found.title == "Jembatan Lama Ditutup"
    assert found.text == f"{LEAD}\n\n{BODY}"


def test_a_text_that_is_nothing_but_its_title_stays():
    assert clean_text("Jembatan", language="id", title="Jembatan").text == "Jembatan"


def test_a_repeated_caption_stands_once():
    caption = "Jembatan lama dilihat dari tepi selatan"
    found = clean_text(f"{LEAD}\n\n{caption}\n\n{BODY}\n\n{caption}", language="id")
    assert found.text == f"{LEAD}\n\n{caption}\n\n{BODY}"


def test_titles_under_a_heading_for_links_go_and_the_text_goes_on():
    raw = f"{LEAD}\n\nBaca juga:\n\nHarga Beras Naik Lagi\n\nHujan Deras di Selatan\n\n{BODY}"
    assert clean_text(raw, language="id").text == f"{LEAD}\n\n{BODY}"


def test_a_sentence_under_such_a_heading_stays():
    raw = f"{LEAD}\n\nBaca juga:\n\n{BODY}"
    assert clean_text(raw, language="id").text == f"{LEAD}\n\n{BODY}"


def test_short_lines_after_the_last_heading_go():
    raw = (
        f"{LEAD}\n\n{BODY}\n\nBerita Terkait\n\nharga beras naik\n\nApakah Hujan Turun?"
    )
    assert clean_text(raw, language="id").text == f"{LEAD}\n\n{BODY}"


def test_a_long_line_keeps_what_stands_above_it():
    raw = f"{LEAD}\n\nTopik terkait\n\n{'kata ' * 21}\n\n{'kata ' * 80}"
    assert clean_text(raw, language="id").text.count("kata") == 101


def test_the_outlets_name_goes_from_the_last_line():
    raw = f"{LEAD}\n\n{BODY}\n\nHarian Cakrawala"
    found = clean_text(raw, language="id", outlet="harian cakrawala")
    assert found.text == f"{LEAD}\n\n{BODY}"


def test_a_line_that_is_a_date_is_kept_as_a_stamp():
    found = clean_text(
        f"Senin, 6 Mei 2024 | 07:28 WIB\n\n{LEAD}\n\n{BODY}", language="id"
    )
    assert found.text == f"{LEAD}\n\n{BODY}"
    assert found.stamps == ("Senin, 6 Mei 2024 | 07:28 WIB",)


def test_a_dateline_stays_if_only_a_title_would_be_left():
    opening = "Baghdad, 12 Rabiul Awal 1446/15 September 2024 (MINA) – "
    first = f"{opening}jembatan lama di tepi utara Ditutup sampai batas waktu yang belum jelas"
    first = first.replace("– jembatan", "– Jembatan")
    found = clean_text(f"{first}\n\n{LEAD}\n\n{BODY}", language="id")
    assert (found.title, found.text) == (None, f"{first}\n\n{LEAD}\n\n{BODY}")


def test_a_chain_of_datelines_comes_to_an_end():
    assert clean_text("Baghdad, MINA – " * 99 + LEAD, language="id").text.endswith(LEAD)


def test_a_cut_leaves_no_blanks_at_the_ends():
    paragraph = Paragraph("satu dua tiga", ((0, 0),), 0, 13)
    assert paragraph.cut(start=4, end=9).text == "dua"


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Jembatan Lama Ditutup - Kompas.com", "Jembatan Lama Ditutup"),
        ("Jembatan Lama Ditutup | Harian Cakrawala", "Jembatan Lama Ditutup"),
        (
            "Jembatan Lama Akan Ditutup | Berita | Cakrawala",
            "Jembatan Lama Akan Ditutup",
        ),
        ("Jembatan Lama Ditutup – harian-cakrawala", "Jembatan Lama Ditutup"),
        ("Jembatan Lama - Bagian Kedua", "Jembatan Lama - Bagian Kedua"),
        ("Harian Cakrawala", "Harian Cakrawala"),
        ("| Harian Cakrawala", "| Harian Cakrawala"),
    ],
)
def test_the_sites_name_goes_from_a_title(title, bare):
    assert without_site(title, (None, "Harian Cakrawala")) == bare


PIECES = [
    *(rule.example for rule in all_rules()),
    *(spared for rule in all_rules() for spared in rule.spares),
    LEAD,
    BODY,
    "Jembatan Lama Ditutup",
    "Baghdad, MINA – Rapat batal.",
    "IslamTimes - ",
    "AS - ",
    "(sl)",
    "[IT/r]",
    "negara.Namun",
    "  ",
    "\u00a0",
    "e\u0301",
]
GLUE = st.sampled_from(["\n", "\n\n", " ", "", "\r\n", "\u2028", "\t \n \n"])
RAW = st.lists(
    st.tuples(st.sampled_from(PIECES) | st.text(max_size=12), GLUE), max_size=9
).map(lambda pairs: "".join(piece + glue for piece, glue in pairs))
TITLES = st.none() | st.sampled_from(["Jembatan Lama Ditutup", LEAD, "x"])


@settings(deadline=None, max_examples=150)
@given(raw=RAW, title=TITLES)
def test_cleaning_twice_is_cleaning_once(raw, title):
    once = clean_text(raw, language="id", title=title)
    again = clean_text(once.text, language="id", title=once.title)
    assert again.text == once.text
    assert again.title == once.title


@settings(deadline=None, max_examples=150)
@given(raw=RAW, data=st.data())
def test_every_range_within_a_paragraph_is_found_in_the_raw_text(raw, data):
    found = clean_text(raw, language="id")
    offset = 0
    for paragraph in found.text.split("\n\n") if found.text else []:
        start = data.draw(st.integers(offset, offset + len(paragraph) - 1))
        end = data.draw(st.integers(start + 1, offset + len(paragraph)))
        first, last = found.origin(start, end)
        assert raw[first:last].split() == found.text[start:end].split()
        offset += len(paragraph) + 2


@settings(deadline=None, max_examples=100)
@given(raw=RAW)
def test_a_clean_text_has_no_blanks_or_breaks_but_between_paragraphs(raw):
    for paragraph in clean_text(raw, language="id").text.split("\n\n"):
        assert paragraph == " ".join(paragraph.split())


@pytest.mark.parametrize(("start", "end"), [(0, 0), (-1, 2), (2, 1), (0, 1000)])
def test_no_range_outside_the_text(start, end):
    found = clean_text(LEAD, language="id")
    with pytest.raises(ValueError, match="no text between"):
        found.origin(start, end)


def test_offsets_before_and_after_folded_blanks():
    runs = ((0, 4), (6, 20))
    assert [raw_offset(runs, at) for at in (0, 5, 6, 8)] == [4, 9, 20, 22]


@pytest.mark.parametrize(
    ("opening", "place", "outlet"),
    [
        ("Jakarta, CNN Indonesia --", "Jakarta", "CNN Indonesia"),
        ("JAKARTA, KOMPAS.com -", "JAKARTA", "KOMPAS.com"),
        ("Baghdad –", "Baghdad", None),
    ],
)
@pytest.mark.parametrize("title", ["Rapat ditunda", None])
def test_a_dateline_may_be_a_paragraph_of_its_own(opening, place, outlet, title):
    body = "Rapat itu ditunda sampai Kamis. Menteri sakit."
    found = clean_text(f"{opening}\n\n{body}", language="id", title=title)
    assert (found.text, found.title) == (body, title)
    assert (found.place, found.outlet) == (place, outlet)


def test_a_title_that_ends_in_a_dash_is_no_dateline():
    found = clean_text("Pasukan pulang –\n\nMereka tiba kemarin.", language="id")
    assert (found.title, found.place) == ("Pasukan pulang –", None)
