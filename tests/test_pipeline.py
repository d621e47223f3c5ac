"""The whole way of the data, on real files and a real store."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from briefing import work
from briefing.clean import clean
from briefing.condense import condense
from briefing.errors import StoreError
from briefing.gather import parts
from briefing.group import profiled
from briefing.model import Article, Document, Failure, Profiled, Summary
from briefing.store import open_store
from briefing.store.store import Store
from tests.desk import ATTACK, OTHER, WITHDRAWAL, Desk
from tests.store_samples import articles_for
from tests.web import Answer, Request, web_server


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.with_articles(tmp_path)


def test_a_brief_from_articles(desk: Desk) -> None:
    result = desk.run("build")
    assert result.exit_code == 0, result.output
    text = desk.page().read_text()
    assert "Jadwal Penarikan Pasukan Dibahas di Baghdad" in text
    assert (
        text.index("Penarikan pasukan") < text.index("Serangan") < text.index("Lainnya")
    )
    assert "Baca Juga" not in text
    assert "KU/r1" not in text
    assert desk.page(kind="html").exists()


def test_collecting_twice_adds_nothing(desk: Desk) -> None:
    [first] = desk.json("collect")
    [second] = desk.json("collect", now="2024-12-01T09:00+07:00")
    assert (first["new"], second["new"]) == (3, 0)
    assert second["documents"] == 0


def test_the_same_store_and_window_give_the_same_bytes(desk: Desk) -> None:
    desk.run("build")
    before = {kind: desk.page(kind=kind).read_bytes() for kind in ("md", "html")}
    desk.run("build")
    assert before == {kind: desk.page(kind=kind).read_bytes() for kind in before}


def test_the_next_edition_repeats_nothing_and_loses_nothing(desk: Desk) -> None:
    desk.article("kurma").unlink()
    desk.run("build")
    desk.article("kurma").write_text(OTHER)
    result = desk.run("build", now="2024-12-04T06:30+07:00")
    assert result.exit_code == 0
    text = desk.page("2024-12-04").read_text()
    assert "### Festival Kurma Dibuka di Basra" in text
    assert "### Roket Menghantam" not in text
    assert "diserang tiga roket" not in text


def test_a_story_goes_on_in_the_next_edition(desk: Desk) -> None:
    desk.run("build")
    told = ATTACK.replace("Roket Menghantam Pangkalan", "Pangkalan Dihantam Roket")
    (desk.article("roket").parent / "lagi.txt").write_text(told)
    desk.run("build", now="2024-12-02T06:30+07:00")
    with open_store(f"sqlite:///{desk.store}") as store:
        first, second = (
            {
                report.title: story.id
                for section in kept.brief.sections
                for story in (*section.stories, *section.noted)
                for report in story.reports
            }
            for day in (1, 2)
            for kept in [store.edition(f"2024-12-{day:02}")]
            if kept
        )
    [(title, ident)] = second.items()
    assert title == "Pangkalan Dihantam Roket di Irak Barat"
    assert ident == first["Roket Menghantam Pangkalan di Irak Barat"]


def test_an_article_that_comes_late_goes_to_the_next_edition(desk: Desk) -> None:
    desk.article("kurma").unlink()
    desk.run("build")
    assert desk.run("publish").exit_code == 0
    frozen = desk.page().read_bytes()
    desk.article("kurma").write_text(OTHER)
    desk.run("build", now="2024-12-01T18:00+07:00")
    assert desk.page().read_bytes() == frozen
    desk.run("build", now="2024-12-02T06:30+07:00")
    assert "Festival Kurma" in desk.page("2024-12-02").read_text()


def test_a_draft_is_built_again_with_what_came_since(desk: Desk) -> None:
    desk.article("kurma").unlink()
    desk.run("build")
    desk.article("kurma").write_text(OTHER)
    desk.run("build", now="2024-12-01T18:00+07:00")
    text = desk.page().read_text()
    assert "Festival Kurma" in text
    assert "Roket Menghantam" in text


def test_an_edited_article_is_not_a_new_one(desk: Desk) -> None:
    desk.run("build")
    desk.article("roket").write_text(ATTACK.replace("tiga roket", "empat roket"))
    [collected] = desk.json("collect", now="2024-12-02T06:00+07:00")
    assert collected["new"] == 0
    desk.run("build", now="2024-12-02T06:30+07:00")
    stories, _, corrections = desk.page("2024-12-02").read_text().partition("## Ralat")
    assert "roket" not in stories
    assert "empat roket" in corrections
    assert desk.run("verify", "2024-12-01").exit_code == 0


def test_one_article_under_several_addresses_is_one(desk: Desk) -> None:
    desk.article("kurma").unlink()
    lines = [line for line in OTHER.splitlines() if line]
    title, *paragraphs = lines
    body = "".join(f"<p>{line}</p>" for line in paragraphs)
    page = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
    edited = page.replace("ratusan", "ribuan")
    routes = {"/kurma/12345/amp": page, "/kurma/12345?utm_source=x": edited}
    with web_server(routes) as site:
        for day, path in ((1, "/kurma/12345/amp"), (2, "/kurma/12345?utm_source=x")):
            url = site.url(path)
            desk.add(
                f'[[source]]\nid = "s{day}"\nkind = "page"\nurl = "{url}"\nprivate = true\n'
            )
            [collected] = desk.json("collect", now=f"2024-12-0{day}T06:00+07:00")
            assert (collected["answered"], collected["new"]) == (
                (2, 3) if day == 1 else (3, 0)
            )
    desk.run("build", now="2024-12-02T06:30+07:00")
    text = desk.page("2024-12-02").read_text()
    assert text.count("### Festival Kurma Dibuka di Basra") == 1
    assert "ribuan pengunjung" in text


def test_copies_are_shown_once_but_never_lost(desk: Desk) -> None:
    for name in ("satu", "dua"):
        (desk.folder / name).mkdir()
        desk.add(f'[[source]]\nid = "{name}"\nkind = "folder"\npath = "{name}"\n')
    (desk.folder / "satu/a.txt").write_text(ATTACK)
    desk.run("build")
    text = desk.page().read_text()
    assert text.count("### Roket Menghantam") == 1
    assert "juga dimuat: satu (a.txt)" in text
    assert "Juga diberitakan oleh" not in text
    assert desk.run("verify", "2024-12-01").exit_code == 0
    # What an earlier edition has shown is a new article all the same if another brings it.
    (desk.folder / "dua/b.txt").write_text(ATTACK)
    desk.run("build", now="2024-12-02T06:30+07:00")
    text = desk.page("2024-12-02").read_text()
    assert "**Tanpa kabar baru**: Roket Menghantam" in text
    assert "; dua)" in text


def test_all_shows_again_what_earlier_editions_have_shown(desk: Desk) -> None:
    desk.run("build")
    desk.run("build", "--all", now="2024-12-02T06:30+07:00")
    assert "Roket Menghantam" in desk.page("2024-12-02").read_text()


def test_a_failure_is_in_the_footer_and_loses_nothing(desk: Desk) -> None:
    desk.article("kosong").write_text("")
    result = desk.run("build")
    assert result.exit_code == 3
    assert "kosong.txt" in result.stderr
    text = desk.page().read_text()
    assert "kosong.txt" in text
    assert "Roket Menghantam" in text


def test_the_method_can_be_chosen_for_one_build(desk: Desk) -> None:
    result = desk.run("build", "--method", "textrank", "--sentences", "1")
    assert result.exit_code == 0, result.output
    assert "textrank/" in desk.page().read_text()
    assert desk.run("verify").exit_code == 0


def test_a_source_condensed_in_another_way_from_now_on(desk: Desk) -> None:
    desk.run("build")
    text = desk.settings.read_text()
    own = 'path = "artikel"\nsummary = { method = "lead", sentences = 1 }'
    desk.settings.write_text(text.replace('path = "artikel"', own))
    [before] = desk.json("show")
    desk.run("build")
    [after] = desk.json("show")
    assert {one["recipe"] for one in _reports(before)} == {"learned/6 words=66"}
    assert {one["recipe"] for one in _reports(after)} == {"lead/3 sentences=1"}
    assert {len(one["sentences"]) for one in _reports(after)} == {1}


def test_the_whole_article_may_be_shown(desk: Desk) -> None:
    assert desk.run("build", "--summary-length", "full").exit_code == 0
    page = desk.page().read_text()
    assert "Menurut keterangan resmi" in page
    assert "full/1" in page
    assert desk.run("verify").exit_code == 0


def test_a_length_beside_words_is_refused(desk: Desk) -> None:
    result = desk.run("build", "--summary-length", "full", "--words", "9")
    assert result.exit_code == 2
    assert "give either length, or words and sentences" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def _reports(brief: Any) -> list[Any]:
    return [
        report
        for section in brief["sections"]
        for story in section["stories"]
        for report in story["reports"]
    ]


def test_folders_on_the_command_line_need_no_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.desk import call

    (tmp_path / "berita").mkdir()
    (tmp_path / "berita" / "a.txt").write_text(WITHDRAWAL)
    monkeypatch.chdir(tmp_path)
    result = call("build", "berita", "--now", "2024-12-01T06:30+07:00")
    assert result.exit_code == 0, result.output
    assert "Jadwal Penarikan" in (tmp_path / "briefs" / "2024-12-01.md").read_text()
    assert (tmp_path / "briefing.db").exists()


def test_what_was_built_without_settings_is_asked_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As its page says: `briefing verify 2024-12-01`. What would change anything needs them."""
    from tests.desk import call

    (tmp_path / "a.txt").write_text(WITHDRAWAL)
    monkeypatch.chdir(tmp_path)
    assert call("verify").exit_code == 2  # nothing was built here
    assert call("build", "a.txt", "--now", "2024-12-01T06:30+07:00").exit_code == 0
    for asked in (["verify", "2024-12-01"], ["show"], ["why"], ["search", "pasukan"]):
        result = call(*asked)
        assert result.exit_code == 0, (asked, result.output)
    for changing in ("collect", "build", "publish", "run"):
        result = call(changing)
        assert result.exit_code == 2
        assert "briefing.toml: no such file" in result.stderr


