"""What is new since the last edition: on real files, a real store and real pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.alter import alter
from tests.desk import ATTACK, OTHER, WITHDRAWAL, Desk

SHOWN = re.compile(r'class="sentence"[^>]*>([^<]+)<')
TIMELINE = re.compile(r"<details.*?</details>", re.DOTALL)

FOLLOW_UP = """\
Pangkalan di Irak Barat Diserang Tiga Roket, Dua Tersangka Ditangkap

Pangkalan udara di Irak barat diserang tiga roket pada Jumat (29/11) dini hari.

Polisi menangkap dua tersangka peluncuran roket di Ramadi pada Minggu (1/12) malam.
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.with_articles(tmp_path)


def build(desk: Desk, day: int) -> Any:
    """Build the edition of a day of December and return it."""
    result = desk.run("build", now=f"2024-12-{day:02}T06:30+07:00")
    assert result.exit_code == 0, result.output
    assert desk.run("verify", f"2024-12-{day:02}").exit_code == 0
    [brief] = desk.json("show", f"2024-12-{day:02}")
    return brief


def again(desk: Desk) -> None:
    """Bring the same articles once more, from other addresses."""
    for name, text in {"tarik2": WITHDRAWAL, "roket2": ATTACK, "kurma2": OTHER}.items():
        desk.article(name).write_text(text)


def states(brief: Any) -> dict[str, str]:
    return {
        story["reports"][0]["title"]: story["state"]
        for section in brief["sections"]
        for story in (*section["stories"], *section["noted"])
    }


def shown(desk: Desk, day: int) -> list[str]:
    """Return the sentences that stand on the page of a day, but for the timelines."""
    page = desk.page(f"2024-12-{day:02}", kind="html").read_text()
    return SHOWN.findall(TIMELINE.sub("", page))


def test_the_same_articles_on_two_days_are_told_once(desk: Desk) -> None:
    build(desk, 1)
    again(desk)
    brief = build(desk, 2)
    assert set(states(brief).values()) == {"unchanged"}
    assert len(states(brief)) == 3
    assert shown(desk, 1)
    assert shown(desk, 2) == []
    markdown = desk.page("2024-12-02").read_text()
    assert not [one for one in shown(desk, 1) if one in markdown]


def test_nothing_at_all_is_new(desk: Desk) -> None:
    build(desk, 1)
    brief = build(desk, 2)
    assert (brief["changes"]["unchanged"], brief["changes"]["unnamed"]) == ([], 3)
    assert shown(desk, 2) == []
    page = desk.page("2024-12-02").read_text()
    assert "## Perubahan sejak kemarin" in page
    assert "Tanpa kabar baru: 3 berita" in page
    assert "Festival Kurma Dibuka di Basra" not in page


def test_of_a_story_that_goes_on_only_the_new_is_shown(desk: Desk) -> None:
    build(desk, 1)
    desk.article("lagi").write_text(FOLLOW_UP)
    brief = build(desk, 2)
    assert list(states(brief).values()) == ["developing"]
    assert shown(desk, 2) == 2 * [  # on top and in the story
        "Polisi menangkap dua tersangka peluncuran roket di Ramadi pada Minggu (1/12) malam."
    ]
    for kind in ("md", "html"):
        text = desk.page("2024-12-02", kind=kind).read_text()
        assert "Perubahan sejak kemarin" in text
        assert "Berkembang sejak 1 Desember; di sini hanya hal yang baru" in text
    assert "Pernah dimuat: 1 Desember (1 media)" in desk.page("2024-12-02").read_text()
    assert "Linimasa: 1 edisi sebelumnya" in text


def test_the_last_edition_need_not_be_of_yesterday(desk: Desk) -> None:
    build(desk, 1)
    build(desk, 4)
    page = desk.page("2024-12-04").read_text()
    assert "## Perubahan sejak edisi 1 Desember" in page
    assert "kemarin" not in page


def test_the_first_edition_has_no_changes(desk: Desk) -> None:
    assert build(desk, 1)["changes"] is None
    assert "Perubahan" not in desk.page().read_text()


