"""Briefs for tests: invented, neutral texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from briefing.model import (
    OTHER,
    Brief,
    Coverage,
    Failure,
    Published,
    Report,
    Section,
    Sentence,
    Story,
    TopicHit,
    Window,
)

UNTIL = datetime(2024, 11, 30, 23, 30, tzinfo=UTC)

BRIDGE = (
    "Jembatan baru di atas Sungai Kapur mulai dipakai warga pada Kamis pagi.",
    "Pembangunannya memakan waktu empat belas bulan, dua bulan lebih lama dari rencana.",
    "Truk di atas delapan ton masih harus memutar lewat jalan lama sampai uji beban selesai.",
)
FERRY = (
    "Perahu penyeberangan di Sungai Kapur berhenti beroperasi setelah dua puluh tahun.",
    "Para pemiliknya mendapat tempat berjualan di dekat jembatan.",
)
RAIN = (
    "Hujan lebat tiga hari berturut-turut menutup jalan ke empat desa di kaki Gunung Sela.",
    "Petugas membuka dapur umum dan meminjam dua alat berat dari kabupaten tetangga.",
)
LIBRARY = (
    "Perpustakaan keliling menambah enam rute, sehingga semua sekolah dasar kini terlayani.",
    "“Anak-anak menunggu di gerbang sejak pagi,” kata seorang guru.",
)


def sentences(
    article: str, *texts: str, skip: int | None = None
) -> tuple[Sentence, ...]:
    """Return `texts` as sentences of one article; one position is passed over at `skip`."""
    found, start = [], 0
    for index, text in enumerate(texts):
        position = index + (skip is not None and index >= skip)
        found.append(Sentence(article, start, start + len(text), position, text))
        start += len(text) + 1
    return tuple(found)


def report(
    article: str, *texts: str, skip: int | None = None, **changes: Any
) -> Report:
    """Return a report of `texts`, with a title, an outlet and a date unless changed."""
    plain = Report(
        article_id=article,
        revision="0123456789ab",
        url=f"https://warta.example/{article}",
        link=f"https://warta.example/{article}",
        source="warta",
        outlet="Warta Kapur",
        language="id",
        sentences=sentences(article, *texts, skip=skip),
        recipe="lead/1 words=66",
        title="Jembatan Sungai Kapur dibuka",
        published=Published(datetime(2024, 11, 30, 2, 15, tzinfo=UTC)),
    )
    return replace(plain, **changes)


def sample_brief(**changes: Any) -> Brief:
    """Return a brief with a bit of everything; `changes` replace its fields."""
    bridge = report(
        "a" * 16, *BRIDGE, skip=2, origin="Kantor Berita Hulu", place="Kapur"
    )
    ferry = report(
        "b" * 16,
        *FERRY,
        title=None,
        link=None,
        url="file:arsip/2024/perahu.txt",
        outlet="Kabar Muara",
        published=Published(
            datetime(2024, 11, 28, 17, tzinfo=UTC), day_only=True, inferred=True
        ),
    )
    rain = report(
        "c" * 16,
        *RAIN,
        title=None,
        outlet="Radio Sela",
        published=None,
        truncated=True,
        link="https://radiosela.example/berita/hujan-lebat?id=7&dari=beranda",
    )
    library = report(
        "d" * 16, *LIBRARY, title="Perpustakaan keliling: enam rute baru", outlet="Pena"
    )
    hits = (TopicHit("jalan", 4.0, ("jembatan",)), TopicHit("cuaca", 2.0, ("sungai",)))
    brief = Brief(
        title="Kabar Lembah Kapur",
        language="id",
        zone="Asia/Jakarta",
        date=date(2024, 12, 1),
        window=Window(datetime(2024, 11, 29, 23, 30, tzinfo=UTC), UNTIL),
        top_lines=(bridge.sentences[0], rain.sentences[0]),
        sections=(
            Section(
                "jalan", "Jalan dan jembatan", (Story("1" * 12, (bridge, ferry), hits),)
            ),
            Section("cuaca", "Cuaca", (Story("2" * 12, (rain,), hits[1:]),)),
            Section("pasar", "Harga pasar", ()),
            Section(OTHER, "Lainnya", (Story("3" * 12, (library,)),)),
        ),
        coverage=Coverage(5, 4, 1234, 4, (("earlier", 1229), ("failed", 1))),
        failures=(
            Failure("gather", "radio-hilir", "http-status", "503"),
            Failure("clean", "file:arsip/2024/kosong.txt", "empty"),
        ),
    )
    return replace(brief, **changes)