def test_the_footer_says_what_was_left_out(desk: Desk) -> None:
    desk.run("build")
    desk.article("roket").write_text(ATTACK.replace("tiga roket", "empat roket"))
    desk.article("buruk").write_bytes(b"\0\1\2" * 100)
    desk.run("build", now="2024-12-02T06:30+07:00")
    brief = desk.json("show", "2024-12-02")[0]
    assert dict(brief["coverage"]["left_out"]) == {"failed": 1, "earlier": 1}


def test_a_source_that_failed_is_no_document_left_out(desk: Desk) -> None:
    desk.add('[[source]]\nid = "lain"\nkind = "folder"\npath = "tidak-ada"\n')
    desk.run("build")
    brief = desk.json("show")[0]
    assert [one["subject"] for one in brief["failures"]] == ["lain"]
    assert brief["coverage"]["left_out"] == []


def test_failures_outlive_a_collect_that_was_interrupted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.article("kosong").write_text("0\n272\n")
    desk.add('[[source]]\nid = "lain"\nkind = "folder"\npath = "artikel"\n')
    kept = Store.keep

    def interrupted(store: Store, documents: Any, *rest: Any) -> int:
        if documents and documents[0].source == "lain":
            raise KeyboardInterrupt
        return kept(store, documents, *rest)

    monkeypatch.setattr(Store, "keep", interrupted)
    assert desk.run("collect").exit_code == 1
    monkeypatch.undo()
    desk.run("build")
    brief = desk.json("show")[0]
    assert brief["failures"][0]["subject"] == "file:artikel/kosong.txt"
    assert brief["coverage"]["sources"] == 2