def test_a_story_that_does_not_go_on_is_named_once(desk: Desk) -> None:
    build(desk, 1)
    desk.article("lagi").write_text(FOLLOW_UP)
    build(desk, 2)
    build(desk, 7)
    assert "Tidak berlanjut: " in desk.page("2024-12-07").read_text()
    assert "terakhir dimuat 2 Desember" in desk.page("2024-12-07").read_text()
    build(desk, 8)
    assert "Tidak berlanjut" not in desk.page("2024-12-08").read_text()


def test_all_shows_everything_as_if_it_were_new(desk: Desk) -> None:
    build(desk, 1)
    result = desk.run("build", "--all", now="2024-12-02T06:30+07:00")
    assert result.exit_code == 0
    [brief] = desk.json("show", "2024-12-02")
    assert set(states(brief).values()) == {"new"}
    assert brief["changes"] is None


def test_a_timeline_that_was_altered_fails(desk: Desk) -> None:
    build(desk, 1)
    desk.article("lagi").write_text(FOLLOW_UP)
    build(desk, 2)
    alter(
        desk.store,
        "UPDATE editions SET brief = replace(brief, 'Jumat (29/11)', 'Sabtu (29/11)')"
        " WHERE date = '2024-12-02'",
    )
    result = desk.run("verify", "2024-12-02")
    assert result.exit_code == 1
    assert "Sabtu (29/11)" in result.stderr


def edit(desk: Desk, day: int, before: str, after: str) -> str:
    """Edit the article and return what the edition of a day says below its corrections."""
    path = desk.article("roket")
    path.write_text(path.read_text().replace(before, after))
    build(desk, day)
    return desk.page(f"2024-12-{day:02}").read_text().partition("## Ralat")[2]


def test_an_edited_headline_is_a_correction(desk: Desk) -> None:
    build(desk, 1)
    told = edit(desk, 2, "Roket Menghantam Pangkalan", "Roket Jatuh di Dekat Pangkalan")
    assert "(judul): Roket Menghantam Pangkalan di Irak Barat" in told
    assert ": Roket Jatuh di Dekat Pangkalan di Irak Barat" in told


def test_a_headline_in_other_letters_is_none(desk: Desk) -> None:
    build(desk, 1)
    assert not edit(desk, 2, "Roket Menghantam", "ROKET MENGHANTAM")


def test_a_correction_that_is_taken_back_is_told(desk: Desk) -> None:
    build(desk, 1)
    assert "empat roket" in edit(desk, 2, "tiga roket", "empat roket")
    told = edit(desk, 3, "empat roket", "tiga roket")
    assert "Ralat ini ditarik" in told
    assert "Dalam ralat: Pangkalan udara di Irak barat diserang empat roket" in told
    assert not edit(desk, 4, "Penyelidikan", "Penyelidikan")
    assert "empat roket" in edit(desk, 5, "tiga roket", "empat roket")


def test_an_edit_by_a_clock_that_was_set_back_is_told_once(desk: Desk) -> None:
    """As one that another collector read before an edition was built, and kept after."""
    build(desk, 1)
    path = desk.article("roket")
    path.write_text(path.read_text().replace("tiga roket", "empat roket"))
    desk.run("collect", now="2024-12-01T06:25+07:00")
    found = []
    for day in (2, 3, 4):
        build(desk, day)
        found.append("empat roket" in desk.page(f"2024-12-0{day}").read_text())
    assert found == [True, False, False]


def test_a_sentence_that_was_gone_and_comes_back(desk: Desk) -> None:
    build(desk, 1)
    gone = " Penyelidikan atas peluncuran roket masih berlangsung di wilayah tersebut."
    before = desk.article("roket").read_text()
    assert gone.strip() in edit(desk, 2, gone, "")
    desk.article("roket").write_text(before)
    told = edit(desk, 3, "", "")
    assert "Kalimat ini tidak ada dalam artikel." in told
    assert gone.strip() in told
