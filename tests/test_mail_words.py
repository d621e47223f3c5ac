"""Brief → the words of a mail: worth reading as plain text, and HTML that mail programs take."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from rich.cells import cell_len

from briefing.errors import DeliveryError
from briefing.model import Brief, MailText, Section, Story
from briefing.render import confirmation, mail_of, narrowed
from briefing.render.columns import in_column
from briefing.render.mail import LARGEST
from tests.briefs import report, sample_brief

LINK = "https://0123456789abcdef.invalid/"
FULL = "https://kapur.example/2024-12-01.html"

UNSUPPORTED = re.compile(
    r"display:\s*(flex|grid)|position:|float:|var\(|calc\(|<(script|form|input|img|svg|"
    r"video|iframe|link|meter|progress|button|object|base)\b|@import|@font-face|url\(|"
    r"\bon\w+=|box-shadow|text-shadow|background-image|\brem\b|\bvw\b",
    re.IGNORECASE,
)
"""What caniemail.com marks as unsupported in Gmail or Outlook, or what loads something."""


def mail(brief: Brief | None = None, *, full: str | None = FULL, **options) -> MailText:
    given = {"subject": "{title}, {date}", "list_title": "Kabar Kapur", "link": LINK}
    return mail_of(brief or sample_brief(), full=full, **{**given, **options})


def many(stories: int, *, words: int = 60) -> Brief:
    """Return a brief of two sections with so many stories each."""
    numbers = count()
    sections = tuple(
        Section(
            slug,
            slug,
            tuple(
                Story(
                    f"{number:012}",
                    (
                        report(
                            f"{number:016}",
                            " ".join(["kata"] * words) + ".",
                            title=f"Berita {number}",
                        ),
                    ),
                )
                for number in (next(numbers) for _ in range(stories))
            ),
        )
        for slug in ("jalan", "cuaca")
    )
    return sample_brief(sections=sections, top_lines=())


def test_the_same_brief_gives_the_same_mail() -> None:
    assert mail() == mail()


def test_lines_of_the_plain_part_fit_a_column() -> None:
    assert max(map(cell_len, mail().text.splitlines())) <= 78


@given(st.text(max_size=400))
def test_any_text_fits_a_column(text: str) -> None:
    for line in in_column(text).splitlines():
        assert cell_len(line) <= 78 or "http" in line or "mailto" in line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("satu dua tiga empat", "satu dua\ntiga\nempat\n"),
        ("- satu dua tiga", "- satu\n  dua\n  tiga\n"),
        ("10. satu dua", "10. satu\n    dua\n"),
        ("  satu dua tiga", "  satu\n  dua\n  tiga\n"),
        ("https://kapur.example/panjang ya", "https://kapur.example/panjang\nya\n"),
        ("abcdefghijklmnop", "abcdefgh\nijklmnop\n"),
        ("北京北京北京", "北京北京\n北京\n"),
        ("a\n\n\n\n\n\nb", "a\n\n\nb\n"),
    ],
)
def test_lines_are_broken_where_a_reader_would(text: str, expected: str) -> None:
    assert in_column(text, width=8) == expected


def test_all_that_is_shown_stands_in_both_parts() -> None:
    words = mail()
    told = " ".join(" ".join(map(str, html.fromstring(words.html).itertext())).split())
    plain = " ".join(words.text.split())
    for section in sample_brief().sections:
        for story in section.stories:
            for sentence in story.reports[0].sentences:
                assert sentence.text in told
                assert sentence.text in plain
    for part in (words.text, words.html):
        assert FULL in part
        assert LINK in part


def test_html_has_nothing_that_mail_programs_drop_or_load() -> None:
    found = mail().html
    body = found[found.index("<body") :]
    assert not UNSUPPORTED.search(found.replace("href=", ""))
    assert "<style" not in body
    assert not [
        name
        for element in html.fromstring(found).iter()
        for name, _ in element.items()
        if name in {"src", "srcset", "background", "action", "poster", "data", "ping"}
    ]


def test_each_element_carries_its_style() -> None:
    tree = html.fromstring(mail().html)
    for name in ("h1", "h2", "h3", "p", "a"):
        assert all(one.get("style") for one in tree.iter(name)), name


def test_markup_in_foreign_text_is_text() -> None:
    one = report("e" * 16, "<b>Hujan</b> & <img src=x>", title="<script>x</script>")
    section = Section("x", "<i>x</i>", (Story("4" * 12, (one,)),))
    words = mail(
        sample_brief(title="<u>K</u>", sections=(section,), top_lines=one.sentences)
    )
    tree = html.fromstring(words.html)
    assert not list(tree.iter("b", "img", "script", "i", "u"))[1:]  # one b is ours
    assert words.subject.startswith("<u>K</u>, ")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "http://x.example/\r\nBcc: y", "data:,x"]
)
def test_only_web_addresses_are_links(address: str) -> None:
    one = report("e" * 16, "Hujan.", link=address)
    section = Section("x", "X", (Story("4" * 12, (one,)),))
    words = mail(sample_brief(sections=(section,), top_lines=()))
    links = [each.get("href", "") for each in html.fromstring(words.html).iter("a")]
    assert all(re.fullmatch(r"https?://[!-~]+", link) for link in links)


@pytest.mark.parametrize("stories", [40, 150, 2000])
def test_what_is_too_much_is_counted_and_linked(stories: int) -> None:
    words = mail(many(stories))
    assert len(words.html.encode()) <= LARGEST
    shown = words.html.count("<h3")
    rest = re.findall(r"([\d.]+) berita lainnya", words.html)
    assert shown + sum(int(one.replace(".", "")) for one in rest) == 2 * stories
    assert shown > 30
    assert words.text.count("\n* Berita") + words.text.startswith("* Berita") == shown


def test_a_huge_title_is_no_reason_for_no_mail() -> None:
    one = report("e" * 16, "Hujan.", title="judul " * 100_000)
    section = Section("x", "X", (Story("4" * 12, (one,)),))
    words = mail(sample_brief(sections=(section,), top_lines=()))
    assert len(words.html.encode()) <= LARGEST
    assert "1 berita lainnya" in words.html


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{title}, {date}", "Kabar Lembah Kapur, Minggu, 1 Desember 2024"),
        ("{headline}", "Jembatan Sungai Kapur dibuka"),
        ("{stories} berita {lain}", "3 berita {lain}"),
    ],
)
def test_the_subject_follows_a_pattern(pattern: str, expected: str) -> None:
    assert mail(subject=pattern).subject == expected


def test_a_title_with_fields_in_it_is_not_filled_in_again() -> None:
    assert mail(sample_brief(title="{date}"), subject="{title}").subject == "{date}"


def test_the_preheader_is_what_is_new_and_hidden() -> None:
    [one] = html.fromstring(mail().html).iterfind(".//div[@class='preheader']")
    assert (one.text or "").startswith("Jembatan baru")
    assert "display: none" in one.get("style", "")


def test_words_are_in_the_readers_language() -> None:
    assert "Unsubscribe" in mail(sample_brief(language="en")).text
    assert "Berhenti berlangganan" in mail().text


def test_a_reader_gets_the_topics_chosen_and_no_others() -> None:
    brief = narrowed(sample_brief(), ["cuaca"])
    assert [one.slug for one in brief.sections] == ["cuaca"]
    assert [one.article_id for one in brief.top_lines] == ["c" * 16]
    assert narrowed(sample_brief(), []) == sample_brief()


def test_an_edition_without_news_says_so() -> None:
    brief = replace(sample_brief(), sections=(), top_lines=())
    assert "Tidak ada berita baru" in mail(brief).text


def test_a_template_of_ones_own_stands_in_for_ours(tmp_path) -> None:
    (tmp_path / "mail.css").write_text("h1 { color: #123456 }")
    words = mail(templates=tmp_path)
    assert '<h1 dir="auto" style="color: #123456' in words.html


def test_a_broken_template_is_named(tmp_path) -> None:
    (tmp_path / "mail.txt").write_text("{{ nichts.da }}")
    with pytest.raises(DeliveryError, match=r"mail\.txt"):
        mail(templates=tmp_path)


def test_the_question_to_confirm_has_the_link_in_both_parts() -> None:
    words = confirmation(language="id", list_title="Kabar <Kapur>", link=LINK)
    assert words.subject == "Mohon konfirmasi: Kabar <Kapur>"
    assert LINK in words.text
    assert LINK in words.html
    assert "Kabar &lt;Kapur&gt;" in words.html
    assert max(map(cell_len, words.text.splitlines())) <= 78
