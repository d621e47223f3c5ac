"""The five real articles come out clean and whole."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from briefing.clean import clean, clean_text
from briefing.model import Article, Document
from briefing.text import split_sentences

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
ZONE = ZoneInfo("Asia/Jakarta")
FETCHED = datetime.fromisoformat("2024-12-01T06:30+07:00")
NOISE = re.compile(
    r"(?i)baca juga|story code|\.jpg|\[IT/r\]|T/RI-1|mm/fna|diskusi:|IslamTimes -|MINA –"
    r"|Purna Warta –|LiputanIslam|Mi.raj News|(?m:^\d+$)"
)

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared/seeds is not here"),
]


def raw(number: int) -> str:
    return next(SEEDS.glob(f"{number:03}_*.txt")).read_bytes().decode("utf-8")


def article(number: int) -> Article:
    document = Document(
        url=f"file:seeds/{number:03}.txt",
        source="seeds",
        body=raw(number).encode(),
        media_type="text/plain",
        fetched=FETCHED,
    )
    found = clean(document, zone=ZONE, language="id")
    assert isinstance(found, Article)
    return found


@pytest.mark.parametrize("number", range(5))
def test_no_noise_is_left(number):
    assert not NOISE.search(article(number).text)


@pytest.mark.parametrize(
    ("number", "lost"), [(0, 73), (1, 240), (2, 326), (3, 205), (4, 93)]
)
def test_nothing_else_is_lost(number, lost):
    found = article(number)
    characters = sum(not character.isspace() for character in raw(number))
    assert characters - sum(not character.isspace() for character in found.text) == lost


@pytest.mark.parametrize(
    ("number", "paragraphs"), [(0, 2), (1, 17), (2, 13), (3, 11), (4, 9)]
)
def test_every_paragraph_is_there(number, paragraphs):
    assert len(article(number).text.split("\n\n")) == paragraphs


@pytest.mark.parametrize(
    ("number", "title", "outlet", "place", "origin"),
    [
        (0, None, "IslamTimes", None, None),
        (1, "AS Dikabarkan Enggan", "LiputanIslam.com", "Baghdad", "Fars"),
        (2, None, "MINA", "Baghdad", "Al Mayadeen"),
        (3, None, "Purna Warta", "Baghdad", None),
        (4, "Laporan: Washington dan Baghdad Capai", "seeds", None, "Reuters"),
    ],
)
def test_what_is_known_about_it(number, title, outlet, *, place, origin):
    found = article(number)
    assert (found.outlet, found.place, found.origin) == (outlet, place, origin)
    assert (found.title is None) == (title is None)
    assert (found.title or "").startswith(title or "")
    assert found.language == "id"


@pytest.mark.parametrize(
    ("number", "day"),
    [(0, "2020-11-19"), (1, "2021-07-15"), (2, "2023-11-03"), (3, None), (4, None)],
)
def test_the_weekday_decides_the_year(number, day):
    published = article(number).published
    assert (published and published.moment.astimezone(ZONE).date().isoformat()) == day
    assert published is None or (published.day_only and published.inferred)


@pytest.mark.parametrize("number", range(5))
def test_cleaning_twice_is_cleaning_once(number):
    once = article(number)
    assert clean_text(once.text, language="id", title=once.title).text == once.text


@pytest.mark.parametrize("number", range(5))
def test_every_sentence_is_found_in_the_raw_text(number):
    whole = raw(number)
    found = clean_text(whole, language="id")
    for span in split_sentences(found.text, language="id"):
        start, end = found.origin(span.start, span.end)
        assert whole[start:end].split() == found.text[span.start : span.end].split()


def test_the_broken_line_is_joined_and_the_first_article_has_all_its_sentences():
    assert re.search(r"\w Israel di Gaza dan kekejamannya", article(4).text)
    assert len(split_sentences(article(0).text, language="id")) >= 20
