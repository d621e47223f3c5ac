from __future__ import annotations

import codecs
import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from briefing.gather import xml_feed
from briefing.gather.address import masked, public, web_address
from briefing.gather.charset import decode
from briefing.gather.entries import ParsedFeed
from briefing.gather.markup import (
    has_text,
    language_tag,
    page,
    paragraphs,
    plain,
    title_text,
)
from briefing.gather.parsing import parse_feed
from briefing.text import moment_of

CASES = Path(__file__).parent / "cases" / "gather"
RSS = "<rss version='2.0'><channel><title>Warta</title><item>{}</item></channel></rss>"


def only(body: str | bytes, url: str = "") -> ParsedFeed:
    return parse_feed(body.encode() if isinstance(body, str) else body, url=url)


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=300))
@example(b"\xff\xfe<\0r\0s\0s\0>\0")
@example(b"<rss" + b"\0" * 9)
@example(b"{")
@example(b"[" * 5_000)
@example(b'{"items":' + b"[" * 100_000)
def test_any_bytes(body: bytes) -> None:
    assert isinstance(parse_feed(body), ParsedFeed)


FRAGMENTS = [
    "<rss version='2.0'>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>",
    "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "<content type='xhtml'>", "&", ";",
    "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE", "<?xml version='1.0' encoding='utf-7'?>",
    "http://[", "<pubDate>", "0000-00-00", "<source>", "xml:lang='id'", ">", "<", '"', "é", "\0",
    "\ud800", "<dc:creator>", "<media:content>", "<georss:point>1", "<itunes:duration>1:",
]  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=5), max_size=30))
def test_any_pieces_of_feeds(pieces: list[str]) -> None:
    body = ("<rss>" + "".join(pieces)).encode("utf-8", "surrogatepass")
    for entry in parse_feed(body, url="http://a.example/").entries:
        web_address(entry.link)
        assert isinstance(page(entry.title, entry.text), bytes)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "url", "title", "items", "content_html", "date_published"]
            ),
            inner,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=150)
@given(VALUES, VALUES)
@example({"url": "http://[", "title": "\ud800"}, "id")
def test_any_json(item: object, language: object) -> None:
    body = json.dumps({"items": [item], "language": language}).encode()
    for entry in parse_feed(body, url="http://a.example/").entries:
        assert isinstance(page(entry.title, entry.text), bytes)
        assert entry.title is None or entry.title.encode()


@pytest.mark.parametrize(
    ("body", "reason", "detail"),
    [
        ("", "empty", ""),
        ("\ufeff \n\0", "empty", ""),
        ("<!doctype html><html><body>Masuk</body></html>", "not-a-feed", "html"),
        ("<html><rss></rss></html>", "not-a-feed", "html"),
        ("Isi biasa", "not-a-feed", "text"),
        ("<svg/>", "not-a-feed", "svg"),
        ("<channel></channel>", "not-a-feed", "channel"),
        ('{"a": 1}', "not-a-feed", "JSON without items"),
        ("{", "broken-feed", None),
        ('{"items": ' + "[" * 100_000, "broken-feed", None),
        ("<rss version='2.0'><channel><title>Pu", "broken-feed", None),
    ],
)
def test_what_is_no_feed(body: str, reason: str, detail: str | None) -> None:
    problem = only(body).problem
    assert problem is not None
    assert problem[0] == reason
    assert detail is None or problem[1] == detail


def test_a_fault_of_the_parser_is_a_broken_feed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fault(text: str, url: str) -> None:
        raise AssertionError("tidak mungkin")

    monkeypatch.setattr(xml_feed, "_parse", fault)
    problem = only("<rss><channel><item></channel>").problem
    assert problem == ("broken-feed", "AssertionError: tidak mungkin")


