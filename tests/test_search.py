"""`briefing search`: what it finds by which words, and how it says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.desk import ATTACK, OTHER, WITHDRAWAL, Desk

DAY = "2024-12-01T06:30+07:00"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk with a published edition of two stories, and an article that came later."""
    desk = Desk.with_articles(
        tmp_path_factory.mktemp("desk"), tarik=WITHDRAWAL, roket=ATTACK
    )
    assert desk.run("build", now=DAY).exit_code == 0
    assert desk.run("publish", now=DAY).exit_code == 0
    desk.article("kurma").write_text(OTHER)
    assert desk.run("collect", now="2024-12-02T06:30+07:00").exit_code == 0
    return desk


def titles(desk: Desk, *given: str) -> list[str]:
    rows: list[Any] = desk.json("search", *given)
    return [article["title"] for row in rows for article in row["articles"]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["serang"], ["Roket Menghantam Pangkalan di Irak Barat"]),
        (["=serang"], []),
        (["peluncur*"], ["Roket Menghantam Pangkalan di Irak Barat"]),
        (["Festival", "kunjung"], ["Festival Kurma Dibuka di Basra"]),
        (["jadwal penarikan"], ["Jadwal Penarikan Pasukan Dibahas di Baghdad"]),
        (["penarikan jadwal"], []),
        (["irak", "kurma"], []),
    ],
)
def test_all_words_are_found_with_what_is_made_from_them(desk, asked, found):
    assert titles(desk, *asked) == found


def test_a_word_in_the_title_counts_more(desk):
    first, *_ = titles(desk, "irak")
    assert first == "Roket Menghantam Pangkalan di Irak Barat"


@pytest.mark.parametrize(
    ("narrowed", "count"),
    [
        (("--topic", "serangan"), 1),
        (("--topic", "penarikan"), 1),
        (("--outlet", "nobody"), 0),
        (("--outlet", "ARTIKEL"), 1),
        (("--since", "2024-11-29"), 1),
        (("--until", "2024-11-28"), 1),
        (("--since", "2024-11-28", "--until", "2024-11-29"), 2),
        (("--limit", "1"), 1),
    ],
)
def test_what_is_found_is_narrowed(desk, narrowed, count):
    assert len(titles(desk, "irak", *narrowed)) == count


def test_a_row_names_the_story_and_its_edition_or_only_the_article(desk):
    [told] = desk.json("search", "roket")
    [story] = [
        one["id"]
        for section in desk.json("show")[0]["sections"]
        for one in section["stories"]
        if one["reports"][0]["article_id"] == told["articles"][0]["id"]
    ]
    assert (told["story"], told["edition"]) == (story, "2024-12-01")
    [alone] = desk.json("search", "kurma")
    assert (alone["story"], alone["edition"]) == (None, None)
    line = desk.run("search", "roket").stdout
    assert line.split()[:3] == ["2024-11-29", story, "2024-12-01"]
    assert line.endswith("Roket Menghantam Pangkalan di Irak Barat\n")


def test_what_cannot_be_asked_is_wrong_usage(desk):
    for wrong in (
        ("^^",),
        ("irak", "--topic", "cuaca"),
        ("irak", "--since", "kemarin"),
        ("irak", "--since", "0001-01-01"),
        ("irak", "--until", "9999-12-31"),
        (),
    ):
        result = desk.run("search", *wrong)
        assert result.exit_code == 2, result.output
    assert (
        "'kemarin' is no date" in desk.run("search", "a", "--until", "kemarin").stderr
    )


def test_a_title_cannot_steer_the_terminal(tmp_path: Path) -> None:
    desk = Desk.with_articles(
        tmp_path, jahat="Judul \x1b[31mjahat\n\nIsi kalimat itu.\n"
    )
    assert desk.run("collect").exit_code in {0, 3}
    result = desk.run("search", "kalimat")
    assert result.exit_code == 0
    assert "\x1b" not in result.output


def test_an_article_without_a_headline_is_told_by_what_it_begins_with(
    tmp_path: Path,
) -> None:
    begins = "Pelabuhan lama dibuka lagi untuk kapal nelayan pada Jumat (29/11)."
    desk = Desk.with_articles(
        tmp_path, polos=f"{begins}\n\nKapal pertama tiba pagi itu.\n"
    )
    desk.run("build")
    assert begins[:40] in desk.run("search", "pelabuhan").stdout
    assert begins[:40] in desk.run("why").stdout