def test_a_page_without_text_is_asked_for_again(desk: Desk) -> None:
    entry = "<item><link>/a</link><title>Kurma</title></item>"
    feed = f"<rss version='2.0'><channel><title>Kabar</title>{entry}</channel></rss>"
    etag = {"ETag": '"1"'}

    def unchanged(request: Request) -> Answer:
        known = "if-none-match" in request.headers
        return Answer(b"" if known else feed, 304 if known else 200, headers=etag)

    repairs = Answer("<html><body></body></html>", headers=etag)
    with web_server({"/feed.xml": unchanged, "/a": repairs}) as site:
        url = site.url("/feed.xml")
        key = f'kind = "feed"\nurl = "{url}"\nprivate = true\n'
        desk.add(f'[[source]]\nid = "umpan"\n{key}')
        desk.run("collect", now="2024-12-01T01:00+07:00")
        paragraphs = "".join(f"<p>{line}</p>" for line in OTHER.splitlines() if line)
        site.routes["/a"] = f"<html><body><article>{paragraphs}</article></body></html>"
        [collected] = desk.json("collect", now="2024-12-01T03:00+07:00")
        assert collected["new"] == 1
        desk.run("collect", now="2024-12-01T09:00+07:00")
        assert site.paths.count("/a") == 2


def _poisoned(document: Document, **options: Any) -> Article | Failure:
    """End the process that reads a document with POISON in it; clean the others."""
    if b"POISON" in document.body:
        os._exit(3)
    return clean(document, **options)


