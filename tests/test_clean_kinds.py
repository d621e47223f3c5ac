"""No kind of noise that pages have is left, in plain text and in a page."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from briefing.clean import clean, clean_text
from briefing.model import Article, Document

KINDS = tomllib.loads(
    (Path(__file__).parent / "cases" / "clean" / "kinds.toml").read_text("utf-8")
)
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
