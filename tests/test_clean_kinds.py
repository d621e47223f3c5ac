"""No kind of noise that pages have is left, and no title or sentence that is like it goes."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from briefing.clean import clean, clean_text
from briefing.model import Article, Document

CASES = Path(__file__).parent / "cases" / "clean"
KINDS = tomllib.loads((CASES / "kinds.toml").read_text("utf-8"))
HEADLINES = (CASES / "headlines.txt").read_text("utf-8").splitlines()
SENTENCES = (CASES / "sentences_like_noise.txt").read_text("utf-8").splitlines()
FIRST = "Sidang dibuka oleh ketua majelis pada pukul sembilan pagi di gedung lama."
SECOND = (
    "Saksi dari pasar lama tidak dapat hadir karena sakit sejak Senin, dan keterangannya "
    "akan dibacakan pada sidang berikutnya oleh seorang panitera."
)
LAST = (
    "Sidang ditutup menjelang sore tanpa satu keputusan pun, meskipun kedua pihak sudah "
    "tiga kali diminta berdamai oleh hakim."
)
TEXT = [FIRST, SECOND, LAST]
PAGES = [
    *(pytest.param([FIRST, SECOND, *kind.split("\n"), LAST], id=kind) for kind in KINDS["between"]),
    *(pytest.param([*TEXT, *kind.split("\n")], id=kind) for kind in KINDS["below"]),
    *(pytest.param([FIRST, SECOND, f"{LAST} {kind}"], id=kind) for kind in KINDS["behind"]),
    *(pytest.param([FIRST, SECOND, f"{LAST}{kind}"], id=f"glued {kind}") for kind in KINDS["behind"]),
]  # fmt: skip


def test_there_are_many_kinds() -> None:
    assert len(PAGES) >= 150


@pytest.mark.parametrize("lines", PAGES)
def test_it_goes_from_a_plain_text(lines: list[str]) -> None:
    found = clean_text("\n\n".join(lines), language="id", title="Sidang")
    assert found.text.split("\n\n") == TEXT


@pytest.mark.parametrize("lines", PAGES)
def test_it_goes_from_a_page(lines: list[str]) -> None:
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    page = (
        "<html><head><title>Sidang Jembatan Lama</title></head><body><nav><a href='/'>"
        f"Beranda</a></nav><article><h1>Sidang Jembatan Lama</h1>{body}</article></body>"
        "</html>"
    )
    found = clean(
        Document(
            "https://berita.example/1",
            "contoh",
            page.encode(),
            "text/html",
            datetime(2024, 12, 1, tzinfo=UTC),
        ),
        zone=ZoneInfo("Asia/Jakarta"),
        language="id",
    )
    assert isinstance(found, Article)
    assert found.text.split("\n\n") == TEXT


@pytest.mark.parametrize("headline", HEADLINES)
def test_a_headline_that_begins_as_noise_is_the_title(headline: str) -> None:
    found = clean_text("\n\n".join([headline, *TEXT]), language="id")
    assert (found.title, found.text.split("\n\n")) == (headline, TEXT)
    dated = [headline, "Selasa, 26 November 2024", *TEXT]
    assert clean_text("\n\n".join(dated), language="id").title == headline


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_that_begins_as_noise_stays(sentence: str) -> None:
    lines = [FIRST, sentence, SECOND, LAST]
    assert clean_text("\n\n".join(lines), language="id").text.split("\n\n") == lines


@pytest.mark.parametrize(
    "label", ["Foto: Tiga Menteri di Gedung Lama", "Video: Sidang Ditutup"]
)
def test_a_caption_above_a_title_is_no_title(label: str) -> None:
    lines = [label, "Sidang Jembatan Lama Ditunda Lagi", *TEXT]
    found = clean_text("\n\n".join(lines), language="id")
    assert (found.title, found.text.split("\n\n")) == (lines[1], TEXT)
    assert (
        clean_text("\n\n".join([*TEXT, label]), language="id").text.split("\n\n")
        == TEXT
    )