def test_a_poisonous_document_is_kept_raw_and_costs_no_other_anything(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "clean", _poisoned)
    desk.article("racun").write_text("POISON\n\nSidang ditutup menjelang sore.")
    result = desk.run("collect")
    assert result.exit_code == 3
    [run] = [
        json.loads(one) for one in desk.run("collect", "--json").stdout.splitlines()
    ]
    assert (run["documents"], run["new"]) == (0, 0)
    with open_store(f"sqlite:///{desk.store}") as store:
        documents = {one.url: one for part in store.documents() for one in part}
        kept = documents["file:artikel/racun.txt"]
        assert (kept.unread, kept.incomplete) == ("crashed", False)
        assert kept.body.startswith(b"POISON")
        assert documents["file:artikel/tarik.txt"].unread is None
        window = (None, datetime(2025, 1, 1, tzinfo=UTC))
        assert [one.reason for one in store.failures_between(*window)] == ["crashed"]


def _crashing(wanted: Mapping[str, Mapping[str, Any]], article: Article) -> Summary:
    """End the process that condenses ATTACK."""
    if "roket" in article.text:
        os._exit(3)
    return condense(article, **wanted[article.source])


def test_a_text_that_no_process_survives_is_led_once_and_not_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "condense_as", _crashing)
    desk.json("collect")
    monkeypatch.setattr(work, "condense_as", _refusing)
    assert desk.run("build").exit_code == 0
    [shown] = desk.json("show")
    recipes = {one["recipe"] for one in _reports(shown)}
    assert recipes == {"learned/6 words=66", "learned/6 words=66, lead instead"}


def _refusing(*_: object) -> Summary:
    raise AssertionError("it was tried again")


def _uncountable(article: Article) -> Profiled:
    """End the process that counts ATTACK."""
    if "roket" in article.text:
        os._exit(3)
    return profiled(article)


def test_a_text_that_cannot_be_counted_is_grouped_by_its_title(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "profiled", _uncountable)
    desk.run("build")
    assert "Roket Menghantam" in desk.page().read_text()


def test_a_crash_in_a_big_folder_leaves_the_parts_before(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART", 1)
    keep = Store.keep
    asked = count(1)

    def interrupted(store: Store, *brought: Any, **profiles: Any) -> int:
        if next(asked) == 3:
            raise StoreError("the disk is full")
        return keep(store, *brought, **profiles)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "keep", interrupted)
        assert desk.run("collect").exit_code != 0
    [collected] = desk.json("collect")
    assert (collected["answered"], collected["new"]) == (1, 1)
    desk.run("build")
    assert desk.page().read_text().count("### ") == 3