def test_a_feed_is_never_taken_for_the_name_of_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "<rss>"
    secret.write_text(RSS.format("<title>Rahasia</title>"))
    assert only(str(secret)).entries == ()


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("Harga&amp;nbsp;BBM &amp;amp; gas", "Harga BBM & gas"),
        ("Dua &lt;b&gt;tebal&lt;/b&gt;", "Dua tebal"),
        ("<![CDATA[Dua <span class='x'>tebal</span><br/>]]>", "Dua tebal"),
        ("Dua&amp;lt;script&amp;gt;a()&amp;lt;/script&amp;gt;", "Dua"),
        ("Dua<![CDATA[<!-- tiga -->]]>", "Dua"),
        ("Tag &lt;script&gt; di HTML", "Tag di HTML"),
        ("می‌خواهم", "می‌خواهم"),
        ("<![CDATA[a<b and c>d]]>", "a<b and c>d"),
        ("baris\n  dua\t", "baris dua"),
        (" ", None),
        ("&lt;b&gt;&lt;/b&gt;", None),
    ],
)
def test_titles_are_plain_text(markup: str, expected: str | None) -> None:
    [entry] = only(RSS.format(f"<title>{markup}</title><link>/a</link>")).entries
    assert entry.title == expected


def test_bare_ampersands_and_unknown_entities() -> None:
    item = "<title>Beras & gula&nbsp;naik</title><link>http://a.example/?x=1&y=2</link>"
    [entry] = only(RSS.format(item)).entries
    assert (entry.title, entry.link) == (
        "Beras & gula naik",
        "http://a.example/?x=1&y=2",
    )


def test_document_types_are_left_out() -> None:
    bomb = "".join(
        f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10)
    )
    feed = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "ha">{bomb}]>'
    feed += RSS.format("<title>A &e9; B</title><link>/a</link>")
    [entry] = only(feed).entries
    assert len(entry.title or "") < 20


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        ("<description>Satu &lt;i&gt;dua&lt;/i&gt;</description>", "Satu <i>dua</i>"),
        ("<description>Satu</description>", "<p>Satu</p>"),
    ],
)
def test_texts_are_html(contents: str, expected: str) -> None:
    [entry] = only(RSS.format(contents)).entries
    assert expected in page(None, entry.text).decode()


def test_contents_that_are_no_text_are_left_out() -> None:
    feed = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>A</title>"
        "<content type='image/png'>aGFsbw==</content></entry></feed>"
    )
    assert only(feed).entries[0].text == ""


UNICODE = RSS.format("<title>Perdana Menteri Erdoğan – “ya”</title>")


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (UNICODE.encode(), None),
        (UNICODE.encode("utf-8-sig"), "iso-8859-1"),
        (UNICODE.encode("utf-16"), None),
        (codecs.BOM_UTF16_BE + UNICODE.encode("utf-16-be"), "utf-8"),
        (codecs.BOM_UTF32_LE + UNICODE.encode("utf-32-le"), None),
        (UNICODE.encode("utf-16-le"), None),
        (UNICODE.encode("utf-16-be"), None),
        (UNICODE.encode("utf-32-be"), None),
        (
            b"<?xml version='1.0' encoding='windows-1254'?>" + UNICODE.encode("cp1254"),
            None,
        ),
        (b"<?xml version='1.0' encoding='utf-16'?>" + UNICODE.encode(), None),
        (UNICODE.encode("cp1254"), "windows-1254"),
        (UNICODE.encode(), "us-ascii-or-so"),
        (UNICODE.encode(), "base64"),
        (UNICODE.encode(), "utf-7"),
        (UNICODE.encode(), "punycode"),
    ],
)
def test_charsets(body: bytes, charset: str | None) -> None:
    [entry] = parse_feed(body, charset=charset).entries
    assert entry.title == "Perdana Menteri Erdoğan – “ya”"


