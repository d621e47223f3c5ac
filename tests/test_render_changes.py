"""State, changes, disputes and corrections: the same on the page, in Markdown and in mails."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from lxml import html

from briefing.model import (
    Brief,
    Change,
    Changes,
    Claim,
    Correction,
    Dispute,
    Episode,
    Name,
    Past,
    Quotation,
    Section,
    Story,
)
from briefing.render import mail_of, narrowed, render
from tests.briefs import UNTIL, report, sample_brief, sentences

YESTERDAY, EARLIER = date(2024, 11, 30), date(2024, 11, 25)
LINK = "https://0123456789abcdef.invalid/"


def brief(**changed) -> Brief:
    """Return a brief with everything that can have changed."""
    river = report(
        "a" * 16, "Tanggul jebol di tiga tempat.", title="Banjir", outlet="Pena"
    )
    other = report("b" * 16, "Dua jembatan hanyut.", title="Air", outlet="Warta Kapur")
    before = report("c" * 16, "Sungai naik dua meter.", title="Sungai naik")
    claims = tuple(
        Claim(value, one.outlet, one.sentences[0])
        for value, one in ((3, river), (2, other))
    )
    going = Story(
        "1" * 12,
        (river, other),
        sentences=river.sentences,
        disputes=(Dispute("missing", claims),),
        names=(Name("Sungai Kapur", "place", ("a" * 16, "b" * 16), 4),),
        state="developing",
        since=EARLIER,
        timeline=(Episode(str(EARLIER), before, 2), Episode(str(YESTERDAY), before, 1)),
    )
    silent = Story(
        "2" * 12,
        (report("d" * 16, title="Harga cabai"),),
        state="unchanged",
        since=YESTERDAY,
        timeline=(Episode(str(YESTERDAY), before, 1),),
    )
    untitled = report("e" * 16, " ".join(["Kata"] * 30) + ".", title=None)
    changes = Changes(
        str(YESTERDAY),
        unchanged=(
            Past("3" * 12, YESTERDAY, Episode(str(YESTERDAY), untitled, 1), "x"),
        ),
        closed=(Past("4" * 12, EARLIER, Episode(str(EARLIER), before, 2), "cuaca"),),
        unnamed=7,
    )
    [was] = sentences("c" * 16, "Sungai naik dua meter.")
    [now] = sentences("c" * 16, "Sungai naik satu meter.")
    after = replace(before, title="Sungai surut", sentences=(now,))
    corrected = Correction(
        str(EARLIER), before, after, UNTIL, (Change(was, now),), headline=True
    )
    back = Correction(
        str(EARLIER), after, before, UNTIL, (Change(None, was),), restored=True
    )
    return sample_brief(
        sections=(Section("cuaca", "Cuaca", (going,), noted=(silent,)),),
        top_lines=(),
        changes=changes,
        corrections=(corrected, back),
        **changed,
    )


def forms(one: Brief) -> dict[str, str]:
    """Return the text of the page, of the Markdown page and of both parts of a mail."""
    written = render(one)
    mail = mail_of(
        one, subject="{title}", list_title="Kabar", link=LINK, full=None, templates=None
    )
    trees = {
        "page": html.document_fromstring(written[f"{one.date}.html"]),
        "mail": html.document_fromstring(mail.html),
    }
    texts = {
        "markdown": written[f"{one.date}.md"],
        "plain": mail.text,
        **{name: text_of(tree) for name, tree in trees.items()},
    }
    return {name: " ".join(text.split()) for name, text in texts.items()}


def text_of(node: html.HtmlElement) -> str:
    return "".join(map(str, node.itertext()))


@pytest.mark.parametrize(
    "words",
    [
        "Perubahan sejak kemarin",
        "Berkembang",
        "(sejak 25 November)",
        "Tanpa kabar baru",
        "dan 7 berita lain",
        "Kata Kata Kata Kata Kata Kata Kata Kata Kata Kata…",
        "Tidak berlanjut",
        "(terakhir dimuat 25 November)",
        "Berkembang sejak 25 November; di sini hanya hal yang baru",
        "Harga cabai (dimuat sejak 30 November",
        "2 media",
        "2 sumber",
        "Sungai Kapur",
        "Media menyebut angka yang berbeda",
        "hilang",
        "Dua jembatan hanyut.",
        "Ralat",
        "(judul)",
        "Sungai surut",
        "Sungai naik satu meter.",
        "Ralat ini ditarik",
        "Kalimat ini tidak ada dalam artikel.",
    ],
)
def test_each_form_says_it(words: str) -> None:
    told = forms(brief())
    lacking = [name for name, text in told.items() if words not in text]
    assert lacking == []


def test_the_timeline_is_folded_on_the_page_and_short_elsewhere() -> None:
    one = brief()
    tree = html.document_fromstring(render(one)[f"{one.date}.html"])
    [timeline] = tree.findall(".//details")
    assert timeline.get("open") is None
    assert "Sungai naik dua meter." in text_of(timeline)
    links = [each.get("href") for each in timeline.iterfind(".//a")]
    assert links == [
        "2024-11-25.html#story-111111111111",
        "2024-11-30.html#story-111111111111",
    ]
    told = forms(one)["markdown"]
    assert "Pernah dimuat: 25 November (2 media), 30 November (1 media)" in told


def test_quotations_are_folded_on_the_page() -> None:
    river = report("a" * 16, "Tanggul jebol.", title="Banjir", outlet="Pena")
    [said] = sentences("a" * 16, "“Kami menunggu laporan,” kata Dina Sari.")
    story = Story("1" * 12, (river,), quotations=(Quotation("Dina Sari", said),))
    one = sample_brief(sections=(Section("cuaca", "Cuaca", (story,)),), top_lines=())
    tree = html.document_fromstring(render(one)[f"{one.date}.html"])
    [folded] = tree.findall(".//details")
    assert "Kutipan: Dina Sari" in " ".join(text_of(folded).split())
    [quoted] = folded.findall(".//blockquote/span")
    assert text_of(quoted) == said.text
    assert quoted.get("data-article") == "a" * 16


def test_what_is_unchanged_is_a_line_below_the_others() -> None:
    text = forms(brief())["markdown"]
    assert text.index("### Banjir") < text.index("**Tanpa kabar baru**: Harga cabai")
    assert "### Harga cabai" not in text


def test_what_is_not_named_is_counted() -> None:
    one = brief()
    [section] = one.sections
    changes = Changes(str(YESTERDAY), unnamed=12)
    bare = replace(one, sections=(replace(section, noted=()),), changes=changes)
    for text in forms(bare).values():
        assert "Tanpa kabar baru: 12 berita" in text.replace(
            "baru12", "baru: 12"
        ).replace("baru 12", "baru: 12")
    for text in forms(replace(bare, language="en")).values():
        assert "No news of" in text
        assert "12 stories" in text


def test_the_year_is_named_where_it_is_another() -> None:
    one = brief()
    assert one.changes
    earlier = replace(one.changes, previous="2023-12-30")
    for text in forms(replace(one, changes=earlier)).values():
        assert "Perubahan sejak edisi 30 Desember 2023" in text


def test_a_reader_of_one_topic_gets_its_changes_alone() -> None:
    found = narrowed(brief(), ["cuaca"]).changes
    assert found is not None
    assert (found.unchanged, found.unnamed) == ((), 0)
    assert [one.section for one in found.closed] == ["cuaca"]


def test_foreign_words_in_changes_are_text() -> None:
    wild = report("e" * 16, "<b>Hujan</b> turun.", title="<img src=x> [a](b)")
    past = Past("3" * 12, YESTERDAY, Episode(str(YESTERDAY), wild, 1), "cuaca")
    one = brief()
    changes = Changes(str(YESTERDAY), unchanged=(past,))
    written = render(replace(one, changes=changes))
    assert "<img" not in written[f"{one.date}.html"]
    assert "<img" not in written[f"{one.date}.md"]
    assert "[a](b)" not in written[f"{one.date}.md"]


def test_names_of_several_stories_lead_to_an_index_of_these() -> None:
    def told(number: str, name: str) -> Story:
        names = (Name(name, "place", (), 2), Name(f"Tamu {number}", "person", (), 1))
        one = report(number * 16, "Air naik.", title=f"Kabar {number}")
        return Story(number * 12, (one,), names=names)

    river = (told("1", "Sungai Kapur"), told("2", "SUNGAI KAPUR"))
    stories = (*river, told("3", "Lembah"), told("4", "Bukit"))
    one = sample_brief(sections=(Section("cuaca", "Cuaca", stories),), top_lines=())
    tree = html.document_fromstring(render(one)[f"{one.date}.html"])
    [place] = {link.get("href") for link in tree.iterfind(".//p[@class='names']/a")}
    [entry] = tree.iterfind(".//section[@class='index']//li")
    assert f"#{entry.get('id')}" == place
    assert " ".join(text_of(entry).split()) == "Sungai Kapur: Kabar 1; Kabar 2"
    links = [link.get("href") for link in entry.iterfind("a")]
    assert links == ["#story-111111111111", "#story-222222222222"]
    assert "- Sungai Kapur: Kabar 1; Kabar 2" in render(one)[f"{one.date}.md"]


def index_of(*stories: tuple[Name, ...], language: str = "id") -> list[str]:
    """Return the names in the index of stories that have these."""
    told = tuple(
        Story(
            f"{at:012}", (report(f"{at:016}", "Air naik.", title="Air"),), names=names
        )
        for at, names in enumerate(stories)
    )
    one = sample_brief(
        sections=(Section("x", "X", told),), top_lines=(), language=language
    )
    tree = html.document_fromstring(render(one)[f"{one.date}.html"])
    return [
        " ".join(text_of(each).split())
        for each in tree.iterfind(".//section[@class='index']//li/bdi")
    ]


def test_the_index_names_places_last_and_not_the_readers_country() -> None:
    home = Name("Indonesia", "place", (), 2)
    town = Name("Bandung", "place", (), 2)
    body = Name("KPU", "organisation", (), 2)
    person = Name("Dina Sari", "", (), 2)
    few = ((home, town, body), (home, town, person), (town, body), (person,), (), ())
    assert index_of(*few, ()) == ["Dina Sari", "KPU"]  # Bandung: in three of seven
    assert index_of(*few, (), (), ()) == ["Dina Sari", "KPU", "Bandung"]
    assert "Indonesia" in index_of(*few, (), (), (), language="en")
    assert "Bandung" in index_of((town,), (town,), (), ())  # of few stories, half


def test_where_there_are_several_editions_a_day_their_time_is_told() -> None:
    one = brief(edition="2024-12-01-1800")
    [section] = one.sections
    story = section.stories[0]
    morning = replace(story.timeline[-1], edition="2024-12-01-0600")
    sections = (replace(section, stories=(replace(story, timeline=(morning,)),)),)
    assert one.changes
    changes = replace(one.changes, previous="2024-12-01-0600")
    pages = render(replace(one, sections=sections, changes=changes))
    shown, text = pages["2024-12-01-1800.html"], pages["2024-12-01-1800.md"]
    assert "Minggu, 1 Desember 2024, 18.00" in shown
    assert f'href="2024-12-01-0600.html#story-{"1" * 12}"' in shown
    assert '<time datetime="2024-12-01T06:00">1 Desember, 06.00</time>' in shown
    assert "Perubahan sejak edisi 1 Desember, 06.00" in text
    assert "Pernah dimuat: 1 Desember, 06.00" in text
