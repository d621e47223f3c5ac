"""Document → Article: decoding, front matter, dates, addresses, language, failures."""

from __future__ import annotations

import codecs
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.clean import clean
from briefing.clean.charset import decode, visible
from briefing.clean.tongue import language_of, tag
from briefing.model import REASONS, Article, Document, Failure
from briefing.text import article_id

ZONE = ZoneInfo("Asia/Jakarta")
FETCHED = datetime(2024, 12, 1, tzinfo=UTC)
TITLE = "Jembatan Lama Ditutup"
LEAD = "Pemerintah daerah menutup jembatan lama karena retakan di tiang ketiga."
BODY = "Warga diminta memakai jalan memutar selama perbaikan yang memakan dua bulan."
TEXT = f"{LEAD}\n\n{BODY}"


def document(body: str | bytes, media_type: str = "text/plain", **fields) -> Document:
    plain = Document(
        url="file:contoh/berita.txt",
        source="contoh",
        body=body.encode() if isinstance(body, str) else body,
        media_type=media_type,
        fetched=FETCHED,
    )
    return replace(plain, **fields)


def article(body: str | bytes, media_type: str = "text/plain", **fields) -> Article:
    found = clean(document(body, media_type, **fields), zone=ZONE, language="id")
    assert isinstance(found, Article), found
    return found


def failure(body: str | bytes, media_type: str = "text/plain", **fields) -> Failure:
    found = clean(document(body, media_type, **fields), zone=ZONE)
    assert isinstance(found, Failure)
    assert (found.stage, found.subject) == ("clean", "file:contoh/berita.txt")
    assert found.reason in REASONS
    return found


def test_a_plain_text_with_all_it_says():
    raw = f"{TITLE}\n\nBaghdad, MINA – {LEAD}\nBaca Juga: Hujan Lagi\n{BODY} Demikian lapor Reuters."
    found = article(raw)
    assert found.title == TITLE
    assert found.text == f"{TEXT} Demikian lapor Reuters."
    assert (found.outlet, found.place, found.origin) == ("MINA", "Baghdad", "Reuters")
    assert found.id == article_id("file:contoh/berita.txt")
    assert (found.url, found.link) == ("file:contoh/berita.txt", None)
    assert found.language == "id"
    assert not found.truncated


def test_cleaning_an_article_again_changes_nothing():
    once = article(
        f"{TITLE}\n0\n12\nBaghdad, MINA – {LEAD}\n{BODY} (ab/cd)\nBaca juga:\nHujan"
    )
    again = clean(document(once.text, title=once.title), zone=ZONE, language="id")
    assert isinstance(again, Article)
    assert (again.text, again.title, again.revision) == (
        once.text,
        once.title,
        once.revision,
    )


def test_the_outlet_is_the_configured_one_then_the_pages_then_the_datelines_then_the_source():
    raw = f"---\noutlet: Halaman\n---\nBaghdad, MINA – {LEAD}\n\n{BODY}"
    bare = raw.rsplit("---\n", maxsplit=1)[-1]
    assert article(raw, outlet="Atur").outlet == "Atur"
    assert article(raw).outlet == "Halaman"
    assert article(bare).outlet == "MINA"
    assert article(TEXT).outlet == "contoh"


@pytest.mark.parametrize(
    ("url", "source", "outlet"),
    [
        ("https://www.kabar.example/berita/1", "kabar-lembah", "kabar.example"),
        ("file:warta-771b94/berita.txt", "warta-771b94", "warta"),
        ("file:warta-pagi/berita.txt", "warta-pagi", "warta-pagi"),
    ],
)
def test_without_any_outlet_it_is_the_site_else_the_name_of_its_place(
    url: str, source: str, outlet: str
):
    assert article(TEXT, url=url, source=source).outlet == outlet


