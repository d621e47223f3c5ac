"""Whom and what a story names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.group.names import most_named
from briefing.model import Article
from tests.store_samples import sample_article


def article(text: str, number: int = 1) -> Article:
    return replace(sample_article(number, text=text), language="id")


def named(*texts: str) -> list[tuple[str, str]]:
    articles = [article(text, at) for at, text in enumerate(texts)]
    return [(one.name, one.kind) for one in most_named(articles)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Menurut Presiden AS Budi Contoh, rapat ditunda. Kata Budi Contoh, AS menunggu.",
            [("AS", "place"), ("Budi Contoh", "person")],
        ),
        (
            "Rapat dibuka Menteri Keuangan Siti Teladan. Lalu Teladan pulang.",
            [("Siti Teladan", "person")],
        ),
        (
            "Warga Irak datang. Di Iraq hujan, dan di Basra tidak; Basra kering.",
            [("Basra", "place"), ("Irak", "place")],
        ),
        (
            "Rapat dibuka Muhammad al-Teladan. Kata Muhammad al-Teladan, dan Teladan pulang.",
            [("Muhammad al-Teladan", "")],
        ),
        (
            "Kabar itu dimuat Al Contoh. Menurut Al Contoh, al-Teladan pulang.",
            [("Al Contoh", "")],
        ),
        (
            "Putusan itu dibaca Mahkamah Contoh. Lalu Mahkamah Contoh tutup.",
            [("Mahkamah Contoh", "organisation")],
        ),
        (
            "Rapat dibuka Gubernur Sulawesi Tengah Agus Contoh. Lalu Agus Contoh pulang.",
            [("Agus Contoh", "person")],
        ),
        (
            "Kemarin tiba Utusan Gedung Putih Agus Contoh. Kata Agus Contoh, Gedung Putih menunggu.",
            [("Agus Contoh", "person"), ("Gedung Putih", "organisation")],
        ),
        ("Kemarin hujan turun. Kemarin angin bertiup. Senin cerah, Senin kering.", []),
        ("KOTA LAMA DITUTUP UNTUK UMUM. KOTA LAMA SEPI.", []),
        ('"Tiket? Nggak ada," katanya, "Nggak bisa. Iya, Nggak."', []),
    ],
    ids=[
        "title",
        "short form",
        "countries",
        "arabic article",
        "article with a capital beside one without",
        "organisation",
        "region",
        "seat of a government",
        "openings",
        "capitals",
        "spoken words",
    ],
)
def test_names_in_a_text(text: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(named(text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Bupati Lembah Agus Contoh datang. Kata Agus, di Lembah hujan. Lembah sepi.",
            ["Agus Contoh", "Lembah"],
        ),
        (
            "Kemarin Kapolsek Lembah AKP Agus Contoh datang. Lalu Agus Contoh pulang.",
            ["Agus Contoh"],
        ),
        (
            "Rapat dibuka Gubernur Bank Indonesia Siti Teladan. Lalu Siti Teladan pulang.",
            ["Siti Teladan"],
        ),
        (
            "Direktur Utama BPJS Kesehatan Prof Teladan datang. Kata Prof Teladan, BPJS buka.",
            ["BPJS", "Teladan"],
        ),
        (
            "Rapat dibuka Rizki Contoh. “Hujan,” kata Rizki. Lalu Rizki pulang.",
            ["Rizki Contoh"],
        ),
        (
            "Rapat dibuka Rizki Contoh Teladan. Lalu Rizki Contoh, kata Rizki, pulang.",
            ["Rizki Contoh Teladan"],
        ),
        (
            "Lawannya pasangan Agus-Rizki. Kata Rizki, hujan. Rizki Contoh datang. Kata Agus, tidak, dan Agus pulang.",
            ["Agus", "Rizki Contoh"],
        ),
        (
            "Kini ada Luna Kaca. Kata orang, Luna murah. Dan Luna Kaca mahal, Luna tidak.",
            ["Luna", "Luna Kaca"],
        ),
        (
            "Warga ke Arab Saudi. Bahasa Arab sulit, kata orang. Di Arab Saudi panas.",
            ["Arab Saudi"],
        ),
        (
            "Warga Amerika Serikat datang. Kata Amerika, Amerika Serikat besar. Lalu Amerika.",
            ["Amerika Serikat"],
        ),
        ("Warga menonton SEA Games. Kini SEA Games usai.", ["SEA Games"]),
        ("Warga ke Pasar Minggu. Kini Pasar Minggu sepi.", ["Pasar Minggu"]),
        ("Warga ke Lembah Minggu (1/2). Kini Lembah Minggu (1/2) sepi.", ["Lembah"]),
        ("Setiap wajib pajak (WP) datang. Kini WP antre, lalu WP pulang.", []),
        ("Kini Badan Air (BA) buka. Tadi BA tutup, lalu BA buka.", ["BA"]),
        ("Harga naik Rp310 juta. Dulu Rp310 juta, lalu Rp310 juta.", []),
        ("Ia dijerat Pasal 3 Undang-Undang Nomor 4. Kini Pasal 3 dan Nomor 4.", []),
        ("Kata Kresno, BAP Agus dicabut. Kini BAP Agus hilang.", ["Agus"]),
        ("Kini Menteri Pendidikan datang, lalu Menteri Pendidikan pulang.", []),
        ("Kata Bupati, hujan. Lalu Bupati dan Mendagri pulang, kata Mendagri.", []),
    ],
    ids=[
        "seat that the story names",
        "rank behind the seat",
        "agency",
        "title behind an agency",
        "first name that speaks",
        "three lengths",
        "two in a hyphen",
        "first word of a thing",
        "part of a country",
        "short for a country",
        "no sea",
        "market",
        "day",
        "acronym of small words",
        "acronym of a name",
        "amount",
        "law",
        "paper",
        "field of an office",
        "titles",
    ],
)
def test_clean_names(text: str, expected: list[str]) -> None:
    assert sorted(name for name, _ in named(text)) == expected


def test_names_in_most_articles_come_first() -> None:
    often = "Kota itu dikunjungi Ani Teladan, kata Ani Teladan. Dan Ani Teladan pulang."
    both = "Kota itu dikunjungi Budi Contoh."
    assert [name for name, _ in named(f"{often} {both}", both)] == [
        "Budi Contoh",
        "Ani Teladan",
    ]


def test_a_name_tells_its_articles() -> None:
    articles = [article("Rapat dipimpin Budi Contoh.", at) for at in range(2)]
    [one] = most_named(articles)
    assert (one.articles, one.mentions) == (tuple(each.id for each in articles), 2)


@given(st.lists(st.text(max_size=200), max_size=3))
def test_any_text_is_read(texts: list[str]) -> None:
    assert len(named(*texts)) <= 6


def test_a_title_is_a_whole_word_before_the_name() -> None:
    for before, kind in (("presiden", "person"), (f"{'a' * 99}presiden", "")):
        [one] = most_named([article(f"Kata {before} Budi Contoh. Lalu Budi Contoh.")])
        assert (one.name, one.kind) == ("Budi Contoh", kind)


@pytest.mark.slow
@pytest.mark.parametrize("between", [", ", "-“"])
def test_a_sentence_of_names_alone_is_read_in_time(between: str) -> None:
    """At a time that grew with the square of their number this would take many minutes."""
    some = [chr(97 + at % 26) + chr(97 + at // 26 % 26) for at in range(40_000)]
    names = [f"X{two}{at // 676 * 'x'}" for at, two in enumerate(some)]
    assert most_named([article(between.join(names))]) == ()
