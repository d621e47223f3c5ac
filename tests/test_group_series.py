from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from briefing.group import copies, group_articles
from briefing.group.profiles import profile
from briefing.group.series import next_in_series
from briefing.model import Article, Published

CASES = tomllib.loads(
    (Path(__file__).parent / "cases/group/series.toml").read_text(encoding="utf-8")
)["case"]
START = datetime(2031, 3, 3, 2, tzinfo=UTC)


def item(ident: str, title: str, text: str, hours: float | None) -> Article:
    published = None if hours is None else Published(START + timedelta(hours=hours))
    return Article(
        id=ident,
        revision="r",
        url=f"file:s/{ident}",
        source="s",
        outlet="Contoh",
        text=text,
        language="id",
        fetched=START,
        title=title,
        published=published,
    )


def pair(case) -> list[Article]:
    hours = (None, None) if case.get("undated") else (0, case.get("hours", 24))
    return [
        item(str(at), title, text, after)
        for at, (title, text, after) in enumerate(
            zip(case["titles"], case.get("texts", ["", ""]), hours, strict=True)
        )
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_items_of_a_series_are_told_from_news_that_goes_on(case):
    one, other = pair(case)
    first, second = profile(one), profile(other)
    assert next_in_series(one, other, (first, second)) is case["series"]
    assert next_in_series(other, one, (second, first)) is case["series"]


BACKGROUND = (
    "Pergerakan rupiah mengikuti mata uang Asia terhadap dolar Amerika Serikat, kata analis "
    "pasar uang di Jakarta. Bank sentral menjaga nilai tukar di pasar valuta."
)


def test_no_third_article_brings_items_of_a_series_together():
    monday = item(
        "a", "Kurs Rupiah Hari Ini 16.210 per Dolar", BACKGROUND + " Senin 16.210.", 0
    )
    tuesday = item(
        "b", "Kurs Rupiah Hari Ini 16.305 per Dolar", BACKGROUND + " Selasa 16.305.", 24
    )
    between = item(
        "c", "Rupiah dan Dolar: Kurs Hari Ini Melemah", BACKGROUND + " Melemah.", 12
    )
    articles = [monday, tuesday, between]
    found = group_articles(articles, copies=copies(articles))
    assert sorted(map(len, found)) == [1, 2]
    assert not any({"a", "b"} <= {each.id for each in story} for story in found)
