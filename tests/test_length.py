"""How much of an edition is shown, what becomes of the rest, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.desk import Desk

SYLLABLES = (
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "ri",
)


def text(number: int) -> str:
    """Return an article that shares no more than its frame with others: words made up."""
    own = [
        f"{SYLLABLES[at % 13]}{SYLLABLES[(number + at) % 13]}{SYLLABLES[(number // 13 + 5 * at) % 13]}"
        f"{'kmnrs'[(number + at) % 5]}"
        for at in range(24)
    ]
    first, second, third = (" ".join(own[at : at + 8]) for at in (0, 8, 16))
    return (
        f"Gudang {own[0].title()} {own[1].title()} Dibuka\n\n"
        f"Gudang {first} dibuka oleh {second}. Warga {third} datang pada sore hari.\n"
    )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a desk with thirty stories, five of which fit a topic."""
    made = Desk.with_articles(
        tmp_path, **{f"gudang{number}": text(number) for number in range(30)}
    )
    for number in range(5):
        path = made.article(f"gudang{number}")
        path.write_text(path.read_text().replace("dibuka oleh", "kena roket oleh"))
    return made


def built(desk: Desk, *options: str) -> Any:
    assert desk.run("build", *options).exit_code == 0
    [brief] = desk.json("show")
    return brief


def counts(brief: Any) -> dict[str, tuple[int, int]]:
    return {
        one["slug"]: (len(one["stories"]), len(one["noted"]))
        for one in brief["sections"]
        if one["stories"] or one["noted"]
    }


def test_a_brief_has_room_for_some_and_counts_the_rest(desk: Desk) -> None:
    brief = built(desk)
    assert counts(brief) == {"serangan": (3, 2), "other": (3, 4)}
    assert brief["coverage"]["articles"] == 30
    page = desk.page().read_text()
    assert page.count("**Juga tercatat**") == 2
    assert "18 artikel lain dalam 18 berita" in page
    assert "`briefing why --edition 2024-12-01`" in page
    html = desk.page(kind="html").read_text()
    assert "18 artikel lain dalam 18 berita" in html
    assert desk.run("verify").exit_code == 0


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        ("short", {"serangan": (2, 3), "other": (2, 3)}),
        ("full", {"serangan": (5, 0), "other": (25, 0)}),
    ],
)
def test_its_length_is_chosen_on_the_command_line_or_in_the_settings(
    desk: Desk, length: str, shown: dict[str, tuple[int, int]]
) -> None:
    assert counts(built(desk, "--length", length)) == shown
    assert counts(built(desk)) != shown
    desk.add(f'[brief]\nlength = "{length}"\n')
    assert counts(built(desk)) == shown
    assert ("Tidak ditampilkan" in desk.page().read_text()) == (length == "short")


def test_build_says_what_it_did_not_show(desk: Desk) -> None:
    told = " ".join(desk.run("build").stdout.split())
    assert "6 more in one line, 18 counted (`briefing why` lists them)" in told


def test_only_what_is_told_in_full_has_sentences(desk: Desk) -> None:
    for section in built(desk)["sections"]:
        for story in section["stories"]:
            assert all(report["sentences"] for report in story["reports"])
        for story in section["noted"]:
            assert not any(report["sentences"] for report in story["reports"])


def test_what_was_cut_belongs_to_the_edition_and_is_not_told_by_the_next(
    desk: Desk,
) -> None:
    desk.run("run", "--once")
    desk.article("lain").write_text(text(99))
    desk.run("run", "--once", now="2024-12-02T07:00+07:00")
    [brief] = desk.json("show", "2024-12-02")
    assert brief["coverage"]["articles"] == 1


def test_why_lists_all_stories_and_explains_each(desk: Desk) -> None:
    built(desk)
    rows = desk.json("why")
    assert [row["place"] for row in rows] == list(range(1, 31))
    scores = [row["score"] for row in rows]
    assert scores == sorted(scores, reverse=True)
    assert len({article for row in rows for article in row["articles"]}) == 30
    shapes = [row["shape"] for row in rows]
    assert [shapes.count(one) for one in ("full", "line", "counted")] == [6, 6, 18]
    cut = next(row for row in rows if row["shape"] == "counted")
    assert cut["cut"] == "topic"
    told = desk.run("why", cut["story"][:8]).stdout
    for name, value in cut["terms"].items():
        assert f"{name} {value:+.2f}" in " ".join(told.split())
    assert cut["headline"] in told
    assert "not shown, only counted: its section has as many" in told
    assert (
        desk.run("why", cut["articles"][0]).stdout
        == desk.run("why", cut["story"]).stdout
    )
    assert desk.json("why", cut["story"]) == [cut]


