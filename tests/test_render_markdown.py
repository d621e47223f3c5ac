"""Foreign text never becomes Markdown, by the rules of two converters."""

from __future__ import annotations

from dataclasses import replace

import markdown
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html
from markupsafe import Markup

from briefing.model import Failure
from briefing.render import render
from briefing.render.links import anchor, file_name, web_address
from briefing.render.markdown import Markdown, escape
from briefing.render.text import plain
from tests.briefs import sample_brief

EXTENSIONS = ("extra", "sane_lists", "toc", "admonition")
SIGNS = st.sampled_from(
    list("ab1 .)(#*_-+>=<[]!`~|:{}\\&;/\"'\n\t\x02\x03^%$@0klzzwxh")
)
TEXTS = st.text(alphabet=SIGNS | st.characters(), max_size=30)
PLACES = {  # where foreign text may stand: what is around it, and the elements this makes
    "{}": {"p"},
    "### {}": {"h3"},
    "- {}": {"ul", "li"},
    "1. {}": {"ol", "li"},
    "a {} · {}": {"p"},
    "{}\n{}": {"p"},
    "[{}](https://a.example)": {"p", "a"},
}
ELEMENTS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "nav"),
    *("section", "article", "footer", "h1", "h2", "h3", "p", "ol", "ul", "li", "dl"),
    *("dt", "dd", "div", "span", "a", "b", "bdi", "code", "time"),
}


def converters():
    """Yield Python-Markdown, plain and with extensions, and CommonMark if it is there."""
    yield markdown.markdown
    yield lambda text: markdown.markdown(text, extensions=EXTENSIONS)
    try:
        from markdown_it import MarkdownIt
    except ImportError:
        return
    yield MarkdownIt("commonmark").enable(["table", "strikethrough"]).render


CONVERTERS = tuple(converters())


def fold(text: str) -> str:
    return " ".join(text.split())


def converted(source: str, convert) -> tuple[set[str], set[str], str]:
    """Return names of elements, names of attributes and the text of a converted page."""
    root = html.fragment_fromstring(convert(source), create_parent="div")
    inside = list(root.iterdescendants())
    return (
        {node.tag for node in inside},
        {name for node in inside for name in node.attrib},
        fold(root.text_content()),
    )


@given(TEXTS)
@example("1. Januari")
@example("# tagar #")
@example("AS*Iran*_x_ dan snake_case")
@example("<b>tebal</b> & &lt; &copy; &")
@example("[x](javascript:alert(1))")
@example("> kutipan")
@example("--- | ---")
@example("]: https://a.example")
@example("a\\#")
@settings(max_examples=150, deadline=None)
def test_text_comes_back_and_nothing_else(text):
    expected = fold(plain(text))
    if not expected:
        return
    for place, elements in PLACES.items():
        for convert in CONVERTERS:
            tags, attributes, shown = converted(
                place.format(*[escape(text)] * 2) + "\n", convert
            )
            around = place.removeprefix("### ").removeprefix("- ").removeprefix("1. ")
            around = around.removeprefix("[").removesuffix("](https://a.example)")
            assert tags <= elements
            assert attributes <= {"href", "id"}
            assert shown == fold(around.format(*[expected] * 2))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Harga turun 2,5 persen. Benar! (Sementara)", None),
        ("Pukul 09.30-10.30 WIB, -5 derajat, a > b, R = 3", None),
        ("Judul | Media, file_nama_panjang, 50 % + pajak", None),
        ("1. Januari", r"1\. Januari"),
        ("2024 tahun", None),
        ("# tagar", r"\# tagar"),
        ("AS*Iran*_x_", r"AS\*Iran\*\_x\_"),
        ("<b>", "&lt;b>"),
        ("A & B, R&D", "A & B, R&amp;D"),
        ("  dua\n\nbaris\x00 ", "dua baris"),
        ("- butir", r"\- butir"),
        ("===", "&#61;=="),
        (7, "7"),
        (Markup("*tebal*"), "*tebal*"),
    ],
)
def test_escapes_only_what_is_markup_where_it_stands(text, written):
    assert escape(text) == (text if written is None else written)


