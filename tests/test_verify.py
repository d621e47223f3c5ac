from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from briefing.store import open_store
from tests.alter import alter
from tests.desk import Desk

SENTENCE = (
    "Pangkalan udara di Irak barat diserang tiga roket pada Jumat (29/11) dini hari."
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.with_articles(tmp_path)
    assert desk.run("build").exit_code == 0
    return desk


def test_an_edition_as_built_passes(desk: Desk) -> None:
    result = desk.run("verify")
    assert result.exit_code == 0, result.output
    assert "all verbatim" in result.output
    [verdict] = desk.json("verify", "--all")
    assert verdict["faults"] == []
    assert verdict["sentences"] >= 6
    assert verdict["pages"] == 2


@pytest.mark.parametrize("kind", ["md", "html"])
def test_one_altered_character_on_a_page_fails(desk: Desk, kind: str) -> None:
    page = desk.page(kind=kind)
    altered = page.read_text().replace("tiga roket", "lima roket", 1)
    page.write_text(altered)
    result = desk.run("verify")
    assert result.exit_code == 1
    assert page.name in result.stderr
    if kind == "html":
        assert "lima roket" in result.stderr


@pytest.mark.parametrize("table", ["editions", "articles"])
def test_one_altered_character_in_the_store_fails(desk: Desk, table: str) -> None:
    column = "brief" if table == "editions" else "text"
    alter(
        desk.store,
        f"UPDATE {table} SET {column} = replace({column}, 'tiga roket', 'lima roket')",
    )
    result = desk.run("verify")
    assert result.exit_code == 1
    assert result.stderr


def test_a_page_that_is_gone_fails(desk: Desk) -> None:
    desk.page(kind="html").unlink()
    result = desk.run("verify")
    assert result.exit_code == 1
    assert "No such file" in result.stderr


def test_an_edition_that_is_not_there(desk: Desk) -> None:
    result = desk.run("verify", "2020-01-01")
    assert result.exit_code == 1
    assert "no edition 2020-01-01" in result.stderr


def test_an_article_that_is_gone_fails(desk: Desk) -> None:
    kept = ("topic_hits", "profiles", "summaries", "articles")
    alter(desk.store, *(f"DELETE FROM {table}" for table in kept))
    result = desk.run("verify")
    assert result.exit_code == 1
    assert "is not in the store" in result.stderr


def test_a_title_or_top_line_that_was_put_in_fails(desk: Desk) -> None:
    store = open_store(desk.store)
    with store:
        kept = store.latest_edition()
        assert kept is not None
        section = kept.brief.sections[0]
        story = section.stories[0]
        report = replace(story.reports[0], title="Judul yang lain")
        section = replace(section, stories=(replace(story, reports=(report,)),))
        invented = replace(kept.brief.top_lines[0], text="Kalimat yang dikarang.")
        brief = replace(
            kept.brief,
            sections=(section, *kept.brief.sections[1:]),
            top_lines=(invented,),
        )
        store.save_edition(brief, frozen=False)
    result = desk.run("verify")
    assert result.exit_code == 1
    assert "Judul yang lain" in result.stderr
    assert "Kalimat yang dikarang" in result.stderr


@pytest.mark.parametrize("content", ["", "<!-- -->"])
def test_a_page_that_was_emptied_fails(desk: Desk, content: str) -> None:
    desk.page(kind="html").write_text(content)
    result = desk.run("verify")
    assert result.exit_code == 1
    assert "is not what was written" in result.stderr


def test_a_sentence_put_into_a_story_fails(desk: Desk) -> None:
    with open_store(desk.store) as store:
        kept = store.latest_edition()
        assert kept is not None
        section = kept.brief.sections[0]
        [story] = section.stories
        invented = replace(story.reports[0].sentences[0], text="Kalimat karangan.")
        section = replace(section, stories=(replace(story, sentences=(invented,)),))
        brief = replace(kept.brief, sections=(section, *kept.brief.sections[1:]))
        store.save_edition(brief, frozen=False)
    result = desk.run("verify")
    assert result.exit_code == 1
    assert "Kalimat karangan" in result.stderr


def test_a_headline_out_of_a_sentence_is_compared_too(tmp_path: Path) -> None:
    desk = Desk.with_articles(
        tmp_path,
        roket="Pangkalan udara di Irak barat diserang tiga roket, termasuk dua buatan sendiri. "
        "Tidak ada korban jiwa dalam serangan itu, kata pejabat keamanan setempat.\n",
    )
    templates = tmp_path / "templates"
    templates.mkdir()
    desk.settings.write_text(
        desk.settings.read_text().replace(
            "[[source]]", '[output]\ntemplates = "templates"\n[[source]]', 1
        )
    )
    assert desk.run("build").exit_code == 0
    assert "judul diambil dari teks" in desk.page(kind="html").read_text()
    assert desk.run("verify").exit_code == 0
    (templates / "brief.html").write_text(
        '{% extends "!default/brief.html" %}'
        '{% block masthead %}<i data-article="x" data-revision="x" data-start="0"'
        ' data-end="9">Karangan</i>'
        "{% endblock %}"
    )
    assert desk.run("build").exit_code == 0
    result = desk.run("verify")
    assert result.exit_code == 1
    assert "Karangan" in result.stderr


def test_an_edition_kept_by_an_earlier_version_is_not_altered(desk: Desk) -> None:
    [(text,)] = alter(desk.store, "SELECT brief FROM editions")
    added = r',"sentences":\[\],"disputes":\[\].*?"timeline":\[\]}'
    earlier = re.sub(added, "}", text)
    assert earlier != text
    digest = sha256(earlier.encode()).hexdigest()
    alter(
        desk.store,
        "UPDATE editions SET brief = :brief, sha256 = :digest",
        brief=earlier,
        digest=digest,
    )
    assert desk.run("verify").exit_code == 0
    assert desk.run("show").exit_code == 0
