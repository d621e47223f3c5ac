"""What the pages show, in Indonesian and English."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html

from briefing.model import (
    OTHER,
    Brief,
    Coverage,
    Published,
    Section,
    Story,
    TopicHit,
    Window,
)
from briefing.render import mail_of, render
from briefing.render.layout import lay_out
from tests.briefs import BRIDGE, FERRY, LIBRARY, RAIN, UNTIL, report, sample_brief


def pages(brief: Brief) -> tuple[html.HtmlElement, str]:
    """Return the HTML page as a tree and the Markdown page."""
    written = render(brief)
    name = brief.date.isoformat()
    assert sorted(written) == [f"{name}.html", f"{name}.md"]
    return html.document_fromstring(written[f"{name}.html"]), written[f"{name}.md"]


def text(node: html.HtmlElement) -> str:
    return " ".join(node.text_content().split())


def select(tree: html.HtmlElement, path: str) -> list[str]:
    return [text(node) for node in tree.iterfind(path)]


def only(*reports, **changes):
    """Return a brief with one story of `reports` under one topic."""
    story = Story("1" * 12, reports)
    return sample_brief(sections=(Section("jalan", "Jalan", (story,)),), **changes)


def test_masthead_says_when_and_how_much():
    tree, markdown = pages(sample_brief())
    assert select(tree, ".//h1") == ["Kabar Lembah Kapur"]
    masthead = text(tree.find(".//header"))
    for page in (masthead, markdown):
        assert "Minggu, 1 Desember 2024" in page
        assert (
            "Dari Sabtu, 30 November 2024, 06.30 WIB sampai"
            " Minggu, 1 Desember 2024, 06.30 WIB" in page
        )
    counts = ["3 berita", "4 artikel", "4 media", "1 menit baca"]
    assert select(tree, ".//p[@class='counts']/span") == counts
    assert " · ".join(counts) in markdown


def test_first_edition_begins_at_the_beginning():
    tree, markdown = pages(sample_brief(window=Window(None, UNTIL)))
    words = "Sejak awal sampai Minggu, 1 Desember 2024, 06.30 WIB"
    assert words in text(tree.find(".//header"))
    assert words in markdown


def test_reading_time_counts_titles_and_sentences():
    many = " ".join(["kata"] * 399)
    assert lay_out(only(report("a", many, title="dua kata"), top_lines=())).minutes == 3


def test_top_lines_lead_to_their_stories():
    brief = sample_brief()
    tree, markdown = pages(brief)
    items = tree.findall(".//section[@class='top-lines']//li")
    assert [text(item) for item in items] == [
        f"{BRIDGE[0]} Warta Kapur, 30 November",
        f"{RAIN[0]} Radio Sela",
    ]
    targets = [item.find(".//a").get("href") for item in items]
    assert targets == ["#story-111111111111", "#story-222222222222"]
    for target in targets:
        assert tree.get_element_by_id(target[1:]).tag == "article"
    assert f"1. {BRIDGE[0]} — [Warta Kapur](https://warta.example/" in markdown


def test_top_line_of_an_article_that_is_not_shown_is_left_out():
    stranger = replace(sample_brief().top_lines[0], article_id="f" * 16)
    assert lay_out(sample_brief(top_lines=(stranger,))).top_lines == ()


def test_top_line_without_a_link_names_its_outlet_plainly():
    ferry = report("b" * 16, *FERRY, link=None, outlet="Kabar Muara")
    _, markdown = pages(only(ferry, top_lines=ferry.sentences[:1]))
    assert f"1. {FERRY[0]} — Kabar Muara, 30 November\n" in markdown


@pytest.mark.parametrize(
    ("moment", "inferred", "told"),
    [
        ("2024-12-01T00:30+07:00", False, ""),  # the edition's day, though not in UTC
        ("2024-11-30T23:30+07:00", False, ", 30 November"),
        ("2023-12-01T06:00+07:00", False, ", 1 Desember 2023"),
        ("2024-11-30T06:00+07:00", True, ", 30 November (disimpulkan dari teks)"),
        (None, False, ""),
    ],
)
def test_a_line_tells_the_day_where_it_is_not_the_editions(moment, inferred, told):
    published = moment and Published(
        datetime.fromisoformat(moment), day_only=True, inferred=inferred
    )
    ferry = report("b" * 16, *FERRY, outlet="Pena", title="Perahu", published=published)
    noted = replace(ferry, article_id="c" * 16)
    section = Section(
        "jalan", "Jalan", (Story("1" * 12, (ferry,)),), (Story("2" * 12, (noted,)),)
    )
    brief = sample_brief(sections=(section,), top_lines=ferry.sentences[:1])
    tree, markdown = pages(brief)
    link = "[Pena](https://warta.example/"
    assert f"1. {FERRY[0]} — {link}{'b' * 16}){told}\n" in markdown
    assert f"- Perahu — {link}{'b' * 16}){told}\n" in markdown
    (line,) = tree.findall(".//section[@class='top-lines']//li")
    assert text(line) == f"{FERRY[0]} Pena{told}"
    (line,) = tree.findall(".//div[@class='noted']//li")
    assert text(line) == f"Perahu Pena{told}"
    mail = mail_of(
        brief, subject="{title}", list_title="Kabar", link="https://a.example/"
    )
    assert f"1. {FERRY[0]} (Pena{told})" in " ".join(mail.text.split())
    assert f"- Perahu (Pena{told})" in " ".join(mail.text.split())
    for line in html.document_fromstring(mail.html).findall(".//p[@class='line']"):
        assert text(line).endswith(f"Pena{told}")


def test_sections_keep_their_order_and_count_their_stories():
    tree, markdown = pages(sample_brief())
    assert select(tree, ".//section[@class='topic']/h2") == [
        "Jalan dan jembatan 1",
        "Cuaca 1",
        "Harga pasar",
        "Lainnya 1",
    ]
    assert re.findall(r"^## (.*)", markdown, re.MULTILINE)[1:5] == [
        "Jalan dan jembatan (1)",
        "Cuaca (1)",
        "Harga pasar",
        "Lainnya (1)",
    ]


def test_other_is_headed_in_the_language_of_the_interface():
    brief = sample_brief()
    other = replace(brief.sections[-1], title="Anything")
    _, markdown = pages(replace(brief, sections=(other,)))
    assert "\n## Lainnya (1)\n" in markdown
    tree, _ = pages(replace(brief, sections=(other,), language="en"))
    assert select(tree, ".//section[@class='topic']/h2") == ["Other 1"]


def test_topic_without_stories_says_so_and_an_empty_other_is_silent():
    brief = sample_brief()
    sections = (*brief.sections[:3], Section(OTHER, "Lainnya", ()))
    tree, markdown = pages(replace(brief, sections=sections))
    assert select(tree, ".//p[@class='quiet']") == [
        "Tidak ada berita baru untuk topik ini."
    ]
    assert markdown.count("Tidak ada berita baru untuk topik ini.") == 1
    assert "Lainnya" not in markdown


def test_brief_without_any_story_is_kind():
    brief = sample_brief(
        sections=(Section("jalan", "Jalan", ()),),
        top_lines=(),
        failures=(),
        coverage=Coverage(1, 1, 0, 0),
    )
    tree, markdown = pages(brief)
    assert select(tree, ".//main/*")[0].startswith("Tidak ada berita baru kali ini.")
    assert "Tidak ada berita baru kali ini." in markdown
    assert "briefing verify" not in markdown
    assert "Tidak dimuat" not in markdown


def test_every_sentence_shown_carries_its_provenance():
    brief = sample_brief()
    tree, _ = pages(brief)
    reports = [
        one
        for section in brief.sections
        for story in section.stories
        for one in story.reports
    ]
    known = {
        (one.article_id, one.revision, str(each.start), str(each.end), each.text)
        for one in reports
        for each in one.sentences
    }
    shown = [
        (
            node.get("data-article"),
            node.get("data-revision"),
            node.get("data-start"),
            node.get("data-end"),
            node.text_content(),
        )
        for node in tree.iterfind(".//span[@class='sentence']")
    ]
    assert set(shown) <= known
    # Two top lines; of the further report only the sentence that heads it.
    assert len(shown) == 2 + 3 + 1 + 2 + 2


def test_story_without_a_title_is_headed_by_its_first_sentence():
    tree, markdown = pages(only(report("c" * 16, *RAIN, title=" "), top_lines=()))
    assert select(tree, ".//h3/span[@class='sentence']") == [RAIN[0]]
    assert select(tree, ".//p[@class='passage']") == [RAIN[1]]
    assert f"### {RAIN[0]}\n\n{RAIN[1]}\n" in markdown
    assert markdown.count(RAIN[0]) == 1


def test_story_with_nothing_to_show_says_untitled():
    tree, markdown = pages(only(report("c" * 16, title=None), top_lines=()))
    assert select(tree, ".//h3") == ["Tanpa judul"]
    assert tree.find(".//p[@class='passage']") is None
    assert "### Tanpa judul\n" in markdown


def test_gap_between_sentences_is_marked_outside_them():
    tree, markdown = pages(only(report("a" * 16, *BRIDGE, skip=2), top_lines=()))
    passage = tree.find(".//p[@class='passage']")
    assert text(passage) == f"{BRIDGE[0]} {BRIDGE[1]} […] {BRIDGE[2]}"
    assert [node.get("class") for node in passage] == [
        "sentence",
        "sentence",
        "gap",
        "sentence",
    ]
    assert f"{BRIDGE[0]} {BRIDGE[1]} […] {BRIDGE[2]}\n" in markdown


def test_gap_behind_a_heading_sentence_is_marked_too():
    tree, _ = pages(only(report("c" * 16, *RAIN, title=None, skip=1), top_lines=()))
    assert text(tree.find(".//p[@class='passage']")) == f"[…] {RAIN[1]}"


@pytest.mark.parametrize(
    ("published", "words", "machine"),
    [
        (
            Published(datetime(2024, 11, 30, 2, 15, tzinfo=UTC)),
            "30 November 2024, 09.15 WIB",
            "2024-11-30T09:15:00+07:00",
        ),
        (
            Published(datetime(2024, 11, 30, 17, tzinfo=UTC), day_only=True),
            "1 Desember 2024",
            "2024-12-01",
        ),
        (
            Published(datetime(2020, 11, 18, 17, tzinfo=UTC), True, inferred=True),
            "19 November 2020 (disimpulkan dari teks)",
            "2020-11-19",
        ),
        (None, "tanpa tanggal", None),
    ],
)
def test_date_of_a_report(published, words, machine):
    tree, markdown = pages(
        only(report("a", *LIBRARY, published=published, link=None), top_lines=())
    )
    facts = tree.find(".//p[@class='facts']")
    assert text(facts) == f"Warta Kapur {words}"
    assert f"\nWarta Kapur · {words}\n" in markdown
    times = [node.get("datetime") for node in facts.iter("time")]
    assert times == ([machine] if machine else [])


def test_facts_name_agency_place_incompleteness_and_link():
    one = report("a", *RAIN, origin="Kantor Hulu", place="Kapur", truncated=True)
    tree, markdown = pages(only(one, top_lines=()))
    assert select(tree, ".//p[@class='facts']/span")[1:] == [
        "sumber: Kantor Hulu",
        "Kapur",
        "teks tidak lengkap",
        "Baca di Warta Kapur",
    ]
    link = tree.find(".//a[@class='read']")
    assert link.get("href") == "https://warta.example/a"
    assert link.get("rel") == "noopener noreferrer nofollow"
    assert (
        "WIB · sumber: Kantor Hulu · Kapur · teks tidak lengkap"
        " · [Baca di Warta Kapur](https://warta.example/a)\n" in markdown
    )


def test_file_is_named_plainly_and_other_addresses_not_at_all():
    tree, markdown = pages(sample_brief())
    assert select(tree, ".//bdi[@class='file']") == ["perahu.txt"]
    assert "· berkas: perahu.txt\n" in markdown
    odd = report("a", *RAIN, link="javascript:alert(1)", url="ftp://warta.example/a")
    tree, markdown = pages(only(odd, top_lines=()))
    assert tree.find(".//a") is None
    assert "](" not in markdown


def test_outlet_that_is_unknown_is_named_by_its_source():
    tree, _ = pages(only(report("a", *RAIN, outlet=" "), top_lines=()))
    assert select(tree, ".//p[@class='facts']/b") == ["warta"]


def test_further_reports_of_one_outlet_are_more_of_its_own():
    first, second = (
        report(letter * 16, *BRIDGE, title=f"Kabar {letter}", outlet=outlet)
        for letter, outlet in (("a", "Pena & Co"), ("b", "pena & co"))
    )
    story = Story("1" * 12, (first, second))
    brief = sample_brief(sections=(Section("x", "X", (story,)),), top_lines=())
    tree, markdown = pages(brief)
    words = "Berita lain dari Pena & Co:"
    (further,) = tree.findall(".//div[@class='further']")
    assert text(further).startswith(words)
    assert f"{words}\n\n- Kabar b — " in markdown
    mail = mail_of(
        brief, subject="{title}", list_title="Kabar", link="https://a.example/"
    )
    assert f"\n  {words} Kabar b\n" in mail.text
    assert f"{words} Kabar b" in text(html.document_fromstring(mail.html))
    tree, _ = pages(replace(brief, language="en"))
    assert "More from Pena & Co:" in text(tree)
    assert "Juga diberitakan" not in markdown + mail.text + mail.html


def test_further_reports_are_listed():
    tree, markdown = pages(sample_brief())
    (item,) = tree.findall(".//div[@class='further']/ul/li")
    assert text(item) == (
        f"{FERRY[0]} Kabar Muara 29 November 2024 (disimpulkan dari teks)"
        " judul diambil dari teks berkas: perahu.txt"
    )
    assert f"Juga diberitakan oleh:\n\n- {FERRY[0]} — Kabar Muara · 29" in markdown


def test_a_storys_passages_name_their_outlets():
    brief = sample_brief()
    story = brief.sections[0].stories[0]
    bridge, ferry = story.reports
    both = replace(story, sentences=(ferry.sentences[1], *bridge.sentences))
    section = replace(brief.sections[0], stories=(both,))
    tree, markdown = pages(replace(brief, sections=(section,)))
    assert select(tree, ".//p[@class='passage']") == [
        f"{FERRY[1]} Kabar Muara",
        f"{BRIDGE[0]} {BRIDGE[1]} […] {BRIDGE[2]} Warta Kapur",
    ]
    spans = tree.findall(".//p[@class='passage']/span[@data-article]")
    assert [span.get("data-article")[0] for span in spans] == ["b", "a", "a", "a"]
    assert f"\n{FERRY[1]} — Kabar Muara\n" in markdown
    assert f"{BRIDGE[2]} — [Warta Kapur](https://warta.example/" in markdown


def test_a_long_passage_keeps_its_paragraphs():
    long = [f"{word} " * 30 + "." for word in ("Satu", "Dua", "Tiga", "Empat", "Lima")]
    one = report("a" * 16, *long)
    moved = [
        replace(each, start=each.start + at // 2, end=each.end + at // 2)
        for at, each in enumerate(one.sentences)
    ]
    tree, markdown = pages(only(replace(one, sentences=tuple(moved)), top_lines=()))
    passages = select(tree, ".//p[@class='passage']")
    assert [each.split()[0] for each in passages] == ["Satu", "Tiga", "Lima"]
    assert f"{long[0]} {long[1]}\n\n{long[2]} {long[3]}\n\n{long[4]}\n" in markdown


def test_story_names_the_other_topics_it_fits():
    brief = sample_brief()
    tree, markdown = pages(brief)
    (tag,) = tree.iterfind(".//p[@class='tags']/a")
    assert (text(tag), tag.get("href")) == ("Cuaca", "#topic-cuaca")
    assert "\nTopik lain: Cuaca\n" in markdown
    gone = replace(
        brief.sections[0].stories[0], topics=(TopicHit("bekas", 1.0, ("x",)),)
    )
    tree, markdown = pages(
        replace(brief, sections=(Section("jalan", "Jalan", (gone,)),))
    )
    assert select(tree, ".//p[@class='tags']") == ["Topik lain: bekas"]
    assert "\nTopik lain: bekas\n" in markdown


def test_footer_tells_what_was_gathered_left_out_and_how_to_verify():
    tree, markdown = pages(sample_brief())
    footer = text(tree.find(".//footer"))
    for words in (
        "4 dari 5 sumber menjawab; 1.234 dokumen dibaca, 4 artikel dalam edisi ini.",
        "1.229 sudah ada dalam edisi sebelumnya; 1 tidak terbaca atau tidak berisi teks.",
        "radio-hilir: server menjawab dengan galat (503) [pengumpulan]",
        "file:arsip/2024/kosong.txt: kosong [pembersihan]",
        "Setiap kalimat dikutip kata demi kata dari artikelnya",
        "Dipilih dengan lead/1 words=66.",
        "briefing verify 2024-12-01",
    ):
        assert words in footer
        assert words in markdown


def test_failures_have_a_heading_of_their_own_when_nothing_was_counted():
    tree, markdown = pages(sample_brief(coverage=Coverage(2, 1, 4, 4)))
    assert "Tidak dimuat" in select(tree, ".//dt")
    assert "Tidak dimuat:\n\n- radio-hilir: server" in markdown


def test_english_words_dates_and_plurals():
    tree, markdown = pages(sample_brief(language="en-GB", zone="Europe/Berlin"))
    assert tree.get("lang") == "en-GB"
    assert "Sunday, 1 December 2024" in markdown
    assert "Sunday, 1 December 2024, 00:30 CET" in markdown
    assert "3 stories · 4 articles · 4 outlets · 1 minute to read" in markdown
    assert (
        "radio-hilir: the server answered with an error (503) [gathering]" in markdown
    )
    assert "Read at Pena" in text(tree)


def test_foreign_sentences_state_language_and_direction():
    one = report("a", "شوارع المدينة مغلقة اليوم.", language="ar", title=None)
    tree, _ = pages(only(one, top_lines=()))
    sentence = tree.find(".//h3/span")
    assert (sentence.get("lang"), sentence.get("dir")) == ("ar", "auto")
    for unknown in ("und", "id", 'x" onload="y'):
        tree, _ = pages(only(replace(one, language=unknown), top_lines=()))
        assert tree.find(".//h3/span").get("lang") is None


def test_same_brief_gives_same_pages():
    assert render(sample_brief()) == render(sample_brief())


def test_html_page_needs_nothing_from_outside():
    page = render(sample_brief())["2024-12-01.html"]
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    tree = html.document_fromstring(page)
    assert not tree.xpath("//script | //img | //link | //iframe | //*[@src]")
    assert "url(" not in page
    assert "@import" not in page
    ids = [node.get("id") for node in tree.iter() if node.get("id")]
    assert len(ids) == len(set(ids))


def test_copies_are_shown_once_with_every_outlet():
    lead = report("a" * 16, *BRIDGE)
    linked = report("b" * 16, *BRIDGE, outlet="Kabar <Muara>", copy_of="a" * 16)
    saved = report(
        "c" * 16,
        *BRIDGE,
        outlet="Pena",
        link=None,
        url="file:x/y.txt",
        copy_of="a" * 16,
    )
    other = report("d" * 16, *FERRY, outlet="Radio Sela")
    tree, markdown = pages(only(lead, linked, saved, other))
    assert select(tree, ".//span[@class='fact copies']") == [
        "juga dimuat: Kabar <Muara> , Pena (y.txt)".replace(" ,", ",")
    ]
    (link,) = tree.findall(".//span[@class='fact copies']//a")
    assert link.get("href") == "https://warta.example/" + "b" * 16
    assert len(tree.findall(".//div[@class='further']/ul/li")) == 1
    assert "juga dimuat: [Kabar &lt;Muara>](https://warta.example/bbbb" in markdown
    assert ", Pena (y.txt)" in markdown
    assert markdown.count(BRIDGE[1]) == 1
    counts = ["1 berita", "4 artikel", "4 media"]
    assert select(tree, ".//p[@class='counts']/span")[:3] == counts


def test_a_copy_of_what_is_not_shown_is_shown_itself():
    odd = report("a" * 16, *BRIDGE, copy_of="x" * 16)
    (story,) = lay_out(only(odd)).sections[0].stories
    assert (story.lead.report, story.lead.copies) == (odd, ())


def test_copies_are_named_in_english_too():
    copy = report("b" * 16, *BRIDGE, outlet="Pena", copy_of="a" * 16)
    _, markdown = pages(only(report("a" * 16, *BRIDGE), copy, language="en"))
    assert "· also in: [Pena](" in markdown