@pytest.mark.parametrize(
    "media_type", ["text/plain", "text/markdown", "text/plain; charset=utf-8"]
)
def test_front_matter(media_type):
    matter = (
        f'---\ntitle: "{TITLE}"\ndate: 2024-05-06\n\nurl: https://Berita.example/a?utm_source=x\n'
        "outlet: Cakrawala\nlanguage: id-ID\n---\n"
    )
    found = article(f"{matter}\n{TEXT}\n", media_type)
    assert (found.title, found.text) == (TITLE, TEXT)
    assert (found.outlet, found.language) == ("Cakrawala", "id")
    assert found.link == "https://berita.example/a"
    assert found.url == "file:contoh/berita.txt"


def test_lists_in_the_front_matter_are_passed_over():
    matter = (
        f"---\ntitle: {TITLE}\ntags:\n  - jembatan\n- lalu lintas\n# catatan\n"
        "summary: >-\n  Warga memutar\n  dua bulan.\noutlet: Cakrawala\n---\n"
    )
    found = article(f"{matter}\n{TEXT}\n")
    assert (found.title, found.text, found.outlet) == (TITLE, TEXT, "Cakrawala")


@pytest.mark.parametrize(
    "raw",
    [
        f"---\n- satu\n- dua\n---\n\n{TEXT}",
        f"---\ntanpa titik dua\n---\n\n{TEXT}",
        f"---\ntitle: {TITLE}\n\n{TEXT}",
        f"Laporan: {TITLE}\n\n{TEXT}",
        "---\n" + "a: b\n" * 100 + TEXT,
        "---\na: b\n" * 2 + f"\n{TEXT}",
    ],
)
def test_other_lines_are_no_front_matter(raw):
    assert article(raw).text.endswith(BODY)


def test_markdown():
    raw = (
        f"# {TITLE}\n\n{LEAD} Lihat [peta](https://peta.example/x).\n\n"
        "![foto](jembatan.jpg)\n\n* satu butir\n* **dua** butir\n\n<script>x()</script>\n"
    )
    found = article(raw, "text/markdown")
    assert found.title == TITLE
    assert found.text.split("\n\n") == [
        f"{LEAD} Lihat peta.",
        "satu butir",
        "dua butir",
    ]


@pytest.mark.parametrize(
    "bait", ["[" * 20_000, "> " * 3_000 + "x", "*" * 20_000, "`" * 5_000]
)
def test_hostile_markdown_is_read_in_time(bait):
    found = clean(document(f"{TEXT}\n\n{bait}", "text/markdown"), zone=ZONE)
    assert isinstance(found, Failure) or LEAD in found.text


def test_markdown_without_text():
    assert failure("<!-- nothing -->", "text/markdown").reason == "no-text"


@pytest.mark.parametrize(
    ("body", "media_type", "reason"),
    [
        (b"", "text/plain", "empty"),
        (b" \n\t\r\n", "text/plain", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "text/plain", "binary"),
        (bytes(range(1, 32)) * 9, "text/plain", "binary"),
        (b"%PDF-1.4 \0", "text/html", "binary"),
        (b"%PDF", "application/pdf", "unsupported"),
        (b"Baca Juga: Hujan\n12\n", "text/plain", "no-text"),
        (b"<html><body></body></html>", "text/html", "no-text"),
        (b"<!-- -->", "text/html", "no-text"),
        (codecs.BOM_UTF8, "text/plain", "no-text"),
    ],
)
def test_what_is_no_article(body, media_type, reason):
    assert failure(body, media_type).reason == reason


def test_front_matter_that_never_ends_is_text():
    assert article("---\njudul: x\nisi: y").text == "judul: x isi: y"


def test_what_nobody_thought_of_is_a_failure_too(monkeypatch):
    def broken(*_, **__):
        raise RecursionError("too\ndeep")

    monkeypatch.setattr("briefing.clean.article.clean_text", broken)
    found = failure(TEXT)
    assert (found.reason, found.detail) == ("unexpected", "RecursionError: too deep")


@settings(deadline=None, max_examples=60)
@given(
    body=st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
    media_type=st.sampled_from(
        ["text/plain", "text/html", "text/markdown", "image/png", ""]
    ),
    charset=st.none()
    | st.sampled_from(
        ["utf-8", "utf-16", "idna", "rot13", "zlib", "x", "\0", "latin-1"]
    ),
    url=st.sampled_from(["file:a/b.txt", "https://berita.example/a", "http://[", "x"]),
)
def test_no_bytes_make_it_raise(body, media_type, charset, url):
    found = clean(document(body, media_type, charset=charset, url=url), zone=ZONE)
    assert isinstance(found, Failure) or found.text
    assert not isinstance(found, Failure) or "\n" not in found.detail