def test_markdown_escapes_what_is_formatted_into_it():
    assert Markdown("**%s**") % "a*b" == r"**a\*b**"
    assert Markdown.escape(Markdown("*")) == "*"


@pytest.mark.parametrize(
    "sign", ["[", "#", "`", "&", "_", "*", "\\", "-", " ", "1", "]:"]
)
def test_escaping_takes_linear_time(sign):
    escape(sign * 200_000)
    escape("x" + sign * 200_000 + "x")


@given(TEXTS)
@settings(max_examples=15, deadline=None)
def test_pages_show_any_text_as_text(text):
    pages = render(spread(text))
    tree = html.document_fromstring(pages["2024-12-01.html"])
    assert {node.tag for node in tree.iter()} <= ELEMENTS
    for convert in CONVERTERS:
        tags, attributes, _ = converted(pages["2024-12-01.md"], convert)
        assert tags <= {"h1", "h2", "h3", "p", "strong", "ol", "ul", "li", "a", "code"}
        assert attributes <= {"href", "id"}


def spread(text: str):
    """Return a brief with `text` in every field that may be foreign."""
    brief = sample_brief()

    def soiled(one):
        return replace(
            one,
            title=text if one.title else None,
            outlet=text,
            origin=text,
            place=text,
            link=f"https://warta.example/{text}",
            sentences=tuple(replace(each, text=text) for each in one.sentences),
            recipe=text,
        )

    sections = tuple(
        replace(
            section,
            title=text,
            stories=tuple(
                replace(story, reports=tuple(map(soiled, story.reports)))
                for story in section.stories
            ),
        )
        for section in brief.sections
    )
    return replace(
        brief,
        title=text,
        sections=sections,
        failures=(Failure("gather", text, "timeout", text),),
    )


@pytest.mark.parametrize(
    ("link", "written"),
    [
        ("https://a.example/x_y?q=1&r=2#z", "https://a.example/x_y?q=1&r=2#z"),
        (" HTTP://a.example/ ", "HTTP://a.example/"),
        ("https://a.example/(x)'\"<y>*[z]`\\ ", "https://a.example/%28x%29%27%22%3Cy%3E%2A%5Bz%5D%60%5C"),
        ("https://a.example/?a&copy;=1", "https://a.example/?a&copy%3B=1"),
        ("https://a.example/berita/%C3%A9", "https://a.example/berita/%C3%A9"),
        ("https://a.example/é\u202e", "https://a.example/%C3%A9%E2%80%AE"),
        ("https://a.example/@penulis", "https://a.example/@penulis"),
        ("https://name:word@a.example/", None),
        ("https://a.example\\@b.example/", None),
        ("https://[::1]/", None),
        ("https:///a", None),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("//a.example/", None),
        ("", None),
        (None, None),
    ],
)  # fmt: skip
def test_only_web_addresses_are_links(link, written):
    assert web_address(link) == written


def test_address_takes_linear_time():
    assert web_address("https://" + "a" * 1_000_000 + "@") is None
    assert web_address("https://a/?" + "&a" * 500_000) is not None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("file:arsip/2024/a b?.txt", "a b?.txt"),
        ("file:arsip", "arsip"),
        ("file:arsip/", None),
        ("https://a.example/b", None),
    ],
)
def test_file_name(url, name):
    assert file_name(url) == name


def test_anchor_has_no_blanks_or_signs():
    assert anchor("topic", 'a b"<é') == "topic-a-b---"


def test_plain_drops_controls_and_surrogates():
    assert (
        plain("a\x02b\x7f\x9f\tc\nd\re\ud800") == "ab\tc\nd e\N{REPLACEMENT CHARACTER}"
    )
