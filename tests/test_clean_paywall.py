"""Notices that the rest of an article is for subscribers."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from briefing.clean import paywall
from briefing.clean.main_text import main_text
from briefing.clean.markup import parse_html
from briefing.clean.paywall import keeps_rest_back

DATA = tomllib.loads(Path(paywall.__file__).with_suffix(".toml").read_text("utf-8"))
TEXT = "".join(
    f"<p>Laporan nomor {number} ini memuat sebelas kata yang cukup panjang untuk dibaca.</p>"
    for number in range(4)
)


def listed(kind: str) -> list[tuple[str, str]]:
    return [(place, text) for place, table in DATA.items() for text in table[kind]]


@pytest.mark.parametrize(("place", "text"), listed("takes"))
def test_a_notice(place: str, text: str) -> None:
    assert keeps_rest_back(["Laporan.", text], behind=True)
    assert keeps_rest_back([text]) == (place == "anywhere")


@pytest.mark.parametrize(("place", "text"), listed("spares"))
def test_no_notice(place: str, text: str) -> None:
    assert not keeps_rest_back([text], behind=place == "behind")


def test_a_long_paragraph_is_no_notice() -> None:
    assert not keeps_rest_back(["Subscribe to continue reading. " + "x" * 300])


@pytest.mark.parametrize(
    ("body", "partial"),
    [
        (
            f"<div>{TEXT}<p>Silakan berlangganan untuk melanjutkan membaca</p></div>",
            True,
        ),
        (f"<div>{TEXT}</div><div class='paywall'>Already a subscriber?</div>", True),
        (
            f"<div>Already a subscriber?</div><h1>Laporan</h1><div>{TEXT * 3}</div>",
            False,
        ),
        (
            f"<div>{TEXT}<div class='metered' style='display:none'>{TEXT}</div></div>",
            True,
        ),
        (f"<div>{TEXT}<div hidden class='newsletter'>{TEXT}</div></div>", False),
        (
            f"<div>{TEXT}<div hidden><p>Terima kasih sudah membaca.</p></div></div>",
            False,
        ),
        (f"<div>{TEXT}</div><div hidden>{TEXT}</div>", False),
    ],
)
def test_a_page_that_keeps_some_of_its_text_back(body: str, *, partial: bool) -> None:
    page = parse_html(f"<h1>Laporan</h1>{body}")
    assert page is not None
    assert main_text(page.tree).partial == partial