@settings(deadline=None, max_examples=40)
@given(
    parts=st.lists(
        st.sampled_from(
            [
                "<script",
                ">",
                "</script>",
                "<p>",
                "</p>",
                "x()",
                "<",
                "&lt;script&gt;",
                LEAD,
                "<b",
                " ",
            ]
        ),
        max_size=12,
    )
)
def test_an_html_page_never_becomes_markup(parts):
    html = f"<html><body><article><p>{LEAD}</p>{''.join(parts)}<p>{BODY}</p></article></body></html>"
    found = clean(document(html, "text/html"), zone=ZONE)
    text = found.text if isinstance(found, Article) else ""
    assert "<script" not in text or "&lt;script" in html


@pytest.mark.parametrize(
    ("body", "declared", "text"),
    [
        ("kafé".encode(), None, "kafé"),
        ("kafé".encode("cp1252"), None, "kafé"),
        ("kafé".encode("cp1252"), "utf-8", "kafé"),
        ("“kafé”".encode("cp1252"), "iso-8859-1", "“kafé”"),
        ("кафе".encode("koi8-r"), "koi8-r", "кафе"),
        (codecs.BOM_UTF16_LE + "kafé".encode("utf-16-le"), "utf-8", "kafé"),
        (codecs.BOM_UTF8 + "kafé".encode(), "cp1252", "kafé"),
        ("kafé".encode(), "rot13", "kafé"),
        ("kafé".encode(), "no-such-charset", "kafé"),
        ("kafé “baru” dan lama".encode() + b"\xff", None, "kafé “baru” dan lama\ufffd"),
    ],
)
def test_charsets(body, declared, text):
    assert decode(body, declared=declared) == text


def test_a_page_may_state_its_charset():
    body = '<meta charset="windows-1251"><p>кафе'.encode("cp1251")
    assert "кафе" in (decode(body, declared=None, html=True) or "")


def test_what_cannot_be_seen_goes():
    assert visible("a\u200bb\u202ec\u00add\x1b[1m\ufeff e\u0301") == "abcd[1m é"


def dated(raw: str, **fields) -> tuple[str, bool, bool] | None:
    found = article(raw, **fields).published
    if found is None:
        return None
    return (
        found.moment.astimezone(ZONE).isoformat()[:16],
        found.day_only,
        found.inferred,
    )


def test_the_sources_date_counts_first():
    stated = datetime(2024, 5, 6, 3, 30, tzinfo=UTC)
    raw = f"---\ndate: 2024-05-07\n---\n{TEXT}"
    assert dated(raw, published=stated) == ("2024-05-06T10:30", False, False)


def test_the_front_matters_date_counts_next():
    assert dated(f"---\ndate: 2024-05-07 10:30\n---\n{TEXT}") == (
        "2024-05-07T10:30",
        False,
        False,
    )


def test_a_line_that_is_a_date_counts_next():
    raw = f"{TITLE}\nSelasa, 7 Mei 2024 | 10:30 WIB\n{LEAD}\n{BODY} Itu dikatakan Senin (6/5)."
    assert dated(raw) == ("2024-05-07T10:30", False, True)


def test_the_text_tells_the_day():
    assert dated(f"{LEAD}\n\n{BODY} Itu dikatakan Senin (6/5).") == (
        "2024-05-06T00:00",
        True,
        True,
    )


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/berita", "2024-11-28"),
        ("file:arsip/berita.txt", "2014-11-28"),
    ],
)
def test_a_slip_in_the_weekday_is_mended_in_what_was_just_fetched(url, day):
    """A file may be of an archive, where a day of an earlier year is what it says."""
    raw = f"{LEAD}\n\n{BODY} Itu dikatakan Jumat (28/11)."
    assert dated(raw, url=url) == (f"{day}T00:00", True, True)