def test_what_is_kept_is_counted_in_the_same_moment(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that is killed right after it leaves a run that the next brief can tell of."""
    monkeypatch.setattr(parts, "PART", 1)
    keep = Store.keep
    counted = []

    def seen(store: Store, *brought: Any, **options: Any) -> int:
        new = keep(store, *brought, **options)
        run = store.last_run("collect")
        assert run is not None
        counted.append(dict(run.counts)["documents"])
        return new

    monkeypatch.setattr(Store, "keep", seen)
    assert desk.run("collect").exit_code == 0
    assert counted[:3] == [1, 2, 3]


def add_rule(desk: Desk, line: str) -> None:
    """Name a noise rule in the settings that takes `line`."""
    rule = f"[[rule]]\nid = 'uji'\nkind = 'line'\npattern = '{re.escape(line)}'\nexample = '{line}'\nspares = ['Lain.']\n"
    (desk.folder / "noise.toml").write_text(rule)
    desk.settings.write_text(f'noise = "noise.toml"\n{desk.settings.read_text()}')


def test_new_rules_clean_what_is_kept(desk: Desk) -> None:
    desk.article("kurma").write_text(f"{OTHER}\nUndian pembaca setia masih dibuka.\n")
    desk.run("build")
    add_rule(desk, "Undian pembaca setia masih dibuka.")
    [again] = desk.json("clean", now="2024-12-01T07:00+07:00")
    assert (again["documents"], again["changed"], again["new"]) == (3, 1, 0)
    [unchanged] = desk.json("clean", now="2024-12-01T08:00+07:00")
    assert (unchanged["changed"], unchanged["new"]) == (0, 0)
    desk.run("build")
    with open_store(desk.folder / "briefing.db") as store:
        articles = articles_for(store, "2024-12-01", until=datetime.now(UTC))
    assert len(articles) == 3
    assert not any("Undian" in one.text for one in articles)


def test_what_was_published_is_left_as_it_is_by_new_rules(desk: Desk) -> None:
    desk.run("build")
    desk.run("publish")
    before = desk.page().read_text()
    add_rule(desk, OTHER.split("\n\n")[1])
    [again] = desk.json("clean", now="2024-12-02T06:00+07:00")
    assert again["changed"] == 1
    assert desk.run("verify", "2024-12-01").exit_code == 0
    desk.run("build", now="2024-12-02T06:30+07:00")
    assert desk.page().read_text() == before
    assert "### Festival" not in desk.page("2024-12-02").read_text()


def test_an_edit_after_the_edition_is_corrected_in_the_next(desk: Desk) -> None:
    desk.run("build")
    desk.run("publish")
    desk.article("roket").write_text(ATTACK.replace("tiga roket", "empat roket"))
    desk.run("build", now="2024-12-02T06:30+07:00")
    text = desk.page("2024-12-02").read_text()
    assert "## Ralat" in text
    before, after = text.index("tiga roket"), text.index("empat roket")
    assert text.index("## Ralat") < before < after
    page = desk.page("2024-12-02", kind="html").read_text()
    assert "<del>" in page
    assert "<ins>" in page
    assert desk.run("verify", "2024-12-02").exit_code == 0
    desk.run("publish", "2024-12-02")
    desk.run("build", now="2024-12-03T06:30+07:00")
    assert "Ralat" not in desk.page("2024-12-03").read_text()
    assert desk.run("verify", "--all").exit_code == 0


def test_numbers_in_dispute_stand_side_by_side(desk: Desk) -> None:
    first = ATTACK.replace("Tidak ada korban jiwa", "Serangan itu menewaskan 12 orang")
    second = ATTACK.replace(
        "Pangkalan udara di Irak barat diserang tiga roket pada Jumat (29/11) dini hari.",
        "Pada Jumat (29/11) dini hari pangkalan di Irak barat diserang roket dan menewaskan 15 orang.",
    ).replace(
        "Tidak ada korban jiwa dalam serangan itu, kata pejabat",
        "Roket itu datang dari selatan, kata para pejabat",
    )
    desk.article("roket").write_text(first)
    other = desk.folder / "lain"
    other.mkdir()
    (other / "roket.txt").write_text(second)
    desk.add(
        '[[source]]\nid = "lain"\nkind = "folder"\npath = "lain"\noutlet = "Warta Lain"\n'
    )
    desk.run("build")
    text = desk.page().read_text()
    shown = text[text.index("Media menyebut angka yang berbeda") :]
    assert "korban tewas: 15 (Warta Lain)" in shown
    assert "korban tewas: 12 (artikel)" in shown
    assert desk.run("verify").exit_code == 0
    assert "Disebut: " in text


def test_a_correction_is_told_once(desk: Desk) -> None:
    desk.run("build")
    desk.run("publish")
    edited = ATTACK.replace("tiga roket", "empat roket")
    desk.article("roket").write_text(edited)
    desk.run("build", now="2024-12-02T06:30+07:00")
    desk.run("publish", "2024-12-02")
    desk.article("roket").write_text(
        f"{edited}\nWarga setempat tetap tenang hingga sore hari.\n"
    )
    desk.run("build", now="2024-12-03T06:30+07:00")
    assert "Ralat" not in desk.page("2024-12-03").read_text()


def test_our_own_rules_correct_nobody(desk: Desk) -> None:
    desk.run("build")
    desk.run("publish")
    add_rule(
        desk,
        "Pangkalan udara di Irak barat diserang tiga roket pada Jumat (29/11) dini hari.",
    )
    [again] = desk.json("clean", now="2024-12-01T09:00+07:00")
    assert again["changed"] == 1
    desk.run("build", now="2024-12-02T06:30+07:00")
    assert "Ralat" not in desk.page("2024-12-02").read_text()


def test_beside_a_published_edition_a_build_tells_what_its_own_collect_left_out(
    desk: Desk,
) -> None:
    assert desk.run("build").exit_code == 0
    desk.run("publish")
    desk.add('[[source]]\nid = "hilang"\nkind = "folder"\npath = "hilang"\n')
    told = desk.run("build")
    assert told.exit_code == 3
    assert "hilang" in told.stderr


def test_publishing_what_was_built_with_something_left_out_says_so(desk: Desk) -> None:
    desk.article("kosong").write_text("")
    assert desk.run("build").exit_code == 3
    assert desk.run("publish").exit_code == 3


def test_an_edition_that_cannot_be_asked_for_is_told_before_anybody_is_visited(
    desk: Desk,
) -> None:
    assert desk.run("build", "--schedule", "pekan").exit_code == 2
    assert desk.json("sources")[0]["checked"] is None


def test_templates_of_a_folder_that_is_not_there_hold_up_pages_alone(
    desk: Desk,
) -> None:
    desk.add('[output]\ntemplates = "tema"\n')
    refused = desk.run("build")
    assert refused.exit_code == 1
    assert "output.templates: " in refused.stderr
    told = {one["check"]: one for one in desk.json("doctor")}
    assert "there is no such folder" in told["output"]["outcome"]
    assert desk.run("status").exit_code == 0