def test_what_fits_no_charset_is_still_read() -> None:
    assert decode(b"caf\xe9 \x93ya\x94 \x81", None) == "café “ya” \ufffd"
    assert decode(b"caf\xe9", "iso-8859-1") == "café"
    assert decode("文".encode("gb18030"), "gb2312") == "文"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (" http://a.example/x ", "http://a.example/x"),
        ("/x y", "http://base.example/x%20y"),
        ("//b.example", "http://b.example"),
        ("HTTP://a.example", "http://a.example"),
        ("http://ani:rahasia@a.example:80/", "http://a.example:80/"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("http://", "http://base.example/d/"),
        ("http:///x", "http://base.example/x"),
        ("http://a.example:99999/", None),
        ("http://[x]/", None),
        ("http://a.example/\ud800", None),
        ("http://a.example/\x85x", None),
        ("http://a.example/" + "x" * 4_000, None),
        ("", None),
    ],
)
def test_addresses(url: str, expected: str | None) -> None:
    assert web_address(url, base="http://base.example/d/") == expected


@given(
    st.from_regex(
        r"https?://[A-Za-z.:@\[-]{0,9}[/?#]?[!-~ \x85é]{0,20}", fullmatch=True
    )
    | st.text(max_size=40)
)
def test_an_address_that_stays_as_it_is_stays_so_looked_at_closely(url: str) -> None:
    assert web_address(url) == web_address(f" {url}")


def test_passwords_are_taken_out_of_any_text() -> None:
    text = "from http://ani:ra@hasia@a.example/@x to ftp://budi@b.example"
    assert masked(text) == "from http://a.example/@x to ftp://b.example"
    assert public("http://[ani:rahasia@x") == "http://x"
    assert public("https://a.example/@x") == "https://a.example/@x"


@given(st.text(max_size=60))
def test_titles_hold_no_known_tags(text: str) -> None:
    title = title_text(f"<b>{text}</b>")
    assert title is None or ("\n" not in title and title == title.strip())


MARKUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<script>", "<STYLE a>", "<styled>", "</script>", "<!--", "-->",
         "<", ">", "<a href='", "&nbsp;", "&amp;", "&#160;", "&", " ", "\n", "\xa0", "a"]
    )
).map("".join)  # fmt: skip


@given(MARKUP)
def test_whether_there_is_text_is_told_from_the_beginning(markup: str) -> None:
    assert has_text(markup) == bool(plain(markup))


@given(MARKUP)
def test_text_is_never_longer_than_its_markup(markup: str) -> None:
    assert len(plain(markup)) <= len(markup)


@given(st.lists(st.sampled_from("a&<\u200b\xad\x00\x85\u2028\ud800\t  "), max_size=20))
def test_titles_have_single_blanks(parts: list[str]) -> None:
    title = title_text("".join(parts))
    assert title is None or title == " ".join(title.split())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("id", "id"),
        ("en_US", "en-US"),
        (" id-ID ", "id-ID"),
        ("<b>", None),
        ("", None),
        (5, None),
    ],
)
def test_language_tags(value: object, expected: str | None) -> None:
    assert language_tag(value) == expected


def test_paragraphs_of_plain_text() -> None:
    assert paragraphs("a < b\nc\r\n \r\nd\n\n\n") == "<p>a &lt; b\nc</p>\n<p>d</p>"
    assert paragraphs(" ") == ""


@pytest.mark.parametrize(
    "piece",
    ["<", "<b ", "&", "&amp;", "://", "://a", "\n", "<?xml ", "a", " ", "<item", "<a:"],
)
def test_hostile_repetition_is_linear(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    title_text(text), plain(text), paragraphs(text), masked(text), web_address(text)
    language_tag(text), has_text(text), moment_of(text)
    decode(text.encode(), None)
    xml_feed._ROOT.search(text)
    list(xml_feed._ENTRY.finditer(text))
    xml_feed._FIRST_TAG.search(text)


def test_a_long_author_costs_nothing() -> None:
    item = f"<author>{'a' * 200_000}</author><title>A</title>"
    assert len(only(RSS.format(item)).entries) == 1
