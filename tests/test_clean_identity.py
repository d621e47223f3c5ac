"""Pages that state one address and are not one article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from briefing.clean.identity import is_revision, told_apart
from briefing.model import Article, Document
from briefing.text import article_id

NOW = datetime(2024, 12, 1, tzinfo=UTC)
STATED = "https://kabar.example/berita/10001"

ROCKETS = (
    "Pangkalan udara di Irak barat diserang tiga roket pada Jumat dini hari. Tidak ada korban "
    "jiwa dalam serangan itu, kata pejabat keamanan setempat. Penyelidikan masih berlangsung."
)
DATES = (
    "Festival kurma tahunan dibuka di Basra dengan ratusan pengunjung. Panitia menyatakan acara "
    "berlangsung sepekan dan diikuti petani dari beberapa provinsi di selatan negeri itu."
)
TALKS = (
    "Pemerintah membahas jadwal penarikan pasukan asing. Juru bicara mengatakan jadwal akan "
    "diumumkan setelah pembahasan teknis selesai, yang berlangsung pekan depan di ibu kota."
)


def cleaned(number: int, text: str, *, own: bool = False) -> tuple[Document, Article]:
    url = STATED if own else f"https://kabar.example/berita/2000{number}"
    document = Document(url, "kabar", b"x", "text/html", NOW)
    article = Article(
        id=article_id(STATED),
        revision=str(number),
        url=STATED,
        source="kabar",
        outlet="Kabar",
        text=text,
        language="id",
        fetched=NOW,
        link=STATED,
    )
    return document, article


def nothing(ids: Sequence[str]) -> Mapping[str, str]:
    return {}


def test_pages_that_all_state_one_address_are_told_apart() -> None:
    pages = [cleaned(1, ROCKETS), cleaned(2, DATES), cleaned(3, TALKS)]
    articles = told_apart(pages, kept=nothing)
    assert [one.text for one in articles] == [ROCKETS, DATES, TALKS]
    assert len({one.id for one in articles}) == 3
    assert [one.url for one in articles[1:]] == [
        "https://kabar.example/berita/20002",
        "https://kabar.example/berita/20003",
    ]
    assert all(one.id == article_id(one.url) for one in articles)
    assert [one.link for one in articles] == [one.url for one in articles]


def test_whoever_lives_at_the_address_keeps_it() -> None:
    pages = [cleaned(1, ROCKETS), cleaned(2, DATES, own=True)]
    first, second = told_apart(pages, kept=nothing)
    assert first.url == "https://kabar.example/berita/20001"
    assert second.url == STATED


def test_another_days_page_is_told_from_what_is_kept() -> None:
    kept = {article_id(STATED): ROCKETS}
    [article] = told_apart([cleaned(2, DATES)], kept=lambda ids: kept)
    assert article.url == "https://kabar.example/berita/20002"


def test_an_edited_article_is_the_same_one() -> None:
    kept = {article_id(STATED): ROCKETS}
    edited = ROCKETS.replace("tiga", "empat") + " Dua prajurit terluka."
    [article] = told_apart([cleaned(2, edited)], kept=lambda ids: kept)
    assert article.url == STATED


def test_a_text_too_short_to_tell_is_believed() -> None:
    assert is_revision("Baca selengkapnya di aplikasi.", ROCKETS)
    assert not is_revision(DATES, ROCKETS)