def test_why_knows_other_editions_and_says_what_is_not_there(desk: Desk) -> None:
    built(desk)
    built(desk, "--date", "2024-12-02", "--all")
    assert len(desk.json("why", "--edition", "2024-12-01")) == 30
    missing = desk.run("why", "nothing")
    assert missing.exit_code == 1
    assert "there is no story nothing in the edition 2024-12-02" in missing.stderr
    assert desk.run("why", "--edition", "2020-01-01").exit_code == 1


def test_a_pinned_story_stands_first(desk: Desk) -> None:
    built(desk)
    last: Any = desk.json("why")[-1]
    desk.add(f'[brief]\npins = ["{last["story"]}", "kapur barus"]\n')
    built(desk)
    first = desk.json("why")[0]
    assert (first["story"], first["shape"]) == (last["story"], "full")
    assert first["terms"]["pinned"] == 100


def test_a_source_may_weigh_more(desk: Desk) -> None:
    text = desk.settings.read_text()
    desk.settings.write_text(
        text.replace('path = "artikel"', 'path = "artikel"\nweight = 2')
    )
    built(desk)
    assert {row["terms"]["source"] for row in desk.json("why")} == {1.2}


def test_a_line_without_a_headline_has_the_beginning_of_its_text(desk: Desk) -> None:
    for number in range(30):
        path = desk.article(f"gudang{number}")
        path.write_text(path.read_text().partition("\n\n")[2])
    built(desk)
    page = desk.page().read_text()
    assert "Tanpa judul" not in page
    assert "- Gudang" in page.partition("**Juga tercatat**")[2]
    assert desk.run("verify").exit_code == 0


def test_words_run_out_before_places_do(desk: Desk) -> None:
    for number in range(30):
        path = desk.article(f"gudang{number}")
        own = f"Warga {number} " * 60
        path.write_text(f"{path.read_text()}\n\nKata pejabat, {own}selesai.\n")
    brief = built(desk, "--length", "short", "--words", "200")
    assert counts(brief)["other"][0] + counts(brief)["serangan"][0] < 4
    assert "words" in {row["cut"] for row in desk.json("why")}


@pytest.mark.parametrize("quiet", ["say", "skip", "roll"])
def test_a_day_without_news(tmp_path: Path, quiet: str) -> None:
    desk = Desk.with_articles(tmp_path)
    desk.add(f'[brief]\nquiet = "{quiet}"\n')
    desk.run("run", "--once", now="2024-12-01T06:30+07:00")
    result = desk.run("run", "--once", now="2024-12-02T06:30+07:00")
    assert desk.page().exists()
    assert desk.page("2024-12-02").exists() == (quiet == "say")
    assert ("a quiet day, no edition" in result.stdout) == (quiet != "say")
    assert desk.run("run", "--once", now="2024-12-02T06:40+07:00").stdout == ""
    if quiet == "say":
        assert "Tidak ada berita baru kali ini" in desk.page("2024-12-02").read_text()


def test_little_news_rolls_over_and_nothing_is_lost(tmp_path: Path) -> None:
    desk = Desk.with_articles(tmp_path)
    desk.add('[brief]\nquiet = "roll"\nleast = 2\n')
    for day, number in enumerate((1, 2), start=2):
        desk.run("run", "--once", now=f"2024-12-0{day - 1}T06:30+07:00")
        desk.article(f"lain{number}").write_text(text(number))
        desk.run("run", "--once", now=f"2024-12-0{day}T06:30+07:00")
    assert not desk.page("2024-12-02").exists()
    [brief] = desk.json("show", "2024-12-03")
    assert brief["coverage"]["articles"] == brief["coverage"]["documents"] == 2
    assert brief["window"]["since"] == "2024-11-30T23:30:00Z"
    assert desk.run("verify", "--all").exit_code == 0


def test_least_without_roll_is_refused(tmp_path: Path) -> None:
    desk = Desk.with_articles(tmp_path)
    desk.add("[brief]\nleast = 2\n")
    result = desk.run("build")
    assert result.exit_code == 2
    assert 'least goes with quiet = "roll"' in result.stderr


def test_why_says_nothing_a_terminal_would_obey(desk: Desk) -> None:
    path = desk.article("gudang7")
    path.write_text(path.read_text().replace("Dibuka", "Dibuka \x1b[31m\x07Merah"))
    built(desk)
    told = desk.run("why").stdout
    assert "\x1b" not in told
    assert "\x07" not in told
    assert json.dumps(desk.json("why"))