def test_no_date_is_after_the_fetch():
    late = FETCHED + timedelta(hours=15)
    assert dated(TEXT, published=late) is None
    assert dated(f"---\ndate: 2024-05-07\n---\n{TEXT}", published=late) == (
        "2024-05-07T00:00",
        True,
        False,
    )


def test_a_moment_stated_in_the_wrong_zone_is_the_day_of_the_fetch():
    soon = FETCHED + timedelta(hours=7)
    assert dated(TEXT, published=soon) == ("2024-12-01T00:00", True, False)
    assert dated(f"---\ndate: 2024-12-01T08:30Z\n---\n{TEXT}") == (
        "2024-12-01T00:00",
        True,
        False,
    )


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("Jakarta, 15 Juli 2021 – ", "2021-07-15"),
        ("Jakarta (15/7/2021) - ", "2021-07-15"),
        ("JAKARTA, Kamis (15/7) – ", "2021-07-15"),
        ("Jakarta, Kamis, 15 Juli 2021 (Antara) – ", "2021-07-15"),
        ("Jakarta, 15 Juli – ", None),
    ],
)
def test_the_date_in_a_dateline(opening, day):
    found = article(f"{opening}{LEAD}\n\n{BODY}")
    assert (found.text, found.place) == (TEXT, "Jakarta")
    stamp = dated(f"{opening}{TEXT}")
    assert (stamp[0][:10] if stamp else None) == day


@pytest.mark.parametrize(
    ("stated", "language"),
    [
        ("id-ID", "id"),
        ("zh_hant_TW", "zh-Hant"),
        ("in", "id"),
        ("english", "und"),
        ("", "und"),
        (None, "und"),
    ],
)
def test_language_tags(stated, language):
    assert tag(stated) == language


def test_the_stated_language_counts_then_the_text_then_the_prior():
    assert language_of(TEXT, stated="ms") == "ms"
    assert language_of(TEXT, stated=None) == "id"
    assert language_of(TEXT, stated="en-US") == "id"  # what software states by default
    assert language_of("Jembatan.", stated="en") == "en"
    assert language_of("Jembatan.", stated=None, prior="id") == "id"
    assert language_of("Jembatan.", stated=None) == "und"


ENGLISH = (
    "The council approved the plan for a new harbour after a long debate that lasted well "
    "into the night. The mayor said that the old harbour was too small for large ships and "
    "that the work would begin next spring with money from the state."
)


def test_a_long_text_overrules_a_language_stated_wrongly():
    assert language_of(ENGLISH, stated="id") == "en"
    assert language_of(ENGLISH[:150], stated="id") == "id"
    assert language_of(ENGLISH, stated="tlh") == "tlh"
    assert language_of(f"{TEXT} {TEXT}", stated="id", prior="ms") == "id"
    assert language_of(f"{TEXT} {TEXT}", stated="ms", prior="id") == "ms"


def test_dates_are_read_in_the_language_of_the_text():
    raw = f"{TITLE}\n\nKamis, 15 Februari 2024 | 07:28 WIB\n\n{TEXT}"
    assert dated(raw, language="en") == ("2024-02-15T07:28", False, True)


def test_a_failure_never_holds_more_than_a_line():
    found = failure(TEXT, "text/\nx" * 90)
    assert found.reason == "unsupported"
    assert "\n" not in found.detail


def test_articles_of_files_keep_their_address():
    one, other = article(TEXT), article(TEXT, url="file:contoh/lain.txt")
    assert one.id != other.id
    assert one == replace(other, id=one.id, url=one.url)


def test_a_place_in_capitals_is_written_as_names_are() -> None:
    assert article(f"BAGHDAD - {LEAD}\n\n{BODY}").place == "Baghdad"
    assert article(f"WASHINGTON DC - {LEAD}\n\n{BODY}").place == "Washington DC"
    assert article(f"SANA'A - {LEAD}\n\n{BODY}").place == "Sana'a"
    assert article(f"SAMAWAH - {LEAD}\n\n{BODY}").place == "Samawah"
