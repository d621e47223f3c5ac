"""Who wrote an article: the names in a line, and the byline in a page."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefing.clean.bylines import author_of
from briefing.clean.markup import parse_html
from briefing.clean.metadata import meta_contents
from briefing.clean.names import authors

CASES = tomllib.loads(
    (Path(__file__).parent / "cases" / "clean" / "bylines.toml").read_text("utf-8")
)
OUTLETS = ("Kabar Teluk", "kabarteluk.example")
TITLE = "Jembatan Ditutup"
TEXT = "<p>Jembatan gantung di hulu sungai itu ditutup mulai Senin pagi karena kabelnya putus.</p>"
WORDS = st.sampled_from(
    [
        *(
            "Dewi",
            "Lestari",
            "bin",
            "dr.",
            "S.H.",
            "MA",
            "Jr.",
            "Reuters",
            "CNN",
            "Tim",
        ),
        *(
            "Oleh",
            "Penulis:",
            "Editor:",
            "Reporter",
            "by",
            "dan",
            "&",
            "-",
            "|",
            ",",
            "/",
        ),
        *(
            "12",
            "@dewi",
            "(x)",
            "[",
            "\n",
            "kata",
            "Jakarta",
            "Senin",
            "https://a.example",
        ),
    ]
)
PARTS = st.sampled_from(
    [
        *("<div class='author'>", "</div>", "<a rel=author>", "</a>", "<h1>", "</h1>"),
        *(
            "<p>",
            "</p>",
            "<br>",
            "<h3><a href='/x'>",
            "<span itemprop=author>",
            "</span>",
        ),
        *(
            "Oleh ",
            "Penulis: ",
            "Dewi Lestari",
            " dan ",
            "Editor",
            "Kabar",
            "<!-- x -->",
        ),
    ]
)


def author(html: str, *, title: str | None = TITLE) -> str | None:
    page = parse_html(html)
    assert page is not None
    metas = meta_contents(page.tree)
    return author_of(page.tree, [], {}, metas=metas, title=title, outlets=OUTLETS)


@pytest.mark.parametrize("case", CASES["lines"], ids=lambda case: case[0][:60])
def test_names_in_a_line(case: list[str]) -> None:
    line, names = [*case, None][:2]
    assert line is not None
    assert authors([line], outlets=OUTLETS) == names


@pytest.mark.parametrize("case", CASES["page"], ids=lambda case: case["name"])
def test_the_byline_of_a_page(case: dict[str, str]) -> None:
    html = (
        f"<html><head>{case.get('head', '')}</head><body>{case.get('above', '')}"
        f"<main><article><h1>{TITLE}</h1>{case.get('body', '')}{TEXT * 3}{case.get('end', '')}"
        "</article></main></body></html>"
    )
    assert author(html) == case.get("author")


def test_the_same_name_is_given_once() -> None:
    assert authors(["Dewi Lestari", "DEWI LESTARI"]) == "Dewi Lestari"


def test_a_page_without_a_heading() -> None:
    assert author(f"<p class='byline'>Dewi Lestari</p>{TEXT}") == "Dewi Lestari"


def test_the_heading_is_the_title_not_the_logo() -> None:
    html = (
        "<h1>Kabar</h1><p class='author'>Agus Salim</p>"
        f"<h2>{TITLE}</h2><p class='author'>Dewi Lestari</p>{TEXT}"
    )
    assert author(html) == "Dewi Lestari"


@example("Dewi dan Jr. Dewi")
@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_names_are_names_again(line: str) -> None:
    names = authors([line])
    assert names is None or authors([names]) == names


@given(st.lists(PARTS, max_size=30).map("".join))
def test_no_page_is_too_odd(html: str) -> None:
    names = author(f"<body>{html}")
    assert names is None or authors([names]) == names


@pytest.mark.parametrize(
    "part",
    [
        "<a rel=author>x1</a>",
        "<p class=author>Penulis</p>",
        "Oleh<br>",
        "<div class=author>",
        "<p>Penulis</p>",
    ],
)
def test_a_page_of_nothing_but_bylines(part: str) -> None:
    assert author(f"<body><h1>{TITLE}</h1>{part * 20_000}") is None
